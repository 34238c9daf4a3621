"""Numbers, characters and texts as templates write them. Follows `newNumber` of text/template/parse."""

from __future__ import annotations

import math
import re

from returns.result import Failure, Result, Success

from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later
from fkube.syntax.gotemplate.nodes import Constant, Overflow
from fkube.syntax.gotemplate.values import Integer, to_text
from fkube.syntax.jsonpath.quoting import unquote_bytes

Read = Result[Constant | Overflow, str]
"""A constant, or what is wrong with it."""


def read_text(written: str) -> Result[str, str]:
    r"""Read a text in double quotes or backquotes. Follows `Unquote` of strconv.

    >>> read_text(r'"a\n"').unwrap(), read_text("`a\\n`").unwrap()
    ('a\n', 'a\\n')
    """
    if written[0] == "`":
        return Success(written[1:-1].replace("\r", ""))
    return unquote_bytes(written).map(to_text)


def read_character(at: int, written: str) -> Read:
    r"""Read a character in quotes; it is a number.

    >>> read_character(0, r"'\n'").unwrap().value.value
    10
    """
    found = _CHARACTER.match(written)
    if found is None:
        return Failure("invalid syntax")
    if found.end() < len(written):
        return Failure(f"malformed character constant: {written}")
    digits = found["byte"] or found["octal"]
    if digits:
        code = int(digits, 16 if found["byte"] else 8)
        return Success(Constant(at, written, Integer(code))) if code < 256 else Failure("invalid syntax")
    text = unquote_bytes(written).map(lambda data: data.decode(errors="replace"))
    return text.map(lambda character: Constant(at, written, Integer(ord(character))))


def read_number(at: int, written: str) -> Read:
    """Read an integer, a decimal or an imaginary number. What Go takes no number for is an error.

    >>> read_number(0, "0x1F").unwrap().value, read_number(0, "1e3").unwrap().value
    (Integer(value=31, type='int'), 1000.0)
    >>> print(read_number(0, "08").failure())
    integer overflow: "08"
    """
    if written.endswith("i") and (part := _read_float(written[:-1])) is not None:
        return Success(Constant(at, written, complex(0, part)))
    number = _read_integer(written)
    looks_float = not _HEX.match(written) and any(letter in written for letter in ".eEpP")
    if number is not None:
        whole = Success(Constant(at, written, float(number) if looks_float else Integer(number)))
        return whole if number < 2**63 else Success(Overflow(at, written))
    part = _read_float(written)
    if part is None:
        return Failure(f"illegal number syntax: {quote_text(written)}")
    if not any(letter in written for letter in ".eEpP"):
        return Failure(f"integer overflow: {quote_text(written)}")
    if looks_float:
        return Success(Constant(at, written, part))
    # A hexadecimal float without exponent is refused by Go, so this one is a hexadecimal integer.
    return Failure(f"illegal number syntax: {quote_text(written)}")


def read_complex(at: int, written: str) -> Read:
    """Read a complex number: `1+2i`."""
    cut = max(written.rfind("+"), written.rfind("-"))
    if written[cut - 1] in "eEpP":
        cut = max(written.rfind("+", 0, cut - 1), written.rfind("-", 0, cut - 1))
    texts = written[:cut], written[cut:-1]
    if texts[1] in ("+", "-") or re.search("0[bBoO]", written):
        return Failure("syntax error scanning complex number")
    real, imaginary = map(_read_float, texts)
    if real is None or imaginary is None:
        wrong = texts[real is not None]
        why = "value out of range" if _DECIMAL.fullmatch(wrong) else "invalid syntax"
        return Failure(f"strconv.ParseFloat: parsing {quote_text(wrong)}: {why}")
    return Success(Constant(at, written, complex(real, imaginary)))


def _read_integer(written: str) -> int | None:
    """The integer that is written, of at most 64 bits; else None. Follows `ParseInt` of strconv, base 0."""
    found = _INTEGER.fullmatch(written)
    if found is None or len(written) > MAX_DIGITS:
        return None
    digits = found["digits"].replace("_", "")
    base = {"x": 16, "b": 2, "o": 8}.get(digits[1:2].lower()) or (8 if digits[0] == "0" else 10)
    number = int(digits[2:] if base != 10 and digits[1:2].isalpha() else digits, base)
    if found["sign"]:
        signed = -number if found["sign"] == "-" else number
        return signed if -(2**63) <= signed < 2**63 else None
    return number if number < 2**64 else None


def _read_float(written: str) -> float | None:
    """The decimal that is written; else None. Follows `ParseFloat` of strconv."""
    if _DECIMAL.fullmatch(written):
        value = float(written.replace("_", ""))
        return None if math.isinf(value) else value
    if _HEXADECIMAL.fullmatch(written) and len(written) < MAX_DIGITS:
        try:
            return float.fromhex(written.replace("_", ""))
        except OverflowError:
            return None
    return None


MAX_DIGITS = 1000
"""How many characters a number may have that is read digit by digit; Go reads the same of longer ones."""
_HEX = compile_later(r"0[xX](?!.*[pP])")
_INTEGER = compile_later(
    r"(?P<sign>[+-]?)(?P<digits>0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*"
    r"|[1-9](?:_?[0-9])*)"
)
_DIGITS = r"[0-9](?:_?[0-9])*"
_DECIMAL = compile_later(rf"[+-]?(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?")
_HEXADECIMAL = compile_later(
    r"[+-]?0[xX](?=[._]?[0-9a-fA-F])(?:_?[0-9a-fA-F])*\.?(?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?"
    rf"[pP][+-]?{_DIGITS}"
)
_CHARACTER = compile_later(
    r"'(?:\\x(?P<byte>[0-9a-fA-F]{2})|\\(?P<octal>[0-7]{3})|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}"
    r"|\\[abfnrtv\\']|[^\\'])'?"
)
