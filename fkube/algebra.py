"""Visitors as frozen values: fields are what they were built from, `__call__` is their equation.

Their equations say what they mean, `fkube.visitor` how they are made and which laws they keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.errors import Failures, VisitError
from fkube.info import Info

T = TypeVar("T")

Visited: TypeAlias = Result[tuple[T, ...], Failures[T]]
"""What a visit leaves behind: everything, or the errors beside what had succeeded by then."""

VisitorFunc: TypeAlias = Callable[[Result[Info, VisitError]], Visited[T]]
"""What to do with one resource, or with the reason why there is none."""

Decorator: TypeAlias = Callable[[Info], Result[Info, VisitError]]
"""One more step for each resource: a Kleisli arrow."""

Predicate: TypeAlias = Callable[[Info], bool]


class Visitor(Protocol):
    """Anything that can be visited: `visitor(fn)` hands every resource to `fn`."""

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]: ...


@dataclass(frozen=True, slots=True)
class One:
    """A visitor of one resource, or of the reason why it can't be had."""

    result: Result[Info, VisitError]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return fn(self.result)


@dataclass(frozen=True, slots=True)
class VisitorList:
    """Visitors in turn, up to the first failure, which keeps what came before it."""

    visitors: tuple[Visitor, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        visited: list[T] = []
        for visitor in self.visitors:
            visit = visitor(fn)
            if not isinstance(visit, Success):
                stopped = visit.failure()
                return Failure(Failures(stopped.errors, (*visited, *stopped.visited)))
            visited.extend(visit.unwrap())
        return Success(tuple(visited))


@dataclass(frozen=True, slots=True)
class EagerVisitorList:
    """Visitors in turn, all of them, whatever fails."""

    visitors: tuple[Visitor, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return _every(ContinueOnError(visitor)(fn) for visitor in self.visitors)


@dataclass(frozen=True, slots=True)
class Decorated:
    """A visitor whose resources pass through decorators before they are visited, up to one that fails."""

    visitor: Visitor
    decorators: tuple[Decorator, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        def visit(result: Result[Info, VisitError]) -> Visited[T]:
            for decorate in self.decorators:
                result = result.bind(decorate)
            return fn(result)

        return self.visitor(visit)


@dataclass(frozen=True, slots=True)
class Filtered:
    """A visitor of the resources for which every predicate holds, and of every failure."""

    visitor: Visitor
    predicates: tuple[Predicate, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        def visit(result: Result[Info, VisitError]) -> Visited[T]:
            # The equation, short of making a visitor for each resource that stays.
            if isinstance(result, Success) and not all(holds(result.unwrap()) for holds in self.predicates):
                return Success(())
            return fn(result)

        return self.visitor(visit)


@dataclass(frozen=True, slots=True)
class AndThen:
    """A visitor each of whose resources becomes a visitor itself."""

    visitor: Visitor
    function: Callable[[Info], Visitor]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        def visit(result: Result[Info, VisitError]) -> Visited[T]:
            return self.function(result.unwrap())(fn) if isinstance(result, Success) else fn(result)

        return self.visitor(visit)


@dataclass(frozen=True, slots=True)
class ContinueOnError:
    """A visitor that no failure stops: each is told to the visitor function and kept."""

    visitor: Visitor

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        # Seen from inside every step succeeds, with the visit of its resource as what it leaves.
        visits: Visited[Visited[T]] = self.visitor(lambda result: Success((fn(result),)))
        match visits:
            case Failure(Failures(errors, visited)):
                return _every((*visited, Failure(Failures(errors))))
            case _:
                return _every(visits.unwrap())


@dataclass(frozen=True, slots=True)
class Transform:
    """`Visitor -> Visitor` as a value: a rule and its arguments, waiting for the visitor.

    >>> Transform(AndThen, (One,)) == Transform(AndThen, (One,))
    True
    """

    rule: Callable[..., Visitor]
    arguments: tuple[Any, ...]

    def __call__(self, visitor: Visitor, /) -> Visitor:
        return self.rule(visitor, *self.arguments)


@dataclass(frozen=True, slots=True)
class Each(Generic[T]):
    """A step for a resource, lifted to a visitor function."""

    step: Callable[[Info], Result[T, VisitError]]

    def __call__(self, result: Result[Info, VisitError], /) -> Visited[T]:
        stepped = result.bind(self.step)
        if isinstance(stepped, Success):
            return Success((stepped.unwrap(),))
        return Failure(Failures((stepped.failure(),)))


def _every(visits: Iterable[Visited[T]]) -> Visited[T]:
    """Append visits, successes and failures alike."""
    visited: list[T] = []
    errors: list[VisitError] = []
    for visit in visits:
        if isinstance(visit, Success):
            visited.extend(visit.unwrap())
        else:
            errors.extend(visit.failure().errors)
            visited.extend(visit.failure().visited)
    return Failure(Failures(tuple(errors), tuple(visited))) if errors else Success(tuple(visited))
