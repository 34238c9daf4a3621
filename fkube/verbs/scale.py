"""`scale`: set how many replicas an object should have, and wait until it has."""

from __future__ import annotations

from functools import partial
from typing import Any

from fkube.exchange.conversation import MERGE_PATCH, Exchange, Response, bind, done, failed, fmap
from fkube.exchange.repeating import polling, retrying
from fkube.merging.values import deep_equal
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import ConditionError, TimedOut
from fkube.resource.info import Info, Object
from fkube.verbs.evidence import version_of
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import DryRun, naming_subresource, outcome, read_at_path
from fkube.verbs.retrieve import retrieve_lazy
from fkube.verbs.writing import Write, check_dry_run

PAUSE, ATTEMPTS = 1.0, 300
"""Seconds between two looks, and how often to try a scale that others change."""


@dataclass(frozen=True, slots=True)
class ScaleOptions:
    """The size wanted, and the one expected before; -1 and empty expect nothing."""

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
) -> Verb:
    """Set the replicas of an object by its subresource `scale`; with a `timeout` in seconds, wait for them.

    Where the object is changed at the same moment, it is tried again; one that was read before and stays as
    it was is `unchanged`. Errors: `ConditionError` for an object that has not the current replicas or
    version; `TimedOut`; `StatusError` as the server has it.
    Follows `genericScaler.Scale` of kubectl.

    >>> from fkube.resource.info import RESTMapping
    >>> web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "a"}}
    >>> info = Info(web, mapping=RESTMapping("apps", "v1", "Deployment", "deployments"))
    >>> print(scale(3)(info).request)
    PATCH /apis/apps/v1/namespaces/a/deployments/web/scale
    """
    how = ScaleOptions(replicas, current_replicas, resource_version, Write(dry_run), timeout)

    def scale_one(info: Info) -> Exchange[Outcome]:
        return naming_subresource(_scale(how, info), info, "scale")

    return check_dry_run(dry_run, lambda info: bind(retrieve_lazy(info), scale_one))


def _scale(how: ScaleOptions, info: Info) -> Exchange[Outcome]:
    """Change the size, again after each 409; then wait for it, where there is a timeout.

    Follows `genericScaler.ScaleSimple` and `ScaleCondition` of kubectl.
    """
    if how.write.dry_run == "client":
        return done(how.write.report("scaled", info, _with_replicas(info, how.replicas)))
    answer = retrying(_change_size(how, info), lambda response: response.status == 409, ATTEMPTS, PAUSE)
    scaled = bind(answer, partial(outcome, "scaled", info, dry_run=how.write.dry_run))
    end = fmap(scaled, partial(_with_object, info))
    return bind(end, partial(_wait, how, info)) if how.timeout else end


def _with_object(info: Info, came: Outcome) -> Outcome:
    """The outcome of a scale with the scaled object; `unchanged` if the live one is as it was."""
    scaled = _with_replicas(info, _size(came.object, "spec"))
    # A scale has the resourceVersion of its object. In a dry run that stays, so that replicas must be known.
    known = came.dry_run == "none" or (_has_known_place(info) and deep_equal(scaled, info.object))
    same = info.live and known and version_of(came.object) == version_of(info.object) != ""
    return replace(came, object=scaled, action="unchanged" if same else came.action)


def _size(scale: Object, part: str) -> Any:
    """How many replicas a part of a scale says: `spec` for those wanted, `status` for those there."""
    return (scale.get(part) or {}).get("replicas", 0)


def _with_replicas(info: Info, replicas: int) -> Object:
    """The object with so many replicas, if its kind has them in a known place. Follows `updateReplicas`."""
    if not _has_known_place(info):
        return info.object
    spec = info.object.get("spec")
    return {**info.object, "spec": {**(spec if isinstance(spec, dict) else {}), "replicas": replicas}}


def _has_known_place(info: Info) -> bool:
    """Whether the kind of a resource has its replicas in `spec.replicas`, as the kinds of Kubernetes do."""
    return info.mapping is not None and info.mapping.group in ("", "apps")


def _change_size(how: ScaleOptions, info: Info) -> Exchange[Response]:
    """Send the new size; where a size or version is expected, read the scale first. A 409 is an answer."""
    if how.current_replicas != -1 or how.resource_version:
        return bind(read_at_path(info, "scale"), partial(_put_if_expected, how, info))
    return how.write.send_to(info, "PATCH", {"spec": {"replicas": how.replicas}}, MERGE_PATCH, "scale")


def _put_if_expected(how: ScaleOptions, info: Info, scale: Response) -> Exchange[Response]:
    """Put the new size into the scale that was read, if that is as expected. Errors: `ConditionError`."""
    if problem := _unmet_expectation(how, scale.body):
        return failed(ConditionError(problem, info.origin))
    body = {**scale.body, "spec": {**(scale.body.get("spec") or {}), "replicas": how.replicas}}
    return how.write.send_to(info, "PUT", body, subresource="scale")


def _unmet_expectation(how: ScaleOptions, scale: Object) -> str:
    """What is not as expected before; empty if all is. Follows `ScalePrecondition.validate` of kubectl."""
    size = _size(scale, "spec")
    if how.current_replicas not in (-1, size):
        return f"Expected replicas to be {how.current_replicas}, was {size}"
    version = scale["metadata"].get("resourceVersion")
    if how.resource_version not in ("", version):
        return f"Expected resource version to be {how.resource_version}, was {version}"
    return ""


def _wait(how: ScaleOptions, info: Info, outcome: Outcome) -> Exchange[Outcome]:
    """Wait until there are as many as wanted, or another number is wanted.

    Follows `WaitForScaleHasDesiredReplicas` of kubectl.
    """
    name = outcome.object["metadata"]["name"]
    late = TimedOut(f'timed out waiting for "{name}" to be synced', info.origin)
    # What is left of the time after its last whole pause is not waited for.
    patience = how.timeout // PAUSE * PAUSE
    end = polling(read_at_path(info, "scale"), partial(_is_synced, how.replicas), patience, PAUSE, late)
    return fmap(end, lambda _: outcome)


def _is_synced(replicas: int, scale: Response) -> bool:
    """Whether a scale has these replicas, or by now wants another number of them."""
    wanted = _size(scale.body, "spec")
    return bool(wanted != replicas or _size(scale.body, "status") == wanted)
