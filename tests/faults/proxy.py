"""A proxy between a client and an upstream, which does to each request what a script says.

It speaks plain HTTP to the client, HTTP or HTTPS to the upstream. The faults of a script stand in a row for
each object, so that what befalls an object does not depend on how threads take turns. What was carried out
upstream is written down, also what was carried out late.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.behaviour import Exchange
from tests.faults.faults import OK, Fault
from tests.faults.upstream import Answer, Asked, Seen, Upstream, forwarded
from tests.faults.wire import Wire


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
            self.seen.append(Seen(asked.about, asked.verb, fault, carried))
            return len(self.seen) - 1

    def keep(self, asked: Asked, after: int, at: int) -> None:
        """Keep a write for later: it is the one with this number."""
        with self.lock:
            self.late.append(Late(asked, after, at))

    def forward(self, asked: Asked) -> Answer:
        """Let the upstream carry out a request."""
        return self.upstream.send(asked.method, asked.target, asked.body, forwarded(asked))

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
