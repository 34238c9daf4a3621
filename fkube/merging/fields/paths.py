"""Paths to fields, sets of them, and `FieldsV1`, as which they are written. Pure data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeAlias

from fkube.resource.info import Object
from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later

Path: TypeAlias = tuple[str, ...]
"""The way to a field: `f:name`, or `k:{...}`, `v:...` and `i:0` for items by keys, value and position."""

FieldSet: TypeAlias = frozenset[Path]
"""Fields; one that has others below it is only in the set if it is there itself."""

_HTML = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
_KINDS = "fkvi"
_INDEX = compile_later("[0-9]{1,18}")
_ITEM = compile_later(r'\[((?:[^]"]|"(?:[^"\\]|\\.)*")*)\]')
_KEY = compile_later(r'([^=,]*)=("(?:[^"\\]|\\.)*"|[^,]*)')


def field_element(name: str) -> str:
    """The path element of a field."""
    return f"f:{name}"


def item_by_keys(keys: Mapping[str, object]) -> str:
    """The path element of a list item that is known by its keys.

    >>> item_by_keys({"protocol": "TCP", "port": 80.0})
    'k:{"port":80,"protocol":"TCP"}'
    """
    names = sorted(keys)
    with suppress(TypeError):  # What has no hash is the value of no key of a good list.
        return _keys_text(tuple(names), *(keys[name] for name in names))
    return f"k:{_canonical_json({name: keys[name] for name in names})}"


@lru_cache(4096, typed=True)
def _keys_text(names: tuple[str, ...], *values: object) -> str:
    """The element of an item by keys that are scalars; many objects have the same names and ports."""
    return f"k:{_canonical_json(dict(zip(names, values, strict=True)))}"


def item_by_value(value: object) -> str:
    """The path element of a list item that is known by its value."""
    return f"v:{_canonical_json(value)}"


def _canonical_json(value: object) -> str:
    """JSON as Go writes it; two values that are equal have one text."""
    return json.dumps(_whole_as_int(value), separators=(",", ":"), ensure_ascii=False).translate(_HTML)


def _whole_as_int(value: object) -> object:
    """Turn a float without fraction into an integer, also within maps."""
    if isinstance(value, dict):
        return {key: _whole_as_int(inner) for key, inner in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def from_fields_v1(fields: Object) -> FieldSet:
    """The set that `FieldsV1` writes down; elements of kinds that nobody knows are left out.

    Law: fields_round_trip

    >>> sorted(from_fields_v1({"f:data": {".": {}, "f:a": {}}}))
    [('f:data',), ('f:data', 'f:a')]
    """
    found: list[Path] = []
    _add_paths(found, fields, ())
    return frozenset(found)


def _add_paths(found: list[Path], fields: Object, path: Path) -> None:
    """Add the fields that a tree of `FieldsV1` has below a path."""
    for key, inner in fields.items():
        element = _normalize_element(key)
        if element is None:
            continue
        here, before = (*path, element), len(found)
        if isinstance(inner, dict) and inner:
            _add_paths(found, inner, here)
        if len(found) == before or "." in inner:
            found.append(here)


@lru_cache(4096)
def _normalize_element(key: str) -> str | None:
    """A key of `FieldsV1` as a path element, with its JSON as it is written here; None of an unknown kind."""
    kind, colon, rest = key.partition(":")
    if not colon or kind not in tuple(_KINDS):
        return None
    if kind == "f" or (kind == "i" and _INDEX.fullmatch(rest)):
        return key
    try:
        value = json.loads(rest)
    except (ValueError, RecursionError):
        return None
    if kind == "v":
        return item_by_value(value)
    return item_by_keys(value) if kind == "k" and isinstance(value, dict) else None


def fields_v1(fields: Iterable[Path]) -> dict[str, Any]:
    """Write a set as `FieldsV1`, in Go's order.

    Law: fields_round_trip

    >>> fields_v1({("f:data", "f:a"), ("f:data",), ("f:spec", "f:x")})
    {'f:data': {'.': {}, 'f:a': {}}, 'f:spec': {'f:x': {}}}
    """
    tree: dict[str, Any] = {}
    paths = sorted(fields, key=lambda path: [*map(_rank, path)])
    inner = {path[:end] for path in paths for end in range(1, len(path))}
    for path in paths:
        node = tree
        for element in path:
            node = node.setdefault(element, {})
        if path in inner:
            node["."] = {}
    return tree


def ordered(fields: Iterable[Path]) -> tuple[Path, ...]:
    """The fields in the order in which Go lists them: siblings first, then what is below them.

    >>> ordered({("f:a", "f:b"), ("f:b",), ("f:c", "f:a")})
    (('f:b',), ('f:a', 'f:b'), ('f:c', 'f:a'))
    """

    def rank(path: Path) -> list[tuple[bool, int, Any]]:
        return [(number < len(path) - 1, *_rank(element)) for number, element in enumerate(path)]

    return tuple(sorted(fields, key=rank))


@lru_cache(4096)
def _rank(element: str) -> tuple[int, Any]:
    """The sort key of a path element (`PathElement.Compare`); the empty one, of no known item, comes last."""
    if not element:
        return len(_KINDS), ""
    kind, rest = element[0], element[2:]
    if kind == "f":
        return 0, rest
    if kind == "i":
        return 3, int(rest)
    value = json.loads(rest)
    ranked = [(key, _value_rank(value[key])) for key in value] if kind == "k" else _value_rank(value)
    return _KINDS.index(kind), ranked


def _value_rank(value: object) -> tuple[int, object]:
    """Sort numbers before strings before booleans before the rest (`value.Compare`)."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, (int, float)):
        return 0, value
    return (1, value) if isinstance(value, str) else (3, _canonical_json(value))


def shown(path: Path) -> str:
    """A path as the server writes it in conflicts, for people to read.

    >>> shown(("f:spec", "f:ports", 'k:{"port":80,"protocol":"TCP"}', "f:name"))
    '.spec.ports[port=80,protocol="TCP"].name'
    """
    return "".join(map(_element_text, path))


def _element_text(element: str) -> str:
    """One path element as the server writes it: `.name`, `[0]` or `[key=value]`; an empty one is nothing."""
    kind, rest = element[:1], element[2:]
    if not kind:
        return ""
    if kind in "fi":
        return f".{rest}" if kind == "f" else f"[{rest}]"
    value = json.loads(rest)
    keys = value.items() if kind == "k" else (("", value),)
    return f"[{','.join(f'{key}={value_text(inner)}' for key, inner in keys)}]"


def value_text(value: object) -> str:
    """A value as the server writes it in messages (`value.ToString`)."""
    if isinstance(value, list):
        return f"[{','.join(map(value_text, value))}]"
    if isinstance(value, dict):
        return "".join(f"{key}={value_text(inner)}" for key, inner in value.items())
    return quote_text(value) if isinstance(value, str) else json.dumps(value)


def value_at(value: object, path: str) -> Any:
    """The value at a path that `shown` has written; None where nothing is.

    >>> pod = {"spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]}}
    >>> value_at(pod, '.spec.containers[name="b"].image'), value_at({"data": {"a.b": "1"}}, ".data.a.b")
    ('y', '1')
    """
    if not path:
        return value
    if item := _ITEM.match(path):
        items = value if isinstance(value, list) else ()
        return value_at(next((one for one in items if _matches(one, item[1])), None), path[item.end() :])
    # A key may have dots in it: the longest one that ends where a step of the path does.
    members = value if isinstance(value, dict) else {}
    rests = {key: path[1 + len(key) :] for key in members}
    keys = [key for key, rest in rests.items() if path[1:].startswith(key) and rest[:1] in ("", ".", "[")]
    key = max(keys, key=len, default=None)
    return None if key is None else value_at(members[key], rests[key])


def _matches(item: object, condition: str) -> bool:
    """Whether an item has the keys, or is the value, that brackets of a path ask for."""
    keys = {name: _json_or_text(text) for name, text in _KEY.findall(condition)}
    if "" in keys:
        return bool(item == keys[""])
    return isinstance(item, dict) and all(item.get(name, value) == value for name, value in keys.items())


def _json_or_text(text: str) -> object:
    """Read a text as JSON; one that is none stays a text."""
    with suppress(ValueError):
        return json.loads(text)
    return text
