"""Comparisons of filters, and the items that brackets choose. Values only, no templates are walked.

Follows k8s.io/client-go/util/jsonpath and k8s.io/client-go/third_party/forked/golang/template.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from returns.result import Failure, Result, Success

from fkube.syntax.gotext import type_name
from fkube.syntax.jsonpath.nodes import Array


def compare_values(sign: str, left: object, right: object) -> Result[bool, str]:
    """Compare two values of one type; booleans only with `==` and `!=`.

    Errors: in the words of client-go. Follows `Equal` and `Less` of its template package.

    >>> compare_values("<", 1, 2).unwrap(), compare_values("==", 1, "1").failure()
    (True, 'incompatible types for comparison')
    """
    compare = _OPERATORS.get(sign)
    kinds = (type_name(left), type_name(right))
    if compare is None:
        return Failure(f"unrecognized filter operator {sign}")
    if not _SCALARS.issuperset(kinds):
        return Failure("invalid type for comparison")
    if kinds[0] != kinds[1]:
        return Failure("incompatible types for comparison")
    if kinds[0] == "bool" and sign not in ("==", "!="):
        return Failure("invalid type for comparison")
    return Success(compare(left, right))


def item_positions(array: Array, length: int) -> Result[range, str]:
    """The positions that an array chooses in a list of this length; none where start and stop are the same.

    Errors: in the words of client-go. Follows `evalArray` of client-go.

    >>> item_positions(Array(-2), 5).unwrap(), item_positions(Array(5, 6, single=True), 5).failure()
    (range(3, 5), 'array index out of bounds: index 5, length 5')
    """
    start = (array.start or 0) + (length if (array.start or 0) < 0 else 0)
    stop = length if array.stop is None else array.stop
    stop += length if stop < 0 or (stop == 0 and array.single) else 0
    if start == stop:
        return Success(range(0))
    for bound, inside in ((start, 0 <= start < length), (stop - 1, 0 <= stop <= length)):
        if not inside:
            return Failure(f"array index out of bounds: index {bound}, length {length}")
    if start > stop:
        return Failure(f"starting index {start} is greater than ending index {stop}")
    if array.step is not None and array.step <= 0:
        return Failure("step must be > 0")
    return Success(range(start, stop, array.step or 1))


_SCALARS = frozenset(("bool", "float64", "int64", "string"))
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
}
