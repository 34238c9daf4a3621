"""What goes down in JSON by recursion has room for the deepest value on the stack of a user, 1,000 frames."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from returns.result import Success

from fkube.cli.kyamlprinter import kyaml_text
from fkube.cluster.kinds.structural import fit_value, schema_errors
from fkube.documents.validation import KIND, openapi
from fkube.exchange import Request, Response
from fkube.exchange.shapes import check_answer
from fkube.merging import fields, patches
from fkube.merging.fields.merge import equal_values
from fkube.merging.lastapplied import original, saved
from fkube.merging.values import deep_equal, without_nulls
from fkube.resource.objectpaths import changed_paths
from fkube.syntax.gotext import go_text, json_line, json_text
from fkube.syntax.jsontext import MAX_DEPTH, MAX_WRAPPED_DEPTH, is_deeper

NODE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "n": {"type": "string"},
        "v": {"type": "integer"},
        "a": {"$ref": "#/components/schemas/Tree"},
        "l": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Tree"},
            "x-kubernetes-patch-strategy": "merge",
            "x-kubernetes-patch-merge-key": "n",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["n"],
        },
    },
}
TREE = {**NODE, KIND: [{"version": "v1", "kind": "Tree"}]}
SCHEMA, TYPE = patches.Schema(TREE, {"Tree": TREE}), fields.Type(TREE, {"Tree": TREE})
DOCUMENT = {"components": {"schemas": {"Tree": TREE}}}
CHECK = openapi([DOCUMENT])


def maps(depth: int, value: int) -> Any:
    """Maps in maps."""
    tree: Any = {"v": value}
    for _ in range(depth - 1):
        tree = {"a": tree}
    return tree


def lists(depth: int, value: int) -> Any:
    """Lists of maps in each other, to be merged by a key."""
    tree: Any = {"n": "x", "v": value}
    for _ in range((depth - 1) // 2):
        tree = {"n": "x", "l": [tree]}
    return tree


def _manage(one: Any, other: Any) -> Any:
    owned = fields.fields_of(TYPE, one)
    assert fields.from_fields_v1(fields.fields_v1(owned)) == owned
    return fields.without(TYPE, one, owned), fields.ordered(owned)


FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "merged": lambda one, other: patches.merged(one, other),
    "merge_difference": patches.merge_difference,
    "three_way_merge": lambda one, other: patches.three_way_merge(one, other, one),
    "difference": lambda one, other: patches.difference(SCHEMA, one, other).unwrap(),
    "three_way_difference": lambda one, other: patches.three_way_difference(SCHEMA, one, other, one, False),
    "merge_losses": lambda one, other: patches.merge_losses(SCHEMA, {"a": one, "b": other}, one, other),
    "strategic_merged": lambda one, other: patches.strategic_merged(SCHEMA, one, other).unwrap(),
    "strategic_merged, new": lambda one, _: patches.strategic_merged(SCHEMA, {}, one).unwrap(),
    "json_patched": lambda one, _: patches.json_patched(one, [{"op": "test", "path": "", "value": one}]),
    "problems": lambda one, _: fields.problems(TYPE, one),
    "problems, untyped": lambda one, _: fields.problems(fields.Type({}), one),
    "fields merged": lambda one, other: fields.merged(TYPE, one, other),
    "fields compared": lambda one, other: fields.compared(TYPE, one, other),
    "fields_of": _manage,
    "equal_values": lambda one, _: equal_values(one, deepcopy(one)),
    "deep_equal": lambda one, _: deep_equal(one, deepcopy(one)),
    "without_nulls": lambda one, _: without_nulls(one),
    "texts": lambda one, _: (json_text(one), json_line(one), go_text(one), kyaml_text(one)),
    "changed_paths": changed_paths,
    "openapi": lambda one, _: list(CHECK({"apiVersion": "v1", "kind": "Tree", **one})),
    "structural": lambda one, _: (fit_value(NODE, one), list(schema_errors(NODE, one))),
    "check_answer": lambda one, _: check_answer(
        Request("GET", "/openapi/v3/api/v1"), Response(200, {"components": {"schemas": {"A": one}}})
    ),
}


@pytest.fixture
def _stack_of_a_user() -> Iterator[None]:
    """Python's own limit, whatever runs the tests."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("_stack_of_a_user")
@pytest.mark.parametrize("grow", [maps, lists])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_deepest_value_finds_room(name: str, grow: Callable[[int, int], Any]) -> None:
    one, other = grow(MAX_WRAPPED_DEPTH, 1), grow(MAX_WRAPPED_DEPTH, 2)
    assert is_deeper(one, MAX_WRAPPED_DEPTH - 2)
    assert not is_deeper(one, MAX_WRAPPED_DEPTH)
    FUNCTIONS[name](one, other)


@pytest.mark.parametrize("grow", [maps, lists])
def test_the_annotation_of_the_deepest_document_is_read_again(grow: Callable[[int, int], Any]) -> None:
    deepest = {**grow(MAX_DEPTH, 1), "metadata": {"annotations": {}}}
    assert original(saved(deepest)) == Success(deepest)
