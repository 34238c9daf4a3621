"""The shapes that answers of an API server have, looked at once, where an answer enters. Pure.

A shape is a type, a list of one shape, or a dict of shapes by field: `*` is every other field, and those that
`!` names must be there. What is null counts as not there, as in Go. Metadata, lists, tables, discovery and
each `Status` are looked at; not the fields of a kind, as `spec`, and no document that comes as plain text.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.exchange.messages import Request, Response, writes
from fkube.exchange.secrecy import hide_values
from fkube.resource.errors import DOUBT, TransportError, VisitError

Shape: TypeAlias = Any
"""A type, a list of a shape, or shapes by field."""


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
_SCHEMAS = {"paths": {"*": {"serverRelativeURL": str, "!": ["serverRelativeURL"]}}}
_EVENT = {"type": str, "object": dict}

_DOCUMENTS = (
    (re.compile(r"/apis?"), _GROUPS),
    (re.compile(r"/api/[^/]+|/apis/[^/]+/[^/]+"), _RESOURCES),
    (re.compile(r"/openapi/v3"), _SCHEMAS),
)
"""The paths that hold no object, and the shape of what they hold."""
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
        "kind": sent.get("kind") not in (None, body.get("kind")),
        "metadata.name": name and found.get("name") != name,
        "metadata.namespace": place["namespace"] and found.get("namespace") != place["namespace"],
        "metadata.uid": kept and (name or wanted.get("generateName")) and not found.get("uid"),
    }
    return next((field for field, differs in differing.items() if differs), None)


def _misshapen(request: Request, what: str) -> TransportError:
    """The error of an answer whose `what` is not as asked: the server may have acted all the same."""
    problem = f"the server answered {request} with JSON that is no answer to it: {what} is not as asked"
    return TransportError(problem + (DOUBT if writes(request) else ""), sent=True)


def _shape_of(request: Request, body: Any) -> Shape:
    """The shape of what is at the path of a request."""
    for path, shape in _DOCUMENTS:
        if path.fullmatch(request.path):
            # A real server calls the index of its schemas plain text: its reader decodes that.
            return str if isinstance(body, str) and shape is _SCHEMAS else shape
    return _shape_of_body(body) if _OBJECTS.fullmatch(request.path) else object


def _shape_of_body(body: Any) -> Shape:
    """The shape of an object, a list, a table or a Status, which tell themselves what they are."""
    if not isinstance(body, dict):
        return _OBJECT
    kinds = {"Status": _STATUS, "Table": _TABLE}
    return kinds.get(str(body.get("kind")), _LIST if "items" in body else _OBJECT)


def find_misfit(value: Any, shape: Shape) -> str | None:
    """Find the first place where a value has not its shape: its path, empty for the value itself; or None.

    >>> find_misfit({"a": [1, "b"]}, {"a": [int]}), find_misfit({"b": {}}, {"b": {"c": str, "!": ["c"]}})
    ('a[1]', 'b.c')
    """
    if isinstance(shape, dict):
        return _find_misfit_in_map(value, shape) if isinstance(value, dict) else ""
    if isinstance(shape, list):
        return _find_misfit_in_list(value, shape[0]) if isinstance(value, list) else ""
    return None if shape is object or type(value) is shape else ""


def _find_misfit_in_list(values: list[Any], shape: Shape) -> str | None:
    """Find the first item that has not the shape; its path, or None."""
    for place, value in enumerate(values):
        wrong = None if type(value) is shape else find_misfit(value, shape)
        if wrong is not None:
            return _join_path(f"[{place}]", wrong)
    return None


def _find_misfit_in_map(value: dict[str, Any], shape: dict[str, Shape]) -> str | None:
    """Find the first field that has not its shape, or is missing; its path, or None."""
    # A list of many objects goes through here: types are compared before anything is called.
    other = shape.get("*", object)
    for key, found in value.items():
        inner = shape.get(key, other)
        if inner is not object and found is not None and type(found) is not inner:
            wrong = find_misfit(found, inner)
            if wrong is not None:
                return _join_path(key, wrong)
    return next((name for name in shape.get("!", ()) if value.get(name) is None), None)


def _join_path(outer: str, inner: str) -> str:
    """Join two parts of a path, such as `metadata` and `labels`, or `items` and `[0]`."""
    return f"{outer}.{inner}" if inner and not inner.startswith("[") else outer + inner
