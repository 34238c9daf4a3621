"""Visitors as frozen values: the fields are what each was made of, `__call__` is its equation.

`fkube.visitor.combinators` makes them and names their laws. What runs for each resource tests it by
`isinstance`, which takes half of the time of `match`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from returns.result import Failure, Result, Success
from toolz import identity

from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import Failures, VisitError, failures
from fkube.resource.guarding import check_result, exception_error, function_names, wrong_type_error
from fkube.resource.info import Info
from fkube.resource.results import make_success
from fkube.visitor.visits import (
    Decorator,
    Predicate,
    Reached,
    Visited,
    Visitor,
    VisitorFunc,
    append_visits,
    steps_of,
    visit_in_turn,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class One:
    """A visitor of one resource, or of the reason why there is none."""

    result: Result[Info, VisitError]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return fn(self.result)


@dataclass(frozen=True, slots=True)
class VisitorList:
    """Visitors in turn, up to the first failure; the steps before it are kept."""

    visitors: tuple[Visitor, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return visit_in_turn(self.visitors, fn)


@dataclass(frozen=True, slots=True)
class EagerVisitorList:
    """Visitors in turn, all of them, whichever fail."""

    visitors: tuple[Visitor, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return append_visits(ContinueOnError(visitor)(fn) for visitor in self.visitors)


@dataclass(frozen=True, slots=True)
class Decorated:
    """A visitor whose resources pass through decorators, up to the first that fails."""

    visitor: Visitor
    decorators: tuple[Decorator, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        decorators = self.decorators

        def visit(result: Reached) -> Visited[T]:
            # The equation, without a call of `bind` and of `attempt` for each decorator.
            if not isinstance(result, Success):
                return fn(result)
            for decorate in decorators:
                info = result.unwrap()
                try:
                    result = decorate(info)
                except Exception as error:  # noqa: BLE001 - as in `attempt`
                    return fn(Failure(exception_error(decorate, error, info)))
                if not isinstance(result, Success):
                    return fn(check_result(decorate, result, info))
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
            # The equation, without making a visitor for each resource that is kept.
            if isinstance(result, Success):
                info = result.unwrap()
                for holds in predicates:
                    try:
                        if not holds(info):
                            return _NOTHING
                    except Exception as error:  # noqa: BLE001 - as in `attempt`
                        return fn(Failure(exception_error(holds, error, info)))
            return fn(result)

        return self.visitor(visit)


@dataclass(frozen=True, slots=True)
class AndThen:
    """A visitor each of whose resources becomes a visitor itself."""

    visitor: Visitor
    function: Callable[[Info], Visitor]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        def visit(result: Reached) -> Visited[T]:
            return self._call_function(result.unwrap())(fn) if isinstance(result, Success) else fn(result)

        return self.visitor(visit)

    def _call_function(self, info: Info) -> Visitor:
        """Call the function for a resource; an exception, or what is no visitor, becomes a broken visitor."""
        try:
            visitor = self.function(info)
        except Exception as error:  # noqa: BLE001 - as in `attempt`
            return One(Failure(exception_error(self.function, error, info)))
        if not callable(visitor):
            return One(Failure(wrong_type_error(self.function, visitor, "a visitor, like infos(...)", info)))
        return guarded(visitor)


@dataclass(frozen=True, slots=True)
class ContinueOnError:
    """A visitor that no failure stops: the visitor function gets each of them, and all are kept."""

    visitor: Visitor

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        # Seen from inside every step succeeds, and its value is the visit of one resource.
        visits: Visited[Visited[T]] = self.visitor(lambda result: make_success((fn(result),)))
        match visits:
            case Success(found):
                return append_visits(found)
            case _:
                # A step that failed is of a visitor that fails without calling the function.
                return append_visits(step.alt(failures).bind(identity) for step in steps_of(visits))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A user's visitor: if it raises an exception, that is one more failure behind its visits so far."""

    visitor: Visitor

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        visits: list[Visited[T]] = []

        def visit(result: Reached) -> Visited[T]:
            visits.append(fn(result))
            return visits[-1]

        try:
            whole = self.visitor(visit)
        except Exception as error:  # noqa: BLE001 - as in `attempt`
            return append_visits((*visits, fn(Failure(exception_error(self.visitor, error)))))
        return whole


@dataclass(frozen=True, slots=True)
class PerResource:
    """A visitor to each of whose resources a user's transform is applied separately.

    Equation: PerResource(v, t) = t(v), for a t that distributes over the list
    """

    visitor: Visitor
    transform: Callable[[Visitor], Visitor]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return self.visitor(lambda result: self._apply_transform(result)(fn))

    def _apply_transform(self, result: Reached) -> Visitor:
        """Apply the transform to a visitor of one result; an exception becomes a broken visitor."""
        try:
            return guarded(self.transform(One(result)))
        except Exception as error:  # noqa: BLE001 - as in `attempt`
            return One(Failure(exception_error(self.transform, error, result.value_or(None))))


_NOTHING: Visited[Any] = Success(())
_LISTS = (VisitorList, EagerVisitorList)
_OURS = (One, *_LISTS, Decorated, Filtered, AndThen, ContinueOnError, Guarded, PerResource)


def guarded(visitor: Visitor) -> Visitor:
    """Wrap a user's visitor in `Guarded`; those of this module raise no exception."""
    return visitor if isinstance(visitor, _OURS) else Guarded(visitor)


@dataclass(frozen=True, slots=True, repr=False)
class Transform:
    """`Visitor -> Visitor` as a value: a rule and its arguments, without the visitor.

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
    """The visitor function that applies a step to each resource."""

    step: Callable[[Info], Result[T, VisitError]]

    def __call__(self, result: Reached, /) -> Visited[T]:
        if not isinstance(result, Success):
            return Failure(failures(result.failure()))
        info = result.unwrap()
        try:
            step = self.step(info)
        except Exception as error:  # noqa: BLE001 - as in `attempt`
            return Failure(failures(exception_error(self.step, error, info)))
        if isinstance(step, Success):
            return make_success((step.unwrap(),))
        return Failure(Failures((check_result(self.step, step, info),)))
