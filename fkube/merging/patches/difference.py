"""Strategic merge patches made of two objects, or of three: applied last, wanted, and live. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success
from toolz import merge

from fkube.merging.patches.items import Items, by_name, element_kind, in_order, item_name, merge_key_problem
from fkube.merging.patches.schema import Field, Schema
from fkube.merging.patches.strategic import DELETE, ORDER, RETAIN, patches_merged
from fkube.merging.values import MISSING, deep_equal, kind
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Object
from fkube.resource.results import collect_results
from fkube.syntax.gotext import go_text

Patch: TypeAlias = Result[Object, str]
"""A strategic merge patch, or why there can be none."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a difference is wanted: what is set, what goes, how lists are ordered, `$retainKeys`.

    Follows `DiffOptions` of apimachinery.
    """

    additions: bool = True
    deletions: bool = True
    order: bool = True
    retain_keys: bool = False


def difference(schema: Schema, original: Object, modified: Object, part: Part = Part()) -> Patch:
    """The strategic merge patch that makes one object of another.

    Law: difference_gives, difference_of_same
    Errors: a field that the schema does not have, a list that can't be merged.
    Follows `CreateTwoWayMergeMapPatch` and `diffMaps` of apimachinery.

    >>> merging = {"x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "n"}
    >>> schema = Schema({"properties": {"l": merging}})
    >>> difference(schema, {"l": [{"n": "a", "v": 1}]}, {"l": [{"n": "a", "v": 2}]}).unwrap()
    {'l': [{'v': 2, 'n': 'a'}], '$setElementOrder/l': [{'n': 'a'}]}
    """
    pairs = ((key, original.get(key, MISSING), new) for key, new in modified.items())
    changes = collect_results([_field_patch(schema, *pair, part) for pair in pairs])
    return changes.map(lambda found: _whole_patch(original, modified, found, part))


def three_way_difference(
    schema: Schema, original: Object, modified: Object, live: Object, overwrite: bool = True
) -> Result[Object, str]:
    """The patch that gives a live object what a manifest has, and removes what only an earlier one had.

    Law: three_way_gives, three_way_twice, three_way_of_same
    Errors: a list that can't be merged; without `overwrite`, a field that another has changed.
    Follows `CreateThreeWayMergePatch` of apimachinery.

    >>> three_way_difference(Schema({}), {"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 2, "c": 4}).unwrap()
    {'a': None, 'b': 3}
    """
    additions = difference(schema, live, modified, Part(deletions=False))
    deletions = difference(schema, original, modified, Part(additions=False))
    patch = deletions.bind(lambda gone: additions.bind(lambda more: patches_merged(schema, gone, more)))
    if overwrite:
        return patch
    changed = difference(schema, original, live, Part(order=False))
    return patch.bind(lambda mine: changed.bind(lambda others: _refuse_conflicts(schema, mine, others)))


def _whole_patch(original: Object, modified: Object, changes: Items, part: Part) -> Object:
    """All changes as one patch, with the fields that go, and with `$retainKeys` where only some may stay."""
    gone = {key: None for key in original if key not in modified} if part.deletions else {}
    patch = merge(*changes, gone)
    retained = sorted(key for key, value in modified.items() if value is not None)
    more = any(value is not None and key not in modified for key, value in original.items())
    directive = {RETAIN: retained} if part.retain_keys and retained and (patch or more) else {}
    return {**patch, **directive}


def _field_patch(schema: Schema, key: str, old: Any, new: Any, part: Part) -> Patch:
    """What a patch says of one field; `old` is `MISSING` where the field is new."""
    if key == "$patch" and old is not MISSING:
        return Success({} if deep_equal(old, new) else {key: new})
    if kind(old) != kind(new) or not isinstance(new, dict | list):
        return _replacement(key, old, new, part)
    match schema.field(key):
        case Success(field):
            if isinstance(new, dict):
                return _map_patch(field, key, old, new, part)
            return _list_patch(field, key, old, new, part)
        case Failure(why) if not deep_equal(old, new):
            return Failure(why)
    return Success({})


def _replacement(key: str, old: object, new: object, part: Part) -> Patch:
    """The new value as a whole, if it differs."""
    return Success({key: new} if part.additions and not deep_equal(old, new) else {})


def _map_patch(field: Field, key: str, old: Object, new: Object, part: Part) -> Patch:
    """What a patch says of a field that is a map in both objects."""
    if field.strategy == "replace":
        return _replacement(key, old, new, part)
    inner = difference(field.schema, old, new, replace(part, retain_keys=field.retain_keys))
    return inner.map(lambda patch: {key: patch} if patch else {})


def _list_patch(field: Field, key: str, old: Items, new: Items, part: Part) -> Patch:
    """What a patch says of a field that is a list in both objects: its items, or all of it anew."""
    if field.strategy != "merge" or not old:
        return _replacement(key, old, new, part)
    inside, merge_key = element_kind(old, new), field.merge_key
    if inside in ("", "list"):
        return Failure(f"the items of {key} are not of one type that can be merged")
    if inside != "map":
        return Success(_scalars_patch(key, old, new, part))
    if not merge_key or merge_key_problem((*old, *new), merge_key):
        return Failure(f"an item of {key} does not contain declared merge key: {merge_key}")
    inner = replace(part, retain_keys=field.retain_keys)
    pairs = _pair_by_name(by_name(old, merge_key), by_name(new, merge_key), merge_key)
    patches = collect_results([_item_patch(field, before, after, inner) for before, after in pairs])
    return patches.map(lambda found: _maps_patch(merge_key, key, old, new, [*filter(None, found)], part))


def _maps_patch(merge_key: str, key: str, old: Items, new: Items, changes: Items, part: Part) -> Object:
    """The changes of the items in the order of the new list, and that order."""
    before, after = ([item_name(item, merge_key) for item in items] for items in (old, new))
    ordered = part.order and (changes or (part.additions and not deep_equal(before, after)))
    order = [{merge_key: item[merge_key]} for item in new] if ordered else []
    return _non_empty({key: in_order(changes, new, merge_key), ORDER + key: order})


def _item_patch(field: Field, old: Object | None, new: Object | None, part: Part) -> Patch:
    """What a patch says of one item: how it changes, that it is new (`old` None), or goes (`new` None)."""
    merge_key = field.merge_key
    if old is None:
        return Success(dict(new or {}) if part.additions else {})
    if new is None:
        return Success({merge_key: old[merge_key], "$patch": "delete"} if part.deletions else {})
    change = difference(field.schema, old, new, part)
    return change.map(lambda patch: {**patch, merge_key: new[merge_key]} if patch else patch)


def _pair_by_name(old: Items, new: Items, merge_key: str) -> Iterator[tuple[Any, Any]]:
    """Pair the items of two lists sorted by name; None stands where one list has no such item."""
    left, right = list(old), list(new)
    while left or right:
        before = go_text(item_name(left[0], merge_key)) if left else None
        after = go_text(item_name(right[0], merge_key)) if right else None
        first = before is not None and (after is None or before <= after)
        second = after is not None and (before is None or after <= before)
        yield (left.pop(0) if first else None), (right.pop(0) if second else None)


def _scalars_patch(key: str, old: Items, new: Items, part: Part) -> Object:
    """Make the patch of a list of texts or numbers: the new ones, those to delete, and the order.

    `part`: which of the three it may have.
    """
    pairs = list(_pair_by_name(by_name(old), by_name(new), ""))
    added = [after for before, after in pairs if before is None and part.additions]
    gone = [before for before, after in pairs if after is None and part.deletions]
    ordered = part.order and (gone or (part.additions and not deep_equal(old, new)))
    order = [*new] if ordered else []
    lists = {key: in_order(added, new, ""), DELETE + key: [*dict.fromkeys(gone)], ORDER + key: order}
    return _non_empty(lists)


def _non_empty(lists: Mapping[str, Items]) -> Object:
    """The lists that are not empty, by their keys in the patch."""
    return {key: items for key, items in lists.items() if items}


def _refuse_conflicts(schema: Schema, patch: Object, changed: Object) -> Result[Object, str]:
    """The patch, if it agrees with `changed`, the patch for what others changed since. Errors: the fields."""
    both = sorted(patch.keys() & changed.keys())
    fields = ", ".join(key for key in both if _fields_conflict(schema, key, patch, changed))
    # No values: they may be those of a Secret.
    message = f"the patch conflicts with changes made from original to current in {fields}"
    return Failure(message) if fields else Success(patch)


def _fields_conflict(schema: Schema, key: str, left: Object, right: Object) -> bool:
    """Whether two patches want different things of one field; of an unknown one they always do."""
    if key in ("$patch", RETAIN):
        return False
    field = schema.field(key) if isinstance(left[key], dict | list) else Success(Field(schema))
    return isinstance(field, Failure) or _values_conflict(field.unwrap(), left[key], right[key])


def _values_conflict(field: Field, left: Any, right: Any) -> bool:
    """Whether two patches want different things of a field.

    Follows `MergingMapsHaveConflicts` of apimachinery.
    """
    if kind(left) != kind(right) or not isinstance(left, dict | list):
        return not deep_equal(left, right)
    if isinstance(left, list):
        return _lists_conflict(field, left, right)
    if left.get("$patch") != right.get("$patch"):
        return True
    both = () if field.strategy == "replace" else left.keys() & right.keys()
    return any(_fields_conflict(field.schema, key, left, right) for key in both)


def _lists_conflict(field: Field, left: list[object], right: list[object]) -> bool:
    """Whether two patches want different things of a list, compared by merge key or by position."""
    inside, within = element_kind(left, right), Field(field.schema)
    if not inside:
        return True
    if field.strategy == "merge":
        key = field.merge_key
        mine, theirs = ({go_text(item_name(one, key)): one for one in items} for items in (left, right))
        both = mine.keys() & theirs if inside == "map" else ()
        return any(_values_conflict(within, mine[name], theirs[name]) for name in both)
    pairs = (left, right) if inside == "map" else (by_name(left), by_name(right))
    return len(left) != len(right) or any(map(lambda a, b: _values_conflict(within, a, b), *pairs))
