"""Streams of results: iterators whose steps may fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Never, TypeVar

from returns.result import Failure, Result, Success

T = TypeVar("T")
U = TypeVar("U")
E = TypeVar("E")


def yield_from(result: Result[T, E], stream: Callable[[T], Iterable[U]]) -> Iterator[U | Result[Never, E]]:
    """Yield the stream that a function makes of a success, or the failure alone: the bind of streams.

    >>> list(yield_from(Success("ab"), lambda text: map(Success, text)))
    [<Success: a>, <Success: b>]
    >>> list(yield_from(Failure("no"), lambda text: map(Success, text)))
    [<Failure: no>]
    """
    match result:
        case Success(value):
            yield from stream(value)
        case Failure(error):
            yield Failure(error)
