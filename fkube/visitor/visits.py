"""The types of a visit, and its outcome, which is a monoid of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias, TypeVar

from returns.result import Failure, Result, Success
from toolz import concat, identity

from fkube.resource.errors import Failures, VisitError
from fkube.resource.info import Info
from fkube.resource.results import partition

T = TypeVar("T")

Reached: TypeAlias = Result[Info, VisitError]
"""A resource, or the reason why there is none, as a visitor function receives it."""

Visited: TypeAlias = Result[tuple[T, ...], Failures[T]]
"""The outcome of a visit: all values, or all steps in input order, some of them failed."""

VisitorFunc: TypeAlias = Callable[[Result[Info, VisitError]], Visited[T]]
"""What to do with one resource, or with the reason why there is none."""

Decorator: TypeAlias = Callable[[Info], Result[Info, VisitError]]
"""A change or refusal of one resource: a Kleisli arrow."""

Predicate: TypeAlias = Callable[[Info], bool]
"""Whether a resource is to be kept."""


class Visitor(Protocol):
    """Anything that can be visited: `visitor(fn)` hands every resource to `fn`."""

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]: ...


def steps_of(visit: Visited[T]) -> tuple[Result[T, VisitError], ...]:
    """The steps of a visit, in input order.

    Equation: visited_of(steps_of(v)) = v

    >>> steps_of(Success((1, 2)))
    (<Success: 1>, <Success: 2>)
    """
    match visit:
        case Success(values):
            return tuple(map(Success, values))
        case _:
            return visit.failure().steps


def visited_of(steps: Iterable[Result[T, VisitError]]) -> Visited[T]:
    """The visit of these steps: a success if all steps are.

    >>> visited_of((Success(1), Success(2)))
    <Success: (1, 2)>
    """
    found = tuple(steps)
    values, errors = partition(found)
    return Failure(Failures(found)) if errors else Success(tuple(values))


def append_visits(visits: Iterable[Visited[T]]) -> Visited[T]:
    """Append visits, successful or not: visits are a monoid, whose unit is Success(()).

    >>> append_visits((Success((1,)), Success((2, 3))))
    <Success: (1, 2, 3)>
    """
    found = tuple(visits)
    values = [visit.unwrap() for visit in found if isinstance(visit, Success)]
    if len(values) < len(found):
        return Failure(Failures(tuple(concat(map(steps_of, found)))))
    return Success(tuple(concat(values)))


def reached(visitor: Visitor) -> tuple[Reached, ...]:
    """List what a visitor reaches: each resource, or the reason why there is none, in order.

    Equation: reached(v) = v(lambda r: Success((r,)))

    >>> reached(lambda fn: Success(()))
    ()
    """
    visit: Visited[Reached] = visitor(lambda result: Success((result,)))
    match visit:
        case Success(results):
            return tuple(results)
        case _:
            # A step that failed is of a visitor that fails without calling the function.
            return tuple(step.bind(identity) for step in steps_of(visit))


def visit_in_turn(visitors: Iterable[Visitor], fn: VisitorFunc[T]) -> Visited[T]:
    """Visit visitors in turn up to the first failure; an iterator is read one visitor at a time.

    Equation: visit_in_turn(vs, fn) = visitor_list(*vs)(fn)
    """
    visited: list[T] = []
    for visitor in visitors:
        visit = visitor(fn)
        # By `isinstance`, which is faster than `match`: there are as many visits as resources.
        if not isinstance(visit, Success):
            return Failure(Failures((*map(Success, visited), *steps_of(visit))))
        visited.extend(visit.unwrap())
    return Success(tuple(visited))
