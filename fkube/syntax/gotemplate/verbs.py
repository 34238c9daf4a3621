"""Values printed by one of fmt's verbs: `%v`, `%d`, `%q` … Follows `printArg` and `printValue` of fmt."""

from __future__ import annotations

import math
import re

from fkube.resource.dataclasses import dataclass, replace
from fkube.syntax.gotemplate.goquoting import quote_rune, quote_string
from fkube.syntax.gotemplate.values import Value, find_kind, name_type, to_bytes, to_number, unbox
from fkube.syntax.gotext import float_text, go_text


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb with its flags, of `#0+- `, its width and its precision.

    `syntax`: whether values are to be printed as Go's source has them: `%#v`. It has no flag `#`, then.
    """

    letter: str = "v"
    flags: str = ""
    width: int | None = None
    precision: int | None = None
    syntax: bool = False


PLAIN = Verb()


def format_value(verb: Verb, value: Value) -> str:
    """Print a value by a verb.

    >>> format_value(Verb("d", width=4), 12), format_value(Verb("d"), "a"), format_value(PLAIN, [1, None])
    ('  12', '%!d(string=a)', '[1 <nil>]')
    """
    value = unbox(value)
    if verb == PLAIN and isinstance(value, dict | list | tuple):
        return go_text(value)
    if value is None:
        return _pad(verb, "<nil>") if verb.letter in "Tv" else f"%!{verb.letter}(<nil>)"
    if verb.letter == "p":
        # An address says nothing of a value.
        return _bad(verb, value)
    if verb.letter == "T":
        return _format_string(replace(verb, letter="s"), name_type(value))
    return _format_inner(verb, value)


def _format_inner(verb: Verb, value: Value) -> str:
    """Print a value within another, or one that is there."""
    match find_kind(value):
        case "":
            return "interface {}(nil)" if verb.syntax else "<nil>"
        case "bool":
            return _pad(verb, "true" if value else "false") if verb.letter in "tv" else _bad(verb, value)
        case "int" | "uint" as kind:
            return _format_integer(verb, value, kind == "uint")
        case "float":
            return _format_float(verb, value)
        case "complex":
            return _format_complex(verb, value)
        case "string":
            return _format_string(verb, value)
        case "map":
            keys = ((_format_inner(verb, key), value[key]) for key in sorted(value))
            parts = [f"{key}:{_format_inner(verb, member)}" for key, member in keys]
            return _enclose(verb, value, parts, "map[")
    return _enclose(verb, value, [_format_inner(verb, item) for item in value], "[")


def _enclose(verb: Verb, value: Value, parts: list[str], opening: str) -> str:
    """The parts of a map or list in its brackets, or in the braces of Go's source."""
    if verb.syntax:
        return f"{name_type(value)}{{{', '.join(parts)}}}"
    return f"{opening}{' '.join(parts)}]"


def _bad(verb: Verb, value: Value) -> str:
    """What fmt prints of a value that a verb is not for."""
    return f"%!{verb.letter}({name_type(value)}={_format_inner(replace(verb, letter='v'), value)})"


def _pad(verb: Verb, text: str, zeros: bool = True) -> str:
    """Fill a text up to the width of a verb, with spaces or, by its flag `0`, on the left with zeros."""
    width = verb.width or 0
    if "-" in verb.flags:
        return text.ljust(width)
    return text.rjust(width, "0" if zeros and "0" in verb.flags else " ")


def _sign(verb: Verb, negative: bool) -> str:
    """The sign of a number."""
    return "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""


def _format_integer(verb: Verb, value: Value, unsigned: bool) -> str:
    """Print an integer. Follows `fmtInteger` of fmt."""
    number, letter = to_number(value), verb.letter
    if verb.syntax and unsigned:
        return _pad_integer(replace(verb, flags="#"), number, "x", 16)
    match letter:
        case "v" | "d" | "b" | "o" | "O" | "x" | "X":
            return _pad_integer(verb, number, letter, _BASES[letter])
        case "c" | "q":
            rune = chr(number) if 0 <= number < 0xD800 or 0xDFFF < number <= 0x10FFFF else "\ufffd"
            return _pad(verb, rune if letter == "c" else quote_rune(rune, "+" in verb.flags))
        case "U":
            code = number % 2**64
            quoted = f" '{chr(code)}'" if code <= 0x10FFFF and chr(code).isprintable() else ""
            digits = f"{code:X}".rjust(max(verb.precision or 0, 4), "0")
            return _pad(verb, f"U+{digits}{quoted if '#' in verb.flags else ''}", zeros=False)
    return _bad(verb, value)


_BASES = {"v": 10, "d": 10, "b": 2, "o": 8, "O": 8, "x": 16, "X": 16}
_CODES = {10: "d", 2: "b", 8: "o", 16: "x"}


def _pad_integer(verb: Verb, number: int, letter: str, base: int) -> str:
    """Print an integer in a base, with its sign, prefix and zeros."""
    if verb.precision == 0 == number:
        return " " * (verb.width or 0)
    sign, digits = _sign(verb, number < 0), format(abs(number), "X" if letter == "X" else _CODES[base])
    least = verb.precision
    if least is None and "0" in verb.flags and "-" not in verb.flags:
        least = (verb.width or 0) - len(sign)
    digits = digits.rjust(least or 0, "0")
    if "#" in verb.flags:
        prefix = {2: "0b", 16: f"0{letter}", 8: "" if digits.startswith("0") else "0"}.get(base, "")
        digits = prefix + digits
    return _pad(verb, f"{sign}{'0o' if letter == 'O' else ''}{digits}", zeros=False)


def _format_string(verb: Verb, value: str) -> str:
    """Print a text. Follows `fmtString` of fmt."""
    if verb.letter in "xX":
        return _format_hexadecimal(verb, to_bytes(value))
    shown = value[: verb.precision]
    if verb.letter == "q" or verb.syntax:
        return _pad(verb, quote_string(shown, verb.flags if verb.letter == "q" else ""))
    return _pad(verb, shown) if verb.letter in "sv" else _bad(verb, value)


def _format_hexadecimal(verb: Verb, data: bytes) -> str:
    """Print bytes as hexadecimal digits. Follows `fmtSbx` of fmt."""
    prefix = f"0{verb.letter}" if "#" in verb.flags else ""
    pairs = [f"{byte:02{verb.letter}}" for byte in data[: verb.precision]]
    if not pairs:
        return _pad(verb, "")
    return _pad(verb, f" {prefix}".join(("", *pairs))[1:] if " " in verb.flags else prefix + "".join(pairs))


def _format_float(verb: Verb, value: Value) -> str:
    """Print a float. Follows `fmtFloat` of fmt."""
    if verb.letter not in "vbgGxXfFeE":
        return _bad(verb, value)
    number = float(to_number(value))
    text = _write_float(verb.letter, abs(number), verb.precision)
    sign = _sign(verb, math.copysign(1, number) < 0)
    if "#" in verb.flags and verb.letter != "b":
        text = _keep_point(verb, text)
    if sign and "0" in verb.flags and "-" not in verb.flags:
        return sign + text.rjust((verb.width or 0) - len(sign), "0")
    return _pad(verb, sign + text)


def _write_float(letter: str, number: float, precision: int | None) -> str:
    """Write a float without its sign. Follows `FormatFloat` of strconv."""
    match letter:
        case "v" | "g" | "G":
            text = float_text(number) if precision is None else format(number, f".{precision}g")
            return text.upper() if letter == "G" else text
        case "b":
            fraction, exponent = math.frexp(number)
            return f"{int(fraction * 2**53)}p{exponent - 53:+d}"
        case "x" | "X":
            mantissa, _, exponent_text = number.hex().partition("p")
            text = f"{mantissa.rstrip('0').rstrip('.')}p{int(exponent_text):+03d}"
            text = "0x0p+00" if not number else text
            return text.upper() if letter == "X" else text
    return format(number, f".{6 if precision is None else precision}{letter}")


def _keep_point(verb: Verb, text: str) -> str:
    """Write a float with its point, and for `g` with zeros at its end."""
    found = re.fullmatch(r"([^eEpP]*)(.*)", text)
    digits, tail = (found[1], found[2]) if found else (text, "")
    least = 0
    if verb.letter in "gGv":
        least = 6 if verb.precision is None else verb.precision
    significant = len(digits.replace(".", "").lstrip("0")) or (digits == "0")
    point = "" if "." in digits else "."
    return f"{digits}{point}{'0' * (least - significant)}{tail}"


def _format_complex(verb: Verb, value: complex) -> str:
    """Print a complex number. Follows `fmtComplex` of fmt."""
    if verb.letter not in "vbgGxXfFeE":
        return _bad(verb, value)
    signed = replace(verb, flags=f"{verb.flags}+")
    return f"({_format_float(verb, value.real)}{_format_float(signed, value.imag)}i)"
