"""Regular expressions as Go reads them: whether a text is one, and why not. Text only, no I/O.

Follows `regexp/syntax` of Go; classes of Unicode are not looked up.
"""

from __future__ import annotations

import re

from fkube.resource.patterns import compile_later

_MOST = 1000
"""How often something may be repeated."""
_REPEAT = compile_later(r"\{(\d+)(?:(,)(\d*))?\}")
_GROUP = compile_later(r"\?(?:P?<([A-Za-z0-9_]+)>|[imsU]*(?:-[imsU]+)?[:)])")
_NAMED = compile_later(r"\(\?P?<[^>]*>?", re.DOTALL)
_ESCAPE = compile_later(
    r"\\(?:[AbBCdDEPpQsSwWzaftnrv]|[0-7]|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]+\}|[^A-Za-z0-9]|[pP]\{\^?\w+\})"
)
_CLASS = compile_later(r"\[:\^?\w+:\]")
_RANGE = compile_later(r"\\?([^\\\w]|(?<!\\)\w)-\\?([^]\\\w]|(?<!\\)\w)", re.DOTALL)
_ITEM = compile_later(_CLASS.pattern + "|" + _ESCAPE.pattern + r"|[^\\]", re.DOTALL)


def pattern_problem(pattern: str) -> str:
    """Say why a text is no regular expression of Go, in its words; empty if it is one.

    >>> pattern_problem("a(?=b)"), pattern_problem("^[a-z]+$")
    ('invalid or unsupported Perl syntax: `(?=`', '')
    """
    at, depth, repeated, last = 0, 0, False, ""
    while at < len(pattern):
        token, problem = _next_token(pattern, at)
        if problem:
            return problem
        if token[0] in "*+?" or _REPEAT.fullmatch(token):
            if problem := _repeat_problem(token, last, repeated):
                return problem
            repeated, last = True, last and last + token
        else:
            depth += (token[0] == "(" and not token.endswith(")")) - (token == ")")
            repeated, last = False, "" if token in "|" or token[0] == "(" else token
        if depth < 0:
            return f"unexpected ): `{pattern}`"
        at += len(token)
    return f"missing closing ): `{pattern}`" if depth else ""


def _repeat_problem(token: str, last: str, repeated: bool) -> str:
    """Why something can't be repeated so; `last`: what stands before it, maybe `repeated` already."""
    if not last:
        return f"missing argument to repetition operator: `{token}`"
    if repeated and token != "?":
        return f"invalid nested repetition operator: `{_operators(last)}{token}`"
    found = _REPEAT.fullmatch(token)
    if found is None:
        return ""
    least, most = int(found[1]), int(found[3] or found[1])
    return f"invalid repeat count: `{token}`" if max(least, most) > _MOST or least > most else ""


def _operators(text: str) -> str:
    """The repetition at the end of a text."""
    found = re.search(r"(?:[*+?]|\{[\d,]+\})\??$", text)
    return found[0] if found else ""


def _next_token(pattern: str, at: int) -> tuple[str, str]:
    """The token of a pattern at a place, or why there is none."""
    char = pattern[at]
    if char == "[":
        return _read_class(pattern, at)
    if char == "\\":
        return _read_escape(pattern, at)
    if char == "{":
        found = _REPEAT.match(pattern, at)
        return (found[0] if found else "{"), ""
    return _read_group(pattern, at) if pattern.startswith("(?", at) else (char, "")


def _read_group(pattern: str, at: int) -> tuple[str, str]:
    """The beginning of a group with a question mark, or why Go knows no such group."""
    if group := _GROUP.match(pattern, at + 1):
        return f"({group[0]}", ""
    if named := _NAMED.match(pattern, at):
        return "", f"invalid named capture: `{named[0]}`"
    return "", f"invalid or unsupported Perl syntax: `{pattern[at : at + 3]}`"


def _read_escape(pattern: str, at: int) -> tuple[str, str]:
    """The escape at a place, or why it is none."""
    if pattern[at + 1 : at + 2] == "":
        return "", "trailing backslash at end of expression: ``"
    found = _ESCAPE.match(pattern, at)
    if found is None or (found[0][1] in "123456789" and found[0][1:2].isdigit()):
        return "", f"invalid escape sequence: `{pattern[at : at + 2]}`"
    if found[0] == "\\Q":
        end = pattern.find("\\E", at)
        return pattern[at : len(pattern) if end < 0 else end + 2], ""
    return found[0], ""


def _read_class(pattern: str, at: int) -> tuple[str, str]:
    """The class of characters at a place, or why it is none."""
    end = at + 1 + (pattern[at + 1 : at + 2] == "^")
    first = True
    while first or pattern[end : end + 1] != "]":
        found = _RANGE.match(pattern, end) or _ITEM.match(pattern, end)
        if found is None:
            problem = _read_escape(pattern, end)[1] if pattern[end : end + 1] == "\\" else ""
            return "", problem or f"missing closing ]: `{pattern[at:]}`"
        if found.re.pattern == _RANGE.pattern and found[1] > found[2]:
            return "", f"invalid character class range: `{found[0]}`"
        end, first = found.end(), False
    return pattern[at : end + 1], ""
