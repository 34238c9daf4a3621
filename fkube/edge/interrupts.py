"""Ctrl-C and SIGTERM during a visit: what is under way comes to its end, nothing more begins."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from fkube.resource.dataclasses import dataclass, field

SIGNALS = (signal.SIGINT, signal.SIGTERM)

Handler = Callable[[int, FrameType | None], Any]
"""A signal handler, called with the number of the signal and the current frame."""


@dataclass(slots=True, eq=False)
class Interrupts:
    """The interrupt that came while it could not be served, if any, and the signal handlers from before.

    `idle`: nothing is under way, so that it is served at once; so is the second.
    """

    caught: KeyboardInterrupt | None = None
    idle: bool = True
    before: dict[int, Handler] = field(default_factory=dict)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Call the former handler; keep its interrupt for later, unless it is to be served at once."""
        try:
            self.before[number](number, frame)
        except KeyboardInterrupt as interrupt:
            if self.idle or self.caught:
                raise
            self.caught = interrupt


@contextmanager
def defer_interrupts() -> Iterator[Interrupts]:
    """Hold back Ctrl-C, and SIGTERM where a program handles it, until the context is left.

    Only the main thread has signals; elsewhere nothing changes.
    """
    interrupts = Interrupts()
    if current_thread() is main_thread():
        found = ((number, signal.getsignal(number)) for number in SIGNALS)
        interrupts.before.update((number, handler) for number, handler in found if callable(handler))
    with handle_signals(dict.fromkeys(interrupts.before, interrupts)):
        yield interrupts
    if interrupts.caught:
        raise interrupts.caught


@contextmanager
def handle_signals(handlers: Mapping[int, Handler]) -> Iterator[None]:
    """Set the handlers of signals while the context lasts, and the former ones again after it."""
    before = {number: signal.getsignal(number) for number in handlers}
    try:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
