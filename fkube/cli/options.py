"""`fkube options`: the flags that every command has."""

from __future__ import annotations

from fkube.cli.command import GLOBAL, CallOptions, Command
from fkube.cli.console import Console
from fkube.cli.help import flags_help


def run(console: Console, _: CallOptions) -> None:
    """Print the global flags."""
    console.say(flags_help(GLOBAL))


COMMAND = Command("options", "Print the flags that every command has.", "", CallOptions, run)
