"""Files that are no manifests: settings, patches, templates, plans, reports, request bodies."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TextIO, TypeVar

from returns.result import Failure, Result, Success, safe

T = TypeVar("T")


def read_bytes(path: str) -> Result[bytes, str]:
    """The bytes of a file, or the reason why there are none."""
    return _do_or_explain(partial(_read_file, path))


def read_body(path: str) -> Result[bytes, str]:
    """The bytes of a file, or with `-` of standard input, or the reason why there are none."""
    return _do_or_explain(sys.stdin.buffer.read) if path == "-" else read_bytes(path)


def read_text(path: str) -> Result[str, str]:
    """The text of a file, or the reason why there is none; what is no UTF-8 in it is replaced.

    >>> read_text("/nowhere").failure()
    'no such file or directory'
    """
    return _do_or_explain(partial(_read_file, path)).map(lambda data: data.decode(errors="replace"))


def _read_file(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _do_or_explain(act: Callable[[], T]) -> Result[T, str]:
    """Read or write, or give the reason why that fails."""
    return safe((OSError, ValueError))(act)().alt(reason_of)


def read_lines(path: str, parse: Callable[[TextIO], Result[T, str]]) -> Result[Result[T, str], str]:
    """Parse the lines of a file; the outer failure says why they can't be read, the inner is the parser's."""
    try:
        with open(path, encoding="utf-8") as file:
            return Success(parse(file))
    except UnicodeDecodeError:
        return Failure("it is no UTF-8 text")
    except (OSError, ValueError) as error:
        return Failure(reason_of(error))


def write_text(path: str, text: str) -> Result[None, str]:
    """Write a text to a file in place of what it had, or give the reason why that can't be done.

    A new file is for its owner only.

    >>> write_text("/nowhere/at/all", "").failure()
    'no such file or directory'
    """

    def write() -> None:
        with open(path, "w", encoding="utf-8", errors="replace", opener=_open_private) as file:
            file.write(text)

    return _do_or_explain(write)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


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
