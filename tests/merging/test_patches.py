"""JSON, merge and strategic patches: laws, and tables of what a real server made of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from fkube.cluster.kinds import recorded_facts
from fkube.merging.patches import (
    Schema,
    difference,
    json_patched,
    merged,
    patch_schema,
    strategic_merged,
    three_way_difference,
)
from fkube.merging.patches.schema import MERGE_KEY, find_schema
from fkube.merging.schemashape import KIND
from fkube.resource.info import RESTMapping

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
FEW = settings(max_examples=40, deadline=None)
OBJECTS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


@FEW
@given(JSON, JSON)
def test_merging_twice_is_merging_once(value: Any, patch: Any) -> None:
    assert merged(merged(value, patch), patch) == merged(value, patch)


@FEW
@given(OBJECTS, OBJECTS)
def test_a_merge_leaves_no_null_that_the_patch_names(value: Any, patch: Any) -> None:
    left = merged(value, patch)
    assert all(key not in left for key, inner in patch.items() if inner is None)
    assert all(left[key] == value[key] for key in value if key not in patch)


@FEW
@given(OBJECTS, st.sampled_from("abc"), JSON)
def test_what_is_added_is_found_by_test_and_goes_when_removed(value: Any, key: str, new: Any) -> None:
    add, remove = {"op": "add", "path": f"/{key}", "value": new}, {"op": "remove", "path": f"/{key}"}
    added = json_patched(value, [add]).unwrap()
    assert json_patched(added, [{**add, "op": "test"}]).unwrap() == {**value, key: new}
    assert json_patched(added, [remove]).unwrap() == {k: v for k, v in value.items() if k != key}


@FEW
@given(OBJECTS)
def test_a_patch_that_fails_half_way_changes_nothing(value: Any) -> None:
    patch = [{"op": "add", "path": "/z", "value": 1}, {"op": "remove", "path": "/none"}]
    assert "nonexistent key: none" in json_patched(value, patch).failure()


LIST = {"a": [1, 2, 3]}


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ({"op": "add", "path": "/a/1", "value": 9}, [1, 9, 2, 3]),
        ({"op": "add", "path": "/a/3", "value": 9}, [1, 2, 3, 9]),
        ({"op": "add", "path": "/a/-", "value": 9}, [1, 2, 3, 9]),
        ({"op": "replace", "path": "/a/-1", "value": 9}, [1, 2, 9]),
        ({"op": "remove", "path": "/a/0"}, [2, 3]),
        ({"op": "move", "from": "/a/0", "path": "/a/2"}, [2, 3, 1]),
        ({"op": "copy", "from": "/a/0", "path": "/a/-"}, [1, 2, 3, 1]),
        ({"op": "add", "path": "/a/4", "value": 9}, None),
        ({"op": "replace", "path": "/a/3", "value": 9}, None),
        ({"op": "remove", "path": "/a/x"}, None),
        ({"op": "remove", "path": ""}, None),
        ({"op": "test", "path": "/a/0", "value": 2}, None),
        ({"op": "what", "path": "/a"}, None),
        ({"op": "add"}, None),
    ],
)
def test_operations_on_lists(operation: Any, left: Any) -> None:
    assert json_patched(LIST, [operation]).map(lambda found: found["a"]).value_or(None) == left


POD = Schema(recorded_facts()["schemas"]["io.k8s.api.core.v1.PodSpec"], recorded_facts()["schemas"])


def containers(*names: str) -> list[dict[str, str]]:
    return [{"name": name, "image": "i"} for name in names]


def order(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


def going(gone: str, new: str, order: str) -> Any:
    """The patch that deletes some containers, adds others, and sets an order."""
    deletions = [{"name": name, "$patch": "delete"} for name in gone]
    ordered = [{"name": name} for name in order]
    return {"containers": [*containers(*sorted(new, key=order.find)), *deletions], ORDER: ordered}


ORDER = "$setElementOrder/containers"


@pytest.mark.parametrize(
    ("patch", "left"),
    [
        # What a real server left of a Deployment's containers a, b, c.
        ({"containers": containers("x")}, "xabc"),
        ({"containers": containers("c", "x")}, "abcx"),
        ({"containers": containers("c", "x", "a")}, "bcxa"),
        ({"containers": [{"name": "b", "$patch": "delete"}]}, "ac"),
        ({"containers": [{"$patch": "replace"}, *containers("z")]}, "z"),
        ({"containers": containers("x"), "$setElementOrder/containers": order("c", "x", "a")}, "bcxa"),
        ({"$setElementOrder/containers": order("c", "a")}, "bca"),
        # Go merges into the list itself: what is deleted makes room, and what is added is written into it.
        (going("a", "x", order="bx"), "bcx"),
        (going("a", "x", order="xb"), "cxb"),
        (going("b", "x", order="ax"), "acx"),
        (going("c", "x", order="bx"), "abx"),
        (going("a", "xy", order="xy"), "bcxy"),
        (going("ab", "x", order="x"), "cx"),
        (going("ab", "xy", order="yx"), "cyx"),
        # Where the order names nothing, Go's sort brings what is new out of its order.
        ({"containers": containers("x", "y"), ORDER: []}, "abcyx"),
        ({"containers": None}, ""),
    ],
)
def test_lists_are_merged_by_their_keys_and_ordered(patch: Any, left: str) -> None:
    before = {"containers": containers("a", "b", "c")}
    after = strategic_merged(POD, before, patch).unwrap()
    assert "".join(container["name"] for container in after.get("containers", ())) == left


@pytest.mark.parametrize(
    ("before", "patch", "after"),
    [
        ({"nodeSelector": {"a": "b"}}, {"nodeSelector": {"c": "d"}}, {"nodeSelector": {"a": "b", "c": "d"}}),
        (
            {"nodeSelector": {"a": "b"}},
            {"nodeSelector": {"$patch": "replace", "c": "d"}},
            {"nodeSelector": {"c": "d"}},
        ),
        ({"nodeSelector": {"a": "b"}}, {"nodeSelector": {"$patch": "delete"}}, {"nodeSelector": {}}),
        ({}, {"nodeSelector": {"$patch": "replace", "c": "d"}}, {}),
        ({"tolerations": [{"key": "a"}]}, {"tolerations": [{"key": "b"}]}, {"tolerations": [{"key": "b"}]}),
        (
            {"volumes": [{"name": "v", "emptyDir": {}}]},
            {"volumes": [{"name": "v", "$retainKeys": ["name", "hostPath"], "hostPath": {"path": "/"}}]},
            {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]},
        ),
        ({}, {"$setElementOrder/volumes": []}, {}),
    ],
)
def test_directives(before: Any, patch: Any, after: Any) -> None:
    assert strategic_merged(POD, before, patch).unwrap() == after


def test_lists_of_texts_are_united_and_shortened() -> None:
    schemas = recorded_facts()["schemas"]
    meta = Schema(schemas["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"], schemas)
    grown = strategic_merged(meta, {"finalizers": ["q/r"]}, {"finalizers": ["s/t"]}).unwrap()
    assert grown == {"finalizers": ["s/t", "q/r"]}
    less = {"$deleteFromPrimitiveList/finalizers": ["q/r"]}
    assert strategic_merged(meta, grown, less).unwrap() == {"finalizers": ["s/t"]}


@pytest.mark.parametrize(
    ("patch", "problem"),
    [
        ({"containers": [{"image": "x"}]}, "map: map[image:x] does not contain declared merge key: name"),
        (
            {"containers": [{"name": "a", "ports": [{}]}]},
            "does not contain declared merge key: containerPort",
        ),
        ({"nodeSelector": {"$patch": "foo"}}, "unknown patch type: foo"),
        ({"volumes": [], "$setElementOrder/volumes": []}, "no elements in any of the given slices"),
        (
            {"containers": [*containers("x"), {"$patch": "replace"}], ORDER: order("x")},
            "order in the patch list does not match",
        ),
    ],
)
def test_wrong_patches_are_refused(patch: Any, problem: str) -> None:
    before = {"nodeSelector": {}, "containers": [{"name": "a", "ports": [{"containerPort": 1}]}]}
    assert problem in strategic_merged(POD, before, patch).failure()


@pytest.mark.parametrize("patch", [None, 1, "text", {}, {"op": "add"}])
def test_what_is_no_list_is_no_json_patch(patch: Any) -> None:
    assert json_patched({}, patch).failure() == "a JSON patch is a list of operations"


@pytest.mark.parametrize(
    "operation",
    [
        *(None, [], "add", 1, {}, {"op": []}, {"op": "add"}, {"op": "add", "path": None}),
        *({"op": "add", "path": ["a"], "value": 1}, {"op": "add", "path": "", "value": 1}),
        *({"op": "copy", "from": None, "path": ""}, {"op": "move", "path": "/a"}),
        *(
            {"op": "remove", "path": f"/a/{digits}"}
            for digits in ("9" * 5_000, "-" + "9" * 5_000, "²", "٣", "1 ")
        ),
        *({"op": "add", "path": "/a/-1/b", "value": 1}, {"op": "remove", "path": "/a/0/b/c" + "/d" * 5_000}),
    ],
)
def test_an_operation_of_another_shape_is_a_failure(operation: Any) -> None:
    assert isinstance(json_patched({"a": [1]}, [operation]), Failure)


def test_a_missing_parent_is_named_by_the_way_that_is_left() -> None:
    wrong = json_patched({"a": [{}]}, [{"op": "add", "path": "/a/0/b/c", "value": 1}])
    assert wrong == Failure("doc is missing path: b/c: missing value")


def test_operations_can_not_nest_without_end() -> None:
    copies = [{"op": "copy", "from": "/a", "path": "/a/a"}] * 1_000
    assert "nests more than 160" in json_patched({"a": {}}, copies).failure()
    deep = [{"op": "add", "path": "/a" * depth, "value": {}} for depth in range(1, 160)]
    assert isinstance(json_patched({}, deep), Success)


A = {"group": "", "version": "v1", "kind": "A"}
ODD = (None, [], {}, "x", 1, True, [None], [[]], {"a": None}, {"name": []})


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "schema",
    [
        lambda odd: {"properties": odd},
        lambda odd: {"properties": {"l": odd, "m": odd}},
        lambda odd: {"properties": {"l": {"x-kubernetes-patch-strategy": odd}}},
        lambda odd: {"properties": {"l": {"items": odd, "x-kubernetes-patch-strategy": "merge"}}},
        lambda odd: {"properties": {"l": {"x-kubernetes-patch-strategy": "merge", MERGE_KEY: odd}}},
        lambda odd: {"allOf": odd, "$ref": odd},
        lambda odd: {"allOf": [odd], "$ref": "#/components/schemas/none"},
    ],
)
def test_a_schema_of_another_shape_says_nothing_of_a_field(schema: Any, odd: Any) -> None:
    one, other = {"l": [{"name": "x", "a": 1}], "m": {"a": 1}}, {"l": [{"name": "x", "a": 2}], "m": {"b": 2}}
    found = Schema(schema(odd), {"none": odd})
    for merge in (strategic_merged, difference):
        assert isinstance(merge(found, one, other), Result)
    assert isinstance(three_way_difference(found, one, other, one, False), Result)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "document",
    [
        lambda odd: odd,
        lambda odd: {"paths": odd, "components": odd},
        lambda odd: {"paths": {"/a": odd}, "components": {"schemas": odd}},
        lambda odd: {"paths": {"/a": {"patch": odd}}, "components": {"schemas": {"A": odd}}},
        lambda odd: {"paths": {"/a": {"patch": {KIND: A, "requestBody": odd}}}},
        lambda odd: {"components": {"schemas": {"A": {KIND: odd}, "B": {KIND: [odd]}}}},
    ],
)
def test_a_document_of_another_shape_has_no_schema(document: Any, odd: Any) -> None:
    mapping = RESTMapping("", "v1", "A", "as")
    assert find_schema(mapping, document(odd)) is None
    assert patch_schema(mapping, document(odd)) is None


def test_items_of_one_name_are_merged_in_turn() -> None:
    before = {"containers": [{"name": "a", "image": "1"}, {"name": "a", "image": "2"}]}
    twice = [
        {"name": "a", "image": "3"},
        {"name": "a", "tty": True},
        {"name": "b"},
        {"name": "b", "tty": True},
    ]
    after = strategic_merged(POD, before, {"containers": twice}).unwrap()["containers"]
    assert after == [
        {"name": "a", "image": "3", "tty": True},
        {"name": "a", "image": "2"},
        {"name": "b", "tty": True},
    ]


def test_texts_that_come_twice_are_united_once() -> None:
    schemas = recorded_facts()["schemas"]
    meta = Schema(schemas["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"], schemas)
    assert strategic_merged(meta, {"finalizers": ["a"]}, {"finalizers": ["b", "b"]}).unwrap() == {
        "finalizers": ["b", "a"]
    }
