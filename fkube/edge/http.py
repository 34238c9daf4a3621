"""Requests over HTTP: a Request becomes a Response, or the reason why no answer came. No exception leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from email.utils import formatdate
from functools import partial
from io import BytesIO

import urllib3
from returns.result import Failure, Result, Success

from fkube.edge.attempt import Answer, AnswerResult, Attempt, leave_answer, open_answer
from fkube.edge.client import Events
from fkube.edge.httperrors import explain_no_answer, timed_out, too_much
from fkube.edge.pools import Http
from fkube.exchange.answers import Headers, decode_json, decode_response, retry_after
from fkube.exchange.conversation import Request, Response, succeeded
from fkube.resource.dataclasses import replace
from fkube.resource.errors import TransportError, VisitError
from fkube.resource.info import Object

CHUNK = 1 << 16
RETRIES = 10

LONGEST_ANSWER = 512 << 20
"""How many bytes one answer may have, unpacked: the objects made of it take some times as much memory."""

LONGEST_LINE = 32 << 20
"""How many bytes a line of a watch may have, unpacked: etcd keeps no object beyond a few megabytes."""

PACKED = 200
"""How many times longer than what came over the wire an answer may be, once it is over `SMALL` bytes."""

SMALL = 16 << 20


def send(http: Http, request: Request) -> Result[Response, VisitError]:
    """Send a request and read the answer, whatever its status.

    As in client-go it is sent again, up to ten times, after a 429 or a 5xx that says when (`Retry-After`),
    and for a GET whose connection was lost before the answer: any other request might be done twice.
    Errors: `TransportError` (`sent`: the server may have acted), also for an answer over `LONGEST_ANSWER`;
    `TimedOut` after the connection's timeout.
    Follows `Request.request` and `withRetry` of client-go.
    """
    http.trace.tell_request_body(request)
    with ExitStack() as answers:
        attempt = _first_attempt(http, request, answers)
        response = _final_answer(attempt).bind(partial(_read_response, attempt))
    response.map(partial(http.trace.tell_response_body, request))
    return response


def stream(http: Http, request: Request, patience: float = math.inf) -> Events:
    """Send a request and yield the objects of the answer, one a line, as they come.

    A silence of `patience` seconds ends it: a server that is there sends bookmarks now and then.
    A clean end of the answer ends the stream; a failure is the last that it yields, as of a line that is
    over `LONGEST_LINE`. Closing the generator closes the connection. Follows `Request.Watch` of client-go.
    """
    with ExitStack() as answers:
        attempt = _first_attempt(http, request, answers, patience)
        match _final_answer(attempt):
            case Success(answer) if answer.status < 400:
                yield from _read_objects(attempt, _read_chunks(attempt, answer))
            case Success(answer):
                refused = _read_response(attempt, answer).bind(succeeded)
                yield refused.map(lambda response: {"status": response.status})
            case Failure(error):
                yield Failure(error)


def _first_attempt(http: Http, request: Request, answers: ExitStack, patience: float = math.inf) -> Attempt:
    """Begin a request: it has to be answered within the connection's timeout, if there is one, or its own.

    `answers` closes what is answered to it.
    """
    usual = http.connection.timeout or math.inf
    # The time limit that is further away is in no message.
    limited = request if request.timeout < usual else replace(request, timeout=math.inf)
    return Attempt(http, limited, http.now() + min(usual, request.timeout), answers, patience)


def _final_answer(attempt: Attempt) -> Result[Answer, VisitError]:
    """Send a request until its answer needs no retry, up to ten times more; wait in between as it says."""
    for left in range(RETRIES if attempt.request.again else 0, -1, -1):
        answer = open_answer(attempt)
        wait = _retry_delay(answer)
        if wait is None or not left:
            break
        answer.map(leave_answer)
        if attempt.http.now() + wait >= attempt.deadline:
            # What asks for the request again has not carried it out.
            return Failure(timed_out(attempt.request, attempt.host, sent=False))
        attempt.http.sleep(wait)
    return answer.alt(lambda lost: lost.error)


def _retry_delay(answer: AnswerResult) -> int | None:
    """The seconds to wait before the next attempt, or None if there should be none."""
    match answer:
        case Success(found):
            # Nearly all need no look at their headers.
            refused = found.status == 429 or found.status >= 500
            return retry_after(found.status, _headers(found)) if refused else None
        case Failure(lost) if lost.transient:
            return 1
    return None


def _headers(answer: Answer) -> Headers:
    """The headers of an answer, their names in lower case; where it has no date, it is of now."""
    headers = tuple((name.lower(), value) for name, value in answer.headers.items())
    return headers if "date" in answer.headers else (*headers, ("date", formatdate(usegmt=True)))


def _read_response(attempt: Attempt, answer: Answer) -> Result[Response, VisitError]:
    """Read the whole answer, and decode it."""
    decode = partial(decode_response, attempt.request, answer.status, _headers(answer))
    return _read_body(attempt, answer).bind(decode)


def _read_body(attempt: Attempt, answer: Answer) -> Result[bytes, VisitError]:
    """Read the whole body, as long as it is no longer than an answer may be."""
    body = BytesIO()
    for chunk in _read_chunks(attempt, answer):
        if isinstance(chunk, Failure):
            return chunk
        body.write(chunk.unwrap())
        if excess := _find_excess(body.tell(), answer.tell()):
            return Failure(too_much(attempt.request, attempt.host, excess))
    return Success(body.getvalue())


def _find_excess(size: int, received: int) -> str:
    """Say how an answer is longer than it may be, unpacked to `size` bytes from those received; else nothing.

    >>> _find_excess(SMALL, 1), _find_excess(SMALL + 1, 1 << 16)
    ('', 'what unpacks to over 200 times its length: set disable-compression')
    """
    if size > LONGEST_ANSWER:
        return f"over {LONGEST_ANSWER >> 20} MiB: ask for less, as by --chunk-size or a selector"
    bomb = size > SMALL and size > PACKED * received
    return f"what unpacks to over {PACKED} times its length: set disable-compression" if bomb else ""


def _read_chunks(attempt: Attempt, answer: Answer) -> Iterator[Result[bytes, VisitError]]:
    """Read the body in chunks as they come, unpacked piece by piece, up to the deadline."""
    try:
        while chunk := answer.read1(CHUNK):
            if attempt.http.now() >= attempt.deadline:
                yield Failure(timed_out(attempt.request, attempt.host))
                return
            yield Success(chunk)
    except urllib3.exceptions.HTTPError as error:
        yield Failure(explain_no_answer(error, attempt.request, attempt.host).error)


def _read_objects(attempt: Attempt, chunks: Iterator[Result[bytes, VisitError]]) -> Events:
    """The JSON objects in the lines of a body, up to the first failure to read; empty lines are skipped."""
    for line in _split_lines(attempt, chunks):
        match line:
            case Success(data) if data.strip():
                yield _decode_object(attempt.request, data)
            case Failure(error):
                yield Failure(error)


def _split_lines(
    attempt: Attempt, chunks: Iterator[Result[bytes, VisitError]]
) -> Iterator[Result[bytes, VisitError]]:
    """Split a body into its lines as they end; a failure to read it, or a line too long, is the last.

    Each byte is looked at once, however long the line is.
    """
    begun = bytearray()
    for chunk in chunks:
        if isinstance(chunk, Failure):
            yield chunk
            return
        first, *lines = chunk.unwrap().split(b"\n")
        begun += first
        if len(begun) > LONGEST_LINE:
            excess = f"a line of over {LONGEST_LINE >> 20} MiB: does it come from a Kubernetes API server?"
            yield Failure(too_much(attempt.request, attempt.host, excess))
            return
        for line in lines:
            yield Success(bytes(begun))
            begun = bytearray(line)
    yield Success(bytes(begun))


def _decode_object(request: Request, line: bytes) -> Result[Object, VisitError]:
    """Decode one line; a line that is no JSON object is a `TransportError`."""
    found = decode_json(line).value_or(None)
    if isinstance(found, dict):
        return Success(found)
    problem = f"the server answered {request} with a line that is no JSON object"
    return Failure(TransportError(problem, sent=True))
