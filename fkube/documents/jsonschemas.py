"""Schemas of OpenAPI v3.0, whose shape was looked at, as schemas of JSON Schema. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from fkube.resource.info import Object

_TYPES = ("object", "array", "string", "integer", "number", "boolean")
_VALUES = (
    *("enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties"),
    *("maxProperties", "uniqueItems", "required"),
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
    given = {key: part for key, part in schema.items() if part is not None}
    convert = partial(to_json_schema, places=places, strict=strict)
    reference = places.get(given["$ref"].rpartition("/")[2]) if given.get("$ref") else None
    # A schema with properties allows no other fields, unless it says so.
    closed = strict and "properties" in given and not any(map(given.get, _OPENING))
    return {
        **{key: given[key] for key in _VALUES if key in given},
        **({"additionalProperties": False} if closed else {}),
        **_types(given),
        **_bounds(given),
        **({"$ref": reference} if reference else {}),
        **{key: convert(given[key]) for key in ("items", "not", "additionalProperties") if key in given},
        **{key: [*map(convert, given[key])] for key in ("allOf", "anyOf", "oneOf") if given.get(key)},
        **{key: {k: convert(v) for k, v in given[key].items()} for key in ("properties",) if key in given},
    }


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
