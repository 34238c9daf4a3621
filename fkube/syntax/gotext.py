"""JSON values in Go's words: as encoding/json writes them, and as fmt prints them. Text only, no I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, repeat

from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.patterns import compile_later
from fkube.syntax.jsontext import fits_int64


def json_text(value: object, indent: str = "\n", step: str = "    ") -> str:
    """Write a value as JSON with sorted keys, indented; `indent` begins a line, `step` goes deeper.

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
    try:
        text = _write_block(value, indent, step)
    except RecursionError:
        text = _write_value(replace(_BLOCK, step=step), value, indent)
    return _escape(text)


def json_line(value: object) -> str:
    """Write a value as JSON in one line, with sorted keys. Follows `Marshal` of encoding/json.

    >>> json_line({"b": None, "a": [1e21, 1e-7, "\\t"]})
    '{"a":[1e+21,1e-7,"\\\\t"],"b":null}'
    """
    try:
        # Python's own encoder takes a tenth of the time, but writes floats in Python's words.
        text = _ENCODER.encode(value)
        return _escape(_write_value(_LINE, value, "") if _MAY_BE_FLOAT.search(text) else text)
    except RecursionError:
        return _escape(_write_value(_LINE, value, ""))


def go_text(value: object) -> str:
    """Print a value as Go's `%v` does (`fmt.Sprint`).

    >>> go_text({"b": [1, "x y"], "a": None, "c": 1234567.5, "d": True})
    'map[a:<nil> b:[1 x y] c:1.2345675e+06 d:true]'
    """
    return _write_value(_PLAIN, value, "")


def float_text(value: float) -> str:
    """Print a float, with an exponent from a million on: `FormatFloat(value, 'g', -1, 64)` of strconv.

    >>> float_text(2.5), float_text(1e6), float_text(1e-5)
    ('2.5', '1e+06', '1e-05')
    """
    from decimal import Decimal

    digits = Decimal(repr(value)).normalize()
    if -4 <= digits.adjusted() < 6:
        return f"{digits:f}"
    return re.sub(r"e([-+])(\d)$", r"e\g<1>0\2", f"{digits:e}")


def type_name(value: object) -> str:
    """Go's name for the type of a JSON value: errors name it, never the value.

    >>> type_name({}), type_name([]), type_name(1), type_name(None)
    ('map[string]interface {}', '[]interface {}', 'int64', '<nil>')
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return "int64" if fits_int64(value) else "float64"
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "<nil>")


_TYPES = (
    (dict, "map[string]interface {}"),
    (list | tuple, "[]interface {}"),
    (str, "string"),
    (bool, "bool"),
    (float, "float64"),
)
_ESCAPED = compile_later("[<>&\u2028\u2029\ud800-\udfff]")
_MAY_BE_FLOAT = compile_later(r"(?:^|[:,\[])-?(?:[0-9]+[.e][-+0-9e]*|Infinity|NaN)(?:[]},]|$)")
"""What a float is in JSON of one line, and hardly anything else: at worst a text that looks like one."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Style:
    """How values are written: the brackets of a `map` and a `list`, what stands between, `step` to indent."""

    scalar: Callable[[object], str]
    key: Callable[[str], str]
    map: tuple[str, str]
    list: tuple[str, str] = ("[", "]")
    comma: str = ","
    step: str = ""


def _write_block(value: object, indent: str, step: str) -> str:
    """Write a value as `_write_value` does in `_BLOCK`: with recursion, which takes a third of the time."""
    if isinstance(value, str):
        return _ENCODER.encode(value)
    deeper = indent + step
    if isinstance(value, dict) and value:
        members = [f"{_write_key(key)}{_write_block(value[key], deeper, step)}" for key in sorted(value)]
        return f"{{{deeper}{f',{deeper}'.join(members)}{indent}}}"
    if isinstance(value, list | tuple) and value:
        return f"[{deeper}{f',{deeper}'.join([_write_block(item, deeper, step) for item in value])}{indent}]"
    return _json_scalar(value)


def _write_value(style: _Style, value: object, indent: str) -> str:
    """Write a value in a style; `indent` begins each line. Without recursion: values may be nested deep."""
    done: list[str] = []
    # What closes a collection waits in its place without a value and an indent.
    todo: list[tuple[str, object, str | None]] = [("", value, indent)]
    while todo:
        before, value, inner = todo.pop()
        done.append(before)
        if inner is None or not isinstance(value, dict | list | tuple):
            done.append("" if inner is None else style.scalar(value))
            continue
        opening, closing = style.map if isinstance(value, dict) else style.list
        deeper = inner + style.step
        done.append(opening)
        todo.append((inner + closing if value else closing, None, None))
        parts = zip(chain([""], repeat(style.comma)), _members(style, value), strict=False)
        todo += reversed([(f"{comma}{deeper}{key}", member, deeper) for comma, (key, member) in parts])
    return "".join(done)


def _members(style: _Style, value: dict[str, object] | Iterable[object]) -> Iterator[tuple[str, object]]:
    """The members of a collection, each with the text written before it."""
    if isinstance(value, dict):
        return ((style.key(key), value[key]) for key in sorted(value))
    return (("", item) for item in value)


def _json_scalar(value: object) -> str:
    """Write a scalar as encoding/json does, but for what `_escape` escapes."""
    return _json_float(value) if isinstance(value, float) else _ENCODER.encode(value)


def _escape(text: str) -> str:
    """Escape in JSON what encoding/json escapes, and Python does not: it can only stand in texts."""
    return _ESCAPED.sub(_escape_character, text)


def _escape_character(found: re.Match[str]) -> str:
    """The JSON escape of a character; U+FFFD for half a surrogate pair."""
    code = ord(found[0])
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"


def _json_float(value: float) -> str:
    """A float as JSON: without an exponent from 1e-6 up to 1e21."""
    if value and not 1e-6 <= abs(value) < 1e21:
        return re.sub(r"e-0(\d)$", r"e-\1", repr(value))
    from decimal import Decimal

    return format(Decimal(repr(value)), "f").removesuffix(".0")


def _fmt_scalar(value: object) -> str:
    """Print a scalar as `%v` of fmt does; integers beyond int64 as floats."""
    if isinstance(value, float) or (isinstance(value, int) and not fits_int64(value)):
        return float_text(float(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "<nil>" if value is None else str(value)


# Keys come again and again.
_write_key = lru_cache(maxsize=1024)(lambda key: f"{_json_scalar(key)}: ")
_BLOCK = _Style(_json_scalar, _write_key, ("{", "}"))
_LINE = _Style(_json_scalar, lambda key: f"{_json_scalar(key)}:", ("{", "}"))
_PLAIN = _Style(_fmt_scalar, "{}:".format, ("map[", "]"), comma=" ")
