"""From a kubeconfig and kubectl's flags to one connection: server, user and namespace. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TypedDict

from returns.result import Failure, Result, Success
from toolz import concat

from fkube.kubeconfig.address import server_url
from fkube.kubeconfig.conflicts import cluster_conflicts, text_conflicts, user_conflicts
from fkube.kubeconfig.kubeconfig import Kubeconfig
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import Failures, UsageError, failures
from fkube.resource.info import Object
from fkube.resource.patterns import compile_later

Flags = TypedDict(  # noqa: UP013 - the class form would be inheritance
    "Flags",
    {
        "context": str | None,
        "cluster": str | None,
        "user": str | None,
        "namespace": str | None,
        "server": str | None,
        "tls_server_name": str | None,
        "insecure_skip_tls_verify": bool | None,
        "certificate_authority": str | None,
        "proxy_url": str | None,
        "disable_compression": bool | None,
        "token": str | None,
        "client_certificate": str | None,
        "client_key": str | None,
        "username": str | None,
        "password": str | None,
        "as_": str | None,
        "as_uid": str | None,
        "as_groups": Sequence[str] | None,
        "as_user_extra": Mapping[str, Sequence[str]] | None,
        "request_timeout": str | None,
    },
    total=False,
)
"""kubectl's flags by their names (`as_` for `--as`); empty ones say nothing."""

_CONTEXT = ("cluster", "user", "namespace")
_TRUST = ("insecure-skip-tls-verify", "certificate-authority", "certificate-authority-data")
_CLUSTER = ("server", "tls-server-name", *_TRUST[:2], "proxy-url", "disable-compression")
_LOGIN = ("token", "client-certificate", "client-key", "username", "password")
_USER = (*_LOGIN, "as", "as-uid", "as-groups", "as-user-extra")
_REPLACED: Mapping[str, tuple[str, ...]] = {
    "server": ("tls-server-name",),
    "insecure-skip-tls-verify": _TRUST,
    "certificate-authority": _TRUST,
    "token": ("tokenFile",),
    "client-certificate": ("client-certificate-data",),
    "client-key": ("client-key-data",),
}
"""What else a flag replaces: all that says the same in another way."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a server: `cluster` and `user` are entries of a kubeconfig, overridden by flags.

    `timeout` is that of a whole request in seconds, 0 for none. No credential is in the repr.
    """

    server: str
    namespace: str = ""
    cluster: Object = field(default_factory=dict, repr=False)
    user: Object = field(default_factory=dict, repr=False)
    timeout: float = 0.0
    cluster_name: str = field(default="", repr=False)
    user_name: str = field(default="", repr=False)

    @property
    def secure(self) -> bool:
        """Whether the server is reached over TLS; credentials go nowhere else."""
        return self.server.startswith("https://")


def connection(
    config: Kubeconfig, flags: Flags, namespace_first: bool = False
) -> Result[Connection, Failures[object]]:
    """Make the connection that kubeconfig and flags say, or everything that is wrong with them.

    A connection without server says that nothing names one. Whether files can be read is not looked at.
    A flag that names nothing is told alone; with `namespace_first` after what is wrong with the settings, as
    by client-go when it is asked for the namespace before the server.
    Follows `DirectClientConfig` of client-go, without its last resort, http://localhost:8080.

    >>> config = Kubeconfig({"c": {"server": "https://a"}}, {}, {"x": {"cluster": "c"}}, "x")
    >>> connection(config, {"namespace": "shop"}).unwrap()
    Connection(server='https://a', namespace='shop', timeout=0.0)
    """
    given = {key.rstrip("_").replace("_", "-"): value for key, value in flags.items() if value}
    name = str(given.get("context") or config.current_context)
    context = _override(config.contexts.get(name, {}), given, _CONTEXT)
    user = _override_user(config.users.get(context.get("user", ""), {}), given)
    cluster = _override(config.clusters.get(context.get("cluster", ""), {}), given, _CLUSTER)
    timeout = parse_duration(str(given.get("request-timeout", "0")))
    entries = (("context", context), ("cluster", cluster), ("user", user))
    problems = [
        *concat(text_conflicts(entry, context.get(kind, "")) for kind, entry in entries),
        *_unknown_context(config, name),
        *user_conflicts(user, context.get("user", "")),
        *cluster_conflicts(cluster, context.get("cluster", "")),
        *([] if timeout is not None else [_BAD_TIMEOUT]),
    ]
    missing = [*islice(_missing_names(config, given), 1)]
    if told := (problems or missing) if namespace_first else (missing or problems):
        return Failure(failures(*map(UsageError, told)))
    server, names = (
        server_url(cluster.get("server", "")) or "",
        (context.get(key, "") for key in _CONTEXT[:2]),
    )
    return Success(Connection(server, context.get("namespace", ""), cluster, user, timeout or 0.0, *names))


def parse_duration(text: str) -> float | None:
    """The seconds of a Go duration, or of a plain number of seconds; None for anything else.

    It must be within the 292 years of a Go duration. Follows `ParseTimeout` of client-go, negative times
    left out.

    >>> parse_duration("1m30s"), parse_duration("250ms"), parse_duration("5"), parse_duration("soon")
    (90.0, 0.25, 5.0, None)
    """
    if _WHOLE.fullmatch(text):
        seconds = float(text)
    elif _DURATION.fullmatch(text):
        seconds = sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
    else:
        return None
    return seconds if seconds < 2**63 / 1e9 else None


def _override(entry: Object, given: Object, keys: tuple[str, ...]) -> Object:
    """An entry of a kubeconfig with the flags of these keys over it, and without what they replace."""
    flags = {key: given[key] for key in keys if key in given}
    replaced = {key for flag in flags for key in _REPLACED.get(flag, ())}
    return {**{key: value for key, value in entry.items() if key not in replaced}, **flags}


def _override_user(user: Object, given: Object) -> Object:
    """A user with flags over it; extra keys of impersonation are added to those that it has.

    `given` are all flags by the keys of the file format.
    """
    extra = {**user.get("as-user-extra", {}), **given.get("as-user-extra", {})}
    return {**_override(user, given, _USER), **({"as-user-extra": extra} if extra else {})}


def _unknown_context(config: Kubeconfig, name: str) -> Iterator[str]:
    """Find that the kubeconfig does not have the context to use (`ConfirmUsable` of client-go)."""
    if name and name not in config.contexts:
        known = _list_known("contexts", config.contexts)
        yield f"context was not found for specified context: {name}; {known}"


def _missing_names(config: Kubeconfig, given: Object) -> Iterator[str]:
    """Find the user, context and cluster that flags name and the kubeconfig does not have.

    Follows `getAuthInfo`, `getContext` and `getCluster` of client-go.
    """
    kinds = (
        ("user", "auth info", config.users),
        ("context", "context", config.contexts),
        ("cluster", "cluster", config.clusters),
    )
    for key, what, entries in kinds:
        if given.get(key) and given[key] not in entries:
            yield f'{what} "{given[key]}" does not exist; {_list_known(f"{key}s", entries)}'


def _list_known(plural: str, entries: Mapping[str, object]) -> str:
    """Say which names there are instead."""
    return f"known {plural}: {', '.join(sorted(entries)) or 'none'}"


_WHOLE = compile_later(r"\d+", re.ASCII)
# No digit belongs to two repetitions: a text that is none is refused in linear time.
_PART = compile_later(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)", re.ASCII)
_DURATION = compile_later(f"(?:{_PART.pattern})+", re.ASCII)
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_BAD_TIMEOUT = (
    "Invalid timeout value. Timeout must be a single integer in seconds, "
    "or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)"
)
