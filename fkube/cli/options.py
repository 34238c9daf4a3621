"""`fkube options`: the flags that every command has."""

from __future__ import annotations

from fkube.cli.command import Command
from fkube.cli.console import Console
from fkube.cli.flags import Options


def run(console: Console, _: Options) -> None:
    """Print them."""
    # Imported here, as click is nowhere needed but for help.
    from fkube.cli.help import of_options

    console.say(of_options(), end="")


COMMAND = Command("options", "Print the flags that every command has.", "", (), run)
