"""JSON merge patches (RFC 7396): applied, and made of two objects or of three. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fkube.merging.patches.values import kind, same, without_nulls
from fkube.resource.info import Object

_MISSING: Any = object()


def merged(target: Any, patch: Any) -> Any:
    """A merge patch applied: null removes, objects are merged, anything else replaces.

    Law: merging_twice
    Follows `MergePatch` of json-patch.

    >>> merged({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"d": 3}})
    {'b': {'c': 2, 'd': 3}}
    """
    if not isinstance(target, dict) or not isinstance(patch, dict):
        return without_nulls(patch)
    kept = {key: value for key, value in target.items() if patch.get(key, _MISSING) is not None}
    changed = {key: merged(target.get(key), value) for key, value in patch.items() if value is not None}
    return {**kept, **changed}


def merge_difference(original: Object, modified: Object) -> Object:
    """The merge patch that makes one object of another, as far as one can: it can't set what is null.

    Law: merge_difference_gives, merge_difference_of_same
    Follows `CreateMergePatch` of json-patch.

    >>> merge_difference({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 2, "d": 4}})
    {'b': {'d': 4}, 'a': None}
    """
    gone: Object = {key: None for key in original if key not in modified}
    return {**dict(_changes(original, modified)), **gone}


def _changes(original: Object, modified: Object) -> Iterator[tuple[str, Any]]:
    for key, new in modified.items():
        old = original.get(key, _MISSING)
        if isinstance(new, dict) and isinstance(old, dict):
            if inner := merge_difference(old, new):
                yield key, inner
        elif old is _MISSING or not (same(old, new) or _same_number(old, new)):
            yield key, new


def _same_number(left: Any, right: Any) -> bool:
    """Whether two numbers are one as floats, which is how json-patch reads them."""
    return {kind(left), kind(right)} == {"int", "float"} and float(left) == float(right)


def three_way_merge(original: Object, modified: Object, live: Object) -> Object:
    """The merge patch by which a live object gets what a manifest has, and loses what it had and has no more.

    What the manifest never named is left alone.
    Law: three_way_merge_gives, three_way_merge_twice
    Follows `CreateThreeWayJSONMergePatch` of apimachinery, whose conflicts and preconditions can't come about
    for two manifests of one object.

    >>> three_way_merge({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 2, "c": 4})
    {'a': None, 'b': 3}
    """
    added = _filtered(merge_difference(live, modified), nulls=False)
    removed = _filtered(merge_difference(original, modified), nulls=True)
    return _both(removed, added)


def _filtered(patch: Object, nulls: bool) -> Object:
    """The nulls of a patch only, or all else. Follows `keepOrDeleteNullInObj` of apimachinery."""
    kept: dict[str, Any] = {}
    for key, value in patch.items():
        if isinstance(value, dict) and value:
            if inner := _filtered(value, nulls):
                kept[key] = inner
        elif (value is None) == nulls:
            kept[key] = value
    return kept


def _both(removed: Object, added: Object) -> Object:
    """Two patches as one. Where both speak of a field, both speak of what is in it."""
    deeper = {key: _both(removed[key], added[key]) for key in removed if isinstance(added.get(key), dict)}
    new = {key: without_nulls(value) for key, value in added.items() if key not in deeper}
    return {**removed, **new, **deeper}
