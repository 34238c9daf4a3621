"""Strategic merge patches made of what was applied last, what is wanted, and what is there. Pure."""

from __future__ import annotations

from typing import Any

from returns.result import Failure, Result, Success

from fkube.merging.patches.difference import Part, difference
from fkube.merging.patches.ordering import by_name, element_kind, named
from fkube.merging.patches.schema import Field, Schema
from fkube.merging.patches.strategic import patches_merged
from fkube.merging.patches.values import kind, same
from fkube.resource.info import Object
from fkube.syntax.gotext import plain


def three_way_difference(
    schema: Schema, original: Object, modified: Object, live: Object, overwrite: bool = True
) -> Result[Object, str]:
    """The patch by which a live object gets what a manifest has, and loses what it had and has no more.

    Law: three_way_gives, three_way_twice, three_way_of_same
    Errors: a list that can't be merged; without `overwrite`, a field that another has changed.
    Follows `CreateThreeWayMergePatch` of apimachinery.

    >>> three_way_difference(Schema({}), {"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 2, "c": 4}).unwrap()
    {'a': None, 'b': 3}
    """
    delta = difference(schema, live, modified, Part(deletions=False))
    gone = difference(schema, original, modified, Part(additions=False))
    patch = gone.bind(lambda first: delta.bind(lambda second: patches_merged(schema, first, second)))
    if overwrite:
        return patch
    changed = difference(schema, original, live, Part(order=False))
    return patch.bind(lambda mine: changed.bind(lambda others: _agreeing(schema, mine, others)))


def _agreeing(schema: Schema, patch: Object, changed: Object) -> Result[Object, str]:
    """The patch, if it says nothing else of a field than what another has changed it to."""
    fields = [
        key for key in sorted(patch.keys() & changed.keys()) if _key_conflicts(schema, key, patch, changed)
    ]
    # No values: they may be those of a Secret.
    told = f"the patch conflicts with changes made from original to current in {', '.join(fields)}"
    return Failure(told) if fields else Success(patch)


def _conflict(field: Field, left: Any, right: Any) -> bool:
    """Whether two patches want different things of a field.

    Follows `MergingMapsHaveConflicts` of apimachinery.
    """
    if kind(left) != kind(right) or not isinstance(left, dict | list):
        return not same(left, right)
    if isinstance(left, list):
        return _lists_conflict(field, left, right)
    if left.get("$patch") != right.get("$patch"):
        return True
    return field.strategy != "replace" and any(
        _key_conflicts(field.schema, key, left, right) for key in left.keys() & right.keys()
    )


def _key_conflicts(schema: Schema, key: str, left: Object, right: Object) -> bool:
    if key in ("$patch", "$retainKeys"):
        return False
    field = schema.field(key) if isinstance(left[key], dict | list) else Success(Field(schema))
    return field.map(lambda found: _conflict(found, left[key], right[key])).value_or(True)


def _lists_conflict(field: Field, left: list[Any], right: list[Any]) -> bool:
    inside = element_kind(left, right)
    if not inside:
        return True
    if field.strategy == "merge":
        theirs = {plain(named(item, field.merge_key)): item for item in right}
        mine = {plain(named(item, field.merge_key)): item for item in left}
        within = Field(field.schema)
        return inside == "map" and any(
            _conflict(within, mine[key], theirs[key]) for key in mine.keys() & theirs
        )
    pairs = (left, right) if inside == "map" else (by_name(left), by_name(right))
    return len(left) != len(right) or any(map(lambda a, b: _conflict(Field(field.schema), a, b), *pairs))
