"""What comes before a verb: the server's own object, where the pipeline wants it. One GET at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from fkube.exchange.conversation import (
    Call,
    Done,
    Exchange,
    Request,
    Response,
    bind,
    done,
    failed,
    fmap,
    succeeded,
)
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError, located
from fkube.resource.info import Info, is_list
from fkube.verbs.paths import path

Chosen: TypeAlias = Callable[[Info], Exchange[Outcome | None]]
"""A verb that may leave a resource out."""


def after_retrieval(pipeline: Pipeline, verb: Callable[[Info], Exchange[Outcome]]) -> Chosen:
    """The verb for what the server has, where the pipeline asks for that; None for what is not chosen then.

    Follows `Builder.visitByPaths` and `Builder.Do` of cli-runtime.
    """
    if pipeline.latest:
        chosen = pipeline.predicates

        def then(info: Info) -> Exchange[Outcome | None]:
            return verb(info) if all(predicate(info) for predicate in chosen) else done(None)

        return lambda info: bind(retrieve_latest(info), then)
    return (lambda info: bind(retrieve_lazy(info), verb)) if pipeline.require_object else verb


def retrieve_latest(info: Info) -> Exchange[Info]:
    """What the server has of a resource now; one without a name is left as it is.

    Errors: a list; `StatusError` as the server has it. Follows `RetrieveLatest` of cli-runtime.

    >>> retrieve_latest(Info({"kind": "List", "items": []})).result.failure().message[:22]
    'watch is only supporte'
    """
    if is_list(info.object):
        return failed(UsageError(_NO_LISTS, info.origin))
    return fetched(info) if info.name and not info.live else done(info)


def retrieve_lazy(info: Info) -> Exchange[Info]:
    """The object of a resource that is only named so far. Follows `RetrieveLazy` of cli-runtime.

    >>> info = Info({"kind": "Pod"})
    >>> retrieve_lazy(info).result.unwrap() is info
    True
    """
    return fetched(info) if info.absent else done(info)


def fetched(info: Info) -> Exchange[Info]:
    """The resource with the object that the server has. Follows `Info.Get` of cli-runtime."""

    def found(response: Response) -> Info:
        return replace(info, object=response.body, live=True, absent=False)

    return fmap(bind(answered(Request("GET", ""), info), lambda response: Done(succeeded(response))), found)


def answered(asked: Request, info: Info) -> Exchange[Response]:
    """What the server answers who asks for a resource, or its subresource, at its path.

    Where it is not there, because its namespace is not: that. Errors: a resource that has no path.
    """
    under = f"/{info.subresource}" if info.subresource else ""
    place = path(info).map(lambda found: found + under).alt(lambda error: located(error, info.origin))
    return bind(Done(place), lambda there: Call(replace(asked, path=there), lambda r: _or_namespace(info, r)))


def _or_namespace(info: Info, response: Response) -> Exchange[Response]:
    if response.status != 404 or info.namespace in ("", "default"):
        return done(response)
    place = Request("GET", f"/api/v1/namespaces/{info.namespace}")
    return Call(place, lambda second: done(second if second.status == 404 else response))


_NO_LISTS = (
    "watch is only supported on individual resources and resource collections, "
    "but a list of resources is found"
)
