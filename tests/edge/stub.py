"""A server on loopback that plays a script, and clients of it: what the tests of connections share."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from returns.io import IOResult
from returns.unsafe import unsafe_perform_io

from fkube.edge.client import Client
from fkube.edge.connecting import connect
from fkube.exchange import Request, Response
from fkube.resource.errors import Failures, VisitError

PODS = Request("GET", "/api/v1/pods")
POST = Request("POST", "/api/v1/pods", body={"kind": "Pod", "x": "é"})


@dataclass(frozen=True)
class Seen:
    """A request as the server got it."""

    line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


@dataclass(frozen=True)
class Last:
    """An answer after which the server hangs up."""

    wire: bytes


Entry = bytes | str | Last


@dataclass
class Stub:
    """A server that plays its script: one entry for each request, the last one again and again."""

    script: tuple[Entry, ...]
    context: ssl.SSLContext | None = None
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    release: threading.Event = field(default_factory=threading.Event)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def run(self) -> None:
        with contextlib.suppress(OSError):  # The listener was closed.
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rwb") as stream:
                while request := read(stream):
                    self.seen.append(request)
                    if not self.answer(connection, stream):
                        return

    def answer(self, connection: socket.socket, stream: BinaryIO) -> bool:
        """Play the next entry; whether the connection lives on."""
        entry = self.script[min(len(self.seen), len(self.script)) - 1]
        if entry == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if entry == "stall":
            self.release.wait(10)
        if isinstance(entry, str):
            return False
        stream.write(entry.wire if isinstance(entry, Last) else entry)
        stream.flush()
        return isinstance(entry, bytes)


def read(stream: BinaryIO) -> Seen | None:
    line = stream.readline().decode("latin-1").strip()
    if not line:
        return None
    if "HTTP/" not in line:
        return Seen(line, (), b"")  # The hello of TLS.
    headers = []
    while raw := stream.readline().decode("utf-8").strip():
        name, _, value = raw.partition(":")
        headers.append((name.lower(), value.strip()))
    length = int(dict(headers).get("content-length", 0))
    return Seen(line, tuple(headers), stream.read(length))


def answer(body: Any = None, status: int = 200, kind: str = "application/json", **headers: str) -> bytes:
    """An answer on the wire; the body as JSON, or as it is if it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    named = {"Content-Type": kind, "Content-Length": str(len(data)), **headers}
    lines = [f"HTTP/1.1 {status} X", *(f"{key.replace('_', '-')}: {value}" for key, value in named.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


Serving = Callable[..., Stub]


def serving() -> Iterator[Serving]:
    """A fixture to start stubs, which end with the test."""
    stubs: list[Stub] = []

    def start(*script: Entry, context: ssl.SSLContext | None = None) -> Stub:
        stub = Stub(script, context)
        stubs.append(stub)
        threading.Thread(target=stub.run, daemon=True).start()
        return stub

    yield start
    for stub in stubs:
        stub.release.set()
        stub.listener.shutdown(socket.SHUT_RDWR)
        stub.listener.close()


@dataclass
class World:
    """Makes clients from kubeconfigs, and notes how long they wanted to sleep."""

    directory: Path
    slept: list[float] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)

    def connecting(
        self, server: str, cluster: Any = None, user: Any = None, environ: Any = None, flags: Any = None
    ) -> IOResult[Client, Failures[Any]]:
        config = {
            "clusters": [{"name": "c", "cluster": {"server": server, **(cluster or {})}}],
            "users": [{"name": "u", "user": user or {}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
        path = self.directory / "config"
        path.write_text(json.dumps(config))
        return connect(str(path), environ=environ or {}, sleep=self.slept.append, **(flags or {}))

    def connected(self, server: str, *entries: Any, **options: Any) -> Client:
        self.clients.append(unsafe_perform_io(self.connecting(server, *entries, **options).unwrap()))
        return self.clients[-1]

    def refused(self, server: str, *entries: Any, **options: Any) -> list[str]:
        """Why there is no client."""
        failures = unsafe_perform_io(self.connecting(server, *entries, **options).failure())
        return [str(error) for error in failures.errors]

    def plain(self, stub: Stub, **options: Any) -> Client:
        return self.connected(f"http://127.0.0.1:{stub.port}", **options)


def world(tmp_path: Path) -> Iterator[World]:
    """A fixture: the world of a test, whose clients are closed at its end."""
    found = World(tmp_path)
    yield found
    for client in found.clients:
        client.close()


def good(client: Client, request: Request = PODS) -> Response:
    return client.send(request).unwrap()


def bad(client: Client, request: Request = PODS) -> VisitError:
    return client.send(request).failure()
