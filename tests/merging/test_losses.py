"""What client-side apply may lose of merged lists: each list by its path, each side by its name."""

import pytest

from fkube.merging.patches import merge_losses
from fkube.merging.patches.losses import missing_fields, repeated_items
from fkube.testing.merging import SCHEMA


def items(*names, **fields):
    return {"items": [{"name": name, **fields} for name in names]}


@pytest.mark.parametrize(
    ("object", "told"),
    [
        (items("a", "b"), []),
        (items("a", "b", "a"), ["items has several items with the name a"]),
        (items(1, 1, 1), ["items has several items with the name 1"]),
        (items("a", **items("b", "b")), ["items[a].items has several items with the name b"]),
        (
            {"metadata": {"finalizers": ["x", "x"]}},
            ["metadata.finalizers has several items with the value x"],
        ),
        ({"plain": [{"name": "a"}, {"name": "a"}]}, []),
        ({"whole": {"items": [{"name": "a"}, {"name": "a"}]}}, []),
        ({"volumes": "no list", "unknown": [1, 1]}, []),
    ],
)
def test_a_list_with_several_items_of_one_merge_key_is_named(object, told):
    assert list(repeated_items(SCHEMA, object)) == told


@pytest.mark.parametrize(
    ("wanted", "after", "paths"),
    [
        ({"size": 1}, {"size": 1, "kind": "a"}, []),
        ({"size": 1}, {"size": True}, ["size"]),
        ({"size": 1}, {}, ["size"]),
        (items("a"), items("x", "a", "y"), []),
        (items("a", "b"), items("b", "a"), ["items"]),
        (items("a", "a"), items("a"), ["items"]),
        (items("a", value=1), items("a", value=2), ["items[a].value"]),
        (items("a", labels={"x": "y"}), items("a", labels={"x": "z"}), ["items[a].labels.x"]),
        ({"items": [{"$patch": "delete", "name": "a"}]}, {"items": []}, []),
        ({"update": {"$retainKeys": ["type"], "type": "a"}}, {"update": {"type": "a"}}, []),
        ({"metadata": {"finalizers": ["x"]}}, {"metadata": {"finalizers": ["y", "x"]}}, []),
        ({"plain": [1, 2]}, {"plain": [2, 1]}, ["plain"]),
        ({"metadata": {"labels": {}}}, {"metadata": "no map"}, ["metadata"]),
    ],
)
def test_what_an_object_lacks_of_a_manifest_is_named(wanted, after, paths):
    assert list(missing_fields(SCHEMA, after, wanted)) == paths


def test_each_side_is_named_and_nulls_are_no_fields():
    twice, once = items("a", "a"), items("a")
    sides = {"the manifest": twice, "the live object": once, "what was applied last": twice}
    assert merge_losses(SCHEMA, sides, {"size": None, "items": [{"name": "a", "value": None}]}, once) == (
        "items has several items with the name a in the manifest and what was applied last, "
        "of which client-side apply may lose one",
    )
