"""`--profile`: where a command spends its time or its memory, written to a file for Python's own tools."""

from __future__ import annotations

import cProfile
import os
import tracemalloc
from collections.abc import Callable

from fkube.cli.command import Call
from fkube.cli.console import Console
from fkube.edge.localfiles import reason_of

OF_GO = ("goroutine", "threadcreate", "block", "mutex", "trace")
"""The profiles of kubectl that are of Go's runtime."""


def run_profiled(console: Console, call: Call, run: Callable[[], object]) -> None:
    """Run a command with the profile that the flags ask for, and write it however the command ends.

    Follows `initProfiling` and `flushProfiling` of kubectl, whose profiles are of Go.
    """
    match call.profile:
        case "cpu":
            profile = cProfile.Profile()
            _run_and_write(console, call.profile_output, lambda: profile.runcall(run), profile.dump_stats)
        case "heap":
            tracemalloc.start()
            _run_and_write(
                console, call.profile_output, run, lambda path: tracemalloc.take_snapshot().dump(path)
            )
            tracemalloc.stop()
        case name if name in OF_GO:
            console.refuse(f"profile '{name}' is of Go: give cpu or heap")
        case name:
            console.refuse(f"unknown profile '{name}'")


def _run_and_write(
    console: Console, path: str, run: Callable[[], object], write: Callable[[str], object]
) -> None:
    """Run a command and write its profile; do not begin where no file can be written there."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except (OSError, ValueError) as error:
        return console.refuse(f"open {path}: {reason_of(error)}")
    try:
        run()
    finally:
        write(path)
    return None
