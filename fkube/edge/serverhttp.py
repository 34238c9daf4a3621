"""HTTP/1.1 for a server, by h11: bytes become requests, and responses bytes. No sockets.

What h11 leaves to a server is here: which hosts it answers to, how much it takes, how h11's events become
requests, and responses events. Grammar, framing, and whose turn it is are left to h11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http.client import responses
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from returns.result import Failure, Result, Success

from fkube.exchange.conversation import JSON, Request, Response, encode_body
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.patterns import compile_later

try:
    import h11
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError("the server needs h11: pip install 'fkube[cli]'", name="h11") from missing

LIMIT = 3 * 1024 * 1024
"""Most bytes of a request's body: the API server's own limit."""

HEAD_LIMIT = 64 * 1024
"""Most bytes of a request's first line and headers."""

LOOPBACK = compile_later(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
"""The hosts a request may name: a web page whose own name was made to point here would name another."""


@dataclass(frozen=True, slots=True, eq=False)
class Peer:
    """A client's connection: how its bytes are read and written, and what h11 keeps of it.

    `read` gives the bytes that came, and none at the end.
    """

    read: Callable[[], bytes]
    write: Callable[[bytes], object]
    http: h11.Connection = field(default_factory=partial(h11.Connection, h11.SERVER, HEAD_LIMIT))


def read_requests(peer: Peer) -> Iterator[Result[Request, Response]]:
    """Read a client's requests; send the answer to each before you ask for the next.

    Errors: the answer to what is no request of this server: 400 where it is no HTTP/1.1, 403 where it names
    another machine, 413 and 431 where it is too large. It is the last.

    >>> pieces = iter([b"GET /api/v1/pods?limit=5 HTTP/1.1\\r\\n", b"Host: localhost\\r\\n\\r\\n"])
    >>> print(next(read_requests(Peer(pieces.__next__, print))).unwrap())
    GET /api/v1/pods?limit=5
    """
    while (reading := _read_request(peer)) is not None:
        yield reading
        if set(peer.http.states.values()) != {h11.DONE}:
            return
        peer.http.start_next_cycle()


def send_response(peer: Peer, response: Response) -> None:
    """Send a response whole, with its length.

    >>> peer = Peer(bytes, lambda data: print(data.decode()))
    >>> send_response(peer, Response(200, "ok"))  # doctest: +NORMALIZE_WHITESPACE
    HTTP/1.1 200 OK
    content-length: 2
    content-type: text/plain; charset=utf-8
    <BLANKLINE>
    ok
    """
    body = encode_body(response.body)
    sized = _with_default(_with_content_type(response), "content-length", str(len(body)))
    events = (_make_head(sized), h11.Data(data=body), h11.EndOfMessage())
    peer.write(b"".join(peer.http.send(event) for event in events))


def send_stream(peer: Peer, response: Response, pieces: Iterable[bytes]) -> None:
    """Send a response whose body comes in pieces, each as soon as it is there."""
    peer.write(peer.http.send(_make_head(response)))
    for piece in pieces:
        peer.write(peer.http.send(h11.Data(data=piece)))
    peer.write(peer.http.send(h11.EndOfMessage()))


def drop_body(response: Response) -> Response:
    """Keep a response's headers without its body: the answer to a HEAD.

    >>> drop_body(Response(200, "ok")).headers
    (('content-length', '2'), ('content-type', 'text/plain; charset=utf-8'))
    """
    length = str(len(encode_body(response.body)))
    return replace(_with_default(_with_content_type(response), "content-length", length), body=None)


def _read_request(peer: Peer) -> Result[Request, Response] | None:
    """Read one request, or None where no more come."""
    match _read_event(peer):
        case Failure(refusal):
            return Failure(refusal)
        case Success(h11.Request() as head):
            reading = _check_head(head).bind(lambda _: _read_body(peer)).map(partial(_make_request, head))
            return reading.alt(drop_body) if head.method == b"HEAD" else reading
    return None


def _read_event(peer: Peer) -> Result[h11.Event, Response]:
    """Read bytes until h11 has its next event."""
    try:
        while (event := peer.http.next_event()) is h11.NEED_DATA:
            peer.http.receive_data(peer.read())
    except h11.RemoteProtocolError as problem:
        return Failure(_refusal(problem.error_status_hint, f"the request is no HTTP/1.1: {problem}"))
    assert isinstance(event, h11.Event)
    return Success(event)


def _check_head(head: h11.Request) -> Result[h11.Request, Response]:
    """Refuse a request that names another host, has a bad URL, or a body too large or of unclear length.

    A browser lets the pages of any origin write here without asking, but it says which origin that is.
    """
    try:
        _url(head)
    except ValueError as problem:
        return Failure(_refusal(400, f"the request is no HTTP/1.1: {problem}"))
    host, origin, length = (_header(head, name) for name in (b"host", b"origin", b"content-length"))
    if not LOOPBACK.fullmatch(host):
        return Failure(_refusal(403, "this server answers to the names of this machine only"))
    if origin not in ("", f"http://{host}"):
        return Failure(_refusal(403, "this server answers to no web page of another origin"))
    if length and _header(head, b"transfer-encoding"):
        return Failure(_refusal(400, "the request is no HTTP/1.1: it has a length and comes in chunks"))
    return Failure(_TOO_LARGE) if int(length or 0) > LIMIT else Success(head)


def _read_body(peer: Peer) -> Result[bytes, Response]:
    """Read a request's body, after a `100 Continue` to a client that waits for it."""
    if peer.http.they_are_waiting_for_100_continue:
        go_on = h11.InformationalResponse(status_code=100, headers=[], reason="Continue")
        peer.write(peer.http.send(go_on))
    body = bytearray()
    while len(body) <= LIMIT:
        match _read_event(peer):
            case Failure(refusal):
                return Failure(refusal)
            case Success(h11.Data(data=data)):
                body += data
            case _:
                return Success(bytes(body))
    return Failure(_TOO_LARGE)


def _make_request(head: h11.Request, body: bytes) -> Request:
    """The request of a head and a body, which stays bytes for the cluster to decode strictly."""
    url = _url(head)
    query = tuple(parse_qsl(url.query, keep_blank_values=True))
    content_type, accept = _header(head, b"content-type") or JSON, _header(head, b"accept") or "*/*"
    agent = _header(head, b"user-agent")
    return Request(head.method.decode(), unquote(url.path), query, body or None, content_type, accept, agent)


def _url(head: h11.Request) -> SplitResult:
    """The URL of a request's host and target; ValueError where they make none."""
    # Behind a host, only a slash begins a path: `@evil/api` would make another host of it.
    if not head.target.startswith(b"/"):
        raise ValueError("its target is no path")
    return urlsplit(f"//{_header(head, b'host')}{head.target.decode()}")


def _header(head: h11.Request, name: bytes) -> str:
    """All values of a header, joined with commas; empty where it is not there."""
    return ",".join(value.decode("latin-1") for key, value in head.headers if key == name)


def _make_head(response: Response) -> h11.Response:
    """The status line and headers of a response; no value can begin a header of its own."""
    headers = [(name.encode(), _one_line(value)) for name, value in _with_content_type(response).headers]
    reason = responses.get(response.status, "")
    return h11.Response(status_code=response.status, reason=reason, headers=headers)


def _one_line(value: str) -> bytes:
    """A header's value on one line, as Go's server writes it."""
    return " ".join(value.replace("\0", " ").splitlines()).strip().encode(errors="replace")


def _with_content_type(response: Response) -> Response:
    """A response with a content type: its own, or else the usual one of its body."""
    usual = "text/plain; charset=utf-8" if isinstance(response.body, str) else JSON
    return _with_default(response, "content-type", usual)


def _with_default(response: Response, name: str, value: str) -> Response:
    """A response with this header, unless it has a value of its own."""
    if response.header(name):
        return response
    return replace(response, headers=((name, value), *response.headers))


def _refusal(code: int, message: str, reason: str = "") -> Response:
    """The response that refuses a request before the cluster sees it; the connection is closed after it."""
    reason = reason or responses[code].title().replace(" ", "")
    status = {"status": "Failure", "message": message, "reason": reason, "code": code}
    body = {"kind": "Status", "apiVersion": "v1", "metadata": {}, **status}
    return Response(code, body, (("connection", "close"),))


_TOO_LARGE = _refusal(413, f"Request entity too large: limit is {LIMIT}", "RequestEntityTooLarge")
