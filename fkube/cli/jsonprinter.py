"""JSON as kubectl prints it: keys sorted, four spaces, Go's escapes and numbers. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

_ESCAPED = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def json_text(value: Any, indent: str = "\n") -> str:
    """The value as JSON text without a line end; `indent` is what begins a line.

    Follows `JSONPrinter` of cli-runtime and `MarshalIndent` of encoding/json.

    >>> print(json_text({"b": [], "a": [1.0, "<b>"]}))
    {
        "a": [
            1,
            "\\u003cb\\u003e"
        ],
        "b": []
    }
    """
    deeper = f"{indent}    "
    if isinstance(value, dict):
        rows = [f"{_string(key)}: {json_text(value[key], deeper)}" for key in sorted(value)]
        return _wrapped("{", rows, "}", indent)
    if isinstance(value, (list, tuple)):
        return _wrapped("[", [json_text(item, deeper) for item in value], "]", indent)
    if isinstance(value, str):
        return _string(value)
    return _number(value) if isinstance(value, float) else json.dumps(value)


def _wrapped(start: str, rows: Sequence[str], end: str, indent: str) -> str:
    deeper = f"{indent}    "
    return f"{start}{deeper}{f',{deeper}'.join(rows)}{indent}{end}" if rows else start + end


def _string(text: str) -> str:
    return _ESCAPED.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"


def _number(value: float) -> str:
    """A float in Go's words: without an exponent from 1e-6 up to 1e21."""
    if value and not 1e-6 <= abs(value) < 1e21:
        return re.sub(r"e-0(\d)$", r"e-\1", repr(value))
    return format(Decimal(repr(value)), "f").removesuffix(".0")
