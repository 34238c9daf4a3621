"""Visitors as frozen values: fields are what they were built from, `__call__` is their equation.

Their equations say what they mean, `fkube.visitor` how they are made and which laws they keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from returns.result import Failure, Result, Success
from toolz import concat, identity

from fkube.errors import Failures, VisitError
from fkube.guarding import attempt, function_names, raised, returned
from fkube.info import Info

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

    >>> reached(VisitorList(()))
    ()
    """
    visit: Visited[Reached] = visitor(lambda result: Success((result,)))
    # A visitor that fails of its own has a step that is no resource's.
    return (
        visit.unwrap()
        if isinstance(visit, Success)
        else tuple(step.bind(identity) for step in steps_of(visit))
    )


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
        return visit_in_turn(self.visitors, fn)


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


@dataclass(frozen=True, slots=True)
class EagerVisitorList:
    """Visitors in turn, all of them, whatever fails."""

    visitors: tuple[Visitor, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return append_visits(ContinueOnError(visitor)(fn) for visitor in self.visitors)


@dataclass(frozen=True, slots=True)
class Decorated:
    """A visitor whose resources pass through decorators before they are visited, up to one that fails."""

    visitor: Visitor
    decorators: tuple[Decorator, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        decorators = self.decorators

        def visit(result: Reached) -> Visited[T]:
            for decorate in decorators:
                if isinstance(result, Success):
                    result = attempt(decorate, result.unwrap())
            return fn(result)

        return self.visitor(visit)


@dataclass(frozen=True, slots=True)
class Filtered:
    """A visitor of the resources for which every predicate holds, and of every failure."""

    visitor: Visitor
    predicates: tuple[Predicate, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        predicates = self.predicates

        def visit(result: Reached) -> Visited[T]:
            # The equation, short of making a visitor for each resource that stays.
            if isinstance(result, Success):
                info = result.unwrap()
                for holds in predicates:
                    try:
                        if not holds(info):
                            return Success(())
                    except Exception as error:  # noqa: BLE001 - as in `attempt`
                        return fn(Failure(raised(holds, error, info)))
            return fn(result)

        return self.visitor(visit)


@dataclass(frozen=True, slots=True)
class AndThen:
    """A visitor each of whose resources becomes a visitor itself."""

    visitor: Visitor
    function: Callable[[Info], Visitor]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        def visit(result: Reached) -> Visited[T]:
            return self._become(result.unwrap())(fn) if isinstance(result, Success) else fn(result)

        return self.visitor(visit)

    def _become(self, info: Info) -> Visitor:
        try:
            visitor = self.function(info)
        except Exception as error:  # noqa: BLE001 - as in `attempt`
            return One(Failure(raised(self.function, error, info)))
        if not callable(visitor):
            return One(Failure(returned(self.function, visitor, "a visitor, like infos(...)", info)))
        return guarded(visitor)


@dataclass(frozen=True, slots=True)
class ContinueOnError:
    """A visitor that no failure stops: each is told to the visitor function and kept."""

    visitor: Visitor

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        # Seen from inside every step succeeds, with the visit of its resource as what it leaves.
        visits: Visited[Visited[T]] = self.visitor(lambda result: Success((fn(result),)))
        if isinstance(visits, Success):
            return append_visits(visits.unwrap())
        # A visitor that fails of its own: what it failed with has its place too.
        return append_visits(
            step.unwrap() if isinstance(step, Success) else Failure(Failures((Failure(step.failure()),)))
            for step in steps_of(visits)
        )


@dataclass(frozen=True, slots=True)
class Guarded:
    """A visitor that is not ours: an exception in it is a failure, told behind what it had by then."""

    visitor: Visitor

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        visits: list[Visited[T]] = []

        def visit(result: Reached) -> Visited[T]:
            visits.append(fn(result))
            return visits[-1]

        try:
            whole = self.visitor(visit)
        except Exception as error:  # noqa: BLE001 - as in `attempt`
            return append_visits((*visits, fn(Failure(raised(self.visitor, error)))))
        return whole


@dataclass(frozen=True, slots=True)
class PerResource:
    """A visitor of what a transform that is not ours makes of each resource by itself.

    Equation: PerResource(v, t) = t(v), for a t that distributes over the list
    """

    visitor: Visitor
    transform: Callable[[Visitor], Visitor]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return self.visitor(lambda result: self._transformed(result)(fn))

    def _transformed(self, result: Reached) -> Visitor:
        try:
            return guarded(self.transform(One(result)))
        except Exception as error:  # noqa: BLE001 - as in `attempt`
            return One(Failure(raised(self.transform, error, result.value_or(None))))


OURS = (
    One,
    VisitorList,
    EagerVisitorList,
    Decorated,
    Filtered,
    AndThen,
    ContinueOnError,
    Guarded,
    PerResource,
)


def guarded(visitor: Visitor) -> Visitor:
    """The visitor, such that no exception leaves it; ours are so already, if what they are made of is."""
    return visitor if isinstance(visitor, OURS) else Guarded(visitor)


@dataclass(frozen=True, slots=True, repr=False)
class Transform:
    """`Visitor -> Visitor` as a value: a rule and its arguments, waiting for the visitor.

    >>> Transform("and_then", AndThen, (len,))
    and_then(len)
    """

    name: str
    rule: Callable[..., Visitor]
    arguments: tuple[Any, ...]

    def __call__(self, visitor: Visitor, /) -> Visitor:
        return self.rule(visitor, *self.arguments)

    def __repr__(self) -> str:
        return f"{self.name}({function_names(self.arguments)})"


@dataclass(frozen=True, slots=True)
class Each(Generic[T]):
    """A step for a resource, lifted to a visitor function."""

    step: Callable[[Info], Result[T, VisitError]]

    def __call__(self, result: Reached, /) -> Visited[T]:
        if not isinstance(result, Success):
            return Failure(Failures((Failure(result.failure()),)))
        stepped = attempt(self.step, result.unwrap())
        return Success((stepped.unwrap(),)) if isinstance(stepped, Success) else Failure(Failures((stepped,)))
