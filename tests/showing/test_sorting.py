"""The order of `--sort-by`, and quantities, beside what kubectl and apimachinery v0.37.1 make of the same.

Lists are of up to twelve objects, which Go sorts by insertion; where there are more, Go leaves what is equal
in no particular order. Both were compared on 13,000 generated lists and pairs, without a difference.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from fkube.showing.sorting import order
from fkube.syntax.quantity import _QUANTITY, quantity

NAMED = [{"metadata": {"name": name}} for name in ("web", "db", "app-10", "app-9", "10", "9")]

ORDERS: tuple[tuple[str, list[Any], tuple[int, ...] | str], ...] = (
    (".metadata.name", NAMED, (5, 4, 2, 3, 1, 0)),
    ("{.metadata.name}", NAMED[:2], (1, 0)),
    ("metadata.name", NAMED[:2], (1, 0)),
    (".a", [{"a": 10}, {"a": -1}, {"a": 9}], (1, 2, 0)),
    (".a", [{"a": 1.5}, {"a": 0.5}], (1, 0)),
    (".a", [{"a": "1Ki"}, {"a": "1k"}, {"a": "500m"}, {"a": "1"}], (2, 3, 1, 0)),
    (".a", [{"a": "2026-01-02T00:00:00Z"}, {"a": "2026-01-01T00:00:00Z"}], (1, 0)),
    (".a", [{"a": "b"}, {}, {"a": "a"}, {}], (3, 1, 2, 0)),
    (".a", [{"a": None}, {"a": 1}, {}, {"a": None}], (2, 0, 3, 1)),
    (".a", [{"a": 1, "b": 0}, {"a": 1, "b": 1}, {"a": 0}], (2, 0, 1)),
    (".a[*].b", [{"a": [{"b": 2}, {"b": 0}]}, {"a": [{"b": 1}]}], (1, 0)),
    (".a[?(@.n==1)].b", [{"a": [{"n": 1, "b": 2}]}, {"a": []}], (1, 0)),
    (".a", [{"a": True}], (0,)),
    (".a", [{"a": {}}, {}, {"a": None}], (1, 2, 0)),
    ("", [{"a": 1}], 'couldn\'t find any field with path "" in the list of objects'),
    (".a", [{}, {"b": 1}], 'couldn\'t find any field with path "{.a}" in the list of objects'),
    (".a", [], ()),
    (".a[0]", [{"a": 1}], "int64 is not array or slice"),
    (".a[", [{"a": 1}], "unterminated array"),
    (
        "{.a}{.b}",
        [{"a": 1}],
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
        "'{.name1.name2}'",
    ),
    (".a", [{"a": {}}, {"a": {}}], "Field {.a} is an unsortable type: map[string]interface {}"),
    (".a", [{"a": []}, {"a": 1}], "Field {.a} is an unsortable type: []interface {}"),
    (".a", [{"a": True}, {"a": False}], "Field {.a} is an unsortable type: bool"),
    (".a", [{"a": "1"}, {"a": 1}], "Field {.a} is an unsortable type: string beside int64"),
    (".a", [{"a": 1}, {"a": 2.5}], "Field {.a} is an unsortable type: int64 beside float64"),
)


@pytest.mark.parametrize(("field", "objects", "expected"), ORDERS)
def test_orders(field: str, objects: list[Any], expected: tuple[int, ...] | str) -> None:
    found = order(field, objects)
    assert (found.unwrap() if isinstance(found, Success) else found.failure().message) == expected


VALUES = st.one_of(
    st.lists(st.integers(-3, 3)),
    st.lists(st.sampled_from(["a", "b", "é", "Z", "a-1"])),
    st.lists(st.floats(-2, 2)),
)


@given(VALUES)
def test_what_is_equal_keeps_its_order(values: list[Any]) -> None:
    """Law: `order` is the stable sort by the field."""
    objects = [{"a": value} for value in values]
    assert order(".a", objects).unwrap() == tuple(sorted(range(len(values)), key=lambda n: values[n]))


@given(st.lists(st.none() | st.sampled_from(["x", "1", "", "2k", None, 5, {}, []])), st.text())
def test_nothing_raises_and_nothing_is_lost(values: list[Any], field: str) -> None:
    objects = [{} if value is None else {"a": value, field: value} for value in values]
    for path in (".a", field):
        order(path, objects).map(lambda found: assert_all(found, len(values)))


def assert_all(found: tuple[int, ...], count: int) -> None:
    assert sorted(found) == list(range(count))


RISING = (
    ("-9Ei", "-9223372036854775807", "-10000Pi"),
    ("-1k", "-1000"),
    ("-1n", "-1e-12"),
    ("0", "-0", ".", "-", "+", "k", "m", "Ki", "Ti", "-.", ".k", "0.0", "E", "0Ei"),
    ("1n", "0.0000000001", "1e-12", "0.000000000000001", "1e-99999", "0.1n"),
    ("500m", ".5", "0.5", "5e-1", "500000000n"),
    ("1k", "1000", "1000.0", "1e3", "1E3", "+1k", "0001000", "1000000m", "1e+3", "1000000000u"),
    ("1.5Ki", "1536", "0.0014648437500000Mi", "1536.0"),
    ("1M", "1000k"),
    ("1G", "1000000000"),
    ("1T", "1000G"),
    ("1P", "1000T"),
    ("1E", "1000P", "1e18"),
    ("9223372036854775807", "8Ei", "9Ei", "100000000000Ei", "9223372036854775807Ki"),
    ("100E", "1e20"),
    ("1e99999",),
)
"""Quantities of rising value; those in one row are equal."""

NONE = (
    "",
    "web",
    "1x",
    "1 k",
    "1e",
    "1e+",
    "--1",
    "1.2.3",
    "1ki",
    "1Kix",
    "0x10",
    "١",
    "Pi",
    "e-10",
    "1Ki1",
    "1\n",
)


@pytest.mark.parametrize("low", range(len(RISING)))
def test_quantities_rise(low: int) -> None:
    values = [[quantity(text) for text in row] for row in RISING]
    assert values[low].count(values[low][0]) == len(RISING[low])
    assert all(row[0] is not None and row[0] > values[low][0] for row in values[low + 1 :])


@pytest.mark.parametrize("text", NONE)
def test_no_quantities(text: str) -> None:
    assert quantity(text) is None


@pytest.mark.parametrize("text", ["9" * 5_000 + "-1Ki", "." + "9" * 5_000 + "-1Ki", "k" * 5_000 + "-1-"])
def test_a_long_text_that_is_no_quantity_is_refused(text: str) -> None:
    """What took a minute for each."""
    assert quantity(text) is None


SPLIT = re.compile(r"([+-]?)([0-9]*\.?[0-9]*)([eEinumkKMGTP]*[-+]?[0-9]*)")
"""The parts of a quantity, written so that a long text takes the cube of its length."""


@given(st.text("+-.019eEinumkKMGTP", max_size=12))
def test_a_quantity_has_the_same_parts(text: str) -> None:
    slow, fast = SPLIT.fullmatch(text), _QUANTITY.fullmatch(text)
    assert (slow and slow.groups()) == (fast and fast.groups())


@given(st.text() | st.text("+-.0123456789eEimukMGTP", max_size=30))
def test_any_text_is_a_quantity_or_not(text: str) -> None:
    value = quantity(text)
    assert value is None or value.is_finite()


@given(st.integers(-(2**62), 2**62), st.sampled_from(["", "e0", "000m", "000000000n"]))
def test_integers_are_themselves(number: int, suffix: str) -> None:
    assert quantity(f"{number}{suffix}") == number
