"""Results of the same kind as one. Nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from returns.result import Failure, Result, Success

T = TypeVar("T")
E = TypeVar("E")


def collected(results: Iterable[Result[T, E]]) -> Result[tuple[T, ...], E]:
    """What all results hold, in order, or the first failure; what comes behind that is not asked for.

    >>> collected(iter([Success(1), Success(2)]))
    <Success: (1, 2)>
    >>> collected([Success(1), Failure("no"), Failure("never")])
    <Failure: no>
    """
    values: list[T] = []
    for result in results:
        if not isinstance(result, Success):
            return Failure(result.failure())
        values.append(result.unwrap())
    return Success(tuple(values))
