"""Laws of waiting: conditions are a lattice, their combinators agree, and what they say of time is true."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from fkube.resource.dataclasses import replace
from fkube.verbs.conditions import (
    Condition,
    Met,
    Never,
    NotYet,
    Snapshot,
    all_of,
    any_of,
    fail_if,
    none_of,
    within,
)

Several: TypeAlias = Callable[..., Condition]
"""`all_of`, `any_of` and their like: one condition of several."""
Within: TypeAlias = Callable[[float, Condition], Condition]
"""A condition that ends after some seconds."""


def all_of_monoid(
    awaited: Condition, also: Condition, more: Condition, moment: Snapshot, *, all_of: Several = all_of
) -> bool:
    """all_of is associative, all_of() is met and its unit: all_of(a, all_of()) == all_of(a, a) == a"""
    return _is_monoid(all_of, (awaited, also, more), moment) and all_of()(moment) == Met()


def any_of_monoid(
    awaited: Condition, also: Condition, more: Condition, moment: Snapshot, *, any_of: Several = any_of
) -> bool:
    """any_of is associative, any_of() never is met and its unit: any_of(a, any_of()) == any_of(a, a) == a"""
    return _is_monoid(any_of, (awaited, also, more), moment) and any_of()(moment) == Never(())


def waits_distribute(
    awaited: Condition,
    also: Condition,
    more: Condition,
    moment: Snapshot,
    *,
    all_of: Several = all_of,
    any_of: Several = any_of,
) -> bool:
    """all_of(a, any_of(b, c)) == any_of(all_of(a, b), all_of(a, c)), and all with any, but for reasons"""
    return all(
        _judge_alike(moment, one(awaited, other(also, more)), other(one(awaited, also), one(awaited, more)))
        for one, other in ((all_of, any_of), (any_of, all_of))
    )


def none_of_any(awaited: Condition, also: Condition, moment: Snapshot, *, none_of: Several = none_of) -> bool:
    """none_of(a, b) == none_of(any_of(a, b)) == all_of(none_of(a), none_of(b)), met unless a or b is"""
    met = Met() not in (awaited(moment), also(moment))
    return _judge_the_same(
        moment,
        none_of(awaited, also),
        none_of(any_of(awaited, also)),
        all_of(none_of(awaited), none_of(also)),
        lambda _: Met() if met else NotYet(),
    )


def fail_if_ends(
    awaited: Condition, also: Condition, moment: Snapshot, *, fail_if: Several = fail_if
) -> bool:
    """all_of(a, fail_if(b)) == a until b is met, and never will be met from there on"""
    verdict = all_of(awaited, fail_if(also))(moment)
    return isinstance(verdict, Never) if also(moment) == Met() else verdict == awaited(moment)


def fail_if_any(awaited: Condition, also: Condition, moment: Snapshot, *, fail_if: Several = fail_if) -> bool:
    """all_of(fail_if(a), fail_if(b)) == fail_if(any_of(a, b))"""
    return _judge_the_same(moment, all_of(fail_if(awaited), fail_if(also)), fail_if(any_of(awaited, also)))


def within_shortest(
    awaited: Condition, seconds: float, limit: float, moment: Snapshot, *, within: Within = within
) -> bool:
    """within(s, within(t, a)) == within(min(s, t), a), which is a, but never where a is not yet in time"""
    shortest = within(min(seconds, limit), awaited)
    late = moment.elapsed >= min(seconds, limit) and isinstance(awaited(moment), NotYet)
    ended = isinstance(shortest(moment), Never) if late else _judge_alike(moment, shortest, awaited)
    return ended and _judge_the_same(moment, within(seconds, within(limit, awaited)), shortest)


def within_distributes(
    awaited: Condition, also: Condition, seconds: float, moment: Snapshot, *, within: Within = within
) -> bool:
    """within(s, all_of(a, b)) == all_of(within(s, a), within(s, b)), and so any_of, but for reasons"""
    one, other = within(seconds, awaited), within(seconds, also)
    return all(
        _judge_alike(moment, within(seconds, several(awaited, also)), several(one, other))
        for several in (all_of, any_of)
    )


def due_honest(
    awaited: Condition,
    also: Condition,
    seconds: float,
    moment: Snapshot,
    *,
    all_of: Several = all_of,
    any_of: Several = any_of,
    within: Within = within,
) -> bool:
    """What is not yet met says the same at every second before it is due, and is due in the future"""
    conditions = (all_of(awaited, also), any_of(awaited, also), within(seconds, awaited))
    return all(_is_due_honest(condition, moment) for condition in conditions)


def _is_monoid(plus: Several, conditions: tuple[Condition, Condition, Condition], moment: Snapshot) -> bool:
    """Whether a plus of conditions is associative and idempotent, with plus() as its unit, at this moment."""
    a, b, c = conditions
    unit = _judge_the_same(moment, a, plus(a), plus(plus(), a), plus(a, plus()), plus(a, a))
    return unit and _judge_the_same(moment, plus(a, b, c), plus(a, plus(b, c)), plus(plus(a, b), c))


def _judge_the_same(moment: Snapshot, *conditions: Condition) -> bool:
    """Whether conditions judge a moment alike, for the same reasons."""
    verdicts = [condition(moment) for condition in conditions]
    return all(verdict == verdicts[0] for verdict in verdicts)


def _judge_alike(moment: Snapshot, one: Condition, other: Condition) -> bool:
    """Whether two conditions judge a moment alike, whatever the reasons."""
    return type(one(moment)) is type(other(moment))


def _is_due_honest(condition: Condition, moment: Snapshot) -> bool:
    """Whether a verdict that is not yet met stays the same at eight seconds before it is due."""
    verdict = condition(moment)
    if not isinstance(verdict, NotYet):
        return True
    wait = min(verdict.due - moment.elapsed, 9)
    later = (replace(moment, elapsed=moment.elapsed + wait * n / 8) for n in range(8))
    return verdict.due > moment.elapsed and all(condition(snapshot) == verdict for snapshot in later)
