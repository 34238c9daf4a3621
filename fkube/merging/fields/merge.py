"""Values of one type merged, compared, and with fields taken out. Pure; what is not changed is shared.

Follows `TypedValue.Merge`, `Compare` and `RemoveItems` of structured-merge-diff.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Literal, TypeAlias

from toolz import groupby, valfilter

from fkube.merging.fields.paths import FieldSet, Path, field_element, fields_v1
from fkube.merging.fields.types import Form, Type
from fkube.merging.values import MISSING, is_there
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Object

_NOT_SCALAR = (dict, list, None.__class__)

Change: TypeAlias = Literal["removed", "modified", "added"]
_Changes: TypeAlias = Iterator[tuple[Change, Path]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The fields in which a second value differs from a first."""

    removed: FieldSet = frozenset()
    modified: FieldSet = frozenset()
    added: FieldSet = frozenset()


def merged(type: Type, live: object, config: object) -> Any:
    """Write a configuration over a live value; lists take the order of the configuration.

    Law: merged_idempotent, fields_of_merged

    >>> merged(Type({}), {"a": 1, "b": {"c": 2}}, {"b": {"d": 3}})
    {'a': 1, 'b': {'c': 2, 'd': 3}}
    """
    whole = _merge_values(type, live, config)
    return None if whole is MISSING else whole


def is_within(type: Type, live: object, config: object) -> bool:
    """Whether a live value certainly has all of a configuration already: `merged` would make nothing of it.

    False is no proof of the contrary. It makes nothing anew, so it is asked of many objects before `merged`.
    Law: within_is_merged

    >>> is_within(Type({}), {"a": 1, "b": {"c": 2}}, {"b": {"c": 2}}), is_within(Type({}), {"a": 1}, {"a": 2})
    (True, False)
    """
    if type.is_scalar:
        return config is not None and equal_values(live, config)
    target = type.target
    form = target.form(config)
    if config is None or target.is_atomic(form):
        return config is not None and equal_values(live, config)
    if isinstance(config, dict) and isinstance(live, dict):
        return all(key in live and is_within(target.member(key), live[key], config[key]) for key in config)
    if isinstance(config, list) and isinstance(live, list) and len(live) == len(config):
        names = [_item_name(target, item) for item in config]
        # Items without a name, or twice there, are not merged with others.
        apart = len({*names, ""}) == len(names) + 1 and names == [_item_name(target, item) for item in live]
        return apart and all(map(partial(is_within, target.items), live, config))
    return False


def _merge_values(type: Type, live: object, config: object) -> object:
    """Write a configuration over a value, as `merged`; `MISSING` stands for no value, also as result."""
    target = type.target
    form = target.form(live if config is MISSING else config)
    left, right = _as_form(form, live), _as_form(form, config)
    if target.is_atomic(form) or not (left or right):
        return live if config is MISSING else config
    return _merge_maps(target, left, right) if form == "map" else _merge_lists(target, left, right)


def _as_form(form: Form, value: object) -> Any:
    """A map or list as it is; anything else as an empty one."""
    kind = dict if form == "map" else list
    return value if isinstance(value, kind) else kind()


def _merge_maps(type: Type, live: Object, config: Object) -> object:
    """Merge two maps field by field; `MISSING` if no field is left."""
    members = {
        key: _merge_values(type.member(key), live.get(key, MISSING), config.get(key, MISSING))
        for key in dict.fromkeys((*live, *config))
    }
    return valfilter(is_there, members) or MISSING


def _merge_lists(type: Type, live: list[object], config: list[object]) -> object:
    """Merge two lists, their items found by keys or value; `MISSING` if no item is left."""
    names = [_item_name(type, item) for item in live]
    wanted = {_item_name(type, item): item for item in config}
    times = Counter(names)
    # Items that are there twice are not merged with what is written over them.
    old = {name: item if times[name] == 1 else None for name, item in zip(names, live, strict=True)}
    items = (
        _merge_values(type.items, live[at] if at >= 0 else old.get(name, MISSING), wanted.get(name, MISSING))
        for name, at in _merged_order(names, list(wanted))
    )
    return [*filter(is_there, items)] or MISSING


def _item_name(type: Type, item: object) -> str:
    """The path element of an item of a list; empty where it can have none."""
    return type.element(item).value_or("")


def _merged_order(live: list[str], config: list[str]) -> Iterator[tuple[str, int]]:
    """The names of a merged list, each with its place in the live one (-1 for what is written over it)."""
    known, wanted = frozenset(live), frozenset(config)
    shared = [name for name in config if name in known]
    for at, name in enumerate(live):
        if name not in wanted:
            yield name, at
        elif shared and name == shared[0]:
            end = config.index(name) + 1
            yield from ((one, -1) for one in config[:end])
            config, shared = config[end:], shared[1:]
    yield from ((one, -1) for one in config)


def compared(type: Type, old: object, new: object) -> Comparison:
    """The fields in which a value differs from an older one.

    Law: compared_same

    >>> compared(Type({}), {"a": 1, "b": 2}, {"b": 3, "c": [1]}).added
    frozenset({('f:c',)})
    """
    changes = groupby(0, ((change, path) for change, path in _changes_at_path(type, old, new, ()) if path))
    kinds: tuple[Change, ...] = ("removed", "modified", "added")
    return Comparison(*(frozenset(path for _, path in changes.get(kind, ())) for kind in kinds))


def _changes_at_path(type: Type, old: object, new: object, path: Path) -> _Changes:
    if old is new:
        return
    target = type.target
    first = target.form(new if old is MISSING else old)
    forms = [first] if old is MISSING or new is MISSING else dict.fromkeys((first, target.form(new)))
    whole = False
    for form in forms:
        left, right = _as_form(form, old), _as_form(form, new)
        whole = target.is_atomic(form) or not (left or right)
        if whole:
            yield from _whole_changes(old, new, path)
        elif form == "map":
            yield from _map_changes(target, left, right, path)
        else:
            yield from _list_changes(target, left, right, path)
    if not whole and (old is MISSING or new is MISSING):
        yield from _whole_changes(old, new, path)


def _whole_changes(old: object, new: object, path: Path) -> _Changes:
    """The change of a value that is one field as a whole; nothing if it stays."""
    if old is MISSING or new is MISSING:
        yield "added" if old is MISSING else "removed", path
    elif not equal_values(old, new):
        yield "modified", path


def _map_changes(type: Type, old: Object, new: Object, path: Path) -> _Changes:
    """The fields at and below a path that change from one map to another."""
    for key in dict.fromkeys((*old, *new)):
        left, right, here = old.get(key, MISSING), new.get(key, MISSING), (*path, field_element(key))
        if isinstance(left, _NOT_SCALAR) or isinstance(right, _NOT_SCALAR):
            yield from _changes_at_path(type.member(key), left, right, here)
        elif not equal_values(left, right):
            # A scalar is one field whatever its type.
            yield from _whole_changes(left, right, here)


def _list_changes(type: Type, old: list[object], new: list[object], path: Path) -> _Changes:
    """The fields at and below a path that change from one list to another.

    Items that are several times in both lists are compared together.
    """
    inner = type.items
    left, right = (groupby(partial(_item_name, type), items) for items in (old, new))
    for name in dict.fromkeys((*left, *right)):
        before, after, here = left.get(name, ()), right.get(name, ()), (*path, name)
        if len(before) < 2 or len(after) < 2:
            yield from _changes_at_path(inner, _only_item(before), _only_item(after), here)
            if len(before) > 1 or len(after) > 1:
                yield "removed" if len(before) > 1 else "added", here
        elif not equal_values(before, after):
            yield "modified", here


def _only_item(items: list[object]) -> object:
    """The item, if there is exactly one; else `MISSING`."""
    return items[0] if len(items) == 1 else MISSING


def equal_values(left: object, right: object) -> bool:
    """Whether two JSON values are equal: `true` is not 1, and 1.0 is (`value.Equals`)."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal_values(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal_values, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def without(type: Type, value: object, fields: Iterable[Path]) -> Any:
    """Remove fields from a value; what held nothing else is null afterwards.

    Law: without_fields

    >>> without(Type({}), {"a": 1, "b": {"c": 2}}, {("f:b", "f:c")})
    {'a': 1, 'b': None}
    """
    return _remove_below(type, value, fields_v1(fields))


def _remove_below(type: Type, value: object, tree: Object) -> object:
    """Remove from a value what a tree of `FieldsV1` names below it."""
    target = type.target
    form = target.form(value)
    if form == "scalar":
        return value
    if not value or target.is_atomic(form) or not isinstance(value, (dict, list)):
        return None
    if isinstance(value, dict):
        left = {k: _remove_field(target.member(k), v, tree.get(field_element(k))) for k, v in value.items()}
        return valfilter(is_there, left) or None
    items = (_remove_field(target.items, item, tree.get(_item_name(target, item))) for item in value)
    return [*filter(is_there, items)] or None


def _remove_field(type: Type, value: object, tree: Object | None) -> object:
    """Remove a whole field, or what a tree names below it; without a tree, nothing."""
    if tree is None:
        return value
    return MISSING if not tree or "." in tree else _remove_below(type, value, tree)
