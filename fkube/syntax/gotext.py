"""JSON values in Go's words: as encoding/json writes them, and as fmt prints them. Text only, no I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, repeat
from typing import Any

from fkube.syntax.jsontext import fits


def json_text(value: Any, indent: str = "\n", step: str = "    ") -> str:
    """The value as JSON with sorted keys, without a line end; `indent` begins a line, `step` goes deeper.

    Follows `MarshalIndent` of encoding/json, which is what `JSONPrinter` of cli-runtime prints.

    >>> print(json_text({"b": [], "a": [1.0, "<b>"]}))
    {
        "a": [
            1,
            "\\u003cb\\u003e"
        ],
        "b": []
    }
    """
    return _written(replace(_BLOCK, step=step), value, indent)


def json_line(value: Any) -> str:
    """The value as JSON in one line, with sorted keys. Follows `Marshal` of encoding/json.

    >>> json_line({"b": None, "a": [1e21, 1e-7, "\\t"]})
    '{"a":[1e+21,1e-7,"\\\\t"],"b":null}'
    """
    return _written(_LINE, value, "")


def plain(value: Any) -> str:
    """The value as Go's `%v`: what `fmt.Sprint` makes of it.

    >>> plain({"b": [1, "x y"], "a": None, "c": 1234567.5, "d": True})
    'map[a:<nil> b:[1 x y] c:1.2345675e+06 d:true]'
    """
    return _written(_PLAIN, value, "")


def float_text(value: float) -> str:
    """A float with an exponent from a million on: `FormatFloat(value, 'g', -1, 64)` of strconv.

    >>> float_text(2.5), float_text(1e6), float_text(1e-5)
    ('2.5', '1e+06', '1e-05')
    """
    digits = Decimal(repr(value)).normalize()
    if -4 <= digits.adjusted() < 6:
        return f"{digits:f}"
    return re.sub(r"e([-+])(\d)$", r"e\g<1>0\2", f"{digits:e}")


def type_name(value: Any) -> str:
    """Go's name for the type of a value as JSON is decoded: errors name it, never the value.

    >>> type_name({}), type_name([]), type_name(1), type_name(None)
    ('map[string]interface {}', '[]interface {}', 'int64', '<nil>')
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return "int64" if fits(value) else "float64"
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "<nil>")


_TYPES = (
    (dict, "map[string]interface {}"),
    (list | tuple, "[]interface {}"),
    (str, "string"),
    (bool, "bool"),
    (float, "float64"),
)
_ESCAPED = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_END: Any = object()
"""Stands where a value would, behind the last one of a collection."""


@dataclass(frozen=True, slots=True)
class _Style:
    """How values are written: `map` and `list` are what opens and closes them, `step` indents."""

    scalar: Callable[[Any], str]
    key: Callable[[str], str]
    map: tuple[str, str]
    list: tuple[str, str] = ("[", "]")
    comma: str = ","
    step: str = ""


def _written(style: _Style, value: Any, indent: str) -> str:
    """The text of a value. It keeps a stack of its own: values may be nested deeper than calls can be."""
    done: list[str] = []
    todo: list[tuple[str, Any, str]] = [("", value, indent)]
    while todo:
        before, value, indent = todo.pop()
        done.append(before)
        if not isinstance(value, dict | list | tuple):
            done.append("" if value is _END else style.scalar(value))
            continue
        opened, closed = style.map if isinstance(value, dict) else style.list
        deeper = indent + style.step
        done.append(opened)
        todo.append((indent + closed if value else closed, _END, indent))
        parts = zip(chain([""], repeat(style.comma)), _members(style, value), strict=False)
        todo += reversed([(f"{comma}{deeper}{key}", member, deeper) for comma, (key, member) in parts])
    return "".join(done)


def _members(style: _Style, value: Any) -> Iterator[tuple[str, Any]]:
    """What is in a collection, with what is written before each."""
    if isinstance(value, dict):
        return ((style.key(key), value[key]) for key in sorted(value))
    return (("", item) for item in value)


def _json(value: Any) -> str:
    if isinstance(value, str):
        return _ESCAPED.sub(_escape, json.dumps(value, ensure_ascii=False))
    return _number(value) if isinstance(value, float) else json.dumps(value)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"


def _number(value: float) -> str:
    """A float as JSON: without an exponent from 1e-6 up to 1e21."""
    if value and not 1e-6 <= abs(value) < 1e21:
        return re.sub(r"e-0(\d)$", r"e-\1", repr(value))
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def _printed(value: Any) -> str:
    if isinstance(value, float) or (isinstance(value, int) and not fits(value)):
        return float_text(float(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "<nil>" if value is None else str(value)


_BLOCK = _Style(_json, lambda key: f"{_json(key)}: ", ("{", "}"))
_LINE = _Style(_json, lambda key: f"{_json(key)}:", ("{", "}"))
_PLAIN = _Style(_printed, "{}:".format, ("map[", "]"), comma=" ")
