"""Custom resources against the structural schemas of their definitions: pruned, defaulted, validated. Pure.

Follows `pruning.PruneWithOptions`, `defaulting.Default` and `validation.ValidateCustomResource` of
apiextensions-apiserver, their messages included. Left out: CEL rules, formats, `not`, `anyOf` and their like.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from fkube.cluster.kinds.structure import EMBEDDED, properties
from fkube.cluster.statuses import FieldError, invalid_field, required_field, unsupported_field
from fkube.resource.dataclasses import replace
from fkube.resource.info import Object

Fitted: TypeAlias = tuple[Any, tuple[str, ...]]
"""A value without the fields that its schema does not specify (itself if there is none), and their paths."""

_OWN = frozenset({"apiVersion", "kind", "metadata"})
_FREE = "x-kubernetes-preserve-unknown-fields"


def fit_value(schema: Object, value: object, path: str = "", whole: bool = True) -> Fitted:
    """Prune a value to its schema, and fill in the schema's defaults.

    `path`: where the value is, the beginning of the paths of unknown fields.

    `whole`: the value is an object with metadata, not a part of one.
    Law: fit_value(s, fit_value(s, v)[0]) == (fit_value(s, v)[0], ())

    >>> fit_value({"properties": {"a": {"default": 1}}}, {"b": 2})
    ({'a': 1}, ('b',))
    """
    if isinstance(value, list):
        return _fit_list(schema.get("items") or {}, value, path)
    if isinstance(value, float) and value.is_integer():
        return int(value), ()
    if not isinstance(value, dict) or not schema:
        return value, ()
    return _fit_object(schema, value, path, whole)


def _fit_object(schema: Object, value: Object, path: str, whole: bool) -> Fitted:
    """Prune a map and fill in its defaults; `whole`: it is an object with metadata."""
    properties, rest = schema.get("properties") or {}, _other_fields(schema)
    known = _OWN if whole or schema.get(EMBEDDED) else frozenset()
    kept: dict[str, Any] = {}
    unknown: list[str] = []
    for key in sorted(value):
        inner = {} if key in known else properties.get(key, rest)
        at = f"{path}.{key}" if path else key
        if inner is None:
            unknown.append(at)
        elif value[key] is not None or inner.get("nullable") or not inner:
            kept[key], pruned = fit_value(inner, value[key], at, whole=False)
            unknown.extend(pruned)
    missing = {key: s["default"] for key, s in properties.items() if key not in kept and "default" in s}
    same = not missing and len(kept) == len(value) and all(kept[key] is value[key] for key in kept)
    return value if same else {**kept, **missing}, tuple(unknown)


def _other_fields(schema: Object) -> Object | None:
    """The schema of fields that `properties` does not list; None where there may be none."""
    other = schema.get("additionalProperties")
    return other if isinstance(other, dict) else {} if other or schema.get(_FREE) else None


def _fit_list(schema: Object, value: list[Any], path: str) -> Fitted:
    """Prune the items of a list; `schema`: that of the items."""
    fitted = [fit_value(schema, item, f"{path}[{n}]", whole=False) for n, item in enumerate(value)]
    same = all(kept is item for (kept, _), item in zip(fitted, value, strict=True))
    return value if same else [kept for kept, _ in fitted], tuple(at for _, paths in fitted for at in paths)


def schema_errors(schema: Object, value: object, path: str = "") -> Iterator[FieldError]:
    """Yield what the schema forbids in a value, in the order of its fields; `path`: where the value is.

    >>> list(map(str, schema_errors({"required": ["spec"]}, {})))
    ['spec: Required value']
    """
    if value is None and schema.get("nullable"):
        return
    types = _allowed_types(schema)
    if types and not any(_has_type(type, value) for type in types):
        yield from _type_errors(path, types, value)
    elif isinstance(value, dict):
        yield from _object_errors(schema, value, path)
    elif isinstance(value, list):
        yield from _list_errors(schema, value, path)
    elif isinstance(value, str):
        yield from _string_errors(schema, value, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _number_errors(schema, value, path)
    if value is not None and schema.get("enum") and value not in schema["enum"]:
        yield unsupported_field(path, value, schema["enum"])


def default_errors(schema: Object, path: str) -> Iterator[FieldError]:
    """Yield which defaults are not what their schemas ask for; those within metadata are not looked at."""
    value, place = schema.get("default"), f"{path}.default"
    if value is not None:
        if fit_value(schema, value, whole=bool(schema.get(EMBEDDED)))[1]:
            yield invalid_field(place, value, "must not have unknown fields")
        typed = ("apiVersion", "kind") if schema.get(EMBEDDED) and isinstance(value, dict) else ()
        missing = [required_field(f"{place}.{key}") for key in typed if not value.get(key)]
        yield from missing or (_move_error(error, place) for error in schema_errors(schema, value))
    for end, inner in properties(schema):
        if not (schema.get(EMBEDDED) and end[11:-1] in ("metadata", "kind", "apiVersion")):
            yield from default_errors(inner, f"{path}.{end}")
    if isinstance(schema.get("items"), dict):
        yield from default_errors(schema["items"], f"{path}.items")


def _move_error(error: FieldError, place: str) -> FieldError:
    """The error of a value at the place of a default; in its message the path is that within the value."""
    if error.field in ("", "<nil>"):
        return replace(error, field=place, message=error.message.replace("<nil> in body", " in body"))
    return replace(error, field=f"{place}{'' if error.field[0] == '[' else '.'}{error.field}")


def _allowed_types(schema: Object) -> tuple[str, ...]:
    """The types that a schema allows; none: any."""
    if schema.get("x-kubernetes-int-or-string"):
        return ("integer", "string")
    return (schema["type"],) if schema.get("type") else ()


def _has_type(type: str, value: object) -> bool:
    """Whether a value has a type of JSON Schema; a whole float is an integer, a boolean is no number."""
    if type == "integer" and isinstance(value, float):
        return value.is_integer()
    number = type in ("integer", "number")
    return isinstance(value, _PYTHON.get(type, object)) and not (number and isinstance(value, bool))


_PYTHON: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "integer": int,
    "number": (int, float),
}
"""The Python types of the types of JSON Schema."""


def _type_errors(path: str, types: tuple[str, ...], value: object) -> Iterator[FieldError]:
    """Yield that a value has none of the allowed types."""
    type, at = next((type for type in _PYTHON if _has_type(type, value)), "null"), path or "<nil>"
    why = f'{at} in body must be of type {",".join(types)}: "{type}"'
    yield FieldError(at, "FieldValueTypeInvalid", f'Invalid value: "{type}": {why}')
    # For a fraction in place of an integer, Go's validation has two messages.
    if types == ("integer",) and type == "number":
        yield invalid_field("<nil>", "", f"Checked value must be of type integer (default format) in {path}")


def _object_errors(schema: Object, value: Object, path: str) -> Iterator[FieldError]:
    """Yield which required fields a map lacks, what is wrong in its fields, and a wrong number of them."""
    prefix = f"{path}." if path else ""
    properties, rest = schema.get("properties") or {}, schema.get("additionalProperties")
    # A null is as good as nothing there: Go's validation prunes it where it may not be.
    nullable = {key for key, inner in properties.items() if inner.get("nullable")}
    given = {key: inner for key, inner in value.items() if inner is not None or key in nullable}
    yield from (required_field(f"{prefix}{key}") for key in schema.get("required") or () if key not in given)
    for key in sorted(given):
        inner = properties.get(key, rest)
        if isinstance(inner, dict):
            yield from schema_errors(inner, given[key], f"{prefix}{key}")
    yield from _size_errors(schema, "Properties", len(value), path)


def _list_errors(schema: Object, value: list[Any], path: str) -> Iterator[FieldError]:
    """Yield what is wrong in the items of a list, a wrong number of them, and keys that come twice."""
    for number, item in enumerate(value):
        yield from schema_errors(schema.get("items") or {}, item, f"{path}[{number}]")
    yield from _size_errors(schema, "Items", len(value), path)
    mapped = schema.get("x-kubernetes-list-type") == "map"
    keys = sorted(schema.get("x-kubernetes-list-map-keys") or ()) if mapped else []
    keyed = [{key: one[key] for key in keys if key in one} for one in value if keys and isinstance(one, dict)]
    names = [json.dumps(own, separators=(",", ":")) for own in keyed]
    for number, name in enumerate(names):
        # The third of a name is not reported again.
        if names[:number].count(name) == 1:
            yield FieldError(f"{path}[{number}]", "FieldValueDuplicate", f"Duplicate value: {name}")


def _size_errors(schema: Object, unit: str, size: int, path: str) -> Iterator[FieldError]:
    """Yield that a collection has too few or too many members; `unit`: `Items` or `Properties`."""
    low, high, units = schema.get(f"min{unit}"), schema.get(f"max{unit}"), unit.lower()
    if high is not None and size > high:
        yield FieldError(path, "FieldValueTooMany", f"Too many: {size}: must have at most {high} {units}")
    if low is not None and size < low:
        yield invalid_field(path, size, f"{path} in body should have at least {low} {units}")


def _number_errors(schema: Object, value: float, path: str) -> Iterator[FieldError]:
    """Yield that a number is below the schema's minimum or above its maximum."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and value < low:
        yield invalid_field(path, value, f"{path} in body should be greater than or equal to {low}")
    if high is not None and value > high:
        yield invalid_field(path, value, f"{path} in body should be less than or equal to {high}")


def _string_errors(schema: Object, value: str, path: str) -> Iterator[FieldError]:
    """Yield that a text is too long, too short, or does not match the schema's pattern."""
    low, high, pattern = schema.get("minLength"), schema.get("maxLength"), schema.get("pattern")
    if high is not None and len(value) > high:
        yield FieldError(path, "FieldValueTooLong", f"Too long: may not be more than {high} bytes")
    elif low is not None and len(value) < low:
        yield invalid_field(path, value, f"{path} in body should be at least {low} chars long")
    elif pattern and not _matches(pattern, value):
        yield invalid_field(path, value, f"{path} in body should match '{pattern}'")


def _matches(pattern: str, value: str) -> bool:
    """Whether a pattern matches; one that Python can't read, being Go's, matches anything."""
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return True
