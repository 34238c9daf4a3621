"""Laws of patches: what is patched is as wanted, twice is once, where nothing differs nothing is patched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from returns.result import Result, Success

from fkube.laws.compare import Pair, equation
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
from fkube.merging.patches.items import item_name
from fkube.merging.patches.schema import Field
from fkube.merging.values import deep_equal
from fkube.resource.info import Object

Differ: TypeAlias = Callable[[Schema, Object, Object], Result[Object, str]]
Apply: TypeAlias = Callable[[Schema, Object, Object], Result[Object, str]]
ThreeWay: TypeAlias = Callable[[Schema, Object, Object, Object], Result[Object, str]]
MergeDiffer: TypeAlias = Callable[[Object, Object], Object]
Losses: TypeAlias = Callable[[Schema, Mapping[str, Object], Object, Object], Sequence[str]]
ThreeWayMerge: TypeAlias = Callable[[Object, Object, Object], Object]

_NO_SCHEMA = Schema({})


def difference_gives(
    schema: Schema, applied: Object, wanted: Object, *, difference: Differ = difference
) -> bool:
    """strategic_merged(x, difference(x, y)) == y"""
    return Result.do(
        deep_equal(after, wanted)
        for patch in difference(schema, applied, wanted)
        for after in strategic_merged(schema, applied, patch)
    ).value_or(False)


@equation
def difference_of_same(schema: Schema, applied: Object, *, difference: Differ = difference) -> Pair:
    """difference(x, x) == {}"""
    return difference(schema, applied, applied), Success({})


def strategic_merged_twice(
    schema: Schema, applied: Object, wanted: Object, *, strategic_merged: Apply = strategic_merged
) -> bool:
    """strategic_merged(strategic_merged(x, p), p) == strategic_merged(x, p), where p = difference(x, y)"""
    return Result.do(
        deep_equal(twice, once)
        for patch in difference(schema, applied, wanted)
        for once in strategic_merged(schema, applied, patch)
        for twice in strategic_merged(schema, once, patch)
    ).value_or(False)


def three_way_gives(
    schema: Schema, applied: Object, wanted: Object, current: Object, *, three_way_difference: ThreeWay = ours
) -> bool:
    """strategic_merged(l, three_way_difference(x, y, l)) has all of y in y's order, and nothing of x - y"""
    return Result.do(
        _has_wanted(schema, after, wanted) and _lacks_removed(schema, after, applied, wanted)
        for patch in three_way_difference(schema, applied, wanted, current)
        for after in strategic_merged(schema, current, patch)
    ).value_or(False)


def three_way_twice(
    schema: Schema, applied: Object, wanted: Object, current: Object, *, three_way_difference: ThreeWay = ours
) -> bool:
    """three_way_difference(y, y, a) changes nothing in a, the merge of l and three_way_difference(x, y, l)"""
    return Result.do(
        deep_equal(twice, after)
        for patch in three_way_difference(schema, applied, wanted, current)
        for after in strategic_merged(schema, current, patch)
        for again in three_way_difference(schema, wanted, wanted, after)
        for twice in strategic_merged(schema, after, again)
    ).value_or(False)


def losses_told(
    schema: Schema,
    repeated_applied: Object,
    repeated_wanted: Object,
    repeated_current: Object,
    *,
    merge_losses: Losses = merge_losses,
) -> bool:
    """Losses are told just where the patch of x, y and l does not give y, or one of them has a name twice

    The patch gives y: strategic_merged(l, three_way_difference(x, y, l)) has all of y.
    """
    sides = {"x": repeated_applied, "y": repeated_wanted, "l": repeated_current}
    repeats = any(_has_repeated(schema, side) for side in sides.values())
    return Result.do(
        bool(merge_losses(schema, sides, repeated_wanted, after))
        == (repeats or not _has_wanted(schema, after, repeated_wanted))
        for patch in ours(schema, repeated_applied, repeated_wanted, repeated_current)
        for after in strategic_merged(schema, repeated_current, patch)
    ).value_or(True)


def sameness_is_no_patch(
    schema: Schema,
    applied: Object,
    repeated_wanted: Object,
    repeated_current: Object,
    *,
    changes_nothing: Callable[[Schema, Object, Object], bool] = changes_nothing,
) -> bool:
    """Where changes_nothing(y, l), three_way_difference(y, y, l) == {}, and merge_losses has nothing to say

    l: a live object, also after y was applied to it, and y itself.
    """
    pairs = [(applied, applied), (repeated_wanted, repeated_current), (repeated_wanted, repeated_wanted)]
    made = ours(schema, {}, applied, repeated_current).bind(
        partial(strategic_merged, schema, repeated_current)
    )
    pairs += made.map(lambda after: [(applied, after)]).value_or([])
    same = [pair for pair in pairs if changes_nothing(schema, *pair)]
    return all(
        ours(schema, wanted, wanted, live) == Success({})
        and not merge_losses(schema, {"y": wanted, "l": live}, wanted, live)
        for wanted, live in same
    )


@equation
def three_way_of_same(schema: Schema, applied: Object, *, three_way_difference: ThreeWay = ours) -> Pair:
    """three_way_difference(x, x, x) == {}"""
    return three_way_difference(schema, applied, applied, applied), Success({})


def merge_difference_gives(
    applied: Object, wanted: Object, *, merge_difference: MergeDiffer = merge_difference
) -> bool:
    """merged(x, merge_difference(x, y)) == y"""
    return deep_equal(merged(applied, merge_difference(applied, wanted)), wanted)


@equation
def merge_difference_of_same(applied: Object, *, merge_difference: MergeDiffer = merge_difference) -> Pair:
    """merge_difference(x, x) == {}"""
    return merge_difference(applied, applied), {}


def merging_twice(applied: Object, wanted: Object, *, merged: Callable[[Any, Any], Any] = merged) -> bool:
    """merged(merged(x, p), p) == merged(x, p), where p = merge_difference(x, y)"""
    patch = merge_difference(applied, wanted)
    once = merged(applied, patch)
    return deep_equal(merged(once, patch), once)


def three_way_merge_gives(
    applied: Object, wanted: Object, current: Object, *, three_way_merge: ThreeWayMerge = three_way_merge
) -> bool:
    """merged(l, three_way_merge(x, y, l)) has all of y and nothing of x - y"""
    after = merged(current, three_way_merge(applied, wanted, current))
    return _has_wanted(_NO_SCHEMA, after, wanted) and _lacks_removed(_NO_SCHEMA, after, applied, wanted)


@equation
def three_way_merge_twice(
    applied: Object, wanted: Object, current: Object, *, three_way_merge: ThreeWayMerge = three_way_merge
) -> Pair:
    """three_way_merge(y, y, merged(l, three_way_merge(x, y, l))) == {}"""
    after = merged(current, three_way_merge(applied, wanted, current))
    return three_way_merge(wanted, wanted, after), {}


def saved_keeps_the_configuration(applied: Object, *, saved: Callable[[Object], Object] = saved) -> bool:
    """last_applied(saved(x)) == configuration(x) == configuration(saved(x)), which original reads"""
    kept, text = saved(applied), configuration(applied)
    annotations = original(kept).map(lambda read: (read.get("metadata") or {}).get("annotations") or {})
    without = annotations.map(lambda texts: LAST_APPLIED not in texts).value_or(False)
    return last_applied(kept) == text == configuration(kept) and without


def _field(schema: Schema, key: str) -> Field:
    """How the schema says that a field is patched; the default where it says nothing."""
    return schema.field(key).value_or(Field(_NO_SCHEMA))


def _has_wanted(schema: Schema, after: Any, wanted: Any) -> bool:
    """Whether all that is wanted is there: in a merged list each item, in the order wanted."""
    if not isinstance(wanted, dict):
        return deep_equal(after, wanted)
    return isinstance(after, dict) and all(
        key in after and _field_has_wanted(_field(schema, key), after[key], value)
        for key, value in wanted.items()
    )


def _field_has_wanted(field: Field, after: Any, wanted: Any) -> bool:
    """Whether a field has all that is wanted of it; the items of a merged list, in the order wanted."""
    if not isinstance(wanted, list) or field.strategy != "merge":
        return _has_wanted(field.schema, after, wanted)
    names = [item_name(item, field.merge_key) for item in wanted]
    items = [item for item in after if item_name(item, field.merge_key) in names]
    return len(items) == len(wanted) and all(map(partial(_has_wanted, field.schema), items, wanted))


def _has_repeated(schema: Schema, value: Any) -> bool:
    """Whether a merged list in a value has several items of one name, at any depth."""
    if not isinstance(value, dict):
        return False
    fields = [(_field(schema, key), inner) for key, inner in value.items()]
    lists = [pair for pair in fields if isinstance(pair[1], list) and pair[0].strategy == "merge"]
    names = [[item_name(item, field.merge_key) for item in items] for field, items in lists]
    below = [(field.schema, item) for field, items in lists for item in items]
    below += [(field.schema, inner) for field, inner in fields if field.strategy != "replace"]
    return any(len(set(one)) < len(one) for one in names) or any(_has_repeated(*each) for each in below)


def _lacks_removed(schema: Schema, after: Any, before: Any, wanted: Any) -> bool:
    """Whether all is gone that was there `before` and is not wanted any more."""
    if not all(isinstance(value, dict) for value in (after, before, wanted)):
        return True
    gone = all(key not in after for key in before if key not in wanted)
    shared = (key for key, value in before.items() if isinstance(value, dict | list))
    return gone and all(
        _field_lacks_removed(_field(schema, key), after[key], before[key], wanted[key])
        for key in shared
        if key in wanted and key in after
    )


def _field_lacks_removed(field: Field, after: Any, before: Any, wanted: Any) -> bool:
    """Whether a field lacks what was removed from it; of a merged list, its items by their names."""
    if isinstance(before, dict) or field.strategy != "merge":
        return _lacks_removed(field.schema, after, before, wanted)
    kept = {item_name(item, field.merge_key) for item in wanted}
    removed = {item_name(item, field.merge_key) for item in before} - kept
    return not any(item_name(item, field.merge_key) in removed for item in after)
