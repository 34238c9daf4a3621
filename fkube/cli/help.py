"""The help of commands: what they do, examples, flags. Pure, but for the width of the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import dedent, indent
from typing import Any

from fkube.cli.command import Command
from fkube.cli.flags import Flag
from fkube.cli.overview import SUBCOMMANDS, fill_text, format_rows


def command_help(command: Command[Any]) -> str:
    """The help of a command: what it does, examples, flags, usage."""
    sections = (
        *map(fill_text, dedent(f"    {command.about}").split("\n\n")),
        f"Examples:\n{indent(dedent(command.examples).strip(), '  ')}" if command.examples else "",
        flags_help(command.flags),
        f"Usage:\n{fill_text(f'fkube {command.usage}', '  ', '    ')}",
        _subcommands_help(command),
        'Use "fkube options" for the flags that every command has.',
    )
    return "\n\n".join(filter(None, sections))


def _subcommands_help(command: Command[Any]) -> str:
    """The section of help on the subcommands of a command; empty if it has none."""
    start = f"{command.usage.partition(' ')[0]} "
    rows = [(name.removeprefix(start), what) for name, what in SUBCOMMANDS.items() if name.startswith(start)]
    return format_rows("Commands", rows) if rows and not command.usage.startswith(tuple(SUBCOMMANDS)) else ""


def flags_help(flags: Iterable[Flag]) -> str:
    """The help of flags: their defaults as kubectl shows them, `-o, --output=''`, and what they do."""
    rows = [(_flag_words(flag), flag.about) for flag in flags if not flag.deprecated]
    return format_rows("Flags", rows) if rows else ""


def _flag_words(flag: Flag) -> str:
    """A flag with its default, as help shows it: `-o, --output=''`."""
    start = flag.full_name if flag.short else f"    {flag.full_name}"
    return f"{start}={default_text(flag)}"


def default_text(flag: Flag) -> str:
    """The default of a flag as kubectl shows it: `''`, `[]`, `false`, `30s`."""
    match flag.default:
        case tuple():
            return "[]"
        case str() as text:
            return text if flag.kind == "levels" else f"'{text}'"
        case float() as seconds:
            return f"{seconds:g}s"
        case other:
            return str(other).lower()
