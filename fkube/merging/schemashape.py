"""The shape that schemas of OpenAPI v3 have, as they come from a server or a file. Pure.

Only what is read of a schema by those who patch, merge and validate by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fkube.resource.info import Object
from fkube.syntax.misfits import Shape, find_misfit

KIND = "x-kubernetes-group-version-kind"
_TEXTS = (
    *("format", "pattern", "$ref", "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key"),
    *("x-kubernetes-list-type", "x-kubernetes-map-type"),
)
_NUMBERS = ("minimum", "maximum", "multipleOf")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_FLAGS = (
    *("exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "nullable", "x-kubernetes-int-or-string"),
    *("x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"),
)
_GROUP_VERSION_KIND = {"group": str, "version": str, "kind": str, "!": ["version", "kind"]}

SCHEMA: dict[str, Shape] = {
    **dict.fromkeys(_TEXTS, str),
    "type": (str, [str]),
    **dict.fromkeys(_NUMBERS, (int, float)),
    **dict.fromkeys(_COUNTS, int),
    **dict.fromkeys(_FLAGS, bool),
    **{key: [str] for key in ("required", "x-kubernetes-list-map-keys")},
    "enum": list,
}
"""The shape of one schema; those within it have the same."""
# A shape that holds itself can't be written down in one piece.
SCHEMA |= {
    **{key: [SCHEMA] for key in ("allOf", "anyOf", "oneOf")},
    "items": SCHEMA,
    "not": SCHEMA,
    "properties": {"*": SCHEMA},
    "additionalProperties": (bool, SCHEMA),
}
INDEX: Shape = {"paths": {"*": {"serverRelativeURL": str, "!": ["serverRelativeURL"]}}, "!": ["paths"]}
"""The shape of the index of a server's documents."""
SCHEMAS: Shape = {"components": {"schemas": {"*": SCHEMA | {KIND: [_GROUP_VERSION_KIND]}}}}
"""The shape of a document as far as its schemas go."""
_PATH = {"patch": {KIND: dict, "requestBody": {"content": {"*": object}}}}
DOCUMENT: Shape = {"paths": {"*": _PATH}, **SCHEMAS, "!": ["paths"]}
"""The shape of a document of OpenAPI v3: of its schemas, and of how objects are patched."""


def document_problem(document: Any) -> str:
    """Why data is no OpenAPI document whose schemas can be used: the place in it; empty if it is one.

    >>> document_problem({"components": {"schemas": {"A": {"properties": []}}}})
    'its components.schemas.A.properties has another shape than schemas have'
    """
    wrong = find_misfit(document, SCHEMAS)
    if wrong is not None:
        return f"its {wrong or 'whole'} has another shape than schemas have"
    endless = _find_endless(map_in(document, "components", "schemas"))
    return f"its schema {endless} leads back to itself by references alone" if endless else ""


def _find_endless(schemas: Object) -> str:
    """The first schema that leads to itself without going down in a value; empty if none does."""
    leads = {name: frozenset(_references(schema or {})) & schemas.keys() for name, schema in schemas.items()}
    while ended := [name for name, others in leads.items() if not others & leads.keys()]:
        leads = {name: others for name, others in leads.items() if name not in frozenset(ended)}
    return next(iter(leads), "")


def _references(schema: Object) -> Iterator[str]:
    """The names of the schemas that a value of this one has to keep too."""
    if name := str(schema.get("$ref") or "").rpartition("/")[2]:
        yield name
    for key in ("allOf", "anyOf", "oneOf"):
        for part in list_in(schema, key):
            yield from _references(part)
    yield from _references(map_in(schema, "not")) if "not" in schema else ()


def map_in(value: Any, *keys: str) -> Object:
    """The map under these keys of a map, one in another; an empty one where there is none.

    >>> map_in({"a": {"b": {"c": 1}}}, "a", "b"), map_in({"a": 1}, "a", "b"), map_in(None, "a")
    ({'c': 1}, {}, {})
    """
    for key in keys:
        value = value.get(key) if isinstance(value, _MAPS) else None
    return value if isinstance(value, _MAPS) else {}


_MAPS = (dict, Mapping)
"""Most are a dict, which is sooner told than any mapping."""


def list_in(value: Object, key: str) -> list[Any]:
    """The list under a key of a map; an empty one where there is none."""
    found = value.get(key)
    return found if isinstance(found, list) else []


def reference(schema: Object) -> str:
    """The name of the schema that another one refers to, maybe wrapped in an `allOf`; empty if to none.

    >>> reference({"allOf": [{"$ref": "#/components/schemas/io.k8s.api.core.v1.Pod"}], "default": {}})
    'io.k8s.api.core.v1.Pod'
    """
    name, wrapped = schema.get("$ref"), schema.get("allOf")
    if not name and isinstance(wrapped, list) and len(wrapped) == 1:
        name = map_in(wrapped[0]).get("$ref")
    return name.rpartition("/")[2] if isinstance(name, str) else ""
