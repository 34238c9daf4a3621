"""`python -m benchmarks run`, `profile ROW`, `page [--check]`: see docs/benchmarks/README.md."""

from __future__ import annotations

import argparse

from benchmarks.page import problems, write_pages
from benchmarks.profiling import profile_row
from benchmarks.results import read_results
from benchmarks.run import run_rows
from benchmarks.world import PROGRAMS


def read_words() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    actions = parser.add_subparsers(dest="action", required=True)
    run = actions.add_parser("run", help="measure rows, and write the page")
    run.add_argument("--rows", default="", help="names or globs, divided by commas; all, if none is given")
    run.add_argument("--rounds", type=int, default=5)
    profile = actions.add_parser("profile", help="show where the command of a row spends its time")
    profile.add_argument("row")
    page = actions.add_parser("page", help="make the page of what was kept, or check it")
    page.add_argument("--check", action="store_true")
    for each in (run, profile):
        each.add_argument("--scale", type=float, default=1.0, help="a share of the objects: a trial")
    return parser.parse_args()


def main() -> None:
    """Do what the command line says."""
    given = read_words()
    match given.action:
        case "run":
            run_rows(given.rows, given.rounds, given.scale)
        case "profile":
            profile_row(given.row, given.scale)
        case _ if not given.check:
            write_pages(read_results(), str(PROGRAMS["peers"]))
        case _ if found := problems(read_results()):
            raise SystemExit("\n".join(found))


if __name__ == "__main__":
    main()
