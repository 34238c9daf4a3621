"""Paths to fields, sets of them, and `FieldsV1`, as which they are written. Pure data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from fkube.resource.info import Object
from fkube.resource.names import quoted

Path: TypeAlias = tuple[str, ...]
"""The way to a field: `f:name`, or `k:{...}`, `v:...` and `i:0` for items by keys, value and position."""

FieldSet: TypeAlias = frozenset[Path]
"""Fields; one that has others below it is only in the set if it is there itself."""

_HTML = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
_KINDS = "fkvi"


def field(name: str) -> str:
    """The element of a field."""
    return f"f:{name}"


def item_by_keys(keys: Mapping[str, Any]) -> str:
    """The element of a list item that is known by its keys.

    >>> item_by_keys({"protocol": "TCP", "port": 80.0})
    'k:{"port":80,"protocol":"TCP"}'
    """
    return f"k:{_text({name: keys[name] for name in sorted(keys)})}"


def item_by_value(value: Any) -> str:
    """The element of a list item that is known by its value."""
    return f"v:{_text(value)}"


def _text(value: Any) -> str:
    """JSON as Go writes it; two values that are equal have one text."""
    return json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False).translate(_HTML)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def from_fields_v1(fields: Object) -> FieldSet:
    """The set that `FieldsV1` writes down; elements of kinds that nobody knows are left out.

    Law: fields_round_trip

    >>> sorted(from_fields_v1({"f:data": {".": {}, "f:a": {}}}))
    [('f:data',), ('f:data', 'f:a')]
    """
    return frozenset(_read(fields, ()))


def _read(fields: Object, path: Path) -> Iterable[Path]:
    for key, inner in fields.items():
        element = _element(key)
        if element is None:
            continue
        here = (*path, element)
        below = tuple(_read(inner, here)) if isinstance(inner, dict) else ()
        if not below or "." in inner:
            yield here
        yield from below


def _element(key: str) -> str | None:
    """An element as it is written here, or None."""
    kind, colon, rest = key.partition(":")
    if not colon or kind not in tuple(_KINDS):
        return None
    if kind in "fi":
        return key
    try:
        value = json.loads(rest)
    except ValueError:
        return None
    return item_by_value(value) if kind == "v" else item_by_keys(value) if isinstance(value, dict) else None


def fields_v1(fields: Iterable[Path]) -> dict[str, Any]:
    """A set as `FieldsV1` writes it, in the order in which Go does.

    Law: fields_round_trip

    >>> fields_v1({("f:data", "f:a"), ("f:data",), ("f:spec", "f:x")})
    {'f:data': {'.': {}, 'f:a': {}}, 'f:spec': {'f:x': {}}}
    """
    tree: dict[str, Any] = {}
    paths = sorted(fields, key=_order)
    inner = {path[:end] for path in paths for end in range(1, len(path))}
    for path in paths:
        node = tree
        for element in path:
            node = node.setdefault(element, {})
        if path in inner:
            node["."] = {}
    return tree


def ordered(fields: Iterable[Path]) -> tuple[Path, ...]:
    """The fields as Go goes through them: those beside one another first, then what is below.

    >>> ordered({("f:a", "f:b"), ("f:b",), ("f:c", "f:a")})
    (('f:b',), ('f:a', 'f:b'), ('f:c', 'f:a'))
    """
    return tuple(
        sorted(fields, key=lambda path: [(n < len(path) - 1, *_rank(e)) for n, e in enumerate(path)])
    )


def _order(path: Path) -> list[Any]:
    return [_rank(element) for element in path]


@lru_cache(4096)
def _rank(element: str) -> tuple[int, Any]:
    """What path elements are in order of (`PathElement.Compare`)."""
    kind, rest = element[0], element[2:]
    if kind == "f":
        return 0, rest
    if kind == "i":
        return 3, int(rest)
    value = json.loads(rest)
    ranked = [(key, _value_rank(value[key])) for key in value] if kind == "k" else _value_rank(value)
    return _KINDS.index(kind), ranked


def _value_rank(value: Any) -> tuple[int, Any]:
    """Numbers before strings before booleans before the rest (`value.Compare`)."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, (int, float)):
        return 0, value
    return (1, value) if isinstance(value, str) else (3, _text(value))


def shown(path: Path) -> str:
    """A path for people to read, as the server writes it in conflicts.

    >>> shown(("f:spec", "f:ports", 'k:{"port":80,"protocol":"TCP"}', "f:name"))
    '.spec.ports[port=80,protocol="TCP"].name'
    """
    return "".join(map(_shown, path))


def _shown(element: str) -> str:
    kind, rest = element[0], element[2:]
    if kind == "f":
        return f".{rest}"
    if kind == "i":
        return f"[{rest}]"
    value = json.loads(rest)
    if kind == "v":
        return f"[={told(value)}]"
    return f"[{','.join(f'{key}={told(inner)}' for key, inner in value.items())}]"


def told(value: Any) -> str:
    """A value as the server writes it in messages (`value.ToString`)."""
    if isinstance(value, list):
        return f"[{','.join(map(told, value))}]"
    if isinstance(value, dict):
        return "".join(f"{key}={told(inner)}" for key, inner in value.items())
    return quoted(value) if isinstance(value, str) else json.dumps(value)
