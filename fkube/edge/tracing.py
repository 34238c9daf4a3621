"""What is told of requests and answers while they go, by `-v`: never a credential or a Secret.

Where kubectl tells the same, the lines have its words, and name the file of client-go that `--vmodule` knows.
"""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from returns.result import Result, Success

from fkube.edge.client import Client, Events
from fkube.exchange.answers import Headers, decode_json
from fkube.exchange.conversation import Request, Response
from fkube.exchange.secrecy import HIDDEN, hide_values
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import VisitError
from fkube.resource.patterns import compile_later
from fkube.showing.masking import hide_secrets
from fkube.syntax.gotext import json_line
from fkube.syntax.klog import level_of, log_line

TRIPS, BODIES = "round_trippers", "helper"
"""The files of client-go and cli-runtime that tell of requests and of bodies."""

LONGEST = {8: 1 << 10, 9: 10 << 10}
"""How many characters of a body are told, by the level; without limit above."""

_LOGIN = compile_later("authorization|cookie|impersonate-extra|^location$", re.IGNORECASE)
_AUTH = compile_later(r"(bearer|basic|negotiate)(?= |$)", re.IGNORECASE)
_MAY_HIDE = compile_later("secret|token|last-applied", re.IGNORECASE)
_SECRETS = compile_later("/secrets(/|$)")


@dataclass(frozen=True, slots=True)
class Trace:
    """How much is told of requests, how much of bodies, and to whom: line after line."""

    requests: int = 0
    bodies: int = 0
    tell: Callable[[str], object] = len

    def tell_request(self, method: str, url: str, headers: Headers) -> None:
        """Tell of a request that is about to be sent. Follows `debuggingRoundTripper.RoundTrip`."""
        if self.requests >= 9:
            self._tell(TRIPS, "Request", ("curlCommand", _curl(method, url, headers)))
        elif self.requests >= 7:
            self._tell(TRIPS, "Request", ("verb", method), ("url", url), ("headers", _header_lines(headers)))

    def tell_response(self, method: str, url: str, status: int, headers: Headers, seconds: float) -> None:
        """Tell of an answer, status 0 for none, and how long it took."""
        if self.requests < 6:
            return
        from http.client import responses

        asked = (("verb", method), ("url", url)) if self.requests not in (7, 8) else ()
        shown = (("headers", _header_lines(headers)),) if self.requests >= 8 and headers else ()
        words = f"{status} {responses.get(status, '')}".strip() if status else ""
        took = ("milliseconds", int(seconds * 1000))
        self._tell(TRIPS, "Response", *asked, ("status", words), *shown, took)

    def tell_request_body(self, request: Request) -> None:
        """Tell what a request sends."""
        if self.bodies >= 8:
            self._tell(BODIES, "Request Body", ("body", self._cut(body_text(request, request.body))))

    def tell_response_body(self, request: Request, response: Response) -> None:
        """Tell what an answer says."""
        if self.bodies >= 8:
            shown = hide_values(request, response) if response.status >= 400 else response
            self._tell(BODIES, "Response Body", ("body", self._cut(body_text(request, shown.body, "\n"))))

    def _cut(self, text: str) -> str:
        """The beginning of a text, as long as the level lets it be. Follows `truncateBody` of client-go."""
        most = LONGEST.get(self.bodies, len(text))
        return text if len(text) <= most else f"{text[:most]} [truncated {len(text) - most} chars]"

    def _tell(self, file: str, message: str, *pairs: tuple[str, str | int]) -> None:
        self.tell(log_line(datetime.now(), os.getpid(), f"{file}.go:1", message, *pairs))


QUIET = Trace()
"""Nothing is told."""


def read_trace(v: int, vmodule: str, tell: Callable[[str], object]) -> Trace:
    """What is told with `-v` and `--vmodule`."""
    return Trace(level_of(TRIPS, v, vmodule), level_of(BODIES, v, vmodule), tell)


def trace_client(client: Client, trace: Trace) -> Client:
    """The client of a cluster that is asked without HTTP, telling of its requests."""

    def send(request: Request) -> Result[Response, VisitError]:
        url, began = _url_at(client.server, request), time.monotonic()
        trace.tell_request_body(request)
        trace.tell_request(request.method, url, (("Accept", request.accept),))
        answer = client.send(request)
        status = answer.map(lambda came: came.status).value_or(0)
        trace.tell_response(request.method, url, status, (), time.monotonic() - began)
        answer.map(lambda came: trace.tell_response_body(request, came))
        return answer

    def stream(request: Request, patience: float = math.inf) -> Events:
        trace.tell_request(request.method, _url_at(client.server, request), (("Accept", request.accept),))
        yield from client.stream(request, patience)

    return client if max(trace.requests, trace.bodies) < 6 else replace(client, send=send, stream=stream)


def body_text(request: Request, body: Any, end: str = "") -> str:
    r"""The text of a body with what is secret hidden; of no body an empty one. `end` ends a line of JSON.

    >>> body_text(Request("PATCH", "/api/v1/namespaces/a/secrets/b"), {"data": {"k": "MQ=="}})
    '{"data":{"k":"***"}}'
    """
    if body is None:
        return ""
    if isinstance(body, str | bytes):
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        match decode_json(text.encode("utf-8", "replace")):
            case Success(value) if isinstance(value, dict | list):
                body = value
            case _:
                return HIDDEN if _may_hide(request, text) else text
    return json_line(hide_secrets(body, bool(_SECRETS.search(request.path)))) + end


def _may_hide(request: Request, text: str) -> bool:
    """Whether a text that is no JSON, so can't be looked into, may have a secret."""
    return bool(_SECRETS.search(request.path) or _MAY_HIDE.search(text))


def _header_lines(headers: Headers) -> str:
    """Headers as lines, sorted, with credentials masked."""
    return "".join(f"{name}: {value}\n" for name, value in sorted(_mask_headers(headers)))


def _curl(method: str, url: str, headers: Headers) -> str:
    """The command by which curl sends a request, without credential and body. Follows `toCurl`."""
    given = "".join(f' -H "{name}: {value}"' for name, value in _mask_headers(headers))
    return f"curl -v -X{method} {given} '{url}'\n"


def _mask_headers(headers: Headers) -> Iterable[tuple[str, str]]:
    """Headers with credentials masked, and what may have one: a URL, the extra of who is acted as.

    Follows `maskValue` of client-go, which shows those and cookies.
    """
    for name, value in headers:
        if _LOGIN.search(name):
            kind = _AUTH.match(value)
            yield name.title(), f"{kind[0]} <masked>" if kind else "<masked>"
        else:
            yield name.title(), value


def _url_at(server: str, request: Request) -> str:
    """The URL of a request to a server that has none."""
    return f"{server}{request.path}{request.encoded_query}"
