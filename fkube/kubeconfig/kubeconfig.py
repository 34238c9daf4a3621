"""Kubeconfig files as data: decoded from texts, and merged. Pure: no file is opened here.

Entries keep the keys of the file format (`certificate-authority-data`, `as-groups`), data fields as bytes
and paths absolute. Unknown keys are dropped. No repr or error shows a value: any may be a credential.
"""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Callable, Iterable, Mapping
from functools import partial, reduce
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success, safe

from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import DecodeError, VisitError
from fkube.resource.info import Object, Origin
from fkube.resource.metadata import json_name
from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later
from fkube.resource.results import collect_results
from fkube.syntax.yamltext import load

Named: TypeAlias = Mapping[str, Object]
"""Entries of a kubeconfig by name."""

Schema: TypeAlias = Mapping[str, Any]
"""The keys of a mapping, each with the type of its value: a word of `_IS`, or a schema."""


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """Clusters, users and contexts by name, and the name of the context to use."""

    clusters: Named = field(default_factory=dict, repr=False)
    users: Named = field(default_factory=dict, repr=False)
    contexts: Named = field(default_factory=dict, repr=False)
    current_context: str = ""


@dataclass(frozen=True, slots=True)
class LookedFor:
    """A kubeconfig that was looked for: its path, and what was read, or None where no file is."""

    path: str
    read: Result[Kubeconfig, VisitError] | None = field(default=None, repr=False)


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
    **dict.fromkeys(("token", "tokenFile", "as", "as-uid"), "string"),
    "as-groups": "list of strings",
    "as-user-extra": "mapping of lists of strings",
    "username": "string",
    "password": "string",
    "auth-provider": {"name": "string"},
    "exec": _EXEC,
}
_CONTEXT: Schema = {"cluster": "string", "user": "string", "namespace": "string"}
_FILE: Schema = {
    **dict.fromkeys(("kind", "apiVersion", "current-context"), "string"),
    **dict.fromkeys(("clusters", "users", "contexts"), "list of mappings"),
}
_TYPE = {"kind": "Config", "apiVersion": "v1"}
_SHOWN = {
    "kind": compile_later("(?:[A-Z]{1,6}[a-z]+){1,5}"),
    "apiVersion": compile_later(r"(?:[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*/)?v\d{1,2}(?:(?:alpha|beta)\d{1,2})?"),
}
"""The texts that look like a kind and like a version."""
_PATHS = ("certificate-authority", "client-certificate", "client-key", "tokenFile")


def merge_kubeconfigs(configs: Iterable[Kubeconfig]) -> Kubeconfig:
    """Merge kubeconfigs: the first that has an entry of a name, or a current context, decides it.

    Law: a monoid, with `Kubeconfig()` as its unit. An entry is taken whole: entries of one name never mix.
    Follows `ClientConfigLoadingRules.Load` of client-go.

    >>> merge_kubeconfigs([Kubeconfig(), Kubeconfig(current_context="a"), Kubeconfig(current_context="b")])
    Kubeconfig(current_context='a')
    """

    def merge_two(first: Kubeconfig, second: Kubeconfig) -> Kubeconfig:
        return Kubeconfig(
            {**second.clusters, **first.clusters},
            {**second.users, **first.users},
            {**second.contexts, **first.contexts},
            first.current_context or second.current_context,
        )

    return reduce(merge_two, configs, Kubeconfig())


def decode_kubeconfig(text: str, path: str) -> Result[Kubeconfig, VisitError]:
    """Decode the text of a kubeconfig; relative paths in it are beside `path`, which is absolute.

    Errors: text that is no kubeconfig is a `DecodeError` with what must be where, never with what is there.
    Follows `LoadFromFile` and `ResolveLocalPaths` of client-go.

    >>> text = "users: [{name: a, user: {token: 1234}}]"
    >>> print(decode_kubeconfig(text, "/home/a/config").failure())
    /home/a/config: users[0].user.token must be a string: put it in quotes
    """
    origin, base = Origin(path), posixpath.dirname(path)
    return _decode_yaml(text, origin).bind(
        lambda raw: _read_file(raw, base).alt(lambda problem: DecodeError(problem, origin))
    )


def _decode_yaml(text: str, origin: Origin) -> Result[object, VisitError]:
    """Decode the first YAML document of a text; no error quotes it."""

    def explain(error: tuple[str, int]) -> VisitError:
        problem, line = error
        return DecodeError(f"yaml: line {line + 1}: {problem}", replace(origin, line=line + 1))

    return load(text).map(lambda found: found[0]).alt(explain)


def _read_file(raw: object, base: str) -> Result[Kubeconfig, str]:
    """Check a decoded file part by part, and make the kubeconfig of it; the first problem is the failure.

    `base` is the folder that relative paths are below.
    """
    if raw is not None and not isinstance(raw, dict):
        problem = f"couldn't get version/kind; json parse error: json: cannot unmarshal {json_name(raw)}"
        return Failure(f"{problem}: not a kubeconfig: write a mapping with clusters, users and contexts")
    if any((raw or {}).get(key) not in (None, "", right) for key, right in _TYPE.items()):
        return Failure(
            f"{_explain_wrong_kind(raw or {})}not a kubeconfig: its kind must be Config, its apiVersion v1"
        )
    return Result.do(
        Kubeconfig(clusters, users, contexts, file.get("current-context", ""))
        for file in _read_entry(_FILE, raw, "", base)
        for clusters in _read_list(file, "clusters", _CLUSTER, base)
        for users in _read_list(file, "users", _USER, base)
        for contexts in _read_list(file, "contexts", _CONTEXT, base)
    )


def _explain_wrong_kind(raw: Object) -> str:
    """What client-go says of a file of another kind, with a colon; nothing where the kind is no text.

    What looks like no kind or no version is not shown: it may be a token in the wrong place.
    """
    found = tuple((raw.get(key) or right, _SHOWN[key]) for key, right in _TYPE.items())
    if not all(isinstance(value, str) for value, _ in found):
        return ""
    kind, version = (f" {quote_text(value)}" if form.fullmatch(value) else "" for value, form in found)
    return f"no kind{kind} is registered for version{version}: "


def _read_list(file: Object, plural: str, schema: Schema, base: str) -> Result[Named, str]:
    """Read the entries of one list, such as `users`, by name; a name given twice is an error."""
    raw, key = file.get(plural, ()), plural.removesuffix("s")
    names = [item.get("name") or "" for item in raw]
    first = {name: n for n, name in reversed(tuple(enumerate(names))) if isinstance(name, str)}
    bad = next((n for n, name in enumerate(names) if not isinstance(name, str) or first[name] != n), None)
    if bad is not None:
        return Failure(f"{plural}[{bad}].name must be a string of its own: rename or quote it")
    entries = (
        _read_entry(schema, item.get(key), f"{plural}[{n}].{key}.", base) for n, item in enumerate(raw)
    )
    return collect_results(entries).map(lambda found: dict(zip(names, found, strict=True)))


def _read_entry(schema: Schema, raw: Any, where: str, base: str) -> Result[Object, str]:
    """Read a mapping: the keys that the schema has, every value of the right type, paths absolute.

    `where` is its place in the file, for errors.
    """
    if raw is not None and not isinstance(raw, dict):
        return Failure(f"{where.rstrip('.')} must be a mapping")
    given = {key: raw[key] for key in schema if raw and raw.get(key) is not None}
    values = (_read_value(schema[key], value, where + key, base) for key, value in given.items())
    entry = collect_results(values).map(lambda found: dict(zip(given, found, strict=True)))
    return entry.map(lambda entry: _resolve_paths(entry, base))


def _read_value(kind: str | Schema, value: Any, where: str, base: str) -> Result[Any, str]:
    """Check one value against the schema's type; base64 text becomes the bytes that it stands for."""
    if not isinstance(kind, str):
        return _read_entry(kind, value, f"{where}.", base)
    if not _IS[kind](value):
        quotes = ": put it in quotes" if kind == "string" and isinstance(value, (int, float)) else ""
        return Failure(f"{where} must be a {kind}{quotes}")
    return Success(_decode_base64(value) if kind == "base64 text" else value)


def _resolve_paths(entry: Object, base: str) -> Object:
    """The entry with its paths made absolute from `base`.

    A command without a slash is left as it is: it is looked up in PATH.
    """
    paths = [*_PATHS, *(["command"] if "/" in entry.get("command", "") else [])]
    return {
        key: posixpath.normpath(posixpath.join(base, value)) if key in paths and value else value
        for key, value in entry.items()
    }


def _decode_base64(text: str) -> bytes | None:
    """The bytes of a base64 text, whose white space is ignored; None if it is none."""
    return safe((ValueError,))(base64.b64decode)("".join(text.split()), validate=True).value_or(None)


def _is_list_of(type: type, value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, type) for item in value)


_IS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "base64 text": lambda value: isinstance(value, str) and _decode_base64(value) is not None,
    "list of strings": partial(_is_list_of, str),
    "list of mappings": partial(_is_list_of, dict),
    "mapping of lists of strings": lambda value: (
        isinstance(value, dict) and all(map(_IS["list of strings"], value.values()))
    ),
}
