"""Outcomes of resources, reports of runs, the files in which reports and plans are kept, diagnoses."""

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
