"""Strategic merge patches made of two objects. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.merging.patches.ordering import Items, by_name, element_kind, in_order, named, unnamed
from fkube.merging.patches.schema import Field, Schema
from fkube.merging.patches.values import kind, same
from fkube.resource.info import Object
from fkube.resource.results import collected
from fkube.syntax.gotext import plain

Patch: TypeAlias = Result[dict[str, Any], str]


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a difference is wanted. Follows `DiffOptions` of apimachinery."""

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
    changes = collected(_field(schema, key, original, modified, part) for key in modified)
    return changes.map(lambda found: _whole(original, modified, found, part))


def _whole(
    original: Object, modified: Object, changes: tuple[dict[str, Any], ...], part: Part
) -> dict[str, Any]:
    """All changes as one patch, with what goes, and with the keys that stay where only they may."""
    gone = {key: None for key in original if key not in modified} if part.deletions else {}
    patch = {key: value for change in changes for key, value in change.items()} | gone
    retained = sorted(key for key, value in modified.items() if value is not None)
    more = any(value is not None and key not in modified for key, value in original.items())
    directive = {"$retainKeys": retained} if part.retain_keys and retained and (patch or more) else {}
    return patch | directive


def _field(schema: Schema, key: str, original: Object, modified: Object, part: Part) -> Patch:
    """What a patch says of one field."""
    new, old = modified[key], original.get(key)
    if key == "$patch" and key in original:
        return Success({} if same(old, new) else {key: new})
    if key not in original or kind(old) != kind(new) or not isinstance(new, dict | list):
        return Success({key: new} if part.additions and not (key in original and same(old, new)) else {})
    found = schema.field(key)
    if not isinstance(found, Success):
        return Success({}) if same(old, new) else Failure(found.failure())
    within: Any = _map if isinstance(new, dict) else _list
    changed: Patch = within(found.unwrap(), key, old, new, part)
    return changed


def _map(field: Field, key: str, old: Object, new: Object, part: Part) -> Patch:
    if field.strategy == "replace":
        return Success({key: new} if part.additions and not same(old, new) else {})
    inner = difference(field.schema, old, new, replace(part, retain_keys=field.retain_keys))
    return inner.map(lambda patch: {key: patch} if patch else {})


def _list(field: Field, key: str, old: Items, new: Items, part: Part) -> Patch:
    if field.strategy != "merge":
        return Success({key: new} if part.additions and not same(old, new) else {})
    if not old:
        return Success({key: new} if part.additions and new else {})
    inside = element_kind(old, new)
    if inside in ("", "list"):
        return Failure(f"the items of {key} are not of one type that can be merged")
    if inside != "map":
        return Success(_scalars(key, old, new, part))
    if not field.merge_key or unnamed((*old, *new), field.merge_key):
        return Failure(f"an item of {key} does not contain declared merge key: {field.merge_key}")
    return _maps(field, key, old, new, replace(part, retain_keys=field.retain_keys))


def _maps(field: Field, key: str, old: Items, new: Items, part: Part) -> Patch:
    """The items of a list that differ, in the order of the new list, and what goes behind them."""
    pairs = _paired(by_name(old, field.merge_key), by_name(new, field.merge_key), field.merge_key)
    patches = collected(_item(field, before, after, part) for before, after in pairs)
    return patches.map(lambda found: _listed(field, key, old, new, [item for item in found if item], part))


def _listed(field: Field, key: str, old: Items, new: Items, items: Items, part: Part) -> dict[str, Any]:
    merge_key = field.merge_key
    ordered = in_order(items, new, merge_key)
    moved = not same([named(item, merge_key) for item in old], [named(item, merge_key) for item in new])
    told = part.order and (items or (part.additions and moved))
    order = [{merge_key: item[merge_key]} for item in new]
    return {**({key: ordered} if items else {}), **({_ORDER + key: order} if told and order else {})}


def _item(field: Field, old: Object | None, new: Object | None, part: Part) -> Patch:
    """What a patch says of one item: how it changes, that it is new, or that it goes."""
    merge_key = field.merge_key
    if old is None:
        return Success(dict(new or {}) if part.additions else {})
    if new is None:
        return Success({merge_key: old[merge_key], "$patch": "delete"} if part.deletions else {})
    found = difference(field.schema, old, new, part)
    return found.map(lambda patch: {**patch, merge_key: new[merge_key]} if patch else patch)


def _paired(old: Items, new: Items, merge_key: str) -> Iterator[tuple[Any, Any]]:
    """Items of the same name beside each other, of two lists by name; None where the other has none left."""
    left, right = list(old), list(new)
    while left or right:
        before = plain(named(left[0], merge_key)) if left else None
        after = plain(named(right[0], merge_key)) if right else None
        first = before is not None and (after is None or before <= after)
        second = after is not None and (before is None or after <= before)
        yield (left.pop(0) if first else None), (right.pop(0) if second else None)


def _scalars(key: str, old: Items, new: Items, part: Part) -> dict[str, Any]:
    """What a patch says of a list of texts or numbers, of which it may name some to go."""
    pairs = list(_paired(by_name(old), by_name(new), ""))
    added = [after for before, after in pairs if before is None and part.additions]
    gone = [before for before, after in pairs if after is None and part.deletions]
    told = part.order and (gone or (part.additions and not same(old, new)))
    return {
        **({key: in_order(added, new, "")} if added else {}),
        **({_DELETE + key: list(dict.fromkeys(gone))} if gone else {}),
        **({_ORDER + key: list(new)} if told and new else {}),
    }


_ORDER, _DELETE = "$setElementOrder/", "$deleteFromPrimitiveList/"
