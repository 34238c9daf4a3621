"""Strategic merge patches applied to objects of built-in kinds, by the merge keys of their schemas. Pure.

Follows `StrategicMergeMapPatchUsingLookupPatchMeta` of apimachinery: the directives `$patch`, `$retainKeys`,
`$deleteFromPrimitiveList` and `$setElementOrder`.
"""

from __future__ import annotations

from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.kinds import recorded
from fkube.info import Object

_DIRECTIVES = ("$patch", "$retainKeys", "$deleteFromPrimitiveList/", "$setElementOrder/")


def strategic_merged(schema: Object, object: Object, patch: Object) -> Result[Object, str]:
    """The object with the patch applied.

    Errors: a directive that is none, and a list item without its merge key.

    >>> merging = {"x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "n"}
    >>> before, patch = {"l": [{"n": "a", "v": 1}]}, {"l": [{"n": "a", "v": 2}]}
    >>> strategic_merged({"properties": {"l": merging}}, before, patch).unwrap()
    {'l': [{'n': 'a', 'v': 2}]}
    """
    wrong = _wrong(schema, patch)
    return Failure(wrong) if wrong else Success(_map(schema, object, patch))


def _opened(schema: Object) -> Object:
    opened: Object = recorded()["schemas"].get(schema["$ref"], {}) if "$ref" in schema else schema
    return opened


def _field(schema: Object, key: str) -> tuple[Object, bool, str]:
    """The schema of a field, whether its list is merged, and by which key."""
    opened = _opened(schema)
    found = (opened.get("properties") or {}).get(key) or opened.get("additionalProperties") or {}
    merges = "merge" in found.get("x-kubernetes-patch-strategy", "").split(",")
    return found, merges, found.get("x-kubernetes-patch-merge-key", "")


def _wrong(schema: Object, patch: Any) -> str:
    """What is wrong with a patch, or nothing."""
    if not isinstance(patch, dict):
        return ""
    if patch.get("$patch", "merge") not in ("merge", "replace", "delete"):
        return f"unknown patch type: {patch['$patch']}"
    told = (_wrong_field(schema, key, value) for key, value in patch.items())
    return next(filter(None, told), "")


def _wrong_field(schema: Object, key: str, value: Any) -> str:
    if key.startswith(_DIRECTIVES[1:]):
        return "" if isinstance(value, list) else f"invalid patch format of {key}: it must be a list"
    inner, merges, merge_key = _field(schema, key)
    if not (isinstance(value, list) and merges and merge_key):
        return _wrong(inner, value)
    told = (_wrong_item(inner.get("items") or {}, item, merge_key) for item in value)
    return next(filter(None, told), "")


def _wrong_item(schema: Object, item: Any, merge_key: str) -> str:
    if not isinstance(item, dict):
        return f"expected an object with the merge key {merge_key}, got {type(item).__name__}"
    if merge_key in item or item.get("$patch") == "replace":
        return _wrong(schema, item)
    shown = " ".join(f"{name}:{item[name]}" for name in sorted(item))
    return f"map: map[{shown}] does not contain declared merge key: {merge_key}"


def _map(schema: Object, original: Object, patch: Object) -> Object:
    directive = patch.get("$patch")
    if directive == "delete":
        return {}
    if directive == "replace":
        return {key: value for key, value in patch.items() if key != "$patch"}
    retained = patch.get("$retainKeys")
    base = (
        original if retained is None else {key: value for key, value in original.items() if key in retained}
    )
    named = {_plain(key): None for key in patch if not key.startswith(("$patch", "$retainKeys"))}
    changed = {key: _value(schema, key, base.get(key), patch) for key in named}
    kept = {key: value for key, value in base.items() if key not in changed}
    return {**kept, **{key: value for key, value in changed.items() if value is not None}}


def _plain(key: str) -> str:
    return key.partition("/")[2] if key.startswith(_DIRECTIVES[2:]) else key


def _value(schema: Object, key: str, old: Any, patch: Object) -> Any:
    """What a field becomes: its patch, the items to delete and the order of the list all speak of it."""
    inner, merges, merge_key = _field(schema, key)
    deleted = patch.get(f"$deleteFromPrimitiveList/{key}") or ()
    order = patch.get(f"$setElementOrder/{key}")
    base = [item for item in old if item not in deleted] if isinstance(old, list) and deleted else old
    new = patch.get(key, _NOTHING)
    if new is None or (isinstance(new, dict) and _unmade(new, base)):
        return None
    if isinstance(new, dict):
        return _map(inner, base if isinstance(base, dict) else {}, new)
    if new is not _NOTHING and not (isinstance(new, list) and merges):
        return new
    if base is None and new is _NOTHING:
        return None
    changes = new if isinstance(new, list) else []
    items = _list(inner.get("items") or {}, base or [], changes, merge_key)
    return _ordered(items, base or [], changes if order is None else order, merge_key)


def _unmade(new: Object, base: Any) -> bool:
    """Whether a directive leaves nothing: one that deletes, or any where there was nothing."""
    return new.get("$patch") == "delete" or ("$patch" in new and not isinstance(base, dict))


_NOTHING = object()


def _list(schema: Object, old: list[Any], new: list[Any], merge_key: str) -> list[Any]:
    if not merge_key:
        return [*old, *(item for item in new if item not in old)]
    if any(item.get("$patch") == "replace" for item in new):
        return [item for item in new if "$patch" not in item]
    gone = [item[merge_key] for item in new if item.get("$patch") == "delete"]
    patches = {item[merge_key]: item for item in new if item.get("$patch") != "delete"}
    kept = [item for item in old if item.get(merge_key) not in gone]
    merged = [
        _map(schema, item, patches[item[merge_key]]) if item.get(merge_key) in patches else item
        for item in kept
    ]
    known = {item.get(merge_key) for item in kept}
    return [*merged, *(_map(schema, {}, item) for key, item in patches.items() if key not in known)]


def _ordered(items: list[Any], old: list[Any], order: list[Any], merge_key: str) -> list[Any]:
    """The items in the order asked for; those that it does not name stay where they were among the old ones.

    Follows `normalizeElementOrder` of apimachinery.
    """
    wanted = [_name(item, merge_key) for item in order]
    before = [_name(item, merge_key) for item in old]
    named = (item for item in items if _name(item, merge_key) in wanted)
    others = [item for item in items if _name(item, merge_key) not in wanted]
    merged: list[Any] = []
    for item in sorted(named, key=lambda item: wanted.index(_name(item, merge_key))):
        while others and _earlier(_name(others[0], merge_key), _name(item, merge_key), before):
            merged.append(others.pop(0))
        merged.append(item)
    return [*merged, *others]


def _name(item: Any, merge_key: str) -> Any:
    return item.get(merge_key) if isinstance(item, dict) else item


def _earlier(left: Any, right: Any, before: list[Any]) -> bool:
    return left in before and right in before and before.index(left) < before.index(right)
