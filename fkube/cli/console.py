"""What a command prints, as it happens: results on stdout, the rest on stderr, progress on a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, TextIO

from fkube.cli.advice import advise
from fkube.cli.messages import format_error, format_only_error
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import MappingError, UsageError, VisitError

if TYPE_CHECKING:
    from fkube.cli.waiting import Display
    from fkube.edge.client import Client

PATIENCE = 2.0
"""Seconds after which work is long, and a terminal is shown its progress."""


@dataclass(slots=True)
class Console:
    """What a command prints on stdout and stderr, and its exit status.

    The first error is held back: kubectl words an only error differently. `advice`: what to do about the
    errors, said once behind all of them. The exit status is `status`, or `wrong` if anything failed; if
    `strict`, 1 after any warning. `doing` is what errors say was being done to an object: `creating`. `steps`
    counts objects that are done, `planned` those that are to be done as far as is known; `display` is what a
    terminal is shown of them; `namespace_first` is the command's.
    """

    doing: str = ""
    failures: int = 0
    held: VisitError | None = None
    warned: set[str] = field(default_factory=set)
    advice: dict[str, None] = field(default_factory=dict)
    warning: RLock = field(default_factory=RLock)
    strict: bool = False
    began: float = field(default_factory=time.monotonic)
    display: Display | None = None
    steps: int = 0
    planned: int = 0
    status: int = 0
    wrong: int = 1
    namespace_first: bool = False

    def say(self, text: str, end: str = "\n") -> None:
        """Print a result, so that whoever reads it has it at once."""
        with self._hidden(sys.stdout):
            print(text, end=end, flush=True)

    def note(self, text: str) -> None:
        """Print a remark on stderr."""
        with self._hidden(sys.stderr):
            print(text, file=sys.stderr, flush=True)

    def warn(self, warnings: Iterable[str]) -> None:
        """Print warnings, each once, whichever threads tell it. Follows `NewWarningWriter` of client-go."""
        with self.warning:
            for warning in warnings:
                if warning not in self.warned:
                    self.warned.add(warning)
                    word = f"{_WARNING if takes_colours(sys.stderr) else 'Warning:'} "
                    # Kustomize writes the word itself, as a comment.
                    self.note(warning if warning.startswith("# Warning: ") else word + warning)

    def fail(self, *errors: VisitError) -> None:
        """Count errors and print them on stderr; the first is held back until a second, or `close`."""
        for error in errors:
            self.warn(error.warnings if isinstance(error, MappingError) else ())
            if self.held:
                self.note(format_error(self.held, self.doing))
            if self.failures:
                self.note(format_error(error, self.doing))
            self.held = None if self.failures else error
            self.failures += 1
            self.advice[advise(error, self.doing)] = None

    def refuse(self, message: str) -> None:
        """Print a usage error."""
        self.fail(UsageError(message))

    def step(self) -> None:
        """Count one more object, for the progress of long work."""
        self.steps += 1

    def watch(self, client: Client) -> Client:
        """The client, whose warnings are printed; a terminal is shown its silence, and how far work is."""
        from fkube.edge.client import listen_for_warnings

        heard = listen_for_warnings(client, self.warn)
        if not sys.stderr.isatty():
            return heard
        from fkube.cli.waiting import Display, Waiting, is_screen

        waiting = Waiting(client.server)
        if is_screen(sys.stderr) and self.display is None:
            self.display = Display(lambda: self._describe_work(waiting.describe()))
            self.display.start()
        return waiting.watch(heard)

    def _describe_work(self, silence: str) -> str:
        """What the terminal is told: how far long work is, and of a `silence` what is waited for."""
        from fkube.cli.waiting import shows_results

        long = time.monotonic() - self.began > PATIENCE
        # Results that the terminal shows say how far the work is, unless nothing comes.
        done = self.describe_progress() if silence or (long and not shows_results()) else ""
        return ", ".join(filter(None, (done, silence)))

    def describe_progress(self) -> str:
        """How many objects are done, and of how many as far as is known; nothing before the first is known.

        >>> Console(steps=12, planned=500).describe_progress()
        '12 of 500 objects'
        """
        known = f"{self.steps} of {self.planned}" if self.planned > self.steps else str(self.steps)
        return f"{known} objects" if self.steps or self.planned else ""

    def hide(self) -> None:
        """Show the terminal nothing of what is under way any more."""
        if self.display:
            self.display.end()
        self.display = None

    @contextmanager
    def _hidden(self, stream: TextIO) -> Iterator[None]:
        """Erase the line of the terminal while something is printed to a stream that may be the same one."""
        if self.display is None or not stream.isatty():
            yield
            return
        with self.display.lock:
            self.display.erase()
            yield

    def close(self) -> int:
        """Print what is held back, and give the exit status.

        If `strict`, a run in which nothing else was wrong fails for its warnings. Follows
        `NewKubectlCommand` of kubectl.
        """
        self.hide()
        if self.held:
            self.note(format_only_error(self.held, self.doing))
        self.held = None
        for what in filter(None, self.advice):
            self.note(f"Hint: {what}.")
        if self.failures or self.status or not (self.strict and self.warned):
            return self.wrong if self.failures else self.status
        count = len(self.warned)
        self.note(f"error: {count} warning{'s' * (count > 1)} received")
        return 1


def takes_colours(stream: TextIO) -> bool:
    """Whether a stream takes colours. Follows `AllowsColorOutput` of cli-runtime."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and "NO_COLOR" not in os.environ


_WARNING = "\x1b[33;1mWarning:\x1b[0m"
