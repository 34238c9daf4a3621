"""The command line: one thin module a command. `main` is what `fkube` and `kubectl-fkube` run."""

from __future__ import annotations

import codecs
import gc
import os
import sys
from errno import EBADF, EDQUOT, EFBIG, EIO, ENOSPC, EPIPE, ESHUTDOWN
from io import TextIOWrapper

VARIABLE = "_FKUBE_COMPLETE"
"""The environment variable by which shells ask for completions."""


def main() -> None:
    """Run the program and exit with its status; without the extra `cli`, say how to install it, or help."""
    # Python looks for cycles after each 700 new objects, and in the end through all of them: a run of many
    # resources makes millions, and hardly a cycle.
    gc.set_threshold(50_000)
    codecs.register_error(_BYTES, _keep_byte)
    for stream in (sys.stdout, sys.stderr):
        # kubectl's output is UTF-8 wherever it goes.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=_BYTES)
    # What is decoded finds room on a stack of 1,000 frames; a validator or a plugin of one's own may not.
    sys.setrecursionlimit(10_000)
    try:
        status = _run_words(sys.argv[1:])
        sys.stdout.flush()
    except OSError as error:
        status = _report_unwritten(error) if error.errno in _OF_WRITING else _report_unusable(error)
    # Python looks for cycles once more when it ends: a fifth of a short run, and nothing comes of it.
    gc.freeze()
    sys.exit(status)


def _keep_byte(error: UnicodeError) -> tuple[bytes, int]:
    """The byte that a lone surrogate stands for, as a Go template may decode it; `?` for any other."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    code = ord(error.object[error.start])
    return bytes([code & 0xFF]) if 0xDC80 <= code <= 0xDCFF else b"?", error.start + 1


_BYTES = "fkube"
"""The name by which streams know `_keep_byte`."""


def _report_unwritten(error: OSError) -> int:
    """Print why standard output can't be written, and give the exit status 1.

    Where its reader is gone, nothing is printed and the status is 141, as of a program that SIGPIPE ends.
    """
    # What is still in the buffer must not fail at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return 141
    why = os.strerror(error.errno or 0).lower()
    print(f"error: results can't be written to standard output: {why}", file=sys.stderr)
    return 1


def _report_unusable(error: OSError) -> int:
    """Print which file or socket can't be used and why, and give the exit status 1."""
    what = f"{error.filename}: " if error.filename else ""
    print(f"error: {what}{str(error.strerror or error).lower()}", file=sys.stderr)
    return 1


_OF_WRITING = (EPIPE, ENOSPC, EIO, EFBIG, EDQUOT, EBADF, ESHUTDOWN)
"""The errors that an open stream may have when something is written to it."""


def _run_words(words: list[str]) -> int:
    """Run the words of a command line, without the program's name, and give the exit status."""
    if words in ([], ["-h"], ["--help"], ["help"]) and VARIABLE not in os.environ:
        # Help should not wait for the rest of the program.
        from fkube.cli.overview import overview

        print(overview())
        return 0
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("click", "h11", "rich")):
        sys.exit("fkube's command line is an extra: pip install 'fkube[cli]'")
    from fkube.cli import program

    return program.run(words, os.environ)
