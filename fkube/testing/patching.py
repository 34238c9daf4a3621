"""Hypothesis strategies for patches: a schema with every way of patching, and objects of its types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fkube.merging.patches import Schema
from fkube.merging.patches.schema import MERGE_KEY, STRATEGY
from fkube.resource.info import Object

_MERGED = {STRATEGY: "merge", MERGE_KEY: "name"}
_ITEM = {"name": {}, "value": {}, "labels": {}, "items": {**_MERGED, "items": {"$ref": "#/a/Item"}}}
_VOLUME: Object = {"properties": {"name": {}, "disk": {}, "net": {}}}
_FIELDS: Mapping[str, Any] = {
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
_TEXTS = st.sampled_from(("a", "b", "c"))
_NUMBERS = st.integers(0, 3)
_MAPS = st.dictionaries(_TEXTS, _TEXTS, max_size=2)


def schemas() -> SearchStrategy[Schema]:
    """The schema of which `typed_objects` are."""
    return st.just(SCHEMA)


def typed_objects() -> SearchStrategy[Object]:
    """Objects with lists that are merged by names, of texts, and replaced; with maps of every kind.

    >>> from hypothesis import find
    >>> find(typed_objects(), lambda object: "items" in object)
    {'items': []}
    """
    volumes = _some(name=_TEXTS, disk=_MAPS, net=_MAPS)
    fields = {
        "kind": _TEXTS,
        "size": _NUMBERS,
        "metadata": _some(
            labels=_MAPS, annotations=_MAPS, finalizers=st.lists(_TEXTS, max_size=3, unique=True)
        ),
        "items": _named(_items(2)),
        "volumes": _named(volumes),
        "update": _some(type=_TEXTS, limit=_NUMBERS),
        "whole": _some(a=_NUMBERS, b=_TEXTS),
        "plain": st.lists(_NUMBERS | _some(a=_NUMBERS), max_size=3),
    }
    return st.fixed_dictionaries({}, optional=fields)


def _some(**fields: SearchStrategy[Any]) -> SearchStrategy[Object]:
    return st.fixed_dictionaries({}, optional=fields)


def _items(depth: int) -> SearchStrategy[Object]:
    inner = {"items": _named(_items(depth - 1))} if depth else {}
    return _some(value=_NUMBERS, labels=_MAPS, **inner)


def _named(items: SearchStrategy[Object]) -> SearchStrategy[list[Object]]:
    """Lists of items, each of another name."""
    pairs = st.lists(st.tuples(_TEXTS, items), max_size=3, unique_by=lambda pair: pair[0])
    return pairs.map(lambda found: [{**item, "name": name} for name, item in found])
