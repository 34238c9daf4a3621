"""What the embedded cluster does beyond one answer: pages, endings, definitions, documents, secrets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Success

from fkube.cluster import State, empty, respond, since
from fkube.cluster.kinds import builtin_kinds
from fkube.cluster.kinds.discovery import discovery_document
from fkube.cluster.kinds.gotypes import check_value, go_type
from fkube.cluster.reading.cells import (
    access_modes,
    ingress_ports,
    node_status,
    selector,
)
from fkube.cluster.reading.selection import read_choice
from fkube.exchange import Request, Response
from fkube.syntax.durations import human_duration

MERGE = "application/merge-patch+json"
MAPS = "/api/v1/namespaces/default/configmaps"
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def asked(
    state: State, method: str, path: str, body: Any = None, kind: str = "application/json"
) -> tuple[State, Response]:
    """One request, its query in the path."""
    place, _, query = path.partition("?")
    pairs = tuple(
        (key, value) for key, _, value in (pair.partition("=") for pair in query.split("&") if pair)
    )
    return respond(state, Request(method, place, pairs, body, kind))


def having(state: State, *objects: tuple[str, Any]) -> State:
    """The state after objects were posted to paths, all of them well."""
    for path, body in objects:
        state, response = asked(state, "POST", path, body)
        assert response.status == 201, response.body
    return state


def maps(*names: str, **metadata: Any) -> Iterable[tuple[str, Any]]:
    return ((MAPS, {"metadata": {"name": name, **metadata}}) for name in names)


DIGITS = "9" * 5000
ODD_OPTIONS = [
    ("GET", f"{MAPS}?limit={DIGITS}", 400, "value out of range"),
    ("GET", f"{MAPS}?limit=99999999999999999999", 400, "value out of range"),
    ("GET", f"{MAPS}?limit={2**63 - 1}", 200, ""),
    ("GET", f"{MAPS}?limit=-{DIGITS}", 400, "value out of range"),
    ("GET", f"{MAPS}?limit=٣", 400, "invalid syntax"),
    ("GET", f"{MAPS}?timeoutSeconds={DIGITS}", 400, "value out of range"),
    ("GET", f"{MAPS}?resourceVersion={DIGITS}", 400, "value out of range"),
    ("GET", f"{MAPS}/a?resourceVersion={DIGITS}", 500, "value out of range"),
    ("PUT", f"{MAPS}/a?fieldManager=\udce0", 422, "U+DCE0"),
]


@pytest.mark.parametrize(("method", "path", "status", "said"), ODD_OPTIONS)
def test_an_odd_option_is_refused_in_words(method: str, path: str, status: int, said: str) -> None:
    state = having(empty(), *maps("a"))
    _, response = asked(state, method, path, dict(maps("a"))[MAPS])
    assert (response.status, said in str(response.body)) == (status, True), response.body


DOUBLING = [{"op": "copy", "from": "/data", "path": f"/data/{n}"} for n in range(24)]
PATCHES = [
    (DOUBLING, 422),
    ([{"op": "add", "path": "/data/b", "value": "c"}] * 10_001, 413),
    ([{"op": "add", "path": "/data/b", "value": "c"}] * 10_000, 200),
    ([None], 400),
]


@pytest.mark.parametrize(("patch", "status"), PATCHES, ids=["doubling", "too many", "many", "null"])
def test_a_patch_can_not_take_all_there_is(patch: Any, status: int) -> None:
    state = having(empty(), (MAPS, {"metadata": {"name": "a"}, "data": {"a": "b"}}))
    _, response = asked(state, "PATCH", f"{MAPS}/a", patch, "application/json-patch+json")
    assert response.status == status, response.body


def test_a_patch_that_is_no_utf_8_has_other_signs_there() -> None:
    state = having(empty(), *maps("a"))
    body = b'{"data": {"a": "\xe3"}}'
    _, response = asked(state, "PATCH", f"{MAPS}/a", body, MERGE)
    assert (response.status, response.body["data"]) == (200, {"a": "\N{REPLACEMENT CHARACTER}"})


SCALE = "/apis/apps/v1/namespaces/default/deployments/a/scale"
SCALES = [
    ("PUT", {"spec": {"replicas": "3"}}, 400, "ScaleSpec.spec.replicas of type int32"),
    ("PUT", {"spec": 3}, 400, "of type v1.ScaleSpec"),
    ("PUT", {"spec": {"replicas": 2**40}}, 400, "of type int32"),
    ("PUT", {"metadata": {"resourceVersion": [1]}}, 400, "resourceVersion of type string"),
    ("PATCH", {"spec": 3}, 422, "of type v1.ScaleSpec"),
    ("PATCH", {"metadata": 3}, 422, "of type v1.ObjectMeta"),
]


@pytest.mark.parametrize(("method", "scale", "status", "said"), SCALES)
def test_a_misshapen_scale_is_refused(method: str, scale: Any, status: int, said: str) -> None:
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "d"}]}}
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": template}
    deployment = {"metadata": {"name": "a"}, "spec": spec}
    state = having(empty(), ("/apis/apps/v1/namespaces/default/deployments", deployment))
    kind = MERGE if method == "PATCH" else "application/json"
    _, response = asked(state, method, SCALE, scale, kind)
    assert (response.status, said in response.body["message"]) == (status, True), response.body


def names(response: Response) -> list[str]:
    return [item["metadata"]["name"] for item in response.body["items"]]


NAMES = st.lists(st.text(alphabet="ab-", min_size=1, max_size=3), unique=True, max_size=12)


@given(NAMES, st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_pages_together_are_the_list_whatever_happens_between_them(
    given_names: list[str], limit: int
) -> None:
    state = having(empty(), *maps(*(f"x{name}x" for name in given_names)))
    _, whole = asked(state, "GET", MAPS)
    found: list[str] = []
    token = ""
    while True:
        _, page = asked(state, "GET", f"{MAPS}?limit={limit}&continue={token}")
        found += names(page)
        left = page.body["metadata"].get("remainingItemCount", 0)
        assert len(found) + left == len(given_names)
        token = page.body["metadata"].get("continue", "")
        if not token:
            break
        state, _ = asked(state, "DELETE", f"{MAPS}/{found[-1]}")
        state = having(state, *maps(f"zz-{len(found)}"))
    assert found == names(whole) == sorted(f"x{name}x" for name in given_names)


def test_a_token_that_is_too_old_comes_with_one_that_goes_on() -> None:
    state = having(
        State(window=1), ("/api/v1/namespaces", {"metadata": {"name": "default"}}), *maps("a", "b", "c")
    )
    _, page = asked(state, "GET", f"{MAPS}?limit=1")
    state = having(state, *maps(*(f"d{number}" for number in range(600))))
    _, expired = asked(state, "GET", f"{MAPS}?limit=1&continue={page.body['metadata']['continue']}")
    assert (expired.status, expired.body["reason"]) == (410, "Expired")
    _, on = asked(state, "GET", f"{MAPS}?limit=2&continue={expired.body['metadata']['continue']}")
    assert names(on) == ["b", "c"]
    _, gone = asked(state, "GET", f"{MAPS}?resourceVersion=2&resourceVersionMatch=Exact")
    assert (gone.status, gone.body["message"]) == (
        410,
        "The resourceVersion for the provided list is too old: 2",
    )


@pytest.mark.parametrize(
    ("token", "problem"),
    [("e30", 'does not recognize this encoded version ""'), ("!", "illegal base64"), ("W10", 'version ""')],
)
def test_tokens_that_are_none_are_refused(token: str, problem: str) -> None:
    _, response = asked(empty(), "GET", f"{MAPS}?continue={token}")
    assert response.status == 400
    assert problem in response.body["message"]


def test_a_list_at_an_earlier_version_is_what_was_there() -> None:
    state = having(empty(), *maps("a"))
    version = state.version
    state, _ = asked(having(state, *maps("b")), "DELETE", f"{MAPS}/a")
    _, past = asked(state, "GET", f"{MAPS}?resourceVersion={version}&resourceVersionMatch=Exact")
    assert names(past) == ["a"]
    assert past.body["metadata"]["resourceVersion"] == str(version)


def test_objects_are_counted_in_a_collection_that_goes_in_pages() -> None:
    state = having(empty(), *maps("a", "b", "c"))
    state, first = asked(state, "DELETE", f"{MAPS}?limit=2")
    assert names(first) == ["a", "b"]
    assert names(asked(state, "GET", MAPS)[1]) == ["c"]


def test_a_namespace_takes_its_content_along_and_waits_for_finalizers() -> None:
    space, foos = "/api/v1/namespaces/shop", "/apis/ex.com/v1/namespaces/shop/foos"
    foo = {"apiVersion": "ex.com/v1", "kind": "Foo"}
    state = having(
        empty(),
        (CRDS, crd()),
        ("/api/v1/namespaces", {"metadata": {"name": "shop"}}),
        (f"{space}/configmaps", {"metadata": {"name": "a"}}),
        (f"{space}/secrets", {"metadata": {"name": "held", "finalizers": ["a/b"]}}),
        (foos, {**foo, "metadata": {"name": "f"}}),
        *maps("elsewhere"),
    )
    state, response = asked(state, "DELETE", space)
    assert response.body["status"]["phase"] == "Terminating"
    assert asked(state, "GET", f"{space}/configmaps/a")[1].status == 404
    assert names(asked(state, "GET", foos)[1]) == []
    assert "deletionTimestamp" in asked(state, "GET", f"{space}/secrets/held")[1].body["metadata"]
    state, _ = asked(state, "PATCH", f"{space}/secrets/held", {"metadata": {"finalizers": None}}, MERGE)
    assert asked(state, "GET", space)[1].status == 404
    assert names(asked(state, "GET", MAPS)[1]) == ["elsewhere"]


SHOP, NAMED = "/api/v1/namespaces/shop", {"name": "shop"}
FINALIZERS = [
    ({"metadata": {**NAMED, "finalizers": ["a/b"]}}, "PATCH", SHOP, {"metadata": {"finalizers": []}}, MERGE),
    ({"metadata": NAMED, "spec": {"finalizers": ["a/b"]}}, "PUT", f"{SHOP}/finalize",
     {"metadata": NAMED, "spec": {}}, "application/json"),
]  # fmt: skip


@pytest.mark.parametrize(("space", "method", "path", "body", "kind"), FINALIZERS)
def test_a_namespace_waits_for_its_own_finalizers_too(
    space: Any, method: str, path: str, body: Any, kind: str
) -> None:
    state = having(empty(), ("/api/v1/namespaces", space))
    state, _ = asked(state, "DELETE", SHOP)
    assert asked(state, "GET", SHOP)[1].body["status"]["phase"] == "Terminating"
    state, _ = asked(state, method, path, body, kind)
    assert asked(state, "GET", SHOP)[1].status == 404


CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def crd(scope: str = "Namespaced", **version: Any) -> Any:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    first = {"name": "v1", "served": True, "storage": True, "schema": schema, **version}
    spec = {
        "group": "ex.com",
        "scope": scope,
        "names": {"kind": "Foo", "plural": "foos"},
        "versions": [first],
    }
    return {"metadata": {"name": "foos.ex.com"}, "spec": spec}


FOO = {"apiVersion": "ex.com/v1", "kind": "Foo", "metadata": {"name": "f"}}
FOOS = "/apis/ex.com/v1/foos"


def test_a_definition_takes_its_objects_along_and_waits_for_finalizers() -> None:
    held = {**FOO, "metadata": {"name": "held", "finalizers": ["a/b"]}}
    state = having(empty(), (CRDS, crd("Cluster")), (FOOS, FOO), (FOOS, held))
    state, _ = asked(state, "DELETE", f"{CRDS}/foos.ex.com")
    state, again = asked(state, "DELETE", f"{CRDS}/foos.ex.com")
    assert again.body["status"]["conditions"][-1]["type"] == "Terminating"
    assert names(asked(state, "GET", FOOS)[1]) == ["held"]
    assert asked(state, "POST", FOOS, FOO)[1].status == 405
    state, _ = asked(state, "DELETE", f"{FOOS}/held")
    served = asked(state, "GET", f"{FOOS}/held")[1]
    assert served.status == 200
    assert state.served[("ex.com", "v1", "foos")].entry["verbs"] == [
        "delete",
        "deletecollection",
        "get",
        "list",
        "watch",
    ]


def test_definitions_go_with_their_last_object() -> None:
    state = having(empty(), (CRDS, crd("Cluster")), (FOOS, FOO))
    state, _ = asked(state, "DELETE", f"{CRDS}/foos.ex.com")
    assert asked(state, "GET", f"{CRDS}/foos.ex.com")[1].status == 404
    assert asked(state, "GET", FOOS)[1].status == 404
    assert not state.served
    state = having(state, (CRDS, crd()))
    assert asked(state, "GET", FOOS)[1].body["items"] == []


def test_definitions_in_namespaces_take_effect_in_documents() -> None:
    columns = [{"name": "N", "type": "string", "jsonPath": ".spec.n"}]
    state = having(empty(), (CRDS, crd(additionalPrinterColumns=columns)))
    groups = discovery_document(state.served, Request("GET", "/apis")).unwrap().body["groups"]
    assert groups[-1]["name"] == "ex.com"
    _, resources = asked(state, "GET", "/apis/ex.com/v1")
    assert [resource["name"] for resource in resources.body["resources"]] == ["foos"]
    _, index = asked(state, "GET", "/openapi/v3")
    _, document = asked(state, "GET", index.body["paths"]["apis/ex.com/v1"]["serverRelativeURL"])
    assert "com.ex.v1.Foo" in document.body["components"]["schemas"]
    assert "/apis/ex.com/v1/namespaces/{namespace}/foos/{name}" in document.body["paths"]
    assert asked(empty(), "GET", "/openapi/v3")[1].body["paths"] != index.body["paths"]


def test_openapi_documents_are_whole() -> None:
    _, document = asked(empty(), "GET", "/openapi/v3/apis/apps/v1")
    schemas = document.body["components"]["schemas"]
    pod = schemas["io.k8s.api.core.v1.PodSpec"]["properties"]["containers"]
    assert pod["items"] == {"$ref": "#/components/schemas/io.k8s.api.core.v1.Container"}
    assert pod["x-kubernetes-patch-merge-key"] == "name"
    create = document.body["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments"]["post"]
    assert "fieldValidation" in [parameter["name"] for parameter in create["parameters"]]
    linked = set(_references(schemas))
    assert linked <= schemas.keys()
    assert asked(empty(), "GET", "/openapi/v3/apis/none/v1")[1].status == 404


def _references(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_scales_of_custom_resources_are_where_they_say() -> None:
    paths = {
        "specReplicasPath": ".spec.n",
        "statusReplicasPath": ".status.m",
        "labelSelectorPath": ".status.s",
    }
    state = having(
        empty(),
        (CRDS, crd("Cluster", subresources={"scale": paths, "status": {}})),
        (FOOS, {**FOO, "spec": {"n": 2}}),
    )
    state, _ = asked(state, "PATCH", f"{FOOS}/f/status", {"status": {"m": 1, "s": "a=b"}}, MERGE)
    state, scale = asked(state, "PATCH", f"{FOOS}/f/scale", {"spec": {"replicas": 5}}, MERGE)
    assert scale.body["spec"] == {"replicas": 5}
    assert scale.body["status"] == {"replicas": 1, "selector": "a=b"}
    assert asked(state, "GET", f"{FOOS}/f")[1].body["spec"] == {"n": 5}
    assert asked(state, "PATCH", f"{FOOS}/none/scale", {}, MERGE)[1].status == 404
    assert asked(state, "PUT", f"{FOOS}/none/scale", {"spec": {"replicas": 1}})[1].status == 404


LEFT = [
    ("POST", f"{MAPS}?dryRun=All", {"metadata": {"name": "b"}}, 201),
    ("PUT", f"{MAPS}/a?dryRun=All", {"metadata": {"name": "a"}, "data": {"x": "y"}}, 200),
    ("DELETE", f"{MAPS}/a?dryRun=All", None, 200),
    ("DELETE", f"{MAPS}/a", {"dryRun": ["All"]}, 200),
    ("DELETE", f"{MAPS}?dryRun=All", None, 200),
    ("DELETE", "/api/v1/namespaces/kube-node-lease?dryRun=All", None, 200),
    ("POST", MAPS, {"metadata": {"name": "A"}}, 422),
    ("POST", MAPS, {"metadata": {"name": "a"}}, 409),
    ("PUT", f"{MAPS}/a", {"metadata": {"name": "a"}}, 200),
    ("GET", MAPS, None, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), LEFT)
def test_dry_runs_what_is_refused_and_what_is_the_same_change_nothing(
    method: str, path: str, body: Any, status: int
) -> None:
    state = having(empty(), *maps("a"))
    after, response = asked(state, method, path, body)
    assert after is state
    assert response.status == status


def test_names_are_generated_until_one_is_free() -> None:
    body = {"metadata": {"generateName": "a-"}}
    _state, made = asked(empty(), "POST", MAPS, body)
    assert made.body["metadata"]["name"].startswith("a-")
    free, first = asked(empty(), "POST", MAPS, body)
    _, second = asked(free, "POST", MAPS, body)
    assert first.body["metadata"]["name"] != second.body["metadata"]["name"]


def test_a_pod_goes_at_once_and_dependents_with_their_owner() -> None:
    pods = "/api/v1/namespaces/default/pods"
    state = having(empty(), (pods, {"metadata": {"name": "p"}, "spec": {"containers": []}}), *maps("a"))
    state, pod = asked(state, "DELETE", f"{pods}/p")
    assert pod.body["metadata"]["deletionGracePeriodSeconds"] == 0
    state, held = asked(state, "DELETE", f"{MAPS}/a?propagationPolicy=Foreground")
    assert held.body["metadata"]["finalizers"] == ["foregroundDeletion"]
    assert names(asked(state, "GET", pods)[1]) + names(asked(state, "GET", MAPS)[1]) == []


def test_each_version_of_a_kind_shows_the_same_objects() -> None:
    scalers = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers"
    state = having(empty(), (scalers, {"metadata": {"name": "h"}, "spec": {"maxReplicas": 3}}))
    _, older = asked(state, "GET", scalers.replace("v2", "v1") + "/h")
    assert (older.body["apiVersion"], older.body["spec"]["maxReplicas"]) == ("autoscaling/v1", 3)


def test_deprecated_kinds_are_warned_of() -> None:
    _, response = asked(empty(), "GET", "/api/v1/namespaces/default/endpoints")
    assert "v1 Endpoints is deprecated" in response.header("warning")


def test_reviews_allow_everything() -> None:
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    state, response = asked(empty(), "POST", path, {"spec": {"resourceAttributes": {"verb": "get"}}})
    assert response.body["status"] == {"allowed": True}
    assert len(state.objects) == 5


def test_server_side_apply_needs_a_manager_and_an_object() -> None:
    _, wordless = asked(empty(), "PATCH", f"{MAPS}/a?fieldManager=me", "{}", "application/apply-patch+yaml")
    assert (wordless.status, wordless.body["message"]) == (400, "invalid object type: /, Kind=")
    _, nameless = asked(empty(), "PATCH", f"{MAPS}/a", "{}", "application/apply-patch+yaml")
    assert nameless.status == 422


def test_no_error_shows_a_secret() -> None:
    secrets = "/api/v1/namespaces/default/secrets"
    state = having(empty(), (secrets, {"metadata": {"name": "s"}, "data": {"password": "aHVudGVyMg=="}}))
    for patch in ({"data": {"other": "!"}}, {"data": 3}, {"data": {"password": 5}}):
        _, response = asked(state, "PATCH", f"{secrets}/s", patch, MERGE)
        assert response.status == 422
        assert "aHVudGVyMg" not in str(response.body)
    assert "aHVudGVyMg" not in repr(response)


def test_field_selectors_read_what_the_server_reads() -> None:
    nodes = "/api/v1/nodes"
    state = having(
        empty(),
        (nodes, {"metadata": {"name": "n"}}),
        (nodes, {"metadata": {"name": "m"}, "spec": {"unschedulable": True}}),
    )
    assert names(asked(state, "GET", f"{nodes}?fieldSelector=spec.unschedulable=false")[1]) == ["n"]
    _, spaces = asked(state, "GET", "/api/v1/namespaces?fieldSelector=metadata.name=default")
    assert names(spaces) == ["default"]
    events = "/api/v1/namespaces/default/events"
    event = {"metadata": {"name": "e"}, "involvedObject": {"name": "x"}, "source": {"component": "c"}}
    state = having(state, (events, event))
    assert names(asked(state, "GET", f"{events}?fieldSelector=source=c")[1]) == ["e"]
    _, strange = asked(state, "GET", "/api/v1/pods?fieldSelector=spec.foo=a")
    assert strange.body["message"] == "field label not supported: spec.foo"


def test_a_choice_of_one_object_is_that_object() -> None:
    state = having(empty(), *maps("a", "ab"))
    found = read_choice(state, Request("GET", f"{MAPS}/a"))
    assert isinstance(found, Success)
    chosen = found.unwrap()
    assert [key for key, _ in state.objects.items(chosen.start, chosen.end)] == ["/configmaps/default/a"]


def test_every_change_is_in_the_log_once() -> None:
    state = having(empty(), *maps("a"))
    start = state.version
    state, _ = asked(state, "PUT", f"{MAPS}/a", {"metadata": {"name": "a"}, "data": {"x": "y"}})
    state, _ = asked(state, "DELETE", f"{MAPS}/a")
    changed, gone = since(state, start).unwrap()
    assert (changed.object, gone.object) == (gone.previous, None)


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        (
            {"type": "integer", "format": "int32"},
            2**31,
            "cannot unmarshal number 2147483648 into Go value of type int32",
        ),
        ({"type": "integer"}, True, "cannot unmarshal bool into Go value of type int64"),
        ({"type": "number"}, "x", "cannot unmarshal string into Go value of type float64"),
        ({"type": "boolean"}, 1, "cannot unmarshal number into Go value of type bool"),
        ({"format": "int-or-string"}, [], "cannot unmarshal array into Go value of type int32"),
        ({"type": "string", "format": "byte"}, 5, "cannot unmarshal number into Go value of type []uint8"),
        (
            {"type": "string", "format": "date-time"},
            5,
            "cannot unmarshal number into Go value of type string",
        ),
        ({"$ref": "io.k8s.apimachinery.pkg.api.resource.Quantity"}, [], "quantities must match"),
        ({"type": "object"}, 1, "into Go value of type map[string]interface {}"),
        ({"type": "array", "items": {"type": "string"}}, 1, "into Go value of type []string"),
    ],
)
def test_wrong_types_are_told_in_gos_words(schema: Any, value: Any, told: str) -> None:
    assert told in str(check_value(schema, value)[1][0])


@pytest.mark.parametrize("schema", [{"type": t} for t in ("integer", "number", "boolean", "string")])
def test_null_is_no_wrong_type(schema: Any) -> None:
    assert check_value(schema, None) == (None, ())


def test_quantities_that_are_numbers_become_texts_and_other_types_are_let_through() -> None:
    assert check_value({"$ref": "io.k8s.apimachinery.pkg.api.resource.Quantity"}, 1) == ("1", ())
    assert check_value({"type": "object"}, {"a": []}) == ({"a": []}, ())
    assert go_type({}) == "interface {}"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "<invalid>"),
        (-1, "0s"),
        (119, "119s"),
        (125, "2m5s"),
        (3600, "60m"),
        (11000, "3h3m"),
        (36000, "10h"),
        (200000, "2d7h"),
        (86400 * 9, "9d"),
        (86400 * 800, "2y70d"),
        (86400 * 365 * 9, "9y"),
    ],
)
def test_ages(seconds: int, told: str) -> None:
    assert human_duration(seconds) == told


READY = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
TERMS = [{"key": "a", "operator": "In", "values": ["c", "b"]}, {"key": "d", "operator": "DoesNotExist"}]
CELLS = [
    (node_status, READY, "Ready"),
    (node_status, {**READY, "spec": {"unschedulable": True}}, "Ready,SchedulingDisabled"),
    (ingress_ports, {"spec": {"tls": [{}]}}, "80, 443"),
    (access_modes, {"spec": {"accessModes": ["ReadWriteMany", "Odd"]}}, "RWX,Odd"),
    (selector("s"), {"s": {"matchExpressions": TERMS}}, "a in (b,c),!d"),
]


@pytest.mark.parametrize(("cell", "object", "text"), CELLS)
def test_cells(cell: Any, object: Any, text: str) -> None:
    assert cell(object) == text


TREE = {"a": [{"b": 1}, {"b": 2}], "c.d": True, "e": {"f": [{"b": 3}]}, "day": "Monday"}


@pytest.mark.parametrize(
    ("type", "path", "cell"),
    [
        ("string", ".spec.a[*].b", "1 2"),
        ("string", ".spec..b", "1 2 3"),
        ("string", ".spec.a[:1].b", "1"),
        ("string", ".spec.a", '[{"b":1},{"b":2}]'),
        ("integer", ".spec.a[-1].b", 2),
        ("integer", ".spec.a[?(@.b>1)].b", 2),
        ("string", r".spec.c\.d", "true"),
        ("string", ".spec.a.b", None),
        ("string", ".spec.a[7]", None),
        ("string", ".spec.a[", None),
        ("date", ".spec.day", "<invalid>"),
        ("date", ".spec.none", None),
    ],
)
def test_columns_of_definitions(type: str, path: str, cell: object) -> None:
    columns = [{"name": "Column", "type": type, "jsonPath": path}]
    state = having(empty(), (CRDS, crd("Cluster", additionalPrinterColumns=columns)))
    state = having(state, (FOOS, {**FOO, "spec": TREE}))
    request = Request("GET", FOOS, accept="application/json;as=Table;v=v1;g=meta.k8s.io")
    assert respond(state, request)[1].body["rows"][0]["cells"] == ["f", cell]


def test_the_recorded_kinds_are_those_of_a_current_kubernetes() -> None:
    assert len(builtin_kinds()) > 60
    assert all(kind.schema for kind in builtin_kinds().values() if "update" in kind.entry["verbs"])
    assert builtin_kinds()[("", "v1", "pods")].entry["shortNames"] == ["po"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus of real manifests is not here")
@pytest.mark.parametrize(
    ("folders", "count"), [(("kube-prometheus/setup", "kube-prometheus"), 131), (("microservices-demo",), 35)]
)
def test_real_manifests_go_in(folders: tuple[str, ...], count: int) -> None:
    state = empty()
    for api_version, kind, manifest in _manifests(folders):
        mapping = next(
            k.mapping
            for k in (*builtin_kinds().values(), *state.served.values())
            if (k.mapping.api_version, k.mapping.kind) == (api_version, kind)
        )
        root = f"/apis/{api_version}" if mapping.group else "/api/v1"
        space = (
            f"/namespaces/{manifest['metadata'].get('namespace', 'default')}" if mapping.namespaced else ""
        )
        path = f"{root}{space}/{mapping.resource}?fieldValidation=Strict"
        state, response = asked(state, "POST", path, manifest)
        assert response.status == 201, response.body
    assert len(state.objects) == count + 5


def _manifests(folders: tuple[str, ...]) -> Iterable[tuple[str, str, Any]]:
    for folder in folders:
        for file in sorted((CORPUS / folder).glob("*.y*ml")):
            for document in yaml.load_all(file.read_bytes(), Loader=Loader):
                for item in (document or {}).get("items", [document] if document else []):
                    yield item["apiVersion"], item["kind"], item


class Loader(yaml.CSafeLoader):
    """The safe loader, for which `=` is a text as it is for kubectl."""


Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: loader.construct_scalar(node))


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        ("a: [", "application/yaml", "yaml: "),
        ("[]", "application/yaml", "cannot unmarshal array"),
        (b"\xff", "application/json", "invalid character"),
    ],
)
def test_bodies_that_are_none_are_refused(body: Any, kind: str, problem: str) -> None:
    _, response = asked(empty(), "POST", MAPS, body, kind)
    assert response.status == 400
    assert problem in response.body["message"]


def test_what_is_no_api_is_read_only_or_not_there() -> None:
    assert asked(empty(), "POST", "/version", {})[1].status == 405
    assert asked(empty(), "GET", "/version")[1].body["gitVersion"].startswith("v1.")
    assert asked(empty(), "GET", "/api/v1?x=y")[1].body["kind"] == "APIResourceList"
    alone = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    assert respond(empty(), Request("GET", "/apis/apps/v1", accept=alone))[1].status == 406


def test_schemas_of_custom_resources_hold_lists_to_their_sizes() -> None:
    spec = {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": r"\pL"}}
    schema = {"type": "object", "properties": {"spec": spec}}
    state = having(empty(), (CRDS, crd("Cluster", schema={"openAPIV3Schema": schema})))
    _, few = asked(state, "POST", FOOS, {**FOO, "spec": []})
    assert "should have at least 1 items" in few.body["message"]
    assert asked(state, "POST", FOOS, {**FOO, "spec": ["any"]})[1].status == 201


def test_definitions_name_everything() -> None:
    _, response = asked(empty(), "POST", CRDS, {"metadata": {"name": "x"}})
    assert {cause["field"] for cause in response.body["details"]["causes"]} >= {
        *("metadata.name", "spec.group", "spec.scope", "spec.versions", "status.storedVersions"),
        *(f"spec.names.{name}" for name in ("plural", "singular", "kind", "listKind")),
    }


def test_versions_that_are_not_served_are_not_there() -> None:
    state = having(empty(), (CRDS, crd("Cluster")))
    state, _ = asked(
        state,
        "PATCH",
        f"{CRDS}/foos.ex.com",
        [{"op": "replace", "path": "/spec/versions/0/served", "value": False}],
        "application/json-patch+json",
    )
    assert asked(state, "GET", FOOS)[1].status == 404


APPLIED = "application/apply-patch+yaml"
UNREAD = "error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal"
UNTYPED = "failed to create typed patch object (/; /v1, Kind=ConfigMap):"
TYPED = "kind: ConfigMap\napiVersion: v1\n"


def managers(response: Response) -> list[tuple[str, str]]:
    return [(e["manager"], e["operation"]) for e in response.body["metadata"].get("managedFields") or ()]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ("a: [", 400, "error decoding patch: error converting YAML to JSON: yaml: line"),
        ("[1]", 400, f"{UNREAD} array"),
        ("x", 400, f"{UNREAD} string"),
        ("kind: ConfigMap\napiVersion: v2", 400, "invalid object type: /v2, Kind=ConfigMap"),
        (f"{TYPED}metadata: {{managedFields: []}}", 400, "metadata.managedFields must be nil"),
        (TYPED, 400, "the name of the object (a based on URL) was undeterminable"),
        (f"{TYPED}metadata: {{name: b}}", 400, "the name of the object (b) does not match"),
        (f"{TYPED}data: {{a: 1}}", 500, f"{UNTYPED} .data.a: expected string"),
        (
            f"{TYPED}metadata: x\na: 1",
            500,
            f"{UNTYPED} errors:\n  .metadata: expected map, got &{{x}}\n  .a: field",
        ),
    ],
)
def test_a_configuration_that_can_t_be_applied(body: str, status: int, message: str) -> None:
    _, response = asked(empty(), "PATCH", f"{MAPS}/a?fieldManager=me", body, APPLIED)
    assert (response.status, response.body["message"][: len(message)]) == (status, message)


def test_a_program_that_names_no_manager_is_known_by_its_agent() -> None:
    request = Request(
        "POST", MAPS, body={"metadata": {"name": "a"}, "data": {"a": "1"}}, agent="curl\n/8.1 (x)"
    )
    assert managers(respond(empty(), request)[1]) == [("curl", "Update")]
    assert managers(respond(empty(), replace(request, agent=""))[1]) == [("unknown", "Update")]


def test_a_list_that_is_never_left_out_is_nobodys_as_a_whole() -> None:
    """A server's new Deployment has `containers: null`, so only its items are owned."""
    spec = {"template": {"spec": {"containers": [{"name": "main", "image": "nginx"}]}}}
    path = "/apis/apps/v1/namespaces/default/deployments"
    _, made = respond(empty(), Request("POST", path, body={"metadata": {"name": "a"}, "spec": spec}))
    (entry,) = made.body["metadata"]["managedFields"]
    assert set(entry["fieldsV1"]["f:spec"]["f:template"]["f:spec"]["f:containers"]) == {'k:{"name":"main"}'}


def test_management_can_be_taken_away_and_begins_again_with_an_apply() -> None:
    state = having(empty(), (MAPS, {"metadata": {"name": "a"}, "data": {"a": "1"}}))
    forget = [{"op": "replace", "path": "/metadata/managedFields", "value": [{}]}]
    state, forgotten = asked(state, "PATCH", f"{MAPS}/a", forget, "application/json-patch+json")
    assert managers(forgotten) == []
    state, still = asked(state, "PATCH", f"{MAPS}/a", {"data": {"b": "1"}}, MERGE)
    assert managers(still) == []
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"c": "1"}}
    _, applied = asked(state, "PATCH", f"{MAPS}/a?fieldManager=me", config, APPLIED)
    assert managers(applied) == [("me", "Apply"), ("before-first-apply", "Update")]


def test_nothing_is_applied_to_the_status_of_what_is_not_there() -> None:
    place = "/apis/apps/v1/namespaces/default/deployments/a/status?fieldManager=me"
    config = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "status": {"replicas": 1},
    }
    assert asked(empty(), "PATCH", place, config, APPLIED)[1].status == 404


@pytest.mark.parametrize("note", ["{", "[]", '{"apiVersion":"v2"}', '{"apiVersion":"v1","x":1}'])
def test_kubectl_takes_over_only_what_it_has_applied(note: str) -> None:
    noted = {"name": "a", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": note}}
    state = having(empty(), (MAPS, {"metadata": noted, "data": {"a": "1"}}))
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "2"}}
    _, response = asked(state, "PATCH", f"{MAPS}/a?fieldManager=kubectl", config, APPLIED)
    assert response.status == 409


def test_conflicts_with_several_are_told_manager_by_manager() -> None:
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    state = empty()
    for manager, data in (("two", {"b": "1"}), ("one", {"a": "1"})):
        given = {**config, "data": data}
        state, _ = asked(state, "PATCH", f"{MAPS}/a?fieldManager={manager}", given, APPLIED)
    given = {**config, "data": {"a": "2", "b": "2"}}
    _, response = asked(state, "PATCH", f"{MAPS}/a?fieldManager=me", given, APPLIED)
    lines = ['conflicts with "one":', "- .data.a", 'conflicts with "two":', "- .data.b"]
    assert response.body["message"] == "Apply failed with 2 conflicts: " + "\n".join(lines)


def test_an_annotation_of_what_was_applied_last_that_grows_too_long_is_left_out() -> None:
    key = "kubectl.kubernetes.io/last-applied-configuration"
    state = having(empty(), (MAPS, {"metadata": {"name": "a", "annotations": {key: "{}"}}}))
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "a"},
        "data": {"a": "x" * 300_000},
    }
    _, response = asked(state, "PATCH", f"{MAPS}/a?fieldManager=kubectl", config, APPLIED)
    assert key not in (response.body["metadata"].get("annotations") or {})


def test_items_that_can_t_be_told_apart_leave_the_managers_as_they_were() -> None:
    lists = {"type": "array", "items": {"type": "string"}}
    listed = {"type": "array", "x-kubernetes-list-type": "set", "items": lists}
    schema = {"type": "object", "properties": {"items": listed}}
    state = having(empty(), (CRDS, crd("Cluster", schema={"openAPIV3Schema": schema})))
    _, response = asked(state, "POST", FOOS, {**FOO, "items": [["a"]]})
    assert (response.status, managers(response)) == (201, [])


def test_a_subject_without_a_name_has_an_empty_one_in_the_table() -> None:
    path = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings"
    role = {"kind": "Role", "name": "r", "apiGroup": "rbac.authorization.k8s.io"}
    subjects = [{"kind": "ServiceAccount"}, {"kind": "ServiceAccount", "name": "a", "namespace": "b"}]
    state = having(empty(), (path, {"metadata": {"name": "x"}, "roleRef": role, "subjects": subjects}))
    table = Request("GET", path, accept="application/json;as=Table;v=v1;g=meta.k8s.io")
    assert "/, b/a" in respond(state, table)[1].body["rows"][0]["cells"]


def approved(by: str, **version: Any) -> Response:
    """What is answered to a definition in a protected group that is approved so, with this in its version."""
    schema = {"openAPIV3Schema": {"type": "object"}}
    versions = [{"name": "v1", "served": True, "storage": True, "schema": schema, **version}]
    names = {"plural": "as", "kind": "A"}
    metadata = {"name": "as.x.k8s.io", "annotations": {"api-approved.kubernetes.io": by}}
    spec = {"group": "x.k8s.io", "scope": "Cluster", "names": names, "versions": versions}
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    return asked(empty(), "POST", path, {"metadata": metadata, "spec": spec})[1]


@pytest.mark.parametrize("by", ["http://[::1", "\ud800", "a/b", "//a", "https:"])
def test_a_definition_is_not_approved_by_what_is_no_url(by: str) -> None:
    assert "a URL or a reason" in approved(by).body["message"]


def test_a_definition_is_approved_by_a_url_or_a_reason() -> None:
    assert [approved(by).status for by in ("https://a.example/b", "unapproved, a test")] == [201, 201]


def test_half_a_letter_in_the_texts_of_a_definition_is_counted() -> None:
    refused = approved("https://a.example", deprecated=True, deprecationWarning="\ud800")
    assert "non-printable character found at index 0" in refused.body["message"]
    assert (
        asked(empty(), "POST", MAPS, {"metadata": {"name": "a", "annotations": {"a": "\ud800"}}})[1].status
        == 201
    )


def test_null_in_a_list_of_texts_is_an_empty_text() -> None:
    refused = asked(empty(), "POST", MAPS, {"metadata": {"name": "a", "finalizers": [None]}})[1]
    assert refused.status == 422
    assert 'metadata.finalizers: Invalid value: "": name part must be non-empty' in refused.body["message"]
    assert check_value({"type": "array", "items": {"type": "string"}}, ["a", None]) == (["a", ""], ())
