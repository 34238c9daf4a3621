"""Where the objects of a mapping live on an API server, and what is asked of all verbs alike."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from returns.result import Failure, Result, Success

from fkube.errors import UsageError, VisitError, located
from fkube.exchange import Done, Exchange, Response, succeeded, warnings
from fkube.info import Info, RESTMapping
from fkube.report import Action, Outcome

DryRun: TypeAlias = Literal["none", "client", "server"]


def collection(mapping: RESTMapping, namespace: str = "") -> str:
    """The path of a collection, in a namespace or over all.

    >>> collection(RESTMapping("apps", "v1", "Deployment", "deployments"), "shop")
    '/apis/apps/v1/namespaces/shop/deployments'
    """
    root = f"/apis/{mapping.group}" if mapping.group else "/api"
    within = f"/namespaces/{namespace}" if mapping.namespaced and namespace else ""
    return f"{root}/{mapping.version}{within}/{mapping.resource}"


def path(info: Info) -> Result[str, VisitError]:
    """The path of one object.

    Errors: a resource without mapping or name, or with a name that is no segment of a path.
    Follows `IsValidPathSegmentName` of apimachinery.

    >>> PODS = RESTMapping("", "v1", "Pod", "pods")
    >>> print(path(Info({"metadata": {"name": "a/b"}}, mapping=PODS)).failure())
    invalid resource name "a/b": [may not contain '/']
    """
    if info.mapping is None:
        return Failure(UsageError("the resource has no mapping: it can't be sent anywhere", info.origin))
    if not info.name:
        return Failure(UsageError("resource name may not be empty", info.origin))
    if problems := _segment_problems(info.name):
        return Failure(UsageError(f'invalid resource name "{info.name}": [{problems}]', info.origin))
    return Success(f"{collection(info.mapping, info.namespace)}/{info.name}")


def _segment_problems(name: str) -> str:
    if name in (".", ".."):
        return f"may not be '{name}'"
    return " ".join(f"may not contain '{character}'" for character in "/%" if character in name)


def misunderstood(dry_run: str, info: Info) -> VisitError | None:
    """Why this is no way of running dry: what is not understood must never be sent for real.

    Follows `GetDryRunStrategy` of kubectl.
    """
    message = f'Invalid dry-run value ({dry_run}). Must be "none", "server", or "client".'
    return None if dry_run in get_args(DryRun) else UsageError(message, info.origin)


def outcome(action: Action, info: Info, response: Response, dry_run: DryRun = "none") -> Exchange[Outcome]:
    """The end of a conversation about a resource: what the server left of it, or its refusal."""
    answered = succeeded(response).alt(lambda error: located(error, info.origin))
    return Done(
        answered.map(
            lambda ok: Outcome(action, info.origin, info, ok.body, warnings=warnings(ok), dry_run=dry_run)
        )
    )
