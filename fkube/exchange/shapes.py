"""The shapes that answers of an API server have, looked at once, where an answer enters. Pure.

The tables are those of `find_misfit`. Metadata, lists, tables, discovery, schemas and each `Status` are
looked at; not the fields of a kind, as `spec`, and no document that is plain text: its reader looks at that.
"""

from __future__ import annotations

import re
from typing import Any

from returns.result import Failure, Result, Success

from fkube.exchange.messages import Request, Response, writes
from fkube.exchange.secrecy import hide_values
from fkube.merging.schemashape import DOCUMENT, INDEX
from fkube.resource.errors import DOUBT, TransportError, VisitError
from fkube.syntax.misfits import Shape, find_misfit


def _texts(*names: str) -> dict[str, Shape]:
    """The shape of fields that hold text."""
    return dict.fromkeys(names, str)


_MANAGER = {
    **_texts("manager", "operation", "apiVersion", "fieldsType", "subresource", "time"),
    "fieldsV1": dict,
}
_METADATA = {
    **_texts("name", "generateName", "namespace", "uid", "resourceVersion", "creationTimestamp"),
    **_texts("deletionTimestamp", "continue"),
    "labels": {"*": str},
    "annotations": {"*": str},
    "finalizers": [str],
    "ownerReferences": [_texts("apiVersion", "kind", "name", "uid")],
    "managedFields": [_MANAGER],
}
_OBJECT = {**_texts("apiVersion", "kind"), "metadata": _METADATA}
_CAUSE = _texts("reason", "message", "field")
_STATUS = {
    **_texts("kind", "status", "message", "reason"),
    "metadata": dict,
    "details": {**_texts("name", "kind", "uid"), "causes": [_CAUSE], "retryAfterSeconds": int},
    "code": int,
}
_SCALE = {**_OBJECT, "spec": {"replicas": int}, "status": {"replicas": int}}
_LIST = {**_OBJECT, "items": [_OBJECT]}
_COLUMN = {**_texts("name", "type", "format", "description"), "priority": int, "!": ["name"]}
_TABLE = {
    "metadata": _METADATA,
    "columnDefinitions": [_COLUMN],
    "rows": [{"cells": list, "object": _OBJECT, "!": ["cells"]}],
}
_KIND = _texts("group", "version", "kind")
_NAMES = {"verbs": [str], "shortNames": [str], "categories": [str]}
_AGGREGATED = {
    **_texts("resource", "scope", "singularResource"),
    **_NAMES,
    "responseKind": _KIND,
    "subresources": [{"subresource": str, "responseKind": _KIND, "verbs": [str], "!": ["subresource"]}],
    "!": ["resource"],
}
_VERSION = {**_texts("version", "freshness"), "resources": [_AGGREGATED], "!": ["version"]}
_GROUP_VERSION = {**_texts("groupVersion", "version"), "!": ["groupVersion"]}
_GROUPS = {
    "items": [{"metadata": {"name": str}, "versions": [_VERSION], "!": ["metadata"]}],
    "groups": [
        {"name": str, "versions": [_GROUP_VERSION], "preferredVersion": _GROUP_VERSION, "!": ["name"]}
    ],
    "versions": [str],
}
_RESOURCES = {
    "groupVersion": str,
    "resources": [
        {**_texts("name", "singularName"), **_KIND, **_NAMES, "namespaced": bool, "!": ["name", "kind"]},
    ],
    "!": ["groupVersion"],
}
_EVENT = {"type": str, "object": dict}

_DOCUMENTS = (
    (re.compile(r"/apis?"), _GROUPS),
    (re.compile(r"/api/[^/]+|/apis/[^/]+/[^/]+"), _RESOURCES),
    (re.compile(r"/openapi/v3"), INDEX),
    (re.compile(r"/openapi/v3/.+"), DOCUMENT),
)
"""The paths that hold no object, and the shape of what they hold."""
_OFFERS = ("APIVersions", "APIGroupList", "APIResourceList", "APIGroupDiscoveryList")
"""The kinds of the documents of discovery."""
_OF_OTHERS = ("Status", "Table")
"""The kinds of answers that are no object, but say something of one."""
_NAMESPACE = r"/namespaces/(?P<namespace>[^/]+)(?!/(?:status|finalize)$)"
_OBJECTS = re.compile(rf"/(?:api|apis/[^/]+)/[^/]+(?:{_NAMESPACE})?/[^/]+(?:/(?P<name>[^/]+))?(?:/.*)?")


def check_answer(request: Request, response: Response) -> Result[Response, VisitError]:
    """Take an answer, if it has the shape of what was asked for.

    A refusal is taken as it is, but for the values of a Secret that was sent; so is what was asked for in
    any form (`*/*`).
    Errors: `TransportError`, which says what is wrong; after a write nobody knows what came of it.

    >>> print(check_answer(Request("GET", "/api/v1/namespaces/a"), Response(200, [])).failure())
    the server answered GET /api/v1/namespaces/a with JSON that is no answer to it: the body is not as asked
    """
    if response.status >= 400:
        return Success(hide_values(request, response))
    if request.accept == "*/*":
        return Success(response)
    wrong = find_misfit(response.body, _shape_of(request, response.body))
    if wrong is None:
        wrong = _find_other_object(request, response.body)
    return Success(response) if wrong is None else Failure(_misshapen(request, wrong or "the body"))


def check_event(request: Request, event: Any) -> Result[Any, VisitError]:
    """Take an event of a watch, if it has its shape. Errors: as `check_answer`."""
    wrong = find_misfit(event, _EVENT)
    if wrong is None:
        object = event.get("object") or {}
        shape = _STATUS if event.get("type") == "ERROR" else _shape_of_body(object)
        wrong = find_misfit(object, shape)
    return Success(event) if wrong is None else Failure(_misshapen(request, wrong or "an event"))


def keep_offers(path: str, body: Any) -> Any:
    """What a document of discovery says of what a server offers: the fields that discovery reads.

    None where the path has no such document, or the body has not its shape, or is none by its kind.

    >>> keep_offers("/api", {"kind": "APIVersions", "versions": ["v1"], "data": {"k": "secret"}})
    {'kind': 'APIVersions', 'versions': ['v1']}
    """
    shape = next((shape for where, shape in _DOCUMENTS[:2] if where.fullmatch(path)), None)
    if shape is None or find_misfit(body, shape) is not None or body.get("kind") not in _OFFERS:
        return None
    return {"kind": body["kind"], **_keep_shape(body, shape)}


def _keep_shape(value: Any, shape: Shape) -> Any:
    """A value of a shape without the fields that the shape does not name."""
    if isinstance(shape, dict) and isinstance(value, dict):
        return {key: _keep_shape(found, shape[key]) for key, found in value.items() if key in shape}
    if isinstance(shape, list) and isinstance(value, list):
        return [_keep_shape(item, shape[0]) for item in value]
    return value


def _find_other_object(request: Request, body: Any) -> str | None:
    """The field by which an answer is about another object than the request; None if it is about the same.

    What was written must have a uid, as it is there then: only what has no name (a review) is kept nowhere.
    """
    place = _OBJECTS.fullmatch(request.path)
    if place is None or not isinstance(body, dict) or body.get("kind") in _OF_OTHERS or "items" in body:
        return None
    kept = request.method in ("POST", "PUT", "PATCH")
    sent = request.body if kept and isinstance(request.body, dict) else {}
    wanted, found = sent.get("metadata") or {}, body.get("metadata") or {}
    name = place["name"] or wanted.get("name")
    differing = {
        "kind": (request.kind or sent.get("kind")) not in (None, "", body.get("kind")),
        "metadata.name": name and found.get("name") != name,
        "metadata.generateName": not (name or _begins(found.get("name"), wanted.get("generateName"))),
        "metadata.namespace": place["namespace"] and found.get("namespace") != place["namespace"],
        "metadata.uid": kept and (name or wanted.get("generateName")) and not found.get("uid"),
    }
    return next((field for field, differs in differing.items() if differs), None)


def _begins(name: Any, prefix: Any) -> bool:
    """Whether the name that a server made begins as was asked."""
    return not prefix or str(name or "").startswith(str(prefix))


def _misshapen(request: Request, what: str) -> TransportError:
    """The error of an answer whose `what` is not as asked: the server may have acted all the same."""
    problem = f"the server answered {request} with JSON that is no answer to it: {what} is not as asked"
    return TransportError(problem + (DOUBT if writes(request) else ""), sent=True)


def _shape_of(request: Request, body: Any) -> Shape:
    """The shape of what is at the path of a request."""
    for path, shape in _DOCUMENTS:
        if path.fullmatch(request.path):
            # A real server calls the index of its schemas plain text: its reader looks at that.
            return str if isinstance(body, str) and "openapi" in request.path else shape
    if request.path.endswith("/scale") and _shape_of_body(body) is _OBJECT:
        return _SCALE
    return _shape_of_body(body) if _OBJECTS.fullmatch(request.path) else object


def _shape_of_body(body: Any) -> Shape:
    """The shape of an object, a list, a table or a Status, which tell themselves what they are."""
    if not isinstance(body, dict):
        return _OBJECT
    kinds = {"Status": _STATUS, "Table": _TABLE}
    return kinds.get(str(body.get("kind")), _LIST if "items" in body else _OBJECT)
