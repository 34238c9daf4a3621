"""`scale`: set how many replicas an object should have, and wait until it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from fkube.exchange.conversation import (
    MERGE_PATCH,
    Call,
    Exchange,
    Request,
    Response,
    bind,
    done,
    failed,
    fmap,
    send,
)
from fkube.exchange.repeating import polling, retrying
from fkube.report.outcomes import Outcome
from fkube.resource.errors import ConditionError, TimedOut
from fkube.resource.info import Info, Object
from fkube.verbs.naming import makes_verb
from fkube.verbs.paths import DryRun, accept, at_path, outcome
from fkube.verbs.retrieve import retrieve_lazy
from fkube.verbs.writing import Write, check_dry_run

PAUSE, ATTEMPTS = 1.0, 300
"""Seconds between two looks, and how often a scale that others change is tried."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """What size is wanted, and of what is known of the object before; -1 and empty are no condition."""

    replicas: int
    current_replicas: int
    resource_version: str
    write: Write
    timeout: float


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

    >>> from fkube.resource.info import RESTMapping
    >>> web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "a"}}
    >>> info = Info(web, mapping=RESTMapping("apps", "v1", "Deployment", "deployments"))
    >>> print(scale(3)(info).request)
    PATCH /apis/apps/v1/namespaces/a/deployments/web/scale
    """
    how = Scaling(replicas, current_replicas, resource_version, Write(dry_run), timeout)
    return check_dry_run(dry_run, lambda info: bind(retrieve_lazy(info), partial(_retrieved, how)))


def _retrieved(how: Scaling, info: Info) -> Exchange[Outcome]:
    if how.write.dry_run == "client":
        return done(how.write.report("scaled", info, _sized(info, how.replicas)))
    return at_path(info, lambda place: _change_size(how, info, f"{place}/scale"))


def _change_size(how: Scaling, info: Info, place: str) -> Exchange[Outcome]:
    """Follows `genericScaler.ScaleSimple` and `ScaleCondition` of kubectl."""
    tried = retrying(_attempt(how, info, place), lambda response: response.status == 409, ATTEMPTS, PAUSE)
    came = bind(tried, partial(outcome, "scaled", info, dry_run=how.write.dry_run))
    told = fmap(came, lambda o: replace(o, object=_sized(info, o.object["spec"].get("replicas", 0))))
    return bind(told, partial(_wait, how, place)) if how.timeout else told


def _sized(info: Info, replicas: int) -> Object:
    """The object with so many replicas, if it is known where it has them. Follows `updateReplicas`."""
    if info.mapping is None or info.mapping.group not in ("", "apps"):
        return info.object
    return {**info.object, "spec": {**(info.object.get("spec") or {}), "replicas": replicas}}


def _attempt(how: Scaling, info: Info, place: str) -> Exchange[Response]:
    """The answer to the change of a scale, if it is as it should be before."""
    if how.current_replicas != -1 or how.resource_version:
        seen = Call(Request("GET", place), partial(accept, info.origin))
        return bind(seen, partial(_if_met, how, info, place))
    body = {"spec": {"replicas": how.replicas}}
    return send(how.write.ask(Request("PATCH", place, body=body, content_type=MERGE_PATCH)))


def _if_met(how: Scaling, info: Info, place: str, seen: Response) -> Exchange[Response]:
    if problem := _unmet(how, seen.body):
        return failed(ConditionError(problem, info.origin))
    spec = {**(seen.body.get("spec") or {}), "replicas": how.replicas}
    return send(how.write.ask(Request("PUT", place, body={**seen.body, "spec": spec})))


def _unmet(how: Scaling, scale: Object) -> str:
    """What is not as it should be before. Follows `ScalePrecondition.validate` of kubectl."""
    size = (scale.get("spec") or {}).get("replicas", 0)
    if how.current_replicas not in (-1, size):
        return f"Expected replicas to be {how.current_replicas}, was {size}"
    version = scale["metadata"].get("resourceVersion")
    if how.resource_version not in ("", version):
        return f"Expected resource version to be {how.resource_version}, was {version}"
    return ""


def _wait(how: Scaling, place: str, outcome: Outcome) -> Exchange[Outcome]:
    """Wait until there are as many as wanted, or another number is wanted.

    Follows `WaitForScaleHasDesiredReplicas` of kubectl.
    """
    look = Call(Request("GET", place), partial(accept, outcome.origin))
    name = outcome.object["metadata"]["name"]
    late = TimedOut(f'timed out waiting for "{name}" to be synced', outcome.origin)
    # What is left of the time after its last whole pause is not waited for.
    patience = how.timeout // PAUSE * PAUSE
    return fmap(polling(look, partial(_is_synced, how.replicas), patience, PAUSE, late), lambda _: outcome)


def _is_synced(replicas: int, scale: Response) -> bool:
    wanted, there = ((scale.body.get(part) or {}).get("replicas", 0) for part in ("spec", "status"))
    return bool(wanted != replicas or there == wanted)
