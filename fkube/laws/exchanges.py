"""Laws of conversations with a server: `exchange.bind` is a monad's, what is made of it, and plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fkube.errors import VisitError
from fkube.exchange import Call, Done, Exchange, Listen, Request, Response, bind, done, failed, fold
from fkube.info import Info
from fkube.laws.compare import alike
from fkube.repeating import delayed, polling, retrying
from fkube.report import Outcome
from fkube.verbs.plan import planned

Bind = Callable[[Exchange[Any], Callable[[Any], Exchange[Any]]], Exchange[Any]]
Again = Callable[[Any], bool]
Retrying = Callable[[Exchange[Any], Again, int, float], Exchange[Any]]
Polling = Callable[[Exchange[Any], Again, float, float, VisitError], Exchange[Any]]
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


def retrying_once_more(
    exchange: Exchange[Any],
    again: Again,
    attempts: int,
    answers: Sequence[Response],
    *,
    retrying: Retrying = retrying,
) -> bool:
    """retrying(e, p, n + 1, s) == bind(e, lambda x: delayed(retrying(e, p, n, s), s) if p(x) else done(x))"""
    once_less = delayed(retrying(exchange, again, attempts, 1.0), 1.0)
    once_more = bind(exchange, lambda value: once_less if again(value) else done(value))
    return alike(retrying(exchange, again, attempts + 1, 1.0), once_more, answers)


def retrying_never(
    exchange: Exchange[Any],
    again: Again,
    attempts: int,
    answers: Sequence[Response],
    *,
    retrying: Retrying = retrying,
) -> bool:
    """retrying(e, p, 0, s) == e == retrying(e, never, n, s)"""
    without = retrying(exchange, again, 0, 1.0), retrying(exchange, lambda _: False, attempts, 1.0)
    return all(alike(one, exchange, answers) for one in without)


def polling_by_retrying(
    exchange: Exchange[Any],
    again: Again,
    attempts: int,
    error: VisitError,
    answers: Sequence[Response],
    *,
    polling: Polling = polling,
) -> bool:
    """polling(e, p, n, 1, l) == bind(retrying(e, not p, n, 1), lambda x: done(x) if p(x) else failed(l))"""
    tried = retrying(exchange, again, attempts, 1.0)
    bounded = bind(tried, lambda value: failed(error) if again(value) else done(value))
    polled = polling(exchange, lambda value: not again(value), float(attempts), 1.0, error)
    return alike(polled, bounded, answers)


def planned_sends_no_write(
    info: Info, verb: Verb, answers: Sequence[Response], *, planned: Callable[[Verb], Verb] = planned
) -> bool:
    """planned(verb)(i) sends requests that read, and no others"""
    exchange = planned(verb)(info)
    for answer in answers:
        if isinstance(exchange, Call) and exchange.request.method == "GET":
            exchange = exchange.then(answer)
    return not isinstance(exchange, Call) or exchange.request.method == "GET"
