"""HTTP/1.1 as a server speaks it: requests read off a stream, responses as bytes. No sockets, no state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, parse_headers, responses
from typing import Any, BinaryIO, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from returns.result import Failure, Result, Success

from fkube.exchange import JSON, Request, Response

LIMIT = 3 * 1024 * 1024
"""Most bytes of a request's body: the API server's own limit."""

LINE = 64 * 1024
"""Most bytes of a line."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The hosts a request may name: a web page whose own name was made to point here would name another."""

LAST_CHUNK = b"0\r\n\r\n"
"""The end of a body sent in chunks."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request, and whether its connection stays open after the answer."""

    request: Request
    keep_alive: bool = True


Reading: TypeAlias = Result[Received, Response] | None
"""A request; or what to answer before the connection is closed; or None where nothing more comes."""


def receive(stream: BinaryIO, say: Callable[[bytes], object]) -> Reading:
    """Read one request; `say` sends the interim `100 Continue` to a client that waits for it.

    Errors: what is no HTTP is answered with 400, a host that is not this machine with 403, and a body of more
    than `LIMIT` bytes with 413.

    >>> import io
    >>> raw = b"GET /api/v1/pods?limit=5 HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n"
    >>> print(receive(io.BytesIO(raw), print).unwrap().request)
    GET /api/v1/pods?limit=5
    """
    line = stream.readline(LINE)
    if not line:
        return None
    try:
        return _received(line.decode("ascii"), parse_headers(stream), stream, say)
    except (ValueError, HTTPException) as problem:
        return Failure(status(400, "BadRequest", f"the request is no HTTP/1.1: {problem}"))


def _received(
    line: str, headers: Message, stream: BinaryIO, say: Callable[[bytes], object]
) -> Result[Received, Response]:
    """The request that begins with this line and these headers; ValueError where it is none."""
    method, target, version = line.split()
    url = urlsplit(f"//{headers.get('host', '')}{target}")
    if url.hostname not in LOOPBACK:
        return Failure(status(403, "Forbidden", "this server answers to the names of this machine only"))
    if int(headers.get("content-length", 0)) > LIMIT:
        return Failure(_TOO_LARGE)
    if headers.get("expect", "").lower() == "100-continue":
        say(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = _body(stream, headers)
    if len(body) > LIMIT:
        return Failure(_TOO_LARGE)
    keep_alive = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
    return Success(Received(_request(method, url.path, url.query, headers, body), keep_alive))


def _request(method: str, path: str, query: str, headers: Message, body: bytes) -> Request:
    """The request that these parts make; its body stays bytes, for the cluster to decode strictly."""
    accept = ",".join(headers.get_all("accept", [])) or "*/*"
    asked = tuple(parse_qsl(query, keep_blank_values=True))
    content_type, agent = headers.get("content-type", JSON), headers.get("user-agent", "")
    return Request(method, unquote(path), asked, body or None, content_type, accept, agent)


def _body(stream: BinaryIO, headers: Message) -> bytes:
    """The bytes of a body, of a known length or in chunks; a little more than `LIMIT` at most."""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return _exactly(stream, int(headers.get("content-length", 0)))
    body = b""
    for piece in _chunks(stream):
        body += piece
        if len(body) > LIMIT:
            return body
    parse_headers(stream)
    return body


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The pieces of a chunked body."""
    while size := int(stream.readline(LINE).partition(b";")[0], 16):
        yield _exactly(stream, min(size, LIMIT + 1))
        stream.readline(LINE)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise ValueError("the body ends early")
    return data


def status(code: int, reason: str, message: str) -> Response:
    """A failure that the server tells of before anything of the cluster was asked."""
    said = {"status": "Failure", "message": message, "reason": reason, "code": code}
    return Response(code, {"kind": "Status", "apiVersion": "v1", "metadata": {}, **said})


_TOO_LARGE = status(413, "RequestEntityTooLarge", f"Request entity too large: limit is {LIMIT}")


def encoded(body: Any) -> bytes:
    """A body as bytes: bytes and text as they are, nothing as nothing, anything else as one line of JSON.

    >>> encoded({"kind": "Pod"}), encoded("ok")
    (b'{"kind":"Pod"}\\n', b'ok')
    """
    if isinstance(body, str | bytes):
        return body if isinstance(body, bytes) else body.encode()
    return b"" if body is None else json.dumps(body, separators=(",", ":")).encode() + b"\n"


def whole(response: Response, keep_alive: bool = True, content: bool = True) -> bytes:
    """A response with its length; without `content` (the answer to a HEAD) only what would come before it."""
    body = encoded(response.body)
    framing = (("content-length", str(len(body))), ("connection", "keep-alive" if keep_alive else "close"))
    return head(response, framing) + (body if content else b"")


def head(response: Response, framing: tuple[tuple[str, str], ...]) -> bytes:
    """The status line and headers of a response.

    >>> head(Response(200, "ok"), ()).splitlines()[1]
    b'content-type: text/plain; charset=utf-8'
    """
    usual = "text/plain; charset=utf-8" if isinstance(response.body, str) else JSON
    typed = () if response.header("content-type") else (("content-type", usual),)
    first = f"HTTP/1.1 {response.status} {responses.get(response.status, '')}"
    headers = (*typed, *response.headers, *framing)
    lines = (f"{name}: {' '.join(value.splitlines())}" for name, value in headers)
    return "\r\n".join((first, *lines, "", "")).encode()


def chunk(data: bytes) -> bytes:
    """One chunk of a body whose length nobody knows yet.

    >>> chunk(b"abc")
    b'3\\r\\nabc\\r\\n'
    """
    return b"%x\r\n%b\r\n" % (len(data), data)
