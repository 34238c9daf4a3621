"""Clients from the flags that say which server is asked, and how."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from returns.io import IOFailure, IOResult, IOSuccess

from fkube.cli.command import GLOBAL, Call
from fkube.edge import Client, embedded
from fkube.edge.limits import limit_time
from fkube.edge.running import hold
from fkube.edge.tracing import read_trace, trace_client
from fkube.resource.errors import Failures, UsageError, failures
from fkube.verbs.versions import match_version


def connect_client(
    call: Call, tell: Callable[[str], object], namespace_first: bool = False
) -> IOResult[Client, Failures[Any]]:
    """Make the client that the flags ask for; a real server is only asked once there is a request.

    `tell` is told of requests, line after line, as far as `-v` asks for it.
    Errors: those of the kubeconfig, which say what to do. `namespace_first`: see `connect`.
    """
    trace = read_trace(call.v, call.vmodule, tell)
    if call.embedded:
        return IOSuccess(trace_client(embedded(), trace))
    # Imported here: the embedded cluster needs no HTTP.
    from fkube.edge.connecting import connect

    flags, cache = connection_flags(call), call.cache_dir if "cache-dir" in call.given else None
    made = connect(call.kubeconfig, cache_dir=cache, namespace_first=namespace_first, trace=trace, **flags)
    return made.alt(_as_configuration_error)


def connection_flags(call: Call) -> Any:
    """The flags of a connection, by the names that `connect` knows them by."""
    others = (flag.name.replace("-", "_") for flag in GLOBAL if flag.name not in _NOT_OF_CONNECTIONS)
    flags = {name: getattr(call, name) for name in others}
    # What is no key=value is ignored, as in kubectl.
    pairs = [extra.split("=", 1) for extra in call.as_user_extra if "=" in extra]
    extra = {key: [value for found, value in pairs if found == key] for key, _ in pairs}
    return {**flags, "as_": call.as_, "as_groups": call.as_group, "as_user_extra": extra}


def _as_configuration_error(failed: Failures[Any]) -> Failures[Any]:
    """The errors of settings that were looked at, as one error with a line for each.

    Follows `checkErr` and `MultilineError` of kubectl, and `IsConfigurationInvalid` of client-go.
    """
    found = [error.message for error in failed.errors if isinstance(error, UsageError)]
    if len(found) == 1 and found[0].startswith("context was not found"):
        return failures(UsageError(f"Error in configuration: {found[0]}"))
    if len(found) < 2:
        return failed
    return failures(UsageError("\n* ".join(("Error in configuration: ", *found))))


_NOT_OF_CONNECTIONS = (
    "embedded",
    "kubeconfig",
    "cache-dir",
    "as",
    "as-group",
    "as-user-extra",
    "timeout-run",
    *("match-server-version", "kuberc", "v", "vmodule", "log-flush-frequency", "profile", "profile-output"),
    "warnings-as-errors",
)
"""The global flags that are no keyword of a connection, or not as they are written."""


def match_server(call: Call, client: Client) -> IOResult[Client, Failures[Any]]:
    """The client, if `--match-server-version` does not ask for another server. Errors: as `match_version`."""
    if not call.match_server_version:
        return IOSuccess(client)
    return IOResult.from_result(hold(client, match_version()).map(lambda _: client).alt(failures))


def limit_run(call: Call, client: Client) -> IOResult[Client, Failures[Any]]:
    """The client whose time is over when that of the run is, which begins now.

    Errors: a time below 0.
    """
    if call.timeout_run < 0:
        return IOFailure(failures(UsageError("--timeout-run must not be less than 0")))
    return IOSuccess(limit_time(client, call.timeout_run or math.inf))
