"""`make bench`: measure the rows that are asked for, keep what they took, and make the page of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from benchmarks.judging import verdicts
from benchmarks.machine import describe
from benchmarks.page import write_pages
from benchmarks.results import KEPT, NONE, Results, read_results, with_row, written
from benchmarks.row import Row
from benchmarks.rows import chosen
from benchmarks.running import measure
from benchmarks.world import PROGRAMS, worlds


def run_rows(names: str, rounds: int, scale: float) -> None:
    """Measure rows; each is kept as soon as it is done, unless only a share of its objects was worked on."""
    rows, machine, began = chosen(names), describe(), time.monotonic()
    results = read_results() if scale == 1 else NONE
    with worlds(scale, not all(row.offline for row in rows)) as world:
        for row in rows:
            say = _teller(began)
            say(f"{row.name}: {row.what}")
            measured = measure(world, row, rounds, say)
            for name, why in measured["skipped"].items():
                say(f"{row.name}: {name} is skipped: {why}")
            results = with_row(results, row.name, {"rounds": rounds, **measured}, machine)
            _keep(results, scale)
    for row in rows:
        _tell(results, row)
    if scale == 1:
        write_pages(results, str(PROGRAMS["peers"]))


def _teller(began: float) -> Callable[[str], None]:
    """Say what is running, and since when."""
    return lambda text: print(f"[{time.monotonic() - began:6.0f} s] {text}", file=sys.stderr, flush=True)


def _keep(results: Results, scale: float) -> None:
    """Write what was measured so far; a trial is not kept."""
    if scale == 1:
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        KEPT.write_text(written(results), encoding="utf-8")


def _tell(results: Results, row: Row) -> None:
    """Print what came of a row."""
    for verdict in verdicts(results, row):
        print(verdict)
