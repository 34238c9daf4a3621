"""`fkube version`: the versions of fkube and of the server."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from returns.result import Success, safe

from fkube.cli.command import Call, Command
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.session import use_client
from fkube.edge import Client
from fkube.edge.running import hold
from fkube.exchange.conversation import Request, call


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionOptions:
    """Whose versions to print."""

    call: Call = group(Call)
    client: bool = flag("Ask no server.", False)


def run(console: Console, options: VersionOptions) -> None:
    """Print the versions; that of the server unless `--client`."""
    if words := " ".join(options.call.arguments):
        return console.refuse(f"extra arguments: [{words}]")
    own = safe((PackageNotFoundError,))(version)("fkube").map("v{}".format).value_or("unknown")
    console.say(f"Client Version: {own}")
    if not options.client:
        use_client(console, options.call, Success(partial(_print_server_version, console)))
    return None


def _print_server_version(console: Console, client: Client) -> None:
    """Ask the server for its version and print it, or the error."""
    answer = hold(client, call(Request("GET", "/version"))).alt(console.fail)
    answer.map(lambda found: console.say(f"Server Version: {found.body.get('gitVersion', 'unknown')}"))


COMMAND = Command(
    "version",
    "Print the versions of fkube and of the server.",
    """
    # Print the version of fkube only
    fkube version --client""",
    VersionOptions,
    run,
)
