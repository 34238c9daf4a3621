"""JSON merge patches (RFC 7396): applied, and made of two objects or of three. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fkube.merging.values import deep_equal, kind, without_nulls
from fkube.resource.info import Object


def merged(target: Any, patch: Any) -> Any:
    """Apply a merge patch: null removes, objects are merged, anything else replaces.

    Law: merging_twice
    Follows `MergePatch` of json-patch.

    >>> merged({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"d": 3}})
    {'b': {'c': 2, 'd': 3}}
    """
    if not isinstance(target, dict) or not isinstance(patch, dict):
        return without_nulls(patch)
    kept = {key: value for key, value in target.items() if key not in patch or patch[key] is not None}
    changed = {key: merged(target.get(key), value) for key, value in patch.items() if value is not None}
    return {**kept, **changed}


def merge_difference(original: Object, modified: Object) -> Object:
    """The merge patch that makes one object of another; it can't set a field to null.

    Law: merge_difference_gives, merge_difference_of_same
    Follows `CreateMergePatch` of json-patch.

    >>> merge_difference({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 2, "d": 4}})
    {'b': {'d': 4}, 'a': None}
    """
    gone: Object = {key: None for key in original if key not in modified}
    return {**dict(_changed_fields(original, modified)), **gone}


def _changed_fields(original: Object, modified: Object) -> Iterator[tuple[str, object]]:
    """The fields that are new or changed, each with what a merge patch says of it."""
    for key, new in modified.items():
        old = original.get(key)
        if isinstance(new, dict) and isinstance(old, dict):
            if inner := merge_difference(old, new):
                yield key, inner
        elif key not in original or not (deep_equal(old, new) or _same_number(old, new)):
            yield key, new


def _same_number(left: Any, right: Any) -> bool:
    """Whether two numbers are equal as floats, which is how json-patch reads them."""
    return {kind(left), kind(right)} == {"int", "float"} and float(left) == float(right)


def three_way_merge(original: Object, modified: Object, live: Object) -> Object:
    """The merge patch that gives a live object what a manifest has, and removes what only an earlier one had.

    What the manifest never named is left alone.
    Law: three_way_merge_gives, three_way_merge_twice
    Follows `CreateThreeWayJSONMergePatch` of apimachinery, whose conflicts and preconditions can't come about
    for two manifests of one object.

    >>> three_way_merge({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 2, "c": 4})
    {'a': None, 'b': 3}
    """
    added = _select_nulls(merge_difference(live, modified), nulls=False)
    removed = _select_nulls(merge_difference(original, modified), nulls=True)
    return _combine_patches(removed, added)


def _select_nulls(patch: Object, nulls: bool) -> Object:
    """The nulls of a patch only, or all else. Follows `keepOrDeleteNullInObj` of apimachinery."""
    kept: dict[str, object] = {}
    for key, value in patch.items():
        if isinstance(value, dict) and value:
            if inner := _select_nulls(value, nulls):
                kept[key] = inner
        elif (value is None) == nulls:
            kept[key] = value
    return kept


def _combine_patches(removed: Object, added: Object) -> Object:
    """Two patches as one. Where both speak of a field, both speak of what is in it."""
    both = [key for key in removed if isinstance(added.get(key), dict)]
    deeper = {key: _combine_patches(removed[key], added[key]) for key in both}
    new = {key: without_nulls(value) for key, value in added.items() if key not in deeper}
    return {**removed, **new, **deeper}
