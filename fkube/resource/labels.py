"""The grammar of label selectors: text to requirements, as kubectl and the API server read it. No I/O.

Follows `labels.Parse` of apimachinery, its error messages included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.resource.names import label_key_problems, label_value_problems, quoted

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
        if self.operator in ("gt", "lt"):
            return value is not None and _compares(value, self.operator, self.values[0])
        found = value is not None and (self.operator in ("exists", "!") or value in self.values)
        return found != (self.operator in ("!", "!=", "notin"))


def requirements(text: str) -> Result[tuple[Requirement, ...], str]:
    """The requirements of a label selector, sorted by key, or the message why there are none.

    >>> requirements("b,a!=1").unwrap()[0]
    Requirement(key='a', operator='!=', values=('1',))
    """
    return _conjunction(_tokens(text)).map(lambda found: tuple(sorted(found, key=lambda r: r.key)))


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
_END = ""

# Go's lexer ends at a NUL between tokens, and swallows one behind a token.
_TOKEN = re.compile(r"[ \t\r\n]*(==|!=|[=!(),<>]|[^ \t\r\n=!(),<>\0]+|)\0?")
_WORD = re.compile(r"[^=!(),<>]+")

_Tokens: TypeAlias = tuple[str, ...]
_Parsed: TypeAlias = Result[tuple[T, int], str]
"""What was parsed and the position behind it, or the message why not."""


def _tokens(text: str) -> _Tokens:
    return (*takewhile(bool, (match[1] for match in _TOKEN.finditer(text))), _END)


def _is_word(token: str) -> bool:
    return _WORD.match(token) is not None


def _conjunction(tokens: _Tokens) -> Result[tuple[Requirement, ...], str]:
    """`[requirement {"," requirement}]`, up to the end."""
    if tokens == (_END,):
        return Success(())
    if not _opens(tokens[0]):
        return Failure(f"found '{tokens[0]}', expected: !, identifier, or 'end of string'")
    found: list[Requirement] = []
    at = 0
    while at < len(tokens):
        parsed = _requirement(tokens, at).alt("unable to parse requirement: {}".format)
        separated = parsed.bind(lambda parsed: _separated(tokens, *parsed))
        if not isinstance(separated, Success):
            return Failure(separated.failure())
        requirement, at = separated.unwrap()
        found.append(requirement)
    return Success(tuple(found))


def _opens(token: str) -> bool:
    return token == "!" or _is_word(token)


def _separated(tokens: _Tokens, requirement: Requirement, at: int) -> _Parsed[Requirement]:
    """Behind a requirement comes the end, or a comma and the next one."""
    if tokens[at] not in (",", _END):
        return Failure(f"found '{tokens[at]}', expected: ',' or 'end of string'")
    if tokens[at] == "," and not _opens(tokens[at + 1]):
        return Failure(f"found '{tokens[at + 1]}', expected: identifier after ','")
    return Success((requirement, at + 1))


def _requirement(tokens: _Tokens, at: int) -> _Parsed[Requirement]:
    """`["!"] key`, or `key operator values`."""
    absent = tokens[at] == "!"
    key, behind = tokens[at + absent], at + absent + 1
    if not _is_word(key):
        return Failure(f"found '{key}', expected: identifier")
    if problems := label_key_problems(key):
        return Failure(_invalid("<nil>", key, "; ".join(problems)))
    if absent or tokens[behind] in (_END, ","):
        return Success((Requirement(key, "!" if absent else "exists"), behind))
    operator = _BINARY.get(tokens[behind])
    if operator is None:
        return Failure(f"found '{tokens[behind]}', expected: in, notin, =, ==, !=, gt, lt")
    parsed = (_set if operator in ("in", "notin") else _exact)(tokens, behind + 1)
    return parsed.bind(lambda values: _checked(key, operator, *values))


def _exact(tokens: _Tokens, at: int) -> _Parsed[_Tokens]:
    """One value, maybe empty."""
    if tokens[at] in (_END, ","):
        return Success((("",), at))
    return (
        Success(((tokens[at],), at + 1))
        if _is_word(tokens[at])
        else _expected(tokens[at], ", expected: identifier")
    )


def _set(tokens: _Tokens, at: int) -> _Parsed[_Tokens]:
    """`"(" [value] {"," [value]} ")"`: a value left out is the empty one."""
    if tokens[at] != "(":
        return _expected(tokens[at], " expected: '('")
    if tokens[at + 1] not in (")", ",") and not _is_word(tokens[at + 1]):
        return _expected(tokens[at + 1], ", expected: ',', ')' or identifier")
    found: set[str] = set()
    while tokens[at] != ")":
        given = _is_word(tokens[at + 1])
        found.add(tokens[at + 1] if given else "")
        at += 1 + given
        if tokens[at] not in (",", ")"):
            return _expected(
                tokens[at], ", expected: ',' or ')'" if given else ", expected: ',', or identifier"
            )
    return Success((tuple(sorted(found)), at + 1))


def _expected(token: str, what: str) -> _Parsed[_Tokens]:
    return Failure(f"found '{token}'{what}")


def _checked(key: str, operator: str, values: _Tokens, at: int) -> _Parsed[Requirement]:
    """The requirement, if its values may be label values. Follows `labels.NewRequirement`."""
    numbers = "for 'Gt', 'Lt' operators, the value must be an integer"
    unequal = operator in ("gt", "lt")
    problems = [
        _invalid(f"values[{n}]", v, numbers) for n, v in enumerate(values) if unequal and _int64(v) is None
    ]
    for number, value in enumerate(values):
        if reasons := label_value_problems(value):
            problems.append(_invalid(f"values[{number}][{key}]", value, "; ".join(reasons)))
    if problems:
        return Failure(problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]")
    return Success((Requirement(key, operator, values), at))


def _invalid(field: str, value: str, detail: str) -> str:
    """Follows `field.Invalid`."""
    return f"{field}: Invalid value: {quoted(value)}: {detail}"


def _compares(value: str, operator: str, bound: str) -> bool:
    number, limit = _int64(value), _int64(bound)
    if number is None or limit is None:
        return False
    return number > limit if operator == "gt" else number < limit


def _int64(text: str) -> int | None:
    """Follows `strconv.ParseInt(text, 10, 64)`."""
    digits = re.fullmatch(r"([+-]?)0*([0-9]{1,19})", text)
    number = int(digits[1] + digits[2]) if digits else 2**63
    return number if -(2**63) <= number < 2**63 else None
