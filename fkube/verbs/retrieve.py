"""Read the server's own object before a verb, where the pipeline wants it, and explain a 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from fkube.exchange.conversation import (
    Done,
    Exchange,
    Request,
    Response,
    bind,
    done,
    failed,
    fmap,
    send,
    succeeded,
)
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, is_list
from fkube.verbs.naming import Verb
from fkube.verbs.paths import at_path, kind_at, naming_subresource

Chosen: TypeAlias = Callable[[Info], Exchange[Outcome | None]]
"""A verb whose outcome is None where it leaves a resource out."""


def after_retrieval(pipeline: Pipeline, verb: Verb) -> Chosen:
    """The verb on the server's object, where the pipeline asks for that; None where its filters reject it.

    Follows `Builder.visitByPaths` and `Builder.Do` of cli-runtime.
    """
    if not pipeline.latest:
        return (lambda info: bind(retrieve_lazy(info), verb)) if pipeline.require_object else verb
    predicates = pipeline.predicates

    def run_on_chosen(info: Info) -> Exchange[Outcome | None]:
        return verb(info) if all(predicate(info) for predicate in predicates) else done(None)

    return lambda info: bind(retrieve_latest(info), run_on_chosen)


def retrieve_latest(info: Info) -> Exchange[Info]:
    """Read the present object of a resource; one without a name, or read already, stays as it is.

    Errors: a list; `StatusError` as the server has it. Follows `RetrieveLatest` of cli-runtime.

    >>> retrieve_latest(Info({"kind": "List", "items": []})).result.failure().message[:22]
    'watch is only supporte'
    """
    if is_list(info.object):
        return failed(UsageError(_NO_LISTS, info.origin))
    return fetch(info) if info.name and not info.live else done(info)


def retrieve_lazy(info: Info) -> Exchange[Info]:
    """Read the object of a resource that has only a name so far. Follows `RetrieveLazy` of cli-runtime.

    >>> info = Info({"kind": "Pod"})
    >>> retrieve_lazy(info).result.unwrap() is info
    True
    """
    return fetch(info) if info.absent else done(info)


def fetch(info: Info) -> Exchange[Info]:
    """Replace the object of a resource by the server's. Follows `Info.Get` of cli-runtime."""
    read = bind(send_get(Request("GET", ""), info), lambda response: Done(succeeded(response)))
    answer = naming_subresource(read, info, info.subresource)
    return fmap(answer, lambda response: replace(info, object=response.body, live=True, absent=False))


def send_get(request: Request, info: Info) -> Exchange[Response]:
    """Send a GET to the path of a resource or its subresource; after a 404, look for its namespace too.

    The answer is that of the namespace, where that is missing. `request` needs no path.
    A refusal is an answer too. Errors: a resource that has no path.
    """

    def send_to(place: str) -> Exchange[Response]:
        read = replace(request, path=place, kind=kind_at(info, info.subresource))
        return bind(send(read), partial(_or_missing_namespace, info))

    return at_path(info, send_to, info.subresource)


def _or_missing_namespace(info: Info, response: Response) -> Exchange[Response]:
    """The answer, or after a 404 the one for the namespace, if that is missing too."""
    if response.status != 404 or info.namespace in ("", "default"):
        return done(response)
    namespace = send(Request("GET", f"/api/v1/namespaces/{info.namespace}"))
    return fmap(namespace, lambda second: second if second.status == 404 else response)


_NO_LISTS = (
    "watch is only supported on individual resources and resource collections, "
    "but a list of resources is found"
)
