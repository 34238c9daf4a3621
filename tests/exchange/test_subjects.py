"""Answers about something else than was asked for: each field by which they differ, and what is taken."""

import pytest
from returns.result import Failure, Success

from fkube import verbs
from fkube.edge.client import Client, embedded
from fkube.edge.running import hold
from fkube.exchange import Request, Response
from fkube.exchange.messages import APPLY_PATCH, MERGE_PATCH, TABLE
from fkube.exchange.shapes import check_answer
from fkube.exchange.subjects import kind_wanted
from fkube.resource.info import Info, RESTMapping

MAPS = "/api/v1/namespaces/d/configmaps"
WEB = "/apis/apps/v1/namespaces/d/deployments/web"
NODE = "/api/v1/nodes/n"


def named(kind, name, namespace="d", uid="1", **fields):
    """An object."""
    within = {"namespace": namespace} if namespace else {}
    metadata = {"name": name, **within, **({"uid": uid} if uid else {})}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **fields}


def sent(kind, **metadata):
    """What is sent of an object."""
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata}


def said(status="Success", **details):
    """A Status."""
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": status, "details": details}


def shown(*names, kind="Table"):
    """A table of objects."""
    cells = [{"cells": [name], "object": named("PartialObjectMetadata", name)} for name in names]
    return {"kind": kind, "columnDefinitions": [{"name": "Name"}], "rows": cells}


MAP, SCALE = named("ConfigMap", "a"), named("Scale", "web", spec={"replicas": 2})
READ, READ_MAP = Request("GET", f"{MAPS}/a"), Request("GET", f"{MAPS}/a", kind="ConfigMap")
TABLED = Request("GET", f"{MAPS}/a", accept=TABLE, kind="ConfigMap")
LISTED = {"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {}, "items": [MAP]}
DELETE = Request("DELETE", f"{MAPS}/a", kind="ConfigMap")
DELETE_SAME = Request("DELETE", f"{MAPS}/a", body={"preconditions": {"uid": "1"}}, kind="ConfigMap")
GENERATED = Request("POST", MAPS, body=sent("ConfigMap", generateName="a-"))
LONG = Request("POST", MAPS, body=sent("ConfigMap", generateName="a" * 70))
PATCH = Request("PATCH", f"{MAPS}/a", body={"data": {}}, content_type=MERGE_PATCH, kind="ConfigMap")
REVIEW = "/apis/authentication.k8s.io/v1/tokenreviews"

TAKEN = {
    "read": (READ, MAP),
    "read of a kind": (READ_MAP, MAP),
    "read of what has no uid": (READ_MAP, named("ConfigMap", "a", uid="")),
    "read of a cluster's": (Request("GET", NODE, kind="Node"), named("Node", "n", "")),
    "read of a status": (Request("GET", f"{WEB}/status", kind="Deployment"), named("Deployment", "web")),
    "read of a scale": (Request("GET", f"{WEB}/scale"), SCALE),
    "read of an older version": (READ_MAP, MAP | {"apiVersion": "v1beta1"}),
    "read of metadata": (
        Request("GET", f"{MAPS}/a", accept="application/json;as=PartialObjectMetadata", kind="ConfigMap"),
        named("PartialObjectMetadata", "a"),
    ),
    "table": (TABLED, shown("a")),
    "table without objects": (TABLED, {"kind": "Table", "rows": [{"cells": ["a"]}]}),
    "no table, as the server makes none": (TABLED, MAP),
    "table of many": (Request("GET", MAPS, accept=TABLE), shown("a", "b")),
    "list instead of a table": (Request("GET", MAPS, accept=TABLE), LISTED),
    "list": (Request("GET", MAPS), LISTED),
    "page": (Request("GET", MAPS, (("continue", "t"),)), LISTED | {"metadata": {"continue": "u"}}),
    "last page": (Request("GET", MAPS, (("continue", "t"),)), LISTED),
    "list of nothing": (Request("GET", MAPS), LISTED | {"items": None}),
    "list of all namespaces": (Request("GET", "/api/v1/configmaps"), LISTED),
    "object that has items": (READ_MAP, MAP | {"items": ["a"]}),
    "namespace": (Request("GET", "/api/v1/namespaces/d", kind="Namespace"), named("Namespace", "d", "")),
    "status of a namespace": (Request("GET", "/api/v1/namespaces/d/status"), named("Namespace", "d", "")),
    "created": (Request("POST", MAPS, body=sent("ConfigMap", name="a")), MAP),
    "created, its version converted": (
        Request("POST", MAPS, body=sent("ConfigMap", name="a") | {"apiVersion": "v1beta1"}),
        MAP,
    ),
    "created with another uid than was sent": (
        Request("POST", MAPS, body=sent("ConfigMap", name="a", uid="5")),
        MAP,
    ),
    "created in a dry run": (
        Request("POST", MAPS, (("dryRun", "All"),), body=sent("ConfigMap", name="a")),
        MAP,
    ),
    "created by a generated name": (GENERATED, named("ConfigMap", "a-x7f4q")),
    "created by a long generated name": (LONG, named("ConfigMap", "a" * 58 + "x7f4q")),
    "created from bytes": (Request("POST", MAPS, body=b"{}"), MAP),
    "review": (Request("POST", REVIEW, body=sent("TokenReview")), sent("TokenReview")),
    "review with a name": (Request("POST", REVIEW, body=sent("TokenReview", name="a")), sent("TokenReview")),
    "asked for by a request": (
        Request(
            "POST", "/apis/project.openshift.io/v1/projectrequests", body=sent("ProjectRequest", name="d")
        ),
        named("Project", "d", ""),
    ),
    "token": (
        Request("POST", "/api/v1/namespaces/d/serviceaccounts/a/token", body=sent("TokenRequest")),
        named("TokenRequest", "a", uid=""),
    ),
    "eviction": (
        Request("POST", "/api/v1/namespaces/d/pods/p/eviction", body=sent("Eviction", name="p")),
        said(),
    ),
    "binding": (
        Request("POST", "/api/v1/namespaces/d/pods/p/binding", body=sent("Binding", name="p")),
        said(),
    ),
    "proxied": (Request("GET", "/api/v1/namespaces/d/services/s/proxy/x"), ["anything"]),
    "log": (Request("GET", "/api/v1/namespaces/d/pods/p/log"), "lines"),
    "start of a virtual machine": (
        Request("PUT", "/apis/subresources.kubevirt.io/v1/namespaces/d/virtualmachines/v/start"),
        None,
    ),
    "put": (Request("PUT", f"{MAPS}/a", body=MAP), MAP),
    "put to a status": (
        Request("PUT", f"{WEB}/status", body=named("Deployment", "web")),
        named("Deployment", "web"),
    ),
    "put to a scale": (Request("PUT", f"{WEB}/scale", body=SCALE), SCALE),
    "patch": (PATCH, MAP),
    "patch of a scale": (Request("PATCH", f"{WEB}/scale", body={"spec": {"replicas": 2}}), SCALE),
    "json patch": (Request("PATCH", f"{MAPS}/a", body=[]), MAP),
    "apply": (
        Request("PATCH", f"{MAPS}/a", body=sent("ConfigMap", name="a"), content_type=APPLY_PATCH),
        MAP,
    ),
    "deleted": (DELETE, said(name="a", kind="configmaps", uid="1")),
    "deleted, no details": (DELETE, {"kind": "Status", "status": "Success"}),
    "deleted, it goes": (DELETE, MAP),
    "deleted by its uid": (DELETE_SAME, said(name="a", uid="1")),
    "deleted all": (Request("DELETE", MAPS), LISTED),
    "deleted all, by a status": (Request("DELETE", MAPS), said()),
}

MAP_SENT = Request("PUT", f"{MAPS}/a", body=MAP)
NEXT = Request("GET", MAPS, (("limit", "1"), ("continue", "t")))
REFUSED = {
    "page that comes after itself": (NEXT, LISTED | {"metadata": {"continue": "t"}}, "metadata.continue"),
    "table that comes after itself": (
        Request("GET", MAPS, NEXT.query, accept=TABLE),
        shown("a") | {"metadata": {"continue": "t"}},
        "metadata.continue",
    ),
    "read of another name": (READ, named("ConfigMap", "b"), "metadata.name"),
    "read of another namespace": (READ, named("ConfigMap", "a", "e"), "metadata.namespace"),
    "read of another kind": (READ_MAP, named("Secret", "a"), "kind"),
    "read of no kind": (READ_MAP, {"metadata": MAP["metadata"]}, "kind"),
    "read answered by a status": (READ_MAP, said(), "kind"),
    "read answered by a list": (READ, LISTED, "metadata.name"),
    "read answered by a table": (READ_MAP, shown("a"), "kind"),
    "table of another": (TABLED, shown("b"), "rows"),
    "table without rows": (TABLED, {"kind": "Table"}, "rows"),
    "another object instead of a table": (TABLED, named("ConfigMap", "b"), "metadata.name"),
    "list that is none": (Request("GET", MAPS), MAP, "items"),
    "list of nothing at all": (Request("GET", MAPS), {}, "items"),
    "list that is a status": (Request("GET", MAPS), said(), "kind"),
    "scale with a text": (
        Request("GET", f"{WEB}/scale"),
        SCALE | {"spec": {"replicas": "2"}},
        "spec.replicas",
    ),
    "scale that is none": (Request("GET", f"{WEB}/scale"), SCALE | {"status": "2"}, "status"),
    "created by a status": (Request("POST", MAPS, body=sent("ConfigMap", name="a")), said(), "kind"),
    "created by a table": (Request("POST", MAPS, body=sent("ConfigMap", name="a")), shown("a"), "kind"),
    "created under another name": (GENERATED, named("ConfigMap", "b-x7f4q"), "metadata.name"),
    "created under no name": (GENERATED, named("ConfigMap", ""), "metadata.name"),
    "created, no uid": (GENERATED, named("ConfigMap", "a-x7f4q", uid=""), "metadata.uid"),
    "review of another kind": (Request("POST", REVIEW, body=sent("TokenReview")), MAP, "kind"),
    "put, another uid": (MAP_SENT, named("ConfigMap", "a", uid="2"), "metadata.uid"),
    "put, no uid": (
        Request("PUT", f"{MAPS}/a", body=sent("ConfigMap", name="a")),
        sent("ConfigMap", name="a"),
        "metadata.namespace",
    ),
    "patch to another kind": (PATCH, named("Secret", "a"), "kind"),
    "patch, no uid": (PATCH, named("ConfigMap", "a", uid=""), "metadata.uid"),
    "deleted, a failure": (DELETE, said("Failure", name="a"), "status"),
    "deleted, a status of nothing": (DELETE, {"kind": "Status"}, "status"),
    "deleted, another": (DELETE, said(name="b"), "details.name"),
    "deleted, another one's object": (DELETE, named("ConfigMap", "b"), "metadata.name"),
    "deleted, another uid": (DELETE_SAME, said(name="a", uid="2"), "details.uid"),
    "deleted, the object of another uid": (DELETE_SAME, named("ConfigMap", "a", uid="2"), "metadata.uid"),
    "deleted, nonsense": (DELETE, {}, "kind"),
    "deleted all, nonsense": (Request("DELETE", MAPS), {}, "items"),
    "eviction that failed": (
        Request("POST", "/api/v1/namespaces/d/pods/p/eviction", body=sent("Eviction", name="p")),
        said("Failure"),
        "status",
    ),
    "what a server offers": (Request("GET", "/apis"), {}, "kind"),
    "core instead of groups": (Request("GET", "/apis"), {"kind": "APIVersions"}, "kind"),
    "resources of no kind": (Request("GET", "/apis/a.b/v1"), {"groupVersion": "a.b/v1"}, "kind"),
    "resources of another": (
        Request("GET", "/apis/a.b/v1"),
        {"kind": "APIResourceList", "groupVersion": "apps/v1"},
        "groupVersion",
    ),
    "schemas of nothing": (Request("GET", "/openapi/v3"), {}, "paths"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_was_asked_for_is_taken(case):
    request, body = TAKEN[case]
    assert check_answer(request, Response(200, body)) == Success(Response(200, body))


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_about_something_else_is_none(case):
    request, body, field = REFUSED[case]
    refused = check_answer(request, Response(200, body)).failure()
    assert f": {field} is not as asked" in refused.message
    assert refused.sent


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_is_taken_whatever_it_is_about(case):
    request, body, _ = REFUSED[case]
    assert isinstance(check_answer(request, Response(409, body)), Success)


MADE = RESTMapping("", "v1", "ConfigMap", "configmaps")
INFO = Info(
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}}, mapping=MADE
)
VERBS = {
    "create": verbs.create(),
    "apply": verbs.apply(),
    "server-side": verbs.server_side(),
    "get": verbs.get(),
    "delete": verbs.delete(),
    "replace": verbs.replace(),
    "annotate": verbs.annotate({"a": "b"}),
    "label": verbs.label({"a": "b"}),
    "scale": verbs.scale(2),
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_says_of_which_kind_its_object_is(verb):
    cluster, asked = embedded(), []
    if verb != "create":
        assert isinstance(hold(cluster, verbs.create(save_config=True)(INFO)), Success)

    def send(request):
        asked.append(request)
        return cluster.send(request)

    hold(Client(send), VERBS[verb](INFO))
    about = [one for one in asked if "/configmaps" in one.path and not one.path.endswith("/scale")]
    assert {kind_wanted(one) for one in about} == ({"ConfigMap"} if verb != "scale" else set())


@pytest.mark.parametrize("verb", ["apply", "server-side", "get", "replace", "annotate", "label"])
def test_an_object_of_another_kind_is_not_what_was_done(verb):
    cluster = embedded()
    assert isinstance(hold(cluster, verbs.create(save_config=True)(INFO)), Success)

    def send(request):
        answer = cluster.send(request).unwrap()
        changed = {**answer.body, "kind": "Nonsense"} if request.path.endswith("/a") else answer.body
        return Success(Response(answer.status, changed, answer.headers))

    assert isinstance(hold(Client(send), VERBS[verb](INFO)), Failure)
