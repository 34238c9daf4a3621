"""What became of each resource: outcomes, reports, and what is kept of them in files."""

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
