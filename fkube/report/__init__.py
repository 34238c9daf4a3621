"""Outcomes of resources, reports of runs, and the files in which reports and plans are kept."""

from fkube.report.outcomes import (
    FIRST,
    Action,
    Outcome,
    Report,
    failure,
    outcomes,
    report,
    skipped,
)

__all__ = [
    "FIRST",
    "Action",
    "Outcome",
    "Report",
    "failure",
    "outcomes",
    "report",
    "skipped",
]
