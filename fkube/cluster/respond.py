"""The reducer: a request and the state of the cluster, to the next state and the response. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial, reduce

from returns.result import Failure, Result, Success

from fkube.cluster import statuses
from fkube.cluster.calls import Answer, Call, Handler, find_object, missing_object, read_call, with_warnings
from fkube.cluster.kinds import builtin_groups, recorded_facts
from fkube.cluster.kinds.discovery import discovery_document
from fkube.cluster.kinds.openapi import openapi_document
from fkube.cluster.reading import getting
from fkube.cluster.state import BEGINNING, State
from fkube.cluster.writing import creating, deleting, patching, scaling, updating
from fkube.exchange.conversation import Request, Response
from fkube.resource.results import unwrap_or_failure

_READS = ("GET", "HEAD")
_FIRST_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


def empty(seed: str = "fkube", now: datetime = BEGINNING) -> State:
    """A fresh cluster: its first namespaces and the `kubernetes` Service, created `now`.

    Uids and generated names follow the seed.

    >>> empty()
    State(5 objects, resourceVersion 5)
    """
    start = State(seed=seed, now=now)
    return reduce(lambda state, request: respond(state, request)[0], _initial_requests(), start)


def respond(state: State, request: Request) -> tuple[State, Response]:
    """Answer one request: the state it leaves (the same one after a dry run or an error) and the response.

    The body may be JSON data, bytes or text; only of text is it known which fields are written twice.

    >>> state, response = respond(empty(), Request("GET", "/api/v1/namespaces/shop"))
    >>> response.status, response.body["message"]
    (404, 'namespaces "shop" not found')
    """
    root, *parts = request.path.strip("/").split("/")
    # Behind `/api/v1` and `/apis/group/version` a path names a resource.
    if len(parts) > {"api": 1, "apis": 2}.get(root, len(parts)):
        answer = read_call(state.served, request).bind(partial(_answer_call, state))
    else:
        answer = _find_document(state, root, request).map(lambda document: (state, document))
    return unwrap_or_failure(answer.alt(lambda refusal: (state, refusal)))


@cache
def _initial_requests() -> tuple[Request, ...]:
    """The requests that make a fresh cluster."""
    metadata = ({"name": name} for name in _FIRST_NAMESPACES)
    namespaces = (Request("POST", "/api/v1/namespaces", body={"metadata": own}) for own in metadata)
    labels = {"component": "apiserver", "provider": "kubernetes"}
    port = {"name": "https", "protocol": "TCP", "port": 443, "targetPort": 6443}
    spec = {"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "type": "ClusterIP", "ports": [port]}
    service = {"metadata": {"name": "kubernetes", "labels": labels}, "spec": spec}
    return (*namespaces, Request("POST", "/api/v1/namespaces/default/services", body=service))


def _find_document(state: State, root: str, request: Request) -> Result[Response, Response]:
    """The response at a path that names no resource: health, version, discovery or schemas.

    `root`: the first part of the path. Errors: 404, 405, 406.
    """
    if root in ("api", "apis"):
        return discovery_document(state.served, request).bind(partial(_check_method, request))
    if root == "version" and request.method not in _READS:
        return Failure(statuses.no_method())
    if root in ("healthz", "livez", "readyz"):
        return Success(statuses.text_response(200, "ok"))
    if root == "version" and request.path.strip("/") == root:
        return Success(statuses.json_response(200, recorded_facts()["version"]))
    return (
        openapi_document(state.served, request) if root == "openapi" else Failure(statuses.page_not_found())
    )


def _check_method(request: Request, document: Response) -> Result[Response, Response]:
    """A discovery document, if the request may read it so. Errors: 405.

    Documents of built-in versions are only for GET; those of groups, and custom ones, ignore the method.
    """
    group = document.body.get("groupVersion", "none/").rpartition("/")[0]
    strict = group in builtin_groups() or document.body.get("kind") == "APIVersions"
    return Failure(statuses.no_method()) if strict and request.method not in _READS else Success(document)


def _answer_call(state: State, call: Call) -> Answer:
    """Answer a call by the handler of its verb; the response has the warnings of the kind.

    Errors: 404 for a subresource that is not there, 405 for a verb that the resource does not have.
    """
    target, method = call.target, call.request.method
    verb = _VERBS.get(("GET" if method == "HEAD" else method, bool(target.name)), "")
    if call.kind.mapping.namespaced and not target.namespace and verb != "list":
        return Failure(statuses.page_not_found() if call.kind.custom else statuses.no_method())
    if target.subresource:
        answer = _answer_subresource(state, call, verb)
    else:
        answer = _run_handler(state, call, _HANDLERS.get(verb) if verb in call.kind.entry["verbs"] else None)
    return with_warnings(call.kind.warnings, answer)


def _answer_subresource(state: State, call: Call, verb: str) -> Answer:
    """Answer a call for a subresource.

    Errors: 404 where the kind has no such, and where it needs a kubelet or controller; 405 for the verb.
    """
    kind, subresource = call.kind, call.target.subresource
    entry = kind.subresources.get(subresource)
    if entry is None:
        return Failure(missing_object(call))
    if verb not in entry["verbs"]:
        return Failure(statuses.no_method())
    handler = _SUBRESOURCE_HANDLERS.get(subresource, _HANDLERS).get(verb)
    if handler is not None and entry["responseKind"]["kind"] in (kind.mapping.kind, "Scale"):
        return _run_handler(state, call, handler)
    # It needs a kubelet or a controller; the object must be there even so.
    return find_object(state, call).bind(lambda _: Failure(statuses.no_resource()))


def _run_handler(state: State, call: Call, handler: Handler | None) -> Answer:
    """The answer of a handler, 405 for None; after a dry run the state is the one before it."""
    if handler is None:
        return Failure(statuses.no_method())
    dry_run = deleting.is_dry_run(call) if call.request.method == "DELETE" else call.dry_run
    return handler(state, call).map(lambda answer: (state, answer[1]) if dry_run else answer)


_VERBS: Mapping[tuple[str, bool], str] = {
    ("GET", True): "get",
    ("GET", False): "list",
    ("POST", False): "create",
    ("PUT", True): "update",
    ("PATCH", True): "patch",
    ("DELETE", True): "delete",
    ("DELETE", False): "deletecollection",
}
"""The verb of a method, by whether the path names an object."""

_HANDLERS: Mapping[str, Handler] = {
    "get": getting.get,
    "list": getting.list_objects,
    "create": creating.create,
    "update": updating.update,
    "patch": patching.patch,
    "delete": deleting.delete,
    "deletecollection": deleting.delete_collection,
}

_SUBRESOURCE_HANDLERS: Mapping[str, Mapping[str, Handler]] = {
    "scale": {"get": getting.get, "update": scaling.update, "patch": scaling.patch},
    # No pod runs: its log is empty.
    "log": {"get": lambda state, call: getting.get(state, call).map(lambda _: (state, Response(204)))},
}
"""The handlers of subresources; those of the others are those of the object."""
