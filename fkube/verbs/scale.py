"""`scale`: set how many replicas an object should have, and wait until it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from fkube.errors import ConditionError, TimedOut, located
from fkube.exchange import (
    MERGE_PATCH,
    Call,
    Done,
    Exchange,
    Request,
    Response,
    bind,
    done,
    failed,
    fmap,
    status_error,
    with_query,
)
from fkube.info import Info, Object
from fkube.report import Outcome
from fkube.verbs.naming import makes_verb
from fkube.verbs.paths import DryRun, misunderstood, outcome, path
from fkube.verbs.retrieve import retrieve_lazy

PAUSE, ATTEMPTS = 1.0, 300
"""Seconds between two looks, and how often a scale that others change is tried."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """What size is wanted, and of what is known of the object before; -1 and empty are no condition."""

    replicas: int
    current_replicas: int
    resource_version: str
    dry_run: DryRun
    timeout: float

    def dry(self, request: Request) -> Request:
        """The request, as a dry run if this is one."""
        return with_query(request, dryRun="All" if self.dry_run == "server" else "")


@makes_verb
def scale(
    replicas: int,
    current_replicas: int = -1,
    resource_version: str = "",
    dry_run: DryRun = "none",
    timeout: float = 0.0,
) -> Callable[[Info], Exchange[Outcome]]:
    """Set the replicas of an object by its subresource `scale`; with a `timeout` in seconds, wait for them.

    Where the object is changed at the same moment, it is tried again. Errors: `ConditionError` for an object
    that has not the current replicas or version; `TimedOut`; `StatusError` as the server has it.
    Follows `genericScaler.Scale` of kubectl.

    >>> from fkube.info import RESTMapping
    >>> web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "a"}}
    >>> info = Info(web, mapping=RESTMapping("apps", "v1", "Deployment", "deployments"))
    >>> print(scale(3)(info).request)
    PATCH /apis/apps/v1/namespaces/a/deployments/web/scale
    """
    return partial(_scale, Scaling(replicas, current_replicas, resource_version, dry_run, timeout))


def _scale(how: Scaling, info: Info) -> Exchange[Outcome]:
    if problem := misunderstood(how.dry_run, info):
        return failed(problem)
    return bind(retrieve_lazy(info), partial(_retrieved, how))


def _retrieved(how: Scaling, info: Info) -> Exchange[Outcome]:
    if how.dry_run == "client":
        return done(Outcome("scaled", info.origin, info, _sized(info, how.replicas), dry_run=how.dry_run))
    place = Done(path(info).map(lambda found: f"{found}/scale"))

    def scaled(there: str) -> Exchange[Outcome]:
        came = bind(_asked(how, info, there, ATTEMPTS), partial(outcome, "scaled", info, dry_run=how.dry_run))
        told = fmap(came, lambda o: replace(o, object=_sized(info, o.object["spec"].get("replicas", 0))))
        return bind(told, partial(_awaited, how, there, how.timeout)) if how.timeout else told

    return bind(place, scaled)


def _sized(info: Info, replicas: int) -> Object:
    """The object with so many replicas, if it is known where it has them. Follows `updateReplicas`."""
    if info.mapping is None or info.mapping.group not in ("", "apps"):
        return info.object
    return {**info.object, "spec": {**(info.object.get("spec") or {}), "replicas": replicas}}


def _asked(how: Scaling, info: Info, place: str, left: int, delay: float = 0.0) -> Exchange[Response]:
    """The answer to the change of a scale, which is tried again after a conflict.

    Follows `genericScaler.ScaleSimple` and `ScaleCondition` of kubectl.
    """

    def then(response: Response) -> Exchange[Response]:
        if response.status == 409 and left:
            return _asked(how, info, place, left - 1, PAUSE)
        return done(response)

    if how.current_replicas != -1 or how.resource_version:
        return bind(Call(Request("GET", place), done, delay), partial(_if_met, how, info, place, then))
    body = {"spec": {"replicas": how.replicas}}
    return Call(how.dry(Request("PATCH", place, body=body, content_type=MERGE_PATCH)), then, delay)


def _if_met(
    how: Scaling,
    info: Info,
    place: str,
    then: Callable[[Response], Exchange[Response]],
    response: Response,
) -> Exchange[Response]:
    """The answer to the change of a scale that was seen, if it is as it should be before."""
    if response.status >= 400:
        return done(response)
    if problem := _unmet(how, response.body):
        return failed(ConditionError(problem, info.origin))
    spec = {**(response.body.get("spec") or {}), "replicas": how.replicas}
    return Call(how.dry(Request("PUT", place, body={**response.body, "spec": spec})), then)


def _unmet(how: Scaling, scale: Object) -> str:
    """What is not as it should be before. Follows `ScalePrecondition.validate` of kubectl."""
    size = (scale.get("spec") or {}).get("replicas", 0)
    if how.current_replicas not in (-1, size):
        return f"Expected replicas to be {how.current_replicas}, was {size}"
    version = scale["metadata"].get("resourceVersion")
    if how.resource_version not in ("", version):
        return f"Expected resource version to be {how.resource_version}, was {version}"
    return ""


def _awaited(
    how: Scaling, place: str, patience: float, outcome: Outcome, delay: float = 0.0
) -> Exchange[Outcome]:
    """Wait until there are as many as wanted, or another number is wanted.

    Follows `WaitForScaleHasDesiredReplicas` of kubectl.
    """

    def then(response: Response) -> Exchange[Outcome]:
        if response.status >= 400:
            return failed(located(status_error(response), outcome.origin))
        wanted, there = ((response.body.get(p) or {}).get("replicas", 0) for p in ("spec", "status"))
        if wanted != how.replicas or there == wanted:
            return done(outcome)
        if patience < PAUSE:
            name = outcome.object["metadata"]["name"]
            return failed(TimedOut(f'timed out waiting for "{name}" to be synced', outcome.origin))
        return _awaited(how, place, patience - PAUSE, outcome, PAUSE)

    return Call(Request("GET", place), then, delay)
