"""The help of commands: what they do, examples, flags. Pure, but for the width of the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import dedent, indent

from fkube.cli.command import GLOBAL, Command
from fkube.cli.flags import Flag
from fkube.cli.overview import SUBCOMMANDS, filled, listed


def of_command(command: Command) -> str:
    """The help of a command: what it does, examples, flags, usage."""
    sections = (
        *map(filled, dedent(f"    {command.about}").split("\n\n")),
        f"Examples:\n{indent(dedent(command.examples).strip(), '  ')}" if command.examples else "",
        of_flags(command.flags),
        f"Usage:\n{filled(f'fkube {command.usage}', '  ', '    ')}",
        _below(command),
        'Use "fkube options" for the flags that every command has.',
    )
    return "\n\n".join(filter(None, sections))


def _below(command: Command) -> str:
    """The commands of a command."""
    start = f"{command.usage.partition(' ')[0]} "
    rows = [(name.removeprefix(start), what) for name, what in SUBCOMMANDS.items() if name.startswith(start)]
    return listed("Commands", rows) if rows and not command.usage.startswith(tuple(SUBCOMMANDS)) else ""


def of_options() -> str:
    """The help of the flags that every command has."""
    return of_flags(GLOBAL)


def of_flags(flags: Iterable[Flag]) -> str:
    """Flags with their values where they are not given, as kubectl shows them: `-o, --output=''`."""
    rows = [(_shown(flag), flag.help) for flag in flags]
    return listed("Flags", rows) if rows else ""


def _shown(flag: Flag) -> str:
    start = flag.shown if flag.short else f"    {flag.shown}"
    unset = flag.unset
    if isinstance(unset, tuple):
        return f"{start}=[]"
    return f"{start}={repr(unset) if isinstance(unset, str) else str(unset).lower()}"
