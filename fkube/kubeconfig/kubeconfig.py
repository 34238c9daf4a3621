"""Kubeconfig files as data: what a text says, and what several say together. Pure: no file is opened here.

Entries keep the keys of the file format (`certificate-authority-data`, `as-groups`), data fields as bytes
and paths absolute. Unknown keys are dropped. No repr or error shows a value: any may be a credential.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.resource.errors import DecodeError, VisitError
from fkube.resource.info import Object, Origin
from fkube.syntax.yamljson import load

T = TypeVar("T")

Named: TypeAlias = Mapping[str, Object]
Schema: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """Clusters, users and contexts by name, and the name of the context to use."""

    clusters: Named = field(default_factory=dict, repr=False)
    users: Named = field(default_factory=dict, repr=False)
    contexts: Named = field(default_factory=dict, repr=False)
    current_context: str = ""


_CLUSTER: Schema = {
    "server": "string",
    "tls-server-name": "string",
    "insecure-skip-tls-verify": "boolean",
    "certificate-authority": "string",
    "certificate-authority-data": "base64 text",
    "proxy-url": "string",
    "disable-compression": "boolean",
    "extensions": "list of mappings",
}
_EXEC: Schema = {
    "command": "string",
    "args": "list of strings",
    "env": "list of mappings",
    "apiVersion": "string",
    "installHint": "string",
    "provideClusterInfo": "boolean",
    "interactiveMode": "string",
}
_USER: Schema = {
    "client-certificate": "string",
    "client-certificate-data": "base64 text",
    "client-key": "string",
    "client-key-data": "base64 text",
    "token": "string",
    "tokenFile": "string",
    "as": "string",
    "as-uid": "string",
    "as-groups": "list of strings",
    "as-user-extra": "mapping of lists of strings",
    "username": "string",
    "password": "string",
    "auth-provider": {"name": "string"},
    "exec": _EXEC,
}
_CONTEXT: Schema = {"cluster": "string", "user": "string", "namespace": "string"}
_FILE: Schema = {
    "kind": "string",
    "apiVersion": "string",
    "current-context": "string",
    "clusters": "list of mappings",
    "users": "list of mappings",
    "contexts": "list of mappings",
}
_QUOTED = re.compile(r"""(['"`])\w.*?\1""")
_TYPE = {"kind": "Config", "apiVersion": "v1"}
_PATHS = ("certificate-authority", "client-certificate", "client-key", "tokenFile")


def merge(configs: Iterable[Kubeconfig]) -> Kubeconfig:
    """What several kubeconfigs say together: the first to name an entry, or a current context, has the word.

    Law: a monoid, with `Kubeconfig()` as its unit. An entry is taken whole: entries of one name never mix.
    Follows `ClientConfigLoadingRules.Load` of client-go.

    >>> merge([Kubeconfig(), Kubeconfig(current_context="a"), Kubeconfig(current_context="b")])
    Kubeconfig(current_context='a')
    """
    return reduce(_before, configs, Kubeconfig())


def _before(first: Kubeconfig, second: Kubeconfig) -> Kubeconfig:
    return Kubeconfig(
        {**second.clusters, **first.clusters},
        {**second.users, **first.users},
        {**second.contexts, **first.contexts},
        first.current_context or second.current_context,
    )


def decode(text: str, path: str) -> Result[Kubeconfig, VisitError]:
    """What the text of a kubeconfig says; relative paths in it are beside `path`, which is absolute.

    Errors: text that is no kubeconfig is a `DecodeError` with what must be where, never with what is there.
    Follows `LoadFromFile` and `ResolveLocalPaths` of client-go.

    >>> text = "users: [{name: a, user: {token: 1234}}]"
    >>> print(decode(text, "/home/a/config").failure())
    /home/a/config: users[0].user.token must be a string: put it in quotes
    """
    origin = Origin(path)
    return _yaml(text, origin).bind(
        lambda raw: _config(raw, posixpath.dirname(path)).alt(lambda problem: DecodeError(problem, origin))
    )


def _yaml(text: str, origin: Origin) -> Result[Any, VisitError]:
    """The first YAML document of the text; an error may quote it, so quoted words are left out."""
    loaded = load(text).map(lambda found: found[0])
    return loaded.alt(
        lambda error: DecodeError(
            f"not YAML: {_QUOTED.sub('…', error[0])}", replace(origin, line=error[1] + 1)
        )
    )


def _config(raw: Any, base: str) -> Result[Kubeconfig, str]:
    """The parts of a decoded file, each checked, or the first thing wrong with it."""
    if raw is not None and not isinstance(raw, dict):
        return Failure("not a kubeconfig: write a mapping with clusters, users and contexts")
    if any((raw or {}).get(key) not in (None, "", right) for key, right in _TYPE.items()):
        return Failure("not a kubeconfig: its kind must be Config, its apiVersion v1")
    return _entry(_FILE, raw, "", base).bind(
        lambda file: Result.do(
            Kubeconfig(clusters, users, contexts, file.get("current-context", ""))
            for clusters in _named(file, "clusters", "cluster", _CLUSTER, base)
            for users in _named(file, "users", "user", _USER, base)
            for contexts in _named(file, "contexts", "context", _CONTEXT, base)
        )
    )


def _named(file: Object, plural: str, key: str, schema: Schema, base: str) -> Result[Named, str]:
    """The entries of one list by name; a name given twice is an error."""
    raw = file.get(plural, ())
    names = [item.get("name") or "" for item in raw]
    bad = next((n for n, name in enumerate(names) if not isinstance(name, str) or name in names[:n]), None)
    if bad is not None:
        return Failure(f"{plural}[{bad}].name must be a string of its own: rename or quote it")
    where = f"{plural}[{{}}].{key}."
    return _collected(
        (name, _entry(schema, item.get(key), where.format(n), base))
        for n, (name, item) in enumerate(zip(names, raw, strict=True))
    )


def _entry(schema: Schema, raw: Any, where: str, base: str) -> Result[Object, str]:
    """An object with the keys of the schema that it has, every value of the right type."""
    if raw is not None and not isinstance(raw, dict):
        return Failure(f"{where.rstrip('.')} must be a mapping")
    given = {key: raw[key] for key in schema if raw and raw.get(key) is not None}
    values = ((key, _value(schema[key], value, where + key, base)) for key, value in given.items())
    return _collected(values).map(lambda entry: _absolute(entry, base))


def _collected(results: Iterable[tuple[str, Result[T, str]]]) -> Result[Mapping[str, T], str]:
    """Every value by its key, or the first thing wrong."""
    found: dict[str, T] = {}
    for key, result in results:
        if not isinstance(result, Success):
            return Failure(result.failure())
        found[key] = result.unwrap()
    return Success(found)


def _value(kind: str | Schema, value: Any, where: str, base: str) -> Result[Any, str]:
    """One value of the schema's type; base64 text as the bytes that it stands for."""
    if not isinstance(kind, str):
        return _entry(kind, value, f"{where}.", base)
    if not _IS[kind](value):
        quotes = ": put it in quotes" if kind == "string" and isinstance(value, (int, float)) else ""
        return Failure(f"{where} must be a {kind}{quotes}")
    return Success(_bytes(value) if kind == "base64 text" else value)


def _absolute(entry: Object, base: str) -> Object:
    """The entry with its paths below `base`; a command without a slash is looked up in PATH instead."""
    paths = [*_PATHS, *(["command"] if "/" in entry.get("command", "") else [])]
    return {
        key: posixpath.normpath(posixpath.join(base, value)) if key in paths and value else value
        for key, value in entry.items()
    }


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _all(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(holds, value))


def _is(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, types)


_IS: Mapping[str, Callable[[Any], bool]] = {
    "string": _is(str),
    "boolean": _is(bool),
    "base64 text": lambda value: isinstance(value, str) and _bytes(value) is not None,
    "list of strings": _all(_is(str)),
    "list of mappings": _all(_is(dict)),
    "mapping of lists of strings": lambda value: (
        isinstance(value, dict) and all(map(_IS["list of strings"], value.values()))
    ),
}
