"""Conversations with an API server as values: requests, responses, and what is said next. No I/O."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.errors import Cause, StatusError, VisitError
from fkube.info import Object

T = TypeVar("T")
U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)

JSON = "application/json"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request to an API server as data. The body, maybe a Secret, is in no repr.

    `agent` is the `User-Agent` of a request that has come to a server; a client sends its own.

    >>> print(Request("GET", "/api/v1/pods", (("limit", "500"),)))
    GET /api/v1/pods?limit=500
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Any = field(default=None, repr=False)
    content_type: str = JSON
    accept: str = JSON
    agent: str = field(default="", repr=False)

    def __str__(self) -> str:
        asked = "&".join(f"{key}={value}" for key, value in self.query)
        return f"{self.method} {self.path}{'?' if asked else ''}{asked}"


@dataclass(frozen=True, slots=True)
class Response:
    """What the server answered: the status, the decoded body (JSON data, or text), lower-case headers."""

    status: int
    body: Any = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str:
        """The first header of that lower-case name, or empty."""
        return next((value for key, value in self.headers if key == name), "")


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


def succeeded(response: Response) -> Result[Response, VisitError]:
    """The response if the server did as asked, else its `Status` as an error.

    >>> succeeded(Response(404, "404 page not found")).failure().message
    'the server could not find the requested resource'
    """
    return Success(response) if response.status < 400 else Failure(status_error(response))


def status_error(response: Response) -> StatusError:
    """A `metav1.Status` as data; for an answer that is none, what client-go makes of its code.

    Follows `errors.FromObject` and `NewGenericServerResponse` of apimachinery.
    """
    body: Object = response.body if isinstance(response.body, dict) else {}
    details = body.get("details") or {}
    reason, message = _GENERIC.get(response.status, ("", "an error on the server has prevented the request"))
    return StatusError(
        str(body.get("message") or message),
        int(body.get("code") or response.status),
        str(body.get("reason") or ("" if body.get("kind") == "Status" else reason)),
        tuple(_cause(cause) for cause in details.get("causes") or ()),
        int(details.get("retryAfterSeconds") or response.header("retry-after") or 0),
        warnings(response),
    )


def warnings(response: Response) -> tuple[str, ...]:
    """The texts of the server's `Warning` headers (code 299), each once.

    Follows `ParseWarningHeaders` of apimachinery.

    >>> warnings(Response(201, headers=(("warning", '299 - "use v2", 299 - "old"'),)))
    ('use v2', 'old')
    """
    headers = ", ".join(value for key, value in response.headers if key == "warning")
    texts = re.findall(r'299 \S+ "((?:[^"\\]|\\.)*)"', headers)
    return tuple(dict.fromkeys(re.sub(r"\\(.)", r"\1", text) for text in texts))


def _cause(cause: Object) -> Cause:
    return Cause(*(str(cause.get(key, "")) for key in ("field", "reason", "message")))


_GENERIC = {
    400: ("BadRequest", "the server rejected our request for an unknown reason"),
    401: ("Unauthorized", "the server has asked for the client to provide credentials"),
    403: ("Forbidden", "the server does not allow access to the requested resource"),
    404: ("NotFound", "the server could not find the requested resource"),
    405: ("MethodNotAllowed", "the server does not allow this method on the requested resource"),
    406: ("NotAcceptable", "the server was unable to respond with a content type that the client supports"),
    409: ("Conflict", "the server reported a conflict"),
    413: ("RequestEntityTooLarge", "the request is larger than the server accepts"),
    415: ("UnsupportedMediaType", "the server does not support the content type of the request"),
    422: ("Invalid", "the server rejected our request due to an error in our request"),
    429: ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
    500: ("InternalError", "an error on the server has prevented the request from succeeding"),
    503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
    504: ("Timeout", "the server was unable to return a response in the time allotted"),
}


def with_query(request: Request, **query: str) -> Request:
    """The request with these query parameters, empty ones left out.

    >>> print(with_query(Request("GET", "/api/v1/pods"), limit="500", labelSelector=""))
    GET /api/v1/pods?limit=500
    """
    return replace(request, query=(*request.query, *((k, v) for k, v in query.items() if v)))


def writes(request: Request) -> bool:
    """Whether the request asks for a change.

    >>> writes(Request("POST", "/api/v1/pods", (("dryRun", "All"),)))
    False
    """
    return request.method != "GET" and ("dryRun", "All") not in request.query
