"""Conditions to wait for, as an algebra over snapshots of an object: met, not yet, or never. Pure.

A condition is a function from a snapshot to a verdict. `all_of` and `any_of` are monoids of conditions, so
"ready, or fail as soon as it can't be" is one expression: `all_of(condition("Ready"), fail_if(crashed))`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, TypeAlias

from returns.result import Success
from toolz import unique

from fkube.merging.schemashape import map_in
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import ConditionError, TimedOut, VisitError
from fkube.resource.info import Object
from fkube.syntax.gotext import go_text
from fkube.syntax.jsonpath import Template, Values, evaluate
from fkube.verbs.unmet import AWAY, describe_condition, describe_deletion, describe_value, is_current


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An object at one moment, None while it is not there, and the seconds since the waiting began."""

    object: Object | None = field(repr=False)
    elapsed: float = 0.0


@dataclass(frozen=True, slots=True)
class Met:
    """The condition is met."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """The condition may be met later; if the object does not change, ask again at second `due`.

    `why`: what is missing, for people to read; it says nothing of the verdict.
    """

    due: float = math.inf
    why: tuple[str, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Never:
    """The condition can't be met any more, with each reason once; `why`: what was missing until then."""

    reasons: tuple[VisitError, ...]
    why: tuple[str, ...] = field(default=(), repr=False, compare=False)


Verdict: TypeAlias = Met | NotYet | Never
Condition: TypeAlias = Callable[[Snapshot], Verdict]
"""From a snapshot to its verdict. Time alone never meets a condition, and ends none before `NotYet.due`.

Law: due_honest
"""


def all_of(*conditions: Condition) -> Condition:
    """Met when every condition is; never as soon as one never will be.

    Law: all_of_monoid, waits_distribute

    >>> all_of(created, deleted)(Snapshot({"kind": "Pod"}))
    NotYet(due=inf)
    """

    def judge(snapshot: Snapshot) -> Verdict:
        verdicts = tuple(condition(snapshot) for condition in conditions)
        if any(isinstance(verdict, Never) for verdict in verdicts):
            return _never(verdicts)
        return _first_due(verdicts) or Met()

    return judge


def any_of(*conditions: Condition) -> Condition:
    """Met when one condition is; never once none can be.

    Law: any_of_monoid, waits_distribute

    >>> any_of(created, deleted)(Snapshot(None))
    Met()
    """

    def judge(snapshot: Snapshot) -> Verdict:
        verdicts = tuple(condition(snapshot) for condition in conditions)
        return Met() if Met() in verdicts else _first_due(verdicts) or _never(verdicts)

    return judge


def none_of(*conditions: Condition) -> Condition:
    """Met while no condition is.

    Equation: none_of(*cs)(s) = NotYet() if any_of(*cs)(s) is met, else Met()
    Law: none_of_any

    >>> none_of(created)(Snapshot(None))
    Met()
    """
    return lambda snapshot: NotYet() if any_of(*conditions)(snapshot) == Met() else Met()


def fail_if(condition: Condition, why: str = "it can't be any more") -> Condition:
    """Never as soon as the condition is met; met until then, so that it can stand in an `all_of`.

    Law: fail_if_ends, fail_if_any

    >>> print(fail_if(deleted, "it was deleted")(Snapshot(None)).reasons[0])
    it was deleted
    """
    return lambda snapshot: Never((ConditionError(why),)) if condition(snapshot) == Met() else Met()


def within(seconds: float, condition: Condition) -> Condition:
    """Limit a condition to so many seconds; after that it can't be met.

    Law: within_shortest, within_distributes

    >>> within(30, deleted)(Snapshot({"kind": "Pod"}, elapsed=10))
    NotYet(due=30)
    >>> print(within(30, deleted)(Snapshot({"kind": "Pod"}, elapsed=30)).reasons[0])
    timed out waiting for the condition
    """

    def judge(snapshot: Snapshot) -> Verdict:
        match condition(snapshot):
            case NotYet(due, why):
                return NotYet(min(seconds, due), why) if snapshot.elapsed < seconds else Never(_LATE, why)
            case verdict:
                return verdict

    return judge


def created(snapshot: Snapshot) -> Verdict:
    """Met once the object is there. Follows `IsCreated` of kubectl's wait."""
    return NotYet(why=(AWAY,)) if snapshot.object is None else Met()


def deleted(snapshot: Snapshot) -> Verdict:
    """Met once the object is not there. Follows `IsDeleted` of kubectl's wait."""
    return Met() if snapshot.object is None else NotYet(why=(describe_deletion(snapshot.object),))


def condition(type: str, status: str = "true") -> Condition:
    """Met when the object's condition of this type has this status, in upper or lower case.

    One of an older generation of the object does not count. `Never` where the conditions are no list.
    Follows `ConditionalWait.checkCondition` of kubectl.

    >>> ready = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    >>> condition("ready")(Snapshot(ready))
    Met()
    """

    def judge(snapshot: Snapshot) -> Verdict:
        object = snapshot.object or {}
        rows = map_in(object, "status").get("conditions") or []
        if not isinstance(rows, list):
            return Never((ConditionError(".status.conditions accessor error: it is no list"),))
        row: Object = next((row for row in rows if _has_type(row, type)), {})
        met = _equal_fold(row.get("status", ""), status) and is_current(object, row)
        return Met() if met and row else NotYet(why=(describe_condition(snapshot.object, type, row),))

    return judge


def jsonpath(template: Template, value: str = "") -> Condition:
    """Met when the template finds one value, which is the one given if there is one, spaces around it aside.

    `Never` where it finds several, or a list or a map to compare with the value.
    Follows `JSONPathWait.checkCondition` of kubectl's wait.

    >>> from fkube.syntax.jsonpath import parse
    >>> running = jsonpath(parse("{.status.phase}").unwrap(), "Running")
    >>> running(Snapshot({"status": {"phase": "Running"}})), running(Snapshot({"status": {}}))
    (Met(), NotYet(due=inf))
    """

    def judge(snapshot: Snapshot) -> Verdict:
        match evaluate(template, snapshot.object or {}, allow_missing_keys=True):
            case Success(results):
                match _judge_results(results, value):
                    case NotYet():
                        return NotYet(why=(describe_value(snapshot.object, results),))
                    case verdict:
                        return verdict
            case failure:
                return Never((failure.failure(),))

    return judge


def _judge_results(results: tuple[Values, ...], value: str) -> Verdict:
    """The verdict on what a template found; no `value` accepts any.

    Follows `verifyParsedJSONPath` and `compareResults` of kubectl.
    """
    if not results or not results[0]:
        return NotYet()
    for several, what in ((len(results) > 1, "list"), (len(results[0]) > 1, "value")):
        if several:
            return Never((ConditionError(f"given jsonpath expression matches more than one {what}"),))
    found = results[0][0]
    if value and isinstance(found, Mapping | list | tuple):
        return Never((ConditionError("jsonpath leads to a nested object or list which is not supported"),))
    return Met() if not value or go_text(found).strip() == value.strip() else NotYet()


def _has_type(row: Any, type: str) -> bool:
    """Whether something is a condition of this type that has a status."""
    named = isinstance(row, dict) and isinstance(row.get("status"), str)
    return named and isinstance(row.get("type"), str) and _equal_fold(row["type"], type)


def _equal_fold(one: str, other: str) -> bool:
    """Whether two texts are equal but for case, letter by letter (`strings.EqualFold` of Go)."""
    return len(one) == len(other) and one.casefold() == other.casefold()


def _never(verdicts: Iterable[Verdict]) -> Never:
    """Never, for the reasons of all verdicts that are, each once."""
    never = [verdict for verdict in verdicts if isinstance(verdict, Never)]
    return Never(
        *(
            tuple(unique(chain.from_iterable(parts)))
            for parts in ((verdict.reasons for verdict in never), (verdict.why for verdict in never))
        )
    )


def _first_due(verdicts: tuple[Verdict, ...]) -> NotYet | None:
    """Not yet, until the earliest `due` of the verdicts that are not yet; None if none is."""
    waiting = [verdict for verdict in verdicts if isinstance(verdict, NotYet)]
    why = tuple(unique(chain.from_iterable(verdict.why for verdict in waiting)))
    return NotYet(min(verdict.due for verdict in waiting), why) if waiting else None


_LATE = (TimedOut("timed out waiting for the condition"),)
