"""Where JSON data has not the shape of a table."""

from __future__ import annotations

from typing import Any

import pytest

from fkube.syntax.misfits import find_misfit


def test_a_misfit_is_named_by_its_path() -> None:
    shape: Any = {"a": [{"b": str, "c": {"*": int}, "!": ["b"]}]}
    misfits = [
        {"a": 1},
        {"a": [1]},
        {"a": [{}]},
        {"a": [{"b": "", "c": {"d": "1"}}]},
        {"a": [{"b": ""}]},
        {"a": None},
    ]
    assert [find_misfit(value, shape) for value in misfits] == ["a", "a[0]", "a[0].b", "a[0].c.d", None, None]


TREE: dict[str, Any] = {"name": str}
TREE |= {"child": TREE, "other": (bool, TREE), "size": (int, float)}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"child": {"child": {"name": "a"}}, "other": {"name": "b"}, "size": 1.5}, None),
        ({"other": False, "size": 2}, None),
        ({"other": 0}, "other"),
        ({"size": True}, "size"),
        ({"other": {"child": {"name": 1}}}, "other.child.name"),
        ({"child": {"child": []}}, "child.child"),
    ],
)
def test_a_shape_may_hold_itself_or_be_one_of_several(value: Any, place: str | None) -> None:
    assert find_misfit(value, TREE) == place
