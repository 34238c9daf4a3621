"""Visitors as frozen values: fields are what they were built from, `__call__` is their equation.

Their equations say what they mean, `fkube.visitor` how they are made and which laws they keep.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from returns.result import Failure, Result, Success

from fkube.resource.errors import Failures, VisitError
from fkube.resource.guarding import attempt, function_names, raised, returned
from fkube.resource.info import Info
from fkube.visitor.visits import (
    Decorator,
    Predicate,
    Reached,
    Visited,
    Visitor,
    VisitorFunc,
    append_visits,
    reached,
    steps_of,
    visit_in_turn,
    visited_of,
)

__all__ = [
    "AndThen",
    "ContinueOnError",
    "Decorated",
    "Each",
    "EagerVisitorList",
    "Filtered",
    "Guarded",
    "One",
]
__all__ += ["PerResource", "Transform", "VisitorList", "guarded"]
__all__ += ["Decorator", "Predicate", "Reached", "Visited", "Visitor", "VisitorFunc"]
__all__ += ["append_visits", "reached", "steps_of", "visit_in_turn", "visited_of"]

T = TypeVar("T")


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
