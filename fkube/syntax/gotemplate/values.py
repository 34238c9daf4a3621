"""Values as Go's reflect package tells them apart, for templates: interfaces, kinds, truth.

Plain Python stands for what Go has of JSON; an integer beyond int64 is a float. None is no value at all.
Bytes that are no UTF-8 are lone surrogates in a text, as in Python's `surrogateescape`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from fkube.resource.dataclasses import dataclass, field
from fkube.syntax.gotext import type_name
from fkube.syntax.jsontext import fits_int64


@dataclass(frozen=True, slots=True)
class Boxed:
    """A value as maps and lists hold it, in an interface; None is null there."""

    value: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Integer:
    """An integer of another type than int64: `int` or `uint8`."""

    value: int
    type: str = "int"


Value: TypeAlias = Any
"""JSON data, `Boxed`, `Integer`, a complex number, or None."""


def unbox(value: Value) -> Value:
    """The value in an interface, or the value itself. Follows `indirectInterface` of text/template."""
    return value.value if isinstance(value, Boxed) else value


def name_type(value: Value) -> str:
    """Go's name for the type of a value.

    >>> name_type(Boxed("a")), name_type(Integer(1)), name_type(1), name_type(1j)
    ('interface {}', 'int', 'int64', 'complex128')
    """
    match value:
        case Boxed():
            return "interface {}"
        case Integer():
            return value.type
        case complex():
            return "complex128"
    return type_name(value)


def find_kind(value: Value) -> str:
    """The kind of a value that is in no interface: `bool`, `int`, `uint`, `float`, `string`, `map` …

    Follows `basicKind` of text/template. Empty for no value.

    >>> find_kind(Integer(1)), find_kind(2**63), find_kind([]), find_kind(None)
    ('int', 'float', 'slice', '')
    """
    match value:
        case Integer():
            return "int" if value.type == "int" else "uint"
        case bool():
            return "bool"
        case int():
            return "int" if fits_int64(value) else "float"
    return next((kind for type, kind in _KINDS if isinstance(value, type)), "")


def to_number(value: Value) -> Value:
    """The Python number of a Go number, and any other value as it is."""
    if isinstance(value, Integer):
        return value.value
    return float(value) if find_kind(value) == "float" else value


def is_true(value: Value) -> bool:
    """Whether a value is true: not zero, not empty, and there. Follows `isTrue` of text/template."""
    return bool(to_number(unbox(value)))


def to_bytes(text: str) -> bytes:
    """The bytes of a text, those too that are no UTF-8."""
    return text.encode("utf-8", "surrogateescape" if _is_bytes(text) else "replace")


def to_text(data: bytes) -> str:
    """The text of bytes; what is no UTF-8 comes back by `to_bytes`."""
    return data.decode("utf-8", "surrogateescape")


def join_bytes(text: str) -> str:
    """The text, with bytes that are UTF-8 together made characters."""
    return text if text.isascii() else to_text(to_bytes(text))


def _is_bytes(text: str) -> bool:
    """Whether lone surrogates of a text stand for bytes, all of them."""
    return not any("\ud800" <= c < "\udc80" or "\udcff" < c <= "\udfff" for c in text)


_KINDS = (
    (str, "string"),
    (dict, "map"),
    (list | tuple, "slice"),
    (float, "float"),
    (complex, "complex"),
)
