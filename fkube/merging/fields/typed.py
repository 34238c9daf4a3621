"""Values and their types: which fields a value has, and why it has not the type that it should. Pure.

Follows `TypedValue.ToFieldSet` and `TypedValue.Validate` of structured-merge-diff.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from returns.result import Failure, Result, Success

from fkube.merging.fields.paths import FieldSet, Path, field, item_by_keys, item_by_value, shown, told
from fkube.merging.fields.types import Type
from fkube.resource.info import Object


def fields_of(type: Type, value: Any) -> FieldSet:
    """The fields that whoever applies the value owns: what it says, down to what is one field as a whole.

    Law: fields_of_merged

    >>> sorted(fields_of(Type({}), {"data": {"a": "x"}, "list": [1]}))
    [('f:data',), ('f:data', 'f:a'), ('f:list',)]
    """
    return frozenset(_fields(type, value, ()))


def _fields(type: Type, value: Any, path: Path) -> Iterator[Path]:
    opened = type.opened
    form = opened.form(value)
    if leaf(opened, form):
        yield path
    elif form == "list" and value:
        yield from _item_fields(opened, value, path)
    elif form == "map" and value:
        for key, inner in value.items():
            known, here = opened.field(key), (*path, field(key))
            yield from _fields(known or opened.rest or opened, inner, here)
            if inner is None or inner == {} or known is None:
                yield here


def _item_fields(type: Type, value: list[Any], path: Path) -> Iterator[Path]:
    elements = [element(type, item).value_or("") for item in value]
    times = Counter(elements)
    for one, item in zip(elements, value, strict=True):
        here = (*path, one)
        # Items that are there twice are owned as one.
        if times[one] == 1:
            yield from _fields(type.items, item, here)
        yield here


def leaf(type: Type, form: str) -> bool:
    """Whether what is seen in this form is one field as a whole."""
    if form == "map":
        return type.map_atomic
    return form == "scalar" or type.list_atomic


def element(type: Type, item: Any) -> Result[str, str]:
    """The path element of an item of a list. Errors: why it has none.

    Follows `listItemToPathElement` of structured-merge-diff.
    """
    if not type.keys:
        wrong = _NO_MEMBER.get(item.__class__)
        return Failure(wrong) if wrong else Success(item_by_value(item))
    if not isinstance(item, dict):
        what = "a null element" if item is None else "non-map elements"
        return Failure(f"associative list with keys may not have {what}")
    inner = type.items.opened
    keys = {key: item.get(key, inner.default(key)) for key in type.keys}
    given = {key: value for key, value in keys.items() if value is not None or key in item}
    return Success(item_by_keys(given)) if given else Failure(_KEYLESS.format(" ".join(map(told, type.keys))))


_NO_MEMBER: Mapping[object, str] = {
    dict: "associative list without keys has an element that's a map type",
    list: "not supported: associative list with lists as elements",
    None.__class__: "associative list without keys has an element that's an explicit null",
}
_KEYLESS = (
    "associative list with keys has an element that omits all key fields [{}]"
    " (and doesn't have default values for any key fields)"
)


def problems(type: Type, value: Any, duplicates: bool = False) -> tuple[str, ...]:
    """Why a value has not its type; `duplicates`: whether items may be in a list twice.

    >>> problems(Type({"properties": {"a": {"type": "string"}}}), {"a": 1, "b": 1})
    ('.a: expected string, got &value.valueUnstructured{Value:1}', '.b: field not declared in schema')
    """
    return tuple(
        f"{shown(path)}: {why}" if path else why for path, why in _problems(type, value, duplicates, ())
    )


def _problems(type: Type, value: Any, duplicates: bool, path: Path) -> Iterator[tuple[Path, str]]:
    opened = type.opened
    form = opened.form(value)
    if value is None:
        return
    if form == "scalar":
        yield from ((path, why) for why in _scalar_problems(opened, value))
    elif form == "map" and isinstance(value, dict):
        yield from _map_problems(opened, value, duplicates, path)
    elif form == "list" and isinstance(value, list):
        yield from _list_problems(opened, value, duplicates, path)
    else:
        yield path, f"expected {form}, got {go_value(value)}"


def _map_problems(type: Type, value: Object, duplicates: bool, path: Path) -> Iterator[tuple[Path, str]]:
    for key, inner in value.items():
        known, here = type.field(key) or type.rest, (*path, field(key))
        if known is None:
            yield here, "field not declared in schema"
            return
        yield from _problems(known, inner, duplicates, here)


def _list_problems(type: Type, value: list[Any], duplicates: bool, path: Path) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for number, item in enumerate(value):
        found = Success(f"i:{number}") if type.list_atomic else element(type, item)
        if isinstance(found, Failure):
            yield path, f"element {number}: {found.failure()}"
            return
        one = found.unwrap()
        if one in seen and not duplicates:
            yield path, f"duplicate entries for key {shown((one,))}"
        seen.add(one)
        yield from _problems(type.items, item, duplicates, (*path, one))


def _scalar_problems(type: Type, value: Any) -> Iterator[str]:
    kind = type.schema.get("type") or ""
    if kind in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"expected numeric (int or float), got {_go_type(value)}"
    elif kind == "boolean" and not isinstance(value, bool):
        yield f"expected boolean, got {go_value(value)}"
    elif kind == "string" and type.schema.get("format") in (None, "byte"):
        if not isinstance(value, str):
            yield f"expected string, got &value.valueUnstructured{{Value:{_go_syntax(value)}}}"
    elif isinstance(value, (dict, list)):
        yield f"expected any scalar, got {go_value(value)}"


def go_value(value: Any) -> str:
    """A value as Go's `%v` writes it where `structured-merge-diff` does."""
    return f"&{{{_shown(value)}}}"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{_shown(value[key])}' for key in sorted(value))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(_shown, value))}]"
    if value is None:
        return "<nil>"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _go_syntax(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{told(key)}:{_go_syntax(value[key])}" for key in sorted(value))
        return f"map[string]interface {{}}{{{inner}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_go_syntax, value))}}}"
    return "interface {}(nil)" if value is None else told(value)


def _go_type(value: Any) -> str:
    names = {bool: "bool", str: "string", dict: "map[string]interface {}", list: "[]interface {}"}
    return names.get(type(value), "<nil>")
