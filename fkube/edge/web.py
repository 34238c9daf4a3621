"""Manifests behind URLs: attempts, redirects, limits. Decodes nothing."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from returns.result import Failure, Result, Success
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Timeout, exceptions, make_headers

from fkube.documents.source import shown
from fkube.documents.stream import Document, lines, split
from fkube.kubeconfig.address import proxy_for
from fkube.resource.errors import SourceError
from fkube.resource.info import Origin

ATTEMPTS = 3
"""How often a URL is asked for before its error counts."""

MAX_BYTES = 2**28
"""How much is read from one URL."""

_REDIRECTS = 10
_TIMEOUT = Timeout(connect=10, read=30)
# What urllib3 would do by itself: try again, redirect, read ahead, lose the start of an answer cut short.
_AS_IT_COMES: dict[str, Any] = {
    **dict.fromkeys(("retries", "redirect", "preload_content", "enforce_content_length"), False)
}


def read_url(url: str, pause: float) -> Iterator[Result[Document, SourceError]]:
    """The documents behind a URL as they arrive; `pause` is in seconds, between attempts.

    Errors: a `SourceError` if no attempt succeeds, or the answer breaks off or is over `MAX_BYTES`.
    Follows `URLVisitor.Visit` of cli-runtime; a redirect from https to http is refused here.
    """
    answered = _answered(url, pause)
    if not isinstance(answered, Success):
        yield Failure(answered.failure())
        return
    response = answered.unwrap()
    try:
        yield from map(Success, split(lines(_body(response)), shown(url)))
    except (exceptions.HTTPError, OSError) as error:
        yield Failure(_error(url, f'reading URL "{shown(url)}" broke off: {_reason(error)}'))
    finally:
        response.close()


def _answered(url: str, pause: float) -> Result[BaseHTTPResponse, SourceError]:
    """The first good answer, or the last error.

    Follows `readHttpWithRetries` of cli-runtime.
    """
    answered, again = _attempt(url)
    for _ in range(ATTEMPTS - 1):
        if not again:
            break
        time.sleep(pause)
        answered, again = _attempt(url)
    return answered


def _attempt(url: str) -> tuple[Result[BaseHTTPResponse, SourceError], bool]:
    """An answer or an error, and whether another attempt makes sense."""
    try:
        followed = _followed(url)
    except (exceptions.HTTPError, ValueError) as error:
        hopeless = isinstance(error, ValueError)
        return Failure(_error(url, f'Get "{shown(url)}": {_reason(error)}')), not hopeless
    if not isinstance(followed, Success):
        return followed, False
    response = followed.unwrap()
    if response.status == 200:
        return followed, False
    response.close()
    status = f"server reported {response.status} {response.reason}, status code={response.status}"
    return Failure(_error(url, f'unable to read URL "{shown(url)}", {status}')), 500 <= response.status < 600


def _followed(url: str) -> Result[BaseHTTPResponse, SourceError]:
    """The answer at the end of the redirects."""
    asked = url
    for _ in range(_REDIRECTS):
        response = _get(asked)
        location = response.get_redirect_location()
        if not location:
            return Success(response)
        response.close()
        secure, asked = asked.startswith("https:"), urljoin(asked, location)
        if secure and not asked.startswith("https:"):
            return Failure(
                _error(url, f'Get "{shown(url)}": refused its redirect from https to {shown(asked)}')
            )
    return Failure(_error(url, f'Get "{shown(url)}": stopped after {_REDIRECTS} redirects'))


def _get(url: str) -> BaseHTTPResponse:
    """One request, its body still to be read; a user in the URL goes into its header."""
    proxy = proxy_for(url, "", os.environ)
    pool = ProxyManager(proxy) if proxy else PoolManager()
    user, _, host = urlsplit(url).netloc.rpartition("@")
    bare = urlsplit(url)._replace(netloc=host, fragment="").geturl()
    headers = make_headers(basic_auth=unquote(user) if user else None, user_agent="fkube")
    return pool.request("GET", bare, headers=headers, timeout=_TIMEOUT, **_AS_IT_COMES)


def _body(response: BaseHTTPResponse) -> Iterator[bytes]:
    """The body in chunks; raises OSError when it is too large, ProtocolError when it is too short."""
    size = 0
    for chunk in response.stream(2**16):
        size += len(chunk)
        if size > MAX_BYTES:
            raise OSError(errno.EFBIG, f"more than {MAX_BYTES >> 20} megabytes")
        yield chunk
    if response.length_remaining:
        raise exceptions.ProtocolError("shorter than its Content-Length")


def _reason(error: exceptions.HTTPError | OSError | ValueError) -> str:
    """What went wrong, without the addresses and objects in urllib3's own words."""
    match error:
        case exceptions.NameResolutionError():
            return "no such host"
        case OSError() | exceptions.NewConnectionError(__cause__=OSError()):
            cause = error if isinstance(error, OSError) else error.__cause__
            return str(getattr(cause, "strerror", None) or "connection failed").lower()
        case exceptions.ConnectTimeoutError():
            return f"no connection within {_TIMEOUT.connect_timeout:g} s"
        case exceptions.ReadTimeoutError():
            return f"no answer within {_TIMEOUT.read_timeout:g} s"
        case exceptions.SSLError():
            return f"TLS failed: {error.args[0]}"
        case ValueError():
            return "no URL of a host on http or https"
        case _:
            return "the connection was lost"


def _error(url: str, message: str) -> SourceError:
    return SourceError(message, Origin(shown(url)))
