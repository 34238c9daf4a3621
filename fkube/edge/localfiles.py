"""Files that are no manifests: settings, patches, templates, plans, reports, request bodies."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TextIO, TypeVar

from returns.result import Failure, Result, Success, safe

from fkube.report.ledger import row
from fkube.report.outcomes import Outcome

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recorder:
    """A report file that gets one whole line for each outcome, from any thread."""

    file: TextIO
    lock: Lock

    def __call__(self, outcome: Outcome) -> None:
        """Write one outcome as a line of JSON, and flush it."""
        line = json.dumps(row(outcome), ensure_ascii=False)
        with self.lock:
            self.file.write(f"{line}\n")
            self.file.flush()


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
    return _read_or_explain(partial(Path(path).read_text, encoding="utf-8", errors="replace"))


def _read_or_explain(read: Callable[[], T]) -> Result[T, str]:
    """Read, or give the reason why that fails."""
    return safe((OSError, ValueError))(read)().alt(reason_of)


def read_lines(path: str, parse: Callable[[TextIO], Result[T, str]]) -> Result[Result[T, str], str]:
    """Parse the lines of a file; the outer failure says why they can't be read, the inner is the parser's."""
    try:
        with open(path, encoding="utf-8") as file:
            return Success(parse(file))
    except OSError as error:
        return Failure(reason_of(error))
    except UnicodeDecodeError:
        return Failure("it is no UTF-8 text")


@contextmanager
def open_recorder(path: str, append: bool) -> Iterator[Result[Recorder, str]]:
    """Open a file to record outcomes in, or give the reason why not; `append` keeps what it has."""
    try:
        file = open(path, "a" if append else "w", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        yield Failure(reason_of(error))
        return
    with file:
        yield Success(Recorder(file, Lock()))


def keep_private(stream: TextIO) -> None:
    """Let only its owner read the file that a stream goes to, if it is one."""
    with suppress(OSError, ValueError):
        if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            os.fchmod(stream.fileno(), 0o600)


def reason_of(error: Exception) -> str:
    """Why a file can't be used, as kubectl words it."""
    return str(getattr(error, "strerror", None) or str(error) or "no reason given").lower()
