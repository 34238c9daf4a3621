"""Files that outcomes are recorded in, a line each, as they happen."""

from __future__ import annotations

import json
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock

from returns.result import Result, Success, safe

from fkube.edge.localfiles import PRIVATE, reason_of
from fkube.report.ledger import row
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Recorder:
    """A report file that gets one whole line for each outcome, from any thread.

    `problem`: why nothing more could be written, empty if all was. What is reported goes on without it.
    """

    handle: int
    lock: Lock = field(default_factory=Lock)
    problem: str = ""

    def __call__(self, outcome: Outcome) -> None:
        """Write one outcome as a line of JSON, at once."""
        # A half surrogate, of a file's name that is no UTF-8, is written as JSON escapes it.
        line = f"{json.dumps(row(outcome), ensure_ascii=False)}\n".encode("utf-8", "backslashreplace")
        with self.lock:
            if not self.problem:
                # After a line that was cut, another would make it one that can't be read.
                self.problem = _end_safely(partial(_write_whole, self.handle, line))

    def close(self) -> None:
        """Close the file; a file system may say only then that it has no room."""
        why = _end_safely(partial(os.close, self.handle))
        self.problem = self.problem or why


@contextmanager
def open_recorder(path: str, kept: str) -> Iterator[Result[Recorder, str]]:
    """Open a file to record outcomes in, or give the reason why not.

    A new one is its owner's alone, as errors may tell of what is secret; one that is there keeps its mode.
    `kept`: the file whose lines are kept, if it is the same one, however it is written; empty for none.
    """
    made = safe((OSError, ValueError))(_open_to_record)(path, kept).alt(reason_of)
    try:
        yield made
    finally:
        made.map(Recorder.close)


def _open_to_record(path: str, kept: str) -> Recorder:
    """Open a file to record in; raises OSError or ValueError."""
    append = bool(kept) and os.path.exists(path) and os.path.samefile(path, kept)
    flags = os.O_RDWR | os.O_APPEND if append else os.O_WRONLY | os.O_TRUNC
    handle = os.open(path, flags | os.O_CREAT, PRIVATE)
    if append and stat.S_ISREG(os.fstat(handle).st_mode):
        _end_last_line(handle)
    return Recorder(handle)


def _end_last_line(handle: int) -> None:
    """End the last line of a report; one that was cut, so that it is no JSON, is taken away."""
    size = os.fstat(handle).st_size
    with os.fdopen(os.dup(handle), "rb") as file:
        last = next(iter(deque(file, maxlen=1)), b"\n")
    if not last.endswith(b"\n"):
        whole = safe((ValueError, RecursionError))(json.loads)(last)
        _write_whole(handle, b"\n") if isinstance(whole, Success) else os.ftruncate(handle, size - len(last))


def _write_whole(handle: int, data: bytes) -> None:
    """Write all of the data; a file that is nearly full takes a part before it refuses the rest."""
    while data:
        data = data[os.write(handle, data) :]


def _end_safely(act: Callable[[], object]) -> str:
    """Do something with a file; give the reason where that fails, else nothing."""
    try:
        act()
    except OSError as error:
        return reason_of(error)
    return ""
