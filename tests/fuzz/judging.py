"""One input is judged: what came of it, and how long it took by a clock that is given."""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

from tests.fuzz.drawing import Source

LIMIT, HANG = 1.0, 3.0
"""The seconds of the processor that an input may take, and after which one is broken off."""

SLOW_TRIES = 12
"""How often an input that takes seconds is made smaller."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Target:
    """A function of fkube, how bytes become its arguments, and what may come of it: a Result, or a value.

    `share`: how many inputs it gets of what an average target gets; slow ones get fewer. `show`: what its
    input is, as a text, where the reprs of its arguments do not say enough.
    """

    name: str
    draw: Callable[[Source], tuple[Any, ...]]
    call: Callable[..., Any]
    gives: tuple[type, ...] = (object,)
    share: float = 1.0
    show: Callable[..., str] | None = None


@dataclass(frozen=True, slots=True)
class Escape:
    """What a target may not do: raise, take too long, or give something else. `data` makes its input."""

    target: str
    kind: str
    place: str
    data: bytes
    text: str = ""
    count: int = 1

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two escapes one finding."""
        return self.target, self.kind, self.place


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many seconds an input took, and its escape if it is one."""

    seconds: float
    escape: Escape | None = None


class TooLong(BaseException):
    """An input that was broken off; no `except Exception` of the code on trial catches it."""


def judge(target: Target, data: bytes, clock: Clock = time.thread_time) -> Verdict:
    """Call a target with the input that bytes make."""
    arguments = target.draw(Source(data))
    started = clock()
    try:
        with _broken_off():
            left = target.call(*arguments)
    except (Exception, TooLong) as error:  # noqa: BLE001 - it is what is looked for
        # The traceback holds frames that hold objects: read it and let it go.
        kind, place = type(error).__name__, _place(error)
        return Verdict(clock() - started, Escape(target.name, kind, place, data, _first_line(error)))
    seconds = clock() - started
    if seconds > LIMIT:
        return Verdict(seconds, Escape(target.name, "slow", "over a second", data, f"{seconds:.1f} s"))
    if not isinstance(left, target.gives):
        return Verdict(seconds, Escape(target.name, "wrong value", type(left).__name__, data))
    return Verdict(seconds)


def _place(error: BaseException) -> str:
    """The innermost line of fkube in a traceback; of a recursion the function, since any line may be last."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/fkube/" in frame.filename] or frames[-1:]
    if not ours:
        return "?"
    last = ours[-1]
    if isinstance(error, RecursionError):
        # Where a recursion ends is chance; which function begins it is not.
        last = next((frame for frame in ours if sum(f.name == frame.name for f in ours) > 20), last)
        return f"{_file(last.filename)} in {last.name}"
    if isinstance(error, TooLong):
        return f"{_file(last.filename)} in {last.name}"
    return f"{_file(last.filename)}:{last.lineno} in {last.name}"


def _file(path: str) -> str:
    return path.rpartition("/fkube/")[2]


def _first_line(error: BaseException) -> str:
    with suppress(Exception):
        return str(error).split("\n")[0][:160]
    return ""


@contextmanager
def _broken_off() -> Iterator[None]:
    """Break off what runs for long, by the time of the processor: a busy machine breaks nothing off."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _raise_too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _raise_too_long(number: int, frame: FrameType | None) -> None:
    raise TooLong


def minimise(target: Target, escape: Escape, clock: Clock = time.thread_time, tries: int = 400) -> Escape:
    """The same escape from fewer bytes; the escape itself if it is not seen again."""
    left, smallest = tries, escape.data
    if escape.kind in ("slow", "TooLong"):
        left = SLOW_TRIES
    size = max(len(smallest) // 2, 1)
    while left and size:
        shorter = [smallest[:at] + smallest[at + size :] for at in range(0, len(smallest), size)]
        zeroed = [smallest[:at] + bytes(size) + smallest[at + size :] for at in range(0, len(smallest), size)]
        found = False
        for data in (*shorter, *(data for data in zeroed if data != smallest)):
            left -= 1
            verdict = judge(target, data, clock)
            if verdict.escape and verdict.escape.key == escape.key:
                smallest, found = data, True
                break
            if not left:
                break
        if not found:
            size //= 2
    return replace(escape, data=smallest)


def show_input(target: Target, data: bytes, longest: int = 300) -> str:
    """The arguments that bytes make, as a text that is not too long."""
    texts, arguments = [], target.draw(Source(data))
    if target.show:
        with suppress(Exception):
            texts.append(target.show(*arguments))
    for argument in () if target.show else arguments:
        with suppress(RecursionError, ValueError):
            texts.append(repr(argument))
    text = ", ".join(texts)
    return text if len(text) <= longest else f"{text[: longest - 60]} … {text[-50:]}"
