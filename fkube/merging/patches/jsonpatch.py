"""JSON patches (RFC 6902): lists of operations, applied. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from operator import itemgetter
from typing import Any, TypeAlias

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from fkube.resource.info import Object
from fkube.resource.patterns import compile_later
from fkube.syntax.jsontext import MAX_WRAPPED_DEPTH, is_deeper

_Parts: TypeAlias = tuple[str, ...]
"""The keys and positions that lead to a place in a document."""

_Patched: TypeAlias = Result[Any, str]
"""The document after an operation, or why that can't be applied."""

_INDEX = compile_later("-?[0-9]{1,18}")
"""A position in a list; what is longer is in no list."""


MOST_COPIED = 3 * 1024 * 1024
"""The most bytes that a patch may copy within a document: `JSONPatchMaxCopyBytes` of apiserver."""


def json_patched(document: Any, operations: Sequence[Object]) -> Result[Any, str]:
    """Apply a JSON patch: all of it or nothing.

    Errors: which operation can't be applied, and why; copies of more than `MOST_COPIED` bytes.
    Follows `Patch.Apply` and `AccumulatedCopySizeLimit` of evanphx/json-patch.

    >>> json_patched({"a": [1]}, [{"op": "add", "path": "/a/-", "value": 2}]).unwrap()
    {'a': [1, 2]}
    """
    if not isinstance(operations, list | tuple):
        return Failure("a JSON patch is a list of operations")
    start: Result[tuple[Any, int], str] = Success((document, 0))
    done = reduce(lambda done, one: done.bind(partial(_apply_next, one)), operations, start)
    return done.map(itemgetter(0))


def _apply_next(operation: Any, so_far: tuple[Any, int]) -> Result[tuple[Any, int], str]:
    """Apply one operation to a document of which so many bytes were copied before; and how many are then.

    Errors: more than `MOST_COPIED`: copies of copies would double without end.
    """
    value, copied = so_far
    if isinstance(operation, dict) and operation.get("op") == "copy":
        source = _pointer_parts(str(operation.get("from")))
        copied += len(json.dumps(_value_at(value, source), ensure_ascii=False, separators=(",", ":")))
        if copied > MOST_COPIED:
            why = f"the accumulated size increase of copy is {copied}, exceeding the limit {MOST_COPIED}"
            return Failure(f"Unable to complete the copy, {why}")
    return _apply_operation(value, operation).map(lambda changed: (changed, copied))


def _apply_operation(value: object, operation: Any) -> _Patched:
    """Apply one operation to a document; it may be of any shape."""
    if not isinstance(operation, dict):
        return Failure("an operation of a JSON patch is an object")
    apply = _OPERATIONS.get(str(operation.get("op")))
    if apply is None or not isinstance(operation.get("path"), str):
        return Failure(f"unexpected kind: {operation.get('op')}")
    return apply(value, operation, _pointer_parts(operation["path"]))


def _pointer_parts(pointer: str) -> _Parts:
    """Split a JSON pointer such as `/a/0` into its parts, their escapes taken off."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _child(part: str, value: object) -> _Patched:
    """The member of a map, or the item of a list, that a part of a pointer names."""
    if isinstance(value, dict) and part in value:
        return Success(value[part])
    at = _index(value, part)
    return Success(value[at]) if isinstance(value, list) and at is not None else Failure("missing value")


def _index(value: object, part: str) -> int | None:
    """Where in a list a part points to; a negative one counts from the end, as the server has it."""
    if not isinstance(value, list) or not _INDEX.fullmatch(part):
        return None
    at = int(part) + (len(value) if part.startswith("-") else 0)
    return at if 0 <= at < len(value) else None


def _value_at(value: object, parts: _Parts) -> Any:
    """The value at a place; null where nothing is, as the server's library has it."""
    start: _Patched = Success(value)
    return reduce(lambda found, part: found.bind(partial(_child, part)), parts, start).value_or(None)


def _write(value: object, operation: Object, parts: _Parts, insert: bool) -> _Patched:
    """Write the operation's value to a place; `insert`: before the list item that is there, not over it."""
    written = operation.get("value")
    # Operations one after another could nest what they copy without end.
    if is_deeper(written, max(MAX_WRAPPED_DEPTH - len(parts), 0)):
        return Failure(f"the patch nests more than {MAX_WRAPPED_DEPTH} collections in each other")
    return _change_at(value, parts, lambda parent, last: _put_child(parent, last, written, insert))


def _remove(value: object, _: Object, parts: _Parts) -> _Patched:
    """Remove what is at a place."""
    return _change_at(value, parts, _remove_child)


def _copy(value: object, operation: Object, parts: _Parts, move: bool = False) -> _Patched:
    """Copy the value at the operation's `from` to a place; `move` removes it there first."""
    source = _pointer_parts(str(operation.get("from")))
    addition = {"value": _value_at(value, source)}
    left: _Patched = _remove(value, operation, source) if move else Success(value)
    return left.bind(lambda rest: _add(rest, addition, parts))


def _test(value: object, operation: Object, parts: _Parts) -> _Patched:
    """Keep the document if a place has the operation's value; else fail."""
    same = _value_at(value, parts) == operation.get("value")
    return Success(value) if same else Failure(f"testing value {operation['path']} failed: test failed")


_add = partial(_write, insert=True)
_OPERATIONS: Mapping[str, Callable[[object, Object, _Parts], _Patched]] = {
    "add": _add,
    "replace": partial(_write, insert=False),
    "remove": _remove,
    "move": partial(_copy, move=True),
    "copy": _copy,
    "test": _test,
}


def _change_at(value: object, parts: _Parts, change: Callable[[object, str], _Patched]) -> _Patched:
    """The document with one place changed; what leads there is copied, the rest shared."""
    if not parts:
        return Failure("the whole document can't be changed")
    parents = [value]
    for number, part in enumerate(parts[:-1]):
        inner = _child(part, parents[-1])
        if not is_successful(inner):
            return Failure(f"doc is missing path: {'/'.join(parts[number:])}: {inner.failure()}")
        parents.append(inner.unwrap())
    changed = change(parents[-1], parts[-1])
    for parent, part in zip(parents[-2::-1], parts[-2::-1], strict=True):
        changed = changed.bind(partial(_put_child, parent, part, insert=False))
    return changed


def _put_child(parent: object, last: str, value: object, insert: bool) -> _Patched:
    """Put a value at a key of a map or a position of a list; `insert` keeps the item that is there."""
    if isinstance(parent, dict):
        # Replacing what is not there adds it: the server's library is called so.
        return Success({**parent, last: value})
    if isinstance(parent, list) and insert and last in ("-", str(len(parent))):
        return Success([*parent, value])
    at = _index(parent, last)
    if isinstance(parent, list) and at is not None:
        return Success([*parent[:at], value, *parent[at + (not insert) :]])
    return Failure(f"Unable to access invalid index: {last}: invalid index referenced")


def _remove_child(parent: object, last: str) -> _Patched:
    """Remove the member of a map, or the item of a list, that a part of a pointer names."""
    if isinstance(parent, dict) and last in parent:
        return Success({key: value for key, value in parent.items() if key != last})
    at = _index(parent, last)
    if isinstance(parent, list) and at is not None:
        return Success([*parent[:at], *parent[at + 1 :]])
    return Failure(f"Unable to remove nonexistent key: {last}: missing value")
