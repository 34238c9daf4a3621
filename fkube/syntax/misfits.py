"""The shapes of JSON data as tables, and where data has not its shape. Pure, and nothing of Kubernetes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Shape: TypeAlias = Any
"""A type, types of which it has one, a list of one shape, or a dict of shapes by field.

The field `*` is every other one, and those that `!` names must be there. What is null counts as not there, as
in Go. `object` is whatever there may be. Data made in code may have tuples for lists, and other mappings.
"""
_MAPS, _LISTS = (dict, Mapping), (list, tuple)
"""Made once: this is called for each value of many objects; most are a dict or a list."""


def find_misfit(value: Any, shape: Shape) -> str | None:
    """Find the first place where a value has not its shape: its path, empty for the value itself; or None.

    >>> find_misfit({"a": [1, "b"]}, {"a": [int]}), find_misfit({"b": {}}, {"b": {"c": str, "!": ["c"]}})
    ('a[1]', 'b.c')
    """
    if isinstance(shape, dict):
        return _find_misfit_in_map(value, shape) if isinstance(value, _MAPS) else ""
    if isinstance(shape, list):
        return _find_misfit_in_list(value, shape[0]) if isinstance(value, _LISTS) else ""
    if isinstance(shape, tuple):
        # Of the shapes that it might have, the one that it fits furthest says what is wrong.
        misfits = [find_misfit(value, one) for one in shape]
        return None if None in misfits else max(filter(None, misfits), key=len, default="")
    return None if shape is object or type(value) is shape else ""


def _find_misfit_in_list(values: Sequence[Any], shape: Shape) -> str | None:
    """Find the first item that has not the shape; its path, or None."""
    for place, value in enumerate(values):
        wrong = None if type(value) is shape else find_misfit(value, shape)
        if wrong is not None:
            return _join_path(f"[{place}]", wrong)
    return None


def _find_misfit_in_map(value: Mapping[str, Any], shape: dict[str, Shape]) -> str | None:
    """Find the first field that has not its shape, or is missing; its path, or None."""
    # A list of many objects goes through here: types are compared before anything is called.
    other = shape.get("*", object)
    for key, found in value.items():
        inner = shape.get(key, other)
        if inner is not object and found is not None and type(found) is not inner:
            wrong = find_misfit(found, inner)
            if wrong is not None:
                return _join_path(key, wrong)
    return next((name for name in shape.get("!", ()) if value.get(name) is None), None)


def _join_path(outer: str, inner: str) -> str:
    """Join two parts of a path, such as `metadata` and `labels`, or `items` and `[0]`."""
    return f"{outer}.{inner}" if inner and not inner.startswith("[") else outer + inner
