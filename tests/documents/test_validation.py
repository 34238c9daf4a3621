"""Validators in the builder: by a schema, by the server's OpenAPI, offline, and keys that are there twice."""

from __future__ import annotations

import json

import pytest
from returns.result import Success
from returns.unsafe import unsafe_perform_io
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.documents.validation import KIND, offline, openapi, unique_keys, validator
from fkube.edge.result import infos
from fkube.exchange import Response
from fkube.resource.info import Info, Origin
from fkube.syntax.yamllines import duplicate_keys
from fkube.verbs.schemas import openapi_documents

META = {"type": "object", "properties": {"name": {"type": "string"}, "labels": {
    "type": "object", "additionalProperties": {"type": "string"}}}}  # fmt: skip
SHIRT = {
    "type": "object",
    "required": ["spec"],
    KIND: [{"group": "a.b", "version": "v1", "kind": "Shirt"}],
    "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"allOf": [{"$ref": "#/components/schemas/Meta"}], "default": {}},
        "spec": {
            "type": "object",
            "properties": {
                "size": {"type": "integer", "format": "int32"},
                "port": {"x-kubernetes-int-or-string": True},
                "anything": {
                    "type": "object",
                    "x-kubernetes-preserve-unknown-fields": True,
                    "properties": {},
                },
                "properties": {"type": "array", "items": {"type": "string"}},
                "colour": {"type": "string", "enum": ["red"]},
            },
        },
    },
}
DOCUMENT = {"components": {"schemas": {"Shirt": SHIRT, "Meta": META}}}


def shirt(**spec):
    return {"apiVersion": "a.b/v1", "kind": "Shirt", "metadata": {"name": "s"}, "spec": spec}


# An object, and what is wrong with it.
CHECKED = {
    "nothing": (shirt(size=1), []),
    "a type": (shirt(size="secret"), ["spec.size: must be of type integer"]),
    "a field that is null": (shirt(size=None), []),
    "an integer or a string": (shirt(port="http"), []),
    "neither": (shirt(port=[]), ["spec.port: must be of type integer or string"]),
    "unknown fields": (shirt(x=1, y=1), ['unknown field "spec.x"', 'unknown field "spec.y"']),
    "unknown fields that are kept": (shirt(anything={"x": {"y": 1}}), []),
    "a field called properties": (shirt(properties=["a"]), []),
    "a value that is none of these": (shirt(colour="secret"), ["spec.colour: must keep enum of its schema"]),
    "a required field": ({"apiVersion": "a.b/v1", "kind": "Shirt"}, ['missing required field "spec"']),
    "in a schema that is referred to": (
        {**shirt(), "metadata": {"name": 1, "nmae": "a"}},
        ["metadata.name: must be of type string", 'unknown field "metadata.nmae"'],
    ),
    "an unknown kind": ({"apiVersion": "a.b/v2", "kind": "Shirt"}, []),
    "no kind at all": ({}, []),
}


@pytest.mark.parametrize("case", CHECKED)
def test_openapi(case):
    object, problems = CHECKED[case]
    assert sorted(openapi([DOCUMENT])(object)) == sorted(problems)


def test_unknown_fields_pass_where_it_is_not_strict():
    assert list(openapi([DOCUMENT], strict=False)(shirt(x=1, size="1"))) == [
        "spec.size: must be of type integer"
    ]


def test_schemas_are_left_as_they_are():
    before = json.dumps(DOCUMENT)
    list(openapi([DOCUMENT])(shirt(x=1)))
    assert json.dumps(DOCUMENT) == before


def test_documents_are_asked_for_by_their_version():
    index = {"paths": {
        "api/v1": {"serverRelativeURL": "/openapi/v3/api/v1?hash=A"},
        "apis/a.b/v1": {"serverRelativeURL": "/openapi/v3/apis/a.b/v1?hash=B"},
    }}  # fmt: skip
    one = openapi_documents("a.b/v1").then(Response(200, index))
    assert str(one.request) == "GET /openapi/v3/apis/a.b/v1?hash=B"
    whole = {"paths": {}, **DOCUMENT}
    assert one.then(Response(200, json.dumps(whole))).result == Success((whole,))
    every = openapi_documents().then(Response(200, index)).then(Response(200, whole))
    assert str(every.request) == "GET /openapi/v3/apis/a.b/v1?hash=B"


def test_the_schemas_of_a_server_validate_what_a_builder_reads():
    client = edge.embedded()
    documents = edge.running.hold(client, openapi_documents("v1")).unwrap()
    check = validator(openapi(documents))
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    made = pipe(
        b.builder(), b.schema(check), b.objects(config, {**config, "data": {"a": 5}}, name="x.yaml"),
        b.continue_on_error, b.default_namespace, b.do,
    ).unwrap()  # fmt: skip
    failures = unsafe_perform_io(infos(client)(made).failure())
    assert [info.name for info in failures.visited] == ["a"]
    assert [str(error.message) for error in failures.errors] == [
        'error validating "x.yaml": error validating data: data.a: must be of type string; if you choose to '
        "ignore these errors, turn validation off with --validate=false"
    ]


def test_a_list_is_validated_before_it_is_opened_and_each_of_its_items_once():
    seen = []
    check = validator(lambda object: seen.append(object["kind"]) or [])
    listed = {"apiVersion": "v1", "kind": "List", "items": [shirt()]}
    made = pipe(b.builder(), b.objects(listed), b.schema(check), b.flatten, b.local, b.do).unwrap()
    assert len(unsafe_perform_io(infos(edge.embedded())(made).unwrap())) == 1
    assert seen == ["List", "Shirt"]


def test_what_a_check_forbids_is_not_created_out_of_a_list():
    no_shirts = validator(lambda object: ["no shirts"] if object["kind"] == "Shirt" else [])
    other = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    listed = {"apiVersion": "v1", "kind": "List", "items": [shirt(), other, shirt()]}
    made = pipe(
        b.builder(), b.objects(listed), b.schema(no_shirts), b.flatten, b.continue_on_error, b.local, b.do
    )
    failed = unsafe_perform_io(infos(edge.embedded())(made).failure())
    assert [type(step).__name__ for step in failed.steps] == ["Failure", "Success", "Failure"]
    assert [info.kind for info in failed.visited] == ["ConfigMap"]


DEPLOYMENT = {
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
    "spec": {"selector": {}, "template": {"spec": {"containers": [{"name": "c", "image": "i"}]}}},
}  # fmt: skip
OFFLINE = {
    "nothing": (DEPLOYMENT, "1.37", []),
    "a type": (
        {**DEPLOYMENT, "spec": {**DEPLOYMENT["spec"], "replicas": "3"}},
        "v1.37.2",
        ["spec.replicas: must be of type integer"],
    ),
    "an unknown field": ({**DEPLOYMENT, "spek": {}}, "1.37", ['unknown field "spek"']),
    "an unknown kind": (shirt(), "1.37", []),
    "no apiVersion": ({"kind": "Pod"}, "1.37", ["apiVersion not set"]),
    "an unknown Kubernetes": (DEPLOYMENT, "9.9", ["kubernetes-validate does not support version 9.9"]),
}


@pytest.mark.parametrize("case", OFFLINE)
def test_offline(case):
    object, version, problems = OFFLINE[case]
    assert list(offline(version)(object)) == problems


def test_several_problems_are_one_error_and_no_value_is_in_it():
    check = validator(openapi([DOCUMENT]))
    error = check(Info(shirt(size="hidden", x=1), Origin("s.yaml", 2))).failure()
    assert "[" in error.message
    assert "hidden" not in repr((error, check))


# A text, and the keys that are there again, with their lines.
TEXTS = (
    ("a: 1\nb: 2\n", []),
    ("a: 1\na: 2\na: 3\n", [("a", 1), ("a", 2)]),
    ("a: {b: 1, b: 2}\n", [("b", 0)]),
    ("a:\n- b: 1\n- b: 2\n", []),
    ("a:\n  b: {c: 1}\n  c: 1\nc: 2\n", []),
    ("a: [1, {x: 1,\n x: 2}]\na: 1\n", [("x", 1), ("a", 2)]),
    ('{"a": 1, "b": [],\n "a": 2}', [("a", 1)]),
    ("x: &x {a: 1}\ny: {<<: *x, <<: *x, a: 2}\n", []),
    ("? [a, b]\n: 1\n? [a, b]\n: 2\nz: 1\nz: 2\n", [("z", 5)]),
    ("a: [", []),
    ("", []),
    ("just a string", []),
)


@pytest.mark.parametrize(("text", "found"), TEXTS)
def test_keys_that_are_there_twice(text, found):
    assert list(duplicate_keys(text)) == found


ONE = "kind: ConfigMap\napiVersion: v1\nmetadata:\n"
TWICE = f"{ONE}  name: a\n---\n{ONE}  name: b\n  name: c\n"


def test_strict_warns_of_them_and_unique_keys_refuses_them():
    client = edge.embedded()
    steps = (b.text(TWICE, "two.yaml"), b.strict, b.default_namespace, b.continue_on_error)
    report = unsafe_perform_io(
        edge.visit(client, verbs.create())(pipe(b.builder(), *steps, b.do).unwrap()).unwrap()
    )
    warned = ('two.yaml, document 2, line 10: key "name" already set in map',)
    assert [(o.action, o.object["metadata"]["name"], o.warnings) for o in report.outcomes] == [
        ("created", "a", ()),
        ("created", "c", warned),
    ]
    refused = pipe(b.builder(), *steps, b.schema(unique_keys), b.do).unwrap()
    failures = unsafe_perform_io(infos(client)(refused).failure())
    assert [info.name for info in failures.visited] == ["a"]
    assert warned[0] in failures.errors[0].message


A = [{"version": "v1", "kind": "A"}]
OBJECT = {"apiVersion": "v1", "kind": "A", "a": 5}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (5, "whole"),
        ([], "whole"),
        ({"components": []}, "components"),
        ({"components": {"schemas": "x"}}, "components.schemas"),
        ({"components": {"schemas": {"A": {KIND: [None]}}}}, f"components.schemas.A.{KIND}[0]"),
        (
            {"components": {"schemas": {"A": {KIND: [{"kind": "A"}]}}}},
            f"components.schemas.A.{KIND}[0].version",
        ),
        (
            {"components": {"schemas": {"A": {"properties": {"a": {"items": 5}}}}}},
            "components.schemas.A.properties.a.items",
        ),
        ({"components": {"schemas": {"A": {"required": [1]}}}}, "components.schemas.A.required[0]"),
        ({"components": {"schemas": {"A": {"minLength": "x"}}}}, "components.schemas.A.minLength"),
        ({"components": {"schemas": {"A": {"type": {"a": 1}}}}}, "components.schemas.A.type"),
    ],
)
def test_by_a_document_of_another_shape_nothing_is_valid(document, place):
    assert list(openapi([DOCUMENT, document])(shirt())) == [
        f"an OpenAPI document can't be used: its {place} has another shape than schemas have"
    ]


def test_by_a_schema_that_leads_back_to_itself_nothing_is_valid():
    schemas = {"A": {KIND: A, "$ref": "#/B"}, "B": {"anyOf": [{}, {"not": {"$ref": "#/A"}}]}}
    assert list(openapi([{"components": {"schemas": schemas}}])(OBJECT)) == [
        "an OpenAPI document can't be used: its schema A leads back to itself by references alone"
    ]


# What JSON Schema would not understand, in the schema of a field that is 5.
LEFT_OUT = (
    *(
        {"$ref": "#/components/schemas/none"},
        {"type": "odd"},
        {"type": ["odd"]},
        {"type": None},
        {"items": None},
    ),
    *(
        {"pattern": "("},
        {"pattern": "\\p{L}"},
        {"pattern": "(?i:a){9999999999}"},
        {"multipleOf": 0},
        {"$id": "http://[::1"},
    ),
    *({"$dynamicRef": "#x"}, {"if": 5}, {"maximum": 5, "exclusiveMaximum": False}, {"allOf": []}),
)


@pytest.mark.parametrize("schema", LEFT_OUT)
def test_what_json_schema_would_not_understand_is_left_out(schema):
    document = {"components": {"schemas": {"A": {KIND: A, "properties": {"a": schema}}}}}
    assert list(openapi([document], strict=False)(OBJECT)) == []


def test_an_exclusive_bound_is_not_in_the_range():
    for schema in ({"maximum": 5, "exclusiveMaximum": True}, {"minimum": 5, "exclusiveMinimum": True}):
        document = {"components": {"schemas": {"A": {KIND: A, "properties": {"a": schema}}}}}
        assert len(list(openapi([document], strict=False)(OBJECT))) == 1


@pytest.mark.parametrize("name", ["a/b", "a~b", "%zz", "é", "", "\x00", "#"])
def test_a_schema_may_have_any_name(name):
    schemas = {name: {KIND: A, "properties": {"a": {"type": "string"}}}}
    assert list(openapi([{"components": {"schemas": schemas}}], strict=False)(OBJECT)) == [
        "a: must be of type string"
    ]


STRANGE = ("a\x00b", "\ud800", "9" * 5_000, "../../../etc/passwd", "", "V1", "a/b/c")


@pytest.mark.parametrize("odd", [None, {"a": "v1"}, ["v1"], 5, *STRANGE])
def test_a_strange_version_or_kind_is_unknown_or_wrong_offline(odd):
    check = offline("1.30")
    wrong = ["apiVersion and kind must be texts"] if odd and not isinstance(odd, str) else []
    assert list(check({"apiVersion": "v1", "kind": odd})) == (
        wrong or ([] if odd is not None else list(check({"apiVersion": "v1"})))
    )
    assert list(check({"apiVersion": odd, "kind": "Pod"})) == (wrong if odd else ["apiVersion not set"])


@pytest.mark.parametrize("version", ["0.1", "1.1", "x", "", "1.30/../..", "\x00"])
def test_a_version_that_is_none_is_told(version):
    (problem,) = offline(version)({"apiVersion": "v1", "kind": "Pod"})
    assert problem.startswith("kubernetes-validate does not support version")
