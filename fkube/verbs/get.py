"""`get`: read one object, or a page of those that selectors choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from fkube.exchange import JSON, Call, Done, Exchange, Request, Response, bind, call, done, with_query
from fkube.info import Info, Object, RESTMapping
from fkube.report import Outcome
from fkube.verbs.paths import collection, outcome, path


@dataclass(frozen=True, slots=True)
class Page:
    """Objects of one kind as the server lists them, and how to ask for those after them (or None)."""

    infos: tuple[Info, ...]
    next: Request | None


def get(accept: str = JSON) -> Callable[[Info], Exchange[Outcome]]:
    """Read an object, in the form accepted; one that is the server's already is not read again.

    Errors: `StatusError` as the server has it. Follows `Info.Get` and `RetrieveLazy` of cli-runtime.
    """
    return partial(_get, accept)


def _get(accept: str, info: Info) -> Exchange[Outcome]:
    if info.live:
        return done(Outcome("got", info.origin, info, info.object))
    return bind(
        Done(path(info)),
        lambda place: Call(
            Request("GET", place, accept=accept), lambda response: outcome("got", info, response)
        ),
    )


def selected(
    mapping: RESTMapping, namespace: str = "", labels: str = "", fields: str = "", limit: int = 500
) -> Request:
    """The request for the first page of what selectors choose.

    >>> print(selected(RESTMapping("", "v1", "Pod", "pods"), "shop", labels="app=web"))
    GET /api/v1/namespaces/shop/pods?labelSelector=app=web&limit=500
    """
    request = Request("GET", collection(mapping, namespace))
    return with_query(request, labelSelector=labels, fieldSelector=fields, limit=str(limit) if limit else "")


def page(mapping: RESTMapping, request: Request) -> Exchange[Page]:
    """One page of a list as resources with their mapping; a page that is a Table stays one resource.

    Errors: `StatusError` as the server has it. Follows `Selector.Visit` of cli-runtime.
    """
    return bind(call(request), lambda response: done(_page(mapping, request, response)))


def _page(mapping: RESTMapping, request: Request, response: Response) -> Page:
    listed: Object = response.body
    typed = {"apiVersion": mapping.api_version, "kind": mapping.kind}
    objects = (listed,) if listed.get("kind") == "Table" else listed.get("items") or ()
    infos = (Info({**typed, **item}, mapping=mapping, live=True) for item in objects)
    token = (listed.get("metadata") or {}).get("continue")
    asked = replace(request, query=tuple((k, v) for k, v in request.query if k != "continue"))
    return Page(tuple(infos), with_query(asked, **{"continue": token}) if token else None)
