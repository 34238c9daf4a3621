"""Hypothesis strategies for waiting: conditions, and the moments that they judge."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import ConditionError
from fkube.verbs.conditions import Condition, Met, Never, NotYet, Snapshot, Verdict

SECONDS = st.sampled_from((0.0, 1.0, 2.0, 5.0))
"""Times and time limits."""

_ENDS = st.sampled_from((0.5, 1.5, 3.0, float("inf")))
_REASONS = st.lists(
    st.sampled_from((ConditionError("crashed"), ConditionError("gone"))), max_size=2, unique=True
)


@dataclass(frozen=True, slots=True)
class Judge:
    """A condition with fixed verdicts, on an object and on none; from second `end` on, NotYet is Never."""

    present: Verdict
    absent: Verdict
    end: float

    def __call__(self, snapshot: Snapshot, /) -> Verdict:
        verdict = self.absent if snapshot.object is None else self.present
        if not isinstance(verdict, NotYet):
            return verdict
        return NotYet(self.end) if snapshot.elapsed < self.end else Never((ConditionError("ended"),))


def moments() -> SearchStrategy[Snapshot]:
    """An object that is there or not, at some second.

    >>> from hypothesis import find
    >>> find(moments(), lambda moment: True)
    Snapshot(elapsed=0.0)
    """
    return st.builds(Snapshot, st.sampled_from((None, {"kind": "Pod"})), SECONDS)


def conditions() -> SearchStrategy[Condition]:
    """Conditions of any verdict, some of which time ends."""
    verdicts = st.one_of(st.just(Met()), st.just(NotYet()), st.builds(Never, _REASONS.map(tuple)))
    return st.builds(Judge, verdicts, verdicts, _ENDS)
