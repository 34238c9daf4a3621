"""Targets that talk to a server: verbs with odd answers, watches, the cluster with odd requests."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from returns.result import Success

from fkube.cluster import State, empty, respond
from fkube.cluster.watch import asks_to_watch, next_events, open_watch, watch_response
from fkube.edge.renewing import is_outdated
from fkube.exchange import Request, Response, bind, done
from fkube.exchange.watching import Watching, heard
from fkube.pipeline.result import watch_single
from fkube.report.diagnosis import Diagnosis, diagnosis_data
from fkube.report.ledger import Ledger, Proof, digest, key, place
from fkube.report.outcomes import Outcome
from fkube.resource.errors import StatusError
from fkube.resource.info import Info, RESTMapping
from fkube.verbs import (
    annotate,
    apply,
    applyset,
    batch,
    conditions,
    create,
    delete,
    diff,
    discover,
    get,
    gone,
    label,
    migrate,
    noop,
    paging,
    patch,
    plan,
    prune,
    replace,
    resume,
    retrieve,
    scale,
    schemas,
    server_side,
    versions,
    wait,
)
from fkube.verbs.examine import examine, read_rights
from fkube.verbs.findings import explain_examination
from fkube.verbs.record import record
from fkube.verbs.recreate import Recreation, recreate
from fkube.verbs.serverside import server_side_as_is
from fkube.verbs.setlastapplied import set_last_applied
from fkube.verbs.writing import Write
from tests.fuzz.conversations import converse, show_last
from tests.fuzz.drawing import Source
from tests.fuzz.judging import Target
from tests.fuzz.shapes import ODD_WORDS, deform, to_bytes, write
from tests.fuzz.values import OPERATIONS, SMALL
from tests.fuzz.worlds import APPLY, FOO, MANIFESTS, PATHS, begun, draw_info, known, live_info, mappings

READY = conditions.any_of(conditions.condition("Ready"), conditions.deleted)


def _parent() -> applyset.Parent:
    return applyset.find_parent(known(), "configmap/a", "default").unwrap()


def _patched(info: Info, source: Source) -> Any:
    type = source.pick(("json", "merge", "strategic"))
    body = source.pick(OPERATIONS) if type == "json" else source.pick((*SMALL, {"data": {"a": "x"}}))
    given: Any = deform(source, body)
    return patch(given, type, local=source.happens())(info)


def _resumed(info: Info, source: Source) -> Any:
    proof = Proof(digest(info.object), "a", source.pick(("u", "")))
    return resume.skip_proven(Ledger({key(info.object): proof}, {place(info): proof}), create())(info)


def _performed(info: Info, source: Source) -> Any:
    return plan.perform(Info({**info.object, "requests": [{**_ROW, "path": f"{PATHS['ConfigMap']}"}, _ROW]}))


_ROW = {
    "method": "POST",
    "path": PATHS["ConfigMap"],
    "query": {},
    "contentType": "application/json",
    "action": "created",
    "body": MANIFESTS[7],
}


def _read_set(info: Info, source: Source) -> Any:
    members = applyset.members_of((info,)) if info.mapping else applyset.Members()
    # A parent that is not there is made; one that is must be ours, as this one says it is.
    set = source.pick((replace_name(_parent(), "ours"), _parent()))
    check, write = (
        applyset.check_parent_type(known(), set),
        applyset.write_members(set, members, "none", "Strict"),
    )
    read = bind(check, lambda _: applyset.read_members(known(), set))
    return bind(
        write,
        lambda _: bind(
            read,
            lambda found: applyset.write_members(
                set, found | members, source.pick(("none", "server")), "Strict"
            ),
        ),
    )


def replace_name(set: applyset.Parent, name: str) -> applyset.Parent:
    """The same kind of parent under another name."""
    return dataclasses.replace(set, name=name)


def _pages(info: Info, source: Source) -> Any:
    mapping = source.pick(mappings())
    first = paging.list_request(mapping, source.pick(("", "default")), limit=1)
    return bind(
        paging.page(mapping, first),
        lambda page: paging.page(mapping, page.next, page.last) if page.next else done(_judge(mapping, page)),
    )


def _judge(mapping: RESTMapping, page: Any) -> Any:
    """A page, and whether it shows that its mapping is outdated."""
    return page, is_outdated(mapping, Success(page)), is_outdated(replace_scope(mapping), Success(page))


def replace_scope(mapping: RESTMapping) -> RESTMapping:
    """The same kind, as if it lived in no namespace."""
    return dataclasses.replace(mapping, namespaced=False)


def _candidates(info: Info, source: Source) -> Any:
    return prune.list_candidates(
        source.pick(mappings()), "default", "app=web", (), source.pick((None, lambda _: True))
    )


def _schemas(info: Info, source: Source) -> Any:
    reading = source.pick(
        (
            schemas.schema_of,
            schemas.type_of,
            schemas.document_of,
            lambda _: schemas.openapi_documents("v1", "ex.com/v1"),
        )
    )
    return bind(reading(source.pick(mappings())), lambda found: done(_touch(found, info)))


def _touch(found: Any, info: Info) -> Any:
    """Use a schema that was read, as the verbs do."""
    from fkube.merging.fields import Type, fields_of, problems
    from fkube.merging.patches import Schema, three_way_difference

    if isinstance(found, Schema):
        return three_way_difference(found, {}, info.object, info.object)
    if isinstance(found, Type):
        return problems(found, info.object) or fields_of(found, info.object)
    return found


def _watch(info: Info, source: Source) -> Any:
    request = source.pick(
        (
            Request("GET", PATHS["ConfigMap"]),
            Request("GET", PATHS["Pod"], (("limit", "1"),)),
            watch_single(Request("GET", PATHS["Foo"]), "a"),
            Request("GET", PATHS["Pod"], accept=TABLE),
        )
    )

    def go_on(watching: Watching, left: int) -> Any:
        return bind(
            heard(watching, 5000.0), lambda told: go_on(told.watching, left - 1) if left else done(told)
        )

    return go_on(Watching(request), 12)


TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
FORCE = Recreation(timeout=5.0)
VERBS: dict[str, Callable[[Info, Source], Any]] = {
    "create": lambda info, s: create(save_config=s.happens(), dry_run=s.pick(("none", "server", "client")))(
        info
    ),
    "apply": lambda info, s: apply(dry_run=s.pick(("none", "server", "client")), force=s.pick((None, FORCE)))(
        info
    ),
    "serverside": lambda info, s: server_side(force=s.happens(2), dry_run=s.pick(("none", "server")))(info),
    "serverside.migrate": lambda info, s: migrate.migrate(
        Write(),
        Request("PATCH", f"{PATHS['ConfigMap']}/a", body=MANIFESTS[0], content_type=APPLY),
        f"{PATHS['ConfigMap']}/a",
        Outcome("applied", info.origin, info, live_info(info).object),
    ),
    "delete": lambda info, s: bind(
        delete(ignore_not_found=s.happens(), grace_period=s.pick((-1, 0)))(info), lambda out: gone(out, 5.0)
    ),
    "get": lambda info, s: get(s.pick(("application/json", TABLE)))(info),
    "retrieve": lambda info, s: s.pick((retrieve.retrieve_latest, retrieve.retrieve_lazy, retrieve.fetch))(
        info
    ),
    "replace": lambda info, s: replace(force=s.pick((None, FORCE)), save_config=s.happens())(info),
    "patch": _patched,
    "scale": lambda info, s: scale(3, s.pick((-1, 1)), timeout=s.pick((0.0, 5.0)))(info),
    "label": lambda info, s: label({"a": "b", "app": None}, s.happens(2))(
        live_info(info) if s.happens(2) else info
    ),
    "annotate": lambda info, s: annotate({"a": "b", "note": None}, s.happens(2), local=s.happens())(info),
    "diff": lambda info, s: diff(server_side=s.happens(2))(info),
    "wait": lambda info, s: wait(s.pick((READY, conditions.created, conditions.deleted)), s.pick((5.0, 0.0)))(
        info
    ),
    "setlastapplied": lambda info, s: set_last_applied(create_annotation=s.happens(2))(info),
    "prune": lambda info, s: prune.prune()(live_info(info)),
    "prune.list_candidates": _candidates,
    "discover": lambda _, s: discover(),
    "schemas": _schemas,
    "paging": _pages,
    "watching": _watch,
    "applyset": _read_set,
    "plan.perform": _performed,
    "plan.planned": lambda info, s: plan.planned(s.pick((apply(), server_side(), create())), True)(info),
    "resume": _resumed,
    "record": lambda info, s: record(
        s.pick((apply(), label({"a": "b"}), patch({"data": {"a": "x"}}))), str, "me", s.happens(2)
    )(info),
    "versions": lambda info, s: s.pick((versions.read_version, versions.match_version))(),
    "noop": lambda info, s: noop.skip_unchanged(
        "me", server_side(field_manager="me"), s.pick(("none", "server"))
    )(info),
    "recreate": lambda info, s: recreate(FORCE, info, live_info(info).object, create()),
    "batch.assume_promised": lambda info, s: bind(
        create(dry_run="server")(_elsewhere(info)),
        lambda out: batch.assume_promised(info, batch.promises(out) | {"namespaces/other"}, _missing(s)),
    ),
    "serverside.as_is": lambda info, s: server_side_as_is(
        Write(), s.happens(2), s.pick(("", "status", "scale"))
    )(info),
    "batch": lambda info, s: batch.try_in_stand_in(
        batch.wait_for_definitions(create(dry_run=s.pick(("none", "server"))))
    )(info),
}


def _elsewhere(info: Info) -> Info:
    return dataclasses.replace(
        info, object={**info.object, "metadata": {**info.metadata, "namespace": "other"}}
    )


def _missing(source: Source) -> StatusError:
    return StatusError(
        source.pick(('namespaces "other" not found', "the server could not find the requested resource", "")),
        source.pick((404, 403)),
    )


def _say(name: str) -> Target:
    verb = VERBS[name]

    def draw(source: Source) -> tuple[Any, ...]:
        info = draw_info(source) if source.number(3) == 2 else draw_info(Source(bytes([source.byte()])))
        return info, Source(source.rest())

    # The rest of the bytes says what is answered, so that the conversation can be held again from the start.
    def call(info: Info, answered: Source) -> Any:
        fresh = Source(answered.data)
        return converse(verb(info, fresh), fresh)

    def show(info: Info, answered: Source) -> str:
        fresh, said = Source(answered.data), list[Any]()
        with suppress(Exception):
            converse(verb(info, fresh), fresh, said)
        return f"{info}: {show_last(said)}"

    return Target(f"verbs.{name}", draw, call, share=0.4, show=show)


METHODS = ("GET", "POST", "PUT", "PATCH", "PATCH", "DELETE", "HEAD", "OPTIONS", "X")
TYPES = (
    *("application/json", "application/yaml", "application/merge-patch+json", "application/json-patch+json"),
    *(
        "application/strategic-merge-patch+json",
        APPLY,
        "application/vnd.kubernetes.protobuf",
        "",
        "text/plain",
        "application/json; charset=x",
    ),
)
PATCHES = tuple(form for form in TYPES if "patch" in form)
KEYS = (
    "limit",
    "continue",
    "labelSelector",
    "fieldSelector",
    "dryRun",
    "resourceVersion",
    "resourceVersionMatch",
    "timeoutSeconds",
    "watch",
    "allowWatchBookmarks",
    "sendInitialEvents",
    "fieldManager",
    "fieldValidation",
    "force",
    "gracePeriodSeconds",
    "propagationPolicy",
    "orphanDependents",
    "includeObject",
    "pretty",
)
VALUES = (
    "",
    "1",
    "0",
    "a",
    "All",
    "true",
    "false",
    "Strict",
    "Warn",
    "Background",
    "Orphan",
    "NotOlderThan",
    "Exact",
    "metadata.name=a",
    "app=web",
    "9" * 5000,
    "9" * 23,
    "-1",
    "1e5",
    "²",
    "None",
)
ACCEPTS = (
    "application/json",
    TABLE,
    TABLE + ",*/*",
    "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    "application/yaml",
    "*/*",
    "",
    ";",
    "application/json;as=Table;v=v2;g=meta.k8s.io",
    "application/json;stream=watch",
    "application/cbor",
)
ROOTS = (
    "/api",
    "/apis",
    "/api/v1",
    "/apis/ex.com/v1",
    "/openapi/v3",
    "/openapi/v3/api/v1",
    "/version",
    "/healthz",
    "/",
    "",
    "/api/v1/namespaces/default",
    "/api/v1/namespaces",
    "/api/v1/pods",
    "/api/v1/componentstatuses",
    "/openapi/v2",
    "/metrics",
)
OPTIONS = {
    "kind": "DeleteOptions",
    "apiVersion": "v1",
    "preconditions": {"uid": "u", "resourceVersion": "1"},
    "propagationPolicy": "Orphan",
    "gracePeriodSeconds": 1,
}
SCALE = {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": {"name": "a"}, "spec": {"replicas": 3}}


def draw_request(source: Source) -> Request:
    """A request that mostly is for something that is there."""
    method = source.pick(METHODS)
    kind = source.pick((*PATHS, "Namespace")) if source.number(4) else ""
    collection = PATHS.get(kind, "/api/v1/namespaces") if kind else source.pick(ROOTS)
    own = {"CustomResourceDefinition": "/foos.ex.com", "Namespace": "/default"}.get(kind, "/a")
    name = (
        own + source.pick(("", "", "", "/status", "/scale", "/log", "/"))
        if source.number(8)
        else source.pick(("", "/none", "//"))
    )
    whole = collection + ("" if method == "POST" and source.number(8) else name)
    path = whole if source.number(8) else write(source, (whole,), ("/", "%", "..", "apis", "v1"))
    query = tuple(
        (source.pick(KEYS), source.pick(VALUES) if source.number(8) else write(source, VALUES))
        for _ in range(source.number(4))
    )
    form = source.pick(
        PATCHES if method == "PATCH" and source.number(8) else TYPES if source.happens() else TYPES[:1]
    )
    body = deform(source, _body(source, method, kind, form, name))
    return Request(
        method,
        path,
        query,
        _sent(source, body),
        form,
        source.pick(ACCEPTS) if source.happens() else ACCEPTS[0],
        source.pick(("", "me", "a/b (c)", "\ud800")),
    )


def _body(source: Source, method: str, kind: str, form: str, name: str) -> Any:
    """What such a request has for a body, or something else."""
    if not source.number(8):
        return source.pick((*MANIFESTS, *SMALL, OPTIONS, SCALE, FOO, None))
    if "json-patch" in form:
        return source.pick(
            (
                *OPERATIONS,
                [
                    {"op": "add", "path": "/metadata/labels/x", "value": "y"},
                    {"op": "copy", "from": "/metadata", "path": "/data"},
                ],
            )
        )
    if "patch+json" in form:
        return source.pick(
            (
                *SMALL,
                {"data": {"a": None}},
                {"spec": {"replicas": 2, "template": MANIFESTS[1]["spec"]["template"]}},
            )
        )
    if method == "DELETE":
        return source.pick((None, OPTIONS, {"propagationPolicy": "Background"}))
    fitting = tuple(one for one in MANIFESTS if one["kind"] == kind)
    found = SCALE if name.endswith("/scale") else source.pick(fitting or MANIFESTS)
    fresh = method == "POST" and source.number(8)
    return (
        {**found, "metadata": {**found["metadata"], "name": "fresh"}}
        if fresh and "metadata" in found
        else found
    )


def _sent(source: Source, body: Any) -> Any:
    """A body as the server gets it: bytes that are JSON or nearly so, or JSON data as of a client within."""
    match source.number(6):
        case 4 if body is not None:
            return (
                to_bytes(write(Source(source.rest()), (json.dumps(body),), ODD_WORDS))
                if _fits(body)
                else b"["
            )
        case 5:
            return body
        case _:
            return json.dumps(body).encode() if body is not None and _fits(body) else None


def _fits(body: Any) -> bool:
    try:
        return bool(json.dumps(body))
    except RecursionError:
        return False


def _requests(source: Source) -> tuple[Any, ...]:
    return (tuple(draw_request(source) for _ in range(1 + source.number(3))),)


def _reduce(requests: tuple[Request, ...]) -> int:
    """The cluster answers whatever it is asked, and what it keeps stays whole."""
    state: State = begun()
    last = Response(0)
    for request in requests:
        after, last = respond(state, request)
        assert 200 <= last.status < 600, "no HTTP status"
        assert last.status < 400 or after is state, "a refusal that changes something"
        state = after
    return last.status


def _watches(source: Source) -> tuple[Any, ...]:
    query = tuple((source.pick(KEYS), source.pick(VALUES)) for _ in range(source.number(4)))
    return Request(
        "GET", source.pick(tuple(PATHS.values())), (("watch", "true"), *query), accept=source.pick(ACCEPTS)
    ), draw_request(source)


def _watch_cluster(request: Request, change: Request) -> Any:
    if not asks_to_watch(begun(), request):
        return ()
    state, _ = respond(begun(), change)
    return open_watch(begun(), request).map(lambda watch: (watch_response(watch), next_events(watch, state)))


SPEC, VERSION = FOO["spec"], FOO["spec"]["versions"][0]
DEFINED = VERSION["schema"]["openAPIV3Schema"]
ODD_SCHEMA = {
    **DEFINED,
    "allOf": [{"properties": {"spec": {"minimum": 1}}}],
    "not": {"type": "string"},
    "definitions": {"a": {}},
    "additionalProperties": {"type": "string"},
    "patternProperties": {"a": {"type": "string"}},
    "items": [{"type": "object"}],
    "x-kubernetes-validations": [{"rule": "self.a == 1", "message": "m"}],
    "enum": [1],
    "default": {"spec": {"replicas": "x"}},
    "pattern": "(",
}
FREE_SCHEMA = {
    "type": "object",
    "properties": {
        "a": {"x-kubernetes-int-or-string": True, "default": 1},
        "b": {
            "type": "string",
            "enum": ["a"],
            "default": "a",
            "pattern": "^a",
            "format": "date",
            "maxLength": 2,
        },
        "c": {
            "type": "object",
            "x-kubernetes-preserve-unknown-fields": True,
            "x-kubernetes-embedded-resource": True,
        },
        "d": {
            "type": "array",
            "items": {"type": "string"},
            "x-kubernetes-list-type": "set",
            "default": ["a", "a"],
        },
        "e": {"type": "object", "additionalProperties": {"type": "integer", "maximum": 3, "multipleOf": 2}},
        "f": {"type": "array", "items": {"type": "object", "nullable": True}, "maxItems": 1, "minItems": 1},
    },
    "required": ["a"],
    "anyOf": [{"required": ["b"]}, {"properties": {"b": {"pattern": "a"}}}],
}


def _versions(*schemas: Any) -> list[Any]:
    """Versions of a definition with these schemas; the first has a status of its own."""
    return [
        {**VERSION, "name": f"v{number}", "storage": number == 1, "schema": {"openAPIV3Schema": schema}}
        for number, schema in enumerate(schemas, 1)
    ]


DEFINITIONS: tuple[Any, ...] = tuple(
    {
        **FOO,
        "metadata": {"name": name, "annotations": {"api-approved.kubernetes.io": url}},
        "spec": spec,
    }
    for url, name, spec in (
        ("https://a/b", "foos.ex.com", SPEC),
        ("https://a/b", "foos.ex.com", {**SPEC, "versions": _versions(ODD_SCHEMA)}),
        (
            "https://a/b",
            "foos.ex.com",
            {**SPEC, "versions": [VERSION, VERSION, {**VERSION, "deprecated": True}]},
        ),
        (
            "https://a/b",
            "foos.ex.com",
            {**SPEC, "versions": _versions({"type": "object", "properties": {"spec": FREE_SCHEMA}}, DEFINED)},
        ),
        ("http://[::1", "foos.x.k8s.io", {**SPEC, "group": "x.k8s.io"}),
        (
            "https://a/b",
            "foos.ex.com",
            {
                **SPEC,
                "versions": [
                    {
                        **VERSION,
                        "deprecated": True,
                        "deprecationWarning": "w",
                        "selectableFields": [{"jsonPath": ".spec.replicas"}],
                    }
                ],
                "conversion": {
                    "strategy": "Webhook",
                    "webhook": {"clientConfig": {"url": "https://a"}, "conversionReviewVersions": ["v1"]},
                },
            },
        ),
    )
)
OF_FOO = "/apis/ex.com/v1/namespaces/default/foos"


def _definitions(source: Source) -> tuple[Any, ...]:
    definition = deform(source, source.pick(DEFINITIONS))
    return definition, deform(source, MANIFESTS[5]), source.happens(2)


def _define(definition: Any, object: Any, within: bool) -> Any:
    """A definition that is made, and put in place of another; and an object of what it defines."""
    path = PATHS["CustomResourceDefinition"]
    bodies = (
        (definition, object) if within else (json.dumps(definition).encode(), json.dumps(object).encode())
    )
    made, _ = respond(empty(), Request("POST", path, body=bodies[0]))
    put, _ = respond(begun(), Request("PUT", f"{path}/foos.ex.com", body=bodies[0]))
    for state in (made, put):
        state, _ = respond(state, Request("POST", OF_FOO, body=bodies[1]))
        for name in ("/openapi/v3/apis/ex.com/v1", "/apis/ex.com/v1", OF_FOO):
            respond(state, Request("GET", name, accept=TABLE if name == OF_FOO else ACCEPTS[0]))
    return respond(made, Request("DELETE", f"{path}/foos.ex.com"))[1].status


def _tables(source: Source) -> tuple[Any, ...]:
    kind = source.pick(tuple(SHOWN))
    object = deform(source, {"metadata": {"name": "t"}, **SHOWN[kind][1]})
    return SHOWN[kind][0], object, source.pick(ACCEPTS[1:3])


def _show(path: str, object: Any, accept: str) -> Any:
    """The table of an object of a kind that has columns of its own."""
    if not _fits(object):
        return None
    state, _ = respond(begun(), Request("POST", path, body=json.dumps(object).encode()))
    return respond(state, Request("GET", path, accept=accept))[1].status


RULE = {
    "host": "a",
    "http": {
        "paths": [
            {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "a", "port": {"number": 80}}}}
        ]
    },
}
SHOWN: dict[str, tuple[str, Any]] = {
    "Node": (
        "/api/v1/nodes",
        {
            "metadata": {"name": "n", "labels": {"node-role.kubernetes.io/x": "", "kubernetes.io/role": "y"}},
            "spec": {"unschedulable": True},
            "status": {
                "conditions": [{"type": "Ready", "status": "True"}],
                "addresses": [{"type": "InternalIP", "address": "1"}],
            },
        },
    ),
    "Ingress": (
        "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
        {"spec": {"ingressClassName": "c", "tls": [{"hosts": ["a"]}], "rules": [RULE]}},
    ),
    "NetworkPolicy": (
        "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies",
        {
            "spec": {
                "podSelector": {
                    "matchLabels": {"a": "b"},
                    "matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}],
                }
            }
        },
    ),
    "RoleBinding": (
        "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
        {
            "roleRef": {"kind": "Role", "name": "r", "apiGroup": "rbac.authorization.k8s.io"},
            "subjects": [
                {"kind": "User", "name": "u", "apiGroup": "rbac.authorization.k8s.io"},
                {"kind": "ServiceAccount", "name": "s", "namespace": "n"},
            ],
        },
    ),
    "PersistentVolume": (
        "/api/v1/persistentvolumes",
        {
            "spec": {
                "capacity": {"storage": "1Gi"},
                "accessModes": ["ReadWriteOnce"],
                "hostPath": {"path": "/"},
                "claimRef": {"name": "a", "namespace": "b"},
            }
        },
    ),
    "Service": (
        "/api/v1/namespaces/default/services",
        {
            "spec": {
                "type": "NodePort",
                "selector": {"a": "b"},
                "externalIPs": ["1.2.3.4"],
                "ports": [{"port": 80, "nodePort": 30080}],
            }
        },
    ),
    "Job": (
        "/apis/batch/v1/namespaces/default/jobs",
        {
            "spec": {
                "completions": 1,
                "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "b"}]}},
            }
        },
    ),
    "Pod": ("/api/v1/namespaces/default/pods", {**MANIFESTS[4], "metadata": {"name": "t"}}),
    "StorageClass": (
        "/apis/storage.k8s.io/v1/storageclasses",
        {"provisioner": "a", "allowVolumeExpansion": True},
    ),
    "Event": (
        "/api/v1/namespaces/default/events",
        {
            "involvedObject": {"kind": "Pod", "name": "a"},
            "type": "Normal",
            "reason": "r",
            "message": "m",
            "lastTimestamp": "2026-01-01T00:00:00Z",
        },
    ),
    "Endpoints": (
        "/api/v1/namespaces/default/endpoints",
        {"subsets": [{"addresses": [{"ip": "1.2.3.4"}], "ports": [{"port": 80}]}]},
    ),
    "HorizontalPodAutoscaler": (
        "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
        {
            "spec": {
                "maxReplicas": 3,
                "scaleTargetRef": {"kind": "Deployment", "name": "a", "apiVersion": "apps/v1"},
            }
        },
    ),
    "CustomResourceDefinition": (
        PATHS["CustomResourceDefinition"],
        {
            **FOO,
            "metadata": {"name": "bars.ex.com"},
            "spec": {**FOO["spec"], "names": {"kind": "Bar", "plural": "bars"}},
        },
    ),
}

RULES = (
    [{"verbs": ["get", "*"], "apiGroups": ["", "apps"], "resources": ["*"]}],
    [{"verbs": ["list"], "apiGroups": ["*"], "resources": ["pods"], "resourceNames": ["a"]}, {}],
)


def _examinations(source: Source) -> tuple[Any, ...]:
    return source, deform(source, source.pick(RULES))


def _examine(source: Source, rules: Any) -> Any:
    """What `fkube doctor` asks and says, whatever is answered."""
    told = rules if isinstance(rules, list) else []
    rights = read_rights([rule for rule in told if isinstance(rule, dict)])
    found = converse(examine("default"), source).map(lambda one: explain_examination(one, "default"))
    return rights, found.map(lambda findings: diagnosis_data(Diagnosis(tuple(findings))))


TARGETS = (
    *map(_say, VERBS),
    Target("verbs.examine", _examinations, _examine, (tuple,), share=0.5),
    Target("cluster.tables", _tables, _show, share=0.5),
    Target("cluster.definitions", _definitions, _define, (int,)),
    Target("cluster.respond", _requests, _reduce, (int,), 2.0),
    Target("cluster.watch", _watches, _watch_cluster, share=0.5),
)
