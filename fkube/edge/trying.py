"""One try of a request over HTTP: headers, credential, redirects, wire. Answers are opened, not read."""

from __future__ import annotations

import math
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode, urljoin, urlsplit

import urllib3
from returns.result import Failure, Result, Success

from fkube.edge.credentials import Credential, Source, impersonation
from fkube.edge.transport import Pools
from fkube.edge.words import Broken, broken
from fkube.exchange.answers import body
from fkube.exchange.conversation import Request
from fkube.kubeconfig.connection import Connection
from fkube.resource.errors import TransportError, UsageError

CONNECT = 30.0  # Seconds for a TCP connection, as in Go.
REDIRECTS = 10

Answer: TypeAlias = urllib3.BaseHTTPResponse
Opened: TypeAlias = Result[Answer, Broken]


@dataclass(frozen=True, slots=True, repr=False)
class Http:
    """A way to a server over HTTP: where, as whom, by which connections, and how time passes (seconds)."""

    connection: Connection
    source: Source
    pools: Pools
    now: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True, repr=False)
class Try:
    """A request on its way over HTTP, and the second of the clock by which it must have been answered.

    `patience`: how many seconds it may be silent until then.
    """

    http: Http
    request: Request
    deadline: float
    patience: float = math.inf

    @property
    def host(self) -> str:
        """The host and port of the server, as messages name it."""
        return urlsplit(self.http.connection.server).netloc


def opened(attempt: Try) -> Opened:
    """The answer to one try; a refused credential is renewed once, which Go leaves to the next request.

    Follows `roundTripper.RoundTrip` of client-go's exec plugin.
    """
    shown = attempt.http.source(None)
    answer = shown.alt(Broken).bind(lambda credential: _shown(attempt, credential))
    if not isinstance(answer, Success) or answer.unwrap().status != 401:
        return answer
    renewed = attempt.http.source(shown.unwrap())
    if not isinstance(renewed, Success) or renewed == shown:
        return answer
    answer.unwrap().drain_conn()
    return _shown(attempt, renewed.unwrap())


def _shown(attempt: Try, credential: Credential) -> Opened:
    """One try with this credential."""
    headers = _headers(attempt.request, attempt.http.connection, credential)
    bad = next((name for name, value in headers if any(ord(c) < 32 or ord(c) == 127 for c in value)), "")
    if bad:
        # Said here, because http.client would say it with the value.
        problem = (
            f'net/http: invalid header field value for "{bad}": take line ends and control characters out'
        )
        return Failure(Broken(UsageError(problem)))
    return (
        attempt.http.pools(credential.certificate)
        .alt(Broken)
        .bind(lambda pool: _followed(attempt, pool, urllib3.HTTPHeaderDict(headers)))
    )


def _written(request: Request) -> str:
    """The path and the query as a URL has them."""
    asked = f"?{urlencode(request.query)}" if request.query else ""
    return quote(request.path, safe="/:@!$&'()*+,;=~") + asked


def _followed(attempt: Try, pool: urllib3.PoolManager, headers: urllib3.HTTPHeaderDict) -> Opened:
    """The answer at the end of the redirects, which a GET follows as long as they stay on the server."""
    request = attempt.request
    url = attempt.http.connection.server + _written(request)
    for _ in range(REDIRECTS):
        answer = _once(attempt, pool, url, headers)
        location = answer.map(_location).value_or("")
        if not location:
            return answer
        answer.map(lambda redirect: redirect.drain_conn())
        target = urljoin(url, location)
        if request.method != "GET" or urlsplit(target)[:2] != urlsplit(url)[:2]:
            break
        url = target
    elsewhere = "{0.scheme}://{0.netloc}".format(urlsplit(target))
    message = f"the server {attempt.host} redirects {request.method} {request.path} to {elsewhere}"
    return Failure(Broken(TransportError(f"{message}: write the API server's own URL in the kubeconfig")))


def _location(answer: Answer) -> str:
    return answer.headers.get("location", "") if answer.status in (301, 302, 303, 307, 308) else ""


def _once(attempt: Try, pool: urllib3.PoolManager, url: str, headers: urllib3.HTTPHeaderDict) -> Opened:
    """One request on the wire."""
    request, left = attempt.request, attempt.deadline - attempt.http.now()
    total, read = (max(span, 0.001) if span < math.inf else None for span in (left, attempt.patience))
    timeout = urllib3.Timeout(connect=CONNECT, read=read, total=total)
    options: dict[str, Any] = {
        "retries": False,
        "redirect": False,
        "preload_content": False,
        "timeout": timeout,
    }
    try:
        return Success(pool.urlopen(request.method, url, body=body(request), headers=headers, **options))
    except urllib3.exceptions.HTTPError as error:
        return Failure(broken(error, request, attempt.host))
    except (TypeError, ValueError, RecursionError):
        return Failure(Broken(UsageError(f"the body of {request} is no JSON: NaN, or nested too deeply?")))


def _headers(request: Request, connection: Connection, credential: Credential) -> list[tuple[str, str]]:
    """The headers of a request; http.client writes Latin-1, so what Go writes as UTF-8 is put so here."""
    own = [
        ("Accept", request.accept),
        ("User-Agent", AGENT),
        *([("Content-Type", request.content_type)] if request.body is not None else []),
        ("Accept-Encoding", "identity" if connection.cluster.get("disable-compression") else "gzip"),
        *([("Authorization", credential.authorization)] if credential.authorization else []),
        *impersonation(connection.user),
    ]
    return [(name, value.encode().decode("latin-1")) for name, value in own]


def _agent() -> str:
    """`fkube/VERSION (OS/ARCH) python/VERSION`, after the fashion of `buildUserAgent` of client-go."""
    try:
        own = version("fkube")
    except PackageNotFoundError:
        own = "unknown"
    return (
        f"fkube/{own} ({sys.platform}/{platform.machine() or 'unknown'}) python/{platform.python_version()}"
    )


AGENT = _agent()
