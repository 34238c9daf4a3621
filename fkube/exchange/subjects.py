"""Whether an answer is about what its request asked for: that object, that list, or what came of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fkube.exchange.messages import Request
from fkube.resource.info import Object, metadata_of
from fkube.resource.patterns import compile_later

_NAMESPACE = r"/namespaces/(?P<namespace>[^/]+)(?!/(?:status|finalize)$)"
_PATH = compile_later(
    rf"/(?:api|apis/[^/]+)/[^/]+(?:{_NAMESPACE})?/[^/]+(?:/(?P<name>[^/]+))?(?:/(?P<subresource>.*))?"
)
_VIEWS = ("", "status", "scale", "finalize", "approval", "resize", "ephemeralcontainers")
"""The subresources that are the object itself, or a view of it; empty for none."""
_PREFIX = 58
"""So much of a `generateName` goes into the name that a server makes (`maxGeneratedNameLength`)."""

_Differences = Iterator[tuple[str, object]]
"""Fields, each with whether it differs."""


def is_object_path(request: Request) -> bool:
    """Whether a request is for an object, a view of it, or a collection: its answer is no other document.

    >>> is_object_path(Request("GET", "/api/v1/nodes")), is_object_path(Request("GET", "/api/v1"))
    (True, False)
    >>> is_object_path(Request("GET", "/api/v1/namespaces/a/pods/b/log"))
    False
    """
    place = _PATH.fullmatch(request.path)
    return place is not None and (place["subresource"] or "") in _VIEWS


def is_for_collection(request: Request) -> bool:
    """Whether a request reads or deletes all objects of a collection, so that its answer is a list.

    >>> [is_for_collection(Request(method, "/api/v1/nodes")) for method in ("GET", "POST")]
    [True, False]
    """
    place = _PATH.fullmatch(request.path)
    return request.method in ("GET", "DELETE") and place is not None and place["name"] is None


def is_for_scale(request: Request) -> bool:
    """Whether a request is for the subresource `scale` of an object."""
    place = _PATH.fullmatch(request.path)
    return place is not None and place["subresource"] == "scale"


def kind_wanted(request: Request) -> str:
    """The kind that the object of an answer must have; empty where any will do.

    >>> kind_wanted(Request("PUT", "/api/v1/nodes/a", body={"kind": "Node"}))
    'Node'
    """
    return str(_sent_object(request).get("kind") or request.kind)


def find_other_subject(request: Request, body: Any) -> str | None:
    """Find the field by which an answer is about something else than its request; None if it is not.

    The body has its shape. A write is done where it is an object of the kind, name and namespace that was
    sent, with a uid. A `Status` tells what came of a deletion, and only that; a `Table` is what was asked for
    as one. Follows `transformResponse` of client-go where a Status says `Failure`.

    >>> find_other_subject(Request("GET", "/api/v1/nodes/a"), {"kind": "Node", "metadata": {"name": "b"}})
    'metadata.name'
    """
    place = _PATH.fullmatch(request.path)
    if place is None or not isinstance(body, dict):
        return None
    return next((field for field, differs in _differ(request, place, body) if differs), None)


def _differ(request: Request, place: re.Match[str], body: Object) -> _Differences:
    """How a body differs from an answer about what was asked for, by what it says it is."""
    if body.get("kind") == "Status":
        return _differ_in_status(request, place, body)
    if (place["subresource"] or "") not in _VIEWS:
        return iter(())
    if body.get("kind") == "Table":
        return _differ_in_table(request, place, body)
    # A server that makes no tables answers with the object, or the list.
    different = _differ_in_list if is_for_collection(request) else _differ_in_object
    return different(request, place, body)


def _sent_object(request: Request) -> Object:
    """The object that a request sends to be kept; empty for any other request."""
    sends = request.method in ("POST", "PUT", "PATCH") and isinstance(request.body, dict)
    return request.body if sends else {}


def _differ_in_status(request: Request, place: re.Match[str], status: Object) -> _Differences:
    """How a `Status` differs from one that tells of the success of what was asked for."""
    told = status.get("details") or {}
    yield "kind", request.method != "DELETE" and (place["subresource"] or "") in _VIEWS
    yield "status", status.get("status") != "Success"
    yield "details.name", place["name"] and told.get("name") not in (None, "", place["name"])
    yield "details.uid", _uid_wanted(request) and told.get("uid") not in (None, "", _uid_wanted(request))


def _differ_in_table(request: Request, place: re.Match[str], table: Object) -> _Differences:
    """How a table differs from the one of the object or the collection that was asked for."""
    yield "kind", "as=Table" not in request.accept
    yield "rows", "rows" not in table
    yield "metadata.continue", _goes_in_circles(request, table)
    shown = [row.get("object") for row in table.get("rows") or ()] if place["name"] else ()
    names = (metadata_of(object).get("name") for object in shown)
    yield "rows", any(name not in (None, place["name"]) for name in names)


def _differ_in_list(request: Request, _: re.Match[str], page: Object) -> _Differences:
    """How a page of a list differs from one of the collection that was asked for."""
    yield "items", "items" not in page
    yield "metadata.continue", _goes_in_circles(request, page)


def _goes_in_circles(request: Request, page: Object) -> bool:
    """Whether a page says that it is the next one itself: reading on would never end."""
    token = metadata_of(page).get("continue")
    return bool(token) and ("continue", token) in request.query


def _differ_in_object(request: Request, place: re.Match[str], found: Object) -> _Differences:
    """How an object differs from the one that was asked for, or sent."""
    sent, kept = _sent_object(request), request.method in ("POST", "PUT", "PATCH")
    wanted, metadata, kind = metadata_of(sent), metadata_of(found), kind_wanted(request)
    yield "kind", kind and "as=" not in request.accept and not _is_of_kind(found, kind)
    if kind.endswith("Review"):
        # It is answered and kept nowhere: not each server says its name again.
        return
    name, prefix = place["name"] or wanted.get("name"), wanted.get("generateName")
    yield "metadata.name", metadata.get("name") != name if name else _is_not_made_of(prefix, metadata)
    yield "metadata.namespace", place["namespace"] and metadata.get("namespace") != place["namespace"]
    uid = _uid_wanted(request)
    yield (
        "metadata.uid",
        (metadata.get("uid") != uid) if uid else (name or prefix) and kept and not metadata.get("uid"),
    )


def _uid_wanted(request: Request) -> Any:
    """The uid without which a change or a deletion is refused; None where any will do.

    A new object has another one, whatever is sent.
    """
    body = request.body if isinstance(request.body, dict) else {}
    if request.method == "DELETE":
        found = body.get("preconditions")
        return found.get("uid") if isinstance(found, dict) else None
    return metadata_of(body).get("uid") if request.method in ("PUT", "PATCH") else None


def _is_of_kind(found: Object, kind: str) -> bool:
    """Whether an object is of a kind; a request for one, such as `ProjectRequest`, makes a `Project`."""
    return found.get("kind") in (kind, kind.removesuffix("Request"))


def _is_not_made_of(prefix: Any, metadata: Object) -> bool:
    """Whether a name is not one that a server makes of a `generateName`. Follows `GenerateName`."""
    return isinstance(prefix, str) and not str(metadata.get("name") or "").startswith(prefix[:_PREFIX] or " ")
