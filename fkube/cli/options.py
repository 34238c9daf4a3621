"""`fkube options`: the flags that every command has."""

from __future__ import annotations

from fkube.cli.command import Command
from fkube.cli.console import Console
from fkube.cli.flags import Options
from fkube.cli.help import of_options


def run(console: Console, _: Options) -> None:
    """Print them."""
    console.say(of_options())


COMMAND = Command("options", "Print the flags that every command has.", "", (), run)
