"""The shapes that answers of an API server have, looked at once, where an answer enters. Pure.

A shape is a type, a list of one shape, or a dict of shapes by field: `name!` must be there, `*` is every
field. What is null counts as not there, as in Go. Behind this check the rest may trust what it reads.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.exchange.messages import Request, Response, writes
from fkube.resource.errors import DOUBT, TransportError, VisitError

Shape: TypeAlias = Any
"""A type, a list of a shape, or shapes by field."""


def _texts(*names: str) -> dict[str, Shape]:
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
_COLUMN = {**_texts("type", "format", "description"), "name!": str, "priority": int}
_TABLE = {
    "metadata": _METADATA,
    "columnDefinitions": [_COLUMN],
    "rows": [{"cells!": list, "object": _OBJECT}],
}
_KIND = _texts("group", "version", "kind")
_NAMES = {"verbs": [str], "shortNames": [str], "categories": [str]}
_AGGREGATED = {
    **_texts("scope", "singularResource"),
    **_NAMES,
    "resource!": str,
    "responseKind": _KIND,
    "subresources": [{"subresource!": str, "responseKind": _KIND, "verbs": [str]}],
}
_VERSION = {"version!": str, "freshness": str, "resources": [_AGGREGATED]}
_GROUP_VERSION = {"groupVersion!": str, "version": str}
_GROUPS = {
    "items": [{"metadata!": {"name": str}, "versions": [_VERSION]}],
    "groups": [{"name!": str, "versions": [_GROUP_VERSION], "preferredVersion": _GROUP_VERSION}],
    "versions": [str],
}
_RESOURCES = {
    "groupVersion!": str,
    "resources": [{"name!": str, **_KIND, **_NAMES, "singularName": str, "namespaced": bool}],
}
_SCHEMAS = {"paths": {"*": {"serverRelativeURL!": str}}}
_EVENT = {"type": str, "object": dict}

_DOCUMENTS = (
    (re.compile(r"/apis?"), _GROUPS),
    (re.compile(r"/api/[^/]+|/apis/[^/]+/[^/]+"), _RESOURCES),
    (re.compile(r"/openapi/v3"), _SCHEMAS),
)
"""The paths that hold no object, and the shape of what they hold."""
_OBJECTS = re.compile(r"/(?:api|apis/[^/]+)/[^/]+(?:/namespaces/[^/]+)?/[^/]+(?:/(?P<name>[^/]+))?(?:/.*)?")


def check_answer(request: Request, response: Response) -> Result[Response, VisitError]:
    """Take an answer, if it has the shape of what was asked for.

    A refusal is taken as it is, and what was asked for in any form (`*/*`).
    Errors: `TransportError`, which says what is wrong; after a write nobody knows what came of it.

    >>> print(check_answer(Request("GET", "/api/v1/namespaces/a"), Response(200, [])).failure())
    the server answered GET /api/v1/namespaces/a with JSON that is no answer to it: the body is misshapen
    """
    if response.status >= 400 or request.accept == "*/*":
        return Success(response)
    wrong = find_misfit(response.body, _shape_of(request, response.body))
    return Success(response) if wrong is None else Failure(_misshapen(request, wrong or "the body"))


def check_event(request: Request, event: Any) -> Result[Any, VisitError]:
    """Take an event of a watch, if it has its shape. Errors: as `check_answer`."""
    wrong = find_misfit(event, _EVENT)
    if wrong is None:
        object = event.get("object") or {}
        shape = _STATUS if event.get("type") == "ERROR" else _shape_of_body(object)
        wrong = find_misfit(object, shape, "object")
    return Success(event) if wrong is None else Failure(_misshapen(request, wrong or "an event"))


def _misshapen(request: Request, what: str) -> TransportError:
    problem = f"the server answered {request} with JSON that is no answer to it: {what} is misshapen"
    return TransportError(problem + (DOUBT if writes(request) else ""), sent=True)


def _shape_of(request: Request, body: Any) -> Shape:
    """The shape of what is at the path of a request."""
    for path, shape in _DOCUMENTS:
        if path.fullmatch(request.path):
            return shape
    return _shape_of_body(body) if _OBJECTS.fullmatch(request.path) else object


def _shape_of_body(body: Any) -> Shape:
    """The shape of an object, a list, a table or a Status, which tell themselves what they are."""
    if not isinstance(body, dict):
        return _OBJECT
    kinds = {"Status": _STATUS, "Table": _TABLE}
    return kinds.get(str(body.get("kind")), _LIST if "items" in body else _OBJECT)


def find_misfit(value: Any, shape: Shape, path: str = "") -> str | None:
    """Find the first place where a value has not its shape, as a path; None where it has.

    >>> find_misfit({"a": [1, "b"]}, {"a": [int]}), find_misfit({}, {"a!": str})
    ('a[1]', 'a')
    """
    if isinstance(shape, dict):
        return _find_misfit_in_map(value, shape, path) if isinstance(value, dict) else path
    if isinstance(shape, list):
        if not isinstance(value, list):
            return path
        misfits = (find_misfit(item, shape[0], f"{path}[{n}]") for n, item in enumerate(value))
        return next((wrong for wrong in misfits if wrong is not None), None)
    return None if shape is object or type(value) is shape else path


def _find_misfit_in_map(value: dict[str, Any], shape: dict[str, Shape], path: str) -> str | None:
    for field, inner in shape.items():
        name = field.removesuffix("!")
        for key in value if name == "*" else (name,):
            place, found = f"{path}.{key}" if path else key, value.get(key)
            wrong = place if field != name else None
            if found is not None:
                wrong = find_misfit(found, inner, place)
            if wrong is not None:
                return wrong
    return None
