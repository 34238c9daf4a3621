"""Which fields a value of a type has, and so whoever applied it owns. Pure.

Follows `TypedValue.ToFieldSet` of structured-merge-diff.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from fkube.merging.fields.paths import FieldSet, Path
from fkube.merging.fields.types import Type


def fields_of(type: Type, value: object) -> FieldSet:
    """The fields that a manager owns after it applied a value: all in the value, down to atomic fields.

    Law: fields_of_merged

    >>> sorted(fields_of(Type({}), {"data": {"a": "x"}, "list": [1]}))
    [('f:data',), ('f:data', 'f:a'), ('f:list',)]
    """
    found: list[Path] = []
    _add_fields(found, type, value, ())
    return frozenset(found)


def _add_fields(found: list[Path], type: Type, value: Any, path: Path) -> None:
    """Add the fields that a value at a path has: its own path or those below it, or both."""
    # Added to one list: generators, one in another, hand each path through as many frames as it is long.
    target = type.target
    form = target.form(value)
    if target.is_atomic(form):
        found.append(path)
    elif form == "list" and isinstance(value, list):
        _add_item_fields(found, target, value, path)
    elif form == "map" and isinstance(value, dict):
        for key, inner in value.items():
            known, here = target.field(key), (*path, f"f:{key}")
            if known is not None and known.is_scalar:
                found.append(here)
                continue
            _add_fields(found, known or target.member(key), inner, here)
            if inner is None or inner == {} or known is None:
                found.append(here)


def _add_item_fields(found: list[Path], type: Type, items: list[object], path: Path) -> None:
    """Add the fields that the items of a list at a path have."""
    elements = [type.element(item).value_or("") for item in items]
    times = Counter(elements)
    for element, item in zip(elements, items, strict=True):
        here = (*path, element)
        # Items that are there twice are owned as one.
        if times[element] == 1:
            _add_fields(found, type.items, item, here)
        found.append(here)
