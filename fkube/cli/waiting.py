"""What a terminal is shown while a command works: what is waited for, on one line that is erased again."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from itertools import count
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, TextIO

from fkube.edge.client import Client
from fkube.kubeconfig.address import host_of
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.patterns import compile_later

if TYPE_CHECKING:
    from returns.result import Result
    from rich.live import Live
    from rich.text import Text

    from fkube.exchange.conversation import Request, Response
    from fkube.resource.errors import VisitError

SILENCE = 5.0
"""Seconds without any answer after which a terminal is told what is waited for."""

TICK = 0.5
"""Seconds between two looks at whether there is something to show."""


@dataclass(slots=True, eq=False)
class Waiting:
    """The requests that a server has not answered yet, with when each was sent, and when it answered last."""

    server: str
    now: Callable[[], float] = time.monotonic
    open: dict[int, tuple[str, float]] = field(default_factory=dict)
    answered: float = 0.0
    numbers: count[int] = field(default_factory=count)

    def watch(self, client: Client) -> Client:
        """The client whose requests are noted until they end."""

        def send(request: Request) -> Result[Response, VisitError]:
            number = next(self.numbers)
            self.open[number] = (f"{request.method} {request.path}", self.now())
            try:
                return client.send(request)
            finally:
                self.answered = self.now()
                del self.open[number]

        return replace(client, send=send)

    def describe(self) -> str:
        """The request that is waited for longest, once nothing was answered for some seconds; else nothing.

        >>> waiting = Waiting("https://127.0.0.1:6443", lambda: 9.0)
        >>> waiting.open[0] = ("GET /version", 2.0)
        >>> waiting.describe()
        'waiting for 127.0.0.1:6443: GET /version (7 s)'
        """
        # A copy, because other threads send meanwhile.
        oldest = min(self.open.copy().values(), key=lambda sent: sent[1], default=None)
        if oldest is None:
            return ""
        asked, since = oldest
        silence = self.now() - max(since, self.answered)
        host = host_of(self.server) or self.server
        text = f"waiting for {host}: {_UNPRINTABLE.sub('?', asked)} ({silence:.0f} s)"
        return text if silence >= SILENCE else ""


@dataclass(slots=True, eq=False)
class Display:
    """One line of the terminal, drawn again and again by a thread of its own until it is ended.

    `describe` gives what it says; empty where there is nothing to show. Whoever prints holds `lock`
    meanwhile, and erases the line before.
    """

    describe: Callable[[], str]
    lock: RLock = field(default_factory=RLock)
    ended: Event = field(default_factory=Event)
    thread: Thread | None = None
    shown: Live | None = None

    def start(self) -> None:
        """Draw the line from now on."""
        self.thread = Thread(target=self._draw_until_ended, daemon=True)
        self.thread.start()

    def draw(self) -> None:
        """Show what there is to say now, in place of what was said before."""
        with self.lock:
            text = "" if self.ended.is_set() else self.describe()
            if not text:
                self.erase()
            elif self.shown is None:
                self.shown = _open_line(text)
            else:
                self.shown.update(_one_line(text), refresh=True)

    def erase(self) -> None:
        """Erase the line, if there is one."""
        with self.lock:
            if self.shown is not None:
                self.shown.stop()
            self.shown = None

    def end(self) -> None:
        """Erase the line, and draw none any more; the thread is over then."""
        self.ended.set()
        if self.thread is not None:
            self.thread.join()
        self.erase()

    def _draw_until_ended(self) -> None:
        while not self.ended.wait(TICK):
            self.draw()


def _open_line(text: str) -> Live:
    """Begin a line on the terminal, which is as wide as that at most, and goes when it is stopped."""
    from rich.console import Console as Terminal
    from rich.live import Live

    terminal = Terminal(stderr=True, no_color=True, highlight=False, markup=False)
    line = Live(
        _one_line(text),
        console=terminal,
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    line.start(refresh=True)
    return line


def _one_line(text: str) -> Text:
    """A text that is cut where the line ends."""
    from rich.text import Text

    return Text(text, no_wrap=True, overflow="ellipsis")


def is_screen(stream: TextIO) -> bool:
    """Whether a stream is a terminal on which a line can be erased."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def shows_results() -> bool:
    """Whether results are printed on a terminal, where they say by themselves how far the work is."""
    return sys.stdout.isatty()


_UNPRINTABLE = compile_later(r"[^\x20-\x7e]")
