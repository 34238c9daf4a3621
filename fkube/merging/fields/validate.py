"""Why a value has not the type that it should, in the server's words. Pure.

Follows `TypedValue.Validate` of structured-merge-diff.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from returns.result import Failure, Success

from fkube.merging.fields.paths import Path, field_element, shown, value_text
from fkube.merging.fields.types import Type
from fkube.resource.info import Object
from fkube.syntax.gotext import go_text, type_name

_Problems: TypeAlias = Iterator[tuple[Path, str]]


def problems(type: Type, value: object, duplicates: bool = False) -> tuple[str, ...]:
    """The reasons why a value has not its type; `duplicates`: whether items may be in a list twice.

    >>> problems(Type({"properties": {"a": {"type": "string"}}}), {"a": 1, "b": 1})
    ('.a: expected string, got &value.valueUnstructured{Value:1}', '.b: field not declared in schema')
    """
    found = _value_problems(type, value, duplicates, ())
    return tuple(f"{shown(path)}: {why}" if path else why for path, why in found)


def _value_problems(type: Type, value: object, duplicates: bool, path: Path) -> _Problems:
    """Every reason against a value, each with the path of the value that it is about."""
    target = type.target
    form = target.form(value)
    if value is None:
        return
    if form == "scalar":
        yield from ((path, why) for why in _scalar_problems(target, value))
    elif form == "map" and isinstance(value, dict):
        yield from _map_problems(target, value, duplicates, path)
    elif form == "list" and isinstance(value, list):
        yield from _list_problems(target, value, duplicates, path)
    else:
        yield path, f"expected {form}, got {_go_value(value)}"


def _map_problems(type: Type, value: Object, duplicates: bool, path: Path) -> _Problems:
    """Every reason against the fields of a map; a field that is not declared ends them."""
    for key, inner in value.items():
        known = type.field(key) or type.rest
        if known is not None and inner.__class__ is known.plain:
            # Most are so, and there is no need to know where they are.
            continue
        here = (*path, field_element(key))
        if known is None:
            yield here, "field not declared in schema"
            return
        yield from _value_problems(known, inner, duplicates, here)


def _list_problems(type: Type, items: list[object], duplicates: bool, path: Path) -> _Problems:
    """Every reason against the items of a list; an item without its keys ends them."""
    seen: set[str] = set()
    for number, item in enumerate(items):
        match Success(f"i:{number}") if type.list_atomic else type.element(item):
            case Success(element):
                if element in seen and not duplicates:
                    yield path, f"duplicate entries for key {shown((element,))}"
                seen.add(element)
                yield from _value_problems(type.items, item, duplicates, (*path, element))
            case Failure(why):
                yield path, f"element {number}: {why}"
                return


def _scalar_problems(type: Type, value: object) -> Iterator[str]:
    """The reason against a value that should be a scalar, if there is one."""
    kind = type.schema.get("type") or ""
    if kind in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"expected numeric (int or float), got {type_name(value)}"
    elif kind == "boolean" and not isinstance(value, bool):
        yield f"expected boolean, got {_go_value(value)}"
    elif kind == "string" and type.schema.get("format") in (None, "byte"):
        if not isinstance(value, str):
            yield f"expected string, got &value.valueUnstructured{{Value:{_go_syntax(value)}}}"
    elif isinstance(value, (dict, list)):
        yield f"expected any scalar, got {_go_value(value)}"


def _go_value(value: object) -> str:
    """A value as Go's `%v` writes it where `structured-merge-diff` does."""
    return f"&{{{go_text(value)}}}"


def _go_syntax(value: object) -> str:
    """A value as Go's `%#v` writes it."""
    if isinstance(value, dict):
        inner = ", ".join(f"{value_text(key)}:{_go_syntax(value[key])}" for key in sorted(value))
        return f"map[string]interface {{}}{{{inner}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_go_syntax, value))}}}"
    return "interface {}(nil)" if value is None else value_text(value)
