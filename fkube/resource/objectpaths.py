"""The paths at which two objects differ. Never the values, which may be a Secret's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, TypeAlias

from fkube.resource.info import Object
from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later


def changed_paths(before: Object, after: Object) -> tuple[str, ...]:
    """List the paths at which two objects differ, sorted.

    What is added or removed is one path, however much is below it. Items of lists of equal length are
    compared by their places; lists of different length are one path. Values are compared as JSON: `true` is
    not 1, but 1.0 is, and null is not nothing. A key with dots or slashes stands in brackets and quotes.

    >>> before = {"metadata": {"labels": {"team": "a"}}, "spec": {"containers": [{"image": "web:1"}]}}
    >>> after = {"metadata": {"labels": {"team": "b", "app/name": "x"}}, "spec": {"containers": [{}]}}
    >>> changed_paths(before, after)
    ('metadata.labels.team', "metadata.labels['app/name']", 'spec.containers[0].image')
    """
    return tuple(sorted(path_text(steps) for steps in changed_steps(before, after)))


def changed_steps(before: Object, after: Object) -> Iterator[Steps]:
    """The paths at which two objects differ, as the keys and places that lead there, in no order.

    >>> [*changed_steps({"a": [{"b": 1}]}, {"a": [{"b": 2}]})]
    [('a', 0, 'b')]
    """
    # A stack of our own, and steps linked to the one before: objects may be deeper than Python's stack.
    open_pairs: list[_Pair] = [(before, after, None)]
    while open_pairs:
        one, other, way = open_pairs.pop()
        inner = _inner_pairs(one, other, way)
        if inner is not None:
            open_pairs.extend(inner)
        elif not _are_equal(one, other):
            yield _list_steps(way)


Steps: TypeAlias = tuple[str | int, ...]
"""The keys and places that lead to a value, the outermost first."""


_Way: TypeAlias = tuple[Any, str | int] | None
"""The way to a value: the way to its container, and its key or place there; None for the whole."""

_Pair: TypeAlias = tuple[Any, Any, _Way]
"""Two values and the way to both."""

_ABSENT = object()
_PLAIN = compile_later(r"[A-Za-z0-9_-]+")


def _inner_pairs(one: Any, other: Any, way: _Way) -> Iterator[_Pair] | None:
    """List the pairs of values within two values; None if they are compared as they are."""
    if one is other:
        return iter(())
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        keys = chain(one, (key for key in other if key not in one))
        return ((one.get(key, _ABSENT), other.get(key, _ABSENT), (way, str(key))) for key in keys)
    lists = isinstance(one, list | tuple) and isinstance(other, list | tuple)
    if lists and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return ((left, right, (way, place)) for place, (left, right) in pairs)
    return None


def _are_equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal scalars; `true` is not 1, but 1.0 is."""
    if isinstance(one, Mapping | list | tuple) or isinstance(other, Mapping | list | tuple):
        return False
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _list_steps(way: _Way) -> Steps:
    """The steps of a way, the outermost first."""
    steps: list[str | int] = []
    while way is not None:
        way, step = way
        steps.append(step)
    return tuple(reversed(steps))


def path_text(steps: Steps) -> str:
    """Write steps as `changed_paths` lists them; empty for the whole object."""
    return "".join(map(_step_text, steps)).removeprefix(".")


def _step_text(step: str | int) -> str:
    """Write one step: `.key`, `[0]`, or `['a.key']` where a key needs quotes."""
    if isinstance(step, int):
        return f"[{step}]"
    if _PLAIN.fullmatch(step):
        return f".{step}"
    escaped = quote_text(step)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"['{escaped}']"
