"""Laws of conversations with a server: `exchange.bind` is a monad's, and a plan changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fkube.exchange import Call, Exchange, Response, bind, done
from fkube.info import Info
from fkube.laws.compare import alike
from fkube.report import Outcome
from fkube.verbs.plan import planned

Bind = Callable[[Exchange[Any], Callable[[Any], Exchange[Any]]], Exchange[Any]]
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


def planned_sends_no_write(
    info: Info, verb: Verb, answers: Sequence[Response], *, planned: Callable[[Verb], Verb] = planned
) -> bool:
    """planned(verb)(i) sends requests that read, and no others"""
    exchange = planned(verb)(info)
    for answer in answers:
        if isinstance(exchange, Call) and exchange.request.method == "GET":
            exchange = exchange.then(answer)
    return not isinstance(exchange, Call) or exchange.request.method == "GET"
