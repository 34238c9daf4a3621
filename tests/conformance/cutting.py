"""A TCP proxy on loopback in front of a server, which cuts connections after so many bytes of answers."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Cuts:
    """Cuts that are due: after `left[0]` more bytes of answers the connection that brings them is cut."""

    port: int
    left: list[int] = field(default_factory=list)
    made: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def after(self, count: int) -> None:
        """Cut once more, so many bytes after the cuts that are due before it."""
        with self.lock:
            self.left.append(count)

    def passing(self, data: bytes) -> tuple[bytes, bool]:
        """What of an answer's bytes may pass, and whether its connection is cut behind them."""
        with self.lock:
            if not self.left or self.left[0] >= len(data):
                self.left[:1] = [self.left[0] - len(data)] if self.left else []
                return data, False
            self.made += 1
            return data[: self.left.pop(0)], True


@contextmanager
def cutting(port: int) -> Iterator[Cuts]:
    """A proxy in front of a port of loopback, until the end of a `with` block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        cuts = Cuts(listener.getsockname()[1])
        threading.Thread(target=_serve, args=(listener, port, cuts), daemon=True).start()
        yield cuts
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, port: int, cuts: Cuts) -> None:
    with contextlib.suppress(OSError):  # The listener was closed.
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_up, args=(client, server), daemon=True).start()
            threading.Thread(target=_down, args=(server, client, cuts), daemon=True).start()


def _up(client: socket.socket, server: socket.socket) -> None:
    with contextlib.suppress(OSError):  # One of the two hung up.
        while data := client.recv(65536):
            server.sendall(data)
    _hung_up(server)


def _down(server: socket.socket, client: socket.socket, cuts: Cuts) -> None:
    with contextlib.suppress(OSError):  # One of the two hung up.
        cut = False
        while not cut and (data := server.recv(65536)):
            some, cut = cuts.passing(data)
            client.sendall(some)
    _hung_up(client)
    _hung_up(server)


def _hung_up(connection: socket.socket) -> None:
    """Hang up, so that whoever reads from it or writes to it learns of it now."""
    with contextlib.suppress(OSError):  # It was hung up before.
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
