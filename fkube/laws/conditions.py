"""Laws of waiting: conditions are a lattice, their combinators agree, and what they say of time is true."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from fkube.laws.compare import Pair, Sides, equation, first_unequal
from fkube.resource.dataclasses import replace
from fkube.verbs.conditions import (
    Condition,
    Met,
    Never,
    NotYet,
    Snapshot,
    Verdict,
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
) -> Sides:
    """all_of is associative, all_of() is met and its unit: all_of(a, all_of()) == all_of(a, a) == a"""
    is_met = Sides("all_of() is met", all_of()(moment), Met())
    return is_met and _compare_monoid("all_of", all_of, (awaited, also, more), moment)


def any_of_monoid(
    awaited: Condition, also: Condition, more: Condition, moment: Snapshot, *, any_of: Several = any_of
) -> Sides:
    """any_of is associative, any_of() never is met and its unit: any_of(a, any_of()) == any_of(a, a) == a"""
    never_is = Sides("any_of() never is met", any_of()(moment), Never(()))
    return never_is and _compare_monoid("any_of", any_of, (awaited, also, more), moment)


def waits_distribute(
    awaited: Condition,
    also: Condition,
    more: Condition,
    moment: Snapshot,
    *,
    all_of: Several = all_of,
    any_of: Several = any_of,
) -> Sides:
    """all_of(a, any_of(b, c)) == any_of(all_of(a, b), all_of(a, c)), and all with any, but for reasons"""
    return first_unequal(
        _judge_alike(
            moment,
            f"{one}(a, {other}(b, c)) == {other}({one}(a, b), {one}(a, c))",
            times(awaited, plus(also, more)),
            plus(times(awaited, also), times(awaited, more)),
        )
        for one, other, times, plus in (
            ("all_of", "any_of", all_of, any_of),
            ("any_of", "all_of", any_of, all_of),
        )
    )


def none_of_any(
    awaited: Condition, also: Condition, moment: Snapshot, *, none_of: Several = none_of
) -> Sides:
    """none_of(a, b) == none_of(any_of(a, b)) == all_of(none_of(a), none_of(b)), met unless a or b is"""
    met = Met() if Met() not in (awaited(moment), also(moment)) else NotYet()
    others = {
        "none_of(any_of(a, b))": none_of(any_of(awaited, also))(moment),
        "all_of(none_of(a), none_of(b))": all_of(none_of(awaited), none_of(also))(moment),
        "met unless a or b is": met,
    }
    verdict = none_of(awaited, also)(moment)
    return first_unequal(Sides(f"none_of(a, b) == {name}", verdict, other) for name, other in others.items())


def fail_if_ends(
    awaited: Condition, also: Condition, moment: Snapshot, *, fail_if: Several = fail_if
) -> Sides:
    """all_of(a, fail_if(b)) == a until b is met, and never will be met from there on"""
    verdict = all_of(awaited, fail_if(also))(moment)
    if also(moment) == Met():
        return Sides("all_of(a, fail_if(b)) never will be met, as b is", _kind(verdict), _NEVER)
    return Sides("all_of(a, fail_if(b)) == a, as b is not met", verdict, awaited(moment))


@equation
def fail_if_any(awaited: Condition, also: Condition, moment: Snapshot, *, fail_if: Several = fail_if) -> Pair:
    """all_of(fail_if(a), fail_if(b)) == fail_if(any_of(a, b))"""
    return all_of(fail_if(awaited), fail_if(also))(moment), fail_if(any_of(awaited, also))(moment)


def within_shortest(
    awaited: Condition, seconds: float, limit: float, moment: Snapshot, *, within: Within = within
) -> Sides:
    """within(s, within(t, a)) == within(min(s, t), a), which is a, but never where a is not yet in time"""
    shortest = within(min(seconds, limit), awaited)
    late = moment.elapsed >= min(seconds, limit) and isinstance(awaited(moment), NotYet)
    clause = f"within(min(s, t), a) {'never will be met: it is too late' if late else 'is a'}"
    nested = within(seconds, within(limit, awaited))(moment)
    return Sides(clause, _kind(shortest(moment)), _NEVER if late else _kind(awaited(moment))) and Sides(
        "within(s, within(t, a)) == within(min(s, t), a)", nested, shortest(moment)
    )


def within_distributes(
    awaited: Condition, also: Condition, seconds: float, moment: Snapshot, *, within: Within = within
) -> Sides:
    """within(s, all_of(a, b)) == all_of(within(s, a), within(s, b)), and so any_of, but for reasons"""
    one, other = within(seconds, awaited), within(seconds, also)
    return first_unequal(
        _judge_alike(
            moment,
            f"within(s, {name}(a, b)) == {name}(within(s, a), within(s, b))",
            within(seconds, several(awaited, also)),
            several(one, other),
        )
        for name, several in (("all_of", all_of), ("any_of", any_of))
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
) -> Sides:
    """What is not yet met says the same at every second before it is due, and is due in the future"""
    conditions = {
        "all_of(a, b)": all_of(awaited, also),
        "any_of(a, b)": any_of(awaited, also),
        "within(s, a)": within(seconds, awaited),
    }
    return first_unequal(_compare_until_due(name, it, moment) for name, it in conditions.items())


def _compare_monoid(
    name: str, plus: Several, conditions: tuple[Condition, Condition, Condition], moment: Snapshot
) -> Sides:
    """Compare the ways to write a plus of conditions, with plus() as its unit, at this moment."""
    a, b, c = conditions
    flat, alone = plus(a, b, c)(moment), a(moment)
    return first_unequal(
        Sides(clause.replace("+", name), condition(moment), right)
        for clause, condition, right in (
            ("+(a) == a", plus(a), alone),
            ("+(+(), a) == a", plus(plus(), a), alone),
            ("+(a, +()) == a", plus(a, plus()), alone),
            ("+(a, a) == a", plus(a, a), alone),
            ("+(a, +(b, c)) == +(a, b, c)", plus(a, plus(b, c)), flat),
            ("+(+(a, b), c) == +(a, b, c)", plus(plus(a, b), c), flat),
        )
    )


def _judge_alike(moment: Snapshot, clause: str, one: Condition, other: Condition) -> Sides:
    """Compare how two conditions judge a moment, whatever the reasons."""
    return Sides(clause, _kind(one(moment)), _kind(other(moment)))


def _kind(verdict: Verdict) -> str:
    """What a verdict is, but for its reasons."""
    return type(verdict).__name__


_NEVER = Never.__name__


def _compare_until_due(name: str, condition: Condition, moment: Snapshot) -> Sides:
    """Compare a verdict that is not yet met with those at eight seconds before it is due."""
    verdict = condition(moment)
    if not isinstance(verdict, NotYet):
        return Sides(f"{name} is decided", verdict, verdict)
    wait = min(verdict.due - moment.elapsed, 9)
    later = tuple(condition(replace(moment, elapsed=moment.elapsed + wait * n / 8)) for n in range(8))
    return Sides(f"{name} is due in the future", verdict.due > moment.elapsed, True) and Sides(
        f"{name} says the same at every second before it is due", later, (verdict,) * 8
    )
