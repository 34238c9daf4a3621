"""Clients of real servers: connections chosen and checked, credentials and connection pools put together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Unpack

from returns.io import IOResult
from returns.result import Failure, Result, Success
from toolz import concat

from fkube.edge.attempt import Http
from fkube.edge.client import Client, Clock
from fkube.edge.credentials import credential_source
from fkube.edge.execplugin import plugin_credentials
from fkube.edge.http import send, stream
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
from fkube.edge.pools import Pools
from fkube.kubeconfig.connection import Connection, Flags, connection
from fkube.kubeconfig.kubeconfig import Kubeconfig
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
    **flags: Unpack[Flags],
) -> IOResult[Client, Failures[Any]]:
    """A client of the server that a kubeconfig and kubectl's flags name; nothing is sent yet.

    The kubeconfig is the one given, else the list in KUBECONFIG, else ~/.kube/config, else the pod's own.
    Up to `concurrency` requests go out at a time, more wait. `environ` and `now`
    stand for the environment and the time in seconds. What the
    server offers is kept below `cache_dir`, else KUBECACHEDIR, else ~/.kube/cache; with "" nowhere.
    Errors: everything wrong with the configuration, in client-go's words; a missing one says what to do.
    Follows `ConfigFlags.ToRESTConfig` of cli-runtime and `DeferredLoadingClientConfig` of client-go.
    """
    world = _World(os.environ if environ is None else environ, sleep, now)
    connected: Result[Client, Failures[Any]] = Result.do(
        replace(client, cache=open_cache(client.server, cache_dir, world.environ, now))
        for config in load_kubeconfigs(kubeconfig, world.environ)
        for chosen in _choose_connection(config, flags, world.environ, service_account)
        for readable in _check_files(chosen)
        for client in _make_client(readable, concurrency, world).alt(failures)
    )
    return IOResult.from_result(connected)


@dataclass(frozen=True, slots=True)
class _World:
    """What is taken from outside: environment variables, how to sleep, and what time it is (in seconds)."""

    environ: Mapping[str, str]
    sleep: Callable[[float], None]
    now: Clock


def _choose_connection(
    config: Kubeconfig, flags: Flags, environ: Mapping[str, str], directory: str
) -> Result[Connection, Failures[Any]]:
    """The connection that kubeconfig and flags say, else the pod's own, else that of KUBERNETES_MASTER.

    `directory`: where a pod finds its service account. Without a namespace it gets the pod's, else `default`.
    """
    pod, master = runs_in_pod(environ, directory), environ.get("KUBERNETES_MASTER")

    def fall_back(chosen: Connection) -> Result[Connection, Failures[Any]]:
        if chosen.server:
            return Success(chosen)
        if pod:
            own: Flags = {**flags, "context": None, "cluster": None, "user": None}
            return connection(pod_kubeconfig(environ, directory), own)
        if master:
            return connection(config, {**flags, "server": master})
        return Failure(failures(UsageError(_explain_no_server(config, environ))))

    default = (pod_namespace(environ, directory) if pod else "") or "default"
    chosen = connection(config, flags).bind(fall_back)
    return chosen.map(lambda found: replace(found, namespace=found.namespace or default))


def _explain_no_server(config: Kubeconfig, environ: Mapping[str, str]) -> str:
    """The message that nothing names a server, with what to do about it."""
    if config.contexts:
        known = ", ".join(sorted(config.contexts))
        return f"no context chosen: give --context ({known}) or --server, {EMBEDDED}"
    places = ", ".join(filter(None, kubeconfig_paths(environ)))
    missing = f"there is no kubeconfig at {places}, so give --kubeconfig or --server"
    return f"no configuration has been provided: {missing}, {EMBEDDED}"


def _check_files(chosen: Connection) -> Result[Connection, Failures[Any]]:
    """Check that the CA, certificate and key files of a connection can be opened: best known now."""
    given = {
        "certificate-authority": chosen.cluster.get("certificate-authority"),
        "client-cert": chosen.user.get("client-certificate"),
        "client-key": chosen.user.get("client-key"),
    }
    problems = tuple(concat(_explain_unreadable(what, path) for what, path in given.items() if path))
    return Failure(failures(*problems)) if problems else Success(chosen)


def _explain_unreadable(what: str, path: str) -> Iterator[UsageError]:
    """Yield an error if a file can't be opened, else nothing. The file is not read: it may be a pipe.

    `what`: what the message calls the file.
    """
    try:
        open(path, "rb").close()
    except OSError as error:
        yield UsageError(f"unable to read {what} {path}: {reason_of(error)}")


def _make_client(chosen: Connection, concurrency: int, world: _World) -> Result[Client, VisitError]:
    """Make the client of a connection, with a pool of `concurrency` connections and another for watches.

    Credentials are got now, so that their errors are known early; but a plugin runs with the first
    request, because it may ask on the terminal.
    """
    user = chosen.user if chosen.secure else {}
    credentials = credential_source(user, plugin_credentials(chosen, world.environ), world.now)
    few, many = (Pools(chosen, world.environ, size) for size in (concurrency, STREAMS))
    http = Http(chosen, credentials, few, time.monotonic, world.sleep)

    def close() -> None:
        few.close()
        many.close()

    watch = partial(stream, replace(http, pools=many))
    client = Client(partial(send, http), chosen.namespace, chosen.server, watch, close)
    if chosen.user.get("exec"):
        return Success(client)
    return credentials(None).bind(lambda credential: few(credential.certificate)).map(lambda _: client)
