"""Manifests behind URLs: reads them with retries, redirects and limits. Decodes nothing."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any, TypeAlias
from urllib.parse import unquote, urljoin, urlsplit

from returns.result import Failure, Result, Success
from urllib3 import BaseHTTPResponse, PoolManager, Timeout, exceptions, make_headers

from fkube.documents.source import shown
from fkube.documents.stream import Document, lines, split
from fkube.edge.pools import AS_IT_COMES, make_manager
from fkube.edge.streams import yield_from
from fkube.kubeconfig.address import proxy_for
from fkube.resource.errors import SourceError
from fkube.resource.info import Origin

ATTEMPTS = 3
"""How often a URL is asked for before its error counts."""

MAX_BYTES = 2**28
"""How much is read from one URL."""

_REDIRECTS = 10
_TIMEOUT = Timeout(connect=10, read=30)
# Else urllib3 would lose the start of an answer that is cut short.
_OPTIONS: dict[str, Any] = {**AS_IT_COMES, "enforce_content_length": False}

Answer: TypeAlias = Result[BaseHTTPResponse, SourceError]
"""An answer whose body is still to be read, or why there is none."""


def read_url(url: str, pause: float) -> Iterator[Result[Document, SourceError]]:
    """The documents behind a URL as they arrive; `pause` is in seconds, between attempts.

    Errors: a `SourceError` if no attempt succeeds, or the answer breaks off or is over `MAX_BYTES`.
    Follows `URLVisitor.Visit` of cli-runtime; a redirect from https to http is refused here.
    """
    yield from yield_from(_get_with_retries(url, pause), partial(_read_documents, url))


def _read_documents(url: str, response: BaseHTTPResponse) -> Iterator[Result[Document, SourceError]]:
    """The documents in the body of an answer, up to the failure where it breaks off."""
    with closing(response):
        try:
            yield from map(Success, split(lines(_read_body(response)), shown(url)))
        except (exceptions.HTTPError, OSError) as error:
            yield Failure(_error(url, f'reading URL "{shown(url)}" broke off: {_reason(error)}'))


def _get_with_retries(url: str, pause: float) -> Answer:
    """Get a URL, up to `ATTEMPTS` times; return the first good answer, or what the last attempt came to.

    Follows `readHttpWithRetries` of cli-runtime.
    """
    for left in reversed(range(ATTEMPTS)):
        answer, again = _get_answer(url)
        if not (again and left):
            break
        time.sleep(pause)
    return answer


def _get_answer(url: str) -> tuple[Answer, bool]:
    """Get a URL once: its answer or error, and whether another attempt makes sense."""
    try:
        answer = _follow_redirects(url)
    except (exceptions.HTTPError, ValueError) as error:
        hopeless = isinstance(error, ValueError)
        return Failure(_error(url, f'Get "{shown(url)}": {_reason(error)}')), not hopeless
    match answer:
        case Success(response) if response.status != 200:
            response.close()
            status = f"server reported {response.status} {response.reason}, status code={response.status}"
            refusal = _error(url, f'unable to read URL "{shown(url)}", {status}')
            return Failure(refusal), 500 <= response.status < 600
    return answer, False


def _follow_redirects(url: str) -> Answer:
    """Get a URL and follow up to ten redirects, but none from https to http.

    Each goes through the environment's proxy, if there is one on the way to it.
    """
    target = url
    for _ in range(_REDIRECTS):
        pool = make_manager(proxy_for(target, "", os.environ), {})
        if isinstance(pool, Failure):
            return pool.alt(lambda error: _error(url, f'Get "{shown(url)}": {error.message}'))
        response = _send_get(pool.unwrap(), target)
        location = response.get_redirect_location()
        if not location:
            return Success(response)
        response.close()
        secure, target = target.startswith("https:"), urljoin(target, location)
        if secure and not target.startswith("https:"):
            problem = f"refused its redirect from https to {shown(target)}"
            return Failure(_error(url, f'Get "{shown(url)}": {problem}'))
    return Failure(_error(url, f'Get "{shown(url)}": stopped after {_REDIRECTS} redirects'))


def _send_get(pool: PoolManager, url: str) -> BaseHTTPResponse:
    """Send one GET; a user in the URL goes into a header."""
    user, _, host = urlsplit(url).netloc.rpartition("@")
    bare = urlsplit(url)._replace(netloc=host, fragment="").geturl()
    headers = make_headers(basic_auth=unquote(user) if user else None, user_agent="fkube")
    return pool.request("GET", bare, headers=headers, timeout=_TIMEOUT, **_OPTIONS)


def _read_body(response: BaseHTTPResponse) -> Iterator[bytes]:
    """Read the body in chunks; raises OSError when it is too large, ProtocolError when it is too short."""
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
    return "the connection was lost"


def _error(url: str, message: str) -> SourceError:
    """The error about this URL, which is shown without a password."""
    return SourceError(message, Origin(shown(url)))
