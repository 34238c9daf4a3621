"""`--sort-by`: objects in the order of a field. Pure.

Follows `sorter.go` of kubectl.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key, partial
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.resource.errors import UsageError
from fkube.resource.info import Object
from fkube.resource.names import quote_text
from fkube.resource.results import collect_results
from fkube.syntax.gotext import type_name
from fkube.syntax.jsonpath import Template, Values, evaluate, parse, relaxed
from fkube.syntax.quantity import quantity

Order: TypeAlias = Result[tuple[int, ...], UsageError]
"""The positions of objects in the order that they are to have, or why they have none."""


def order(field: str, objects: Sequence[Object]) -> Order:
    """Sort objects by a field, given as a path or a JSONPath: their positions in that order.

    First come the objects without the field, in reversed order as in kubectl, then those where it is null.
    Numbers are compared by value, and two texts that are quantities too; other texts by their characters.
    Equal ones keep their order.

    Errors: in kubectl's words, where no object has the field, or where what it holds has no order.
    Follows `SortObjects` and `isLess` of kubectl.

    >>> order("{.a}", [{"a": "10"}, {"a": "9"}, {}, {"a": "1k"}]).unwrap()
    (2, 1, 0, 3)
    >>> print(order(".b", [{"a": 1}]).failure())
    couldn't find any field with path "{.b}" in the list of objects
    """
    return relaxed(field).bind(lambda path: _first_values(path, objects).bind(partial(_sort_positions, path)))


def _first_values(path: str, objects: Sequence[Object]) -> Result[tuple[Values, ...], UsageError]:
    """The first value that a path finds in each object, in a tuple that is empty where it finds none."""

    def first(template: Template, object: Object) -> Result[Values, UsageError]:
        return evaluate(template, object, True).map(lambda found: found[0][:1] if found else ())

    return parse(path).bind(lambda template: collect_results(first(template, object) for object in objects))


def _sort_positions(path: str, found: tuple[Values, ...]) -> Order:
    """Sort the positions of objects by the values found in them; `path` is for errors."""
    present = [n for n, values in enumerate(found) if values]
    if found and not present:
        problem = f"couldn't find any field with path {quote_text(path)} in the list of objects"
        return Failure(UsageError(problem))
    missing = [n for n, values in enumerate(found) if not values]
    null = [n for n in present if found[n][0] is None]
    valued = {n: found[n][0] for n in present if found[n][0] is not None}
    if reason := _unsortable(list(valued.values())):
        return Failure(UsageError(f"Field {path} is an unsortable type: {reason}"))
    keys = {n: _SORT_KEY(_sort_key(value)) for n, value in valued.items()}
    return Success((*reversed(missing), *null, *sorted(keys, key=keys.__getitem__)))


def _unsortable(values: Sequence[object]) -> str:
    """The name of a type that keeps values from having an order, or empty; a single value needs none."""
    types = list(dict.fromkeys(map(type_name, values)))
    wrong = [name for name in types if name not in ("int64", "float64", "string")]
    if len(values) < 2 or (len(types) == 1 and not wrong):
        return ""
    return wrong[0] if wrong else f"{types[0]} beside {types[1]}"


_Key: TypeAlias = tuple[Any, Any]
"""A value, and the number that it stands for as a quantity."""


def _sort_key(value: object) -> _Key:
    return value, quantity(value) if isinstance(value, str) else None


def _compare_keys(one: _Key, other: _Key) -> int:
    """Compare two keys, by their numbers if both are quantities: -1, 0 or 1."""
    at = int(one[1] is not None and other[1] is not None)
    left, right = one[at], other[at]
    return int(left > right) - int(left < right)


_SORT_KEY = cmp_to_key(_compare_keys)
