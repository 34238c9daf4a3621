"""What a command prints, as it happens: results on stdout, the rest on stderr, progress on a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from fkube.cli.messages import format_error, format_only_error
from fkube.resource.errors import UsageError, VisitError

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 2.0
"""Seconds after which work is long, and a terminal is shown its progress."""


@dataclass(slots=True)
class Console:
    """What a command prints on stdout and stderr, and its exit status.

    The first error is held back: kubectl words an only error differently. The exit status is `status`, or
    `wrong` if anything failed. `doing` is what errors say was being done to an object: `creating`. `steps`
    counts objects, for the progress that a terminal is shown.
    """

    doing: str = ""
    failures: int = 0
    held: VisitError | None = None
    warned: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)
    progress: Progress | None = None
    steps: int = 0
    status: int = 0
    wrong: int = 1

    def say(self, text: str, end: str = "\n") -> None:
        """Print a result, so that whoever reads it has it at once."""
        print(text, end=end, flush=True)

    def note(self, text: str) -> None:
        """Print a remark on stderr."""
        print(text, file=sys.stderr, flush=True)

    def warn(self, warnings: Iterable[str]) -> None:
        """Print warnings, each once."""
        for warning in warnings:
            if warning not in self.warned:
                self.warned.add(warning)
                self.note(f"{_WARNING if takes_colours(sys.stderr) else 'Warning:'} {warning}")

    def fail(self, *errors: VisitError) -> None:
        """Count errors and print them on stderr; the first is held back until a second, or `close`."""
        for error in errors:
            if self.held:
                self.note(format_error(self.held, self.doing))
            if self.failures:
                self.note(format_error(error, self.doing))
            self.held = None if self.failures else error
            self.failures += 1

    def refuse(self, message: str) -> None:
        """Print a usage error."""
        self.fail(UsageError(message))

    def step(self) -> None:
        """Count one more object; show progress of long work on a terminal that does not show the results."""
        self.steps += 1
        if self.progress is None and _is_progress_wanted() and time.monotonic() - self.began > PATIENCE:
            self.progress = _start_progress()
        if self.progress:
            self.progress.update(self.progress.task_ids[0], completed=self.steps)

    def close(self) -> int:
        """Print what is held back, and give the exit status."""
        if self.progress:
            self.progress.stop()
        if self.held:
            self.note(format_only_error(self.held, self.doing))
        self.held = None
        return self.wrong if self.failures else self.status


def _is_progress_wanted() -> bool:
    """Whether stderr is a terminal and stdout is none: results would mix with progress there."""
    return sys.stderr.isatty() and not sys.stdout.isatty()


def _start_progress() -> Progress:
    """Show a line on the terminal: how many objects are done, and since when."""
    from rich.console import Console as Terminal
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} objects"), TimeElapsedColumn())
    bar = Progress(*columns, console=Terminal(stderr=True), transient=True, redirect_stdout=False)
    bar.add_task("", total=None)
    bar.start()
    return bar


def takes_colours(stream: TextIO) -> bool:
    """Whether a stream takes colours. Follows `AllowsColorOutput` of cli-runtime."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and "NO_COLOR" not in os.environ


_WARNING = "\x1b[33;1mWarning:\x1b[0m"
