"""Files that are no manifests: settings, patches, templates, plans, reports, request bodies."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TextIO, TypeVar

from returns.result import Failure, Result, Success, safe

from fkube.report.ledger import row
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field

T = TypeVar("T")


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


def read_bytes(path: str) -> Result[bytes, str]:
    """The bytes of a file, or the reason why there are none."""
    return _read_or_explain(Path(path).read_bytes)


def read_body(path: str) -> Result[bytes, str]:
    """The bytes of a file, or with `-` of standard input, or the reason why there are none."""
    return _read_or_explain(sys.stdin.buffer.read) if path == "-" else read_bytes(path)


def read_text(path: str) -> Result[str, str]:
    """The text of a file, or the reason why there is none; what is no UTF-8 in it is replaced.

    >>> read_text("/nowhere").failure()
    'no such file or directory'
    """
    return _read_or_explain(Path(path).read_bytes).map(lambda data: data.decode(errors="replace"))


def _read_or_explain(read: Callable[[], T]) -> Result[T, str]:
    """Read, or give the reason why that fails."""
    return safe((OSError, ValueError))(read)().alt(reason_of)


def read_lines(path: str, parse: Callable[[TextIO], Result[T, str]]) -> Result[Result[T, str], str]:
    """Parse the lines of a file; the outer failure says why they can't be read, the inner is the parser's."""
    try:
        with open(path, encoding="utf-8") as file:
            return Success(parse(file))
    except UnicodeDecodeError:
        return Failure("it is no UTF-8 text")
    except (OSError, ValueError) as error:
        return Failure(reason_of(error))


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


PRIVATE = 0o600
"""The mode of a file that only its owner can read."""


def keep_private(stream: TextIO) -> None:
    """Let only its owner read the file that a stream goes to, if it is one."""
    with suppress(OSError, ValueError):
        if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            os.fchmod(stream.fileno(), PRIVATE)


def reason_of(error: Exception) -> str:
    """Why a file can't be used, as kubectl words it."""
    return str(getattr(error, "strerror", None) or str(error) or "no reason given").lower()
