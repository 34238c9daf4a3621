"""`wait`: watch an object until it meets a condition, or can't any more."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from fkube.exchange.conversation import Exchange, Request, bind, done, failed, with_query
from fkube.exchange.watching import Told, Watching, heard
from fkube.report.outcomes import Outcome
from fkube.resource.errors import ConditionError, TimedOut, VisitError
from fkube.resource.info import Info, Object
from fkube.verbs.conditions import Condition, Met, Never, NotYet, Snapshot, within
from fkube.verbs.naming import makes_verb
from fkube.verbs.paths import at_path


@dataclass(frozen=True, slots=True)
class _Wait:
    """What is waited for, and of what; `late`: what is said in the end, `last`: the object as last seen."""

    condition: Condition
    info: Info
    late: str
    last: Object = field(repr=False)


@makes_verb
def wait(condition: Condition, timeout: float = 30.0, seed: str = "") -> Callable[[Info], Exchange[Outcome]]:
    """Wait until an object meets a condition; `timeout` in seconds, 0 looks once.

    The outcome has the object as it was then, or last. The condition is asked of each thing that happens to
    the object, in turn. One that is not there is waited for too: `fail_if(deleted)` says not to.
    `seed`: see `Watching`. Errors: `TimedOut`; `ConditionError` where the condition can't be met any more;
    `StatusError` as the server has it. Follows `getObjAndCheckCondition` and `IsDeleted` of kubectl's wait.
    """
    return partial(_begun, condition, timeout, seed)


def _begun(condition: Condition, timeout: float, seed: str, info: Info) -> Exchange[Outcome]:
    name = re.sub(r"([\\,=])", r"\\\1", info.name)
    late = "timed out waiting for the condition on" if timeout else "condition not met for"

    def watched(place: str) -> Exchange[Outcome]:
        above, resource, _ = place.rsplit("/", 2)
        request = with_query(Request("GET", f"{above}/{resource}"), fieldSelector=f"metadata.name={name}")
        judge = _Wait(within(timeout, condition), info, f"{late} {resource}/{info.name}", info.object)
        return _look(judge, Watching(request, seed), math.inf)

    return at_path(info, watched)


def _look(wait: _Wait, watching: Watching, due: float) -> Exchange[Outcome]:
    return bind(heard(watching, due), partial(_judged, wait))


def _judged(wait: _Wait, told: Told) -> Exchange[Outcome]:
    """The end of the wait, if what was told decides it; else look again."""
    due = math.inf
    for object in _moments(told):
        wait = replace(wait, last=object or wait.last)
        match wait.condition(Snapshot(object, told.watching.elapsed)):
            case Met():
                return done(Outcome("met", wait.info.origin, wait.info, wait.last))
            case Never(reasons):
                return failed(_ended(wait, reasons))
            case NotYet(due):
                pass
    return _look(wait, told.watching, due)


def _moments(told: Told) -> tuple[Object | None, ...]:
    """The object after each event, or as it is known; nothing before it has been listed."""
    if told.events:
        return tuple(None if event.type == "DELETED" else event.object for event in told.events)
    return (next(iter(told.watching.known.values()), None),) if told.watching.synced else ()


def _ended(wait: _Wait, reasons: tuple[VisitError, ...]) -> VisitError:
    """Why the wait is over, as one error."""
    if reasons and all(isinstance(reason, TimedOut) for reason in reasons):
        return TimedOut(wait.late, wait.info.origin)
    if len(reasons) == 1:
        return reasons[0]
    said = "; ".join(reason.message for reason in reasons)
    return ConditionError(said or "there is nothing to wait for", wait.info.origin)
