"""Whatever is asked, the embedded cluster answers: nothing makes it raise, and what it stores stays whole."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fkube.cluster import State, empty, respond
from fkube.exchange import Request

WORDS = (
    *(
        "metadata",
        "name",
        "namespace",
        "labels",
        "annotations",
        "finalizers",
        "ownerReferences",
        "spec",
        "status",
    ),
    *(
        "data",
        "stringData",
        "containers",
        "template",
        "selector",
        "replicas",
        "ports",
        "kind",
        "apiVersion",
        "group",
    ),
    *(
        "names",
        "plural",
        "scope",
        "versions",
        "schema",
        "openAPIV3Schema",
        "properties",
        "served",
        "storage",
        "type",
    ),
    *(
        "$patch",
        "$retainKeys",
        "$setElementOrder/containers",
        "$deleteFromPrimitiveList/finalizers",
        "op",
        "path",
    ),
    *(
        "value",
        "from",
        "preconditions",
        "uid",
        "resourceVersion",
        "propagationPolicy",
        "generateName",
        "dryRun",
    ),
)
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2)
TEXTS = st.sampled_from(
    ["", "a", "A", "a/b", "v1", "ConfigMap", "delete", "replace", "add", "/data/a", "/spec/-", "1"]
)
JSON = st.recursive(
    SCALARS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=14,
)
COLLECTIONS = (
    *("/api/v1/namespaces/default/configmaps", "/api/v1/namespaces/default/secrets", "/api/v1/namespaces"),
    *(
        "/apis/apps/v1/namespaces/default/deployments",
        "/api/v1/namespaces/default/pods",
        "/apis/ex.com/v1/foos",
    ),
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
)
TYPES = ("json", "yaml", "merge-patch+json", "json-patch+json", "strategic-merge-patch+json")
SCHEMA = {
    "type": "object",
    "properties": {"spec": {"type": "object", "properties": {"replicas": {"type": "integer"}}}},
}
VERSION = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}}
DEFINITION = {
    "metadata": {"name": "foos.ex.com"},
    "spec": {
        "group": "ex.com",
        "scope": "Cluster",
        "names": {"kind": "Foo", "plural": "foos"},
        "versions": [VERSION],
    },
}
FIRST = {
    COLLECTIONS[0]: {"data": {"a": "b"}},
    COLLECTIONS[1]: {"data": {"a": "Yg=="}},
    COLLECTIONS[3]: {
        "spec": {"replicas": 1, "template": {"spec": {"containers": [{"name": "a"}, {"name": "b"}]}}}
    },
    COLLECTIONS[4]: {"spec": {"containers": [{"name": "a"}]}},
    COLLECTIONS[5]: {"apiVersion": "ex.com/v1", "kind": "Foo", "spec": {"replicas": 1}},
}


def begun() -> State:
    """A cluster with an object of each kind."""
    state, _ = respond(empty(), Request("POST", COLLECTIONS[-1], body=DEFINITION))
    for path, body in FIRST.items():
        state, response = respond(state, Request("POST", path, body={"metadata": {"name": "a"}, **body}))
        assert response.status == 201
    return state


BEGUN = begun()


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A request that may be anything, but mostly is for something that is there."""
    method = draw(st.sampled_from(["GET", "POST", "PUT", "PATCH", "PATCH", "DELETE"]))
    name = (
        "" if method == "POST" else draw(st.sampled_from(["", "/a", "/a", "/a/status", "/a/scale", "/none"]))
    )
    body = draw(JSON)
    if isinstance(body, dict) and draw(st.booleans()):
        body = {**body, "metadata": {"name": "a", "labels": draw(JSON)}, "apiVersion": draw(TEXTS)}
    keys = st.sampled_from(
        ["limit", "continue", "labelSelector", "fieldSelector", "dryRun", "resourceVersion"]
    )
    query = draw(st.lists(st.tuples(keys, TEXTS), max_size=2))
    kind = f"application/{draw(st.sampled_from(TYPES))}"
    sent = json.dumps(body).encode() if draw(st.booleans()) else body
    return Request(method, draw(st.sampled_from(COLLECTIONS)) + name, tuple(query), sent, kind)


@given(st.lists(requests(), max_size=6))
@settings(max_examples=60, deadline=None)
def test_no_request_makes_the_cluster_raise(asked: list[Request]) -> None:
    state = BEGUN
    for request in asked:
        before = json.dumps(request.body, default=str)
        after, response = respond(state, request)
        assert 200 <= response.status < 600
        assert json.dumps(request.body, default=str) == before
        assert response.status < 400 or after is state
        state = after
    for key, object in state.objects.items():
        assert object["metadata"]["name"] == key.rpartition("/")[2]
        assert object["metadata"]["uid"]


@given(st.text(alphabet="/apis1v.com-%", max_size=30), st.text(max_size=10))
@settings(max_examples=40, deadline=None)
def test_no_path_or_form_makes_the_cluster_raise(path: str, accept: str) -> None:
    for place in (f"/{path}", f"/api/v1/{path}", f"/apis/apps/v1/namespaces/{path}"):
        assert respond(BEGUN, Request("GET", place, accept=accept))[1].status in (200, 404, 405, 406)


@given(JSON)
@settings(max_examples=40, deadline=None)
def test_no_definition_makes_the_cluster_raise(schema: Any) -> None:
    version: Any = {**VERSION, "schema": {"openAPIV3Schema": schema}}
    spec = {**DEFINITION["spec"], "group": "other.com", "versions": [version]}
    body = {"metadata": {"name": "foos.other.com"}, "spec": spec}
    state, response = respond(BEGUN, Request("POST", COLLECTIONS[-1], body=body))
    if response.status == 201:
        foo = {
            "apiVersion": "other.com/v1",
            "kind": "Foo",
            "metadata": {"name": "x"},
            "spec": {"replicas": 1},
        }
        assert respond(state, Request("POST", "/apis/other.com/v1/foos", body=foo))[1].status in (201, 422)
