"""`wait`: watch an object until it meets a condition, or can't any more."""

from __future__ import annotations

import math
import re
from functools import partial

from fkube.exchange.conversation import Exchange, Request, bind, done, failed, with_query
from fkube.exchange.watching import Told, Watching, heard
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import ConditionError, TimedOut, VisitError
from fkube.resource.info import Info, Object
from fkube.verbs.conditions import Condition, Met, Never, NotYet, Snapshot, within
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import at_path


@dataclass(frozen=True, slots=True)
class _Wait:
    """A wait for a resource; `late`: the message of its timeout, `last`: the object last seen."""

    condition: Condition
    info: Info
    late: str
    last: Object = field(repr=False)


@makes_verb
def wait(condition: Condition, timeout: float = 30.0, seed: str = "") -> Verb:
    """Wait until an object meets a condition; `timeout` in seconds, 0 looks once.

    The outcome has the object as it was then, or last. The condition is asked of each thing that happens to
    the object, in turn. One that is not there is waited for too: `fail_if(deleted)` says not to.
    `seed`: see `Watching`. Errors: `TimedOut`; `ConditionError` where the condition can't be met any more;
    `StatusError` as the server has it. Follows `getObjAndCheckCondition` and `IsDeleted` of kubectl's wait.
    """
    return partial(_start, condition, timeout, seed)


def _start(condition: Condition, timeout: float, seed: str, info: Info) -> Exchange[Outcome]:
    """Begin to watch an object by its name, until the condition is met or the time is over."""
    name = re.sub(r"([\\,=])", r"\\\1", info.name)
    late = "timed out waiting for the condition on" if timeout else "condition not met for"

    def watch(place: str) -> Exchange[Outcome]:
        above, resource, _ = place.rsplit("/", 2)
        request = with_query(Request("GET", f"{above}/{resource}"), fieldSelector=f"metadata.name={name}")
        judge = _Wait(within(timeout, condition), info, f"{late} {resource}/{info.name}", info.object)
        return _listen(judge, Watching(request, seed), math.inf)

    return at_path(info, watch)


def _listen(wait: _Wait, watching: Watching, due: float) -> Exchange[Outcome]:
    """Take the next step of the watch; at second `due` the condition is asked again, whatever comes."""
    return bind(heard(watching, due), partial(_judge, wait))


def _judge(wait: _Wait, step: Told) -> Exchange[Outcome]:
    """End the wait if the new events decide it; else listen on."""
    due = math.inf
    for object in _objects_after(step):
        wait = replace(wait, last=object or wait.last)
        match wait.condition(Snapshot(object, step.watching.elapsed)):
            case Met():
                return done(Outcome("met", wait.info.origin, wait.info, wait.last))
            case Never() as never:
                return failed(_end_error(wait, never))
            case NotYet(due):
                pass
    return _listen(wait, step.watching, due)


def _objects_after(step: Told) -> tuple[Object | None, ...]:
    """The object after each event, or as it is known; nothing before the first list."""
    if step.events:
        return tuple(None if event.type == "DELETED" else event.object for event in step.events)
    return (next(iter(step.watching.known.values()), None),) if step.watching.synced else ()


def _end_error(wait: _Wait, never: Never) -> VisitError:
    """Why the wait is over, as one error; behind kubectl's words for a timeout stands what was missing."""
    reasons, missing = never.reasons, "; ".join(never.why)
    if reasons and all(isinstance(reason, TimedOut) for reason in reasons):
        return TimedOut(f"{wait.late}: {missing}" if missing else wait.late, wait.info.origin)
    if len(reasons) == 1:
        return reasons[0]
    messages = "; ".join(reason.message for reason in reasons)
    return ConditionError(messages or "there is nothing to wait for", wait.info.origin)
