"""Objects of built-in kinds: their fields checked against the recorded schemas, as Go's decoder does. Pure.

A field that a schema does not know is dropped and told of, so is null; a value of the wrong type is an error
in the words of Go's `encoding/json`.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from fkube.cluster.kinds import recorded
from fkube.cluster.writing.bodies import json_type
from fkube.resource.info import Object


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a path. `why` empty: an unknown field; `got` else: what was there instead of `why`.

    `field` is the path as Go tells it (no indexes, no keys of maps), `struct` the type that has the field.
    """

    path: str
    why: str = ""
    got: str = ""
    field: str = ""
    struct: str = ""

    def __str__(self) -> str:
        where = f"Go struct field {self.struct}.{self.field}" if self.field else "Go value"
        return f"json: cannot unmarshal {self.got} into {where} of type {self.why}" if self.got else self.why


Checked: TypeAlias = tuple[Any, tuple[Problem, ...]]
"""A value without what its schema does not know (itself where that is nothing), and what is wrong with it."""

_STRING = {"type": "string"}
_QUANTITY = re.compile(r"[+-]?[0-9.]+([eEinumkKMGTP]*[-+]?[0-9]*)")
_BAD_QUANTITY = r"quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
_RANGES = {"int32": 31, "int64": 63}


def check_value(schema: Object, value: Any) -> Checked:
    """A value against a schema.

    Law: without problems the value is returned as it is, unless a field is null or an empty map or list.

    >>> check_value({"properties": {"a": {"type": "string"}}}, {"a": "x", "b": 1})
    ({'a': 'x'}, (Problem(path='b', why='', got='', field='', struct=''),))
    """
    name = schema.get("$ref", "")
    if name:
        schema = recorded()["schemas"][name]
    if "properties" in schema:
        return (
            _check_struct(schema["properties"], name, value)
            if isinstance(value, dict)
            else _wrong_type(schema, name, value)
        )
    check = _CHECKS.get(schema.get("format", "")) or _CHECKS.get(schema.get("type", ""))
    return check(schema, value) if check else _check_quantity(name, value)


def _check_struct(properties: Object, name: str, value: Object) -> Checked:
    kept: dict[str, Any] = {}
    problems: list[Problem] = []
    same = True
    for key, inner in value.items():
        schema = properties.get(key)
        if schema is None:
            problems.append(Problem(key))
        elif type(inner) is str and schema == _STRING:
            kept[key] = inner
        elif inner is not None and (inner or not _is_omitted(schema, inner)):
            kept[key], wrong = check_value(schema, inner)
            same = same and kept[key] is inner
            if wrong:
                problems.extend(_problem_in_field(problem, key, name) for problem in wrong)
    return (value if same and len(kept) == len(value) else kept), tuple(problems)


def _is_omitted(schema: Object, value: Any) -> bool:
    """Whether Go's `omitempty` leaves the value out: an empty list or map, not an empty struct."""
    if isinstance(value, list):
        return schema.get("type") == "array"
    return isinstance(value, dict) and "additionalProperties" in schema


def _problem_in_field(problem: Problem, key: str, name: str) -> Problem:
    rest = problem.path and (problem.path if problem.path[0] == "[" else f".{problem.path}")
    field = f"{key}.{problem.field}" if problem.field else key
    return replace(problem, path=key + rest, field=field, struct=problem.struct or name.rpartition(".")[2])


def _check_map(schema: Object, value: Any) -> Checked:
    if not isinstance(value, dict):
        return _wrong_type(schema, "", value)
    inner = schema.get("additionalProperties")
    if not isinstance(inner, dict):
        return value, ()
    if inner == _STRING and all(type(item) is str for item in value.values()):
        return value, ()
    # To Go null is the zero value of a map's entry.
    filled = ((key, "" if item is None and inner == _STRING else item) for key, item in value.items())
    found = [(key, value[key], *check_value(inner, item)) for key, item in filled]
    problems = tuple(_problem_within(p, key) for key, _, _, wrong in found for p in wrong)
    same = all(kept is item for _, item, kept, _ in found)
    return value if same else {key: kept for key, _, kept, _ in found}, problems


def _check_list(schema: Object, value: Any) -> Checked:
    if not isinstance(value, list):
        return _wrong_type(schema, "", value)
    found = [(item, *check_value(schema.get("items", {}), item)) for item in value]
    problems = tuple(_problem_within(p, f"[{n}]") for n, (_, _, wrong) in enumerate(found) for p in wrong)
    same = all(kept is item for item, kept, _ in found)
    return value if same else [kept for _, kept, _ in found], problems


def _problem_within(problem: Problem, key: str) -> Problem:
    joint = "." if problem.path and problem.path[0] != "[" else ""
    return replace(problem, path=f"{key}{joint}{problem.path}")


def _check_string(schema: Object, value: Any) -> Checked:
    return (value, ()) if isinstance(value, str) or value is None else _wrong_type(schema, "", value)


def _check_boolean(schema: Object, value: Any) -> Checked:
    return (value, ()) if isinstance(value, bool) or value is None else _wrong_type(schema, "", value)


def _check_integer(schema: Object, value: Any) -> Checked:
    if not isinstance(value, int) or isinstance(value, bool):
        return (value, ()) if value is None else _wrong_type(schema, "", value)
    limit = 2 ** _RANGES.get(schema.get("format", ""), 63)
    fits = -limit <= value < limit
    return (value, ()) if fits else (value, (Problem("", go_type(schema), f"number {value}"),))


def _check_number(schema: Object, value: Any) -> Checked:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    return (value, ()) if fits or value is None else _wrong_type(schema, "", value)


def _check_bytes(schema: Object, value: Any) -> Checked:
    if not isinstance(value, str):
        return (value, ()) if value is None else _wrong_type(schema, "", value)
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        at = re.search(r"[^A-Za-z0-9+/]|$", value)
        position = at.start() if at else 0
        return value, (Problem("", f"illegal base64 data at input byte {position}"),)
    return value, ()


def _check_time(schema: Object, value: Any) -> Checked:
    if not isinstance(value, str):
        return _wrong_type(schema, "", value)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        layout = "2006-01-02T15:04:05Z07:00"
        return value, (
            Problem("", f'parsing time "{value}" as "{layout}": cannot parse "{value}" as "2006"'),
        )
    return value, ()


def _check_int_or_string(_: Object, value: Any) -> Checked:
    if isinstance(value, (int, str)) and not isinstance(value, bool):
        return value, ()
    return value, (Problem("", "int32", json_type(value)),)


def _check_quantity(name: str, value: Any) -> Checked:
    """Types that write their own JSON: quantities are checked, the others hold anything."""
    if not name.endswith(".Quantity"):
        return value, ()
    if isinstance(value, str):
        return value, () if _QUANTITY.fullmatch(value) else (Problem("", _BAD_QUANTITY),)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value), ()
    return value, (Problem("", _BAD_QUANTITY),)


def _wrong_type(schema: Object, name: str, value: Any) -> Checked:
    return value, (Problem("", go_type({"$ref": name} if name else schema), json_type(value)),)


_CHECKS = {
    "int-or-string": _check_int_or_string,
    "byte": _check_bytes,
    "date-time": _check_time,
    "object": _check_map,
    "array": _check_list,
    "string": _check_string,
    "boolean": _check_boolean,
    "integer": _check_integer,
    "number": _check_number,
}

_GO_TYPES = {
    "integer": "int64",
    "boolean": "bool",
    "number": "float64",
    "object": "map[string]interface {}",
    "string": "string",
}


def go_type(schema: Object) -> str:
    """What Go calls the type of a schema.

    >>> go_type({"type": "array", "items": {"$ref": "io.k8s.api.core.v1.Container"}})
    '[]v1.Container'
    """
    if "$ref" in schema:
        return ".".join(schema["$ref"].split(".")[-2:])
    if schema.get("format") in ("int32", "int64", "byte"):
        return "[]uint8" if schema["format"] == "byte" else str(schema["format"])
    if isinstance(schema.get("additionalProperties"), dict):
        return f"map[string]{go_type(schema['additionalProperties'])}"
    if schema.get("type") == "array":
        return f"[]{go_type(schema.get('items', {}))}"
    return _GO_TYPES.get(schema.get("type", ""), "interface {}")
