"""Laws of conversations with a server: `exchange.bind` is a monad's, and a plan changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fkube.exchange import Done, Exchange, Response, bind, done
from fkube.info import Info
from fkube.laws.compare import Answer, Sides, alike, converse
from fkube.report import Outcome
from fkube.verbs.plan import planned

Bind = Callable[[Exchange[Any], Callable[[Any], Exchange[Any]]], Exchange[Any]]
Verb = Callable[[Info], Exchange[Outcome]]
Reply = Callable[[Any], Exchange[Any]]


def exchange_left_unit(
    value: object, reply: Reply, answers: Sequence[Response], *, bind: Bind = bind
) -> Sides:
    """bind(done(x), f) == f(x)"""
    return alike("bind(done(x), f) == f(x)", bind(done(value), reply), reply(value), answers)


def exchange_right_unit(exchange: Exchange[Any], answers: Sequence[Response], *, bind: Bind = bind) -> Sides:
    """bind(e, done) == e"""
    return alike("bind(e, done) == e", bind(exchange, done), exchange, answers)


def exchange_associative(
    exchange: Exchange[Any], reply: Reply, rereply: Reply, answers: Sequence[Response], *, bind: Bind = bind
) -> Sides:
    """bind(bind(e, f), g) == bind(e, lambda x: bind(f(x), g))"""
    inside = bind(exchange, lambda value: bind(reply(value), rereply))
    return alike(
        "bind(bind(e, f), g) == bind(e, lambda x: bind(f(x), g))",
        bind(bind(exchange, reply), rereply),
        inside,
        answers,
    )


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
