"""Clients of real servers: connections chosen and checked, credentials and connection pools put together."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Unpack

from returns.io import IOResult
from returns.result import Failure, Result, Success
from toolz import concat

from fkube.edge.client import Client, Clock, Events
from fkube.edge.credentials import Credential, credential_source
from fkube.edge.kubeconfigfiles import (
    EMBEDDED,
    SERVICE_ACCOUNT,
    kubeconfig_paths,
    load_kubeconfigs,
    pod_kubeconfig,
    pod_namespace,
    runs_in_pod,
)
from fkube.edge.localfiles import reason_of
from fkube.edge.offers import open_cache
from fkube.edge.pools import Http, Pools
from fkube.edge.tracing import QUIET, Trace
from fkube.exchange.conversation import Request, Response
from fkube.kubeconfig.connection import Connection, Flags, connection
from fkube.kubeconfig.kubeconfig import Kubeconfig
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import Failures, UsageError, VisitError, failures

STREAMS = 1024  # A watch keeps its connection, so it must not wait for one of the few that requests share.


def connect(
    kubeconfig: str | None = None,
    concurrency: int = 8,
    environ: Mapping[str, str] | None = None,
    service_account: str = SERVICE_ACCOUNT,
    sleep: Callable[[float], None] = time.sleep,
    now: Clock = time.time,
    cache_dir: str | None = None,
    namespace_first: bool = False,
    trace: Trace = QUIET,
    **flags: Unpack[Flags],
) -> IOResult[Client, Failures[Any]]:
    """A client of the server that a kubeconfig and kubectl's flags name; nothing is sent yet.

    The kubeconfig is the one given, else the list in KUBECONFIG, else ~/.kube/config, else the pod's own.
    Up to `concurrency` requests go out at a time, more wait. `environ` and `now`
    stand for the environment and the time in seconds. What the
    server offers is kept below `cache_dir`, else KUBECACHEDIR, else ~/.kube/cache; with "" nowhere.
    Errors: everything wrong with the configuration, in client-go's words, and what to do;
    `namespace_first`: see `fkube.kubeconfig.connection`. `trace` is told of requests.
    Follows `ConfigFlags.ToRESTConfig` of cli-runtime and `DeferredLoadingClientConfig` of client-go.
    """
    world = _World(os.environ if environ is None else environ, sleep, now, trace)
    connected: Result[Client, Failures[Any]] = Result.do(
        replace(client, cache=open_cache(client.server, cache_dir, world.environ, now))
        for chosen in find_connection(kubeconfig, world.environ, service_account, namespace_first, flags)
        for readable in _check_files(chosen)
        for client in _make_client(readable, concurrency, world).alt(failures)
    )
    return IOResult.from_result(connected)


def find_connection(
    kubeconfig: str | None,
    environ: Mapping[str, str],
    service_account: str,
    namespace_first: bool,
    flags: Flags,
) -> Result[Connection, Failures[Any]]:
    """Find the connection that `connect` makes a client of: parameters and errors are those of `connect`.

    Whether the files that it names can be read is not looked at.
    """
    places = (kubeconfig,) if kubeconfig else kubeconfig_paths(environ)
    found: Result[Connection, Failures[Any]] = Result.do(
        chosen
        for config in load_kubeconfigs(kubeconfig, environ)
        for named in connection(config, flags, namespace_first)
        for chosen in _choose_connection(named, config, flags, environ, service_account).alt(
            partial(_or_no_server, config, places)
        )
    )
    return found


@dataclass(frozen=True, slots=True)
class _World:
    """What comes from outside: environment variables, how to sleep, the time (in seconds), what is told."""

    environ: Mapping[str, str]
    sleep: Callable[[float], None]
    now: Clock
    trace: Trace


def _choose_connection(
    named: Connection, config: Kubeconfig, flags: Flags, environ: Mapping[str, str], directory: str
) -> Result[Connection, Failures[Any]]:
    """The connection that kubeconfig and flags name, else the pod's own, else that of KUBERNETES_MASTER.

    `directory`: where a pod finds its service account. Without a namespace it gets the pod's, else `default`.
    Errors: none in the failures where nothing names a server.
    """
    pod, master = runs_in_pod(environ, directory), environ.get("KUBERNETES_MASTER")
    chosen: Result[Connection, Failures[Any]] = Success(named) if named.server else Failure(Failures())
    if not named.server and pod:
        own: Flags = {**flags, "context": None, "cluster": None, "user": None}
        chosen = connection(pod_kubeconfig(environ, directory), own)
    elif not named.server and master:
        chosen = connection(config, {**flags, "server": master})
    default = (pod_namespace(environ, directory) if pod else "") or "default"
    return chosen.map(lambda found: replace(found, namespace=found.namespace or default))


def _or_no_server(config: Kubeconfig, paths: Sequence[str], failed: Failures[Any]) -> Failures[Any]:
    """The failures, or where there are none that nothing names a server, with what to do about it.

    `paths`: those of the kubeconfigs.
    """
    if failed.steps:
        return failed
    if config.contexts:
        known = ", ".join(sorted(config.contexts))
        return failures(UsageError(f"no context chosen: give --context ({known}) or --server, {EMBEDDED}"))
    present = [path for path in paths if path and os.path.exists(path)]
    places = ", ".join(present or filter(None, paths))
    missing = f"{places} has no contexts" if present else f"there is no kubeconfig at {places}"
    return failures(
        UsageError(f"{_NO_CONFIGURATION}: {missing}, so give --kubeconfig or --server, {EMBEDDED}")
    )


_NO_CONFIGURATION = "no configuration has been provided, try setting KUBERNETES_MASTER environment variable"


def _check_files(chosen: Connection) -> Result[Connection, Failures[Any]]:
    """Check that the CA, certificate and key files of a connection can be opened: best known now."""
    given = (
        ("client-cert", chosen.user_name, chosen.user.get("client-certificate")),
        ("client-key", chosen.user_name, chosen.user.get("client-key")),
        ("certificate-authority", chosen.cluster_name, chosen.cluster.get("certificate-authority")),
    )
    problems = tuple(concat(_explain_unreadable(what, whose, path) for what, whose, path in given if path))
    return Failure(failures(*problems)) if problems else Success(chosen)


def _explain_unreadable(what: str, whose: str, path: str) -> Iterator[UsageError]:
    """Yield an error if a file can't be opened, else nothing. The file is not read: it may be a pipe.

    `what`: what the message calls the file of the user or cluster `whose`.
    Follows `validateAuthInfo` and `validateClusterInfo` of client-go.
    """
    try:
        open(path, "rb").close()
    except OSError as error:
        yield UsageError(f"unable to read {what} {path} for {whose} due to open {path}: {reason_of(error)}")


def _make_client(chosen: Connection, concurrency: int, world: _World) -> Result[Client, VisitError]:
    """Make the client of a connection, with a pool of `concurrency` connections and another for watches.

    Credentials are got now, so that their errors are known early; but a plugin runs with the first
    request, because it may ask on the terminal.
    """
    user = chosen.user if chosen.secure else {}
    credentials = credential_source(user, partial(_run_plugin, chosen, world.environ), world.now)
    few, many = (Pools(chosen, world.environ, size) for size in (concurrency, STREAMS))

    http = Http(chosen, credentials, few, time.monotonic, world.sleep, world.trace)

    def close() -> None:
        few.close()
        many.close()

    watch = partial(_stream, replace(http, pools=many))
    client = Client(partial(_send, http), chosen.namespace, chosen.server, watch, close)
    if chosen.user.get("exec"):
        return Success(client)
    return credentials(None).bind(lambda credential: few.check(credential.certificate)).map(lambda _: client)


def _run_plugin(
    chosen: Connection, environ: Mapping[str, str], last: Credential | None
) -> Result[Credential, VisitError]:
    # Imported here, as few users have a plugin, and it takes subprocess.
    from fkube.edge.execplugin import plugin_credentials

    return plugin_credentials(chosen, environ)(last)


def _send(http: Http, request: Request) -> Result[Response, VisitError]:
    # Imported with the first request: urllib3 takes as long as all of fkube, and a dry run asks no server.
    from fkube.edge.http import send

    return send(http, request)


def _stream(http: Http, request: Request, patience: float = math.inf) -> Events:
    from fkube.edge.http import stream

    return stream(http, request, patience)
