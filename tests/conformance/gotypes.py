"""Types of structured-merge-diff, as its tests write them, as the types of OpenAPI that fkube reads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

from fkube.merging.fields import Type

ATOMIC, DEDUCED = "__untyped_atomic_", "__untyped_deduced_"
RAW = {"$ref": "#/a.pkg.runtime.RawExtension"}
FORMS = {"map": "object", "list": "array"}
SCALARS = {"numeric": "number"}

Schema = dict[str, Any]
Types = Mapping[str, Schema]
"""The named types of a schema."""


@lru_cache(None)
def read_type(text: str) -> Type:
    """The type that a recorder has written: named types, and a reference to one."""
    given = yaml.load(text, yaml.CSafeLoader)
    types = {each["name"]: each for each in given["types"] or ()}
    schemas = {_place(types, name): _schema(types, atom) for name, atom in types.items()}
    return Type(_referred(types, given["ref"]), schemas)


def _place(types: Types, name: str) -> str:
    """The name of a type without what references can't have."""
    return f"type-{list(types).index(name)}"


def _referred(types: Types, reference: Schema) -> Schema:
    """The schema of a reference to a type, which may change how its members belong together."""
    name, relation = reference.get("namedType"), reference.get("elementRelationship")
    if name in (ATOMIC, DEDUCED):
        return RAW if name == ATOMIC else {}
    atom = types.get(name, {}) if name else reference
    if relation and "list" in atom:
        return _schema(types, {**atom, "list": {**atom["list"], "elementRelationship": relation}})
    beside = {"x-kubernetes-map-type": "atomic" if relation == "atomic" else "granular"} if relation else {}
    return {**({"$ref": f"#/{_place(types, name)}"} if name in types else _schema(types, atom)), **beside}


def _schema(types: Types, atom: Schema) -> Schema:
    """The schema of an atom: one of a map, a list and a scalar, or several of them."""
    forms = [form for form in ("map", "list", "scalar") if form in atom]
    inner = (atom.get("map") or {}).get("elementType") or {}
    if len(forms) == 3 and inner.get("namedType") in (ATOMIC, DEDUCED) and not atom["map"].get("fields"):
        return _referred(types, inner)
    scalar = atom.get("scalar")
    type = {"type": FORMS.get(forms[0]) or SCALARS.get(scalar or "", scalar)} if len(forms) == 1 else {}
    maps = _map(types, atom["map"]) if "map" in atom else {}
    return {**type, **maps, **(_list(types, atom["list"]) if "list" in atom else {})}


def _map(types: Types, given: Schema) -> Schema:
    """What the schema of a map has."""
    rest = _referred(types, given["elementType"]) if given.get("elementType") else False
    relation = {"x-kubernetes-map-type": "atomic"} if given.get("elementRelationship") == "atomic" else {}
    fields = {each["name"]: _field(types, each) for each in given.get("fields") or ()}
    return {"properties": fields, "additionalProperties": True if rest == {} else rest, **relation}


def _field(types: Types, given: Schema) -> Schema:
    """The schema of a field, with its default."""
    schema = _referred(types, given.get("type") or {})
    if "default" not in given:
        return schema
    return {**({"allOf": [schema]} if "$ref" in schema else schema), "default": given["default"]}


def _list(types: Types, given: Schema) -> Schema:
    """What the schema of a list has."""
    keys = given.get("keys") or []
    kind = "atomic" if given.get("elementRelationship") != "associative" else "map" if keys else "set"
    named = {"x-kubernetes-list-map-keys": keys} if keys else {}
    return {
        "items": _referred(types, given.get("elementType") or {}),
        "x-kubernetes-list-type": kind,
        **named,
    }
