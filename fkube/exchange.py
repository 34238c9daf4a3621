"""Conversations with an API server as values: what is sent, and what is said next. No I/O."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.errors import VisitError
from fkube.info import Object
from fkube.messages import (
    JSON,
    TABLE,
    Request,
    Response,
    encode_body,
    status_error,
    succeeded,
    warnings,
    with_query,
    writes,
)

__all__ = [
    "JSON",
    "TABLE",
    "Call",
    "Done",
    "Exchange",
    "Heard",
    "Listen",
    "Request",
    "Response",
    "bind",
    "call",
    "done",
    "encode_body",
    "failed",
    "fmap",
    "lash",
    "status_error",
    "succeeded",
    "warnings",
    "with_query",
    "writes",
]

T = TypeVar("T")
U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Done(Generic[T_co]):
    """A conversation that is over, with what came of it."""

    result: Result[T_co, VisitError]


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """A request to send, after a delay in seconds, and how the conversation goes on from its response.

    `lost`: how it goes on where no answer came.
    """

    request: Request
    then: Callable[[Response], Exchange[T_co]]
    delay: float = 0.0
    lost: Callable[[VisitError], Exchange[T_co]] = lambda error: Done(Failure(error))


@dataclass(frozen=True, slots=True)
class Heard:
    """What is heard of an answer: a piece of it, why no more comes, or None at its end; and when.

    `elapsed`: seconds since the conversation began, by the clock of who holds it.
    """

    piece: Result[Object, VisitError] | None = field(repr=False)
    elapsed: float


@dataclass(frozen=True, slots=True)
class Listen(Generic[T_co]):
    """A request whose answer is heard piece by piece: each event of a watch, or the one body of any other.

    What is said to a piece may be another `Listen` for the same request: then the next piece is heard, and
    nothing is sent again. `until`: the second of the conversation at which nothing heard is a `TimedOut`
    heard. Before anything is sent comes a delay in seconds.
    """

    request: Request
    then: Callable[[Heard], Exchange[T_co]]
    until: float = math.inf
    delay: float = 0.0


Exchange: TypeAlias = Done[T] | Call[T] | Listen[T]
"""A conversation: it is over, or has something to send, or to hear, first."""


def done(value: T) -> Exchange[T]:
    """The conversation that is over before it began: the return of the monad."""
    return Done(Success(value))


def failed(error: VisitError) -> Exchange[Any]:
    """The conversation that can't be held."""
    return Done(Failure(error))


def bind(exchange: Exchange[T], function: Callable[[T], Exchange[U]]) -> Exchange[U]:
    """Go on with what a conversation came to; a failure ends it.

    Equation: bind(done(x), f) = f(x);  bind(Call(q, t), f) = Call(q, lambda r: bind(t(r), f)), as Listen
    Law: exchange_left_unit, exchange_right_unit, exchange_associative

    >>> bind(done(2), lambda n: done(n + 1))
    Done(result=<Success: 3>)
    """
    return _ended(exchange, lambda result: _went_on(result, function))


def _went_on(result: Result[T, VisitError], function: Callable[[T], Exchange[U]]) -> Exchange[U]:
    return function(result.unwrap()) if isinstance(result, Success) else Done(Failure(result.failure()))


def _ended(exchange: Exchange[T], over: Callable[[Result[T, VisitError]], Exchange[U]]) -> Exchange[U]:
    """The conversation, and what is said once it is over."""
    if isinstance(exchange, Call):
        then, lost, delay = exchange.then, exchange.lost, exchange.delay
        return Call(exchange.request, lambda r: _ended(then(r), over), delay, lambda e: _ended(lost(e), over))
    if isinstance(exchange, Listen):
        said, until, delay = exchange.then, exchange.until, exchange.delay
        return Listen(exchange.request, lambda heard: _ended(said(heard), over), until, delay)
    return over(exchange.result)


def fmap(exchange: Exchange[T], function: Callable[[T], U]) -> Exchange[U]:
    """Change what a conversation comes to.

    Equation: fmap(e, f) = bind(e, lambda x: done(f(x)))

    >>> fmap(done(2), lambda n: n * 10)
    Done(result=<Success: 20>)
    """
    return bind(exchange, lambda value: done(function(value)))


def lash(exchange: Exchange[T], function: Callable[[VisitError], Exchange[T]]) -> Exchange[T]:
    """Go on from why a conversation failed; one that did not is left as it is.

    >>> from fkube.errors import StatusError
    >>> lash(failed(StatusError("no", 403)), lambda error: done(error.code)).result.unwrap()
    403
    """
    return _ended(exchange, lambda result: _recovered(result, function))


def _recovered(result: Result[T, VisitError], function: Callable[[VisitError], Exchange[T]]) -> Exchange[T]:
    return Done(result) if isinstance(result, Success) else function(result.failure())


def call(request: Request) -> Exchange[Response]:
    """Send one request; an answer of 400 or more is a `StatusError`.

    >>> call(Request("GET", "/version")).then(Response(200, {})).result.unwrap().status
    200
    """
    return Call(request, lambda response: Done(succeeded(response)))
