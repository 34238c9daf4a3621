"""`fkube version`: the versions of fkube and of the server."""

from __future__ import annotations

from functools import partial
from importlib.metadata import PackageNotFoundError, version

from returns.result import Success

from fkube.cli.command import Command
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.session import asked, using
from fkube.edge import Client
from fkube.exchange.conversation import Request, call


def run(console: Console, options: Options) -> None:
    """Print them; the server's unless `--client`."""
    console.say(f"Client Version: {_own()}")
    if not options["client"]:
        using(console, options, Success(None), partial(_server, console))


def _own() -> str:
    try:
        return f"v{version('fkube')}"
    except PackageNotFoundError:
        return "unknown"


def _server(console: Console, client: Client, _: None) -> None:
    answer = asked(console, client, call(Request("GET", "/version")))
    if answer is not None:
        console.say(f"Server Version: {answer.body.get('gitVersion', 'unknown')}")


COMMAND = Command(
    "version",
    "Print the versions of fkube and of the server.",
    """
    # Print the version of fkube only
    fkube version --client""",
    (Flag("client", "Ask no server.", kind="bool"),),
    run,
)
