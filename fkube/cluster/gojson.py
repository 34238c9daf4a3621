"""JSON as Go's `encoding/json` reads it, its error messages included. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.syntax.jsontext import MAX_WRAPPED_DEPTH, is_deeper, replace_half_surrogates

_SHOWN = 30
"""How much of a body messages show."""

_PLACES = {
    "Extra data": "after top-level value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
}


PairsHook: TypeAlias = Callable[[list[tuple[str, Any]]], Any]
"""Makes the value of a JSON object from its pairs."""


def parse_json(text: str, pairs_hook: PairsHook | None = None) -> Result[Any, str]:
    """JSON text as data. Errors: why it is none, nearly in Go's words.

    `pairs_hook` makes the value of an object from its pairs.

    >>> parse_json("[1").failure()
    'unexpected end of JSON input'
    """
    try:
        value = json.loads(replace_half_surrogates(text), object_pairs_hook=pairs_hook)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()):
            return Failure("unexpected end of JSON input")
        place = _PLACES.get(error.msg, "looking for beginning of value")
        return Failure(f"invalid character {text[error.pos]!r} {place}")
    except ValueError:
        # int() refuses thousands of digits.
        return Failure("json: cannot unmarshal number into Go value of type float64")
    except RecursionError:
        return Failure("exceeded max depth")
    nested = text.count("{") + text.count("[") > MAX_WRAPPED_DEPTH
    return Failure("exceeded max depth") if nested and is_deeper(value, MAX_WRAPPED_DEPTH) else Success(value)


def json_type(value: object) -> str:
    """The name that Go's JSON decoder has for a value's type; a float is named with its number.

    >>> json_type([]), json_type(True), json_type(1)
    ('array', 'bool', 'number')
    """
    if isinstance(value, float):
        return f"number {value}"
    return next((name for type, name in _TYPES if isinstance(value, type)), "array")


_TYPES: tuple[tuple[type, str], ...] = ((bool, "bool"), (int, "number"), (str, "string"), (dict, "object"))


def summarize_data(text: str) -> str:
    """The beginning of a body for a message: of an object its text, of anything else its bytes.

    Follows `summarizeData` of apimachinery.
    """
    if text.startswith("{"):
        return text[:_SHOWN] + (" ..." if len(text) > _SHOWN else "")
    data = text.encode(errors="surrogatepass")
    return (data[:_SHOWN].hex() + (" ..." if len(data) > _SHOWN else "")) or "<empty>"
