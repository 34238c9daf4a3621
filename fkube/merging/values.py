"""JSON values compared and cleaned as Go does it: `true` is not 1, a null is something."""

from __future__ import annotations

from typing import Any, Final

MISSING: Final = object()
"""What stands for a value where there is none; null is a value."""


def is_there(value: object) -> bool:
    """Whether a value is not `MISSING`."""
    return value is not MISSING


def kind(value: object) -> str:
    """The type of a value, as Go tells values of JSON apart.

    >>> kind(True), kind(1), kind(1.5), kind([]), kind(None)
    ('bool', 'int', 'float', 'list', 'null')
    """
    if isinstance(value, dict | list | tuple):
        return "map" if isinstance(value, dict) else "list"
    return _NAMES.get(type(value), "null")


def deep_equal(left: Any, right: Any) -> bool:
    """Whether two values are equal, to the type. Follows `DeepEqual` of reflect.

    >>> deep_equal({"a": [1]}, {"a": [1]}), deep_equal([1], [True]), deep_equal(1, 1.0)
    (True, False, False)
    """
    if left.__class__ is right.__class__ is str:
        # Most values are texts: of those nothing more is asked.
        return bool(left == right)
    if kind(left) != kind(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(deep_equal(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(deep_equal, left, right))
    return bool(left == right)


def without_nulls(value: Any) -> Any:
    """The value without fields that are null, at any depth; a null in a list stays.

    Follows `pruneNulls` of kubectl, and of json-patch.

    >>> without_nulls({"a": None, "b": [None, {"c": None}]})
    {'b': [None, {}]}
    """
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list | tuple) else value


_NAMES: dict[type, str] = {bool: "bool", int: "int", float: "float", str: "string"}
