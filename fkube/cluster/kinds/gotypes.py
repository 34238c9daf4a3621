"""Built-in objects against the recorded schemas, decoded field by field as Go's decoder does. Pure.

A field that a schema does not know is dropped and reported, a null is dropped. A value of the wrong type is
an error in the words of Go's `encoding/json`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from fkube.cluster.gojson import json_type
from fkube.cluster.kinds import recorded_facts
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Object
from fkube.resource.patterns import compile_later


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a path.

    `why`: the message, empty for an unknown field; where `got` says what was there, the type that was wanted.
    `field`: the path as Go writes it (no indexes, no keys of maps). `struct`: the type that has the field.
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
_QUANTITY = compile_later(r"[+-]?[0-9.]+([eEinumkKMGTP]*[-+]?[0-9]*)")
_BAD_QUANTITY = r"quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


def check_value(schema: Object, value: object) -> Checked:
    """Check a value against a schema, and drop what the schema does not know.

    Law: without problems the value is returned as it is, unless a field is null or an empty map or list.

    >>> check_value({"properties": {"a": {"type": "string"}}}, {"a": "x", "b": 1})
    ({'a': 'x'}, (Problem(path='b', why='', got='', field='', struct=''),))
    """
    name = schema.get("$ref", "")
    if name:
        schema = recorded_facts()["schemas"][name]
    if "properties" in schema:
        if isinstance(value, dict):
            return _check_struct(schema["properties"], name, value)
        return _wrong_type({"$ref": name} if name else schema, value)
    check = _CHECKS.get(schema.get("format", "")) or _CHECKS.get(schema.get("type", ""))
    if check is not None:
        return check(schema, value)
    # Other types write their own JSON: quantities are checked, the rest holds anything.
    return _check_quantity(value) if name.endswith(".Quantity") else (value, ())


def _check_struct(properties: Object, name: str, value: Object) -> Checked:
    """Check a map against the fields of a Go struct; `name`: that of its schema."""
    # A loop, not a comprehension: every field of every object that is written comes by here.
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


def _is_omitted(schema: Object, value: object) -> bool:
    """Whether Go's `omitempty` leaves an empty value out: a list or map, not a struct."""
    if isinstance(value, list):
        return schema.get("type") == "array"
    return isinstance(value, dict) and "additionalProperties" in schema


def _problem_in_field(problem: Problem, key: str, name: str) -> Problem:
    """A problem of a struct's field as one of the struct; `key`: the field, `name`: the struct's schema."""
    field = f"{key}.{problem.field}" if problem.field else key
    struct = problem.struct or name.rpartition(".")[2]
    return replace(_problem_within(problem, key), field=field, struct=struct)


def _problem_within(problem: Problem, key: str) -> Problem:
    """A problem with a key or index put before its path."""
    joint = "." if problem.path and problem.path[0] != "[" else ""
    return replace(problem, path=f"{key}{joint}{problem.path}")


def _check_map(schema: Object, value: object) -> Checked:
    """Check a map of any keys against the schema of its values; a null becomes an empty text, or stays."""
    if not isinstance(value, dict):
        return _wrong_type(schema, value)
    inner = schema.get("additionalProperties")
    if not isinstance(inner, dict) or (inner == _STRING and all(type(v) is str for v in value.values())):
        return value, ()
    checked = {key: _check_item(inner, item) for key, item in value.items()}
    problems = tuple(_problem_within(p, key) for key, (_, wrong) in checked.items() for p in wrong)
    same = all(kept is value[key] for key, (kept, _) in checked.items())
    return value if same else {key: kept for key, (kept, _) in checked.items()}, problems


def _check_item(schema: Object, item: object) -> Checked:
    """Check an item of a map or a list; null is to Go the zero value of an item, of a text the empty one."""
    return check_value(schema, "" if item is None and schema == _STRING else item)


def _check_list(schema: Object, value: object) -> Checked:
    """Check each item of a list against the schema of the items; a null becomes an empty text, or stays."""
    if not isinstance(value, list):
        return _wrong_type(schema, value)
    checked = [_check_item(schema.get("items", {}), item) for item in value]
    problems = tuple(_problem_within(p, f"[{n}]") for n, (_, wrong) in enumerate(checked) for p in wrong)
    same = all(kept is item for (kept, _), item in zip(checked, value, strict=True))
    return value if same else [kept for kept, _ in checked], problems


def _check_scalar(types: tuple[type, ...], schema: Object, value: object) -> Checked:
    """Check that a value is of one of these types, or null; to Go a boolean is no number."""
    fits = value is None or (isinstance(value, types) and isinstance(value, bool) == (bool in types))
    return (value, ()) if fits else _wrong_type(schema, value)


def _check_integer(schema: Object, value: object) -> Checked:
    """Check that a value is an integer within int32 or int64, or null."""
    limit = 2 ** (31 if schema.get("format") == "int32" else 63)
    if isinstance(value, int) and not -limit <= value < limit:
        return value, (Problem("", go_type(schema), f"number {value}"),)
    return _check_scalar((int,), schema, value)


_Reader: TypeAlias = Callable[[str], object]
"""Reads a text; raises ValueError for one that it can't read."""


def _check_format(parse: _Reader, why: Callable[[str], str], schema: Object, value: object) -> Checked:
    """Check that a value is text that can be parsed, or null; `why` makes the message for one that can't."""
    if not isinstance(value, str):
        return _check_scalar((str,), schema, value)
    try:
        parse(value)
    except ValueError:
        return value, (Problem("", why(value)),)
    return value, ()


def _base64_message(text: str) -> str:
    return f"illegal base64 data at input byte {len(re.split(r'[^A-Za-z0-9+/]', text, maxsplit=1)[0])}"


def _time_message(text: str) -> str:
    return f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "2006"'


def _check_quantity(value: object) -> Checked:
    """Check a quantity; a number becomes text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value), ()
    fits = isinstance(value, str) and _QUANTITY.fullmatch(value)
    return value, () if fits else (Problem("", _BAD_QUANTITY),)


def _wrong_type(schema: Object, value: object) -> Checked:
    """The value, with the problem that it is not of the schema's type."""
    return value, (Problem("", go_type(schema), json_type(value)),)


_CHECKS: Mapping[str, Callable[[Object, object], Checked]] = {
    "int-or-string": partial(_check_scalar, (int, str)),
    "byte": partial(_check_format, partial(base64.b64decode, validate=True), _base64_message),
    "date-time": partial(_check_format, datetime.fromisoformat, _time_message),
    "object": _check_map,
    "array": _check_list,
    "string": partial(_check_scalar, (str,)),
    "boolean": partial(_check_scalar, (bool,)),
    "integer": _check_integer,
    "number": partial(_check_scalar, (int, float)),
}
"""The check of a value by the format, else the type, of its schema."""

_GO_TYPES = {
    "int-or-string": "int32",
    "byte": "[]uint8",
    "int32": "int32",
    "int64": "int64",
    "integer": "int64",
    "boolean": "bool",
    "number": "float64",
    "object": "map[string]interface {}",
    "string": "string",
}


def go_type(schema: Object) -> str:
    """The name that Go has for the type of a schema.

    >>> go_type({"type": "array", "items": {"$ref": "io.k8s.api.core.v1.Container"}})
    '[]v1.Container'
    """
    if "$ref" in schema:
        return ".".join(schema["$ref"].split(".")[-2:])
    if isinstance(schema.get("additionalProperties"), dict):
        return f"map[string]{go_type(schema['additionalProperties'])}"
    if schema.get("type") == "array":
        return f"[]{go_type(schema.get('items', {}))}"
    return _GO_TYPES.get(schema.get("format", "")) or _GO_TYPES.get(schema.get("type", ""), "interface {}")
