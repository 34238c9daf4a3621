"""Requests and responses as data, and how to read a response. No I/O."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from returns.result import Failure, Result, Success

from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import Cause, StatusError, VisitError
from fkube.resource.info import Object

JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"
LONGEST_WAIT = 60  # Seconds: a server is asked again then, however long it wants to be left alone.
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request to an API server as data. The body, maybe a Secret, is in no repr.

    `agent` is the `User-Agent` of a request that has come to a server; a client sends its own. `timeout`: the
    seconds in which its answer has to be complete. `again`: it may be sent again where that is safe. `kind`:
    that of the object it asks for, where it is known: an answer about any other is none.

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
    timeout: float = field(default=math.inf, repr=False, compare=False)
    again: bool = field(default=True, repr=False, compare=False)
    kind: str = field(default="", repr=False, compare=False)

    @property
    def encoded_query(self) -> str:
        """The query behind its `?`, in the order of its names, as Go writes it; empty where there is none.

        >>> Request("GET", "/api/v1/pods", (("limit", "5"), ("continue", "x"))).encoded_query
        '?continue=x&limit=5'
        """
        return f"?{urlencode(sorted(self.query, key=itemgetter(0)))}" if self.query else ""

    def __str__(self) -> str:
        query = "&".join(f"{key}={value}" for key, value in self.query)
        return f"{self.method} {self.path}{'?' if query else ''}{query}"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of the server: the status, the decoded body (JSON data, or text), lower-case headers.

    `elapsed`: seconds since the conversation began, by the clock of whoever holds it. `kept`: of an answer
    that was looked at and is given again and again, what was made of it, so that it is made once.
    """

    status: int
    body: Any = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    elapsed: float = field(default=0.0, compare=False)
    kept: dict[Any, Any] | None = field(default=None, repr=False, compare=False)

    def header(self, name: str) -> str:
        """The first header of that lower-case name, or empty."""
        return next((value for key, value in self.headers if key == name), "")


def encode_body(body: Any) -> bytes:
    """Encode a body: bytes and text as they are, nothing as nothing, anything else as one line of JSON.

    >>> encode_body({"kind": "Pod"}), encode_body("ok")
    (b'{"kind":"Pod"}\\n', b'ok')
    """
    if isinstance(body, str | bytes):
        # Half of a surrogate pair is no text that could be sent.
        return body if isinstance(body, bytes) else body.encode(errors="replace")
    return b"" if body is None else json.dumps(body, separators=(",", ":")).encode() + b"\n"


def succeeded(response: Response) -> Result[Response, VisitError]:
    """The response, or a `StatusError` if its status is 400 or more.

    >>> succeeded(Response(404, "404 page not found")).failure().message
    'the server could not find the requested resource'
    """
    return Success(response) if response.status < 400 else Failure(status_error(response))


def status_error(response: Response) -> StatusError:
    """Read a refusal as an error: its `metav1.Status`, or what client-go makes of its code.

    Follows `errors.FromObject` and `NewGenericServerResponse` of apimachinery.
    """
    body = _map(response.body)
    details = _map(body.get("details"))
    code = body.get("code")
    reason, message = _GENERIC.get(response.status, ("", "an error on the server has prevented the request"))
    causes = details.get("causes")
    return StatusError(
        _text(body.get("message")) or message,
        code if type(code) is int and code else response.status,
        _text(body.get("reason")) or ("" if body.get("kind") == "Status" else reason),
        tuple(map(_cause, filter(None, map(_map, causes if isinstance(causes, list) else ())))),
        retry_seconds(details.get("retryAfterSeconds")) or retry_delay(response) or 0,
        warnings(response),
    )


def retry_seconds(wait: object, now: str = "") -> int | None:
    """The seconds to wait before the next request, at most `LONGEST_WAIT`; None if that is no time to wait.

    `wait`: a number, or what a `Retry-After` header has: seconds, or a date, which `now` is subtracted from,
    the date of the same answer.

    >>> retry_seconds("7"), retry_seconds(86_400), retry_seconds("soon"), retry_seconds("-1")
    (7, 60, None, None)
    >>> retry_seconds("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:30 GMT")
    7
    """
    if type(wait) is int:
        return min(wait, LONGEST_WAIT) if wait >= 0 else None
    text = _text(wait)
    if text.isascii() and text.isdigit():
        # Go no further into a long row of digits: Python refuses to read 5,000 of them.
        return min(int(text[-9:]), LONGEST_WAIT) if len(text.lstrip("0")) < 10 else LONGEST_WAIT
    spans = ((then - since).total_seconds() for then in _read_dates(text) for since in _read_dates(now))
    return next((min(max(int(span), 0), LONGEST_WAIT) for span in spans), None) if text else None


def _read_dates(text: str) -> Iterator[datetime]:
    """The time that a date of HTTP means, in any of its three forms; nothing for what is no date."""
    for form in ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"):
        with suppress(ValueError):
            yield datetime.strptime(text, form)


def retry_delay(response: Response) -> int | None:
    """The seconds that the `Retry-After` header of an answer asks for; None if it asks for none."""
    return retry_seconds(response.header("retry-after"), response.header("date"))


def began(response: Response) -> float | None:
    """When the conversation began, by the server's clock, in seconds since 1970; None if it tells no time.

    >>> began(Response(200, headers=(("date", "Thu, 01 Jan 1970 00:01:00 GMT"),), elapsed=5.0))
    55.0
    """
    times = (date.replace(tzinfo=UTC).timestamp() for date in _read_dates(response.header("date")))
    return next((time - response.elapsed for time in times), None)


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
    return Cause(*(_text(cause.get(key)) for key in ("field", "reason", "message")))


def _map(value: object) -> Object:
    """The value if it is a map, else an empty one."""
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """The value if it is a text, else an empty one."""
    return value if isinstance(value, str) else ""


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
    """Add query parameters to a request, empty ones left out.

    >>> print(with_query(Request("GET", "/api/v1/pods"), limit="500", labelSelector=""))
    GET /api/v1/pods?limit=500
    """
    return replace(request, query=(*request.query, *((k, v) for k, v in query.items() if v)))


def without_query(request: Request, *names: str) -> Request:
    """Remove query parameters from a request.

    >>> print(without_query(Request("GET", "/api/v1/pods", (("limit", "5"),)), "limit"))
    GET /api/v1/pods
    """
    return replace(request, query=tuple((key, value) for key, value in request.query if key not in names))


def next_page(request: Request, token: str) -> Request:
    """The request for the page of a list behind a `continue` token.

    >>> print(next_page(Request("GET", "/api/v1/pods", (("continue", "a"),)), "b"))
    GET /api/v1/pods?continue=b
    """
    return with_query(without_query(request, "continue"), **{"continue": token})


def writes(request: Request) -> bool:
    """Whether a request would change something on the server.

    >>> writes(Request("POST", "/api/v1/pods", (("dryRun", "All"),)))
    False
    """
    if request.method == "GET" or ("dryRun", "All") in request.query:
        return False
    # A deletion has its options in its body.
    return not (request.method == "DELETE" and isinstance(request.body, dict) and request.body.get("dryRun"))
