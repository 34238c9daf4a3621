"""Where the objects of a mapping live on a server, and how an answer about one becomes an outcome."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.exchange.conversation import (
    Done,
    Exchange,
    Request,
    Response,
    bind,
    failed,
    fmap,
    lash,
    send,
    succeeded,
    warnings,
)
from fkube.report.outcomes import Action, Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.errors import StatusError, UsageError, VisitError, add_origin
from fkube.resource.info import Info, Origin, RESTMapping

T = TypeVar("T")

DryRun: TypeAlias = Literal["none", "client", "server"]
"""Write for real, send no write at all, or let the server only check each write."""


NO_SUCH_PATH = "the server could not find the requested resource"
"""The words of a server, and of client-go, for a path that is not there at all."""


def collection(mapping: RESTMapping, namespace: str = "") -> str:
    """The path of all objects of a kind, in one namespace or, if that is empty, in all.

    >>> collection(RESTMapping("apps", "v1", "Deployment", "deployments"), "shop")
    '/apis/apps/v1/namespaces/shop/deployments'
    """
    root = f"/apis/{mapping.group}" if mapping.group else "/api"
    within = f"/namespaces/{namespace}" if mapping.namespaced and namespace else ""
    return f"{root}/{mapping.version}{within}/{mapping.resource}"


def object_path(collection: str, name: Any) -> str:
    """The path of the object of a name in a collection; empty for what can be no name.

    >>> object_path("/api/v1/nodes", "a"), object_path("/api/v1/nodes", "a/b")
    ('/api/v1/nodes/a', '')
    """
    good = isinstance(name, str) and name and not _segment_problems(name)
    return f"{collection}/{name}" if good else ""


def qualified_resource(collection: str) -> str:
    """The resource of a collection as messages name it, with its group.

    >>> qualified_resource("/apis/apps/v1/namespaces/shop/deployments"), qualified_resource("/api/v1/nodes")
    ('deployments.apps', 'nodes')
    """
    _, root, group, *_, resource = collection.split("/")
    return f"{resource}.{group}" if root == "apis" else resource


def path(info: Info) -> Result[str, VisitError]:
    """The path of one object.

    Errors: a resource without mapping or name, or with a name that is no segment of a path.
    Follows `IsValidPathSegmentName` of apimachinery.

    >>> PODS = RESTMapping("", "v1", "Pod", "pods")
    >>> print(path(Info({"metadata": {"name": "a/b"}}, mapping=PODS)).failure())
    invalid resource name "a/b": [may not contain '/']
    """
    return collection_of(info).bind(partial(_path_in, info))


def _path_in(info: Info, place: str) -> Result[str, VisitError]:
    """The path of an object in the collection at a place. Errors: no name, or one that is no segment."""
    if not info.name:
        return Failure(UsageError("resource name may not be empty", info.origin))
    if problems := _segment_problems(info.name):
        return Failure(UsageError(f'invalid resource name "{info.name}": [{problems}]', info.origin))
    return Success(f"{place}/{info.name}")


def collection_of(info: Info) -> Result[str, VisitError]:
    """The path of the collection to which a resource belongs.

    Errors: a resource without mapping, or with a namespace that is no segment of a path.
    Follows `Request.Namespace` of client-go.

    >>> PODS = RESTMapping("", "v1", "Pod", "pods")
    >>> print(collection_of(Info({"metadata": {"namespace": "a/b"}}, mapping=PODS)).failure())
    invalid namespace "a/b": [may not contain '/']
    """
    if info.mapping is None:
        return Failure(UsageError("the resource has no mapping: it can't be sent anywhere", info.origin))
    if problems := _segment_problems(info.namespace):
        return Failure(UsageError(f'invalid namespace "{info.namespace}": [{problems}]', info.origin))
    return Success(collection(info.mapping, info.namespace))


def _segment_problems(name: str) -> str:
    """Why a name can be no segment of a path, in the server's words; empty if it can."""
    if name in (".", ".."):
        return f"may not be '{name}'"
    return " ".join(f"may not contain '{character}'" for character in "/%" if character in name)


def at_path(info: Info, function: Callable[[str], Exchange[T]], subresource: str = "") -> Exchange[T]:
    """Call a function with the path of one object, or of its subresource. Errors: as `path`."""
    under = f"/{subresource}" if subresource else ""
    return bind(Done(path(info)), lambda place: function(place + under))


def kind_at(info: Info, subresource: str = "") -> str:
    """The kind of what is at the path of a resource, or of its subresource; empty if unknown.

    >>> info = Info({"kind": "Pod"}, mapping=RESTMapping("", "v1", "Pod", "pods"))
    >>> kind_at(info), kind_at(info, "status"), kind_at(info, "scale")
    ('Pod', 'Pod', '')
    """
    return info.mapping.kind if info.mapping is not None and subresource in ("", "status") else ""


def get_at_path(info: Info, subresource: str = "") -> Exchange[Response]:
    """Send a GET for one object, or for its subresource; a refusal is an answer too. Errors: as `path`."""
    kind = kind_at(info, subresource)
    return at_path(info, lambda place: send(Request("GET", place, kind=kind)), subresource)


def read_at_path(info: Info, subresource: str = "") -> Exchange[Response]:
    """Read one object, or its subresource. Errors: as `path`, and `StatusError` as the server has it."""
    return bind(get_at_path(info, subresource), partial(accept, info.origin))


def naming_subresource(exchange: Exchange[T], info: Info, subresource: str) -> Exchange[T]:
    """Say of a 404 that names no object which subresource it is that the server does not have.

    >>> from fkube.exchange.conversation import failed, status_error
    >>> maps = Info({}, mapping=RESTMapping("", "v1", "ConfigMap", "configmaps"))
    >>> refused = failed(status_error(Response(404, {"kind": "Status", "reason": "NotFound"})))
    >>> naming_subresource(refused, maps, "scale").result.failure().message
    'the server could not find the requested resource: configmaps have no subresource scale here'
    """

    def name_it(error: VisitError) -> Exchange[T]:
        if not isinstance(error, StatusError) or error.message != NO_SUCH_PATH or not info.mapping:
            return failed(error)
        missing = f"{qualified_resource(collection(info.mapping))} have no subresource {subresource} here"
        return failed(replace(error, message=f"{error.message}: {missing}"))

    return lash(exchange, name_it) if subresource else exchange


def accept(origin: Origin, response: Response) -> Exchange[Response]:
    """End with an answer; fail where its status is 400 or more. Errors: `StatusError` with this origin."""
    return Done(succeeded(response).alt(lambda error: add_origin(error, origin)))


def outcome(action: Action, info: Info, response: Response, dry_run: DryRun = "none") -> Exchange[Outcome]:
    """Turn an answer into the outcome of a resource, its body the object. Errors: `StatusError`."""
    end = partial(Outcome, action, info.origin, info, dry_run=dry_run)
    return fmap(accept(info.origin, response), lambda ok: end(ok.body, warnings=warnings(ok)))
