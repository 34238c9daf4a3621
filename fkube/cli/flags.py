"""Flags as data, and the grammar in which they are written: that of pflag, which is kubectl's. Pure."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from returns.result import Failure, Result, Success

Kind: TypeAlias = Literal["string", "bool", "strings", "list", "int", "duration"]
"""`strings` may be written with commas between them, each of a `list` is one; durations are in seconds."""

Options: TypeAlias = Mapping[str, Any]
"""The values of flags by name, those not given too.

`arguments` are the words that are no flags, `given` the names of the flags that were."""

Parsed: TypeAlias = Result[Options, str]


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag: `bare` is what it means where no value is written to it, empty where it needs one."""

    name: str
    help: str
    short: str = ""
    kind: Kind = "string"
    default: Any = None
    bare: str = ""
    choices: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The flag as messages name it: `-n, --namespace`."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"

    @property
    def alone(self) -> str:
        """What the flag means without a value, or empty."""
        return self.bare or ("true" if self.kind == "bool" else "")

    @property
    def unset(self) -> Any:
        """Its value where it is not given."""
        return _UNSET[self.kind] if self.default is None else self.default


@dataclass(frozen=True, slots=True)
class Given:
    """What has been read of a command line so far: the values given to flags, and the other words."""

    values: tuple[tuple[Flag, str], ...] = ()
    arguments: tuple[str, ...] = ()


def parse(flags: Sequence[Flag], words: Sequence[str]) -> Parsed:
    """What the words of a command line say; flags and arguments may be mixed, `--` ends the flags.

    Errors: in pflag's words. Follows `FlagSet.parseArgs` of spf13/pflag.

    >>> wide = Flag("wide", "", "w", "bool")
    >>> parse([wide], ["a", "-w", "--", "-w"]).unwrap()
    {'wide': True, 'arguments': ('a', '-w'), 'given': ('wide',)}
    >>> parse([wide], ["-x"]).failure()
    "unknown shorthand flag: 'x' in -x"
    """
    given, rest = Given(), tuple(words)
    while rest:
        read = _word(flags, given, rest)
        if not isinstance(read, Success):
            return Failure(read.failure())
        given, rest = read.unwrap()
    return _options(flags, given)


Read: TypeAlias = Result[tuple[Given, tuple[str, ...]], str]


def _word(flags: Sequence[Flag], given: Given, words: tuple[str, ...]) -> Read:
    """Read the first word, and the next where it is its value."""
    word, *rest = words
    if word == "--":
        return Success((Given(given.values, (*given.arguments, *rest)), ()))
    if word.startswith("--"):
        return _long(flags, given, word, tuple(rest))
    if word.startswith("-") and word != "-":
        return _short(flags, given, word, tuple(rest))
    return Success((Given(given.values, (*given.arguments, word)), tuple(rest)))


def _long(flags: Sequence[Flag], given: Given, word: str, rest: tuple[str, ...]) -> Read:
    name, equals, value = word[2:].partition("=")
    flag = next((flag for flag in flags if flag.name == name), None)
    if not name or name.startswith("-"):
        return Failure(f"bad flag syntax: {word}")
    if flag is None:
        return Failure(f"unknown flag: --{name}")
    if equals or flag.alone:
        return _set(given, flag, value if equals else flag.alone, rest)
    return _set(given, flag, rest[0], rest[1:]) if rest else Failure(f"flag needs an argument: --{name}")


def _short(flags: Sequence[Flag], given: Given, word: str, rest: tuple[str, ...]) -> Read:
    """The first of one-letter flags written together; the others are left for the next turn."""
    letter, value = word[1], word[2:]
    flag = next((flag for flag in flags if flag.short == letter), None)
    if flag is None:
        return Failure(f"unknown shorthand flag: '{letter}' in {word}")
    if value.startswith("="):
        return _set(given, flag, value[1:], rest)
    if flag.alone:
        return _set(given, flag, flag.alone, (f"-{value}", *rest) if value else rest)
    if value or rest:
        return _set(given, flag, value or rest[0], rest if value else rest[1:])
    return Failure(f"flag needs an argument: '{letter}' in {word}")


def _set(given: Given, flag: Flag, value: str, rest: tuple[str, ...]) -> Read:
    return Success((Given((*given.values, (flag, value)), given.arguments), rest))


def _options(flags: Sequence[Flag], given: Given) -> Parsed:
    """The values, the last of a flag given twice; those of lists are appended."""
    options: dict[str, Any] = {flag.name: flag.unset for flag in flags}
    for flag, text in given.values:
        value = _READ[flag.kind](text)
        if not isinstance(value, Success):
            return Failure(f'invalid argument "{text}" for "{flag.shown}" flag: {value.failure()}')
        several = flag.kind in ("strings", "list")
        options[flag.name] = (*options[flag.name], *value.unwrap()) if several else value.unwrap()
    names = tuple(flag.name for flag, _ in given.values)
    return Success({**options, "arguments": given.arguments, "given": names})


def boolean(text: str) -> bool | None:
    """What Go takes for a boolean, or None (`ParseBool` of strconv).

    >>> boolean("T"), boolean("0"), boolean("yes")
    (True, False, None)
    """
    return {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(text)


def _bool(text: str) -> Result[bool, str]:
    value = boolean(text)
    return (
        Failure(f'strconv.ParseBool: parsing "{text}": invalid syntax') if value is None else Success(value)
    )


def _int(text: str) -> Result[int, str]:
    try:
        return Success(int(text, 0))
    except ValueError:
        return Failure(f'strconv.ParseInt: parsing "{text}": invalid syntax')


def _duration(text: str) -> Result[float, str]:
    # Imported where a duration is given, not for every `--help`.
    from fkube.kubeconfig.connection import duration

    sign, span = (text[0], text[1:]) if text.startswith(("-", "+")) else ("", text)
    seconds = duration(span) if not span.isdigit() or span == "0" else None
    if seconds is None:
        missing = "missing unit in" if span.isdigit() else "invalid"
        return Failure(f'time: {missing} duration "{text}"')
    return Success(-seconds if sign == "-" else seconds)


def _strings(text: str) -> Result[tuple[str, ...], str]:
    return Success(tuple(next(csv.reader(text.splitlines()), ())))


_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")
_UNSET: Mapping[Kind, Any] = {
    "string": "",
    "bool": False,
    "strings": (),
    "list": (),
    "int": 0,
    "duration": 0.0,
}
_READ: Mapping[Kind, Callable[[str], Result[Any, str]]] = {
    "string": Success,
    "bool": _bool,
    "strings": _strings,
    "list": lambda text: Success((text,)),
    "int": _int,
    "duration": _duration,
}
