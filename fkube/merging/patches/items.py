"""Two lists of items as one, by names and in an order: what a strategic merge patch does to lists. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from returns.result import Failure, Result, Success

from fkube.merging.patches.ordering import Items, deletes, element_kind, in_order, interleaved, place, unnamed
from fkube.merging.patches.values import same
from fkube.resource.info import Object
from fkube.resource.results import collected

Merge = Callable[[Object, Object], Result[Object, str]]


def merged_items(old: Items, new: Items, merge_key: str, merge: Merge) -> Result[list[Any], str]:
    """The items of two lists, those of one name merged, in the order of the new among that of the old.

    Errors: items of several types, or without the merge key. Follows `mergeSlice` of apimachinery.

    >>> merged_items(["a", "b"], ["c", "a"], "", lambda x, y: Success(x)).unwrap()
    ['c', 'a', 'b']
    """
    if not old and not new:
        return Success([])
    inside = element_kind(old, new)
    if inside in ("", "list"):
        return Failure("list element types are not identical, or lists")
    if inside != "map":
        both = [*old, *(item for item in new if place(old, item, "") < 0)]
        return Success(ordered(both, new, old, ""))
    if not merge_key:
        return Failure("cannot merge lists without merge key")
    return _maps(old, new, merge_key, merge)


def ordered(items: Items, order: Items, before: Items, merge_key: str) -> list[Any]:
    """The items in the order asked for; those that it does not name stay where they were `before`.

    Follows `normalizeElementOrder` of apimachinery.

    >>> ordered(["a", "b", "x"], ["b", "a"], ["x", "a", "b"], "")
    ['x', 'b', 'a']
    """
    mine = [item for item in items if place(order, item, merge_key) >= 0]
    others = [item for item in items if place(order, item, merge_key) < 0]
    wanted, left = in_order(mine, order, merge_key), in_order(others, before, merge_key)
    return interleaved(left, wanted, before, merge_key)


def misordered(items: Items, order: Items, merge_key: str) -> str:
    """Why an order does not go with the items of a patch; empty if it does.

    Follows `validatePatchWithSetOrderList` of apimachinery.

    >>> misordered(["b", "a"], ["a", "b"], "")
    'The order in the patch list does not match the $setElementOrder list'
    """
    left = iter(order)
    kept = [item for item in items if not (isinstance(item, dict) and "$patch" in item)]
    fits = all(any(place([other], item, merge_key) == 0 for other in left) for item in kept)
    mismatch = "The order in the patch list does not match the $setElementOrder list"
    return mismatch if order and not fits else ""


def without(items: Items, gone: Items) -> list[Any]:
    """The items that are not among those that go. Follows `deleteFromSlice` of apimachinery."""
    return [item for item in items if not any(same(item, other) for other in gone)]


def _maps(old: Items, new: Items, merge_key: str, merge: Merge) -> Result[list[Any], str]:
    directed = [item for item in new if "$patch" in item]
    plain = [item for item in new if "$patch" not in item]
    if wrong := _wrong(directed, merge_key):
        return Failure(wrong)
    if any(item["$patch"] == "replace" for item in directed):
        return Success(plain)
    kept = [item for item in old if not any(place([item], gone, merge_key) == 0 for gone in directed)]
    if wrong := unnamed((*kept, *plain), merge_key):
        return Failure(wrong)
    merged = collected(_item(item, plain, merge_key, merge) for item in kept)
    added = [item for item in plain if place(kept, item, merge_key) < 0]
    return merged.map(lambda found: ordered([*found, *added], plain, kept, merge_key))


def _item(item: Object, changes: Items, merge_key: str, merge: Merge) -> Result[Object, str]:
    """An item with the change of its name, if there is one."""
    at = place(changes, item, merge_key)
    return merge(item, changes[at]) if at >= 0 else Success(item)


def _wrong(directed: Items, merge_key: str) -> str:
    """What is wrong with the directives among the items of a patch, or nothing."""
    for item in directed:
        if item["$patch"] == "merge":
            return "merging lists cannot yet be specified in the patch"
        if item["$patch"] not in ("delete", "replace"):
            return f"unknown patch type: {item['$patch']}"
    return unnamed(filter(deletes, directed), merge_key)
