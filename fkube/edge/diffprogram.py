"""Objects before and after as files in two folders, and the program that compares these."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

from returns.result import Failure, Result, Success

from fkube.edge.localfiles import reason_of
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import SourceError, UsageError, VisitError

PROGRAM = "KUBECTL_EXTERNAL_DIFF"
"""The environment variable that names the program, and parameters for it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The exit status of a comparison (0: equal, 1: not), and the part of its text not printed yet."""

    status: int
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Versions:
    """The folder of the objects as they are, and the folder of what they would become."""

    live: Path
    merged: Path


@contextmanager
def version_folders() -> Iterator[Versions]:
    """Make two temporary folders that only their owner can read; they are deleted when the context is left.

    Follows `NewDiffer` of kubectl.
    """
    with TemporaryDirectory(prefix="LIVE-") as live, TemporaryDirectory(prefix="MERGED-") as merged:
        yield Versions(Path(live), Path(merged))


def write_version(folder: Path, name: str, text: str) -> Result[None, VisitError]:
    """Write an object's text into one of the folders, as a file of this name. Errors: a `SourceError`."""
    path = Path(folder, name)
    try:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    except (OSError, ValueError) as error:
        return Failure(SourceError(f"{path} can't be written: {reason_of(error)}"))
    return Success(None)


def compare_versions(
    both: Versions, environ: Mapping[str, str] = os.environ
) -> Result[Comparison, VisitError]:
    """Compare the folders by KUBECTL_EXTERNAL_DIFF, else by `diff -u -N`, else in Python.

    The program asked for prints for itself. Errors: one that can't be run, or ends with more than 1.
    Follows `DiffProgram.Run` of kubectl.
    """
    own = external_command(environ.get(PROGRAM, ""))
    words = own or ("diff", "-u", "-N")
    try:
        run = subprocess.run([*words, both.live, both.merged], stdout=None if own else subprocess.PIPE)
    except OSError as error:
        if not own and isinstance(error, FileNotFoundError):
            return Success(_compare_here(both))
        return Failure(UsageError(f'failed to run "{words[0]}": {reason_of(error)}'))
    if run.returncode not in (0, 1):
        return Failure(UsageError(f'failed to run "{words[0]}": exit status {run.returncode}'))
    return Success(Comparison(run.returncode, (run.stdout or b"").decode("utf-8", "replace")))


def external_command(text: str) -> tuple[str, ...]:
    """Read KUBECTL_EXTERNAL_DIFF: a program, and those parameters that are only letters, digits, - and =.

    Follows `DiffProgram.getCommand` of kubectl.

    >>> external_command("colordiff -N -u ;rm"), external_command("")
    (('colordiff', '-N', '-u'), ())
    """
    first, *others = text.split(" ")
    allowed = (word for word in others if re.fullmatch("[a-zA-Z0-9-=]+", word))
    return (first, *allowed) if text else ()


def _compare_here(both: Versions) -> Comparison:
    """Compare the folders in Python: status and text of `diff -u -N`, the text without times."""
    names = sorted({path.name for folder in (both.live, both.merged) for path in folder.iterdir()})
    text = "".join(_compare_files(both.live / name, both.merged / name) for name in names)
    return Comparison(1 if text else 0, text)


def _compare_files(live: Path, merged: Path) -> str:
    """The differences of two files as `diff -u -N` prints them, empty if equal; a missing file is empty."""
    before, after = (
        path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        for path in (live, merged)
    )
    text = "".join(unified_diff(before, after, str(live), str(merged)))
    return f"diff -u -N {live} {merged}\n{text}" if text else ""
