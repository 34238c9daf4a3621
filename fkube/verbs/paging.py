"""Pages of a list on a server, and how to recover a page that expired."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fkube.exchange.conversation import (
    Done,
    Exchange,
    Request,
    Response,
    bind,
    send,
    succeeded,
    warnings,
    with_query,
)
from fkube.exchange.messages import next_page, without_query
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import StatusError, VisitError
from fkube.resource.info import Info, Object, RESTMapping
from fkube.resource.names import quote_text
from fkube.verbs.paths import collection


@dataclass(frozen=True, slots=True)
class Page:
    """Objects of one kind as the server lists them, and the request for the next page (or None).

    `last`: the namespace and name of the last object so far, by which lists are in order.
    """

    infos: tuple[Info, ...]
    next: Request | None
    last: str = ""


def list_request(
    mapping: RESTMapping, namespace: str = "", labels: str = "", fields: str = "", limit: int = 500
) -> Request:
    """The request for the first page of the objects that match selectors.

    `limit`: how many objects a page has; 0 for all on one page.

    >>> print(list_request(RESTMapping("", "v1", "Pod", "pods"), "shop", labels="app=web"))
    GET /api/v1/namespaces/shop/pods?labelSelector=app=web&limit=500
    """
    request = Request("GET", collection(mapping, namespace))
    return with_query(request, labelSelector=labels, fieldSelector=fields, limit=str(limit) if limit else "")


def page(mapping: RESTMapping, request: Request, last: str = "") -> Exchange[Page]:
    """Read one page of a list as resources with their mapping; a page that is a Table stays one resource.

    A page that expired (410) goes on as the server says, or behind the `last` object of a whole new list:
    what is there all the while is told once. Errors: `StatusError` as the server has it.
    Follows `Selector.Visit` of cli-runtime, and `ListPager` of client-go where it expired.
    """

    def read(response: Response) -> Exchange[Page]:
        made = succeeded(response).map(partial(_make_page, mapping, request, last))
        return Done(made.alt(partial(enhance_list_error, mapping, dict(request.query))))

    def read_or_recover(response: Response) -> Exchange[Page]:
        if response.status != 410 or "continue" not in dict(request.query):
            return read(response)
        token = _metadata(response.body).get("continue")
        if token:
            return page(mapping, next_page(request, token), last)
        whole = send(without_query(request, "continue", "limit"))
        return bind(whole, lambda again: read(replace(again, body=_drop_up_to(last, again.body))))

    return bind(send(request), read_or_recover)


def _drop_up_to(last: str, body: Any) -> Any:
    """The body of a list without its items up to the one whose key is `last`, which goes too."""
    parts = [part for part in ("items", "rows") if isinstance(body, Mapping) and part in body]
    rest = {part: [item for item in body[part] or () if _item_key(item) > last] for part in parts}
    return {**body, **rest} if parts else body


def _make_page(mapping: RESTMapping, request: Request, last: str, response: Response) -> Page:
    """Make a page from the answer to a request; warnings go to its first resource.

    `last`: the last item of the page before, kept if this one is empty.
    """
    body: Object = response.body
    table = body.get("kind") == "Table"
    items = body.get("rows" if table else "items") or ()
    typed = {"apiVersion": mapping.api_version, "kind": mapping.kind}
    version = str(_metadata(body).get("resourceVersion") or "")
    info = partial(Info, mapping=mapping, live=True, list_version=version)
    infos = [info({**typed, **item}) for item in ((body,) if table else items)]
    infos[:1] = (replace(first, warnings=warnings(response)) for first in infos[:1])
    token = _metadata(body).get("continue")
    following = next_page(request, token) if token else None
    return Page(tuple(infos), following, _item_key(items[-1]) if items else last)


def _item_key(item: Object) -> str:
    """The key by which etcd orders lists: namespace and name of an object, or of the object in a row."""
    metadata = _metadata(item.get("object") or item)
    return f"{metadata.get('namespace') or ''}/{metadata.get('name') or ''}"


def _metadata(body: Any) -> Object:
    """The metadata of a list or an object; empty where there is none."""
    metadata = body.get("metadata") if isinstance(body, Mapping) else None
    return metadata if isinstance(metadata, Mapping) else {}


def enhance_list_error(mapping: RESTMapping, query: Mapping[str, str], error: VisitError) -> VisitError:
    """Add to the error of a list what was to be listed. Follows `EnhanceListError` of cli-runtime.

    >>> pods = RESTMapping("", "v1", "Pod", "pods")
    >>> print(enhance_list_error(pods, {}, StatusError("no", 400, "BadRequest")))
    Unable to list "/v1, Resource=pods": no
    """
    if not isinstance(error, StatusError) or error.reason not in ("BadRequest", "NotFound"):
        return error
    subject = f'"{mapping.group}/{mapping.version}, Resource={mapping.resource}"'
    labels, fields = (quote_text(query.get(key, "")) for key in ("labelSelector", "fieldSelector"))
    none_found = f"Unable to find {subject} that match label selector {labels}, field selector {fields}"
    selecting = not query.keys().isdisjoint(("labelSelector", "fieldSelector"))
    problem = none_found if selecting else f"Unable to list {subject}"
    return replace(error, message=f"{problem}: {error.message}")
