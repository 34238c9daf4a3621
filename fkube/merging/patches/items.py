"""Lists as strategic merge patches treat them: items found by name, merged and put in order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.merging.values import deep_equal, kind
from fkube.resource.info import Object
from fkube.syntax.gotext import go_text

Items: TypeAlias = Sequence[Any]
"""The items of a list."""
Merge: TypeAlias = Callable[[Object, Object], Result[Object, str]]
"""How to merge a patch, given second, into a map."""


def element_kind(*lists: Items) -> str:
    """The type of all items, empty if there are none or they are not of one type.

    >>> element_kind([{}], [{"a": 1}]), element_kind([1], ["a"]), element_kind([])
    ('map', '', '')
    """
    kinds = {kind(item) for items in lists for item in items}
    return kinds.pop() if len(kinds) == 1 else ""


def item_name(item: object, merge_key: str) -> Any:
    """The name of an item: the value of its merge key; the item itself where `merge_key` is empty."""
    return item.get(merge_key) if merge_key and isinstance(item, dict) else item


def position_of(items: Items, item: object, merge_key: str) -> int:
    """The position of the first item of the same name, or -1.

    >>> position_of([{"n": "a"}, {"n": "b"}], {"n": "b", "v": 1}, "n")
    1
    """
    name = item_name(item, merge_key)
    return next((at for at, other in enumerate(items) if deep_equal(item_name(other, merge_key), name)), -1)


def merge_key_problem(items: Iterable[Any], merge_key: str) -> str:
    """The server's words for the first item without the merge key; empty if all have it.

    Follows `ErrNoMergeKey` of apimachinery.

    >>> merge_key_problem([{"v": 1}], "n")
    'map: map[v:1] does not contain declared merge key: n'
    """
    wrong = next((item for item in items if merge_key not in item), None)
    return "" if wrong is None else f"map: {go_text(wrong)} does not contain declared merge key: {merge_key}"


def is_deletion(item: object) -> bool:
    """Whether an item of a patch deletes the item of its name."""
    return isinstance(item, dict) and item.get("$patch") == "delete"


def in_order(items: Items, order: Items, merge_key: str) -> list[object]:
    """Sort items as the list `order` has them; those that delete come last.

    Follows `normalizeSliceOrder` of apimachinery.

    >>> in_order(["c", "a", "b"], ["a", "b", "c"], "")
    ['a', 'b', 'c']
    """
    kept = [(position_of(order, item, merge_key), item) for item in items if not is_deletion(item)]
    found = all(at >= 0 for at, _ in kept)
    ranked = sorted(kept, key=itemgetter(0)) if found else _insert_each(kept)
    return [*(item for _, item in ranked), *filter(is_deletion, items)]


def _insert_each(ranked: Iterable[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Sort items of which some have no rank (-1) as Go does: such a one goes before any other."""
    done: list[tuple[int, Any]] = []
    for rank, item in ranked:
        ahead = len(done)
        while ahead and (rank < 0 or done[ahead - 1][0] < 0 or rank < done[ahead - 1][0]):
            ahead -= 1
        done.insert(ahead, (rank, item))
    return done


def interleave(others: Items, wanted: Items, before: Items, merge_key: str) -> list[object]:
    """Merge two lists without common items, each in its order.

    One of `others` comes ahead of a wanted item where it does so in the list `before`.
    Follows `mergeSortedSlice` of apimachinery.

    >>> interleave(["x", "z"], ["b", "a"], ["x", "a", "b", "z"], "")
    ['x', 'b', 'a', 'z']
    """
    merged, left = list[object](), list(others)
    for item in wanted:
        at = position_of(before, item, merge_key)
        while left and 0 <= position_of(before, left[0], merge_key) < at:
            merged.append(left.pop(0))
        merged.append(item)
    return [*merged, *left]


def by_name(items: Items, merge_key: str = "") -> list[object]:
    """Sort items by the texts of their names; equal ones come in reverse order.

    Follows `sortMapsBasedOnField` and `sortScalars` of apimachinery.

    >>> by_name([10, 9, 1])
    [1, 10, 9]
    """
    backwards = items[::-1]
    return sorted(backwards, key=lambda item: go_text(item_name(item, merge_key)))


def merge_items(old: Items, new: Items, merge_key: str, merge: Merge) -> Result[list[object], str]:
    """Merge two lists item by item, in the order of the new one among that of the old.

    Errors: items of several types, or without the merge key. Follows `mergeSlice` of apimachinery.

    >>> merge_items(["a", "b"], ["c", "a"], "", lambda x, y: Success(x)).unwrap()
    ['c', 'a', 'b']
    """
    if not old and not new:
        return Success([])
    inside = element_kind(old, new)
    if inside in ("", "list"):
        return Failure("list element types are not identical, or lists")
    if inside != "map":
        return Success(arrange_items([*dict.fromkeys([*old, *new])], new, old, ""))
    return _merge_maps(old, new, merge_key, merge) if merge_key else Failure(_NO_KEY)


_NO_KEY = "cannot merge lists without merge key"


def arrange_items(items: Items, order: Items, before: Items, merge_key: str) -> list[object]:
    """The items in a given order; those that it does not name stay where they were `before`.

    Follows `normalizeElementOrder` of apimachinery.

    >>> arrange_items(["a", "b", "x"], ["b", "a"], ["x", "a", "b"], "")
    ['x', 'b', 'a']
    """
    mine = [item for item in items if position_of(order, item, merge_key) >= 0]
    others = [item for item in items if position_of(order, item, merge_key) < 0]
    wanted, left = in_order(mine, order, merge_key), in_order(others, before, merge_key)
    return interleave(left, wanted, before, merge_key)


def overwritten(old: Items, new: Items, merge_key: str) -> Items:
    """The old list as the merge of a new one leaves it in Go, where lists are merged in place.

    What is deleted makes room, what is added is written into it, and by this list the server then puts the
    items in order that `$setElementOrder` does not name. Follows `deleteMatchingEntries` of apimachinery.

    >>> overwritten([{"n": "a"}, {"n": "b"}], [{"n": "c"}, {"n": "a", "$patch": "delete"}], "n")
    [{'n': 'b'}, {'n': 'c'}]
    """
    left, room = [*old], list[object]()
    for gone in filter(is_deletion, new):
        while (at := position_of(left, gone, merge_key)) >= 0:
            room = [left[-1], *room]
            del left[at]
    replaced = any(isinstance(item, dict) and item.get("$patch") == "replace" for item in new)
    added = () if replaced else _missing(left, _without_directives(new), merge_key)
    return [*left, *added, *room[len(added) :]][: len(old)]


def _missing(items: Items, wanted: Items, merge_key: str) -> Items:
    """The wanted items whose names are not there, the first of each name."""
    new = [item for item in wanted if position_of(items, item, merge_key) < 0]
    return [item for number, item in enumerate(new) if position_of(new, item, merge_key) == number]


def _without_directives(items: Items) -> list[Any]:
    """The items of a patch that have no `$patch`."""
    return [item for item in items if not _is_directive(item)]


def _is_directive(item: object) -> bool:
    """Whether an item of a patch says what to do, instead of what to set."""
    return isinstance(item, dict) and "$patch" in item


def order_problem(items: Items, order: Items, merge_key: str) -> str:
    """The reason why an order does not fit the items of a patch; empty if it does.

    Follows `validatePatchWithSetOrderList` of apimachinery.

    >>> order_problem(["b", "a"], ["a", "b"], "")
    'The order in the patch list does not match the $setElementOrder list'
    """
    left, kept = [*order], [item for item in items if not is_deletion(item)]
    while kept and left:
        # A directive fits anywhere but behind the last of the order.
        if _is_directive(kept[0]):
            kept = kept[1:]
            continue
        kept = kept[1:] if position_of(left[:1], kept[0], merge_key) == 0 else kept
        left = left[1:]
    mismatch = "The order in the patch list does not match the $setElementOrder list"
    return mismatch if order and kept else ""


def without_items(items: Items, gone: Items) -> list[object]:
    """The items that are not among those that go. Follows `deleteFromSlice` of apimachinery."""
    return [item for item in items if not any(deep_equal(item, other) for other in gone)]


def _merge_maps(old: Items, new: Items, merge_key: str, merge: Merge) -> Result[list[object], str]:
    """Merge two lists of maps by their merge key, and obey the `$patch` directives in the new one."""
    directives = [item for item in new if "$patch" in item]
    changes = _without_directives(new)
    if problem := _directive_problem(directives, merge_key):
        return Failure(problem)
    if any(item["$patch"] == "replace" for item in directives):
        return Success(changes)
    kept = [item for item in old if position_of(directives, item, merge_key) < 0]
    if problem := merge_key_problem((*kept, *changes), merge_key):
        return Failure(problem)
    merged = _merge_each(kept, changes, merge_key, merge)
    return merged.map(lambda items: arrange_items(items, changes, kept, merge_key))


def _merge_each(old: Items, changes: Items, merge_key: str, merge: Merge) -> Result[list[object], str]:
    """Merge each change into the first item of its name, in turn; one without such an item is added."""
    items: list[Any] = [*old]
    for change in changes:
        at = position_of(items, change, merge_key)
        if at < 0:
            items.append(change)
            continue
        merged = merge(items[at], change)
        if isinstance(merged, Failure):
            return merged
        items[at] = merged.unwrap()
    return Success(items)


def _directive_problem(directives: Items, merge_key: str) -> str:
    """What is wrong with the directives among the items of a patch, or nothing."""
    for item in directives:
        if item["$patch"] == "merge":
            return "merging lists cannot yet be specified in the patch"
        if item["$patch"] not in ("delete", "replace"):
            return f"unknown patch type: {item['$patch']}"
    return merge_key_problem(filter(is_deletion, directives), merge_key)
