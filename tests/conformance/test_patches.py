"""Our three-way patch beside the one that kubectl sends, over random manifests of every kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from returns.result import Success

from fkube.exchange import Done, Request, Response
from fkube.resource.info import Info, RESTMapping
from fkube.verbs.apply import apply
from tests.conformance.changes import KINDS, changes
from tests.conformance.commands import kubectl
from tests.conformance.compare import differences
from tests.conformance.server import Server

SENT = re.compile(
    r'"Request Body" body="((?:[^"\\]|\\.)*)"\n[^\n]*curlCommand=<\n[^\n]*-XPATCH [^\n]*\'https?://[^/]+(/[^\'?]*)'
)
Patches = Mapping[str, Any]
Verb = Callable[[Info], Any]


@pytest.fixture(scope="module")
def things(server: Server) -> Server:
    """The server, with a custom kind that keeps every field."""
    names = {"plural": "things", "singular": "thing", "kind": "Thing"}
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    spec = {"group": "patches.example.com", "scope": "Namespaced", "names": names, "versions": [version]}
    made = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.patches.example.com"},
        "spec": spec,
    }
    run = kubectl(server)
    assert run("create", "-f", "-", stdin=json.dumps(made)).status == 0
    assert run("wait", "--for=condition=Established", "crd/things.patches.example.com").status == 0
    return server


def sent(server: Server, namespace: str, before: list[Any], after: list[Any]) -> tuple[Patches, Patches]:
    """What is there after the first manifests, and the patches that kubectl sends for the second of these.

    A manifest that the server refuses is left out on both sides.
    """
    run = kubectl(server)
    assert run("create", "namespace", namespace).status == 0
    run("apply", "-n", namespace, "-f", "-", stdin=json.dumps(_list(before)))
    found = {place: server.get(place) for place in (_place(one, namespace) for one in before)}
    live = {place: object for place, object in found.items() if object["kind"] != "Status"}
    there = [object for object in after if _place(object, namespace) in live]
    told = run("apply", "-n", namespace, "-v=10", "-f", "-", stdin=json.dumps(_list(there))).stderr
    return live, {path: json.loads(json.loads(f'"{body}"')) for body, path in SENT.findall(told)}


def ours(server: Server, namespace: str, live: Patches, after: list[Any], verb: Verb) -> Patches:
    """The patches that we would send."""
    found = {
        _place(object, namespace): _patch(server, live, verb(_info(object, namespace)))
        for object in after
        if _place(object, namespace) in live
    }
    return {place: patch for place, patch in found.items() if patch is not None}


def _patch(server: Server, live: Patches, exchange: Any) -> Any:
    """What a conversation would write; None where it ends without."""
    while not isinstance(exchange, Done):
        request: Request = exchange.request
        if request.method != "GET":
            return request.body
        path = request.path + ("?" + "&".join(f"{k}={v}" for k, v in request.query) if request.query else "")
        exchange = exchange.then(Response(200, live[path] if path in live else server.get(path)))
    assert isinstance(exchange.result, Success), exchange.result
    return None


def _info(object: Any, namespace: str) -> Info:
    group, _, version = object["apiVersion"].rpartition("/")
    resource = next(resource for _, kind, resource in KINDS if kind == object["kind"])
    within = {**object, "metadata": {**object["metadata"], "namespace": namespace}}
    return Info(within, mapping=RESTMapping(group, version, object["kind"], resource))


def _place(object: Any, namespace: str) -> str:
    mapping = _info(object, namespace).mapping
    root = f"/apis/{mapping.group}" if mapping.group else "/api"
    return f"{root}/{mapping.version}/namespaces/{namespace}/{mapping.resource}/{object['metadata']['name']}"


def _list(objects: list[Any]) -> Any:
    return {"apiVersion": "v1", "kind": "List", "items": objects}


FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_patches_are_those_of_kubectl(things: Server) -> None:
    seen: list[int] = []
    found: list[str] = []

    @FEW
    @given(changes(2))
    def each(pairs: list[Any]) -> None:
        namespace = f"patches-{len(seen)}"
        before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        live, theirs = sent(things, namespace, before, after)
        seen.append(len(theirs))
        # Told at the end: hypothesis would print the manifests, which are long.
        found.extend(differences(theirs, ours(things, namespace, live, after, apply())))

    each()
    assert not found, "\n".join(found)
    assert sum(seen) > 40


def test_a_planted_fault_is_found(things: Server) -> None:
    before = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "a"},
        "data": {"x": "1", "y": "1"},
    }
    after = {**before, "data": {"x": "2"}}
    live, theirs = sent(things, "patches-planted", [before], [after])
    assert not list(differences(theirs, ours(things, "patches-planted", live, [after], apply())))
    forgotten = {place: {**object, "metadata": {"name": "a"}} for place, object in live.items()}
    assert list(differences(theirs, ours(things, "patches-planted", forgotten, [after], apply())))
