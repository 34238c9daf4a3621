"""Which texts are regular expressions of Go, and what Go says of the others."""

from __future__ import annotations

import pytest

from fkube.syntax.gopattern import pattern_problem

WRONG = {
    "[": "missing closing ]: `[`",
    "[a-z": "missing closing ]: `[a-z`",
    "[z-a]": "invalid character class range: `z-a`",
    "a(?=b)": "invalid or unsupported Perl syntax: `(?=`",
    "(?!a)b": "invalid or unsupported Perl syntax: `(?!`",
    "(?P=n)": "invalid or unsupported Perl syntax: `(?P`",
    "(?<=a)": "invalid named capture: `(?<=a)`",
    "(?P<a b>c)": "invalid named capture: `(?P<a b>`",
    "*a": "missing argument to repetition operator: `*`",
    "a|*": "missing argument to repetition operator: `*`",
    "a**": "invalid nested repetition operator: `**`",
    "a{2}{3}": "invalid nested repetition operator: `{2}{3}`",
    "a{3,1}": "invalid repeat count: `{3,1}`",
    "a{1001}": "invalid repeat count: `{1001}`",
    "a)": "unexpected ): `a)`",
    "(a": "missing closing ): `(a`",
    "\\": "trailing backslash at end of expression: ``",
    r"\1": r"invalid escape sequence: `\1`",
    r"\Z": r"invalid escape sequence: `\Z`",
    r"[\q]": r"invalid escape sequence: `\q`",
}
RIGHT = (
    *(
        "",
        "(?<a>b)\\d",
        "a*?",
        "[]a]",
        "[^]a]",
        "(?i)a",
        "(?i:a)",
        "(|a)+",
        "^*",
        r"\pL",
        "x{,3}",
        "(?P<n>a)",
    ),
    *(
        r"[\d-z]",
        r"\Qa*b\E*",
        "()*",
        "(a)*",
        "[a-]",
        "[-a]",
        "[+--]",
        "[]-a]",
        r"[a-z0-9\-]",
        "[ -~]",
        r"[^\s\]]+",
    ),
    *(
        r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        "[[:alpha:]]",
        r"\x{1F600}",
        "é+",
    ),
)


@pytest.mark.parametrize(("pattern", "problem"), [*WRONG.items(), *((pattern, "") for pattern in RIGHT)])
def test_patterns_are_refused_as_go_does(pattern: str, problem: str) -> None:
    assert pattern_problem(pattern) == problem
