"""Requests sent over HTTP with headers, credential and redirects; the bodies of answers are left unread."""

from __future__ import annotations

import math
import platform
import sys
from contextlib import ExitStack, suppress
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import quote, urljoin, urlsplit

from returns.result import Failure, Result, Success, safe
from urllib3 import BaseHTTPResponse, HTTPHeaderDict, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from fkube import __version__
from fkube.edge.credentials import Credential, impersonation_headers
from fkube.edge.httperrors import NoAnswer, explain_no_answer
from fkube.edge.pools import AS_IT_COMES, Http
from fkube.exchange.answers import Headers, encode_request_body
from fkube.exchange.conversation import Request
from fkube.kubeconfig.address import host_of
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import TransportError, UsageError, VisitError
from fkube.resource.patterns import compile_later

CONNECT = 30.0  # Seconds for a TCP connection, as in Go.
SILENCE = 2_000_000.0  # Seconds: a socket can't be told to wait for 2**31 milliseconds or more.
REDIRECTS = 10
REST = 1 << 13  # Bytes: a longer rest of an answer costs more than another connection.
_join_urls = safe((ValueError,))(urljoin)
_encode_body = safe((TypeError, ValueError, RecursionError))(encode_request_body)
_IN_NO_HEADER = compile_later("[\\x00-\\x1f\\x7f\\ud800-\\udfff]")

Answer: TypeAlias = BaseHTTPResponse
"""An answer whose body is still to be read."""
AnswerResult: TypeAlias = Result[Answer, NoAnswer]
"""An answer, or why none came."""


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """A request to be sent over HTTP, and the second of the clock by which its answer must be complete.

    `answers`: what closes every answer to it, whichever way the request ends; `patience`: for how many
    seconds the server may send nothing before the deadline.
    """

    http: Http
    request: Request
    deadline: float
    answers: ExitStack
    patience: float = math.inf

    @property
    def host(self) -> str:
        """The host and port of the server, as messages name it."""
        return host_of(self.http.connection.server)


def open_answer(attempt: Attempt) -> AnswerResult:
    """Send a request, and open its answer; after a 401 send it once more with a renewed credential.

    Go renews the credential too, but leaves it to the next request.
    Follows `roundTripper.RoundTrip` of client-go's exec plugin.
    """
    first = attempt.http.credentials(None)
    answer = first.alt(NoAnswer).bind(lambda credential: _send_with_credential(attempt, credential))
    if answer.map(lambda found: found.status).value_or(0) != 401:
        return answer
    match first.bind(attempt.http.credentials):
        case Success(renewed) if Success(renewed) != first:
            answer.map(leave_answer)
            return _send_with_credential(attempt, renewed)
    return answer


def leave_answer(answer: Answer) -> None:
    """Give an answer that nobody reads back to its pool: with its connection, if little is left to read."""
    if (getattr(answer, "length_remaining", None) or 0) <= REST:
        with suppress(HTTPError):
            # Four pieces are the body, a chunk, and the ends of both: as Go, it reads no more of a refusal.
            any(not answer.read1(REST, decode_content=False) for _ in range(4))
    close_answer(answer)


def close_answer(answer: Answer) -> None:
    """Close an answer, and its connection unless that was read to its end and is back in the pool."""
    answer.close()
    answer.release_conn()


def _send_with_credential(attempt: Attempt, credential: Credential) -> AnswerResult:
    """Send a request with this credential; refuse what can't stand in a header or in a URL."""
    return Result.do(
        answer
        for headers in _encode_headers(_request_headers(attempt, credential)).alt(NoAnswer)
        for url in _encode_url(attempt).alt(NoAnswer)
        for pool in attempt.http.pools(credential.certificate).alt(NoAnswer)
        for answer in _follow_redirects(attempt, pool, url, headers)
    )


def _encode_url(attempt: Attempt) -> Result[str, VisitError]:
    """The URL of a request on the connection's server."""
    server, request = attempt.http.connection.server, attempt.request
    if not request.path.startswith("/"):
        # Else it would go on with the name of the host.
        return Failure(UsageError(f"the path of {request.method} {request.path!r} must begin with a slash"))
    try:
        return Success(server + quote(request.path, safe="/:@!$&'()*+,;=~") + request.encoded_query)
    except UnicodeEncodeError:
        problem = f"the path or the query of a {request.method} is no UTF-8 text: write it anew"
        return Failure(UsageError(problem))


def _follow_redirects(attempt: Attempt, pool: PoolManager, url: str, headers: HTTPHeaderDict) -> AnswerResult:
    """Send a request; if it is a GET, follow up to ten redirects that stay on the same server.

    Errors: a redirect to another server, of another method than GET, or one too many.
    """
    request = attempt.request
    for _ in range(REDIRECTS):
        answer = _send_traced(attempt, pool, url, headers)
        location = answer.map(lambda found: found.get_redirect_location()).value_or(None)
        if not location:
            return answer
        answer.map(leave_answer)
        target = _join_urls(url, location).value_or("")
        if request.method != "GET" or urlsplit(target)[:2] != urlsplit(url)[:2]:
            break
        url = target
    return Failure(NoAnswer(_redirect_error(attempt, target)))


def _redirect_error(attempt: Attempt, target: str) -> TransportError:
    """The error of a redirect that is not followed; an empty target stands for what is no URL."""
    elsewhere, asked = urlsplit(target), f"{attempt.request.method} {attempt.request.path}"
    # Not with the name and the password that may stand before the host.
    place = f"{elsewhere.scheme}://{host_of(target)}" if target else "what is no URL"
    message = f"the server {attempt.host} redirects {asked} to {place}"
    return TransportError(f"{message}: write the API server's own URL in the kubeconfig")


def _send_traced(attempt: Attempt, pool: PoolManager, url: str, headers: HTTPHeaderDict) -> AnswerResult:
    """Send a request as `_send_once` does, and tell of it and of its answer."""
    trace, method = attempt.http.trace, attempt.request.method
    if trace.requests < 6:
        return _send_once(attempt, pool, url, headers)
    began = attempt.http.now()
    trace.tell_request(method, url, tuple(headers.items()))
    answer = _send_once(attempt, pool, url, headers)
    status, found = answer.map(lambda came: (came.status, tuple(came.headers.items()))).value_or((0, ()))
    trace.tell_response(method, url, status, found, attempt.http.now() - began)
    return answer


def _send_once(attempt: Attempt, pool: PoolManager, url: str, headers: HTTPHeaderDict) -> AnswerResult:
    """Send a request to this URL, without redirects; urllib3's exceptions become a `NoAnswer`."""
    request = attempt.request
    body = _encode_body(request)
    if isinstance(body, Failure):
        problem = f"the body of {request} is no JSON: NaN, half a character, or nested too deeply?"
        return Failure(NoAnswer(UsageError(problem)))
    options: dict[str, Any] = {**AS_IT_COMES, "timeout": _timeout(attempt)}
    try:
        answer = pool.urlopen(request.method, url, body=body.unwrap(), headers=headers, **options)
    except HTTPError as error:
        return Failure(explain_no_answer(error, request, attempt.host))
    except ValueError:
        return Failure(NoAnswer(UsageError(f"{str(request)!r} can't be sent: its method is none")))
    attempt.answers.callback(close_answer, answer)
    return Success(answer)


def _timeout(attempt: Attempt) -> Timeout:
    """For how long a connection may take, its silences, and all that is left to do."""
    spans = (attempt.deadline - attempt.http.now(), attempt.patience)
    total, read = (min(max(span, 0.001), SILENCE) if span < math.inf else None for span in spans)
    return Timeout(connect=CONNECT, read=read, total=total)


# A run sends the same few again and again. urllib3 changes none.
@lru_cache(maxsize=16)
def _encode_headers(headers: Headers) -> Result[HTTPHeaderDict, VisitError]:
    """Headers as UTF-8 that is read as Latin-1, which http.client will encode them as.

    Errors: a value with control characters, or half a character of UTF-16, is told by the header's name.
    """
    good = HTTPHeaderDict()
    for name, value in headers:
        encoded = value.encode("utf-8", "surrogatepass").decode("latin-1")
        if _IN_NO_HEADER.search(value):
            # Said here, because http.client would say it with the value.
            problem = f'net/http: invalid header field value for "{name}"'
            return Failure(UsageError(f"{problem}: take line ends, control characters and non-UTF-8 out"))
        good.add(name, encoded)
    return Success(good)


def _request_headers(attempt: Attempt, credential: Credential) -> Headers:
    """The headers to send."""
    request, connection = attempt.request, attempt.http.connection
    return (
        ("Accept", request.accept),
        ("User-Agent", AGENT),
        *([("Content-Type", request.content_type)] if request.body is not None else []),
        ("Accept-Encoding", "identity" if connection.cluster.get("disable-compression") else "gzip"),
        *([("Authorization", credential.authorization)] if credential.authorization else []),
        *impersonation_headers(connection.user),
    )


def _user_agent() -> str:
    """`fkube/VERSION (OS/ARCH) python/VERSION`, after the fashion of `buildUserAgent` of client-go."""
    system = f"{sys.platform}/{platform.machine() or 'unknown'}"
    return f"fkube/{__version__} ({system}) python/{platform.python_version()}"


AGENT = _user_agent()
