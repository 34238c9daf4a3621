"""Laws of conversations with a server: `exchange.bind` is a monad's, and a plan changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fkube.exchange import Call, Done, Exchange, Listen, Request, Response, bind, done, fold
from fkube.info import Info
from fkube.laws.compare import alike
from fkube.report import Outcome
from fkube.verbs.plan import planned

Bind = Callable[[Exchange[Any], Callable[[Any], Exchange[Any]]], Exchange[Any]]
Fold = Callable[..., Any]
Verb = Callable[[Info], Exchange[Outcome]]
Reply = Callable[[Any], Exchange[Any]]


def exchange_left_unit(
    value: object, reply: Reply, answers: Sequence[Response], *, bind: Bind = bind
) -> bool:
    """bind(done(x), f) == f(x)"""
    return alike(bind(done(value), reply), reply(value), answers)


def exchange_right_unit(exchange: Exchange[Any], answers: Sequence[Response], *, bind: Bind = bind) -> bool:
    """bind(e, done) == e"""
    return alike(bind(exchange, done), exchange, answers)


def exchange_associative(
    exchange: Exchange[Any], reply: Reply, rereply: Reply, answers: Sequence[Response], *, bind: Bind = bind
) -> bool:
    """bind(bind(e, f), g) == bind(e, lambda x: bind(f(x), g))"""
    inside = bind(exchange, lambda value: bind(reply(value), rereply))
    return alike(bind(bind(exchange, reply), rereply), inside, answers)


def exchange_fold_identity(
    exchange: Exchange[Any], answers: Sequence[Response], *, fold: Fold = fold
) -> bool:
    """fold(e, Done, Call, Listen) == e"""
    return alike(fold(exchange, Done, Call, Listen), exchange, answers)


def exchange_fold_over_bind(
    exchange: Exchange[Any],
    reply: Reply,
    request: Request,
    answers: Sequence[Response],
    *,
    bind: Bind = bind,
    fold: Fold = fold,
) -> bool:
    """fold(bind(e, f), Done, c, l) == bind(fold(e, Done, c, l), lambda x: fold(f(x), Done, c, l))"""

    def instead(_: Request, then: Any, delay: float, lost: Any) -> Exchange[Any]:
        return Call(request, then, delay, lost)

    def changed(other: Exchange[Any]) -> Any:
        return fold(other, Done, instead, Listen)

    apart = bind(changed(exchange), lambda value: changed(reply(value)))
    return alike(changed(bind(exchange, reply)), apart, answers)


def planned_sends_no_write(
    info: Info, verb: Verb, answers: Sequence[Response], *, planned: Callable[[Verb], Verb] = planned
) -> bool:
    """planned(verb)(i) sends requests that read, and no others"""
    exchange = planned(verb)(info)
    for answer in answers:
        if isinstance(exchange, Call) and exchange.request.method == "GET":
            exchange = exchange.then(answer)
    return not isinstance(exchange, Call) or exchange.request.method == "GET"
