"""Laws of conversations with a server: `exchange.bind` is a monad's, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from fkube.exchange.conversation import Call, Done, Listen, Request, bind, done, failed, fold
from fkube.exchange.repeating import delayed, polling, retrying
from fkube.laws.compare import Answers, AnyExchange, Pair, Sides, equation, transcripts
from fkube.resource.errors import VisitError

Reply: TypeAlias = Callable[[Any], AnyExchange]
"""From a result to the conversation that follows."""
Bind: TypeAlias = Callable[[AnyExchange, Reply], AnyExchange]
Again: TypeAlias = Callable[[Any], bool]
"""Whether the conversation with this result is to be held again."""
Retry: TypeAlias = Callable[[AnyExchange, Again, int, float], AnyExchange]
Poll: TypeAlias = Callable[[AnyExchange, Again, float, float, VisitError], AnyExchange]
Fold: TypeAlias = Callable[..., AnyExchange]


@equation
def exchange_left_unit(value: object, reply: Reply, server_answers: Answers, *, bind: Bind = bind) -> Pair:
    """bind(done(x), f) == f(x)"""
    return transcripts(server_answers, bind(done(value), reply), reply(value))


@equation
def exchange_right_unit(exchange: AnyExchange, server_answers: Answers, *, bind: Bind = bind) -> Pair:
    """bind(e, done) == e"""
    return transcripts(server_answers, bind(exchange, done), exchange)


@equation
def exchange_associative(
    exchange: AnyExchange, reply: Reply, rereply: Reply, server_answers: Answers, *, bind: Bind = bind
) -> Pair:
    """bind(bind(e, f), g) == bind(e, lambda x: bind(f(x), g))"""
    inside = bind(exchange, lambda value: bind(reply(value), rereply))
    return transcripts(server_answers, bind(bind(exchange, reply), rereply), inside)


@equation
def exchange_fold_identity(exchange: AnyExchange, server_answers: Answers, *, fold: Fold = fold) -> Pair:
    """fold(e, Done, Call, Listen) == e"""
    return transcripts(server_answers, fold(exchange, Done, Call, Listen), exchange)


@equation
def exchange_fold_over_bind(
    exchange: AnyExchange,
    reply: Reply,
    request: Request,
    server_answers: Answers,
    *,
    bind: Bind = bind,
    fold: Fold = fold,
) -> Pair:
    """fold(bind(e, f), Done, c, l) == bind(fold(e, Done, c, l), lambda x: fold(f(x), Done, c, l))"""

    def replace_calls(other: AnyExchange) -> AnyExchange:
        return fold(other, Done, lambda _, *rest: Call(request, *rest), Listen)

    apart = bind(replace_calls(exchange), lambda value: replace_calls(reply(value)))
    return transcripts(server_answers, replace_calls(bind(exchange, reply)), apart)


@equation
def retrying_once_more(
    exchange: AnyExchange, again: Again, attempts: int, server_answers: Answers, *, retrying: Retry = retrying
) -> Pair:
    """retrying(e, p, n + 1, s) == bind(e, lambda x: delayed(retrying(e, p, n, s), s) if p(x) else done(x))"""
    once_less = delayed(retrying(exchange, again, attempts, 1.0), 1.0)
    once_more = bind(exchange, lambda value: once_less if again(value) else done(value))
    return transcripts(server_answers, retrying(exchange, again, attempts + 1, 1.0), once_more)


def retrying_never(
    exchange: AnyExchange, again: Again, attempts: int, server_answers: Answers, *, retrying: Retry = retrying
) -> Sides:
    """retrying(e, p, 0, s) == e == retrying(e, never, n, s)"""
    none, never = retrying(exchange, again, 0, 1.0), retrying(exchange, lambda _: False, attempts, 1.0)
    return Sides("retrying(e, p, 0, s) == e", *transcripts(server_answers, none, exchange)) and Sides(
        "retrying(e, never, n, s) == e", *transcripts(server_answers, never, exchange)
    )


@equation
def polling_by_retrying(
    exchange: AnyExchange,
    again: Again,
    attempts: int,
    error: VisitError,
    server_answers: Answers,
    *,
    polling: Poll = polling,
) -> Pair:
    """polling(e, p, n, 1, l) == bind(retrying(e, not p, n, 1), lambda x: done(x) if p(x) else failed(l))"""
    tried = retrying(exchange, again, attempts, 1.0)
    bounded = bind(tried, lambda value: failed(error) if again(value) else done(value))
    polled = polling(exchange, lambda value: not again(value), float(attempts), 1.0, error)
    return transcripts(server_answers, polled, bounded)
