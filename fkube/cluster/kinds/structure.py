"""Which schemas of definitions are structural: types everywhere, and logic that only restricts them. Pure.

Follows `ValidateStructural` of apiextensions-apiserver, whose messages these are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fkube.cluster.statuses import FieldError, forbidden_field, invalid_field, required_field
from fkube.merging.schemashape import list_in, map_in
from fkube.resource.info import Object
from fkube.syntax.gopattern import pattern_problem

FREE = "x-kubernetes-preserve-unknown-fields"
EMBEDDED, INT_OR_STRING = "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string"
LISTS, MAPS, KEYS = "x-kubernetes-list-type", "x-kubernetes-map-type", "x-kubernetes-list-map-keys"
_Errors = Iterator[FieldError]
_NUMBER_OR_TEXT = [{"type": "integer"}, {"type": "string"}]
_UNTYPED = {
    "root": "must not be empty at the root",
    "item": "must not be empty for specified array items",
    "field": "must not be empty for specified object fields",
}
_NESTED = {
    "type": "must be empty to be structural",
    "title": "must be empty to be structural",
    "description": "must be empty to be structural",
    "nullable": "must be false to be structural",
    FREE: "must be false to be structural",
    EMBEDDED: "must be false to be structural",
    INT_OR_STRING: "must be false to be structural",
    KEYS: "must be empty to be structural",
    "x-kubernetes-validations": "must be empty to be structural",
}
"""What may not be within `allOf`, `anyOf`, `oneOf` and `not`, where it is more than nothing."""
_NEVER = dict.fromkeys(("default", LISTS, MAPS), "must be undefined to be structural")
"""What may not be there either, whatever it is."""


def structure_errors(schema: Object, path: str) -> _Errors:
    """Yield what makes the schema of objects no structural one.

    >>> list(map(str, structure_errors({"type": "object", "properties": {"a": {}}}, "s")))
    ['s.properties[a].type: Required value: must not be empty for specified object fields']
    """
    yield from _structure_errors(schema, "root", path)
    yield from _missing_errors(schema, schema, path, path)


def properties(schema: Object) -> Iterator[tuple[str, Object]]:
    """The fields of a schema that have schemas of their own, each with the end of its path."""
    yield from ((f"properties[{key}]", inner) for key, inner in sorted(map_in(schema, "properties").items()))


def junctors(schema: Object) -> Iterator[tuple[str, Object]]:
    """The schemas that a schema joins by logic, each with the end of its path."""
    for key in ("allOf", "anyOf", "oneOf"):
        yield from ((f"{key}[{number}]", inner) for number, inner in enumerate(list_in(schema, key)))
    if isinstance(schema.get("not"), dict):
        yield "not", schema["not"]


def _structure_errors(schema: Object, level: str, path: str) -> _Errors:
    """Yield what is wrong with a schema and those below it; `level`: `root`, `item` or `field`."""
    items, others = schema.get("items"), schema.get("additionalProperties")
    if schema.get("type") == "array" and items is None:
        yield required_field(f"{path}.items", "must be specified")
    if isinstance(items, dict):
        yield from _structure_errors(items, "item", f"{path}.items")
    for end, inner in properties(schema):
        yield from _structure_errors(inner, "field", f"{path}.{end}")
    if others is not None and level == "root":
        yield forbidden_field(f"{path}.additionalProperties", "must not be used at the root")
    if isinstance(others, dict):
        yield from _structure_errors(others, "field", f"{path}.additionalProperties")
    yield from _own_errors(schema, level, path)
    if level == "root" or schema.get(EMBEDDED):
        yield from _type_meta_errors(schema, path)
    yield from _metadata_errors(schema, level, path)


def _own_errors(schema: Object, level: str, path: str) -> _Errors:
    """Yield what is wrong with a schema itself."""
    type, free, embedded = (schema.get(key) for key in ("type", FREE, EMBEDDED))
    yield from _extension_errors(schema, path)
    yield from _logic_errors(schema, path)
    if embedded and type != "object":
        why = f"must be object if {EMBEDDED} is true"
        yield invalid_field(f"{path}.type", type, why) if type else required_field(f"{path}.type", why)
    elif not type and not schema.get(INT_OR_STRING) and not free:
        yield required_field(f"{path}.type", _UNTYPED[level])
    if level == "root" and type and type != "object":
        yield invalid_field(f"{path}.type", type, "must be object at the root")
    if embedded and schema.get("additionalProperties") is not None:
        yield forbidden_field(f"{path}.additionalProperties", f"must not be used if {EMBEDDED} is set")
    if embedded and not free and not schema.get("properties"):
        yield required_field(f"{path}.properties", f"must not be empty if {EMBEDDED} is true without {FREE}")


def _extension_errors(schema: Object, path: str) -> _Errors:
    """Yield the extensions that a schema of numbers or texts may not have. Follows `validateExtensions`."""
    for key in (FREE, EMBEDDED) if schema.get(INT_OR_STRING) else ():
        if schema.get(key):
            yield invalid_field(f"{path}.{key}", True, f"must be false if {INT_OR_STRING} is true")


def _type_meta_errors(schema: Object, path: str) -> _Errors:
    """Yield which of kind and version of an object is no text."""
    for key in ("kind", "apiVersion"):
        found = map_in(schema, "properties").get(key)
        if found is not None and found.get("type") != "string":
            place = f"{path}.properties[{key}].type"
            yield invalid_field(place, found.get("type") or "", "must be string")


def _metadata_errors(schema: Object, level: str, path: str) -> _Errors:
    """Yield what is wrong with the schema of metadata: at the root it restricts names only."""
    metadata, place = map_in(schema, "properties").get("metadata"), f"{path}.properties[metadata]"
    if metadata is None:
        return
    if (level == "root" or schema.get(EMBEDDED)) and metadata.get("type") != "object":
        yield invalid_field(f"{place}.type", metadata.get("type") or "", "must be object")
    names = map_in(metadata, "properties").keys() <= {"name", "generateName"}
    aside = ("type", "default", *(("properties",) if names else ()))
    if level == "root" and any(value for key, value in metadata.items() if key not in aside):
        why = (
            "must not specify anything other than name and generateName, but metadata is implicitly specified"
        )
        yield forbidden_field(place, why)


def _logic_errors(schema: Object, path: str, first: bool = True) -> _Errors:
    """Yield what is wrong in the schemas that a schema joins by logic, and in its pattern.

    `first`: whether a number or a text may be what `anyOf`, or that of the first in `allOf`, says.
    """
    for end, inner in junctors(schema):
        if not (first and end.startswith("anyOf") and schema["anyOf"] == _NUMBER_OR_TEXT):
            within = end == "allOf[0]" and first and inner.get("anyOf") == _NUMBER_OR_TEXT
            yield from _nested_errors(inner, f"{path}.{end}", within)
    pattern = schema.get("pattern") or ""
    if problem := pattern_problem(pattern):
        why = f"must be a valid regular expression, but isn't: error parsing regexp: {problem}"
        yield invalid_field(f"{path}.pattern", pattern, why)


def _nested_errors(schema: Object, path: str, first: bool = False) -> _Errors:
    """Yield what is wrong with a schema joined by logic. Follows `validateNestedValueValidation`."""
    yield from _logic_errors(schema, path, first)
    if isinstance(schema.get("items"), dict):
        yield from _nested_errors(schema["items"], f"{path}.items")
    for end, inner in properties(schema):
        yield from _nested_errors(inner, f"{path}.{end}")
    others = schema.get("additionalProperties")
    yield from (forbidden_field(f"{path}.{key}", why) for key, why in _NESTED.items() if schema.get(key))
    yield from (
        forbidden_field(f"{path}.{key}", why) for key, why in _NEVER.items() if schema.get(key) is not None
    )
    if others or isinstance(others, dict):
        yield forbidden_field(f"{path}.additionalProperties", "must be undefined to be structural")
    if "metadata" in map_in(schema, "properties"):
        yield forbidden_field(f"{path}.properties[metadata]", "must not be specified in a nested context")


def _missing_errors(logic: Object, schema: Any, path: str, place: str) -> _Errors:
    """Yield what logic speaks of and the schema does not have; `place`: the path of the logic.

    Follows `validateValueValidationCompleteness`.
    """
    for end, inner in junctors(logic):
        yield from _nested_missing(inner, schema, path, f"{place}.{end}")


def _nested_missing(logic: Object, schema: Any, path: str, place: str) -> _Errors:
    """Yield what one schema joined by logic speaks of and the schema does not have."""
    if not isinstance(schema, dict):
        yield required_field(path, f"because it is defined in {place}")
        return
    yield from _missing_errors(logic, schema, path, place)
    if isinstance(logic.get("items"), dict):
        yield from _nested_missing(logic["items"], schema.get("items"), f"{path}.items", f"{place}.items")
    for key, (end, inner) in zip(sorted(map_in(logic, "properties")), properties(logic), strict=True):
        found = map_in(schema, "properties").get(key)
        yield from _nested_missing(inner, found, f"{path}.{end}", f"{place}.{end}")
