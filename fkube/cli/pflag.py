"""The grammar in which flags are written on a command line: that of pflag, which is kubectl's. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success, safe

from fkube.cli.flags import Flag, Kind, Values
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.patterns import compile_later
from fkube.resource.results import collect_results


@dataclass(frozen=True, slots=True)
class Line:
    """A command line as far as it is read: the texts given to flags, the other words, and what is left."""

    rest: tuple[str, ...]
    texts: tuple[tuple[Flag, str], ...] = ()
    arguments: tuple[str, ...] = ()


Reading: TypeAlias = Result[Line, str]
"""A line after one more word was read, or what is wrong with that word."""


def parse(flags: Sequence[Flag], words: Sequence[str]) -> Result[Values, str]:
    """The values that the words of a command line give to flags, and the words that are arguments.

    Flags and arguments may be mixed, `--` ends the flags.
    Errors: in pflag's words. Follows `FlagSet.parseArgs` of spf13/pflag.

    >>> wide = Flag("wide", "", False, "w")
    >>> parse([wide], ["a", "-w", "--", "-w"]).unwrap()
    {'wide': True, 'arguments': ('a', '-w'), 'given': ('wide',), 'written': ((Flag(...), 'true'),)}
    >>> parse([wide], ["-x"]).failure()
    "unknown shorthand flag: 'x' in -x"
    """
    line: Reading = Success(Line(tuple(words)))
    while line.map(lambda read: bool(read.rest)).value_or(False):
        line = line.bind(partial(_read_word, flags))
    return line.bind(partial(_read_values, flags))


def _read_word(flags: Sequence[Flag], line: Line) -> Reading:
    """Read the first word that is left, and the next where it is its value."""
    word, *rest = line.rest
    if word == "--":
        return Success(replace(line, rest=(), arguments=(*line.arguments, *rest)))
    left = replace(line, rest=tuple(rest))
    if word.startswith("--"):
        return _read_long(flags, left, word)
    if word.startswith("-") and word != "-":
        return _read_short(flags, left, word)
    return Success(replace(left, arguments=(*line.arguments, word)))


def _read_long(flags: Sequence[Flag], line: Line, word: str) -> Reading:
    """Read `--name` or `--name=value`; `line` is what follows the word."""
    name, equals, value = word[2:].partition("=")
    flag = next((flag for flag in flags if flag.name == name), None)
    if not name or name.startswith("-"):
        return Failure(f"bad flag syntax: {word}")
    if flag is None:
        return Failure(f"unknown flag: --{name}")
    return _add_text(line, flag, value if equals else None, f"--{name}")


def _read_short(flags: Sequence[Flag], line: Line, word: str) -> Reading:
    """Read the first of the one-letter flags of a word, with its value; `line` is what follows the word.

    The other flags of the word are put back onto the line.
    """
    letter, value = word[1], word[2:]
    flag = next((flag for flag in flags if flag.short == letter), None)
    if flag is None:
        return Failure(f"unknown shorthand flag: '{letter}' in {word}")
    if flag.value_alone and value and not value.startswith("="):
        line, value = replace(line, rest=(f"-{value}", *line.rest)), ""
    return _add_text(line, flag, value.removeprefix("=") if value else None, f"'{letter}' in {word}")


def _add_text(line: Line, flag: Flag, text: str | None, called: str) -> Reading:
    """Add the text given to a flag: what is written to it, else what it means alone, else the next word.

    `text` is None where nothing is written to it; `called` is the flag as an error names it.
    """
    if text is None and not flag.value_alone:
        if not line.rest:
            return Failure(f"flag needs an argument: {called}")
        text, line = line.rest[0], replace(line, rest=line.rest[1:])
    text = flag.value_alone if text is None else text
    return Success(replace(line, texts=(*line.texts, (flag, text))))


def _read_values(flags: Sequence[Flag], line: Line) -> Result[Values, str]:
    """The values of all flags with their defaults, the arguments, and the names of the flags given.

    Of a flag given twice the last value counts; those of lists add up.
    """

    def with_unset(values: tuple[Any, ...]) -> Values:
        found: dict[str, Any] = {flag.name: flag.default for flag in flags}
        for (flag, _), value in zip(line.texts, values, strict=True):
            several = flag.kind in ("strings", "list")
            found[flag.name] = (*found[flag.name], *value) if several else value
        given = tuple(flag.name for flag, _ in line.texts)
        return {**found, "arguments": line.arguments, "given": given, "written": line.texts}

    return collect_results(_read_value(flag, text) for flag, text in line.texts).map(with_unset)


def _read_value(flag: Flag, text: str) -> Result[Any, str]:
    """Read the text given to a flag as a value of its kind. Errors: in pflag's words."""
    invalid = f'invalid argument "{text}" for "{flag.full_name}" flag'
    return _READERS[flag.kind](text).alt(lambda why: f"{invalid}: {why}")


def read_boolean(text: str) -> bool | None:
    """What Go takes for a boolean, or None (`ParseBool` of strconv).

    >>> read_boolean("T"), read_boolean("0"), read_boolean("yes")
    (True, False, None)
    """
    return {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(text)


def _read_bool(text: str) -> Result[bool, str]:
    """Read a boolean. Errors: in Go's words."""
    value = read_boolean(text)
    wrong: Result[bool, str] = Failure(f'strconv.ParseBool: parsing "{text}": invalid syntax')
    return wrong if value is None else Success(value)


def _read_int(text: str) -> Result[int, str]:
    """Read an integer, with `0x`, `0o` or `0b` before it in another base. Errors: in Go's words."""
    read = safe((ValueError,))(lambda: int(text, 0))()
    return read.alt(lambda _: f'strconv.ParseInt: parsing "{text}": invalid syntax')


def _read_level(text: str) -> Result[int, str]:
    """Read how much is told, in base 10 only. Errors: in Go's words. Follows `Level.Set` of klog."""
    why = "value out of range" if re.fullmatch("[-+]?[0-9]{11,}", text) else "invalid syntax"
    wrong = f'strconv.ParseInt: parsing "{text}": {why}'
    return Success(int(text)) if _LEVEL.fullmatch(text) else Failure(wrong)


def _read_levels(text: str) -> Result[str, str]:
    """Check a text of levels by the patterns of files. Follows `parseModuleSpec` of klog."""
    parts = [part.partition("=") for part in text.split(",") if part]
    wrong = "syntax error: expect comma-separated list of filename=N"
    good = all(name and _LEVEL.fullmatch(level) for name, _, level in parts)
    return Success(text) if good else Failure(wrong)


def _read_duration(text: str) -> Result[float, str]:
    """Read a duration as Go writes it, signed or not, in seconds: `1m30s`. Errors: in Go's words.

    Only 0 needs no unit.
    """
    # Imported where a duration is given, not for every `--help`.
    from fkube.kubeconfig.connection import parse_duration

    sign, span = (text[0], text[1:]) if text.startswith(("-", "+")) else ("", text)
    seconds = parse_duration(span) if not span.isdigit() or span == "0" else None
    if seconds is None:
        missing = "missing unit in" if span.isdigit() else "invalid"
        return Failure(f'time: {missing} duration "{text}"')
    return Success(-seconds if sign == "-" else seconds)


def _read_strings(text: str) -> Result[tuple[str, ...], str]:
    from csv import reader

    return Success(tuple(next(reader(text.splitlines()), ())))


_LEVEL = compile_later("[-+]?[0-9]{1,10}")
_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")
_READERS: Mapping[Kind, Callable[[str], Result[Any, str]]] = {
    "string": Success,
    "bool": _read_bool,
    "strings": _read_strings,
    "list": lambda text: Success((text,)),
    "int": _read_int,
    "duration": _read_duration,
    "level": _read_level,
    "levels": _read_levels,
}
