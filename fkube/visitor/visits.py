"""What a visit is: its types, and what it leaves behind, which is a monoid of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias, TypeVar

from returns.result import Failure, Result, Success
from toolz import concat, identity

from fkube.resource.errors import Failures, VisitError
from fkube.resource.info import Info

T = TypeVar("T")

Reached: TypeAlias = Result[Info, VisitError]
"""A resource, or why there is none, at some point of its way."""

Visited: TypeAlias = Result[tuple[T, ...], Failures[T]]
"""What a visit leaves behind: everything, or every step in its place, some of them failed."""

VisitorFunc: TypeAlias = Callable[[Result[Info, VisitError]], Visited[T]]
"""What to do with one resource, or with the reason why there is none."""

Decorator: TypeAlias = Callable[[Info], Result[Info, VisitError]]
"""One more step for each resource: a Kleisli arrow."""

Predicate: TypeAlias = Callable[[Info], bool]


class Visitor(Protocol):
    """Anything that can be visited: `visitor(fn)` hands every resource to `fn`."""

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]: ...


def steps_of(visit: Visited[T]) -> tuple[Result[T, VisitError], ...]:
    """The steps of a visit, in input order.

    Equation: visited_of(steps_of(v)) = v

    >>> steps_of(Success((1, 2)))
    (<Success: 1>, <Success: 2>)
    """
    return tuple(map(Success, visit.unwrap())) if isinstance(visit, Success) else visit.failure().steps


def visited_of(steps: Iterable[Result[T, VisitError]]) -> Visited[T]:
    """The visit that had these steps: a success if all of them are.

    >>> visited_of((Success(1), Success(2)))
    <Success: (1, 2)>
    """
    found = tuple(steps)
    if all(isinstance(step, Success) for step in found):
        return Success(tuple(step.unwrap() for step in found))
    return Failure(Failures(found))


def append_visits(visits: Iterable[Visited[T]]) -> Visited[T]:
    """Append visits, successes and failures alike: visits are a monoid, its unit Success(()).

    >>> append_visits((Success((1,)), Success((2, 3))))
    <Success: (1, 2, 3)>
    """
    found = tuple(visits)
    if all(isinstance(visit, Success) for visit in found):
        return Success(tuple(concat(visit.unwrap() for visit in found)))
    return Failure(Failures(tuple(concat(map(steps_of, found)))))


def reached(visitor: Visitor) -> tuple[Reached, ...]:
    """The list that a visitor stands for: each resource, or the reason why there is none, in order.

    Equation: reached(v) = v(lambda r: Success((r,)))

    >>> reached(lambda fn: Success(()))
    ()
    """
    visit: Visited[Reached] = visitor(lambda result: Success((result,)))
    # A visitor that fails of its own has a step that is no resource's.
    return (
        visit.unwrap()
        if isinstance(visit, Success)
        else tuple(step.bind(identity) for step in steps_of(visit))
    )


def visit_in_turn(visitors: Iterable[Visitor], fn: VisitorFunc[T]) -> Visited[T]:
    """Visit one after another up to the first failure; a visitor is not made before its turn.

    Equation: visit_in_turn(vs, fn) = visitor_list(*vs)(fn)
    """
    visited: list[T] = []
    for visitor in visitors:
        visit = visitor(fn)
        if not isinstance(visit, Success):
            return Failure(Failures((*map(Success, visited), *visit.failure().steps)))
        visited.extend(visit.unwrap())
    return Success(tuple(visited))
