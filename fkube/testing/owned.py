"""Strategies of typed values, and of sets of their fields: what the laws of field sets quantify over."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fkube.merging.fields import FieldSet, Type, fields_of
from fkube.resource.info import Object

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
SPEC = Type({"type": "object", "properties": {"spec": _SPEC}})
"""A type with lists and maps of every kind."""

_texts = st.sampled_from(["a", "b", "c"])
_maps = st.dictionaries(_texts, _texts, min_size=1, max_size=2)
_ports = st.fixed_dictionaries({"port": st.integers(1, 3)}, optional={"name": _texts})


def owned_values() -> SearchStrategy[Object]:
    """Objects of the type `SPEC`."""
    fields: dict[str, SearchStrategy[Any]] = {
        "ports": st.lists(_ports, min_size=1, max_size=3, unique_by=lambda one: one["port"]),
        "tags": st.lists(_texts, min_size=1, max_size=3, unique=True),
        "args": st.lists(_texts, max_size=2),
        "labels": _maps,
        "selector": _maps,
        "free": st.one_of(_texts, _maps, st.lists(_texts, max_size=2)),
    }
    spec = st.fixed_dictionaries({"name": _texts}, optional=fields)
    return st.fixed_dictionaries({}, optional={"spec": spec})


def field_sets() -> SearchStrategy[FieldSet]:
    """Some of the fields of such an object, and ways to them."""

    def some(value: Object) -> SearchStrategy[FieldSet]:
        paths = fields_of(SPEC, value) | {("f:spec",), ("f:spec", "f:ports"), ("f:other", 'v:"x"', "i:0")}
        return st.frozensets(st.sampled_from(sorted(paths)), max_size=6)

    return owned_values().flatmap(some)
