"""Wrong answers to the exercises of the course, each of them plausible; the checks have to catch all."""

from dataclasses import replace

import solutions
from returns.result import Failure, Success

from fkube import laws, verbs
from fkube.exchange import (
    JSON,
    MERGE_PATCH,
    Call,
    Done,
    Request,
    Response,
    bind,
    call,
    done,
    failed,
    fmap,
    fold,
)
from fkube.report import Outcome
from fkube.resource.errors import UsageError, failures
from fkube.resource.info import Info, with_metadata, with_object
from fkube.visitor import (
    and_then,
    broken,
    continue_on_error,
    each,
    infos,
    nothing,
    one,
    visitor_list,
)
from fkube.visitor.stages import take, whole
from fkube.visitor.visits import append_visits, reached, steps_of, visited_of


def label_in_place(info):
    info.object.setdefault("metadata", {}).setdefault("labels", {})["team"] = "shop"
    return Success(info)


def in_turn(*visitors):
    """Goes on after a failure."""
    return lambda fn: append_visits(visitor(fn) for visitor in visitors)


def forgetful(*visitors):
    """Forgets what came before a failure."""

    def visit(fn):
        kept = []
        for visitor in visitors:
            found = visitor(fn)
            if isinstance(found, Failure):
                return found
            kept.extend(found.unwrap())
        return Success(tuple(kept))

    return visit


def deaf(visitor):
    """Go's: the function is not told of failures."""
    return lambda fn: append_visits(
        fn(result) if isinstance(result, Success) else Failure(failures(result.failure()))
        for result in reached(visitor)
    )


def deaf_decorated(decorate):
    """Go's: what a decorator refuses, the function is not told of."""

    def visit(fn, result):
        found = result.bind(decorate)
        return fn(found) if isinstance(found, Success) else Failure(failures(found.failure()))

    return lambda visitor: lambda fn: visitor(lambda result: visit(fn, result))


def patch(info, body, type=MERGE_PATCH, action="stamped"):
    request = fmap(Done(verbs.path(info)), lambda path: Request("PATCH", path, (), body, type))
    return fmap(bind(request, call), lambda found: Outcome(action, info.origin, info, found.body))


YES = {"metadata": {"annotations": {"course/stamp": "yes"}}}


def stamp_twice(info):
    return bind(solutions.stamped(info), lambda _: solutions.stamped(info))


def put(info):
    body = with_metadata({**info.object, "data": {}}, annotations={"course/stamp": "yes"})
    request = fmap(Done(verbs.path(info)), lambda path: Request("PUT", path, (), body))
    return fmap(bind(request, call), lambda found: Outcome("stamped", info.origin, info, found.body))


def first_budget_only(n, exchange):
    """Takes the budget for the first request, and no budget after it."""
    return exchange if n or isinstance(exchange, Done) else failed(UsageError("spent"))


def stops_early(n, exchange):
    return solutions.at_most(n - 1, exchange) if n else solutions.at_most(0, exchange)


def fails_at_the_end(n, exchange):
    """Fails once the budget is spent, though nothing more is to be sent."""
    if n == 0:
        return failed(UsageError("spent"))
    if isinstance(exchange, Done):
        return exchange
    return replace(exchange, then=lambda answer: fails_at_the_end(n - 1, exchange.then(answer)))


def deaf_to_loss(n, exchange):
    """Forgets the budget where no answer comes."""
    if isinstance(exchange, Done):
        return exchange
    if not n:
        return failed(UsageError("spent"))
    return replace(exchange, then=lambda answer: deaf_to_loss(n, exchange.then(answer)))


def forgiving(result):
    """Leaves nothing of a failure."""
    return solutions.kind_and_name(result).lash(lambda _: Success(()))


def silent(visitor):
    """Goes on, and tells of no failure."""
    return lambda fn: continue_on_error(visitor)(fn).lash(lambda left: Success(left.visited))


def only_successes(holds):
    """Keeps what is wanted, and loses failures."""
    return lambda visitor: infos(
        *(result.unwrap() for result in reached(visitor) if result.map(holds).value_or(False))
    )


def folded(called):
    """A fold of an exchange to requests, wrong by what it makes of a call."""
    return lambda exchange: fold(exchange, lambda _: (), called, lambda request, *_: (request,))


def last_request(exchange):
    """The last request and not the first."""

    def called(request, then, *_):
        return then(Response(200, {})) or request

    return fold(exchange, lambda _: None, called, lambda request, *_: request)


def plan_of(visitor):
    return steps_of(continue_on_error(visitor)(each(Success)))


POD, NODE = (infos(Info({"kind": kind, "metadata": {"name": kind.lower()}})) for kind in ("Pod", "Node"))

WRONG = {
    "kind_and_name": (
        lambda result: result.map(lambda info: f"{info.kind}/{info.name}"),
        lambda result: Success((f"{result.unwrap().kind}/{result.unwrap().name}",)),
        each(lambda info: Success(info.name)),
        forgiving,
    ),
    "my_one": (
        lambda info: lambda fn: fn(info),
        lambda info: lambda fn: Success((info,)),
        lambda info: Success(info),
    ),
    "labelled": (
        label_in_place,
        lambda info: Success(with_object(info, with_metadata(info.object, labels={"team": "shop"}))),
        lambda info: with_object(info, with_metadata(info.object, labels={**info.labels, "team": "shop"})),
        lambda info: Success(Info(with_metadata(info.object, labels={**info.labels, "team": "shop"}))),
    ),
    "my_decorated": (
        deaf_decorated,
        lambda d: lambda v: lambda fn: v(lambda result: fn(d(result.unwrap()))),
        lambda d: lambda v: lambda fn: v(lambda result: fn(result.bind(d).lash(lambda _: result))),
        lambda d: lambda v: lambda fn: v(lambda result: fn(result.bind(d).bind(d))),
    ),
    "my_filtered": (
        lambda p: and_then(lambda info: nothing if p(info) else one(info)),
        lambda p: and_then(lambda info: one(info) if p(info) else broken(UsageError("not wanted"))),
        only_successes,
    ),
    "my_visitor_list": (in_turn, forgetful, lambda *vs: visitor_list(*vs[::-1])),
    "my_continue_on_error": (deaf, silent, lambda visitor: visitor),
    "length": (
        lambda items: items(lambda item, count: count, 0),
        lambda items: items(lambda item, count: 1, 0),
        lambda items: items(lambda item, count: count + 1, 1),
    ),
    "church_append": (
        lambda first, second: lambda step, start: second(step, first(step, start)),
        lambda first, second: lambda step, start: (first(step, start), second(step, start)),
        lambda first, second: first,
    ),
    "church_and_then": (
        lambda f: lambda items: lambda step, start: items(lambda item, rest: step(f(item), rest), start),
        lambda f: lambda items: lambda step, start: items(lambda item, rest: f(item)(step, start), start),
        lambda f: lambda items: items,
    ),
    "no_take": ((2, POD, NODE), (1, nothing, POD), (0, POD, POD)),
    "culprits": (
        {},
        {"B": laws.list_unit},
        {"B": laws.list_unit, "C": laws.list_associative},
        {"A": laws.list_singleton, "B": laws.list_unit, "C": laws.fail_fast_prefix},
        {"B": laws.right_unit, "C": laws.fail_fast_prefix},
    ),
    "nosy": (
        lambda visitor: visitor,
        lambda visitor: lambda fn: visited_of({repr(step): step for step in steps_of(visitor(fn))}.values()),
        take(1),
    ),
    "last": (
        lambda n: take(n),
        lambda n: whole(lambda results: results[-n:]),
        lambda n: lambda visitor: solutions.last(n)(visitor),
        lambda n: whole(lambda results: results[::-1][:n]),
    ),
    "no_room": (
        Response(200, {"kind": "Status", "message": "no room"}),
        Response(403, {"kind": "Status", "message": "no rum"}),
        Failure(UsageError("no room")),
    ),
    "first_request": (
        lambda exchange: exchange.request,
        lambda exchange: exchange.request if isinstance(exchange, Call) else None,
        last_request,
    ),
    "requests_of": (
        lambda exchange: () if isinstance(exchange, Done) else (exchange.request,),
        folded(lambda request, then, *_: (*then(Response(200, {})), request)),
        folded(lambda request, then, *_: (request, *then(Response(500, {})))),
    ),
    "stamped": (
        stamp_twice,
        put,
        lambda info: patch(info, YES, JSON),
        lambda info: patch(info, YES, action="patched"),
        lambda info: done(Outcome("stamped", info.origin, info)),
        lambda info: patch(info, {"metadata": {"labels": {"course/stamp": "yes"}}}),
        lambda info: None,
    ),
    "at_most": (first_budget_only, stops_early, fails_at_the_end, deaf_to_loss, lambda n, exchange: exchange),
    "backwards": (
        lambda visitor, f: continue_on_error(visitor)(each(f)),
        lambda visitor, f: visited_of([step.bind(f) for step in plan_of(visitor)[::-1]]),
        lambda visitor, f: visited_of(
            [step.bind(f) for step in steps_of(visitor(each(Success)))[::-1]][::-1]
        ),
        lambda visitor, f: visited_of([step.bind(f) for step in plan_of(visitor)]),
        lambda visitor, f: visited_of(
            [step.bind(f) for step in plan_of(visitor)[::-1] if isinstance(step, Success)][::-1]
        ),
    ),
}
