"""Laws of field sets: how they are written down, and what merging, comparing and removing do to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from fkube.laws.compare import Pair, equation
from fkube.merging.fields import Comparison, FieldSet, Path, Type, fields_of, merged, reconciled, without
from fkube.merging.fields import compared as ours_compared
from fkube.merging.fields import fields_v1 as ours_v1
from fkube.merging.fields import from_fields_v1 as ours_from_v1
from fkube.merging.fields.merge import is_within
from fkube.resource.info import Object

Merge: TypeAlias = Callable[[Type, Any, Any], Any]
Compare: TypeAlias = Callable[[Type, Any, Any], Comparison]
Remove: TypeAlias = Callable[[Type, Any, Iterable[Path]], Any]
Reconcile: TypeAlias = Callable[[Type, FieldSet], FieldSet]


@equation
def fields_round_trip(
    fields: FieldSet,
    *,
    fields_v1: Callable[[Iterable[Path]], Object] = ours_v1,
    from_fields_v1: Callable[[Object], FieldSet] = ours_from_v1,
) -> Pair:
    """from_fields_v1(fields_v1(fields)) == fields"""
    return from_fields_v1(fields_v1(fields)), fields


def merged_idempotent(typed: Type, live: Object, config: Object, *, merged: Merge = merged) -> bool:
    """merged(t, merged(t, a, b), b) == merged(t, a, b), and merged(t, a, a) == a"""
    once = merged(typed, live, config)
    return bool(merged(typed, once, config) == once and merged(typed, live, live) == live)


def fields_of_merged(typed: Type, live: Object, config: Object, *, merged: Merge = merged) -> bool:
    """What config says, merged(t, live, config) says too: each field of it is there, or leads to one"""
    there = fields_of(typed, merged(typed, live, config))
    ways = {path[:end] for path in there for end in range(1, len(path) + 1)}
    return fields_of(typed, config) <= ways


def within_is_merged(
    typed: Type, live: Object, config: Object, *, is_within: Callable[[Type, Any, Any], bool] = is_within
) -> bool:
    """Where is_within(t, l, c), merged(t, l, c) == l; l: a live value, also with c merged into it before"""
    lives = (live, merged(typed, live, config))
    return all(merged(typed, one, config) == one for one in lives if is_within(typed, one, config))


def compared_same(
    typed: Type, live: Object, config: Object, *, compared: Compare = ours_compared, merged: Merge = merged
) -> bool:
    """compared(t, v, v) == Comparison(), and merging removes nothing"""
    nothing_removed = not compared(typed, live, merged(typed, live, config)).removed
    return compared(typed, live, {**live}) == Comparison() and nothing_removed


def without_fields(typed: Type, live: Object, fields: FieldSet, *, without: Remove = without) -> bool:
    """fields_of(t, without(t, v, fields)) & fields == {}, and without(t, v, ()) == v"""
    own = {path for path in fields_of(typed, live) if any(path[:1] == other[:1] for other in fields)}
    gone = fields | own
    nothing = not live or without(typed, live, ()) == live
    return nothing and not fields_of(typed, without(typed, live, gone)) & gone


def reconciled_fields(
    typed: Type, live: Object, fields: FieldSet, *, reconciled: Reconcile = reconciled
) -> bool:
    """reconciled(t, f) == f for fields_of(t, v), and for reconciled(t, fields)"""
    own, once = fields_of(typed, live), reconciled(typed, fields)
    return reconciled(typed, own) == own and reconciled(typed, once) == once
