"""Help texts, laid out by click for the width of the terminal. Pure, but for that width."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import dedent, indent

from click import HelpFormatter

from fkube.cli.command import GLOBAL, Command
from fkube.cli.flags import Flag


def of_program(commands: Mapping[str, str]) -> str:
    """The help of the program."""
    formatter = HelpFormatter(max_width=100)
    formatter.write_text(
        "fkube creates, reads and deletes Kubernetes objects as kubectl does, by composed functions."
    )
    with formatter.section("Commands"):
        formatter.write_dl(list(commands.items()))
    formatter.write_paragraph()
    formatter.write_usage("fkube", "COMMAND [flags]")
    formatter.write_text('Use "fkube COMMAND --help" for more about a command.')
    return formatter.getvalue()


def of_command(command: Command) -> str:
    """The help of a command: what it does, examples, flags, usage."""
    formatter = HelpFormatter(max_width=100)
    for paragraph in command.about.split("\n\n"):
        formatter.write_text(dedent(paragraph).strip())
        formatter.write_paragraph()
    if command.examples:
        formatter.write(f"Examples:\n{indent(dedent(command.examples).strip(), '  ')}\n")
    _flags(formatter, command.flags)
    formatter.write_paragraph()
    formatter.write_usage("fkube", command.usage)
    formatter.write_text('Use "fkube options" for the flags that every command has.')
    return formatter.getvalue()


def of_options() -> str:
    """The help of the flags that every command has."""
    formatter = HelpFormatter(max_width=100)
    _flags(formatter, GLOBAL)
    return formatter.getvalue()


def _flags(formatter: HelpFormatter, flags: Iterable[Flag]) -> None:
    rows = [(_shown(flag), flag.help) for flag in flags]
    if rows:
        with formatter.section("Flags"):
            formatter.write_dl(rows, col_max=36)


def _shown(flag: Flag) -> str:
    """A flag with its value where it is not given, as kubectl shows it: `-o, --output=''`."""
    start = flag.shown if flag.short else f"    {flag.shown}"
    unset = {str: repr(flag.unset), tuple: "[]", bool: str(flag.unset).lower()}.get(
        type(flag.unset), flag.unset
    )
    return f"{start}={unset}"
