"""ApplySets as values: who may keep one, what is read of it and written on it, and when it is another's."""

from __future__ import annotations

from typing import Any

import pytest
from returns.result import Success

from fkube.exchange import Response
from fkube.pipeline.discovery import Resource, mapper
from fkube.resource.info import Info, Origin, RESTMapping
from fkube.verbs.applyset import (
    ID,
    KINDS,
    NAMESPACES,
    PART_OF,
    TOOL,
    Members,
    Parent,
    add_set_label,
    check_parent_type,
    find_parent,
    members_of,
    read_members,
    write_members,
)
from tests.verbs.conversations import hold_with

SECRETS = RESTMapping("", "v1", "Secret", "secrets")
DEPLOYMENTS = RESTMapping("apps", "v1", "Deployment", "deployments")
CRDS = RESTMapping(
    "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", False
)
NODES = RESTMapping("", "v1", "Node", "nodes", False)
KNOWN = mapper([Resource(mapping) for mapping in (SECRETS, DEPLOYMENTS, CRDS, NODES)])
SET = Parent("web", "shop", SECRETS)
NOTES = {TOOL: "kubectl/v1.0.0", KINDS: "Deployment.apps,Secret", NAMESPACES: "other"}
LABELS = {ID: SET.id}


def there(notes: Any = NOTES, labels: Any = LABELS) -> Response:
    return Response(200, {"metadata": {"annotations": notes, "labels": labels}})


@pytest.mark.parametrize(
    ("reference", "namespace", "message"),
    [
        ("web", "", "namespace is required to use namespace-scoped ApplySet"),
        ("secrets/", "shop", 'invalid parent reference "secrets/": name cannot be blank'),
        ("shirts/web", "shop", "no matches for /, Resource=shirts"),
    ],
)
def test_a_parent_is_named_by_resource_and_name(reference: str, namespace: str, message: str) -> None:
    assert find_parent(KNOWN, "web", "shop") == find_parent(KNOWN, "secrets/web", "shop") == Success(SET)
    assert find_parent(KNOWN, "nodes/web", "shop").unwrap().path == "/api/v1/nodes/web"
    assert message in find_parent(KNOWN, reference, namespace).failure().message


def test_a_parent_is_a_secret_or_a_type_that_says_so() -> None:
    assert hold_with(check_parent_type(KNOWN, SET))[1] == Success(SET)
    node = Parent("web", "", NODES)
    crds = Response(200, {"metadata": {}, "items": [{"metadata": {"name": "nodes"}}]})
    [asked], allowed = hold_with(check_parent_type(KNOWN, node), crds)
    assert "labelSelector=applyset.kubernetes.io/is-parent-type" in str(asked)
    assert allowed == Success(node)
    _, refused = hold_with(check_parent_type(KNOWN, node), Response(200, {"metadata": {}, "items": []}))
    assert (
        refused.failure().message == 'resource "/v1, Resource=nodes" is not permitted as an ApplySet parent'
    )


def test_what_a_set_has_is_read_off_its_parent() -> None:
    _, read = hold_with(read_members(KNOWN, SET), there())
    assert read == Success(Members(frozenset({DEPLOYMENTS, SECRETS}), frozenset({"shop", "other"})))
    assert hold_with(read_members(KNOWN, SET), Response(404))[1] == Success(Members())


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (there({}), "is missing required annotation"),
        (there({**NOTES, TOOL: "helm/v3"}), 'managed by tooling "helm" instead of "kubectl"'),
        (there(labels={}), "does not have required label"),
        (there(labels={ID: "other"}), "has incorrect value for label"),
        (there({TOOL: "kubectl/v1"}), "kubectl requires the"),
        (there({**NOTES, KINDS: "Shirt"}), 'no matches for kind "Shirt"'),
        (Response(403, {"message": "not you"}), "failed to fetch ApplySet parent object"),
    ],
)
def test_a_parent_that_is_anothers_is_refused(answer: Response, message: str) -> None:
    assert message in hold_with(read_members(KNOWN, SET), answer)[1].failure().message


def test_a_custom_parent_is_not_made() -> None:
    _, missing = hold_with(read_members(KNOWN, Parent("web", "", NODES)), Response(404))
    assert missing.failure().message == "custom resource ApplySet parents cannot be created automatically"


def test_members_are_written_over_whoever_changed_them() -> None:
    infos = (
        Info({"metadata": {"name": "a", "namespace": "far"}}, mapping=DEPLOYMENTS),
        Info({"metadata": {"name": "b"}}, mapping=NODES),
    )
    conflict = Response(409, {"reason": "Conflict"})
    requests, result = hold_with(
        write_members(SET, members_of(infos), "server", "Strict"), conflict, Response(200, {})
    )
    assert result == Success(None)
    assert [dict(request.query)["force"] for request in requests] == ["false", "true"]
    assert dict(requests[0].query)["dryRun"] == "All"
    assert requests[0].body["metadata"]["labels"] == LABELS
    notes = requests[0].body["metadata"]["annotations"]
    assert (notes[KINDS], notes[NAMESPACES]) == ("Deployment.apps,Node", "far")
    assert hold_with(write_members(SET, Members(), "client", "Strict"))[1] == Success(None)
    forbidden = Response(403, {"message": "not you"})
    _, refused = hold_with(write_members(SET, Members(), "none", "Strict"), forbidden)
    assert refused.failure().message == "failed to update ApplySet: not you"


def test_members_have_the_label_of_the_set() -> None:
    info = Info({"kind": "Secret", "metadata": {"name": "a", "labels": {"b": "c"}}}, Origin("x.yaml"))
    marked = add_set_label(SET, info).unwrap()
    assert marked.labels == {"b": "c", PART_OF: SET.id}
    assert "already set in input data" in add_set_label(SET, marked).failure().message
