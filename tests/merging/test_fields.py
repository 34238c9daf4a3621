"""Field sets: paths and how they are written, types, values merged and compared, and who owns what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from returns.result import Failure, Success

from fkube.merging.fields import (
    Comparison,
    Type,
    compared,
    fields_of,
    fields_v1,
    from_fields_v1,
    merged,
    ordered,
    problems,
    shown,
    without,
)
from fkube.merging.fields.managers import ANCIENT, Manager, cap_managers, read_managers, write_managers
from fkube.merging.fields.merge import equal_values
from fkube.merging.fields.paths import value_at
from fkube.merging.fields.updating import Rules, apply_configuration, update_managers
from fkube.merging.patches.schema import MERGE_KEY
from fkube.testing.merging import TYPE as SPEC

FREE = Type({})
PORTS = ("f:spec", "f:ports")
SET = {"type": "array", "x-kubernetes-list-type": "set", "items": {}}
NO_STRING = "expected string, got &value.valueUnstructured{Value:%s}"
NO_MAP = "associative list without keys has an element that's a map type"
A_IN_TAGS = ("f:spec", "f:tags", 'v:"a"')
FIRST = (*PORTS, 'k:{"port":1}')


def spec(**fields: Any) -> dict[str, Any]:
    return {"spec": fields}


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [
        ({}, set()),
        ({"f:a": {}}, {("f:a",)}),
        ({".": {}, "x:a": {}, "f": {}, "v:{": {}, "k:[1]": {}}, set()),
        ({'k:{"b":1,"a":"<"}': {"f:c": {}}}, {('k:{"a":"\\u003c","b":1}', "f:c")}),
        ({"f:l": {"v:1.0": {}, 'v:"1"': {}, "i:0": {}}}, {("f:l", "v:1"), ("f:l", 'v:"1"'), ("f:l", "i:0")}),
    ],
)
def test_what_is_written_of_fields_is_read(written_as: Any, read_as: Any) -> None:
    assert from_fields_v1(written_as) == read_as


def test_fields_are_written_in_the_order_of_go() -> None:
    paths = [
        ("i:2",),
        ("v:true",),
        ('v:"a"',),
        ("v:2",),
        ("v:null",),
        ('k:{"a":1}',),
        ("f:b",),
        ("f:a", "f:x"),
        ("f:a",),
    ]
    assert list(fields_v1(paths)) == ["f:a", "f:b", 'k:{"a":1}', "v:2", 'v:"a"', "v:true", "v:null", "i:2"]
    assert ordered(paths)[0] == ("f:a",)
    assert ordered(paths)[-1] == ("f:a", "f:x")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("f:a", "i:1"), ".a[1]"),
        (("f:a", 'v:"x"'), '.a[="x"]'),
        (("v:[1,null]",), "[=[1,null]]"),
        (('v:{"a":true}',), "[=a=true]"),
        (('k:{"a":"b","c":1.5}', "f:d"), '[a="b",c=1.5].d'),
    ],
)
def test_paths_are_shown_as_the_server_shows_them(path: Any, text: str) -> None:
    assert shown(path) == text


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (".a[1]", None),
        ('.l[name="b"].v', 2),
        ('.l[name="z"]', None),
        ('.s[="y"]', "y"),
        (".n[=2]", 2),
        (".a.b", 1),
        (".a.c", None),
        (".x[k=v]", None),
    ],
)
def test_values_are_found_by_what_is_shown(path: str, value: Any) -> None:
    object = {
        "a.b": 1,
        "l": [{"name": "a", "v": 1}, {"name": "b", "v": 2}],
        "s": ["x", "y"],
        "n": [1, 2],
        "x": 5,
    }
    assert value_at(object, path) == value


@pytest.mark.parametrize(
    ("value", "owned"),
    [
        ({}, set()),
        (spec(name="a"), {("f:spec", "f:name")}),
        (spec(labels={}), {("f:spec", "f:labels")}),
        (spec(labels=None), {("f:spec", "f:labels")}),
        (spec(ports=[]), set()),
        (spec(ports=[{"port": 1, "name": "x"}]), {FIRST, (*FIRST, "f:port"), (*FIRST, "f:name")}),
        (spec(ports=[{"port": 1}, {"port": 1}]), {FIRST}),
        (spec(args=["x"], selector={"a": "b"}), {("f:spec", "f:args"), ("f:spec", "f:selector")}),
        (spec(tags=["x"]), {("f:spec", "f:tags", 'v:"x"')}),
        (
            spec(free={"a": {"b": 1}, "c": [1]}),
            {("f:spec", "f:free", "f:a"), ("f:spec", "f:free", "f:a", "f:b"), ("f:spec", "f:free", "f:c")},
        ),
    ],
)
def test_the_fields_of_a_value(value: Any, owned: Any) -> None:
    assert fields_of(SPEC, value) == owned


@pytest.mark.parametrize(
    ("schema", "value", "wrong"),
    [
        ({"type": "string"}, 1, NO_STRING % 1),
        (
            {"type": "string"},
            [{"a": None}],
            NO_STRING % '[]interface {}{map[string]interface {}{"a":interface {}(nil)}}',
        ),
        ({"type": "integer"}, "1", "expected numeric (int or float), got string"),
        ({"type": "boolean"}, "x", "expected boolean, got &{x}"),
        ({"type": "string", "format": "date-time"}, {"a": True}, "expected any scalar, got &{map[a:true]}"),
        ({"type": "object"}, [None, "x"], "expected map, got &{[<nil> x]}"),
        ({"type": "array", "items": {}}, {}, "expected list, got &{map[]}"),
        ({"type": "array", "items": {"type": "string"}}, [1], f"[0]: {NO_STRING % 1}"),
        ({"properties": {"a": {}}}, {"b": 1}, ".b: field not declared in schema"),
        (SET, ["a", "a"], 'duplicate entries for key [="a"]'),
        (SET, [{}], f"element 0: {NO_MAP}"),
    ],
)
def test_why_a_value_has_not_its_type(schema: Any, value: Any, wrong: str) -> None:
    assert problems(Type(schema), value) == (wrong,)


@pytest.mark.parametrize("value", [None, "x", 1, {"a": [{"b": 1}]}, [1, "x"]])
def test_what_no_schema_describes_may_be_anything(value: Any) -> None:
    assert problems(FREE, value) == ()


def test_a_list_item_is_known_by_its_keys_and_their_defaults() -> None:
    items = {"properties": {"port": {}, "protocol": {"default": "TCP"}}}
    keyed = Type(
        {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"], "items": items}
    )
    assert keyed.element({"port": 80}) == Success('k:{"port":80,"protocol":"TCP"}')
    assert keyed.element(None) == Failure("associative list with keys may not have a null element")
    assert keyed.element(1) == Failure("associative list with keys may not have non-map elements")
    named = Type({"x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "name"})
    assert isinstance(named.element({"x": 1}), Failure)
    assert not named.list_atomic
    assert named.keys == ("name",)


def test_types_are_followed_through_references() -> None:
    names = {"a.Leaf": {"properties": {"x": {"type": "string"}}}, "a.Raw": {"type": "object"}}
    schema = {
        "properties": {
            "leaf": {"allOf": [{"$ref": "#/components/schemas/a.Leaf"}], "x-kubernetes-map-type": "atomic"},
            "raw": {"$ref": "io.k8s.apimachinery.pkg.runtime.RawExtension"},
            "size": {"$ref": "io.k8s.apimachinery.pkg.api.resource.Quantity"},
            "kept": {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {"y": {}}},
            "any": {"type": "object", "additionalProperties": True},
            "none": {"type": "object", "properties": {}, "additionalProperties": False},
        }
    }
    typed = Type(schema, names)
    value = {"leaf": {"x": "1"}, "raw": {"a": {"b": 1}}, "size": 1, "kept": {"z": {"w": 1}}, "any": {"q": 1}}
    assert problems(typed, value) == ()
    assert fields_of(typed, value) == {
        *(("f:leaf",), ("f:raw",), ("f:size",), ("f:any", "f:q")),
        *(("f:kept", "f:z"), ("f:kept", "f:z", "f:w")),
    }
    assert problems(typed, {"none": {"a": 1}}) == (".none.a: field not declared in schema",)


@pytest.mark.parametrize(
    ("live", "config", "whole"),
    [
        (spec(tags=["a", "b", "c"]), spec(tags=["c", "a"]), spec(tags=["b", "c", "a"])),
        (spec(tags=["a"]), spec(tags=["x", "a", "y"]), spec(tags=["x", "a", "y"])),
        (
            spec(ports=[{"port": 1, "name": "a"}]),
            spec(ports=[{"port": 2}, {"port": 1}]),
            spec(ports=[{"port": 2}, {"port": 1, "name": "a"}]),
        ),
        (spec(tags=["a", "a", "b"]), spec(tags=["a"]), spec(tags=["a", "b"])),
        (
            spec(args=["a"], selector={"a": "1"}),
            spec(args=[], selector={"b": "1"}),
            spec(args=[], selector={"b": "1"}),
        ),
        (spec(labels={"a": "1"}), spec(labels={}), spec(labels={"a": "1"})),
        (spec(labels={"a": "1"}), spec(labels=None), spec(labels={"a": "1"})),
        (spec(free="x"), spec(free={"a": 1}), spec(free={"a": 1})),
        (None, None, None),
    ],
)
def test_what_merging_leaves(live: Any, config: Any, whole: Any) -> None:
    assert merged(SPEC, live, config) == whole


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (spec(tags=["a"]), spec(tags=["b"]), Comparison({A_IN_TAGS}, set(), {("f:spec", "f:tags", 'v:"b"')})),
        (spec(tags=["a", "a"]), spec(tags=["a"]), Comparison({A_IN_TAGS}, set(), {A_IN_TAGS})),
        (spec(tags=["a"]), spec(tags=["a", "a"]), Comparison({A_IN_TAGS}, set(), {A_IN_TAGS})),
        (
            spec(ports=[{"port": 1, "name": "a"}, {"port": 1}]),
            spec(ports=[{"port": 1}, {"port": 1}]),
            Comparison(set(), {FIRST}, set()),
        ),
        (spec(tags=["a", "a"]), spec(tags=[]), Comparison({A_IN_TAGS}, set(), set())),
        (
            spec(free=1),
            spec(free={"a": 1}),
            Comparison(set(), {("f:spec", "f:free")}, {("f:spec", "f:free", "f:a")}),
        ),
        (
            {},
            spec(labels={"a": "1"}),
            Comparison(set(), set(), {("f:spec",), ("f:spec", "f:labels"), ("f:spec", "f:labels", "f:a")}),
        ),
    ],
)
def test_in_which_fields_values_differ(old: Any, new: Any, change: Any) -> None:
    found = compared(SPEC, old, new)
    assert (found.removed, found.modified, found.added) == (change.removed, change.modified, change.added)


def test_json_values_are_one_by_type_too() -> None:
    assert equal_values({"a": [1.0, True]}, {"a": [1, True]})
    assert not equal_values({"a": 1}, {"a": True})
    assert not equal_values([1], [1, 1])


def test_what_is_left_without_fields() -> None:
    value = spec(ports=[{"port": 1, "name": "a"}, {"port": 2}], tags=["a"], args=["x"])
    gone = {(*PORTS, 'k:{"port":2}'), (*PORTS, 'k:{"port":1}', "f:name"), A_IN_TAGS}
    assert without(SPEC, value, gone) == spec(ports=[{"port": 1}], tags=None, args=["x"])
    assert without(SPEC, spec(args=["x"]), {("f:spec", "f:args", "f:x")}) == spec(args=None)
    assert without(Type({"type": "string"}), "x", {("f:a",)}) == "x"


ENTRY = {
    "manager": "me",
    "operation": "Apply",
    "apiVersion": "v1",
    "fieldsType": "FieldsV1",
    "fieldsV1": {"f:a": {}},
}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"operation": ""}, "operation must be `Apply` or `Update`"),
        ({"apiVersion": ""}, "apiVersion must not be empty"),
        ({"fieldsType": ""}, "missing fieldsType in managed fields entry 0"),
        ({"fieldsType": "V2"}, 'invalid fieldsType "V2" in managed fields entry 0'),
    ],
)
def test_an_entry_of_managed_fields_that_is_none(change: Any, why: str) -> None:
    assert read_managers({"managedFields": [{**ENTRY, **change}]}) == Failure(why)


def test_managers_are_read_and_written() -> None:
    (found,) = read_managers({"managedFields": [ENTRY]}).unwrap()
    assert write_managers((found,)) == [ENTRY]
    other = replace(found, operation="Update", subresource="status")
    assert str(other) == '"me" with subresource "status" using v1'
    assert [entry["operation"] for entry in write_managers((other, found))] == ["Apply", "Update"]


def test_the_oldest_updates_are_taken_together() -> None:
    many = [
        Manager(f"m{n:02}", "Update", "v1" if n else "v2", "", f"t{n:02}", frozenset({(f"f:{n}",)}))
        for n in range(13)
    ]
    left = cap_managers({manager.identity: manager for manager in many})
    assert len(left) == 10
    bucket = next(manager for manager in left.values() if manager.name == ANCIENT)
    assert bucket.fields == {("f:1",), ("f:2",), ("f:3",), ("f:4",)}
    assert bucket.time == "t04"
    few = {manager.identity: manager for manager in many[:10]}
    assert cap_managers(few) is few


RULES = Rules(lambda version: None if version == "gone" else SPEC, (("f:status",),))
ME, OTHER = Manager("me", "Apply", "v1", time="now"), Manager("other", "Apply", "v1", time="now")


def test_who_updates_owns_what_changed() -> None:
    old, new = spec(name="a", labels={"a": "1"}), {**spec(name="b"), "status": {"x": 1}}
    who = Manager("me", "Update", "v1", time="now")
    gone = Manager("they", "Update", "gone", time="then", fields=frozenset({("f:spec", "f:name")}))
    theirs = replace(OTHER, fields=fields_of(SPEC, old))
    left = {manager.name: manager.fields for manager in update_managers(RULES, old, new, (theirs, gone), who)}
    assert left == {"me": {("f:spec", "f:name")}}
    again = update_managers(RULES, new, new, (replace(who, fields=frozenset({("f:spec",)})),), who)
    assert [manager.fields for manager in again] == [{("f:spec",)}]


def test_an_apply_takes_away_what_it_no_longer_says_and_nobody_else_owns() -> None:
    first = apply_configuration(
        RULES, {}, spec(name="a", labels={"a": "1", "b": "1"}, tags=["x"]), (), ME
    ).unwrap()
    shared = apply_configuration(
        RULES, first.object, spec(name="a", labels={"b": "1"}), first.managers, OTHER
    ).unwrap()
    second = apply_configuration(RULES, shared.object, spec(name="a"), shared.managers, ME).unwrap()
    assert second.object == spec(name="a", labels={"b": "1"})
    assert {manager.name: len(manager.fields) for manager in second.managers} == {"me": 1, "other": 2}


def test_an_apply_that_changes_nothing_leaves_the_object_and_the_time() -> None:
    first = apply_configuration(RULES, {}, spec(name="a"), (), ME).unwrap()
    again = apply_configuration(
        RULES, first.object, spec(name="a"), first.managers, replace(ME, time="later")
    ).unwrap()
    assert again.object is first.object
    assert [manager.time for manager in again.managers] == ["now"]
    shared = apply_configuration(RULES, first.object, spec(name="a"), first.managers, OTHER).unwrap()
    assert {manager.name: manager.time for manager in shared.managers} == {"me": "now", "other": ""}


def test_an_apply_over_another_is_a_conflict_unless_forced() -> None:
    first = apply_configuration(RULES, {}, spec(name="a"), (), OTHER).unwrap()
    refused = apply_configuration(RULES, first.object, spec(name="b"), first.managers, ME)
    assert refused.failure() == ((first.managers[0], {("f:spec", "f:name")}),)
    forced = apply_configuration(RULES, first.object, spec(name="b"), first.managers, ME, force=True).unwrap()
    assert [manager.name for manager in forced.managers] == ["me"]
    nothing = apply_configuration(RULES, first.object, {}, (), ME).unwrap()
    assert nothing.managers == ()


def tightening(tight: bool) -> Rules:
    """The rules of a kind whose map and list are one field each, or have many."""
    fields = {
        "map": {"type": "object", "x-kubernetes-map-type": "atomic" if tight else "granular"},
        "list": {**SET, "x-kubernetes-list-type": "atomic" if tight else "set"},
        "free": {"x-kubernetes-preserve-unknown-fields": True},
    }
    return Rules(lambda _: Type({"type": "object", "properties": fields}))


def test_who_owned_a_part_of_what_has_become_one_field_owns_the_whole() -> None:
    config = {"map": {"a": 1}, "list": ["x"], "free": {"a": 1}}
    first = apply_configuration(tightening(False), {}, config, (), ME).unwrap()
    refused = apply_configuration(
        tightening(True), first.object, {"map": {"b": 1}, "list": ["y"]}, first.managers, OTHER
    )
    assert refused.failure()[0][1] == {("f:map",), ("f:list",)}
    again = apply_configuration(tightening(True), first.object, config, first.managers, OTHER).unwrap()
    free = {("f:free",), ("f:free", "f:a")}
    assert {manager.name: manager.fields - free for manager in again.managers} == {
        "me": {("f:map",), ("f:list",)},
        "other": {("f:map",), ("f:list",)},
    }
    who = Manager("they", "Update", "v1", time="now")
    after = update_managers(tightening(True), first.object, {**config, "map": {"a": 2}}, first.managers, who)
    assert {manager.name: manager.fields - free for manager in after} == {
        "me": {("f:list",)},
        "they": {("f:map",)},
    }


def test_what_has_become_many_fields_stays_one_for_its_owner() -> None:
    first = apply_configuration(tightening(True), {}, {"map": {"a": 1}}, (), ME).unwrap()
    second = apply_configuration(
        tightening(False), first.object, {"map": {"a": 2}}, first.managers, OTHER
    ).unwrap()
    assert second.object == {"map": {"a": 2}}
    assert {manager.name: manager.fields for manager in second.managers} == {
        "me": {("f:map",)},
        "other": {("f:map", "f:a")},
    }


def test_what_was_applied_at_a_version_that_is_gone_is_nobodys() -> None:
    before = (replace(ME, version="gone", fields=fields_of(SPEC, spec(labels={"a": "1"}))),)
    after = apply_configuration(
        RULES, spec(labels={"a": "1", "b": "1"}), spec(labels={"b": "1"}), before, ME
    ).unwrap()
    assert after.object == spec(labels={"a": "1", "b": "1"})


ODD = (None, [], {}, "x", 1, 1e300, [None], [[]], {"a": None}, "\ud800", [1, "a"])


@pytest.mark.parametrize(
    ("managed", "place"),
    [
        ("text", "managedFields"),
        (-5, "managedFields"),
        ({"a": 1}, "managedFields"),
        ([None], "managedFields[0]"),
        ([ENTRY, []], "managedFields[1]"),
        ([{**ENTRY, "fieldsType": [[]]}], "managedFields[0].fieldsType"),
        ([{**ENTRY, "fieldsV1": "f:a"}], "managedFields[0].fieldsV1"),
        ([{**ENTRY, "time": 5}], "managedFields[0].time"),
    ],
)
def test_managers_of_another_shape_are_a_failure(managed: Any, place: str) -> None:
    why = f"{place}: the managers of fields have another shape"
    assert read_managers({"managedFields": managed}) == Failure(why)


@pytest.mark.parametrize("metadata", [None, "text", 5, []])
def test_what_is_no_metadata_has_no_managers(metadata: Any) -> None:
    assert read_managers(metadata) == Success(())


@pytest.mark.parametrize(
    "key", ["i:x", "i:", "i:-1", "i:" + "9" * 5_000, "k:[1]", "v:" + "[" * 5_000, "x:1", "f"]
)
@pytest.mark.parametrize("below", [{}, None, 5, "x", [[]]])
def test_an_element_that_is_none_is_left_out(key: str, below: Any) -> None:
    found = from_fields_v1({key: below, "f:a": below})
    assert found == {("f:a",)}
    assert fields_v1(found) == {"f:a": {}}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "schema",
    [
        lambda odd: {"type": odd},
        lambda odd: {"properties": odd},
        lambda odd: {"properties": {"l": odd, "m": odd}},
        lambda odd: {"properties": {"l": {"type": "array", "items": odd}}, "additionalProperties": odd},
        lambda odd: {"properties": {"l": {"x-kubernetes-list-type": odd, "type": odd}}},
        lambda odd: {
            "properties": {"l": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": odd}}
        },
        lambda odd: {"properties": {"l": {"x-kubernetes-patch-strategy": "merge", MERGE_KEY: odd}}},
        lambda odd: {"properties": {"l": {**MAPS, "items": {"properties": {"name": odd}}}}},
        lambda odd: {"allOf": odd},
        lambda odd: {"$ref": odd},
        lambda odd: {"$ref": "#/components/schemas/odd", "x-kubernetes-map-type": odd},
    ],
)
def test_a_schema_of_another_shape_says_nothing_of_a_value(schema: Any, odd: Any) -> None:
    type = Type(schema(odd), {"odd": odd})
    one, other = {"l": [{"name": "x"}, {"a": 1}], "m": {"a": 1}}, {"l": [{"name": "x", "a": 2}], "m": [1]}
    problems(type, one)
    compared(type, one, other)
    merged(type, one, other)
    without(type, one, fields_of(type, other))


MAPS = {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}


def test_references_that_lead_back_end() -> None:
    names = {"a": {"$ref": "#/b"}, "b": {"allOf": [{"$ref": "#/a"}]}}
    type = Type({"properties": {"x": {"$ref": "#/a"}}}, names)
    assert fields_of(type, {"x": {"y": 1}}) == {("f:x", "f:y")}
    assert problems(type, {"x": {"y": 1}}) == ()
