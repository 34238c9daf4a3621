"""Schemas of OpenAPI v3.0, whose shape was looked at, as schemas of JSON Schema. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fkube.resource.info import Object

_TYPES = ("object", "array", "string", "integer", "number", "boolean")
_ONE, _SEVERAL = ("items", "not", "additionalProperties"), ("allOf", "anyOf", "oneOf")
_READ = frozenset(
    (
        *("enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties"),
        *("maxProperties", "uniqueItems", "required", "properties", *_ONE, *_SEVERAL),
    )
)
_OPENING = ("additionalProperties", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource")


def to_json_schema(schema: Any, places: Mapping[str, str], strict: bool) -> Any:
    """Convert an OpenAPI v3.0 schema to JSON Schema, in which any value may be null.

    `places`: where each schema is that others refer to. `strict`: a schema with properties forbids other
    fields, unless it says that it allows them. What JSON Schema would not understand is left out.

    >>> to_json_schema({"type": "string", "$ref": "#/components/schemas/none", "x": 1}, {}, True)
    {'type': ['string', 'null']}
    """
    if not isinstance(schema, Mapping):
        return schema is not False
    # A list without anything says nothing, where JSON Schema would take it for a mistake.
    given = {key: part for key, part in schema.items() if part is not None and part != []}
    convert = partial(to_json_schema, places=places, strict=strict)
    parts = {key: _convert_part(key, part, convert) for key, part in given.items() if key in _READ}
    place = places.get(given["$ref"].rpartition("/")[2]) if given.get("$ref") else None
    reference = {"$ref": place} if place else {}
    # A schema with properties allows no other fields, unless it says so.
    closed = strict and "properties" in given and not any(map(given.get, _OPENING))
    forbidden = {"additionalProperties": False} if closed else {}
    return {**_types(given), **parts, **_bounds(given), **reference, **forbidden}


def _convert_part(key: str, part: Any, convert: Callable[[Any], Any]) -> Any:
    """Convert what is under a key; `properties` is no schema, but has one for each field."""
    if key == "properties":
        return {name: convert(field) for name, field in part.items()}
    if key in _SEVERAL:
        return [*map(convert, part)]
    return convert(part) if key in _ONE else part


def _types(schema: Object) -> Object:
    """The types that a value may have; any field may be null: the server takes that for one not there."""
    free = schema.get("x-kubernetes-int-or-string")
    types = ["integer", "string"] if free else schema.get("type") or []
    known = [type for type in ([types] if isinstance(types, str) else types) if type in _TYPES]
    return {"type": [*known, "null"]} if known else {}


def _bounds(schema: Object) -> Object:
    """What is written otherwise: bounds that are not in the range, and patterns, which are Go's."""
    pairs = (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
    exclusive = {other: schema[key] for key, other in pairs if key in schema and schema.get(other) is True}
    multiple = {"multipleOf": schema["multipleOf"]} if schema.get("multipleOf", 0) > 0 else {}
    pattern = {"pattern": schema["pattern"]} if _is_pattern(schema.get("pattern")) else {}
    return {**exclusive, **multiple, **pattern}


def _is_pattern(text: str | None) -> bool:
    """Whether Python understands a pattern of Go; what it does not is left to the server."""
    try:
        return text is not None and re.compile(text) is not None
    except (re.error, OverflowError, RecursionError):
        return False
