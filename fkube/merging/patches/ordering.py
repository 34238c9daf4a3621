"""Items of lists found, checked and put in order, as strategic merge patches ask for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fkube.merging.patches.values import kind, same
from fkube.syntax.gotext import plain

Items = Sequence[Any]


def element_kind(*lists: Items) -> str:
    """The type of all items, empty if there are none or they are not of one type.

    >>> element_kind([{}], [{"a": 1}]), element_kind([1], ["a"]), element_kind([])
    ('map', '', '')
    """
    kinds = {kind(item) for items in lists for item in items}
    return kinds.pop() if len(kinds) == 1 else ""


def named(item: Any, merge_key: str) -> Any:
    """What an item is found by: the value of its merge key, or itself."""
    return item.get(merge_key) if merge_key and isinstance(item, dict) else item


def place(items: Items, item: Any, merge_key: str) -> int:
    """Where a list has an item of the same name, or -1.

    >>> place([{"n": "a"}, {"n": "b"}], {"n": "b", "v": 1}, "n")
    1
    """
    name = named(item, merge_key)
    found = (at for at, other in enumerate(items) if same(named(other, merge_key), name))
    return next(found, -1)


def unnamed(items: Iterable[Any], merge_key: str) -> str:
    """Why an item can't be found by the merge key, in the server's words; empty if all can.

    Follows `ErrNoMergeKey` of apimachinery.

    >>> unnamed([{"v": 1}], "n")
    'map: map[v:1] does not contain declared merge key: n'
    """
    found = next((item for item in items if merge_key not in item), None)
    return "" if found is None else f"map: {plain(found)} does not contain declared merge key: {merge_key}"


def deletes(item: Any) -> bool:
    """Whether an item of a patch says that the item of its name goes."""
    return isinstance(item, dict) and item.get("$patch") == "delete"


def in_order(items: Items, order: Items, merge_key: str) -> list[Any]:
    """The items in the order of a list that has them, those that delete at the end.

    Follows `normalizeSliceOrder` of apimachinery.

    >>> in_order(["c", "a", "b"], ["a", "b", "c"], "")
    ['a', 'b', 'c']
    """
    kept = [item for item in items if not deletes(item)]
    return [*sorted(kept, key=lambda item: place(order, item, merge_key)), *filter(deletes, items)]


def interleaved(others: Items, wanted: Items, before: Items, merge_key: str) -> list[Any]:
    """Two lists as one, both in their order: one of `others` comes first where it did so `before`.

    Follows `mergeSortedSlice` of apimachinery.

    >>> interleaved(["x", "z"], ["b", "a"], ["x", "a", "b", "z"], "")
    ['x', 'b', 'a', 'z']
    """
    merged, left = list[Any](), list(others)
    for item in wanted:
        at = place(before, item, merge_key)
        while left and 0 <= place(before, left[0], merge_key) < at:
            merged.append(left.pop(0))
        merged.append(item)
    return [*merged, *left]


def by_name(items: Items, merge_key: str = "") -> list[Any]:
    """The items by the texts of what they are found by; equal ones in the reverse of their order.

    Follows `sortMapsBasedOnField` and `sortScalars` of apimachinery.

    >>> by_name([10, 9, 1])
    [1, 10, 9]
    """
    backwards = items[::-1]
    return sorted(backwards, key=lambda item: plain(named(item, merge_key)))
