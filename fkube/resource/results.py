"""Many results as one. Nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

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
