"""An object deleted, and another created in its place, for what can't be changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from fkube.exchange.conversation import Call, Exchange, Request, Response, bind, done, failed, fmap, lash
from fkube.exchange.repeating import polling
from fkube.report.outcomes import Outcome
from fkube.resource.errors import TimedOut, VisitError
from fkube.resource.info import Info, Object
from fkube.verbs.delete import delete
from fkube.verbs.paths import accept, at_path

PAUSE = 1.0
"""Seconds between two looks at an object that is going."""


@dataclass(frozen=True, slots=True)
class Recreation:
    """How to make way: what becomes of dependents, seconds to end and to wait (0: one look only)."""

    cascade: str = "Background"
    grace_period: int = -1
    timeout: float = 0.0


def recreated(
    how: Recreation, info: Info, live: Object, create: Callable[[Info], Exchange[Outcome]]
) -> Exchange[Outcome]:
    """Delete the live object, wait until it is gone, and create the one of `info`; if that fails, restore it.

    Errors: `TimedOut` while it is still going, else `StatusError` as the server has it.
    Follows `Patcher.deleteAndCreate` of kubectl.
    """
    deleted = delete(cascade=how.cascade, grace_period=how.grace_period)(info)
    gone = bind(deleted, lambda _: away(info, how.timeout))
    return bind(gone, lambda _: lash(create(info), lambda error: _restored(info, live, create, error)))


def _restored(
    info: Info, live: Object, create: Callable[[Info], Exchange[Outcome]], error: VisitError
) -> Exchange[Outcome]:
    """Put the old object back, and fail all the same."""

    def neither(worse: VisitError) -> Exchange[Outcome]:
        return failed(replace(error, message=_BOTH.format(error.message, worse.message)))

    return bind(lash(create(replace(info, object=live)), neither), lambda _: failed(error))


def away(info: Info, patience: float) -> Exchange[bool]:
    """Wait until there is no object of that name, `patience` seconds at most.

    Errors: `TimedOut` while it is still there, else `StatusError` as the server has it.
    """
    look = at_path(info, lambda place: Call(Request("GET", place), partial(_is_away, info)))
    late = TimedOut(f"timed out waiting for the deletion of {info.name}", info.origin)
    return polling(look, bool, patience, PAUSE, late)


def _is_away(info: Info, response: Response) -> Exchange[bool]:
    if response.status == 404:
        return done(True)
    return fmap(accept(info.origin, response), lambda _: False)


_BOTH = (
    "An error occurred force-replacing the existing object with the newly provided one:\n\n{}.\n\n"
    "Additionally, an error occurred attempting to restore the original object:\n\n{}"
)
