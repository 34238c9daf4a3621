"""Conversations with an API server as values: what is sent, and what is said next. No I/O."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.exchange.messages import (
    JSON,
    MERGE_PATCH,
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
from fkube.resource.errors import VisitError
from fkube.resource.info import Object

__all__ = [
    "JSON",
    "MERGE_PATCH",
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
    "conclude",
    "done",
    "encode_body",
    "failed",
    "fmap",
    "fold",
    "lash",
    "send",
    "status_error",
    "succeeded",
    "warnings",
    "with_query",
    "writes",
]

T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Done(Generic[T_co]):
    """A conversation that is over, with what came of it."""

    result: Result[T_co, VisitError]


def failed(error: VisitError) -> Exchange[Any]:
    """The conversation that can't be held."""
    return Done(Failure(error))


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """A request to send, after a delay in seconds, and how the conversation goes on from its response.

    `lost`: how it goes on where no answer came.
    """

    request: Request
    then: Callable[[Response], Exchange[T_co]]
    delay: float = 0.0
    lost: Callable[[VisitError], Exchange[T_co]] = failed


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


Called: TypeAlias = Callable[[Request, Callable[[Response], R], float, Callable[[VisitError], R]], R]
"""What a `fold` makes of a `Call`."""

Listened: TypeAlias = Callable[[Request, Callable[[Heard], R], float, float], R]
"""What a `fold` makes of a `Listen`."""


def fold(
    exchange: Exchange[T],
    over: Callable[[Result[T, VisitError]], R],
    called: Called[R],
    heard: Listened[R],
) -> R:
    """Make something else of a conversation: one function for each thing that it can be.

    What comes after an answer is made into the same, as soon as there is an answer. The functions take what
    `Done`, `Call` and `Listen` take.

    Equation: fold(Done(r), o, c, h) = o(r)
      fold(Call(q, t, d, l), o, c, h) = c(q, lambda r: fold(t(r), o, c, h), d, lambda e: fold(l(e), o, c, h))
      fold(Listen(q, t, u, d), o, c, h) = h(q, lambda p: fold(t(p), o, c, h), u, d)
    Law: exchange_fold_identity, exchange_fold_over_bind

    >>> fold(call(Request("GET", "/version")), str, lambda request, *_: f"first {request}", lambda *_: "")
    'first GET /version'
    """
    if isinstance(exchange, Done):
        return over(exchange.result)

    def go_on(rest: Exchange[T]) -> R:
        return fold(rest, over, called, heard)

    if isinstance(exchange, Listen):
        hear = exchange.then
        return heard(exchange.request, lambda piece: go_on(hear(piece)), exchange.until, exchange.delay)
    then, lost = exchange.then, exchange.lost
    return called(exchange.request, lambda r: go_on(then(r)), exchange.delay, lambda e: go_on(lost(e)))


def conclude(exchange: Exchange[T], function: Callable[[Result[T, VisitError]], Exchange[U]]) -> Exchange[U]:
    """Go on from the end of a conversation, whether it went well or not.

    Equation: conclude(e, f) = fold(e, f, Call, Listen)

    >>> conclude(done(2), lambda result: done(isinstance(result, Success)))
    Done(result=<Success: True>)
    """
    calls: Called[Exchange[U]] = Call
    listens: Listened[Exchange[U]] = Listen
    return fold(exchange, function, calls, listens)


def bind(exchange: Exchange[T], function: Callable[[T], Exchange[U]]) -> Exchange[U]:
    """Go on with what a conversation came to; a failure ends it.

    Equation: bind(done(x), f) = f(x);  bind(Call(q, t), f) = Call(q, lambda r: bind(t(r), f)), as Listen
    Law: exchange_left_unit, exchange_right_unit, exchange_associative

    >>> bind(done(2), lambda n: done(n + 1))
    Done(result=<Success: 3>)
    """

    def go_on(result: Result[T, VisitError]) -> Exchange[U]:
        return function(result.unwrap()) if isinstance(result, Success) else failed(result.failure())

    return conclude(exchange, go_on)


def fmap(exchange: Exchange[T], function: Callable[[T], U]) -> Exchange[U]:
    """Change what a conversation comes to.

    Equation: fmap(e, f) = bind(e, lambda x: done(f(x)))

    >>> fmap(done(2), lambda n: n * 10)
    Done(result=<Success: 20>)
    """
    return bind(exchange, lambda value: done(function(value)))


def lash(exchange: Exchange[T], function: Callable[[VisitError], Exchange[T]]) -> Exchange[T]:
    """Go on from why a conversation failed; one that did not is left as it is.

    >>> from fkube.resource.errors import StatusError
    >>> lash(failed(StatusError("no", 403)), lambda error: done(error.code)).result.unwrap()
    403
    """

    def recover(result: Result[T, VisitError]) -> Exchange[T]:
        return Done(result) if isinstance(result, Success) else function(result.failure())

    return conclude(exchange, recover)


def send(request: Request) -> Exchange[Response]:
    """Send one request; whatever is answered, it is what the conversation comes to.

    >>> send(Request("GET", "/version")).then(Response(500)).result.unwrap().status
    500
    """
    return Call(request, done)


def call(request: Request) -> Exchange[Response]:
    """Send one request; an answer of 400 or more is a `StatusError`.

    >>> call(Request("GET", "/version")).then(Response(200, {})).result.unwrap().status
    200
    """
    return Call(request, lambda response: Done(succeeded(response)))
