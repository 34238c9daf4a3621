"""`get`: read one object, or a page of those that selectors choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from fkube.exchange import Call, Done, Exchange, Request, Response, bind, call, done, with_query
from fkube.info import Info, Object, RESTMapping
from fkube.report import Outcome
from fkube.verbs.paths import collection, outcome, path

CHUNK = 500
"""How many objects a page has at most; kubectl's own default."""


@dataclass(frozen=True, slots=True)
class Page:
    """Objects of one kind as the server lists them, and how to ask for those after them (or None)."""

    infos: tuple[Info, ...]
    next: Request | None


def get() -> Callable[[Info], Exchange[Outcome]]:
    """Read an object; one that is the server's already is not read again.

    Errors: `StatusError` as the server has it. Follows `Info.Get` and `RetrieveLazy` of cli-runtime.
    """
    return _get


def _get(info: Info) -> Exchange[Outcome]:
    if info.live:
        return done(Outcome("got", info.origin, info, info.object))
    return bind(
        Done(path(info)),
        lambda place: Call(Request("GET", place), lambda response: outcome("got", info, response)),
    )


def selected(
    mapping: RESTMapping, namespace: str = "", labels: str = "", fields: str = "", limit: int = CHUNK
) -> Request:
    """The request for the first page of what selectors choose.

    >>> print(selected(RESTMapping("", "v1", "Pod", "pods"), "shop", labels="app=web"))
    GET /api/v1/namespaces/shop/pods?labelSelector=app=web&limit=500
    """
    request = Request("GET", collection(mapping, namespace))
    return with_query(request, labelSelector=labels, fieldSelector=fields, limit=str(limit) if limit else "")


def page(mapping: RESTMapping, request: Request) -> Exchange[Page]:
    """One page of a list as resources with their mapping.

    Errors: `StatusError` as the server has it. Follows `Selector.Visit` of cli-runtime.
    """
    return bind(call(request), lambda response: done(_page(mapping, request, response)))


def _page(mapping: RESTMapping, request: Request, response: Response) -> Page:
    listed: Object = response.body
    typed = {"apiVersion": mapping.api_version, "kind": mapping.kind}
    infos = (Info({**item, **typed}, mapping=mapping, live=True) for item in listed.get("items") or ())
    token = (listed.get("metadata") or {}).get("continue")
    asked = replace(request, query=tuple((k, v) for k, v in request.query if k != "continue"))
    return Page(tuple(infos), with_query(asked, **{"continue": token}) if token else None)
