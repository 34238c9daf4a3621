"""Many results as one, or parted; results as plain values. Nothing else.

`returns.methods` has the last two as well, but to import it is to import all of returns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from returns.primitives.container import BaseContainer
from returns.result import Failure, Result, Success

T = TypeVar("T")
E = TypeVar("E")


def collect_results(results: Iterable[Result[T, E]]) -> Result[tuple[T, ...], E]:
    """Collect the values of all results, or return the first failure and read no result after it.

    Unlike `Fold.collect` of returns, which reads them all.

    >>> collect_results(iter([Success(1), Success(2)]))
    <Success: (1, 2)>
    >>> collect_results([Success(1), Failure("no"), Failure("never")])
    <Failure: no>
    """
    values: list[T] = []
    for result in results:
        match result:
            case Success(value):
                values.append(value)
            case Failure(error):
                return Failure(error)
    return Success(tuple(values))


def make_success(value: T) -> Result[T, Any]:
    """Make a success with fewer calls than `Success(value)` goes through; visits make one a resource.

    >>> make_success(1) == Success(1)
    True
    """
    made: Success[T] = _new(Success)
    _set_value(made, value)
    return made


_new = object.__new__
_set_value = vars(BaseContainer)["_inner_value"].__set__
"""What `Success` does in the end; a success stays as immutable as any."""


def partition(results: Iterable[Result[T, E]]) -> tuple[list[T], list[E]]:
    """Part results into values and errors, each in order: `partition` of returns.

    >>> partition([Success(1), Failure("no"), Success(2)])
    ([1, 2], ['no'])
    """
    values: list[T] = []
    errors: list[E] = []
    for result in results:
        if isinstance(result, Success):
            values.append(result.unwrap())
        else:
            errors.append(result.failure())
    return values, errors


def unwrap_or_failure(result: Result[T, E]) -> T | E:
    """The value of a result, or its error: `unwrap_or_failure` of returns.

    >>> unwrap_or_failure(Failure("no"))
    'no'
    """
    return result.unwrap() if isinstance(result, Success) else result.failure()
