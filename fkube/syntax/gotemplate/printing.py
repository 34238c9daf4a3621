"""Go's fmt: values printed one after another, or by a format. Follows `doPrint` and `doPrintf` of fmt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.patterns import compile_later
from fkube.syntax.gotemplate.values import Value, find_kind, join_bytes, name_type, to_number, unbox
from fkube.syntax.gotemplate.verbs import PLAIN, Verb, format_value

MAX_WIDTH = 1_000_000
"""The largest width and precision: fmt knows no larger ones."""


def print_values(values: Sequence[Value]) -> str:
    """Print values, with a space between two that are no texts. Follows `Sprint` of fmt.

    >>> print_values([1, 2, "a", 3])
    '1 2a3'
    """
    done = ""
    was_text = True
    for value in map(unbox, values):
        is_text = isinstance(value, str)
        done += ("" if is_text or was_text else " ") + format_value(PLAIN, value)
        was_text = is_text
    return join_bytes(done)


def print_line(values: Sequence[Value]) -> str:
    """Print values with spaces between them, and a line's end. Follows `Sprintln` of fmt."""
    return " ".join(format_value(PLAIN, value) for value in values) + "\n"


@dataclass(slots=True)
class Formatting:
    """A format that is being filled in; it changes as it goes.

    `next` is the position of the value that comes next, `at` that in the format. `reordered`: whether values
    were taken by their number. `good`: whether the number was one of a value. `indexed`: whether one stood
    just before.
    """

    format: str
    values: Sequence[Value]
    next: int = 0
    at: int = 0
    reordered: bool = False
    good: bool = True
    indexed: bool = False


def print_format(format: str, values: Sequence[Value]) -> str:
    """Print values by a format; what is wrong with it is printed too. Follows `Sprintf` of fmt.

    >>> print_format("%s is %5.2f%%", ["a", 1.5]), print_format("%d", [])
    ('a is  1.50%', '%!d(MISSING)')
    """
    run = Formatting(format, [unbox(value) for value in values])
    done: list[str] = []
    while (percent := format.find("%", run.at)) >= 0:
        done += (format[run.at : percent], _print_verb(run, percent + 1))
    done.append(format[run.at :])
    if not run.reordered and run.next < len(values):
        done.append(f"%!(EXTRA {', '.join(map(_describe_extra, run.values[run.next :]))})")
    return join_bytes("".join(done))


def _describe_extra(value: Value) -> str:
    """A value that the format has no place for."""
    return "<nil>" if value is None else f"{name_type(value)}={format_value(PLAIN, value)}"


def _print_verb(run: Formatting, at: int) -> str:
    """Print what a verb stands for; `at` is the position behind its `%`."""
    run.good, format = True, run.format
    run.at = at
    while format[run.at : run.at + 1] in _FLAGS:
        run.at += 1
    flags = format[at : run.at]
    _take_number(run)
    width, flags, wrong = _take_width(run, flags)
    precision, imprecise = _take_precision(run)
    if not run.indexed:
        _take_number(run)
    letter = format[run.at : run.at + 1]
    run.at += 1
    if not letter:
        run.at = len(format)
        return f"{wrong}{imprecise}%!(NOVERB)"
    return wrong + imprecise + _print_next(run, Verb(letter, flags, width, precision))


def _print_next(run: Formatting, verb: Verb) -> str:
    """Print the next value by a verb, or why there is none."""
    if verb.letter == "%":
        return "%"
    if not run.good:
        return f"%!{verb.letter}(BADINDEX)"
    if run.next >= len(run.values):
        return f"%!{verb.letter}(MISSING)"
    run.next += 1
    return format_value(_read_verb(verb), run.values[run.next - 1])


def _read_verb(verb: Verb) -> Verb:
    """The verb as values are printed by it: to `%v`, `#` and `+` mean something else."""
    flags = "".join(sorted(set(verb.flags)))
    if verb.letter not in ("v", "w"):
        return replace(verb, flags=flags)
    return replace(verb, flags=re.sub("[#+]", "", flags), syntax="#" in flags)


def _take_number(run: Formatting) -> None:
    """Read the number of a value: `[2]`. Follows `argNumber` of fmt."""
    run.indexed = False
    if run.format[run.at : run.at + 1] != "[":
        return
    run.reordered = True
    end = run.format.find("]", run.at + 1)
    digits = run.format[run.at + 1 : end] if end >= 0 else ""
    known = _read_digits(digits) if len(run.format) - run.at >= 3 else None
    run.at = end + 1 if end >= 0 and len(run.format) - run.at >= 3 else run.at + 1
    run.indexed = known is not None
    if known is not None and 0 < known <= len(run.values):
        run.next = known - 1
    else:
        run.good = False


def _take_width(run: Formatting, flags: str) -> tuple[int | None, str, str]:
    """Read a width, of digits or of a value; with the flags, and what is printed of one that is none."""
    if run.format[run.at : run.at + 1] == "*":
        run.at += 1
        run.indexed = False
        width = _take_integer(run)
        if width is not None and width < 0:
            return -width, flags.replace("0", "") + "-", ""
        return width, flags, "" if width is not None else "%!(BADWIDTH)"
    width = _take_digits(run)
    if run.indexed and width is not None:
        run.good = False
    return width, flags, ""


def _take_precision(run: Formatting) -> tuple[int | None, str]:
    """Read a precision, of digits or of a value, and what is printed of one that is none."""
    # A point at the end of the format is a verb.
    if run.format[run.at : run.at + 1] != "." or run.at + 1 >= len(run.format):
        return None, ""
    run.at += 1
    if run.indexed:
        run.good = False
    _take_number(run)
    if run.format[run.at : run.at + 1] != "*":
        return _take_digits(run) or 0, ""
    run.at += 1
    run.indexed = False
    precision = _take_integer(run)
    known = precision is not None and precision >= 0
    return (precision, "") if known else (None, "%!(BADPREC)")


def _take_integer(run: Formatting) -> int | None:
    """Take the next value for a width or precision; None if it is no integer, or too large."""
    value = run.values[run.next] if run.next < len(run.values) else None
    run.next += run.next < len(run.values)
    number = to_number(value) if find_kind(value) in ("int", "uint") else None
    return number if number is not None and abs(number) <= MAX_WIDTH else None


def _take_digits(run: Formatting) -> int | None:
    """Read digits; those of a number that is too large are passed over with the rest of the format."""
    found = _DIGITS.match(run.format, run.at)
    if found is None:
        return None
    known = _read_digits(found[0])
    run.at = found.end() if known is not None else len(run.format)
    return known


def _read_digits(digits: str) -> int | None:
    """The number of some digits; None if they are none, or too many. Follows `parsenum` of fmt."""
    if not _DIGITS.fullmatch(digits) or len(digits.lstrip("0")) > 9:
        return None
    # The last digit is taken unseen.
    return int(digits) if int(digits[:-1] or "0") <= MAX_WIDTH else None


_FLAGS = ("#", "0", "+", "-", " ")
_DIGITS = compile_later("[0-9]+")
