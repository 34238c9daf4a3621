"""The grammar of kubectl's JSONPath: text to nodes. Nothing is evaluated.

Follows `Parser` of k8s.io/client-go/util/jsonpath, its error messages included.
"""

from __future__ import annotations

import math
import re
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.resource.results import collected
from fkube.syntax.jsonpath.nodes import (
    Action,
    Array,
    Field,
    Filter,
    Identifier,
    Literal,
    Node,
    Recursive,
    Text,
    Union,
    Wildcard,
)
from fkube.syntax.jsonpath.quoting import unquoted
from fkube.syntax.jsontext import fits

_Nodes: TypeAlias = tuple[Node, ...]
_Parsed: TypeAlias = Result[tuple[_Nodes, int], str]
"""Nodes and the position behind them, or the message why there are none."""


def nodes(text: str) -> Result[_Nodes, str]:
    """The texts and actions of a template, or the message why it is none.

    >>> nodes("a{.b}").unwrap()
    (Text(text='a'), Action(nodes=(Field(name='b'),)))
    >>> nodes("{.b").failure()
    'unclosed action'
    """
    found: list[Node] = []
    at = 0
    while at < len(text):
        opened = text.find("{", at)
        if opened != at:
            found.append(Text(text[at:] if opened < 0 else text[at:opened]))
        if opened < 0:
            break
        action = _action(text, opened + 1)
        if not isinstance(action, Success):
            return Failure(action.failure())
        made, at = action.unwrap()
        found.append(made)
    return Success(tuple(found))


def _action(text: str, at: int) -> Result[tuple[Action, int], str]:
    """What is inside of braces, the second of them included."""
    found: list[Node] = []
    while not text.startswith("}", at):
        step = _step(text, at, tuple(found[-1:]))
        if not isinstance(step, Success):
            return Failure(step.failure())
        made, at = step.unwrap()
        found += made
    return Success((Action(tuple(found)), at + 1))


def _step(text: str, at: int, last: _Nodes) -> _Parsed:
    """The nodes that the next character begins."""
    if text.startswith("[?(", at):
        return _filter(text, at + 3)
    if text.startswith("..", at):
        return _recursive(text, at + 2, last)
    character = text[at : at + 1]
    if character in ("", "\r", "\n"):
        return Failure("unclosed action")
    if character in " @$":
        return Success(((), at + 1))
    if character in _BEGINS:
        return _BEGINS[character](text, at)
    if character in "+-" or character.isdecimal():
        return _number(text, at)
    return _word(text, at) if _is_word(character) else Failure(_unknown(character))


def _recursive(text: str, at: int, last: _Nodes) -> _Parsed:
    if last == (Recursive(),):
        return Failure("invalid multiple recursive descent")
    if not _is_word(text[at : at + 1]):
        return Success(((Recursive(),), at))
    return _field(text, at - 1).map(lambda found: ((Recursive(), *found[0]), found[1]))


def _field(text: str, at: int) -> _Parsed:
    """The name behind a dot; in it, a backslash takes the meaning from what ends a name."""
    name, end = _match(_FIELD, text, at + 1)
    return Success(((Wildcard() if name == "*" else Field(name.replace("\\", "")),), end))


def _word(text: str, at: int) -> _Parsed:
    word, end = _match(_WORD, text, at)
    return Success(((Literal(word == "true") if word in ("true", "false") else Identifier(word),), end))


def _number(text: str, at: int) -> _Parsed:
    digits, end = _match(_NUMBER, text, at)
    whole = _integer(digits)
    if whole is not None:
        return Success(((Literal(whole),), end))
    value = float(digits) if _FLOAT.fullmatch(digits) else math.inf
    if math.isinf(value):
        return Failure(f"cannot parse number {digits}")
    return Success(((Literal(value),), end))


def _quoted(text: str, at: int) -> _Parsed:
    found = _QUOTED.match(text, at)
    if found is None:
        return Failure("unterminated quoted string")
    value = unquoted(found[0]).alt(lambda why: f"unquote string {found[0]} error {why}")
    return value.map(lambda value: ((Text(value),), found.end()))


def _array(text: str, at: int) -> _Parsed:
    """What is between brackets: a union, a key in quotes, or positions."""
    found = _BRACKETS.match(text, at)
    if found is None:
        return Failure("unterminated array")
    inside = ":" if found[1] == "*" else found[1]
    parts, key = inside.split(","), _KEY.fullmatch(inside)
    if len(parts) > 1:
        made = _union(parts)
    else:
        made = _alone(f".{key[1]}").map(lambda action: action.nodes) if key else _positions(inside)
    return made.map(lambda nodes: (nodes, found.end()))


def _union(parts: list[str]) -> Result[_Nodes, str]:
    return collected(_alone(f"[{part.strip(' ')}]") for part in parts).map(lambda found: (Union(found),))


def _positions(inside: str) -> Result[_Nodes, str]:
    found = _SLICE.fullmatch(inside)
    if found is None:
        return Failure(f"invalid array index {inside}")
    written = [part.removeprefix(":") for part in found.groups(default="")]
    numbers = [_integer(part) for part in written]
    for part, number in zip(written, numbers, strict=True):
        if part and number is None:
            return Failure(f"array index {part} is not a number")
    start, stop, step = numbers
    single = found[2] is None
    return Success((Array(start, (start or 0) + 1 if single else stop, step, single),))


def _filter(text: str, at: int) -> _Parsed:
    end = _filter_end(text, at)
    if end < 0:
        return Failure("unterminated filter")
    if text[end + 1 : end + 2] != "]":
        return Failure("unclosed array expect ]")
    compared = _COMPARED.fullmatch(text[at:end])
    left, operator, right = compared.groups() if compared else (text[at:end], "exists", "")
    return _alone(left).bind(
        lambda left: _alone(right).map(lambda right: ((Filter(left, operator, right),), end + 2))
    )


def _filter_end(text: str, at: int) -> int:
    """Where the bracket is that closes a filter; those in the first text in quotes don't."""
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


def _alone(text: str) -> Result[Action, str]:
    """A text as the inside of an action of its own, where what follows that action is a template too."""
    inside = f"{text}}}"
    return _action(inside, 0).bind(lambda made: nodes(inside[made[1] :]).map(lambda _: made[0]))


def _match(pattern: re.Pattern[str], text: str, at: int) -> tuple[str, int]:
    """What a pattern that matches anywhere finds, and the position behind it."""
    found = pattern.match(text, at)
    return (found[0], found.end()) if found else ("", at)


def _integer(digits: str) -> int | None:
    """The integer as `Atoi` of strconv reads it, None where it doesn't."""
    found = _INTEGER.fullmatch(digits)
    value = int(found[1] + found[2]) if found else 2**63
    return value if fits(value) else None


def _is_word(character: str) -> bool:
    return character == "_" or character.isalpha() or character.isdecimal()


def _unknown(character: str) -> str:
    """Follows `%#U` of fmt."""
    shown = f" '{character}'" if character.isprintable() else ""
    return f"unrecognized character in action: U+{ord(character):04X}{shown}"


_ENDS = r" \t\r\n.,\[\]$@{}"
_FIELD = re.compile(rf"(?:\\.?|[^\\{_ENDS}])*", re.DOTALL)
_WORD = re.compile(rf"[^{_ENDS}]*")
_NUMBER = re.compile(r"[+-]?[.\d]*")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,19})")
_QUOTED = re.compile(r"([\"'])[^\n]*?(?<!\\)\1")
_BRACKETS = re.compile(r"\[([^\]\n]*)\]")
_KEY = re.compile("'([^']*)'")
_SLICE = re.compile(r"(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?")
_COMPARED = re.compile("([^!<>=]+)([!<>=]+)(.+?)")
_BEGINS = {"[": _array, '"': _quoted, "'": _quoted, ".": _field}
