"""Hypothesis strategies for merging: a schema to patch by, a type to own fields of, and their objects."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fkube.merging.fields import FieldSet, Type, fields_of
from fkube.merging.patches import Schema
from fkube.merging.patches.schema import MERGE_KEY, STRATEGY
from fkube.resource.info import Object

_MERGED = {STRATEGY: "merge", MERGE_KEY: "name"}
_ITEM = {"name": {}, "value": {}, "labels": {}, "items": {**_MERGED, "items": {"$ref": "#/a/Item"}}}
_VOLUME: Object = {"properties": {"name": {}, "disk": {}, "net": {}}}
_FIELDS: Mapping[str, Object] = {
    "kind": {},
    "size": {},
    "metadata": {"properties": {"labels": {}, "annotations": {}, "finalizers": {STRATEGY: "merge"}}},
    "items": {**_MERGED, "items": {"allOf": [{"$ref": "#/a/Item"}]}},
    "volumes": {STRATEGY: "merge,retainKeys", MERGE_KEY: "name", "items": _VOLUME},
    "update": {STRATEGY: "retainKeys", "properties": {"type": {}, "limit": {}}},
    "whole": {STRATEGY: "replace", "properties": {"a": {}, "b": {}}},
    "plain": {},
}
SCHEMA = Schema({"properties": _FIELDS}, {"Item": {"properties": _ITEM}})
"""A schema with lists that are merged by names, of texts, and replaced, and with maps of every kind."""

_TEXT = {"type": "string"}
_PORT = {"type": "object", "properties": {"port": {"type": "integer"}, "name": _TEXT}}
_SPEC = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "ports": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["port"],
            "items": _PORT,
        },
        "tags": {"type": "array", "x-kubernetes-list-type": "set", "items": _TEXT},
        "args": {"type": "array", "items": _TEXT},
        "labels": {"type": "object", "additionalProperties": _TEXT},
        "selector": {"type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": _TEXT},
        "free": {},
    },
}
TYPE = Type({"type": "object", "properties": {"spec": _SPEC}})
"""A type with lists and maps of every kind."""

_TEXTS = st.sampled_from(("a", "b", "c"))
_NUMBERS = st.integers(0, 3)
_MAPS = st.dictionaries(_TEXTS, _TEXTS, max_size=2)
_FILLED_MAPS = st.dictionaries(_TEXTS, _TEXTS, min_size=1, max_size=2)
_PORTS = st.fixed_dictionaries({"port": st.integers(1, 3)}, optional={"name": _TEXTS})


def schema_objects() -> SearchStrategy[Object]:
    """Objects of the schema `SCHEMA`.

    >>> from hypothesis import find
    >>> find(schema_objects(), lambda object: "items" in object)
    {'items': []}
    """
    finalizers = st.lists(_TEXTS, max_size=3, unique=True)
    return _objects(
        kind=_TEXTS,
        size=_NUMBERS,
        metadata=_objects(labels=_MAPS, annotations=_MAPS, finalizers=finalizers),
        items=_named_items(_items(2)),
        volumes=_named_items(_objects(name=_TEXTS, disk=_MAPS, net=_MAPS)),
        update=_objects(type=_TEXTS, limit=_NUMBERS),
        whole=_objects(a=_NUMBERS, b=_TEXTS),
        plain=st.lists(_NUMBERS | _objects(a=_NUMBERS), max_size=3),
    )


def repeating_objects() -> SearchStrategy[Object]:
    """Objects of the schema `SCHEMA` whose merged lists may have several items of one name."""
    inner = st.lists(_name_items(_objects(value=_NUMBERS)), max_size=2)
    items = _objects(value=_NUMBERS, items=inner)
    return _objects(
        size=_NUMBERS,
        metadata=_objects(finalizers=st.lists(_TEXTS, max_size=3)),
        items=st.lists(_name_items(items), max_size=3),
        whole=_objects(a=_NUMBERS),
    )


def typed_objects() -> SearchStrategy[Object]:
    """Objects of the type `TYPE`."""
    fields: Mapping[str, SearchStrategy[object]] = {
        "ports": st.lists(_PORTS, min_size=1, max_size=3, unique_by=lambda port: port["port"]),
        "tags": st.lists(_TEXTS, min_size=1, max_size=3, unique=True),
        "args": st.lists(_TEXTS, max_size=2),
        "labels": _FILLED_MAPS,
        "selector": _FILLED_MAPS,
        "free": st.one_of(_TEXTS, _FILLED_MAPS, st.lists(_TEXTS, max_size=2)),
    }
    return _objects(spec=st.fixed_dictionaries({"name": _TEXTS}, optional={**fields}))


def field_sets() -> SearchStrategy[FieldSet]:
    """Some of the fields of an object of the type `TYPE`, and ways to them."""

    def choose_fields(value: Object) -> SearchStrategy[FieldSet]:
        paths = fields_of(TYPE, value) | {("f:spec",), ("f:spec", "f:ports"), ("f:other", 'v:"x"', "i:0")}
        return st.frozensets(st.sampled_from(sorted(paths)), max_size=6)

    return typed_objects().flatmap(choose_fields)


def _objects(**fields: SearchStrategy[object]) -> SearchStrategy[Object]:
    """Objects with any of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def _items(depth: int) -> SearchStrategy[Object]:
    """Items with lists of items in them, `depth` levels deep."""
    inner = {"items": _named_items(_items(depth - 1))} if depth else {}
    return _objects(value=_NUMBERS, labels=_MAPS, **inner)


def _name_items(items: SearchStrategy[Object]) -> SearchStrategy[Object]:
    """Items with a name."""
    return st.builds(lambda item, name: {**item, "name": name}, items, _TEXTS)


def _named_items(items: SearchStrategy[Object]) -> SearchStrategy[list[Object]]:
    """Lists of items, each of another name."""
    pairs = st.lists(st.tuples(_TEXTS, items), max_size=3, unique_by=lambda pair: pair[0])
    return pairs.map(lambda named: [{**item, "name": name} for name, item in named])
