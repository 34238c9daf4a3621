"""Values of one type merged, compared, and with fields taken out. Pure; what is not changed is shared.

Follows `TypedValue.Merge`, `Compare` and `RemoveItems` of structured-merge-diff.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from fkube.merging.fields.paths import FieldSet, Path, field, fields_v1
from fkube.merging.fields.typed import element, leaf
from fkube.merging.fields.types import Form, Type
from fkube.resource.info import Object

MISSING: Final = object()
"""What stands for a value where there is none; null is a value."""

_DEEP = (dict, list, None.__class__)

Change: TypeAlias = Literal["removed", "modified", "added"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The fields in which a second value differs from a first."""

    removed: FieldSet = frozenset()
    modified: FieldSet = frozenset()
    added: FieldSet = frozenset()


def merged(type: Type, live: Any, config: Any) -> Any:
    """A value with what another one says written over it; lists take the order of the other one.

    Law: merged_idempotent, fields_of_merged

    >>> merged(Type({}), {"a": 1, "b": {"c": 2}}, {"b": {"d": 3}})
    {'a': 1, 'b': {'c': 2, 'd': 3}}
    """
    found = _merged(type, live, config)
    return None if found is MISSING else found


def _merged(type: Type, live: Any, config: Any) -> Any:
    opened = type.opened
    form = opened.form(live if config is MISSING else config)
    left, right = _as(form, live), _as(form, config)
    if leaf(opened, form) or not (left or right):
        return live if config is MISSING else config
    if form == "map":
        return _merged_map(opened, left, right)
    return _merged_list(opened, left, right)


def _as(form: Form, value: Any) -> Any:
    """A map or list as what it is; anything else as an empty one."""
    kind: type[Any] = dict if form == "map" else list
    return value if isinstance(value, kind) else kind()


def _merged_map(type: Type, live: Object, config: Object) -> Any:
    found = {
        key: _merged(_of(type, key), live.get(key, MISSING), config.get(key, MISSING))
        for key in dict.fromkeys((*live, *config))
    }
    return {key: value for key, value in found.items() if value is not MISSING} or MISSING


def _of(type: Type, key: str) -> Type:
    return type.field(key) or type.rest or type


def _merged_list(type: Type, live: list[Any], config: list[Any]) -> Any:
    known = [(element(type, item).value_or(""), item) for item in live]
    wanted = {element(type, item).value_or(""): item for item in config}
    names = [name for name, _ in known]
    times = Counter(names)
    # Items that are there twice are not merged with what is written over them.
    old = {name: item if times[name] == 1 else None for name, item in known}

    def one(name: str, left: Any) -> Any:
        return _merged(type.items, left, wanted.get(name, MISSING))

    order = _order(names, list(wanted))
    found = [one(name, known[at][1] if name not in wanted else old.get(name, MISSING)) for name, at in order]
    return [item for item in found if item is not MISSING] or MISSING


def _order(live: list[str], config: list[str]) -> Iterator[tuple[str, int]]:
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


def compared(type: Type, old: Any, new: Any) -> Comparison:
    """In which fields a value differs from the one that it was.

    Law: compared_same

    >>> compared(Type({}), {"a": 1, "b": 2}, {"b": 3, "c": [1]}).added
    frozenset({('f:c',)})
    """
    found: dict[Change, set[Path]] = {"removed": set(), "modified": set(), "added": set()}
    for change, path in _changes(type, old, new, ()):
        found[change].add(path)
    found = {change: paths - {()} for change, paths in found.items()}
    return Comparison(*(frozenset(found[change]) for change in ("removed", "modified", "added")))


def _changes(type: Type, old: Any, new: Any, path: Path) -> Iterator[tuple[Change, Path]]:
    if old is new:
        return
    opened = type.opened
    first = opened.form(new if old is MISSING else old)
    forms = [first] if old is MISSING or new is MISSING else dict.fromkeys((first, opened.form(new)))
    whole = False
    for form in forms:
        left, right = _as(form, old), _as(form, new)
        whole = leaf(opened, form) or not (left or right)
        if whole:
            yield from _leaf_changes(old, new, path)
        elif form == "map":
            yield from _map_changes(opened, left, right, path)
        else:
            yield from _list_changes(opened, left, right, path)
    if not whole and (old is MISSING or new is MISSING):
        yield "added" if old is MISSING else "removed", path


def _leaf_changes(old: Any, new: Any, path: Path) -> Iterator[tuple[Change, Path]]:
    if old is MISSING or new is MISSING:
        yield "added" if old is MISSING else "removed", path
    elif not same(old, new):
        yield "modified", path


def _map_changes(type: Type, old: Object, new: Object, path: Path) -> Iterator[tuple[Change, Path]]:
    for key in dict.fromkeys((*old, *new)):
        left, right, here = old.get(key, MISSING), new.get(key, MISSING), (*path, field(key))
        if isinstance(left, _DEEP) or isinstance(right, _DEEP):
            yield from _changes(_of(type, key), left, right, here)
        else:
            # A scalar is one field whatever its type.
            yield from _leaf_changes(left, right, here)


def _list_changes(type: Type, old: list[Any], new: list[Any], path: Path) -> Iterator[tuple[Change, Path]]:
    left, right = _grouped(type, old), _grouped(type, new)
    for name in dict.fromkeys((*left, *right)):
        before, after, here = left.get(name, []), right.get(name, []), (*path, name)
        if max(len(before), len(after)) < 2:
            first, second = (before or [MISSING])[0], (after or [MISSING])[0]
            yield from _changes(type.items, first, second, here)
        elif min(len(before), len(after)) >= 2:
            yield from (("modified", here) for _ in (0,) if not same(before, after))
        elif len(before) >= 2:
            yield from _changes(type.items, MISSING, after[0], here) if after else ()
            yield "removed", here
        else:
            yield from _changes(type.items, before[0], MISSING, here) if before else ()
            yield "added", here


def _grouped(type: Type, items: list[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for item in items:
        found.setdefault(element(type, item).value_or(""), []).append(item)
    return found


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are one: `true` is not 1, and 1.0 is (`value.Equals`)."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def without(type: Type, value: Any, fields: Iterable[Path]) -> Any:
    """A value without some fields; what held nothing else is null afterwards.

    Law: without_fields

    >>> without(Type({}), {"a": 1, "b": {"c": 2}}, {("f:b", "f:c")})
    {'a': 1, 'b': None}
    """
    return _without(type, value, fields_v1(fields))


def _without(type: Type, value: Any, tree: Object) -> Any:
    opened = type.opened
    form = opened.form(value)
    if form == "scalar":
        return value
    if not value or leaf(opened, form) or not isinstance(value, (dict, list)):
        return None
    if isinstance(value, dict):
        left = {k: _left(_of(opened, k), v, tree.get(field(k))) for k, v in value.items()}
        return {key: inner for key, inner in left.items() if inner is not MISSING} or None
    items = [_left(opened.items, i, tree.get(element(opened, i).value_or(""))) for i in value]
    return [item for item in items if item is not MISSING] or None


def _left(type: Type, value: Any, tree: Object | None) -> Any:
    """What is left of a value: itself where no field of it goes, nothing where it goes itself."""
    if tree is None:
        return value
    return MISSING if not tree or "." in tree else _without(type, value, tree)
