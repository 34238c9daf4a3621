"""The shapes that answers of an API server have, looked at once, where an answer enters. Pure.

The tables are those of `find_misfit`. Metadata, lists, tables, discovery, schemas and each `Status` are
looked at; not the fields of a kind, as `spec`, and no document that is plain text: its reader looks at that.
"""

from __future__ import annotations

from typing import Any

from returns.result import Failure, Result, Success

from fkube.exchange.messages import Request, Response, writes
from fkube.exchange.offers import GROUP_VERSIONS, GROUPS, RESOURCES, ROOTS, find_other_offer
from fkube.exchange.secrecy import hide_values
from fkube.exchange.subjects import find_other_subject, is_for_collection, is_for_scale, is_object_path
from fkube.merging.schemashape import DOCUMENT, INDEX
from fkube.resource.errors import DOUBT, TransportError, VisitError
from fkube.resource.patterns import compile_later
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
_REPLICAS = {"replicas": int}
_SCALE = {**_OBJECT, "spec": _REPLICAS, "status": _REPLICAS}
_LIST = {**_OBJECT, "items": [_OBJECT]}
_COLUMN = {**_texts("name", "type", "format", "description"), "priority": int, "!": ["name"]}
_TABLE = {
    "metadata": _METADATA,
    "columnDefinitions": [_COLUMN],
    "rows": [{"cells": list, "object": _OBJECT, "!": ["cells"]}],
}
_EVENT = {"type": str, "object": dict}

_DOCUMENTS = (
    (ROOTS, GROUPS),
    (GROUP_VERSIONS, RESOURCES),
    (compile_later(r"/openapi/v3"), INDEX),
    (compile_later(r"/openapi/v3/.+"), DOCUMENT),
)
"""The paths that hold no object, and the shape of what they hold."""


def check_answer(request: Request, response: Response) -> Result[Response, VisitError]:
    """Take an answer, if it has the shape of what was asked for.

    A refusal is taken as it is, but for the values of a Secret that was sent; so is what was asked for in
    any form (`*/*`), and what was looked at before (`kept`).
    Errors: `TransportError`, which says what is wrong; after a write nobody knows what came of it.

    >>> print(check_answer(Request("GET", "/api/v1/namespaces/a"), Response(200, [])).failure())
    the server answered GET /api/v1/namespaces/a with JSON that is no answer to it: the body is not as asked
    """
    if response.status >= 400:
        return Success(hide_values(request, response))
    if request.accept == "*/*" or response.kept is not None:
        return Success(response)
    wrong = find_misfit(response.body, _shape_of(request, response.body))
    if wrong is None:
        wrong = find_other_subject(request, response.body) or find_other_offer(request.path, response.body)
    return Success(response) if wrong is None else Failure(_misshapen(request, wrong or "the body"))


def check_event(request: Request, event: Any) -> Result[Any, VisitError]:
    """Take an event of a watch, if it has its shape. Errors: as `check_answer`."""
    wrong = find_misfit(event, _EVENT)
    if wrong is None:
        object = event.get("object") or {}
        shape = _STATUS if event.get("type") == "ERROR" else _shape_of_body(object)
        wrong = find_misfit(object, shape)
    return Success(event) if wrong is None else Failure(_misshapen(request, wrong or "an event"))


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
    if is_object_path(request):
        return _shape_of_object(request, body)
    return _STATUS if isinstance(body, dict) and body.get("kind") == "Status" else object


def _shape_of_object(request: Request, body: Any) -> Shape:
    """The shape of what is at the path of an object, of a view of it, or of a collection."""
    if is_for_scale(request):
        return _SCALE
    listed = is_for_collection(request) and isinstance(body, dict) and "items" in body
    return _LIST if listed else _shape_of_body(body)


def _shape_of_body(body: Any) -> Shape:
    """The shape of an object, a table or a Status, which tell themselves what they are."""
    kinds = {"Status": _STATUS, "Table": _TABLE}
    return kinds.get(str(body.get("kind")), _OBJECT) if isinstance(body, dict) else _OBJECT
