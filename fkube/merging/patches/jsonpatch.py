"""JSON patches (RFC 6902): lists of operations, applied. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from returns.result import Failure, Result, Success

from fkube.resource.info import Object

_MISSING = object()


def json_patched(document: Any, operations: Sequence[Object]) -> Result[Any, str]:
    """A JSON patch applied: all of it or nothing.

    Errors: which operation can't be applied, and why.

    >>> json_patched({"a": [1]}, [{"op": "add", "path": "/a/-", "value": 2}]).unwrap()
    {'a': [1, 2]}
    """
    start: Result[Any, str] = Success(document)
    return reduce(lambda done, one: done.bind(lambda value: _applied(value, one)), operations, start)


@dataclass(frozen=True, slots=True)
class _Lens:
    """A place in a document: what is there, and the document with something else there."""

    parts: tuple[str, ...]

    def get(self, value: Any) -> Any:
        for part in self.parts:
            value = _child(value, part)
        return value


def _applied(value: Any, operation: Object) -> Result[Any, str]:
    apply = _OPERATIONS.get(str(operation.get("op")))
    if apply is None or not isinstance(operation.get("path"), str):
        return Failure(f"unexpected kind: {operation.get('op')}")
    return apply(value, operation, _parts(operation["path"]))


def _parts(pointer: str) -> tuple[str, ...]:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _child(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part, _MISSING)
    at = _index(value, part)
    return _MISSING if at is None else value[at]


def _index(value: Any, part: str) -> int | None:
    """Where in a list a part points to; a negative one counts from the end, as the server has it."""
    if not isinstance(value, list) or not part.removeprefix("-").isdecimal():
        return None
    at = int(part) + (len(value) if part.startswith("-") else 0)
    return at if 0 <= at < len(value) else None


def _add(value: Any, operation: Object, parts: tuple[str, ...]) -> Result[Any, str]:
    return _changed(
        value, parts, lambda parent, last: _put(parent, last, operation.get("value"), insert=True)
    )


def _replace(value: Any, operation: Object, parts: tuple[str, ...]) -> Result[Any, str]:
    return _changed(
        value, parts, lambda parent, last: _put(parent, last, operation.get("value"), insert=False)
    )


def _remove(value: Any, _: Object, parts: tuple[str, ...]) -> Result[Any, str]:
    return _changed(value, parts, _without)


def _move(value: Any, operation: Object, parts: tuple[str, ...]) -> Result[Any, str]:
    source = _parts(str(operation.get("from")))
    found = _Lens(source).get(value)
    return _remove(value, operation, source).bind(lambda rest: _add(rest, {"value": found}, parts))


def _copy(value: Any, operation: Object, parts: tuple[str, ...]) -> Result[Any, str]:
    found = _Lens(_parts(str(operation.get("from")))).get(value)
    # The server's library copies what is not there as null.
    return _add(value, {"value": None if found is _MISSING else found}, parts)


def _test(value: Any, operation: Object, parts: tuple[str, ...]) -> Result[Any, str]:
    found = _Lens(parts).get(value)
    same = (None if found is _MISSING else found) == operation.get("value")
    return Success(value) if same else Failure(f"testing value {operation['path']} failed: test failed")


_OPERATIONS: Mapping[str, Callable[[Any, Object, tuple[str, ...]], Result[Any, str]]] = {
    "add": _add,
    "replace": _replace,
    "remove": _remove,
    "move": _move,
    "copy": _copy,
    "test": _test,
}

_Change = Callable[[Any, str], Result[Any, str]]


def _changed(value: Any, parts: tuple[str, ...], change: _Change) -> Result[Any, str]:
    """The document with one place changed; what leads there is copied, the rest shared."""
    if not parts:
        return Failure("the whole document can't be changed")
    if len(parts) == 1:
        return change(value, parts[0])
    inner = _child(value, parts[0])
    if inner is _MISSING:
        return Failure(f"doc is missing path: {'/'.join(parts)}: missing value")
    return _changed(inner, parts[1:], change).bind(lambda found: _put(value, parts[0], found, insert=False))


def _put(parent: Any, last: str, value: Any, insert: bool) -> Result[Any, str]:
    if isinstance(parent, dict):
        # Replacing what is not there adds it: the server's library is called so.
        return Success({**parent, last: value})
    at = _index(parent, last)
    if isinstance(parent, list) and insert and last in ("-", str(len(parent))):
        return Success([*parent, value])
    if at is not None:
        return Success([*parent[:at], value, *parent[at + (not insert) :]])
    return Failure(f"Unable to access invalid index: {last}: invalid index referenced")


def _without(parent: Any, last: str) -> Result[Any, str]:
    if isinstance(parent, dict) and last in parent:
        return Success({key: value for key, value in parent.items() if key != last})
    at = _index(parent, last)
    if at is not None:
        return Success([*parent[:at], *parent[at + 1 :]])
    return Failure(f"Unable to remove nonexistent key: {last}: missing value")
