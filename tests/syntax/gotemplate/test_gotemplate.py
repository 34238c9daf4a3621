"""Go templates: what Go made of a table of them, bounds, and what no template may do."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Success

from fkube.syntax.gotemplate import Bounds, parse, render
from tests.syntax.gotemplate.table import DATA, EXPECTED, make, read_templates

CASES = [(template, strict) for template in read_templates() for strict in (False, True)]
RECORDED = [tuple(made) for made in json.loads(EXPECTED.read_text(encoding="utf-8"))]


def test_the_table_is_what_go_made_of_it() -> None:
    """`python -m tests.conformance.gotemplates` records it."""
    made = [make(template, DATA, strict) for template, strict in CASES]
    differ = [
        (*case, was, ours) for case, was, ours in zip(CASES, RECORDED, made, strict=True) if was != ours
    ]
    assert differ == []


SHORT = Bounds(steps=1_000, characters=10_000)
ENDLESS = [
    ("{{range 1000000000000}}{{end}}", "the template takes more than 1,000 steps"),
    ("{{range 900}}{{range 900}}{{end}}{{end}}", "the template takes more than 1,000 steps"),
    ("{{range 500}}{{print 1 | print | print}}{{end}}", "the template takes more than 1,000 steps"),
    ("{{range 500}}0123456789012345678901234567890{{end}}", "makes more than 10,000 characters"),
    ('{{$x := "0123456789"}}{{range 99}}{{$x = print $x $x}}{{end}}', "makes more than 10,000 characters"),
    ('{{printf "%99999d" 1}}', "makes more than 10,000 characters"),
    ("{{range 300}}{{$}}{{end}}", "makes more than 10,000 characters"),
    ('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}', "the template takes more than 1,000 steps"),
]


@pytest.mark.parametrize(("template", "wrong"), ENDLESS)
def test_what_takes_too_long_is_an_error(template: str, wrong: str) -> None:
    _, error = render(parse(template).unwrap(), {"a": "x" * 100}, bounds=SHORT)
    assert str(error).endswith(wrong)


def test_templates_that_call_themselves_end() -> None:
    template = parse('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}').unwrap()
    _, error = render(template, {})
    assert str(error).endswith("exceeded maximum template depth (10000)")


@pytest.mark.parametrize(
    "template",
    [
        "{{" + "(" * 1_000 + "1" + ")" * 1_000 + "}}",
        "{{if 1}}" * 1_000 + "{{end}}" * 1_000,
        "{{if 0}}" + "{{else if 0}}" * 1_000 + "{{end}}",
        '{{block "a" .}}' * 1_000 + "{{end}}" * 1_000,
    ],
)
def test_what_is_nested_too_deeply_is_an_error(template: str) -> None:
    assert parse(template).failure().message == "template: output:1: max expression depth exceeded"


def test_what_is_nested_finds_room() -> None:
    deep = "{{print " + "(print " * 98 + "1" + ")" * 98 + "}}"
    assert render(parse(deep).unwrap(), {}) == ("1", None)
    nested = "{{if 1}}" * 99 + "x" + "{{end}}" * 99
    assert render(parse(nested).unwrap(), {}) == ("x", None)


WORDS = (
    *(
        "{{",
        "}}",
        "{{-",
        "-}}",
        "(",
        ")",
        "|",
        " ",
        ".",
        ".a",
        "$",
        "$x",
        ":=",
        "=",
        ",",
        "if",
        "else",
        "end",
    ),
    *(
        "range",
        "with",
        "define",
        "template",
        "block",
        "break",
        "continue",
        "nil",
        "true",
        "1",
        "1e9",
        "0x",
        "'a'",
    ),
    *(
        '"%d"',
        '"a"',
        "`",
        "printf",
        "print",
        "len",
        "index",
        "slice",
        "eq",
        "lt",
        "and",
        "js",
        "html",
        "exists",
    ),
    *("base64decode", "call", "urlquery", "\n", "é", "\udcff", "\ud800", "%", "/*", "*/"),
)
TEMPLATES = st.text() | st.lists(st.sampled_from(WORDS), max_size=25).map("".join)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(), v, max_size=3))
FORMATS = st.text(alphabet="%vdsqxXTtbcoOUeEfFgGp+-# 0123456789.*[]aé\udcff", max_size=12)


@settings(max_examples=100)
@given(TEMPLATES, VALUES, st.booleans())
def test_no_template_raises(template: str, value: object, missing: bool) -> None:
    found = parse(template)
    if isinstance(found, Success):
        text, error = render(found.unwrap(), {"a": value}, missing, SHORT)
        assert len(text) <= SHORT.characters
        assert not error or error.message.startswith("error executing template ")


@settings(max_examples=100)
@given(FORMATS, st.lists(VALUES, max_size=3))
def test_no_format_raises(format: str, values: list[object]) -> None:
    template = parse("{{printf .f " + " ".join(f"(index .v {n})" for n in range(len(values))) + "}}").unwrap()
    text, error = render(template, {"f": format, "v": values}, bounds=Bounds(characters=3_000_000))
    assert error is None or "characters" in error.message
    assert isinstance(text, str)


SECRET = "c2VjcmV0LXdvcmQ"
"""Base64 without its padding, which can't be decoded."""
USES = (
    "{}",
    "{}.a",
    "{} 1",
    "1 {}",
    "{} {}",
    "{} | len",
    "1 | print | index {}",
    "range {}",
    "with {}",
    "if {}",
)


@pytest.mark.parametrize(
    "function", ["", "len", "index", "slice", "eq", "lt", "le", "call", "base64decode", "not"]
)
def test_no_error_names_a_value(function: str) -> None:
    held = {"s": SECRET, "l": [SECRET, 7654321], "m": {SECRET: SECRET}, "n": 7654321, "f": 76.54321}
    for use in USES:
        for field in (".s", ".l", ".m", ".n", ".f", "(index .l 0)", "(index .l 1)"):
            action = " ".join(use.format(*(f"{function} {field}", field)[:1], field).split())
            template = f"{{{{{action}}}}}{'{{end}}' if use[0] in 'rwi' else ''}"
            found = parse(template)
            error = (
                render(found.unwrap(), held, bounds=SHORT)[1]
                if isinstance(found, Success)
                else found.failure()
            )
            assert not re.search(f"{SECRET}|7654321|76.54321", str(error or ""))


@pytest.mark.parametrize(
    "template",
    [
        "{{index .l .n}}",
        "{{$n := .n}}{{slice .l $n}}",
        "{{range $i, $v := .n}}{{end}}",
        "{{$s := .s}}{{call $s}}",
    ],
)
def test_no_error_names_a_value_where_go_does(template: str) -> None:
    _, error = render(parse(template).unwrap(), {"l": [1], "n": 7654321, "s": SECRET})
    assert "***" in str(error)
    assert not re.search(f"{SECRET}|7654321", str(error))
