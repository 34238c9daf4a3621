"""Laws of patches: what is patched is as wanted, twice is once, where nothing differs nothing is patched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from returns.result import Result, Success

from fkube.laws.compare import Pair, Sides, deep_sides, equation, first_unequal
from fkube.laws.wanted import NO_SCHEMA, compare_with_wanted, has_repeated, has_wanted
from fkube.merging.lastapplied import LAST_APPLIED, configuration, last_applied, original, saved
from fkube.merging.patches import (
    Schema,
    changes_nothing,
    difference,
    merge_difference,
    merge_losses,
    merged,
    strategic_merged,
    three_way_merge,
)
from fkube.merging.patches import three_way_difference as ours
from fkube.resource.info import Object

Differ: TypeAlias = Callable[[Schema, Object, Object], Result[Object, str]]
Apply: TypeAlias = Callable[[Schema, Object, Object], Result[Object, str]]
ThreeWay: TypeAlias = Callable[[Schema, Object, Object, Object], Result[Object, str]]
MergeDiffer: TypeAlias = Callable[[Object, Object], Object]
Losses: TypeAlias = Callable[[Schema, Mapping[str, Object], Object, Object], Sequence[str]]
ThreeWayMerge: TypeAlias = Callable[[Object, Object, Object], Object]


def difference_gives(
    schema: Schema, applied: Object, wanted: Object, *, difference: Differ = difference
) -> Sides:
    """strategic_merged(x, difference(x, y)) == y"""
    clause = "strategic_merged(x, difference(x, y)) == y"
    return _no_failure(
        clause,
        Result.do(
            deep_sides(clause, after, wanted)
            for patch in difference(schema, applied, wanted)
            for after in strategic_merged(schema, applied, patch)
        ),
    )


@equation
def difference_of_same(schema: Schema, applied: Object, *, difference: Differ = difference) -> Pair:
    """difference(x, x) == {}"""
    return difference(schema, applied, applied), Success({})


def strategic_merged_twice(
    schema: Schema, applied: Object, wanted: Object, *, strategic_merged: Apply = strategic_merged
) -> Sides:
    """strategic_merged(strategic_merged(x, p), p) == strategic_merged(x, p), where p = difference(x, y)"""
    clause = "strategic_merged(strategic_merged(x, p), p) == strategic_merged(x, p)"
    return _no_failure(
        clause,
        Result.do(
            deep_sides(clause, twice, once)
            for patch in difference(schema, applied, wanted)
            for once in strategic_merged(schema, applied, patch)
            for twice in strategic_merged(schema, once, patch)
        ),
    )


def three_way_gives(
    schema: Schema, applied: Object, wanted: Object, current: Object, *, three_way_difference: ThreeWay = ours
) -> Sides:
    """strategic_merged(l, three_way_difference(x, y, l)) has all of y in y's order, and nothing of x - y"""
    clause = "what strategic_merged(l, three_way_difference(x, y, l)) gives"
    return _no_failure(
        clause,
        Result.do(
            compare_with_wanted(schema, after, applied, wanted)
            for patch in three_way_difference(schema, applied, wanted, current)
            for after in strategic_merged(schema, current, patch)
        ),
    )


def three_way_twice(
    schema: Schema, applied: Object, wanted: Object, current: Object, *, three_way_difference: ThreeWay = ours
) -> Sides:
    """three_way_difference(y, y, a) changes nothing in a, the merge of l and three_way_difference(x, y, l)"""
    clause = "strategic_merged(a, three_way_difference(y, y, a)) == a"
    return _no_failure(
        clause,
        Result.do(
            deep_sides(clause, twice, after)
            for patch in three_way_difference(schema, applied, wanted, current)
            for after in strategic_merged(schema, current, patch)
            for again in three_way_difference(schema, wanted, wanted, after)
            for twice in strategic_merged(schema, after, again)
        ),
    )


def losses_told(
    schema: Schema,
    repeated_applied: Object,
    repeated_wanted: Object,
    repeated_current: Object,
    *,
    merge_losses: Losses = merge_losses,
) -> Sides:
    """Losses are told just where the patch of x, y and l does not give y, or one of them has a name twice

    The patch gives y: strategic_merged(l, three_way_difference(x, y, l)) has all of y.
    """
    sides = {"x": repeated_applied, "y": repeated_wanted, "l": repeated_current}
    repeats = any(has_repeated(schema, side) for side in sides.values())
    return (
        Result.do(
            Sides(
                "whether losses are told is whether there are any",
                bool(merge_losses(schema, sides, repeated_wanted, after)),
                repeats or not has_wanted(schema, after, repeated_wanted),
            )
            for patch in ours(schema, repeated_applied, repeated_wanted, repeated_current)
            for after in strategic_merged(schema, repeated_current, patch)
        )
        .lash(lambda _: Success(Sides("x, y and l have no patch", True, True)))
        .unwrap()
    )


def sameness_is_no_patch(
    schema: Schema,
    applied: Object,
    repeated_wanted: Object,
    repeated_current: Object,
    *,
    changes_nothing: Callable[[Schema, Object, Object], bool] = changes_nothing,
) -> Sides:
    """Where changes_nothing(y, l), three_way_difference(y, y, l) == {}, and merge_losses has nothing to say

    l: a live object, also after y was applied to it, and y itself.
    """
    pairs = [(applied, applied), (repeated_wanted, repeated_current), (repeated_wanted, repeated_wanted)]
    made = ours(schema, {}, applied, repeated_current).bind(
        partial(strategic_merged, schema, repeated_current)
    )
    pairs += made.map(lambda after: [(applied, after)]).value_or([])
    same = [pair for pair in pairs if changes_nothing(schema, *pair)]
    return first_unequal(
        Sides("three_way_difference(y, y, l) == {}", ours(schema, wanted, wanted, live), Success({}))
        and Sides(
            "merge_losses has nothing to say",
            tuple(merge_losses(schema, {"y": wanted, "l": live}, wanted, live)),
            (),
        )
        for wanted, live in same
    )


@equation
def three_way_of_same(schema: Schema, applied: Object, *, three_way_difference: ThreeWay = ours) -> Pair:
    """three_way_difference(x, x, x) == {}"""
    return three_way_difference(schema, applied, applied, applied), Success({})


def merge_difference_gives(
    applied: Object, wanted: Object, *, merge_difference: MergeDiffer = merge_difference
) -> Sides:
    """merged(x, merge_difference(x, y)) == y"""
    clause = "merged(x, merge_difference(x, y)) == y"
    return deep_sides(clause, merged(applied, merge_difference(applied, wanted)), wanted)


@equation
def merge_difference_of_same(applied: Object, *, merge_difference: MergeDiffer = merge_difference) -> Pair:
    """merge_difference(x, x) == {}"""
    return merge_difference(applied, applied), {}


def merging_twice(applied: Object, wanted: Object, *, merged: Callable[[Any, Any], Any] = merged) -> Sides:
    """merged(merged(x, p), p) == merged(x, p), where p = merge_difference(x, y)"""
    patch = merge_difference(applied, wanted)
    once = merged(applied, patch)
    return deep_sides("merged(merged(x, p), p) == merged(x, p)", merged(once, patch), once)


def three_way_merge_gives(
    applied: Object, wanted: Object, current: Object, *, three_way_merge: ThreeWayMerge = three_way_merge
) -> Sides:
    """merged(l, three_way_merge(x, y, l)) has all of y and nothing of x - y"""
    after = merged(current, three_way_merge(applied, wanted, current))
    return compare_with_wanted(NO_SCHEMA, after, applied, wanted)


@equation
def three_way_merge_twice(
    applied: Object, wanted: Object, current: Object, *, three_way_merge: ThreeWayMerge = three_way_merge
) -> Pair:
    """three_way_merge(y, y, merged(l, three_way_merge(x, y, l))) == {}"""
    after = merged(current, three_way_merge(applied, wanted, current))
    return three_way_merge(wanted, wanted, after), {}


def saved_keeps_the_configuration(applied: Object, *, saved: Callable[[Object], Object] = saved) -> Sides:
    """last_applied(saved(x)) == configuration(x) == configuration(saved(x)), which original reads"""
    kept, text = saved(applied), configuration(applied)
    annotations = original(kept).map(lambda read: (read.get("metadata") or {}).get("annotations") or {})
    without = annotations.map(lambda texts: LAST_APPLIED not in texts).value_or(False)
    return (
        Sides("last_applied(saved(x)) == configuration(x)", last_applied(kept), text)
        and Sides("configuration(saved(x)) == configuration(x)", configuration(kept), text)
        and Sides("original reads it, without what is kept in it", without, True)
    )


def _no_failure(clause: str, sides: Result[Sides, str]) -> Sides:
    """The sides that were compared, or the reason why nothing could be patched."""
    return sides.lash(lambda reason: Success(Sides(clause, reason, "a patch"))).unwrap()
