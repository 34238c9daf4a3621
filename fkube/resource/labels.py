"""The grammar of label selectors, read as kubectl and the API server read it. No I/O.

Follows `labels.Parse` of apimachinery, its error messages included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import takewhile
from operator import attrgetter, gt, lt
from typing import Any, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.resource.dataclasses import dataclass
from fkube.resource.names import label_key_problems, label_value_problems, quote_text
from fkube.resource.patterns import compile_later

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on a label; `operator` is one of `! = == != in notin exists gt lt`.

    Follows `labels.Requirement`.

    >>> str(Requirement("tier", "in", ("back", "front")))
    'tier in (back,front)'
    """

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _PRINTED[self.operator].format(self.key, ",".join(self.values))

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the condition holds for these labels; an absent label satisfies `!`, `!=` and `notin`."""
        value = labels.get(self.key)
        if self.operator in _ORDERS:
            numbers = (_int64(value or ""), _int64(self.values[0]))
            return None not in numbers and _ORDERS[self.operator](*numbers)
        found = value is not None and (self.operator in ("exists", "!") or value in self.values)
        return found != (self.operator in ("!", "!=", "notin"))


def requirements(text: str) -> Result[tuple[Requirement, ...], str]:
    """Parse a label selector into its requirements, sorted by key, or say why not.

    >>> requirements("b,a!=1").unwrap()[0]
    Requirement(key='a', operator='!=', values=('1',))
    """
    tokens = (*takewhile(bool, (match[1] for match in _TOKEN.finditer(text))), _END)
    return _parse_requirements(tokens).map(lambda found: tuple(sorted(found, key=attrgetter("key"))))


_PRINTED = {
    "!": "!{}",
    "exists": "{}",
    "=": "{}={}",
    "==": "{}=={}",
    "!=": "{}!={}",
    "in": "{} in ({})",
    "notin": "{} notin ({})",
    "gt": "{}>{}",
    "lt": "{}<{}",
}
_BINARY = {"in": "in", "notin": "notin", "=": "=", "==": "==", "!=": "!=", ">": "gt", "<": "lt"}
_ORDERS: Mapping[str, Callable[..., bool]] = {"gt": gt, "lt": lt}
_END = ""

# Go's lexer ends at a NUL between tokens, and swallows one behind a token.
_TOKEN = compile_later(r"[ \t\r\n]*(==|!=|[=!(),<>]|[^ \t\r\n=!(),<>\0]+|)\0?")
_WORD = compile_later(r"[^=!(),<>]+")

_Tokens: TypeAlias = tuple[str, ...]
_Parsed: TypeAlias = Result[tuple[T, int], str]
"""A parsed value and the position behind it, or the message why there is none."""


def _is_word(token: str) -> bool:
    """Whether a token is a key, a value or a word operator, and no punctuation or end."""
    return _WORD.match(token) is not None


def _starts_requirement(token: str) -> bool:
    return token == "!" or _is_word(token)


def _token_error(token: str, expected: str) -> Result[Any, str]:
    """Fail at a token, with the rest of the message: what was expected instead."""
    return Failure(f"found '{token}'{expected}")


def _parse_requirements(tokens: _Tokens) -> Result[tuple[Requirement, ...], str]:
    """Parse `[requirement {"," requirement}]` up to the end."""
    if tokens == (_END,):
        return Success(())
    if not _starts_requirement(tokens[0]):
        return _token_error(tokens[0], ", expected: !, identifier, or 'end of string'")
    found: list[Requirement] = []
    at = 0
    while at < len(tokens):
        parsed = _parse_requirement(tokens, at).alt("unable to parse requirement: {}".format)
        match parsed.bind(lambda parsed: _skip_comma(tokens, *parsed)):
            case Success((requirement, at)):
                found.append(requirement)
            case Failure(message):
                return Failure(message)
    return Success(tuple(found))


def _skip_comma(tokens: _Tokens, requirement: Requirement, at: int) -> _Parsed[Requirement]:
    """Go behind the comma after a requirement; only the end or another requirement may follow."""
    if tokens[at] not in (",", _END):
        return _token_error(tokens[at], ", expected: ',' or 'end of string'")
    if tokens[at] == "," and not _starts_requirement(tokens[at + 1]):
        return _token_error(tokens[at + 1], ", expected: identifier after ','")
    return Success((requirement, at + 1))


def _parse_requirement(tokens: _Tokens, at: int) -> _Parsed[Requirement]:
    """Parse `["!"] key` or `key operator values`."""
    absent = tokens[at] == "!"
    key, behind = tokens[at + absent], at + absent + 1
    if not _is_word(key):
        return _token_error(key, ", expected: identifier")
    if problems := label_key_problems(key):
        return Failure(_invalid("<nil>", key, "; ".join(problems)))
    if absent or tokens[behind] in (_END, ","):
        return Success((Requirement(key, "!" if absent else "exists"), behind))
    operator = _BINARY.get(tokens[behind])
    if operator is None:
        return _token_error(tokens[behind], ", expected: in, notin, =, ==, !=, gt, lt")
    parse_values = _parse_value_set if operator in ("in", "notin") else _parse_value
    return parse_values(tokens, behind + 1).bind(lambda parsed: _check_values(key, operator, *parsed))


def _parse_value(tokens: _Tokens, at: int) -> _Parsed[_Tokens]:
    """Parse one value, which may be empty."""
    if tokens[at] in (_END, ","):
        return Success((("",), at))
    if not _is_word(tokens[at]):
        return _token_error(tokens[at], ", expected: identifier")
    return Success(((tokens[at],), at + 1))


def _parse_value_set(tokens: _Tokens, at: int) -> _Parsed[_Tokens]:
    """Parse `"(" [value] {"," [value]} ")"`; a value that is left out is the empty text."""
    if tokens[at] != "(":
        return _token_error(tokens[at], " expected: '('")
    if tokens[at + 1] not in (")", ",") and not _is_word(tokens[at + 1]):
        return _token_error(tokens[at + 1], ", expected: ',', ')' or identifier")
    found: set[str] = set()
    while tokens[at] != ")":
        given = _is_word(tokens[at + 1])
        found.add(tokens[at + 1] if given else "")
        at += 1 + given
        if tokens[at] not in (",", ")"):
            behind = " or ')'" if given else ", or identifier"
            return _token_error(tokens[at], f", expected: ','{behind}")
    return Success((tuple(sorted(found)), at + 1))


def _check_values(key: str, operator: str, values: _Tokens, at: int) -> _Parsed[Requirement]:
    """Make a requirement if its values may be label values. Follows `labels.NewRequirement`."""
    numbers = "for 'Gt', 'Lt' operators, the value must be an integer"
    ordered = operator in _ORDERS
    problems = [
        _invalid(f"values[{n}]", v, numbers) for n, v in enumerate(values) if ordered and _int64(v) is None
    ]
    for number, value in enumerate(values):
        if reasons := label_value_problems(value):
            problems.append(_invalid(f"values[{number}][{key}]", value, "; ".join(reasons)))
    if problems:
        return Failure(problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]")
    return Success((Requirement(key, operator, values), at))


def _invalid(field: str, value: str, detail: str) -> str:
    """The message of Kubernetes' `field.Invalid`."""
    return f"{field}: Invalid value: {quote_text(value)}: {detail}"


def _int64(text: str) -> int | None:
    """Parse a number of 64 bits; None where Go's `strconv.ParseInt(text, 10, 64)` fails."""
    digits = re.fullmatch(r"([+-]?)0*([0-9]{1,19})", text)
    number = int(digits[1] + digits[2]) if digits else 2**63
    return number if -(2**63) <= number < 2**63 else None
