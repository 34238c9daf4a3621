"""`get`: read one object, or a page of those that selectors choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from returns.result import Result

from fkube.errors import StatusError, VisitError
from fkube.exchange import JSON, Call, Done, Exchange, Request, Response, bind, done, succeeded, with_query
from fkube.info import Info, Object, RESTMapping
from fkube.names import quoted
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
    return Call(request, lambda response: Done(_told(mapping, request, succeeded(response))))


def _told(
    mapping: RESTMapping, request: Request, answer: Result[Response, VisitError]
) -> Result[Page, VisitError]:
    return answer.map(partial(_page, mapping, request)).alt(partial(_unable, mapping, dict(request.query)))


def _unable(mapping: RESTMapping, query: Mapping[str, str], error: VisitError) -> VisitError:
    """The error of a list with what was asked for. Follows `EnhanceListError` of cli-runtime."""
    if not isinstance(error, StatusError) or error.reason not in ("BadRequest", "NotFound"):
        return error
    subject = f'"{mapping.group}/{mapping.version}, Resource={mapping.resource}"'
    labels, fields = (quoted(query.get(key, "")) for key in ("labelSelector", "fieldSelector"))
    chosen = f"Unable to find {subject} that match label selector {labels}, field selector {fields}"
    selecting = not query.keys().isdisjoint(("labelSelector", "fieldSelector"))
    return replace(error, message=f"{chosen if selecting else f'Unable to list {subject}'}: {error.message}")


def _page(mapping: RESTMapping, request: Request, response: Response) -> Page:
    listed: Object = response.body
    typed = {"apiVersion": mapping.api_version, "kind": mapping.kind}
    objects = (listed,) if listed.get("kind") == "Table" else listed.get("items") or ()
    infos = (Info({**typed, **item}, mapping=mapping, live=True) for item in objects)
    token = (listed.get("metadata") or {}).get("continue")
    asked = replace(request, query=tuple((k, v) for k, v in request.query if k != "continue"))
    return Page(tuple(infos), with_query(asked, **{"continue": token}) if token else None)
