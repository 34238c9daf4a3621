"""What fuzzed functions are given of real things: manifests, live objects, a cluster, schemas."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache, reduce
from pathlib import Path
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster import State, empty, respond
from fkube.documents.manifest import documents
from fkube.edge import embedded
from fkube.edge.running import hold
from fkube.exchange import Request
from fkube.pipeline.discovery import Mapper, map_info
from fkube.resource.info import Info, Object, RESTMapping
from fkube.verbs.discover import discover
from fkube.visitor.combinators import each
from tests.fuzz.drawing import Source
from tests.fuzz.shapes import deform

SHARED = Path(__file__).parents[3] / "shared" / "corpus"

FOO: Object = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "foos.ex.com"},
    "spec": {
        "group": "ex.com",
        "scope": "Namespaced",
        "names": {
            "kind": "Foo",
            "plural": "foos",
            "singular": "foo",
            "shortNames": ["fo"],
            "categories": ["all"],
        },
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "subresources": {
                    "status": {},
                    "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"},
                },
                "additionalPrinterColumns": [{"name": "N", "type": "integer", "jsonPath": ".spec.replicas"}],
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "properties": {
                                    "replicas": {"type": "integer", "default": 1},
                                    "ports": {
                                        "type": "array",
                                        "items": {
                                            "type": "object",
                                            "properties": {"name": {"type": "string"}},
                                            "required": ["name"],
                                        },
                                        "x-kubernetes-list-type": "map",
                                        "x-kubernetes-list-map-keys": ["name"],
                                    },
                                },
                            }
                        },
                    }
                },
            }
        ],
    },
}
LABELS = {"app": "web"}
POD = {
    "containers": [
        {
            "name": "a",
            "image": "nginx:1",
            "env": [{"name": "A", "value": "1"}],
            "ports": [{"containerPort": 80}],
        }
    ]
}
TEMPLATE = {"metadata": {"labels": LABELS}, "spec": POD}


def _object(
    api_version: str, kind: str, name: str = "a", namespace: str = "default", **fields: Any
) -> Object:
    metadata = {"name": name, "labels": LABELS, "annotations": {"note": "1"}}
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {**metadata, **({"namespace": namespace} if namespace else {})},
        **fields,
    }


MANIFESTS: tuple[Object, ...] = (
    _object("v1", "ConfigMap", data={"a": "b", "c": "d"}),
    _object(
        "apps/v1",
        "Deployment",
        spec={"replicas": 1, "selector": {"matchLabels": LABELS}, "template": TEMPLATE},
    ),
    _object("v1", "Secret", data={"a": "Yg=="}, stringData={"c": "d"}),
    _object(
        "v1",
        "Service",
        spec={"selector": LABELS, "ports": [{"port": 80, "targetPort": "http", "protocol": "TCP"}]},
    ),
    _object("v1", "Pod", spec=POD),
    _object("ex.com/v1", "Foo", spec={"replicas": 1, "ports": [{"name": "x"}]}),
    _object("v1", "Namespace", "shop", ""),
    _object("v1", "ConfigMap", "new", data={"a": "b"}),
    {
        **FOO,
        "metadata": {"name": "bars.ex.com"},
        "spec": {**FOO["spec"], "names": {"kind": "Bar", "plural": "bars"}},
    },
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "gen-", "namespace": "default"}},
    {
        "apiVersion": "v1",
        "kind": "List",
        "items": [_object("v1", "ConfigMap"), _object("v1", "Pod", spec=POD)],
    },
)
PATHS = {
    "ConfigMap": "/api/v1/namespaces/default/configmaps",
    "Deployment": "/apis/apps/v1/namespaces/default/deployments",
    "Secret": "/api/v1/namespaces/default/secrets",
    "Service": "/api/v1/namespaces/default/services",
    "Pod": "/api/v1/namespaces/default/pods",
    "Foo": "/apis/ex.com/v1/namespaces/default/foos",
    "CustomResourceDefinition": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
}
APPLY = "application/apply-patch+yaml"
LAST = "kubectl.kubernetes.io/last-applied-configuration"


@cache
def begun() -> State:
    """A cluster with an object of each kind, with owners of fields, and with what apply kept of it."""

    def post(state: State, object: Object) -> State:
        kept = json.dumps(object, separators=(",", ":")) + "\n"
        metadata = {
            **object["metadata"],
            "annotations": {**object["metadata"].get("annotations", {}), LAST: kept},
        }
        path = PATHS[object["kind"]]
        state, _ = respond(
            state,
            Request(
                "POST",
                path,
                (("fieldManager", "kubectl-client-side-apply"),),
                {**object, "metadata": metadata},
            ),
        )
        name = object["metadata"]["name"]
        query = (("fieldManager", "me"), ("force", "true"))
        return respond(state, Request("PATCH", f"{path}/{name}", query, json.dumps(object).encode(), APPLY))[
            0
        ]

    state = respond(empty(), Request("POST", PATHS["CustomResourceDefinition"], body=FOO))[0]
    return reduce(post, MANIFESTS[:6], state)


@cache
def known() -> Mapper:
    """What the cluster offers."""
    return hold(embedded(begun()), discover()).unwrap()


def answer(path: str, accept: str = "application/json") -> Any:
    """What the cluster answers to a GET."""
    return respond(begun(), Request("GET", path, accept=accept))[1].body


@cache
def live_objects() -> tuple[Object, ...]:
    """Objects as the server has them, a list, a table, a Status."""
    table = "application/json;as=Table;v=v1;g=meta.k8s.io"
    objects = tuple(answer(f"{path}/a") for kind, path in PATHS.items() if kind != "CustomResourceDefinition")
    others = (answer(PATHS["CustomResourceDefinition"] + "/foos.ex.com"), answer(PATHS["ConfigMap"]))
    status = respond(begun(), Request("POST", PATHS["ConfigMap"], body={"metadata": {"name": "A_"}}))[1].body
    return (
        *objects,
        *others,
        answer(PATHS["Pod"], table),
        answer(PATHS["Foo"] + "/a", table),
        status,
        WITH_CONDITIONS,
    )


WITH_CONDITIONS: Object = _object(
    *("v1", "Pod"),
    spec=POD,
    status={
        "phase": "Running",
        "observedGeneration": 1,
        "conditions": [{"type": "Ready", "status": "True", "observedGeneration": 1, "reason": "x"}],
    },
)


@cache
def discovery_answers() -> tuple[Object, ...]:
    """The documents of discovery, in both forms."""
    aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    return tuple(
        answer(path, form) for form in (aggregated, "application/json") for path in ("/api", "/apis")
    )


@cache
def schemas_of(path: str = "/openapi/v3/apis/ex.com/v1") -> Object:
    """An OpenAPI document."""
    found: Object = answer(path)
    return found


@cache
def mappings() -> tuple[RESTMapping, ...]:
    """Some mappings."""
    return tuple(r.mapping for r in known().resources if r.mapping.kind in PATHS)


def read_info(object: Any) -> Info | None:
    """The resource that a manifest of this object makes, with its mapping; None where it makes none."""
    try:
        text = json.dumps(object)
    except RecursionError:
        return None
    visit: Result[Any, Any] = documents(text, "a.yaml")(each(Success))
    match visit:
        case Success((Info() as info, *_)):
            return map_info(known(), info).value_or(info)
        case Failure(_):
            return None
    return None


@cache
def _plain_info(number: int) -> Info:
    info = read_info(MANIFESTS[number])
    assert info is not None
    return info


def draw_info(source: Source, first: int = 0) -> Info:
    """A resource of a manifest that may be odd; where it is no manifest at all, of the plain one."""
    number = (source.number(len(MANIFESTS)) + first) % len(MANIFESTS)
    object = deform(source, MANIFESTS[number], 2)
    plain = _plain_info(number)
    return plain if object is MANIFESTS[number] else read_info(object) or plain


def live_info(info: Info) -> Info:
    """The resource as the server has it, if it has it."""
    path = PATHS.get(info.kind)
    found = answer(f"{path}/{info.name}") if path else None
    return (
        replace(info, object=found, live=True)
        if isinstance(found, dict) and found.get("kind") == info.kind
        else info
    )
