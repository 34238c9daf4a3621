"""Requests over HTTP: a Request becomes a Response, or the reason why no answer came. No exception leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import urllib3
from returns.result import Failure, Result, Success

from fkube.edge.client import Events
from fkube.edge.trying import Answer, Http, Opened, Try, opened
from fkube.edge.words import broken, timed_out
from fkube.exchange.answers import Headers, decoded, json_value, retry_after
from fkube.exchange.conversation import Request, Response, succeeded
from fkube.resource.errors import TransportError, VisitError
from fkube.resource.info import Object

CHUNK = 1 << 16
RETRIES = 10


def send(http: Http, request: Request) -> Result[Response, VisitError]:
    """Send a request and read the answer, whatever its status.

    As in client-go it is sent again, up to ten times, after a 429 or a 5xx that says when (`Retry-After`),
    and for a GET whose connection was lost before the answer: any other request might be done twice.
    Errors: `TransportError` (`sent`: the server may have acted), `TimedOut` after the connection's timeout.
    Follows `Request.request` and `withRetry` of client-go.
    """
    attempt = _first(http, request)
    return _answered(attempt).bind(lambda answer: _read(attempt, answer))


def stream(http: Http, request: Request, patience: float = math.inf) -> Events:
    """Send a request and yield the objects of the answer, one a line, as they come.

    A silence of `patience` seconds ends it: a server that is there sends bookmarks now and then.
    A clean end of the answer ends the stream; a failure is the last that it yields. Closing the generator
    closes the connection. Follows `Request.Watch` of client-go.
    """
    attempt = replace(_first(http, request), patience=patience)
    answer = _answered(attempt)
    if not isinstance(answer, Success):
        yield Failure(answer.failure())
    elif answer.unwrap().status >= 400:
        yield (
            _read(attempt, answer.unwrap()).bind(succeeded).map(lambda response: {"status": response.status})
        )
    else:
        yield from _objects(request, _chunks(attempt, answer.unwrap()))


def _first(http: Http, request: Request) -> Try:
    return Try(http, request, http.now() + (http.connection.timeout or float("inf")))


def _answered(attempt: Try) -> Result[Answer, VisitError]:
    """The answer that is not worth another try."""
    for left in range(RETRIES, -1, -1):
        answer = opened(attempt)
        wait = _wait(answer)
        if wait is None or not left:
            break
        answer.map(lambda refused: refused.drain_conn())
        if attempt.http.now() + wait >= attempt.deadline:
            return Failure(timed_out(attempt.request, attempt.host))
        attempt.http.sleep(wait)
    return answer.alt(lambda lost: lost.error)


def _wait(answer: Opened) -> int | None:
    """The seconds to wait before the next try, or None if there should be none."""
    if isinstance(answer, Success):
        return retry_after(answer.unwrap().status, _headers(answer.unwrap()))
    return 1 if answer.failure().transient else None


def _headers(answer: Answer) -> Headers:
    return tuple((name.lower(), value) for name, value in answer.headers.items())


def _read(attempt: Try, answer: Answer) -> Result[Response, VisitError]:
    """The whole answer, decoded."""
    data = []
    for chunk in _chunks(attempt, answer):
        if not isinstance(chunk, Success):
            return Failure(chunk.failure())
        data.append(chunk.unwrap())
    return decoded(attempt.request, answer.status, _headers(answer), b"".join(data))


def _chunks(attempt: Try, answer: Answer) -> Iterator[Result[bytes, VisitError]]:
    """The body as it comes. Left early, it takes its connection with it."""
    whole = False
    try:
        while chunk := answer.read1(CHUNK):
            if attempt.http.now() >= attempt.deadline:
                yield Failure(timed_out(attempt.request, attempt.host))
                return
            yield Success(chunk)
        whole = True
    except urllib3.exceptions.HTTPError as error:
        yield Failure(broken(error, attempt.request, attempt.host).error)
    finally:
        if not whole:
            answer.close()
        answer.release_conn()


def _objects(request: Request, chunks: Iterator[Result[bytes, VisitError]]) -> Events:
    """The objects in the lines of a body, up to the first failure."""
    rest = b""
    for chunk in chunks:
        if not isinstance(chunk, Success):
            yield Failure(chunk.failure())
            return
        *lines, rest = (rest + chunk.unwrap()).split(b"\n")
        yield from (_object(request, line) for line in lines if line.strip())
    if rest.strip():
        yield _object(request, rest)


def _object(request: Request, line: bytes) -> Result[Object, VisitError]:
    found = json_value(line).value_or(None)
    if isinstance(found, dict):
        return Success(found)
    return Failure(
        TransportError(f"the server answered {request} with a line that is no JSON object", sent=True)
    )
