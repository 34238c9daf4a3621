"""Clients of real servers: kubeconfigs read, connections checked, credentials and pools put together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Unpack

from returns.io import IOResult
from returns.result import Failure, Result, Success

from fkube.edge import incluster
from fkube.edge.client import Client, Clock
from fkube.edge.credentials import source
from fkube.edge.discoverycache import cache
from fkube.edge.execplugin import plugin
from fkube.edge.http import send, stream
from fkube.edge.transport import Pools
from fkube.edge.trying import Http
from fkube.kubeconfig.connection import Connection, Flags, connection
from fkube.kubeconfig.kubeconfig import Kubeconfig, decode, merge
from fkube.resource.errors import Failures, SourceError, UsageError, VisitError, failures
from fkube.resource.info import Origin

EMBEDDED = "or use --embedded for a cluster in memory"
STREAMS = 1024  # A watch keeps its connection, so it must not wait for one of the few that requests share.


def connect(
    kubeconfig: str | None = None,
    concurrency: int = 8,
    environ: Mapping[str, str] | None = None,
    service_account: str = incluster.SERVICE_ACCOUNT,
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
    found = os.environ if environ is None else environ
    chosen = load(kubeconfig, found).bind(lambda config: _chosen(config, flags, found, service_account))
    checked = chosen.bind(_readable)
    made = checked.bind(lambda made: _client(made, found, concurrency, sleep, now).alt(failures))
    return IOResult.from_result(made.map(lambda client: _caching(client, cache_dir, found, now)))


def _caching(client: Client, cache_dir: str | None, environ: Mapping[str, str], now: Clock) -> Client:
    return replace(client, cache=cache(client.server, cache_dir, environ, now))


def load(kubeconfig: str | None, environ: Mapping[str, str]) -> Result[Kubeconfig, Failures[Any]]:
    """Read and merge the kubeconfigs: the one given, else those of KUBECONFIG, else ~/.kube/config.

    Errors: one that is given must exist, others may be missing; every one that can't be read is told.
    Follows `ClientConfigLoadingRules.Load` of client-go, but for its migration of ~/.kube/.kubeconfig.
    """
    paths = (
        [kubeconfig] if kubeconfig else [path for path in _paths(environ) if path and os.path.exists(path)]
    )
    read = [_file(path) for path in paths]
    broken = tuple(one.failure() for one in read if not isinstance(one, Success))
    return Failure(failures(*broken)) if broken else Success(merge(one.unwrap() for one in read))


def _paths(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Where a kubeconfig may be, each place once."""
    home = os.path.join(environ.get("HOME") or environ.get("USERPROFILE", ""), ".kube", "config")
    return tuple(dict.fromkeys((environ.get("KUBECONFIG") or home).split(os.pathsep)))


def _file(path: str) -> Result[Kubeconfig, VisitError]:
    """One kubeconfig."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except OSError as error:
        problem = f"the kubeconfig can't be read: {(error.strerror or '').lower()}"
        return Failure(SourceError(f"{problem}; check --kubeconfig and KUBECONFIG, {EMBEDDED}", Origin(path)))
    except ValueError:
        return Failure(SourceError(f"the kubeconfig is no UTF-8 text; mend it, {EMBEDDED}", Origin(path)))
    decoded = decode(text, os.path.abspath(path))
    return decoded.alt(lambda error: replace(error, message=f"{error.message}; mend it, {EMBEDDED}"))


def _chosen(
    config: Kubeconfig, flags: Flags, environ: Mapping[str, str], directory: str
) -> Result[Connection, Failures[Any]]:
    """The connection that kubeconfig and flags say, else the pod's own, else that of KUBERNETES_MASTER."""
    pod, master = incluster.possible(environ, directory), environ.get("KUBERNETES_MASTER")
    made = connection(config, flags)
    if isinstance(made, Success) and not made.unwrap().server:
        own: Flags = {**flags, "context": None, "cluster": None, "user": None}
        if pod:
            made = connection(incluster.kubeconfig(environ, directory), own)
        elif master:
            made = connection(config, {**flags, "server": master})
        else:
            made = Failure(failures(UsageError(_nothing(config, environ))))
    default = (incluster.namespace(environ, directory) if pod else "") or "default"
    return made.map(lambda found: replace(found, namespace=found.namespace or default))


def _nothing(config: Kubeconfig, environ: Mapping[str, str]) -> str:
    """What to do where nothing names a server."""
    if config.contexts:
        known = ", ".join(sorted(config.contexts))
        return f"no context chosen: give --context ({known}) or --server, {EMBEDDED}"
    places = ", ".join(filter(None, _paths(environ)))
    missing = f"there is no kubeconfig at {places}, so give --kubeconfig or --server"
    return f"no configuration has been provided: {missing}, {EMBEDDED}"


def _readable(made: Connection) -> Result[Connection, Failures[Any]]:
    """The connection if its files can be read, for a file that can't is best known now."""
    named = [("certificate-authority", made.cluster.get("certificate-authority"))]
    named += [(f"client-{what}", made.user.get(f"client-{name}")) for what, name in _PAIR]
    problems = [problem for what, path in named if path and (problem := _unreadable(what, path))]
    return Failure(failures(*map(UsageError, problems))) if problems else Success(made)


def _unreadable(what: str, path: str) -> str:
    try:
        with open(path, "rb"):
            return ""
    except OSError as error:
        return f"unable to read {what} {path}: {(error.strerror or '').lower()}"


_PAIR = (("cert", "certificate"), ("key", "key"))


def _client(
    made: Connection,
    environ: Mapping[str, str],
    concurrency: int,
    sleep: Callable[[float], None],
    now: Clock,
) -> Result[Client, VisitError]:
    """The client of a connection. Credentials are got now, but a plugin is run later: it may ask."""
    who = source(made.user if made.secure else {}, plugin(made, environ), now)
    few, many = Pools(made, environ, concurrency), Pools(made, environ, STREAMS)
    http = Http(made, who, few, time.monotonic, sleep)
    client = Client(
        partial(send, http), made.namespace, made.server, partial(stream, replace(http, pools=many))
    )
    ready = replace(client, close=partial(_close, few, many))
    if made.user.get("exec"):
        return Success(ready)
    return who(None).bind(lambda credential: few(credential.certificate)).map(lambda _: ready)


def _close(*pools: Pools) -> None:
    for pool in pools:
        pool.close()
