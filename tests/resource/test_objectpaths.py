"""The paths at which two objects differ: a table, and against another way to compare them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fkube.resource.objectpaths import changed_paths
from fkube.syntax.jsontext import number

# What is before, what is after, and where they differ.
CASES = [
    ({}, {}, ()),
    ({"a": 1}, {"a": 2}, ("a",)),
    ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, ("a.b.c",)),
    ({"a": {"b": {"c": 1}}}, {"a": {}}, ("a.b",)),
    ({}, {"a": {"b": {"c": 1}}}, ("a",)),
    ({"a": {}}, {}, ("a",)),
    ({"a": None}, {}, ("a",)),
    ({"a": None}, {"a": None}, ()),
    ({"a": None}, {"a": False}, ("a",)),
    ({"a": [1, 2]}, {"a": [1, 3]}, ("a[1]",)),
    ({"a": [1, 2]}, {"a": [1]}, ("a",)),
    ({"a": []}, {"a": {}}, ("a",)),
    ({"a": []}, {"a": [1]}, ("a",)),
    ({"a": [[{"b": 1}]]}, {"a": [[{"b": 2}]]}, ("a[0][0].b",)),
    ({"a": [{"b": 1}]}, {"a": ["b"]}, ("a[0]",)),
    ({"a": 1}, {"a": 1.0}, ()),
    ({"a": 1}, {"a": True}, ("a",)),
    ({"a": 0}, {"a": False}, ("a",)),
    ({"a": 1}, {"a": "1"}, ("a",)),
    ({"a": [True]}, {"a": [1]}, ("a[0]",)),
    ({"a": (1,)}, {"a": [1]}, ()),
    ({"b": 1, "a": 1}, {"b": 2, "a": 2}, ("a", "b")),
    ({"app.io/x": 1}, {"app.io/x": 2}, ("['app.io/x']",)),
    ({"a": {"b.c": {"d": 1}}}, {"a": {"b.c": {"d": 2}}}, ("a['b.c'].d",)),
    ({"a": {"it's": 1}}, {}, ("a",)),
    ({"a": {"it's": 1, 'say "x"': 1}}, {"a": {}}, ("a['it\\'s']", "a['say \"x\"']")),
    ({"a": {"x\ny": 1, "": 1}}, {"a": {}}, ("a['']", "a['x\\ny']")),
    ({"a": {"b-c_1": 1}}, {"a": {}}, ("a.b-c_1",)),
]


@pytest.mark.parametrize(("before", "after", "paths"), CASES)
def test_paths(before, after, paths):
    assert changed_paths(before, after) == paths
    assert changed_paths(after, before) == paths


def nested(depth, value):
    for _ in range(depth):
        value = {"a": [value]}
    return value


def test_objects_may_be_deeper_than_the_stack():
    assert changed_paths(nested(20_000, 1), nested(20_000, 1)) == ()
    assert changed_paths(nested(20_000, 1), nested(20_000, 2)) == ("a[0]" + ".a[0]" * 19_999,)


def test_no_value_is_in_a_path():
    secret = {"kind": "Secret", "data": {"token": "c2VjcmV0"}}
    assert changed_paths(secret, {**secret, "data": {"token": "b3RoZXI="}}) == ("data.token",)


LEAVES = st.sampled_from((None, True, False, 0, 1, 1.0, 0.5, "", "a", "1"))
KEYS = st.sampled_from(("a", "b", "c.d", "e/f"))
VALUES = st.recursive(LEAVES, lambda v: st.lists(v, max_size=2) | st.dictionaries(KEYS, v, max_size=2))
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=3)


def as_json(value):
    """A value as JSON text in which equal numbers are equal."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{as_json(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(as_json, value)) + "]"
    return json.dumps(number(value) if isinstance(value, float) else value)


@given(OBJECTS, OBJECTS)
def test_there_are_paths_where_the_objects_differ_as_json_and_only_there(before, after):
    assert changed_paths(before, before) == changed_paths(before, json.loads(json.dumps(before))) == ()
    assert (changed_paths(before, after) == ()) == (as_json(before) == as_json(after))
    assert changed_paths(before, after) == changed_paths(after, before)
