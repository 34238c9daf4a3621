"""A page of what selectors choose on a server, and how to go on where the pages have gone stale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from returns.result import Result

from fkube.exchange.conversation import (
    Call,
    Done,
    Exchange,
    Request,
    Response,
    succeeded,
    warnings,
    with_query,
)
from fkube.resource.errors import StatusError, VisitError
from fkube.resource.info import Info, Object, RESTMapping
from fkube.resource.names import quoted
from fkube.verbs.paths import collection


@dataclass(frozen=True, slots=True)
class Page:
    """Objects of one kind as the server lists them, and how to ask for those after them (or None).

    `last`: the namespace and name of the last object so far, by which lists are in order.
    """

    infos: tuple[Info, ...]
    next: Request | None
    last: str = ""


def selected(
    mapping: RESTMapping, namespace: str = "", labels: str = "", fields: str = "", limit: int = 500
) -> Request:
    """The request for the first page of what selectors choose.

    >>> print(selected(RESTMapping("", "v1", "Pod", "pods"), "shop", labels="app=web"))
    GET /api/v1/namespaces/shop/pods?labelSelector=app=web&limit=500
    """
    request = Request("GET", collection(mapping, namespace))
    return with_query(request, labelSelector=labels, fieldSelector=fields, limit=str(limit) if limit else "")


def page(mapping: RESTMapping, request: Request, last: str = "") -> Exchange[Page]:
    """One page of a list as resources with their mapping; a page that is a Table stays one resource.

    A page that expired (410) goes on as the server says, or behind the `last` object of a whole new list:
    what is there all the while is told once. Errors: `StatusError` as the server has it.
    Follows `Selector.Visit` of cli-runtime, and `ListPager` of client-go where it expired.
    """

    def then(response: Response) -> Exchange[Page]:
        if response.status == 410 and "continue" in dict(request.query):
            return _stale(mapping, request, last, response)
        return Done(_told(mapping, request, last, succeeded(response)))

    return Call(request, then)


def _stale(mapping: RESTMapping, request: Request, last: str, response: Response) -> Exchange[Page]:
    """The page that takes the place of one that expired."""
    token = _metadata(response.body).get("continue")
    if token:
        return page(mapping, with_query(_without(request, "continue"), **{"continue": token}), last)

    def then(again: Response) -> Exchange[Page]:
        whole = succeeded(again).map(lambda ok: replace(ok, body=_behind(last, ok.body)))
        return Done(_told(mapping, request, last, whole))

    return Call(_without(request, "continue", "limit"), then)


def _behind(last: str, listed: Object) -> Object:
    """The list without what comes up to an object in it."""
    rest = {
        part: [item for item in listed[part] or () if _key(item.get("object") or item) > last]
        for part in ("items", "rows")
        if part in listed
    }
    return {**listed, **rest}


def _told(
    mapping: RESTMapping, request: Request, last: str, answer: Result[Response, VisitError]
) -> Result[Page, VisitError]:
    told = answer.map(partial(_page, mapping, request, last))
    return told.alt(partial(enhance_list_error, mapping, dict(request.query)))


def _page(mapping: RESTMapping, request: Request, last: str, response: Response) -> Page:
    listed: Object = response.body
    items = listed.get("rows" if listed.get("kind") == "Table" else "items") or ()
    typed = {"apiVersion": mapping.api_version, "kind": mapping.kind}
    objects = (listed,) if listed.get("kind") == "Table" else items
    version = str(_metadata(listed).get("resourceVersion") or "")
    infos = [Info({**typed, **item}, mapping=mapping, live=True, list_version=version) for item in objects]
    infos[:1] = (replace(first, warnings=warnings(response)) for first in infos[:1])
    token = _metadata(listed).get("continue")
    following = with_query(_without(request, "continue"), **{"continue": token}) if token else None
    return Page(tuple(infos), following, _key(items[-1].get("object") or items[-1]) if items else last)


def _key(object: Object) -> str:
    """What lists are in order of: namespace and name, as they are in etcd's keys."""
    found = _metadata(object)
    return f"{found.get('namespace') or ''}/{found.get('name') or ''}"


def _metadata(body: Any) -> Object:
    found = body.get("metadata") if isinstance(body, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _without(request: Request, *parameters: str) -> Request:
    return replace(request, query=tuple((k, v) for k, v in request.query if k not in parameters))


def enhance_list_error(mapping: RESTMapping, query: Mapping[str, str], error: VisitError) -> VisitError:
    """The error of a list with what was asked for. Follows `EnhanceListError` of cli-runtime.

    >>> pods = RESTMapping("", "v1", "Pod", "pods")
    >>> print(enhance_list_error(pods, {}, StatusError("no", 400, "BadRequest")))
    Unable to list "/v1, Resource=pods": no
    """
    if not isinstance(error, StatusError) or error.reason not in ("BadRequest", "NotFound"):
        return error
    subject = f'"{mapping.group}/{mapping.version}, Resource={mapping.resource}"'
    labels, fields = (quoted(query.get(key, "")) for key in ("labelSelector", "fieldSelector"))
    chosen = f"Unable to find {subject} that match label selector {labels}, field selector {fields}"
    selecting = not query.keys().isdisjoint(("labelSelector", "fieldSelector"))
    return replace(error, message=f"{chosen if selecting else f'Unable to list {subject}'}: {error.message}")
