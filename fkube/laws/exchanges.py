"""Laws of conversations with a server: `exchange.bind` is a monad's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fkube.exchange import Exchange, Response, bind, done
from fkube.laws.compare import alike

Bind = Callable[[Exchange[Any], Callable[[Any], Exchange[Any]]], Exchange[Any]]
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
