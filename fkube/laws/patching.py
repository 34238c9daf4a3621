"""Laws of patches: what is patched is as wanted, twice is once, where nothing differs nothing is patched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from returns.result import Result

from fkube.merging.lastapplied import LAST_APPLIED, configuration, last_applied, original, saved
from fkube.merging.patches import (
    Schema,
    difference,
    merge_difference,
    merged,
    strategic_merged,
    three_way_difference,
    three_way_merge,
)
from fkube.merging.patches.items import named
from fkube.merging.values import same
from fkube.resource.info import Object

Differ = Callable[[Schema, Object, Object], Result[Any, str]]
Apply = Callable[[Schema, Object, Object], Result[Object, str]]
ThreeWay = Callable[[Schema, Object, Object, Object], Result[Object, str]]


def difference_gives(
    schema: Schema, applied: Object, wanted: Object, *, difference: Differ = difference
) -> bool:
    """strategic_merged(x, difference(x, y)) == y"""
    patch = difference(schema, applied, wanted).unwrap()
    return same(strategic_merged(schema, applied, patch).unwrap(), wanted)


def difference_of_same(schema: Schema, applied: Object, *, difference: Differ = difference) -> bool:
    """difference(x, x) == {}"""
    return not difference(schema, applied, applied).unwrap()


def strategic_merged_twice(
    schema: Schema, applied: Object, wanted: Object, *, strategic_merged: Apply = strategic_merged
) -> bool:
    """strategic_merged(strategic_merged(x, p), p) == strategic_merged(x, p), where p = difference(x, y)"""
    patch = difference(schema, applied, wanted).unwrap()
    once = strategic_merged(schema, applied, patch).unwrap()
    return same(strategic_merged(schema, once, patch).unwrap(), once)


def three_way_gives(
    schema: Schema,
    applied: Object,
    wanted: Object,
    current: Object,
    *,
    three_way_difference: ThreeWay = three_way_difference,
) -> bool:
    """strategic_merged(l, three_way_difference(x, y, l)) has all of y in y's order, and nothing of x - y"""
    patch = three_way_difference(schema, applied, wanted, current).unwrap()
    after = strategic_merged(schema, current, patch).unwrap()
    return _has(schema, after, wanted) and _lacks(schema, after, applied, wanted)


def three_way_twice(
    schema: Schema,
    applied: Object,
    wanted: Object,
    current: Object,
    *,
    three_way_difference: ThreeWay = three_way_difference,
) -> bool:
    """three_way_difference(y, y, a) changes nothing in a, the merge of l and three_way_difference(x, y, l)"""
    after = strategic_merged(
        schema, current, three_way_difference(schema, applied, wanted, current).unwrap()
    ).unwrap()
    again = three_way_difference(schema, wanted, wanted, after).unwrap()
    return same(strategic_merged(schema, after, again).unwrap(), after)


def three_way_of_same(
    schema: Schema, applied: Object, *, three_way_difference: ThreeWay = three_way_difference
) -> bool:
    """three_way_difference(x, x, x) == {}"""
    return three_way_difference(schema, applied, applied, applied).unwrap() == {}


def merge_difference_gives(
    applied: Object,
    wanted: Object,
    *,
    merge_difference: Callable[[Object, Object], Object] = merge_difference,
) -> bool:
    """merged(x, merge_difference(x, y)) == y"""
    return same(merged(applied, merge_difference(applied, wanted)), wanted)


def merge_difference_of_same(
    applied: Object, *, merge_difference: Callable[[Object, Object], Object] = merge_difference
) -> bool:
    """merge_difference(x, x) == {}"""
    return merge_difference(applied, applied) == {}


def merging_twice(applied: Object, wanted: Object, *, merged: Callable[[Any, Any], Any] = merged) -> bool:
    """merged(merged(x, p), p) == merged(x, p), where p = merge_difference(x, y)"""
    patch = merge_difference(applied, wanted)
    return same(merged(merged(applied, patch), patch), merged(applied, patch))


def three_way_merge_gives(
    applied: Object,
    wanted: Object,
    current: Object,
    *,
    three_way_merge: Callable[[Object, Object, Object], Object] = three_way_merge,
) -> bool:
    """merged(l, three_way_merge(x, y, l)) has all of y and nothing of x - y"""
    after = merged(current, three_way_merge(applied, wanted, current))
    return _has(None, after, wanted) and _lacks(None, after, applied, wanted)


def three_way_merge_twice(
    applied: Object,
    wanted: Object,
    current: Object,
    *,
    three_way_merge: Callable[[Object, Object, Object], Object] = three_way_merge,
) -> bool:
    """three_way_merge(y, y, merged(l, three_way_merge(x, y, l))) == {}"""
    after = merged(current, three_way_merge(applied, wanted, current))
    return three_way_merge(wanted, wanted, after) == {}


def saved_keeps_the_configuration(applied: Object, *, saved: Callable[[Object], Object] = saved) -> bool:
    """last_applied(saved(x)) == configuration(x) == configuration(saved(x)), which original reads"""
    kept, text = saved(applied), configuration(applied)
    read = original(kept).unwrap()
    without = LAST_APPLIED not in ((read.get("metadata") or {}).get("annotations") or {})
    return last_applied(kept) == text == configuration(kept) and without


def _field(schema: Schema | None, key: str) -> tuple[Schema | None, str, bool]:
    """The schema of a field, its merge key, and whether it is a list that is merged."""
    if schema is None:
        return None, "", False
    found = schema.field(key).unwrap()
    return found.schema, found.merge_key, found.strategy == "merge"


def _has(schema: Schema | None, after: Any, wanted: Any) -> bool:
    """Whether all that is wanted is there: in a merged list each item, in the order wanted."""
    if not isinstance(wanted, dict):
        return same(after, wanted)
    return isinstance(after, dict) and all(
        key in after and _has_field(schema, key, after[key], value) for key, value in wanted.items()
    )


def _has_field(schema: Schema | None, key: str, after: Any, wanted: Any) -> bool:
    inner, merge_key, merges = _field(schema, key) if isinstance(wanted, dict | list) else (None, "", False)
    if not (isinstance(wanted, list) and merges):
        return _has(inner, after, wanted)
    names = [named(item, merge_key) for item in wanted]
    found = [item for item in after if named(item, merge_key) in names]
    return len(found) == len(wanted) and all(_has(inner, *pair) for pair in zip(found, wanted, strict=True))


def _lacks(schema: Schema | None, after: Any, before: Any, wanted: Any) -> bool:
    """Whether what was there `before` and is wanted no more is gone."""
    if not all(isinstance(value, dict) for value in (after, before, wanted)):
        return True
    gone = all(key not in after for key in before if key not in wanted)
    shared = (
        key for key in before if key in wanted and key in after and isinstance(before[key], dict | list)
    )
    return gone and all(_lacks_field(schema, key, after, before, wanted) for key in shared)


def _lacks_field(schema: Schema | None, key: str, after: Object, before: Object, wanted: Object) -> bool:
    inner, merge_key, merges = _field(schema, key)
    if isinstance(before[key], dict) or not merges:
        return _lacks(inner, after[key], before[key], wanted[key])
    mine = {named(item, merge_key) for item in wanted[key]}
    gone = {named(item, merge_key) for item in before[key]} - mine
    return not any(named(item, merge_key) in gone for item in after[key])
