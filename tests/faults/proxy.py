"""A proxy between a client and an upstream, which does to each request what a script says.

It speaks plain HTTP to the client, HTTP or HTTPS to the upstream. The faults of a script stand in a row for
each object, so that what befalls an object does not depend on how threads take turns. What was carried out
upstream is written down, also what was carried out late.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import re
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import urllib3

from tests.faults import faults
from tests.faults.faults import OK, Fault

BOMB = 64 << 20
DRIPS = 300
HOP = ("connection", "transfer-encoding", "content-length", "keep-alive")
PADDING = gzip.compress(b" " * BOMB)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the upstream."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came, and what it is about: an object's label, or `discovery`, `openapi`, `other`."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    about: str

    @property
    def watches(self) -> bool:
        return "watch=true" in self.target


@dataclass(frozen=True, slots=True)
class Seen:
    """What befell a request: its fault, and the status with which the upstream carried it out or refused it.

    `carried` is 0 where the upstream was never asked; a late request has its status once it has landed.
    """

    about: str
    method: str
    fault: Fault
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Upstream:
    """A server: its URL, the headers that open it, and how its certificate is known."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    authority: str | None = None
    pool: urllib3.PoolManager = field(init=False, repr=False)

    def __post_init__(self) -> None:
        made = urllib3.PoolManager(maxsize=16, ca_certs=self.authority, retries=False, timeout=30)
        object.__setattr__(self, "pool", made)

    def send(
        self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request, and read the answer as it is."""
        given = {"Accept": "application/json", **(headers or {}), **self.headers}
        answer = self.pool.request(
            method, self.url + target, body=body or None, headers=given, redirect=False, decode_content=False
        )
        return Answer(answer.status, _kept(answer.headers.items()), answer.data)

    def open(self, asked: Asked) -> tuple[http.client.HTTPResponse, socket.socket]:
        """Begin an answer that has no end, and give its socket too."""
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=self.authority)
            line: http.client.HTTPConnection = http.client.HTTPSConnection(parts.netloc, context=context)
        else:
            line = http.client.HTTPConnection(parts.netloc)
        line.connect()
        wire = line.sock
        line.request(asked.method, asked.target, headers={**_forwarded(asked), **self.headers})
        return line.getresponse(), wire

    def close(self) -> None:
        self.pool.clear()


def _kept(headers: Iterator[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if name.lower() not in HOP)


def _forwarded(asked: Asked) -> dict[str, str]:
    dropped = (*HOP, "host", "accept-encoding")
    return {name: value for name, value in asked.headers if name.lower() not in dropped}


def about(target: str, body: bytes) -> str:
    """What a request is about: the label of its object, or which part of the server."""
    path = unquote(target)
    found = re.search(r"/namespaces/[^/]+/[a-z]+/(o\d)\b|metadata\.name=(o\d)\b", path)
    if found:
        return found[1] or found[2]
    if path.startswith("/openapi"):
        return "openapi"
    if "/namespaces" not in path:
        return "discovery"
    with contextlib.suppress(ValueError, AttributeError, TypeError):
        return str(json.loads(body)["metadata"]["labels"]["n"])
    return "other"


@dataclass(frozen=True, slots=True)
class Script:
    """The faults for each thing that requests are about, in turn, and what befalls all after them."""

    rows: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)
    rest: Fault = OK


@dataclass(slots=True, eq=False)
class Late:
    """A write that is still to land."""

    asked: Asked
    left: int
    at: int


@dataclass(slots=True, eq=False)
class Proxy:
    """A proxy that is listening. `seen`: what befell each request, in the order of their ends."""

    upstream: Upstream
    script: Script
    seen: list[Seen] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)
    late: list[Late] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    idle: threading.Condition = field(init=False)
    busy: int = 0
    closed: bool = False
    open: set[socket.socket] = field(default_factory=set)
    threads: list[threading.Thread] = field(default_factory=list)
    listener: socket.socket = field(init=False)
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.idle = threading.Condition(self.lock)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self._start(self._accept)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self.threads.append(thread)
        thread.start()

    def peek(self, about: str) -> Fault:
        """The fault that waits for the next request about this."""
        with self.lock:
            row, place = self.script.rows.get(about, ()), self.used[about]
            return row[place] if place < len(row) else self.script.rest

    def take(self, about: str) -> Fault:
        """Take the fault of a request about this. Refusals are the client's: none has come here."""
        with self.lock:
            fault = self.peek(about)
            self.used[about] += 1
            if fault.kind != "refuse":
                return fault
            return OK if fault == self.script.rest else self.take(about)

    def note(self, asked: Asked, fault: Fault, carried: int = 0) -> int:
        """Write down what befell a request, and give its number."""
        with self.lock:
            self.seen.append(Seen(asked.about, asked.method, fault, carried))
            return len(self.seen) - 1

    def forward(self, asked: Asked) -> Answer:
        """Let the upstream carry out a request."""
        return self.upstream.send(asked.method, asked.target, asked.body, _forwarded(asked))

    def land(self, about: str = "") -> None:
        """Let late writes about this land, if enough requests have passed; all where none is named."""
        with self.lock:
            for one in self.late:
                one.left -= one.asked.about == about
            due = [one for one in self.late if not about or one.left < 0]
            self.late[:] = [one for one in self.late if one not in due]
        for one in due:
            status = self.forward(one.asked).status
            with self.lock:
                was = self.seen[one.at]
                self.seen[one.at] = Seen(was.about, was.method, was.fault, status)

    def settle(self) -> None:
        """Wait until nothing is under way, and let land what is late."""
        with self.idle:
            while self.busy:
                self.idle.wait()
        self.land()

    def close(self) -> None:
        """Hang up everywhere, and end every thread."""
        self.closed = True  # Looked at after the next connection, which is our own.
        socket.create_connection(self.listener.getsockname()).close()
        self.threads[0].join()
        self.listener.close()
        with self.lock:
            for one in self.open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        for thread in self.threads[1:]:
            thread.join()

    def _accept(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            if self.closed:
                return connection.close()
            self._start(self._talk, connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.open.add(connection)
        wire = Wire(connection)
        try:
            while not wire.over and (asked := wire.read_request()):
                self._answer(wire, asked)
        except OSError:
            pass
        except Exception as error:  # noqa: BLE001 - a mistake of the instrument must not pass in silence
            self.problems.append(f"{type(error).__name__}: {error}")
        finally:
            with self.lock:
                self.open.discard(connection)
            connection.close()

    def _answer(self, wire: Wire, asked: Asked) -> None:
        with self.lock:
            self.busy += not asked.watches
        try:
            self.land(asked.about)
            fault = self.take(asked.about)
            Exchange(self, wire, asked, fault).act()
        finally:
            with self.idle:
                self.busy -= not asked.watches
                self.idle.notify_all()


@dataclass(slots=True, eq=False)
class Wire:
    """The connection of a client, read request by request."""

    connection: socket.socket
    rest: bytes = b""
    over: bool = False

    def read_request(self) -> Asked | None:
        """Read a request; None where the client is gone."""
        while b"\r\n\r\n" not in self.rest:
            if not self._read():
                return None
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        while len(self.rest) < length:
            if not self._read():
                return None
        body, self.rest = self.rest[:length], self.rest[length:]
        method, target, _ = first.split(" ")
        return Asked(method, target, headers, body, about(target, body))

    def _read(self) -> bool:
        more = self.connection.recv(65536)
        self.rest += more
        return bool(more)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def close(self) -> None:
        """End the connection in order."""
        self.over = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End the connection by a reset."""
        self.over = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def wait_for_end(self) -> None:
        """Say nothing until the client has gone."""
        while self._read():
            pass
        self.over = True


@dataclass(slots=True, eq=False)
class Exchange:
    """One request, and its fault."""

    proxy: Proxy
    wire: Wire
    asked: Asked
    fault: Fault

    def act(self) -> None:
        """Do to the request what its fault says."""
        if self.fault.kind == "late" and self.asked.method == "GET":
            self.fault = Fault("reset-before")
        if self.asked.watches and self.fault.kind not in BEFORE:
            return self._relay_watch()
        return BEHAVIOUR[self.fault.kind](self)

    def carry_out(self) -> Answer:
        """Let the upstream carry the request out, and write that down."""
        answer = self.proxy.forward(self.asked)
        self.proxy.note(self.asked, self.fault, answer.status)
        return answer

    def carry_out_if_acted(self) -> None:
        """Let the upstream carry the request out, if the fault says so."""
        if self.fault.acted:
            self.carry_out()
        else:
            self.proxy.note(self.asked, self.fault)

    def _relay_watch(self) -> None:
        self.proxy.note(self.asked, self.fault, 200)
        answer, upstream = self.proxy.upstream.open(self.asked)
        with self.proxy.lock:
            self.proxy.open.add(upstream)
        try:
            self._relay_lines(answer)
        except (http.client.HTTPException, ValueError, AttributeError):
            pass  # The upstream was hung up on, at the end of the run.
        finally:
            with self.proxy.lock:
                self.proxy.open.discard(upstream)
            answer.close()
            upstream.close()
            self.wire.close()

    def _relay_lines(self, answer: http.client.HTTPResponse) -> None:
        kind = self.fault.kind
        headers = [
            *_kept(iter(answer.getheaders())),
            ("Transfer-Encoding", "chunked"),
            ("Connection", "close"),
        ]
        if kind.startswith("gzip"):
            headers.append(("Content-Encoding", "gzip"))
        self.wire.send(_head(answer.status, headers))
        if kind == "silence":
            return self.wire.wait_for_end()
        for number, line in enumerate(answer):
            if number == 0 and kind != "ok":
                if self._spoil(line):
                    return None
            else:
                self.wire.send(_chunk(line))
        self.wire.send(b"0\r\n\r\n")
        return None

    def _spoil(self, line: bytes) -> bool:
        """Send the first line of a watch with its fault; True where the stream is over."""
        fault, send = self.fault, self.wire.send
        other = {
            "deform": lambda: faults.deform(line, fault.place, fault.value) + b"\n",
            "wrong-kind": lambda: faults.with_kind(line) + b"\n",
            "other-object": lambda: faults.of_another(line) + b"\n",
            "nonsense": lambda: fault.choice.encode() + b"\n",
        }
        if fault.kind in other:
            send(_chunk(other[fault.kind]()))
        elif fault.kind == "drip":
            for n in range(0, len(line), 3):
                send(_chunk(line[n : n + 3]))
        else:
            packed = gzip.compress(line) + PADDING
            whole = {"gzip-bomb": packed, "gzip-nonsense": line, "reset-after": line}
            half = whole.get(fault.kind, line[: len(line) // 2])
            send(_broken_chunk(fault.choice, line) if fault.kind == "chunks" else _chunk(half))
            if fault.kind.startswith("reset"):
                self.wire.reset()
            return True
        return False


def _head(status: int, headers: list[tuple[str, str]]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {http.client.responses.get(status, 'X')}",
        *(f"{k}: {v}" for k, v in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _broken_chunk(form: str, body: bytes) -> bytes:
    """Chunks that are none, of this form."""
    size = b"%x" % len(body)
    return {
        "size": b"zz\r\n" + body + b"\r\n0\r\n\r\n",
        "negative": b"-5\r\n" + body + b"\r\n0\r\n\r\n",
        "huge": b"f" * 16 + b"\r\n" + body,
        "no-end": size + b"\r\n" + body + b"\r\n",
        "bad-end": size + b"\r\n" + body + b"nonsense\r\n0\r\n\r\n",
        "empty-size": b"\r\n\r\n" + body,
    }[form]


def render(answer: Answer, length: int | None = None, *more: tuple[str, str]) -> bytes:
    """An answer on the wire, with its length, or with one that is a lie."""
    said = len(answer.body) if length is None else length
    return _head(answer.status, [*answer.headers, *more, ("Content-Length", str(said))]) + answer.body


def _with_body(answer: Answer, body: bytes) -> Answer:
    return Answer(answer.status, answer.headers, body)


def _pass_on(x: Exchange) -> None:
    x.wire.send(render(x.carry_out()))


def _hang_up(x: Exchange) -> None:
    x.carry_out_if_acted()
    x.wire.close()


def _reset_before(x: Exchange) -> None:
    x.proxy.note(x.asked, x.fault)
    x.wire.reset()


def _reset_during(x: Exchange) -> None:
    data = render(x.carry_out())
    x.wire.send(data[: len(data) * 2 // 3])
    x.wire.reset()


def _reset_after(x: Exchange) -> None:
    x.carry_out()
    x.wire.reset()


def _carry_out_late(x: Exchange) -> None:
    at = x.proxy.note(x.asked, x.fault)
    with x.proxy.lock:
        x.proxy.late.append(Late(x.asked, x.fault.after, at))
    x.wire.reset()


def _truncate(x: Exchange) -> None:
    answer = x.carry_out()
    data = render(answer)
    x.wire.send(data[: len(data) - max(len(answer.body) // 2, 1)])
    x.wire.close()


def _drip(x: Exchange) -> None:
    data = render(x.carry_out())
    for n in range(len(data[:DRIPS])):
        x.wire.send(data[n : n + 1])
    x.wire.send(data[DRIPS:])


def _be_silent(x: Exchange) -> None:
    x.carry_out_if_acted()
    x.wire.wait_for_end()


def _say_less(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(answer, max(len(answer.body) - 3, 0)))
    x.wire.close()


def _say_more(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(answer, len(answer.body) + 10))
    x.wire.close()


def _break_chunks(x: Exchange) -> None:
    answer = x.carry_out()
    head = _head(answer.status, [*answer.headers, ("Transfer-Encoding", "chunked")])
    x.wire.send(head + _broken_chunk(x.fault.choice, answer.body))
    x.wire.close()


def _send_bomb(x: Exchange) -> None:
    answer = x.carry_out()
    packed = gzip.compress(answer.body) + PADDING
    x.wire.send(render(_with_body(answer, packed), None, ("Content-Encoding", "gzip")))


def _send_no_gzip(x: Exchange) -> None:
    answer = x.carry_out()
    body = gzip.compress(answer.body)[:-9] if x.fault.choice == "cut" else answer.body
    x.wire.send(render(_with_body(answer, body), None, ("Content-Encoding", "gzip")))


def _send_status(x: Exchange) -> None:
    x.carry_out_if_acted()
    media, body = faults.refusal(x.fault)
    headers = [("Content-Type", media)] if media else []
    if x.fault.retry is not None:
        headers.append(("Retry-After", x.fault.retry))
    x.wire.send(render(Answer(x.fault.status, tuple(headers), body)))


def _redirect(x: Exchange) -> None:
    x.proxy.note(x.asked, x.fault)
    target = x.fault.choice.replace("{self}", x.proxy.url)
    x.wire.send(render(Answer(x.fault.status, (("Location", target),), b"")))


def _deform(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(_with_body(answer, faults.deform(answer.body, x.fault.place, x.fault.value))))


def _change_kind(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(_with_body(answer, faults.with_kind(answer.body))))


def _change_object(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(_with_body(answer, faults.of_another(answer.body))))


def _talk_nonsense(x: Exchange) -> None:
    x.carry_out_if_acted()
    status = 201 if x.asked.method == "POST" else 200
    media = (("Content-Type", "application/json"),)
    x.wire.send(render(Answer(status, media, x.fault.choice.encode())))


BEHAVIOUR: Mapping[str, Callable[[Exchange], None]] = {
    "ok": _pass_on,
    "close": _hang_up,
    "reset-before": _reset_before,
    "reset-during": _reset_during,
    "reset-after": _reset_after,
    "late": _carry_out_late,
    "truncate": _truncate,
    "drip": _drip,
    "silence": _be_silent,
    "length-short": _say_less,
    "length-long": _say_more,
    "chunks": _break_chunks,
    "gzip-bomb": _send_bomb,
    "gzip-nonsense": _send_no_gzip,
    "status": _send_status,
    "redirect": _redirect,
    "deform": _deform,
    "wrong-kind": _change_kind,
    "other-object": _change_object,
    "nonsense": _talk_nonsense,
}

BEFORE = ("close", "reset-before", "late", "status", "redirect")
"""The faults of a watch that come before its answer."""
