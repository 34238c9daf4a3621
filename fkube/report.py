"""What became of each resource: one outcome for every object that went in, in input order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from fkube.errors import ConflictError, FieldConflict, StatusError, VisitError, doubtful
from fkube.info import Info, Object, Origin

Action: TypeAlias = Literal[
    "created",
    "configured",
    "unchanged",
    "serverside-applied",
    "replaced",
    "patched",
    "labeled",
    "unlabeled",
    "modified",
    "annotated",
    "scaled",
    "deleted",
    "pruned",
    "got",
    "met",
    "skipped",
    "failed",
    "unknown",
]
"""What became of a resource, in kubectl's word for it; `unknown` where the answer to a change was lost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one resource: the action, what the server left, its warnings, and why if it failed.

    `object` is what the server answered (empty where it did not), `error` why it failed, or for a skipped
    one the failure that made us stop. `dry_run` is `none`, `client` or `server`.
    `taken`: the fields that were others' before a forced apply.
    """

    action: Action
    origin: Origin
    info: Info | None = None
    object: Object = field(default_factory=dict, repr=False)
    error: VisitError | None = None
    warnings: tuple[str, ...] = ()
    dry_run: str = "none"
    taken: tuple[FieldConflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes of a run, in input order."""

    outcomes: tuple[Outcome, ...] = ()

    @property
    def errors(self) -> tuple[VisitError, ...]:
        """Why objects failed, in input order; what was skipped is not counted again."""
        return tuple(o.error for o in self.outcomes if o.action != "skipped" and o.error)

    @property
    def ok(self) -> bool:
        """Whether everything that went in was done."""
        return all(outcome.error is None for outcome in self.outcomes)

    def __str__(self) -> str:
        """How many of each: `3 created, 1 failed`."""
        counts = Counter(outcome.action for outcome in self.outcomes)
        return ", ".join(f"{n} {action}" for action, n in counts.items()) or "nothing to do"


def failure(error: VisitError, info: Info | None = None) -> Outcome:
    """The outcome of a resource that failed, or of which nobody knows whether it did.

    >>> from fkube.errors import DecodeError
    >>> Report((failure(DecodeError("not YAML")),)).ok
    False
    """
    warnings = error.warnings if isinstance(error, StatusError | ConflictError) else ()
    action: Action = "unknown" if doubtful(error) else "failed"
    return Outcome(action, error.origin, info, error=error, warnings=warnings)


def skipped(cause: VisitError, origin: Origin, info: Info | None = None) -> Outcome:
    """The outcome of a resource that was left out because of an earlier failure."""
    return Outcome("skipped", origin, info, error=cause)
