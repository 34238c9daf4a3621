"""The functions of templates: Go's own, and cli-runtime's `exists` and `base64decode`.

Follows funcs.go of text/template. What a function can't do is a ValueError in Go's words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias

from fkube.resource.dataclasses import dataclass
from fkube.syntax.gotemplate import comparing
from fkube.syntax.gotemplate.comparing import HIDDEN
from fkube.syntax.gotemplate.escaping import decode_base64, escape_html, escape_javascript, escape_query
from fkube.syntax.gotemplate.printing import print_format, print_line, print_values
from fkube.syntax.gotemplate.values import (
    Boxed,
    Integer,
    Value,
    find_kind,
    is_true,
    name_type,
    to_bytes,
    to_number,
    to_text,
    unbox,
)

Kind: TypeAlias = Literal["any", "string"]
"""What an argument may be."""


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function, with the kinds of its arguments; `rest`: whether any more may follow."""

    run: Callable[[Sequence[Value]], Value]
    kinds: tuple[Kind, ...] = ()
    rest: bool = False


def index_value(values: Sequence[Value]) -> Value:
    """Look into a map, list or text, by one key or position after another.

    >>> index_value([{"a": [1, 2]}, "a", 1]).value
    2
    """
    item, indexes = values[0], values[1:]
    if unbox(item) is None:
        raise ValueError("index of untyped nil")
    for at in map(unbox, indexes):
        if unbox(item) is None:
            raise ValueError("index of nil pointer")
        item = _index_once(unbox(item), at)
    return item


def _index_once(item: Value, at: Value) -> Value:
    """Look into a value by one key or position."""
    if isinstance(item, dict):
        if at is None:
            raise ValueError("value is nil; should be of type string")
        if not isinstance(at, str):
            raise ValueError(f"value has type {name_type(at)}; should be string")
        return Boxed(item.get(at))
    if not isinstance(item, list | tuple | str):
        raise ValueError(f"can't index item of type {name_type(item)}")
    held = to_bytes(item) if isinstance(item, str) else item
    place = _read_index(at, len(held))
    if place == len(held):
        raise ValueError(f"reflect: {'string' if isinstance(item, str) else 'slice'} index out of range")
    return Integer(held[place], "uint8") if isinstance(held, bytes) else Boxed(held[place])


def _read_index(at: Value, most: int) -> int:
    """Read a position. Follows `indexArg` of text/template."""
    if at is None:
        raise ValueError("cannot index slice/array with nil")
    if find_kind(at) not in ("int", "uint"):
        raise ValueError(f"cannot index slice/array with type {name_type(at)}")
    place = to_number(at)
    if not 0 <= place <= most:
        raise ValueError(f"index out of range: {HIDDEN if isinstance(at, int) else place}")
    return int(place)


def slice_value(values: Sequence[Value]) -> Value:
    """Take a part of a list or text.

    >>> slice_value(["hello", 1, 3])
    'el'
    """
    item, indexes = unbox(values[0]), values[1:]
    _check_slice(item, len(indexes))
    held = to_bytes(item) if isinstance(item, str) else item
    # Go looks into no interface here: a field is no position.
    places = [_read_index(at, len(held)) for at in indexes]
    begin, end, most = (*places, *(0, len(held), len(held))[len(places) :])
    if begin > end or end > most:
        low, high = (begin, end) if begin > end else (end, most)
        raise ValueError(f"invalid slice index: {low} > {high}")
    return to_text(held[begin:end]) if isinstance(held, bytes) else list(held[begin:end])


def _check_slice(item: Value, count: int) -> None:
    """Refuse what can't be sliced, or not by so many positions."""
    if item is None:
        raise ValueError("slice of untyped nil")
    if count > 3:
        raise ValueError(f"too many slice indexes: {count}")
    if not isinstance(item, list | tuple | str):
        raise ValueError(f"can't slice item of type {name_type(item)}")
    if isinstance(item, str) and count == 3:
        raise ValueError("cannot 3-index slice a string")


def count_items(values: Sequence[Value]) -> Value:
    """The length of a map, list or text."""
    item = unbox(values[0])
    if item is None and isinstance(values[0], Boxed):
        raise ValueError("len of nil pointer")
    if item is None:
        raise ValueError("reflect: call of reflect.Value.Type on zero Value")
    if isinstance(item, str):
        return Integer(len(to_bytes(item)))
    if isinstance(item, dict | list | tuple):
        return Integer(len(item))
    raise ValueError(f"len of type {name_type(item)}")


def value_exists(values: Sequence[Value]) -> bool:
    """Whether keys and positions lead to a value that is there. Follows `exists` of cli-runtime."""
    item = unbox(values[0])
    for at in map(unbox, values[1:]):
        if isinstance(item, dict):
            item = item.get("" if at is None else at) if isinstance(at, str | None) else None
        elif isinstance(item, list | tuple | str) and find_kind(at) in ("int", "uint"):
            held = to_bytes(item) if isinstance(item, str) else item
            place = to_number(at)
            item = held[place] if 0 <= place < len(held) else None
        else:
            return False
        if item is None:
            return False
    return True


def _print_any(values: Sequence[Value]) -> str:
    """Print arguments as a template prints them: nothing as `<no value>`. Follows `evalArgs`."""
    return print_values(["<no value>" if unbox(value) is None else value for value in values])


def _refuse_call(values: Sequence[Value]) -> Value:
    """Refuse to call a value, of which none is a function. Follows `call` of text/template."""
    value = unbox(values[0])
    if value is None:
        raise ValueError("call of nil")
    raise ValueError(f"non-function {HIDDEN} of type {name_type(value)}")


def _compare(compare: Callable[[Sequence[Value]], bool]) -> Builtin:
    """A comparison of two values."""
    return Builtin(compare, ("any", "any"))


FUNCTIONS: Mapping[str, Builtin] = {
    # Their arguments are evaluated one after another, as far as they are needed.
    "and": Builtin(lambda values: values[-1], ("any",), rest=True),
    "or": Builtin(lambda values: values[-1], ("any",), rest=True),
    "not": Builtin(lambda values: not is_true(values[0]), ("any",)),
    "call": Builtin(_refuse_call, ("any",), rest=True),
    "html": Builtin(lambda values: escape_html(_print_any(values)), rest=True),
    "js": Builtin(lambda values: escape_javascript(_print_any(values)), rest=True),
    "urlquery": Builtin(lambda values: escape_query(_print_any(values)), rest=True),
    "index": Builtin(index_value, ("any",), rest=True),
    "slice": Builtin(slice_value, ("any",), rest=True),
    "len": Builtin(count_items, ("any",)),
    "print": Builtin(print_values, rest=True),
    "printf": Builtin(lambda values: print_format(values[0], values[1:]), ("string",), rest=True),
    "println": Builtin(print_line, rest=True),
    "eq": Builtin(comparing.is_equal, ("any",), rest=True),
    "ne": _compare(comparing.is_unequal),
    "lt": _compare(comparing.is_less),
    "le": _compare(comparing.is_at_most),
    "gt": _compare(comparing.is_greater),
    "ge": _compare(comparing.is_at_least),
    "exists": Builtin(value_exists, ("any",), rest=True),
    "base64decode": Builtin(lambda values: decode_base64(values[0]), ("string",)),
}
"""The functions by name."""
