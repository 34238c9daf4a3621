"""JSON text as Go reads it: numbers, escapes, depth, and where a value ends. No YAML, no Kubernetes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from itertools import accumulate
from json import JSONDecodeError, JSONDecoder
from typing import Any, NoReturn, TypeAlias

from returns.result import Failure, Result, Success

from fkube.resource.patterns import compile_later

Loaded: TypeAlias = Result[tuple[Any, int], tuple[str, int]]
"""JSON data and the line where it starts, or a message and the line where it is wrong; counted from 0."""

MAX_DEPTH = 128
"""How deep collections may be nested in a document: all that visits one by recursion has room for it.

A user of the library has a stack of 1,000 frames, of which some functions take five for each collection.
"""
MAX_WRAPPED_DEPTH = MAX_DEPTH + 32
"""The same of what a server sends: a list, an event and the managers of its fields wrap an object."""

# A string that does not end is a token too: looking for its end from each quote in it would take for ever.
_TOKEN = compile_later(r'"(?:[^"\\]++|\\.)*+"?|[][{}]')
_SURROGATE = compile_later(r"\\(?:(u[dD][89abAB]..\\u[dD][c-fC-F]..)|(u[dD][89a-fA-F]..)|.)")


def number(value: float) -> int | float:
    """The number as Go's JSON writes it: a whole one below 1e21 as an integer of the shortest digits.

    Follows `floatEncoder.encode` of encoding/json. What is beyond int64 comes back as a float in Go, of the
    same digits; here it stays an integer, so that it is written as Go writes it.

    >>> number(1e3), number(0.5), number(2.0**63), number(1e21)
    (1000, 0.5, 9223372036854776000, 1e+21)
    """
    from decimal import Decimal

    return int(Decimal(repr(value))) if value.is_integer() and abs(value) < 1e21 else value


def integer(value: int) -> int | float:
    """The integer itself, or rounded to a float where int64 can't hold it.

    >>> integer(2**63 - 1), integer(2**63)
    (9223372036854775807, 9223372036854776000)
    """
    return value if fits_int64(value) else number(float(value))


def fits_int64(value: int) -> bool:
    """Whether int64 holds an integer."""
    return -(2**63) <= value < 2**63


def load(text: str) -> Loaded:
    """Read a JSON text, or why it can't be read; both with a line, counted from 0.

    Errors: no JSON, a number that is too large, collections nested deeper than `MAX_DEPTH`. No message quotes
    the text: a secret may stand in it.
    Follows `UnmarshalCaseSensitivePreserveInts` of sigs.k8s.io/json: the last of equal keys wins.

    >>> load('{"a": [1, 1.0, 1e-1], "a": 2, "b": "\\\\ud800"}').unwrap()
    ({'a': 2, 'b': '\ufffd'}, 0)
    >>> load('{"a":\\n1,}').failure()
    ('json: Expecting property name enclosed in double quotes', 1)
    """
    try:
        value = _DECODER.decode(replace_half_surrogates(text))
        # A text with few brackets is not deep: most need no second look.
        nested = text.count("{") + text.count("[") > MAX_DEPTH and is_deeper(value, MAX_DEPTH)
        return Failure((TOO_DEEP, 0)) if nested else Success((value, 0))
    except RecursionError:
        return Failure((TOO_DEEP, 0))
    except JSONDecodeError as error:
        return Failure((f"json: {error.msg}", error.lineno - 1))
    except ValueError as error:
        return Failure((str(error), 0))


def is_json(text: str) -> bool:
    """Whether a text is shallow JSON; its numbers may be too large.

    >>> is_json('{"a": 1e999}'), is_json('{"a": NaN}'), is_json("{a: 1}")
    (True, False, False)
    """
    with suppress(JSONDecodeError):
        return is_shallow(text) and _SYNTAX.decode(text) is not Ellipsis
    return False


def is_shallow(text: str) -> bool:
    """Whether a JSON text is nested so little that any stack has room for it.

    >>> is_shallow('{"a": "[[["}'), is_shallow("[" * 129)
    (True, False)
    """
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return True
    steps = (_STEP.get(token[0], 0) for token in _TOKEN.finditer(text))
    return max(accumulate(steps)) <= MAX_DEPTH


def is_deeper(value: Any, most: int) -> bool:
    """Whether collections that are not empty are nested deeper in a value than `most`. Without recursion.

    >>> is_deeper({"a": [1]}, 2), is_deeper({"a": [[1]]}, 2)
    (False, True)
    """
    collections = _COLLECTIONS
    level: list[Any] = [value] if value.__class__ in collections else []
    for _ in range(most):
        if not level:
            return False
        # Whole answers go through here, and most of their collections are empty: those are left out at once.
        level = [
            inner
            for one in level
            for inner in (one.values() if one.__class__ is dict else one)
            if inner.__class__ in collections and inner
        ]
    return bool(level)


def cut_values(line: str, level: int) -> Iterator[tuple[str, int]]:
    """Cut a line where a JSON value ends, with the depth left open there; `level` was open before the line.

    >>> list(cut_values('1}{"a": "}"} [', 1))
    [('1}', 0), ('{"a": "}"}', 0), (' [', 1)]
    """
    start = 0
    for token in _TOKEN.finditer(line):
        if not level and line[start : token.start()].strip():
            yield line[start : token.start()], 0
            start = token.start()
        level += _STEP.get(token[0], 0)
        if level <= 0:
            yield line[start : token.end()], 0
            start, level = token.end(), 0
    if start < len(line):
        yield line[start:], level


TOO_DEEP = f"exceeded max depth of {MAX_DEPTH}"
"""What is said of a document that is nested too deeply."""
_COLLECTIONS = frozenset((dict, list, tuple))
_STEP = {"{": 1, "[": 1, "}": -1, "]": -1}


def replace_half_surrogates(text: str) -> str:
    """Replace half surrogate pairs by U+FFFD, as which Go reads each."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _SURROGATE.sub(lambda escape: "\\ufffd" if escape[2] else escape[0], text)


def _parse_integer(digits: str) -> int | float:
    """The number that Go reads from the digits of an integer, rounded as a float is if beyond int64."""
    # int() refuses thousands of digits; what is longer than this is beyond int64.
    return integer(int(digits)) if len(digits) < 21 else _parse_float(digits)


def _parse_float(digits: str) -> int | float:
    """The number that Go reads from a decimal; raises ValueError for one too large for a float."""
    value = float(digits)
    if math.isinf(value):
        raise ValueError("json: cannot unmarshal number into Go value of type float64: too large")
    return number(value)


def _refuse_constant(word: str) -> NoReturn:
    """Refuse `NaN` and `Infinity`, which Python reads and JSON does not have."""
    raise JSONDecodeError(f"invalid character '{word[0]}' looking for beginning of value", word, 0)


_DECODER = JSONDecoder(parse_int=_parse_integer, parse_float=_parse_float, parse_constant=_refuse_constant)
_SYNTAX = JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse_constant)
