"""YAML scalars as kubectl resolves them: text and tag to a value, and to the key of a JSON object."""

from __future__ import annotations

import binascii
import calendar
import math
import re
import struct
from functools import lru_cache
from typing import TypeAlias

from fkube.resource.patterns import compile_later
from fkube.syntax.jsontext import fits_int64, integer, number

Scalar: TypeAlias = str | int | float | bool | None
"""The value of a scalar."""

_TAG = "tag:yaml.org,2002:"
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
HINTS = frozenset(("", *"+-.0123456789yYnNtTfFoO~"))
"""What a plain scalar begins with that may be more than a text; any other is one."""
_INTEGER = compile_later(
    r"([-+]?)(?:0[bB]([01]+)|0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]{0,19})|(?<![-+])0b([-+][01]+))"
)
_BASES = (0, 0, 2, 16, 8, 10, 2)
"""The base of the numeral in each group of `_INTEGER`."""

_FLOAT = compile_later(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_POINT = compile_later(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?")
_BASE64 = compile_later(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_TIMESTAMP = compile_later(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|( ))([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})"
    r"(?:[.,][0-9]+)?(?(4)|(?:Z|[-+][0-9]{2}:[0-9]{2})))?"
)


def resolve_plain(text: str) -> Scalar:
    """Resolve an unquoted text without a tag: to null, a boolean, a number, or the text itself.

    Outside int64 there are still integers, and whole floats are still floats.

    Follows `resolve` of go.yaml.in/yaml/v2 with an empty tag.

    >>> [resolve_plain(text) for text in ("no", "0777", "08", "1_000", "12:30:45", "~", "1e400")]
    [False, 511, 8.0, 1000, '12:30:45', None, '1e400']
    """
    return _resolve_hinted(text) if text[:1] in HINTS else text


def resolve_tagged(tag: str, text: str) -> Scalar:
    """Resolve a text with a tag; raises ValueError where the tag does not fit. An unknown tag means text.

    Follows `resolve` and `decoder.scalar` of go.yaml.in/yaml/v2.

    >>> resolve_tagged("tag:yaml.org,2002:float", "1"), resolve_tagged("!mine", "1")
    (1.0, '1')
    """
    short = tag.removeprefix(_TAG) if tag.startswith(_TAG) else ""
    if short == "binary":
        return _decode_binary(text)
    if short not in ("bool", "int", "float", "null", "timestamp"):
        return text
    value = resolve_plain(text)
    kind = _implicit_tag(value, text)
    if short == "float" and type(value) is int and fits_int64(value):
        return float(value)
    if kind != short:
        raise ValueError(f"cannot decode !!{kind} as a !!{short}")
    return value


def as_value(scalar: Scalar) -> Scalar:
    """The scalar as JSON keeps it; raises ValueError for what JSON can't say.

    >>> as_value(1.0), as_value(2**64 - 1)
    (1, 18446744073709552000)
    """
    if isinstance(scalar, float):
        if not math.isfinite(scalar):
            raise ValueError(f"json: unsupported value: {_float32_text(scalar)}")
        return number(scalar)
    return integer(scalar) if type(scalar) is int else scalar


def as_key(scalar: Scalar) -> str:
    """The scalar as the key of a JSON object; raises ValueError for what can be none.

    Follows `convertToJSONableObject` of sigs.k8s.io/yaml.

    >>> as_key(True), as_key(12), as_key(1e6), as_key(0.1)
    ('true', '12', '1e+06', '0.1')
    """
    if isinstance(scalar, str):
        return scalar
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    if isinstance(scalar, float):
        return _float32_text(scalar)
    if scalar is None or not fits_int64(scalar):
        raise ValueError(f"unsupported map key of type {'null' if scalar is None else 'uint64'}: quote it")
    return str(scalar)


def is_timestamp(text: str) -> bool:
    """Whether a text is one of the timestamps that YAML's reader knows.

    Follows `parseTimestamp` of go.yaml.in/yaml/v2.

    >>> is_timestamp("2001-02-28"), is_timestamp("2001-02-29"), is_timestamp("2001-1-1 1:2:3")
    (True, False, True)
    """
    found = _TIMESTAMP.fullmatch(text)
    if not found:
        return False
    year, month, day, hour, minute, second = (int(part or 0) for part in found.group(1, 2, 3, 5, 6, 7))
    # The Gregorian calendar repeats after 400 years, and Python has no year 0.
    dated = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year + 400, month)[1]
    return dated and hour < 24 and minute < 60 and second < 60


@lru_cache(maxsize=4096)
def _resolve_hinted(text: str) -> Scalar:
    """Resolve a text whose first character lets it be a number or a word; the empty text is null."""
    if text in _WORDS:
        return _WORDS[text]
    digits = text.replace("_", "")
    if text[0] == "." and _POINT.fullmatch(text):
        return _read_float(text, digits)
    if text[0] not in "+-0123456789":
        return text
    whole = _read_integer(digits)
    if whole is not None:
        return whole
    return _read_float(text, digits) if _FLOAT.fullmatch(digits) else text


def _read_integer(digits: str) -> int | None:
    """The integer of a numeral in base 2, 8, 10 or 16, None if it is none or exceeds Go's 64 bits."""
    found = _INTEGER.fullmatch(digits)
    if not found:
        return None
    form = found.lastindex or 0
    value = int(found[1] + found[form], _BASES[form])
    # A sign keeps Go from reading the integer as an unsigned one.
    return value if -(2**63) <= value < (2**63 if found[1] else 2**64) else None


def _read_float(text: str, digits: str) -> Scalar:
    """The float of the digits, or the `text` that they come from if it is too large for one."""
    value = float(digits)
    return text if math.isinf(value) else value


def _float32_text(value: float) -> str:
    """The shortest text for which 32 bits hold the number.

    Follows `FormatFloat(value, 'g', -1, 32)` of strconv.
    """
    single = _round_to_float32(value)
    if not math.isfinite(single):
        return ".nan" if math.isnan(single) else f"{'-' * (single < 0)}.inf"
    written = ((n, f"{single:.{n}e}") for n in range(17))
    digits, shortest = next((n, text) for n, text in written if _round_to_float32(float(text)) == single)
    exponent = int(shortest.partition("e")[2])
    return f"{single:.{max(digits - exponent, 0)}f}" if -4 <= exponent < 6 else shortest


def _round_to_float32(value: float) -> float:
    """The number rounded to 32 bits, infinity if they can't hold it."""
    return float(struct.unpack("f", struct.pack("f", value))[0])


def _implicit_tag(scalar: Scalar, text: str) -> str:
    """The tag of a scalar that is written without one; `scalar` is what its `text` resolves to."""
    if isinstance(scalar, str):
        return "timestamp" if is_timestamp(text) else "str"
    return {bool: "bool", int: "int", float: "float"}.get(type(scalar), "null")


def _decode_binary(text: str) -> str:
    """Decode base64 to text, with U+FFFD for each byte that is no UTF-8.

    Follows `Marshal` of encoding/json.
    """
    packed = text.replace("\r", "").replace("\n", "")
    if not _BASE64.fullmatch(packed):
        raise ValueError("!!binary value contains invalid base64 data")
    decoded = binascii.a2b_base64(packed).decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", "\ufffd", decoded)
