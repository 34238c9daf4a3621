"""The reducer: one request and the state it meets, to the state it leaves and its response. Nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call, Handler, read_call, with_warnings
from fkube.cluster.kinds import builtin_groups, recorded
from fkube.cluster.kinds.discovery import discovery_document
from fkube.cluster.kinds.openapi import openapi_document
from fkube.cluster.reading import getting
from fkube.cluster.state import BEGINNING, State
from fkube.cluster.statuses import (
    json_response,
    no_method,
    no_resource,
    not_found,
    page_not_found,
    text_response,
)
from fkube.cluster.writing import creating, deleting, scaling, updating
from fkube.exchange.conversation import Request, Response

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


def empty(seed: str = "fkube", now: datetime = BEGINNING) -> State:
    """A fresh cluster, made `now`. Uids and generated names follow the seed.

    >>> empty()
    State(5 objects, resourceVersion 5)
    """
    state = State(seed=seed, now=now)
    for request in _initial_requests():
        state, _ = respond(state, request)
    return state


def respond(state: State, request: Request) -> tuple[State, Response]:
    """Answer one request: the state it leaves (the same one after a dry run or an error) and the response.

    The body may be JSON data; bytes and text are decoded here, and told of fields written twice.

    >>> state, response = respond(empty(), Request("GET", "/api/v1/namespaces/shop"))
    >>> response.status, response.body["message"]
    (404, 'namespaces "shop" not found')
    """
    root = request.path.strip("/").partition("/")[0]
    if root in ("api", "apis"):
        answer = _answer_api(state, request)
    else:
        answer = _answer_other(state, root, request).map(lambda response: (state, response))
    return answer.unwrap() if isinstance(answer, Success) else (state, answer.failure())


@cache
def _initial_requests() -> tuple[Request, ...]:
    """What makes a fresh cluster."""
    made = [Request("POST", "/api/v1/namespaces", body={"metadata": {"name": name}}) for name in NAMESPACES]
    labels = {"component": "apiserver", "provider": "kubernetes"}
    port = {"name": "https", "protocol": "TCP", "port": 443, "targetPort": 6443}
    spec = {"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "type": "ClusterIP", "ports": [port]}
    service = {"metadata": {"name": "kubernetes", "labels": labels}, "spec": spec}
    return (*made, Request("POST", "/api/v1/namespaces/default/services", body=service))


def _answer_other(state: State, root: str, request: Request) -> Result[Response, Response]:
    """What is no API: health, version, schemas."""
    if root == "version" and request.method not in ("GET", "HEAD"):
        return Failure(no_method())
    if root in ("healthz", "livez", "readyz"):
        return Success(text_response(200, "ok"))
    if root == "version" and request.path.strip("/") == root:
        return Success(json_response(200, recorded()["version"]))
    return openapi_document(state.served, request) if root == "openapi" else Failure(page_not_found())


def _answer_api(state: State, request: Request) -> Answer:
    # Behind `/api/v1` and `/apis/group/version` a path names a resource.
    depth = request.path.strip("/").count("/")
    if depth < (2 if request.path.startswith("/api/") else 3):
        return discovery_document(state.served, request).bind(
            lambda response: _check_read_only(state, request, response)
        )
    return read_call(state.served, request).bind(lambda found: _answer_call(state, found))


def _check_read_only(state: State, request: Request, response: Response) -> Answer:
    """Documents of versions are only for reading; those of groups, and custom ones, ignore the method."""
    group = response.body.get("groupVersion", "").rpartition("/")[0]
    answers_all = response.body.get("kind") != "APIVersions" and (
        "groupVersion" not in response.body or group not in builtin_groups()
    )
    return (
        Success((state, response))
        if request.method in ("GET", "HEAD") or answers_all
        else Failure(no_method())
    )


def _answer_call(state: State, found: Call) -> Answer:
    """What a call is answered, with what the server says of its kind in every answer."""
    target, method = found.target, found.request.method
    verb = _VERBS.get(("GET" if method == "HEAD" else method, bool(target.name)), "")
    if target.kind.namespaced and not target.namespace and verb != "list":
        return Failure(page_not_found() if target.kind.custom else no_method())
    return with_warnings(target.kind.warnings, _dispatch_verb(state, found, verb))


def _dispatch_verb(state: State, found: Call, verb: str) -> Answer:
    target = found.target
    if target.subresource:
        return _answer_subresource(state, found, verb)
    return _run_handler(state, found, _HANDLERS.get(verb) if verb in target.kind.entry["verbs"] else None)


def _answer_subresource(state: State, found: Call, verb: str) -> Answer:
    kind = found.target.kind
    entry = kind.subresources.get(found.target.subresource)
    if entry is None:
        return Failure(not_found(kind.mapping, found.target.name))
    handler = _OWN.get(found.target.subresource, _SUBRESOURCE).get(verb)
    own = entry["responseKind"]["kind"] in (kind.mapping.kind, "Scale")
    if verb in entry["verbs"] and (handler is None or not own):
        return Failure(_unserved_subresource(state, found))
    return _run_handler(state, found, handler if verb in entry["verbs"] else None)


def _run_handler(state: State, found: Call, handler: Handler | None) -> Answer:
    """What a handler answers; after a request to be tried only, the state is the one before it."""
    if handler is None:
        return Failure(no_method())
    return handler(state, found).map(lambda answer: (state, answer[1]) if _is_dry_run(found) else answer)


def _is_dry_run(found: Call) -> bool:
    return deleting.is_dry_run(found) if found.request.method == "DELETE" else found.dry


def _get_log(state: State, found: Call) -> Answer:
    """The log of a pod that runs nowhere."""
    return getting.get(state, found).map(lambda _: (state, Response(204)))


def _unserved_subresource(state: State, found: Call) -> Response:
    """What subresources answer that need a kubelet or a controller: the object must be there even so."""
    there = state.objects.get(found.target.key) is not None
    return no_resource() if there else not_found(found.target.kind.mapping, found.target.name)


_VERBS: Mapping[tuple[str, bool], str] = {
    ("GET", True): "get",
    ("GET", False): "list",
    ("POST", False): "create",
    ("PUT", True): "update",
    ("PATCH", True): "patch",
    ("DELETE", True): "delete",
    ("DELETE", False): "deletecollection",
}

_HANDLERS: Mapping[str, Handler] = {
    "get": getting.get,
    "list": getting.list_objects,
    "create": creating.create,
    "update": updating.update,
    "patch": updating.patch,
    "delete": deleting.delete,
    "deletecollection": deleting.delete_collection,
}

_SUBRESOURCE: Mapping[str, Handler] = {"get": getting.get, "update": updating.update, "patch": updating.patch}
_SCALE: Mapping[str, Handler] = {"get": getting.get, "update": scaling.update, "patch": scaling.patch}
_OWN: Mapping[str, Mapping[str, Handler]] = {"scale": _SCALE, "log": {"get": _get_log}}
