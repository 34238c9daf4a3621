"""JSON in Go's words: the quick ways of writing it write what the way without recursion does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fkube.syntax import gotext
from fkube.syntax.gotext import json_line, json_text

TEXTS = st.one_of(
    st.text(),
    st.sampled_from(
        [":1.5]", ",-1.5e3}", "[1.5,", "web:1.2", "NaN", "<&>", "\u2028\ud800", '"', "\\", "\x07"]
    ),
)
NUMBERS = st.one_of(
    st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([1e21, 1e-7, 1e6, -0.0])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(TEXTS, inner), st.tuples(inner, inner)),
)


def assert_written_alike(value: object) -> None:
    """Both ways write a value alike: in a line, and in lines."""
    assert json_line(value) == gotext._escape(gotext._write_value(gotext._LINE, value, ""))
    block = gotext.replace(gotext._BLOCK, step="  ")
    assert json_text(value, "\n ", "  ") == gotext._escape(gotext._write_value(block, value, "\n "))


@given(VALUES)
def test_ways_of_writing_agree(value: object) -> None:
    assert_written_alike(value)


def test_what_is_nested_deeper_than_any_stack_is_written() -> None:
    value: object = 1.5
    for _ in range(5000):
        value = [value]
    assert json_line(value) == f"{'[' * 5000}1.5{']' * 5000}"
    assert json_text(value, "", "") == json_line(value)


@pytest.mark.parametrize(("part", "value"), [("_MAY_BE_FLOAT", {"a": 1e-7}), ("_write_key", {"<": 1.0})])
def test_a_planted_fault_is_seen(part: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = {"_MAY_BE_FLOAT": gotext.re.compile("(?!)"), "_write_key": "{}:".format}
    monkeypatch.setattr(gotext, part, faults[part])
    with pytest.raises(AssertionError):
        assert_written_alike(value)


def test_texts_like_floats_are_written_in_linear_time() -> None:
    text = ":1." * 200_000
    assert json_line(text) == f'"{text}"'
