"""`fkube options`: the flags that every command has."""

from __future__ import annotations

from fkube.cli.command import GLOBAL, Call, Command
from fkube.cli.console import Console
from fkube.cli.help import flags_help


def run(console: Console, _: Call) -> None:
    """Print the global flags."""
    console.say(flags_help(GLOBAL))


COMMAND = Command("options", "Print the flags that every command has.", "", Call, run)
