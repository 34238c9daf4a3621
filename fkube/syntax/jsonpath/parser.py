"""The grammar of kubectl's JSONPath: text to nodes. Nothing is evaluated.

Follows `Parser` of k8s.io/client-go/util/jsonpath, its error messages included.
"""

from __future__ import annotations

import math
import re
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.resource.patterns import compile_later
from fkube.resource.results import collect_results
from fkube.syntax.jsonpath import nodes
from fkube.syntax.jsonpath.quoting import unquote_text
from fkube.syntax.jsontext import fits_int64

_Nodes: TypeAlias = tuple[nodes.Node, ...]
_Parsed: TypeAlias = Result[tuple[_Nodes, int], str]
"""Nodes and the position behind them, or the message why there are none."""


def parse_nodes(text: str) -> Result[_Nodes, str]:
    """Parse the texts and actions of a template, or say why it is none.

    >>> parse_nodes("a{.b}").unwrap()
    (Text(text='a'), Action(nodes=(Field(name='b'),)))
    >>> parse_nodes("{.b").failure()
    'unclosed action'
    """
    parsed: list[nodes.Node] = []
    at = 0
    while at < len(text):
        start = text.find("{", at)
        if start != at:
            parsed.append(nodes.Text(text[at:] if start < 0 else text[at:start]))
        if start < 0:
            break
        match _parse_action(text, start + 1):
            case Success((action, at)):
                parsed.append(action)
            case Failure(why):
                return Failure(why)
    return Success(tuple(parsed))


def _parse_action(text: str, at: int) -> Result[tuple[nodes.Action, int], str]:
    """Parse what is between braces; `at`: the position behind the first, the second is included."""
    parsed: list[nodes.Node] = []
    while not text.startswith("}", at):
        match _parse_step(text, at, tuple(parsed[-1:])):
            case Success((more, at)):
                parsed += more
            case Failure(why):
                return Failure(why)
    return Success((nodes.Action(tuple(parsed)), at + 1))


def _parse_step(text: str, at: int, last: _Nodes) -> _Parsed:
    """Parse the nodes that begin at a position; `last`: the node before, if there is one."""
    if text.startswith("[?(", at):
        return _parse_filter(text, at + 3)
    if text.startswith("..", at):
        return _parse_recursive(text, at + 2, last)
    character = text[at : at + 1]
    if character in ("", "\r", "\n"):
        return Failure("unclosed action")
    if character in " @$":
        return Success(((), at + 1))
    if character in _BEGINS:
        return _BEGINS[character](text, at)
    if character in "+-" or character.isdecimal():
        return _parse_number(text, at)
    return _parse_word(text, at) if _is_word(character) else Failure(_unknown_character(character))


def _parse_recursive(text: str, at: int, last: _Nodes) -> _Parsed:
    """Parse what follows `..` (`at`: behind it): maybe a field; `last`: the node before it.

    Errors: two of them in a row.
    """
    if last == (nodes.Recursive(),):
        return Failure("invalid multiple recursive descent")
    if not _is_word(text[at : at + 1]):
        return Success(((nodes.Recursive(),), at))
    return _parse_field(text, at - 1).map(lambda found: ((nodes.Recursive(), *found[0]), found[1]))


def _parse_field(text: str, at: int) -> _Parsed:
    """Parse the name behind the dot at a position; a backslash keeps a character from ending it."""
    name, end = _match_at(_FIELD, text, at + 1)
    return Success(((nodes.Wildcard() if name == "*" else nodes.Field(name.replace("\\", "")),), end))


def _parse_word(text: str, at: int) -> _Parsed:
    """Parse a bare word: a boolean, or an identifier such as `range`."""
    word, end = _match_at(_WORD, text, at)
    node = nodes.Literal(word == "true") if word in ("true", "false") else nodes.Identifier(word)
    return Success(((node,), end))


def _parse_number(text: str, at: int) -> _Parsed:
    """Parse an integer or a float; one too large for either is an error."""
    digits, end = _match_at(_NUMBER, text, at)
    whole, value = _read_integer(digits), float(digits) if _FLOAT.fullmatch(digits) else math.inf
    if whole is None and math.isinf(value):
        return Failure(f"cannot parse number {digits}")
    return Success(((nodes.Literal(value if whole is None else whole),), end))


def _parse_quoted(text: str, at: int) -> _Parsed:
    """Parse a text in quotes and replace its escapes."""
    found = _QUOTED.match(text, at)
    if found is None:
        return Failure("unterminated quoted string")
    value = unquote_text(found[0]).alt(lambda why: f"unquote string {found[0]} error {why}")
    return value.map(lambda value: ((nodes.Text(value),), found.end()))


def _parse_brackets(text: str, at: int) -> _Parsed:
    """Parse what is between brackets: a union, a key in quotes, or positions."""
    found = _BRACKETS.match(text, at)
    if found is None:
        return Failure("unterminated array")
    inside = ":" if found[1] == "*" else found[1]
    parts, key = inside.split(","), _KEY.fullmatch(inside)
    if len(parts) > 1:
        inner = _parse_union(parts)
    elif key:
        inner = _parse_alone(f".{key[1]}").map(lambda action: action.nodes)
    else:
        inner = _parse_positions(inside)
    return inner.map(lambda parsed: (parsed, found.end()))


def _parse_union(parts: list[str]) -> Result[_Nodes, str]:
    """Parse the parts of brackets with commas, each as brackets of its own."""
    actions = collect_results(_parse_alone(f"[{part.strip(' ')}]") for part in parts)
    return actions.map(lambda found: (nodes.Union(found),))


def _parse_positions(inside: str) -> Result[_Nodes, str]:
    """Parse `start:stop:step`, of which each may be missing, or one index."""
    found = _SLICE.fullmatch(inside)
    if found is None:
        return Failure(f"invalid array index {inside}")
    written = [part.removeprefix(":") for part in found.groups(default="")]
    numbers = [_read_integer(part) for part in written]
    for part, number in zip(written, numbers, strict=True):
        if part and number is None:
            return Failure(f"array index {part} is not a number")
    start, stop, step = numbers
    single = found[2] is None
    return Success((nodes.Array(start, (start or 0) + 1 if single else stop, step, single),))


def _parse_filter(text: str, at: int) -> _Parsed:
    """Parse the condition of a filter (`at`: behind `[?(`), and its closing brackets.

    Without an operator it is that something exists.
    """
    end = _filter_end(text, at)
    if end < 0:
        return Failure("unterminated filter")
    if text[end + 1 : end + 2] != "]":
        return Failure("unclosed array expect ]")
    compared = _COMPARED.fullmatch(text[at:end])
    left, operator, right = compared.groups() if compared else (text[at:end], "exists", "")
    sides = collect_results(map(_parse_alone, (left, right)))
    return sides.map(lambda pair: ((nodes.Filter(pair[0], operator, pair[1]),), end + 2))


def _filter_end(text: str, at: int) -> int:
    """The position of the bracket that closes a filter, or -1; not one in the first text in quotes."""
    quote, closed = "", False
    for position in range(at, len(text)):
        character = text[position]
        if character == "\n":
            break
        if character in "\"'":
            closed = closed or (character == quote and text[position - 1] != "\\")
            quote = quote or character
        elif character == ")" and bool(quote) == closed:
            return position
    return -1


def _parse_alone(text: str) -> Result[nodes.Action, str]:
    """Parse a text as an action of its own; what follows that action must be a template too."""
    inside = f"{text}}}"
    return _parse_action(inside, 0).bind(lambda step: parse_nodes(inside[step[1] :]).map(lambda _: step[0]))


def _match_at(pattern: re.Pattern[str], text: str, at: int) -> tuple[str, int]:
    """The text that a pattern matches at a position, maybe empty, and the position behind it."""
    found = pattern.match(text, at)
    return (found[0], found.end()) if found else ("", at)


def _read_integer(digits: str) -> int | None:
    """Read an integer as `Atoi` of strconv does; None where it can't."""
    found = _INTEGER.fullmatch(digits)
    value = int(found[1] + found[2]) if found else 2**63
    return value if fits_int64(value) else None


def _is_word(character: str) -> bool:
    """Whether a character can be in a word."""
    return character == "_" or character.isalpha() or character.isdecimal()


def _unknown_character(character: str) -> str:
    """The message for a character that begins nothing. Follows `%#U` of fmt."""
    itself = f" '{character}'" if character.isprintable() else ""
    return f"unrecognized character in action: U+{ord(character):04X}{itself}"


_ENDS = r" \t\r\n.,\[\]$@{}"
_FIELD = compile_later(rf"(?:\\.?|[^\\{_ENDS}])*", re.DOTALL)
_WORD = compile_later(rf"[^{_ENDS}]*")
_NUMBER = compile_later(r"[+-]?[.\d]*")
_FLOAT = compile_later(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_INTEGER = compile_later(r"([+-]?)0*([0-9]{1,19})")
_QUOTED = compile_later(r"([\"'])[^\n]*?(?<!\\)\1")
_BRACKETS = compile_later(r"\[([^\]\n]*)\]")
_KEY = compile_later("'([^']*)'")
_SLICE = compile_later(r"(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?")
_COMPARED = compile_later("([^!<>=]+)([!<>=]+)(.+?)")
_BEGINS = {"[": _parse_brackets, '"': _parse_quoted, "'": _parse_quoted, ".": _parse_field}
