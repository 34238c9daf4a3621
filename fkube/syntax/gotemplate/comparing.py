"""Templates' comparisons: `eq`, `ne`, `lt`, `le`, `gt`, `ge`. Follows funcs.go of text/template.

What can't be compared is a ValueError in Go's words, in which `***` stands where Go prints a value.
"""

from __future__ import annotations

from collections.abc import Sequence

from fkube.syntax.gotemplate.values import Value, find_kind, name_type, to_number, unbox

HIDDEN = "***"
"""What stands in an error in place of a value, which may be a secret."""


def is_equal(values: Sequence[Value]) -> bool:
    """Whether the first value is one of the others.

    >>> is_equal([1, 2, 1]), is_equal(["a", None])
    (True, False)
    """
    first, *others = map(unbox, values)
    if not others:
        raise ValueError("missing argument for comparison")
    return any(_are_equal(first, other) for other in others)


def is_unequal(values: Sequence[Value]) -> bool:
    """Whether two values differ."""
    return not is_equal(values)


def is_less(values: Sequence[Value]) -> bool:
    """Whether the first of two numbers or texts is less than the second."""
    first, second = map(unbox, values)
    kinds = find_kind(first), find_kind(second)
    if not all(kind in _BASIC for kind in kinds):
        raise ValueError(_NOT_ORDERED)
    if kinds[0] != kinds[1] and set(kinds) != {"int", "uint"}:
        raise ValueError(_incompatible(first, second))
    if kinds[0] in ("bool", "complex"):
        raise ValueError(_NOT_ORDERED)
    less: bool = _order(first) < _order(second)
    return less


def is_at_most(values: Sequence[Value]) -> bool:
    """Whether the first of two numbers or texts is at most the second."""
    return is_less(values) or is_equal(values)


def is_greater(values: Sequence[Value]) -> bool:
    """Whether the first of two numbers or texts is greater than the second."""
    return not is_at_most(values)


def is_at_least(values: Sequence[Value]) -> bool:
    """Whether the first of two numbers or texts is at least the second."""
    return not is_less(values)


def _are_equal(first: Value, second: Value) -> bool:
    """Whether two values are equal, of which none is in an interface."""
    kinds = find_kind(first), find_kind(second)
    if first is None or second is None:
        return first is second
    basic = [kind if kind in _BASIC else "" for kind in kinds]
    if basic[0] != basic[1] and set(kinds) != {"int", "uint"}:
        raise ValueError(_incompatible(first, second))
    if basic[0] or basic[1]:
        return bool(to_number(first) == to_number(second))
    if kinds[0] != kinds[1]:
        types = f"{name_type(first)}, {name_type(second)}"
        raise ValueError(f"non-comparable types {HIDDEN}: {types}: {HIDDEN}")
    raise ValueError(f"non-comparable type {HIDDEN}: {name_type(second)}")


def _incompatible(first: Value, second: Value) -> str:
    """The error of values of different types."""
    return f"incompatible types for comparison: {name_type(first)} and {name_type(second)}"


def _order(value: Value) -> Value:
    """What a value is ordered by: a text by its bytes."""
    return value.encode(errors="surrogatepass") if isinstance(value, str) else to_number(value)


_NOT_ORDERED = "invalid type for comparison"
_BASIC = frozenset(("bool", "int", "uint", "float", "complex", "string"))
