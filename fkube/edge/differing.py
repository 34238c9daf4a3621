"""Two versions of objects as files in two folders, and the program that compares these."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from returns.result import Failure, Result, Success

from fkube.resource.errors import UsageError, VisitError

PROGRAM = "KUBECTL_EXTERNAL_DIFF"
"""The environment variable that names the program, and parameters for it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison came to: its exit status (0: equal, 1: not), and what is not printed yet."""

    status: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Versions:
    """The two folders."""

    live: Path
    merged: Path


@contextmanager
def versions() -> Iterator[Versions]:
    """Two folders that nobody else can read, until the end. Follows `NewDiffer` of kubectl."""
    with (
        tempfile.TemporaryDirectory(prefix="LIVE-") as live,
        tempfile.TemporaryDirectory(prefix="MERGED-") as to,
    ):
        yield Versions(Path(live), Path(to))


def write_version(folder: Path, name: str, text: str) -> None:
    """Write an object into one of the folders."""
    Path(folder, name).write_text(text, encoding="utf-8")


def compared(both: Versions, environ: Mapping[str, str] = os.environ) -> Result[Compared, VisitError]:
    """Compare the folders by the program asked for, else by `diff -u -N`, else by ourselves.

    The program asked for prints for itself. Errors: one that can't be run, or ends with more than 1.
    Follows `DiffProgram.Run` of kubectl.
    """
    asked = command(environ.get(PROGRAM, ""))
    words = asked or ("diff", "-u", "-N")
    try:
        run = subprocess.run([*words, both.live, both.merged], stdout=None if asked else subprocess.PIPE)
    except OSError as error:
        if not asked and isinstance(error, FileNotFoundError):
            return Success(_ourselves(both))
        why = (error.strerror or str(error)).lower()
        return Failure(UsageError(f'failed to run "{words[0]}": {why}'))
    if run.returncode not in (0, 1):
        return Failure(UsageError(f'failed to run "{words[0]}": exit status {run.returncode}'))
    return Success(Compared(run.returncode, (run.stdout or b"").decode("utf-8", "replace")))


def command(text: str) -> tuple[str, ...]:
    """The program, and those of its parameters that are letters, digits, dashes and equals signs.

    Follows `DiffProgram.getCommand` of kubectl.

    >>> command("colordiff -N -u ;rm"), command("")
    (('colordiff', '-N', '-u'), ())
    """
    first, *others = text.split(" ")
    allowed = (word for word in others if re.fullmatch("[a-zA-Z0-9-=]+", word))
    return (first, *allowed) if text else ()


def _ourselves(both: Versions) -> Compared:
    """What `diff -u -N` says, without the times."""
    names = sorted({path.name for folder in (both.live, both.merged) for path in folder.iterdir()})
    text = "".join(_difference(both.live / name, both.merged / name) for name in names)
    return Compared(1 if text else 0, text)


def _difference(live: Path, merged: Path) -> str:
    before, after = (_lines(path) for path in (live, merged))
    text = "".join(unified_diff(before, after, str(live), str(merged)))
    return f"diff -u -N {live} {merged}\n{text}" if text else ""


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
