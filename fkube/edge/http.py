"""Requests over HTTP: a Request becomes a Response, or the reason why no answer came. No exception leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import urllib3
from returns.result import Failure, Result, Success

from fkube.edge.attempt import Answer, AnswerResult, Attempt, Http, open_answer
from fkube.edge.client import Events
from fkube.edge.httperrors import explain_no_answer, timed_out
from fkube.exchange.answers import Headers, decode_json, decode_response, retry_after
from fkube.exchange.conversation import Request, Response, succeeded
from fkube.resource.errors import TransportError, VisitError
from fkube.resource.info import Object
from fkube.resource.results import collect_results

CHUNK = 1 << 16
RETRIES = 10


def send(http: Http, request: Request) -> Result[Response, VisitError]:
    """Send a request and read the answer, whatever its status.

    As in client-go it is sent again, up to ten times, after a 429 or a 5xx that says when (`Retry-After`),
    and for a GET whose connection was lost before the answer: any other request might be done twice.
    Errors: `TransportError` (`sent`: the server may have acted), `TimedOut` after the connection's timeout.
    Follows `Request.request` and `withRetry` of client-go.
    """
    attempt = _first_attempt(http, request)
    return _final_answer(attempt).bind(lambda answer: _read_response(attempt, answer))


def stream(http: Http, request: Request, patience: float = math.inf) -> Events:
    """Send a request and yield the objects of the answer, one a line, as they come.

    A silence of `patience` seconds ends it: a server that is there sends bookmarks now and then.
    A clean end of the answer ends the stream; a failure is the last that it yields. Closing the generator
    closes the connection. Follows `Request.Watch` of client-go.
    """
    attempt = replace(_first_attempt(http, request), patience=patience)
    match _final_answer(attempt):
        case Success(answer) if answer.status < 400:
            yield from _read_objects(request, _read_chunks(attempt, answer))
        case Success(answer):
            refused = _read_response(attempt, answer).bind(succeeded)
            yield refused.map(lambda response: {"status": response.status})
        case Failure(error):
            yield Failure(error)


def _first_attempt(http: Http, request: Request) -> Attempt:
    """Begin a request: it has to be answered within the connection's timeout, if there is one, or its own."""
    usual = http.connection.timeout or math.inf
    # The time limit that is further away is in no message.
    limited = request if request.timeout < usual else replace(request, timeout=math.inf)
    return Attempt(http, limited, http.now() + min(usual, request.timeout))


def _final_answer(attempt: Attempt) -> Result[Answer, VisitError]:
    """Send a request until its answer needs no retry, up to ten times more; wait in between as it says."""
    for left in range(RETRIES if attempt.request.again else 0, -1, -1):
        answer = open_answer(attempt)
        wait = _retry_delay(answer)
        if wait is None or not left:
            break
        answer.map(lambda refused: refused.drain_conn())
        if attempt.http.now() + wait >= attempt.deadline:
            # What asks for the request again has not carried it out.
            return Failure(timed_out(attempt.request, attempt.host, sent=False))
        attempt.http.sleep(wait)
    return answer.alt(lambda lost: lost.error)


def _retry_delay(answer: AnswerResult) -> int | None:
    """The seconds to wait before the next attempt, or None if there should be none."""
    match answer:
        case Success(found):
            return retry_after(found.status, _headers(found))
        case Failure(lost) if lost.transient:
            return 1
    return None


def _headers(answer: Answer) -> Headers:
    """The headers of an answer, their names in lower case."""
    return tuple((name.lower(), value) for name, value in answer.headers.items())


def _read_response(attempt: Attempt, answer: Answer) -> Result[Response, VisitError]:
    """Read the whole answer, and decode it."""
    decode = partial(decode_response, attempt.request, answer.status, _headers(answer))
    return collect_results(_read_chunks(attempt, answer)).map(b"".join).bind(decode)


def _read_chunks(attempt: Attempt, answer: Answer) -> Iterator[Result[bytes, VisitError]]:
    """Read the body in chunks as they come, up to the deadline. Left early, it closes the connection."""
    whole = False
    try:
        while chunk := answer.read1(CHUNK):
            if attempt.http.now() >= attempt.deadline:
                yield Failure(timed_out(attempt.request, attempt.host))
                return
            yield Success(chunk)
        whole = True
    except urllib3.exceptions.HTTPError as error:
        yield Failure(explain_no_answer(error, attempt.request, attempt.host).error)
    finally:
        if not whole:
            answer.close()
        answer.release_conn()


def _read_objects(request: Request, chunks: Iterator[Result[bytes, VisitError]]) -> Events:
    """The JSON objects in the lines of a body, up to the first failure to read; empty lines are skipped."""
    rest = b""
    for chunk in chunks:
        match chunk:
            case Success(data):
                *lines, rest = (rest + data).split(b"\n")
                yield from (_decode_object(request, line) for line in lines if line.strip())
            case Failure(error):
                yield Failure(error)
                return
    if rest.strip():
        yield _decode_object(request, rest)


def _decode_object(request: Request, line: bytes) -> Result[Object, VisitError]:
    """Decode one line; a line that is no JSON object is a `TransportError`."""
    found = decode_json(line).value_or(None)
    if isinstance(found, dict):
        return Success(found)
    problem = f"the server answered {request} with a line that is no JSON object"
    return Failure(TransportError(problem, sent=True))
