"""Requests sent over HTTP with headers, credential and redirects; the bodies of answers are left unread."""

from __future__ import annotations

import math
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode, urljoin, urlsplit

from returns.result import Failure, Result, Success, safe
from urllib3 import BaseHTTPResponse, HTTPHeaderDict, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from fkube.edge.credentials import Credential, Source, impersonation_headers
from fkube.edge.httperrors import NoAnswer, explain_no_answer
from fkube.edge.pools import AS_IT_COMES, Pools
from fkube.exchange.answers import encode_request_body
from fkube.exchange.conversation import Request
from fkube.kubeconfig.connection import Connection
from fkube.resource.errors import TransportError, UsageError

CONNECT = 30.0  # Seconds for a TCP connection, as in Go.
REDIRECTS = 10
_join_urls = safe((ValueError,))(urljoin)

Answer: TypeAlias = BaseHTTPResponse
"""An answer whose body is still to be read."""
AnswerResult: TypeAlias = Result[Answer, NoAnswer]
"""An answer, or why none came."""


@dataclass(frozen=True, slots=True, repr=False)
class Http:
    """How a server is reached over HTTP: connection, credentials, pools, and a clock (seconds)."""

    connection: Connection
    credentials: Source
    pools: Pools
    now: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """A request to be sent over HTTP, and the second of the clock by which its answer must be complete.

    `patience`: for how many seconds the server may send nothing before that.
    """

    http: Http
    request: Request
    deadline: float
    patience: float = math.inf

    @property
    def host(self) -> str:
        """The host and port of the server, as messages name it."""
        return urlsplit(self.http.connection.server).netloc


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
            answer.map(lambda refused: refused.drain_conn())
            return _send_with_credential(attempt, renewed)
    return answer


def _send_with_credential(attempt: Attempt, credential: Credential) -> AnswerResult:
    """Send a request with this credential; refuse a header's value that has control characters in it."""
    headers = _request_headers(attempt, credential)
    bad = next((name for name, value in headers if any(ord(c) < 32 or ord(c) == 127 for c in value)), "")
    if bad:
        # Said here, because http.client would say it with the value.
        problem = f'net/http: invalid header field value for "{bad}"'
        return Failure(NoAnswer(UsageError(f"{problem}: take line ends and control characters out")))
    pool = attempt.http.pools(credential.certificate).alt(NoAnswer)
    return pool.bind(lambda found: _follow_redirects(attempt, found, HTTPHeaderDict(headers)))


def _follow_redirects(attempt: Attempt, pool: PoolManager, headers: HTTPHeaderDict) -> AnswerResult:
    """Send a request; if it is a GET, follow up to ten redirects that stay on the same server.

    Errors: a redirect to another server, of another method than GET, or one too many.
    """
    request = attempt.request
    query = f"?{urlencode(request.query)}" if request.query else ""
    url = attempt.http.connection.server + quote(request.path, safe="/:@!$&'()*+,;=~") + query
    for _ in range(REDIRECTS):
        answer = _send_once(attempt, pool, url, headers)
        location = answer.map(lambda found: found.get_redirect_location()).value_or(None)
        if not location:
            return answer
        answer.map(lambda redirect: redirect.drain_conn())
        target = _join_urls(url, location).value_or("")
        if request.method != "GET" or urlsplit(target)[:2] != urlsplit(url)[:2]:
            break
        url = target
    return Failure(NoAnswer(_redirect_error(attempt, target)))


def _redirect_error(attempt: Attempt, target: str) -> TransportError:
    """The error of a redirect that is not followed; an empty target stands for what is no URL."""
    elsewhere, asked = urlsplit(target), f"{attempt.request.method} {attempt.request.path}"
    # Not with the name and the password that may stand before the host.
    place = f"{elsewhere.scheme}://{elsewhere.netloc.rpartition('@')[2]}" if target else "what is no URL"
    message = f"the server {attempt.host} redirects {asked} to {place}"
    return TransportError(f"{message}: write the API server's own URL in the kubeconfig")


def _send_once(attempt: Attempt, pool: PoolManager, url: str, headers: HTTPHeaderDict) -> AnswerResult:
    """Send a request to this URL, without redirects; urllib3's exceptions become a `NoAnswer`."""
    request, left = attempt.request, attempt.deadline - attempt.http.now()
    total, read = (max(span, 0.001) if span < math.inf else None for span in (left, attempt.patience))
    timeout = Timeout(connect=CONNECT, read=read, total=total)
    options: dict[str, Any] = {**AS_IT_COMES, "timeout": timeout}
    try:
        body = encode_request_body(request)
        return Success(pool.urlopen(request.method, url, body=body, headers=headers, **options))
    except HTTPError as error:
        return Failure(explain_no_answer(error, request, attempt.host))
    except (TypeError, ValueError, RecursionError):
        return Failure(NoAnswer(UsageError(f"the body of {request} is no JSON: NaN, or nested too deeply?")))


def _request_headers(attempt: Attempt, credential: Credential) -> list[tuple[str, str]]:
    """The headers to send, as UTF-8 that is read as Latin-1: http.client will encode them as Latin-1."""
    request, connection = attempt.request, attempt.http.connection
    own = [
        ("Accept", request.accept),
        ("User-Agent", AGENT),
        *([("Content-Type", request.content_type)] if request.body is not None else []),
        ("Accept-Encoding", "identity" if connection.cluster.get("disable-compression") else "gzip"),
        *([("Authorization", credential.authorization)] if credential.authorization else []),
        *impersonation_headers(connection.user),
    ]
    return [(name, value.encode().decode("latin-1")) for name, value in own]


def _user_agent() -> str:
    """`fkube/VERSION (OS/ARCH) python/VERSION`, after the fashion of `buildUserAgent` of client-go."""
    own = safe((PackageNotFoundError,))(version)("fkube").value_or("unknown")
    system = f"{sys.platform}/{platform.machine() or 'unknown'}"
    return f"fkube/{own} ({system}) python/{platform.python_version()}"


AGENT = _user_agent()
