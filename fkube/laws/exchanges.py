"""Laws of conversations with a server: `exchange.bind` is a monad's, what is made of it, and plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fkube.exchange.conversation import Call, Done, Exchange, Listen, Request, bind, done, failed, fold
from fkube.exchange.repeating import delayed, polling, retrying
from fkube.laws.compare import Answer, Sides, alike, converse
from fkube.report.outcomes import Outcome
from fkube.resource.errors import VisitError
from fkube.resource.info import Info
from fkube.verbs.plan import planned

Bind = Callable[[Exchange[Any], Callable[[Any], Exchange[Any]]], Exchange[Any]]
Again = Callable[[Any], bool]
Retrying = Callable[[Exchange[Any], Again, int, float], Exchange[Any]]
Polling = Callable[[Exchange[Any], Again, float, float, VisitError], Exchange[Any]]
Fold = Callable[..., Any]
Verb = Callable[[Info], Exchange[Outcome]]
Reply = Callable[[Any], Exchange[Any]]


def exchange_left_unit(
    value: object, reply: Reply, server_answers: Sequence[Answer], *, bind: Bind = bind
) -> Sides:
    """bind(done(x), f) == f(x)"""
    return alike("bind(done(x), f) == f(x)", bind(done(value), reply), reply(value), server_answers)


def exchange_right_unit(
    exchange: Exchange[Any],
    server_answers: Sequence[Answer],
    *,
    bind: Bind = bind,
) -> Sides:
    """bind(e, done) == e"""
    return alike("bind(e, done) == e", bind(exchange, done), exchange, server_answers)


def exchange_associative(
    exchange: Exchange[Any],
    reply: Reply,
    rereply: Reply,
    server_answers: Sequence[Answer],
    *,
    bind: Bind = bind,
) -> Sides:
    """bind(bind(e, f), g) == bind(e, lambda x: bind(f(x), g))"""
    inside = bind(exchange, lambda value: bind(reply(value), rereply))
    return alike(
        "bind(bind(e, f), g) == bind(e, lambda x: bind(f(x), g))",
        bind(bind(exchange, reply), rereply),
        inside,
        server_answers,
    )


def exchange_fold_identity(
    exchange: Exchange[Any],
    server_answers: Sequence[Answer],
    *,
    fold: Fold = fold,
) -> Sides:
    """fold(e, Done, Call, Listen) == e"""
    return alike(
        "fold(e, Done, Call, Listen) == e", fold(exchange, Done, Call, Listen), exchange, server_answers
    )


def exchange_fold_over_bind(
    exchange: Exchange[Any],
    reply: Reply,
    request: Request,
    server_answers: Sequence[Answer],
    *,
    bind: Bind = bind,
    fold: Fold = fold,
) -> Sides:
    """fold(bind(e, f), Done, c, l) == bind(fold(e, Done, c, l), lambda x: fold(f(x), Done, c, l))"""

    def instead(_: Request, then: Any, delay: float, lost: Any) -> Exchange[Any]:
        return Call(request, then, delay, lost)

    def changed(other: Exchange[Any]) -> Any:
        return fold(other, Done, instead, Listen)

    apart = bind(changed(exchange), lambda value: changed(reply(value)))
    clause = "fold(bind(e, f)) == bind(fold(e), fold ∘ f)"
    return alike(clause, changed(bind(exchange, reply)), apart, server_answers)


def retrying_once_more(
    exchange: Exchange[Any],
    again: Again,
    attempts: int,
    server_answers: Sequence[Answer],
    *,
    retrying: Retrying = retrying,
) -> Sides:
    """retrying(e, p, n + 1, s) == bind(e, lambda x: delayed(retrying(e, p, n, s), s) if p(x) else done(x))"""
    once_less = delayed(retrying(exchange, again, attempts, 1.0), 1.0)
    once_more = bind(exchange, lambda value: once_less if again(value) else done(value))
    clause = "one attempt more is one attempt and the others"
    return alike(clause, retrying(exchange, again, attempts + 1, 1.0), once_more, server_answers)


def retrying_never(
    exchange: Exchange[Any],
    again: Again,
    attempts: int,
    server_answers: Sequence[Answer],
    *,
    retrying: Retrying = retrying,
) -> Sides:
    """retrying(e, p, 0, s) == e == retrying(e, never, n, s)"""
    none, never = retrying(exchange, again, 0, 1.0), retrying(exchange, lambda _: False, attempts, 1.0)
    return alike("retrying(e, p, 0, s) == e", none, exchange, server_answers) and alike(
        "retrying(e, never, n, s) == e", never, exchange, server_answers
    )


def polling_by_retrying(
    exchange: Exchange[Any],
    again: Again,
    attempts: int,
    error: VisitError,
    server_answers: Sequence[Answer],
    *,
    polling: Polling = polling,
) -> Sides:
    """polling(e, p, n, 1, l) == bind(retrying(e, not p, n, 1), lambda x: done(x) if p(x) else failed(l))"""
    tried = retrying(exchange, again, attempts, 1.0)
    bounded = bind(tried, lambda value: failed(error) if again(value) else done(value))
    polled = polling(exchange, lambda value: not again(value), float(attempts), 1.0, error)
    return alike("polling(e, p) == retrying(e, not p)", polled, bounded, server_answers)


def planned_sends_no_write(
    mapped_info: Info,
    verb: Verb,
    server_answers: Sequence[Answer],
    *,
    planned: Callable[[Verb], Verb] = planned,
) -> Sides:
    """planned(verb)(i) sends requests that read, and no others"""
    held = converse(planned(verb)(mapped_info), server_answers)
    last = () if isinstance(held.end, Done) else (held.end.request,)
    asked = (*(request for _, request, _ in held.asked), *last)
    writes = tuple(request for request in asked if request.method != "GET")
    return Sides("the requests of planned(verb)(i) that do not read are none", writes, ())
