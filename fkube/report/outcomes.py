"""Outcomes of resources, and reports of runs: one outcome for each resource, in input order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from toolz import concat, groupby, unique

from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import (
    ConflictError,
    FieldConflict,
    MappingError,
    StatusError,
    VisitError,
    doubtful,
)
from fkube.resource.info import Info, Object, Origin
from fkube.resource.objectpaths import changed_paths
from fkube.resource.results import unwrap_or_failure
from fkube.syntax.html import html_table
from fkube.visitor.visits import Reached, Visited, steps_of

Action: TypeAlias = str
"""What was done with a resource, in kubectl's word; `unknown` where the answer to a change was lost.

A user's verb can have its own word.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one resource: the action, the server's object and warnings, and the error if it failed.

    `object`: the server's answer, empty without one. `error`: of a skipped resource, the failure that stopped
    the run. `dry_run`: `none`, `client` or `server`. `taken`: the fields that others owned before a forced
    apply. `cluster`: the name of the cluster, if known.
    """

    action: Action
    origin: Origin
    info: Info | None = None
    object: Object = field(default_factory=dict, repr=False)
    error: VisitError | None = None
    warnings: tuple[str, ...] = ()
    dry_run: str = "none"
    taken: tuple[FieldConflict, ...] = ()
    cluster: str = ""

    @property
    def changed_by(self) -> Mapping[str, tuple[str, ...]]:
        """The paths that each user's function changed in the object, without values.

        >>> from fkube.resource.info import Change
        >>> change = Change("set_labels(a=b)", {}, {"metadata": {"labels": {"a": "b"}}})
        >>> Outcome("created", Origin(), Info({}, changes=(change,))).changed_by
        {'set_labels(a=b)': ('metadata',)}
        """
        changes = groupby(lambda change: change.function, self.info.changes if self.info else ())
        return {
            function: tuple(unique(concat(changed_paths(change.before, change.after) for change in made)))
            for function, made in changes.items()
        }


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The outcomes of a run, in input order: a monoid, whose unit is the empty report.

    Law: report_monoid, report_of_visit

    >>> print(Report() + Report((Outcome("created", Origin()),)))
    1 created
    """

    outcomes: tuple[Outcome, ...] = ()

    def __add__(self, other: Report) -> Report:
        return Report((*self.outcomes, *other.outcomes))

    @property
    def errors(self) -> tuple[VisitError, ...]:
        """The errors of resources that failed, in input order; not those of skipped ones."""
        return tuple(o.error for o in self.outcomes if o.action != "skipped" and o.error)

    @property
    def ok(self) -> bool:
        """Whether no resource failed or was skipped."""
        return all(outcome.error is None for outcome in self.outcomes)

    @property
    def clusters(self) -> Mapping[str, Report]:
        """The report of each cluster."""
        found = groupby(lambda outcome: outcome.cluster, self.outcomes)
        return {cluster: Report(tuple(outcomes)) for cluster, outcomes in found.items()}

    def __str__(self) -> str:
        """The number of each action: `3 created, 1 failed`."""
        counts = Counter(outcome.action for outcome in self.outcomes)
        return ", ".join(f"{n} {action}" for action, n in counts.items()) or "nothing to do"

    def __repr__(self) -> str:
        first = "".join(f"; {error}" for error in self.errors[:FIRST])
        more = f"; and {len(self.errors) - FIRST} more" if len(self.errors) > FIRST else ""
        return f"Report({self}{first}{more})"

    def _repr_html_(self) -> str:
        return (
            f"<p>{self}</p>{html_table(('', 'resource', 'from', 'why not'), map(_html_row, self.outcomes))}"
        )


def _html_row(outcome: Outcome) -> tuple[str, str, str, str]:
    """The cells of an outcome in the table of a report: action, object, origin and error."""
    name = outcome.info.object_name if outcome.info else ""
    return outcome.action, name, str(outcome.origin), outcome.error.message if outcome.error else ""


FIRST = 3
"""How many failures the repr of a report shows."""


def report(visit: Visited[Outcome | None]) -> Report:
    """Make the report of a visit: the outcome of each step in its place; a step of None has none.

    Equation: report(v) = Report(outcomes(v)), and so report(v appended to w) = report(v) + report(w)
    Law: report_of_visit

    >>> from returns.result import Success
    >>> print(report(Success((Outcome("created", Origin()), None))))
    1 created
    """
    return Report(tuple(outcomes(visit)))


def outcomes(visit: Visited[Outcome | None]) -> Iterator[Outcome]:
    """List the outcome of each step of a visit, also of failures."""
    return filter(None, (unwrap_or_failure(step.alt(failure)) for step in steps_of(visit)))


def failure(error: VisitError, info: Info | None = None) -> Outcome:
    """Make the outcome of a resource that failed, or of which nobody knows whether it did.

    >>> from fkube.resource.errors import DecodeError
    >>> Report((failure(DecodeError("not YAML")),)).ok
    False
    """
    told = error.warnings if isinstance(error, StatusError | ConflictError | MappingError) else ()
    given, action = info or error.about, "unknown" if doubtful(error) else "failed"
    warnings = tuple(unique((*(given.warnings if given else ()), *told)))
    return Outcome(action, error.origin, given, error=error, warnings=warnings)


def skipped(cause: VisitError, step: Reached) -> Outcome:
    """Make the outcome of a resource that was skipped because of an earlier failure."""
    given = unwrap_or_failure(step)
    info = given if isinstance(given, Info) else given.about
    return Outcome("skipped", given.origin, info, error=cause)
