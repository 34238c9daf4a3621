"""Laws of field sets: how they are written down, and what merging, comparing and removing do to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from fkube.laws.compare import Pair, Sides, equation, first_unequal
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


def merged_idempotent(typed: Type, live: Object, config: Object, *, merged: Merge = merged) -> Sides:
    """merged(t, merged(t, a, b), b) == merged(t, a, b), and merged(t, a, a) == a"""
    once = merged(typed, live, config)
    return Sides(
        "merged(t, merged(t, a, b), b) == merged(t, a, b)", merged(typed, once, config), once
    ) and Sides("merged(t, a, a) == a", merged(typed, live, live), live)


def fields_of_merged(typed: Type, live: Object, config: Object, *, merged: Merge = merged) -> Sides:
    """What config says, merged(t, live, config) says too: each field of it is there, or leads to one"""
    there = fields_of(typed, merged(typed, live, config))
    ways = {path[:end] for path in there for end in range(1, len(path) + 1)}
    said = fields_of(typed, config)
    return Sides("the fields of config that are there, or lead to one, are all of them", said & ways, said)


def within_is_merged(
    typed: Type, live: Object, config: Object, *, is_within: Callable[[Type, Any, Any], bool] = is_within
) -> Sides:
    """Where is_within(t, l, c), merged(t, l, c) == l; l: a live value, also with c merged into it before"""
    lives = (live, merged(typed, live, config))
    return first_unequal(
        Sides("merged(t, l, c) == l, as is_within(t, l, c)", merged(typed, one, config), one)
        for one in lives
        if is_within(typed, one, config)
    )


def compared_same(
    typed: Type, live: Object, config: Object, *, compared: Compare = ours_compared, merged: Merge = merged
) -> Sides:
    """compared(t, v, v) == Comparison(), and merging removes nothing"""
    removed = compared(typed, live, merged(typed, live, config)).removed
    return Sides(
        "compared(t, v, v) == Comparison()", compared(typed, live, {**live}), Comparison()
    ) and Sides("what merging removes is nothing", removed, frozenset())


def without_fields(typed: Type, live: Object, fields: FieldSet, *, without: Remove = without) -> Sides:
    """fields_of(t, without(t, v, fields)) & fields == {}, and without(t, v, ()) == v"""
    own = {path for path in fields_of(typed, live) if any(path[:1] == other[:1] for other in fields)}
    gone = fields | own
    nothing = without(typed, live, ()) if live else live
    left = fields_of(typed, without(typed, live, gone)) & gone
    return Sides("without(t, v, ()) == v", nothing, live) and Sides(
        "fields_of(t, without(t, v, fields)) & fields == {}", left, frozenset()
    )


def reconciled_fields(
    typed: Type, live: Object, fields: FieldSet, *, reconciled: Reconcile = reconciled
) -> Sides:
    """reconciled(t, f) == f for fields_of(t, v), and for reconciled(t, fields)"""
    own, once = fields_of(typed, live), reconciled(typed, fields)
    return Sides("reconciled(t, f) == f, for f = fields_of(t, v)", reconciled(typed, own), own) and Sides(
        "reconciled(t, reconciled(t, fields)) == reconciled(t, fields)", reconciled(typed, once), once
    )
