"""Conversations with an API server as values: what to send, and what to do with the answer. No I/O."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Generic, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.exchange.messages import JSON as JSON
from fkube.exchange.messages import MERGE_PATCH as MERGE_PATCH
from fkube.exchange.messages import TABLE as TABLE
from fkube.exchange.messages import Request as Request
from fkube.exchange.messages import Response as Response
from fkube.exchange.messages import encode_body as encode_body
from fkube.exchange.messages import status_error as status_error
from fkube.exchange.messages import succeeded as succeeded
from fkube.exchange.messages import warnings as warnings
from fkube.exchange.messages import with_query as with_query
from fkube.exchange.messages import writes as writes
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import VisitError
from fkube.resource.info import Object

T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Done(Generic[T_co]):
    """A conversation that is over, and its result."""

    result: Result[T_co, VisitError]


def failed(error: VisitError) -> Exchange[Any]:
    """The conversation that has failed already."""
    return Done(Failure(error))


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """A request to send, and what follows its response.

    `delay`: the seconds to wait before it is sent. `lost`: what follows where no answer comes.
    """

    request: Request
    then: Callable[[Response], Exchange[T_co]]
    delay: float = 0.0
    lost: Callable[[VisitError], Exchange[T_co]] = failed


@dataclass(frozen=True, slots=True)
class Heard:
    """One piece of an answer, or why no more comes, or None at its end; and when it came.

    `elapsed`: seconds since the conversation began, by the clock of whoever runs it.
    """

    piece: Result[Object, VisitError] | None = field(repr=False)
    elapsed: float


@dataclass(frozen=True, slots=True)
class Listen(Generic[T_co]):
    """A request whose answer comes piece by piece: each event of a watch, or the one body of any other.

    Where `then` gives another `Listen` for the same request, the next piece is taken and nothing is sent
    again. `until`: the second of the conversation at which silence becomes a `TimedOut`. `delay`: the
    seconds to wait before it is sent.
    """

    request: Request
    then: Callable[[Heard], Exchange[T_co]]
    until: float = math.inf
    delay: float = 0.0


Exchange: TypeAlias = Done[T] | Call[T] | Listen[T]
"""A conversation: over, or with a request to send first, or with an answer to listen to first."""


def done(value: T) -> Exchange[T]:
    """The conversation that is over, with this value: the return of the monad."""
    return Done(Success(value))


Then: TypeAlias = Callable[[Response], R]
Lost: TypeAlias = Callable[[VisitError], R]
"""What follows an answer, and what follows where none comes."""

Called: TypeAlias = Callable[[Request, Then[R], float, Lost[R]], R]
"""What a `fold` makes of a `Call`."""

Listened: TypeAlias = Callable[[Request, Callable[[Heard], R], float, float], R]
"""What a `fold` makes of a `Listen`."""


def fold(
    exchange: Exchange[T],
    over: Callable[[Result[T, VisitError]], R],
    called: Called[R],
    heard: Listened[R],
) -> R:
    """Turn a conversation into something else: one function for each kind of it.

    The functions take what `Done`, `Call` and `Listen` take; what follows an answer is folded too, once there
    is an answer.

    Equation: fold(Done(r), o, c, h) = o(r)
      fold(Call(q, t, d, l), o, c, h) = c(q, lambda r: fold(t(r), o, c, h), d, lambda e: fold(l(e), o, c, h))
      fold(Listen(q, t, u, d), o, c, h) = h(q, lambda p: fold(t(p), o, c, h), u, d)
    Law: exchange_fold_identity, exchange_fold_over_bind

    >>> fold(call(Request("GET", "/version")), str, lambda request, *_: f"first {request}", lambda *_: "")
    'first GET /version'
    """
    # Not by `match`, which takes half as long again: every answer comes by here.
    if isinstance(exchange, Done):
        return over(exchange.result)
    if isinstance(exchange, Listen):
        hear, until = exchange.then, exchange.until
        return heard(
            exchange.request, lambda piece: fold(hear(piece), over, called, heard), until, exchange.delay
        )
    then, lost = exchange.then, exchange.lost
    return called(
        exchange.request,
        lambda answer: fold(then(answer), over, called, heard),
        exchange.delay,
        lambda why: fold(lost(why), over, called, heard),
    )


def conclude(exchange: Exchange[T], function: Callable[[Result[T, VisitError]], Exchange[U]]) -> Exchange[U]:
    """Go on from the result of a conversation, success or failure.

    Equation: conclude(e, f) = fold(e, f, Call, Listen)

    >>> conclude(done(2), lambda result: done(isinstance(result, Success)))
    Done(result=<Success: True>)
    """
    listens: Listened[Exchange[U]] = Listen
    return fold(exchange, function, Call, listens)


def bind(exchange: Exchange[T], function: Callable[[T], Exchange[U]]) -> Exchange[U]:
    """Go on with the value of a conversation; a failure ends it.

    Equation: bind(done(x), f) = f(x);  bind(Call(q, t), f) = Call(q, lambda r: bind(t(r), f)), as Listen
    Law: exchange_left_unit, exchange_right_unit, exchange_associative

    >>> bind(done(2), lambda n: done(n + 1))
    Done(result=<Success: 3>)
    """

    def go_on(result: Result[T, VisitError]) -> Exchange[U]:
        return function(result.unwrap()) if isinstance(result, Success) else failed(result.failure())

    return conclude(exchange, go_on)


def fmap(exchange: Exchange[T], function: Callable[[T], U]) -> Exchange[U]:
    """Change the value that a conversation ends with.

    Equation: fmap(e, f) = bind(e, lambda x: done(f(x)))

    >>> fmap(done(2), lambda n: n * 10)
    Done(result=<Success: 20>)
    """
    return bind(exchange, lambda value: done(function(value)))


def lash(exchange: Exchange[T], function: Callable[[VisitError], Exchange[T]]) -> Exchange[T]:
    """Recover from the failure of a conversation; one that succeeds stays as it is.

    >>> from fkube.resource.errors import StatusError
    >>> lash(failed(StatusError("no", 403)), lambda error: done(error.code)).result.unwrap()
    403
    """

    def recover(result: Result[T, VisitError]) -> Exchange[T]:
        return Done(result) if isinstance(result, Success) else function(result.failure())

    return conclude(exchange, recover)


def send(request: Request) -> Exchange[Response]:
    """Send one request; the conversation ends with the response, whatever its status.

    >>> send(Request("GET", "/version")).then(Response(500)).result.unwrap().status
    500
    """
    return Call(request, done)


def call(request: Request) -> Exchange[Response]:
    """Send one request; a status of 400 or more is a `StatusError`.

    >>> call(Request("GET", "/version")).then(Response(200, {})).result.unwrap().status
    200
    """
    return Call(request, lambda response: Done(succeeded(response)))
