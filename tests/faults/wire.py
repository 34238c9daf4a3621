"""The connection of a client, and answers as bytes, whole and broken."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
from dataclasses import dataclass

from tests.faults.upstream import Answer, Asked, about


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


def head(status: int, headers: list[tuple[str, str]]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {http.client.responses.get(status, 'X')}",
        *(f"{k}: {v}" for k, v in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def broken_chunk(form: str, body: bytes) -> bytes:
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
    return head(answer.status, [*answer.headers, *more, ("Content-Length", str(said))]) + answer.body
