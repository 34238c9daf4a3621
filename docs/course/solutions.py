"""Solutions of the course's exercises, by the names that the notebooks have for them. Try before you read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from material import YES, ChurchList
from returns.result import Failure, Result, Success

from fkube import laws, verbs
from fkube.exchange import (
    MERGE_PATCH,
    Call,
    Done,
    Exchange,
    Listen,
    Request,
    Response,
    bind,
    call,
    failed,
    fmap,
    fold,
)
from fkube.report import Outcome
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info, with_metadata, with_object
from fkube.visitor import (
    Decorator,
    Predicate,
    Visited,
    Visitor,
    VisitorFunc,
    and_then,
    continue_on_error,
    each,
    nothing,
    one,
)
from fkube.visitor.stages import Stage, whole
from fkube.visitor.visits import append_visits, reached, steps_of, visited_of

A = TypeVar("A")
B = TypeVar("B")
R = TypeVar("R")
T = TypeVar("T")

# Notebook 1


def my_one(info: Info) -> Visitor:
    return lambda fn: fn(Success(info))


kind_and_name = each(lambda info: Success(f"{info.kind}/{info.name}"))


def labelled(info: Info) -> Result[Info, VisitError]:
    object = with_metadata(info.object, labels={**info.labels, "team": "shop"})
    return Success(with_object(info, object))


def my_filtered(holds: Predicate) -> Stage:
    return and_then(lambda info: one(info) if holds(info) else nothing)


def my_decorated(decorate: Decorator) -> Stage:
    return lambda visitor: lambda fn: visitor(lambda result: fn(result.bind(decorate)))


def my_visitor_list(*visitors: Visitor) -> Visitor:
    def visit(fn: VisitorFunc[T]) -> Visited[T]:
        visits: tuple[Visited[T], ...] = ()
        for visitor in visitors:
            visits = (*visits, visitor(fn))
            if isinstance(visits[-1], Failure):
                break
        return append_visits(visits)

    return visit


def my_continue_on_error(visitor: Visitor) -> Visitor:
    return lambda fn: append_visits(fn(result) for result in reached(visitor))


# Notebook 2


def length(items: ChurchList[Any]) -> int:
    return items(lambda _, count: 1 + count, 0)


def church_append(first: ChurchList[A], second: ChurchList[A]) -> ChurchList[A]:
    return lambda step, start: first(step, second(step, start))


def church_and_then(
    function: Callable[[A], ChurchList[B]],
) -> Callable[[ChurchList[A]], ChurchList[B]]:
    return lambda items: lambda step, start: items(lambda item, rest: function(item)(step, rest), start)


pod = one(Info({"kind": "Pod", "metadata": {"name": "web"}}))
no_take = (1, pod, pod)

culprits: Mapping[str, Callable[..., object]] = {"B": laws.list_unit, "C": laws.fail_fast_prefix}


def nosy(visitor: Visitor) -> Visitor:
    """Looks at what is left, and is at a loss for anything but a text."""

    def visit(fn: VisitorFunc[T]) -> Visited[T]:
        steps = steps_of(visitor(fn))
        return visited_of(
            step for step in steps if isinstance(step, Failure) or isinstance(step.unwrap(), str)
        )

    return visit


def last(n: int) -> Stage:
    return whole(lambda results: results[-n:] if n else ())


# Notebook 3

no_room = Response(403, {"kind": "Status", "status": "Failure", "message": "no room"})


def first_request(exchange: Exchange[Any]) -> Request | None:
    first: Request | None = fold(
        exchange, lambda _: None, lambda request, *_: request, lambda request, *_: request
    )
    return first


def requests_of(exchange: Exchange[Any]) -> tuple[Request, ...]:
    return fold(
        exchange,
        lambda _: (),
        lambda request, then, *_: (request, *then(YES)),
        lambda request, *_: (request,),
    )


def stamped(info: Info) -> Exchange[Outcome]:
    patch = {"metadata": {"annotations": {"course/stamp": "yes"}}}
    request = fmap(Done(verbs.path(info)), lambda path: Request("PATCH", path, (), patch, MERGE_PATCH))
    return fmap(bind(request, call), lambda found: Outcome("stamped", info.origin, info, found.body))


def at_most(n: int, exchange: Exchange[T]) -> Exchange[T]:
    match exchange:
        case Done():
            return exchange
        case _ if n == 0:
            return failed(UsageError("the budget of requests is spent"))
        case Call(request, then, delay, lost):
            return Call(
                request,
                lambda response: at_most(n - 1, then(response)),
                delay,
                lambda error: at_most(n - 1, lost(error)),
            )
        case Listen(request, hear, until, delay):
            return Listen(request, lambda heard: at_most(n - 1, hear(heard)), until, delay)


def backwards(visitor: Visitor, function: Callable[[Info], Result[T, VisitError]]) -> Visited[T]:
    plan = steps_of(continue_on_error(visitor)(each(Success)))
    return visited_of([step.bind(function) for step in plan[::-1]][::-1])
