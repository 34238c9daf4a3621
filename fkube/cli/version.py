"""`fkube version`: the versions of fkube and of the server."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from fkube import __version__
from fkube.cli.checks import Checked, first_broken
from fkube.cli.command import Call, Command, output_flag
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Object

if TYPE_CHECKING:
    from fkube.edge import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionOptions:
    """Whose versions to print, and how."""

    call: Call = group(Call)
    client: bool = flag("Ask no server.", False)
    output: str = output_flag("json", "yaml")


def run(console: Console, options: VersionOptions) -> None:
    """Print the versions; that of the server unless `--client`. Follows `Options.Run` of kubectl."""
    checked = _check(options)
    if options.client:
        checked.map(lambda _: _print_versions(console, options.output, {})).alt(console.fail)
    else:
        # Imported here: to say one's own version takes nothing of it.
        from fkube.cli.session import use_client
        from fkube.resource.errors import failures

        action = checked.alt(failures).map(lambda _: partial(_ask_server, console, options.output))
        use_client(console, options.call, action)


def _check(options: VersionOptions) -> Checked[None]:
    """Refuse arguments and unknown outputs. Follows `Options.Validate` of kubectl."""
    arguments = () if options.client else options.call.arguments
    return first_broken(
        (arguments, f"extra arguments: [{' '.join(arguments)}]"),
        (options.output not in ("", "yaml", "json"), "--output must be 'yaml' or 'json'"),
    )


def _ask_server(console: Console, output: str, client: Client) -> None:
    """Ask the server for its version and print both; without an answer only ours, and the error."""
    from fkube.edge.running import hold
    from fkube.verbs.versions import read_version, skew_warning

    answer = hold(client, read_version())
    _print_versions(console, output, answer.value_or({}))
    answer.alt(console.fail)
    answer.map(lambda found: skew_warning(str(found.get("gitVersion")))).map(
        lambda warning: console.warn((warning,) if warning else ())
    )


def _print_versions(console: Console, output: str, server: Object) -> None:
    """Print our version, and what the server says of its own, which is empty where it was not asked."""
    if not output:
        told = f"\nServer Version: {server.get('gitVersion', 'unknown')}" if server else ""
        return console.say(f"Client Version: v{__version__}{told}")
    both = {"clientVersion": _own_version(), **({"serverVersion": server} if server else {})}
    if output == "json":
        return console.say(json.dumps(both, indent=2, ensure_ascii=False))
    from fkube.cli.yamlprinter import yaml_text

    return console.say(yaml_text(both))


def _own_version() -> Object:
    """What fkube says of its own version, in the fields of `version.Info` that it has."""
    import platform

    major, minor, _ = __version__.split(".", 2)
    system = f"{platform.system().lower()}/{_MACHINES.get(platform.machine(), platform.machine())}"
    made = {"compiler": platform.python_implementation(), "platform": system}
    return {"major": major, "minor": minor, "gitVersion": f"v{__version__}", **made}


_MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}
"""The names of machines in Go, where they differ."""

COMMAND = Command(
    "version",
    "Print the versions of fkube and of the server.",
    """
    # Print the version of fkube only
    fkube version --client

    # Print both as JSON
    fkube version -o json""",
    VersionOptions,
    run,
)
