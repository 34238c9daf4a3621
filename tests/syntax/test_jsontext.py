"""How deep JSON may be: the bound is kept where it is read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from returns.result import Failure, Success

from fkube.cluster.gojson import parse_json
from fkube.exchange.answers import decode_json
from fkube.syntax.jsontext import MAX_DEPTH, MAX_WRAPPED_DEPTH, TOO_DEEP, is_deeper, load


def nested(start: str, end: str, depth: int) -> str:
    """So many collections in each other, in the innermost a number."""
    return f"{start * depth}1{end * depth}"


WAYS = [("[", "]"), ('{"a":', "}"), ('{"b": [], "a":', ', "c": {}}'), ('["]}", ', "]")]


@pytest.mark.parametrize(("start", "end"), WAYS)
def test_a_document_is_read_up_to_the_limit(start: str, end: str) -> None:
    assert isinstance(load(nested(start, end, MAX_DEPTH)), Success)
    for depth in (MAX_DEPTH + 1, 900, 100_000):
        assert load(nested(start, end, depth)) == Failure((TOO_DEEP, 0))


@pytest.mark.parametrize(("start", "end"), WAYS)
def test_what_a_server_sends_is_read_up_to_its_limit(start: str, end: str) -> None:
    for read in (lambda text: decode_json(text.encode()), parse_json):
        assert isinstance(read(nested(start, end, MAX_WRAPPED_DEPTH)), Success)
        for depth in (MAX_WRAPPED_DEPTH + 1, 900, 100_000):
            assert re.search("deeply|max depth", read(nested(start, end, depth)).failure())


@pytest.mark.parametrize(
    ("value", "depth"), [(1, 0), ([1], 1), ({"a": (1,)}, 2), ({"a": [{}], "b": [[[0]]]}, 4), ([[1]] * 500, 2)]
)
def test_the_depth_of_a_value(value: Any, depth: int) -> None:
    assert [is_deeper(value, most) for most in range(depth + 1)] == [True] * depth + [False]
