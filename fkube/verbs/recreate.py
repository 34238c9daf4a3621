"""Delete an object and create another in its place, for changes that the server does not take."""

from __future__ import annotations

from functools import partial

from fkube.exchange.conversation import Exchange, Response, bind, done, failed, fmap, lash
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import VisitError, doubtful
from fkube.resource.info import Info, Object
from fkube.verbs.delete import delete, poll_until_gone
from fkube.verbs.naming import Verb
from fkube.verbs.paths import accept, get_at_path

PAUSE = 1.0
"""Seconds between two looks at an object that is going."""


@dataclass(frozen=True, slots=True)
class Recreation:
    """How to delete the old object, as `delete` does, and seconds to wait until it is gone (0: one look)."""

    cascade: str = "Background"
    grace_period: int = -1
    timeout: float = 0.0


def recreate(how: Recreation, info: Info, live: Object, create: Verb) -> Exchange[Outcome]:
    """Delete the live object, wait until it is gone, and create the one of `info`; if that fails, restore it.

    Errors: `TimedOut` while it is still going, else `StatusError` as the server has it.
    Follows `Patcher.deleteAndCreate` of kubectl.
    """
    deleted = delete(cascade=how.cascade, grace_period=how.grace_period)(info)
    gone = bind(deleted, lambda _: wait_until_gone(info, how.timeout))
    return bind(gone, lambda _: lash(create(info), partial(_restore, replace(info, object=live), create)))


def _restore(old: Info, create: Verb, error: VisitError) -> Exchange[Outcome]:
    """Create the old object again after the new one failed with this error; fail with it all the same.

    Not where the new one may be there: then nothing is sent.
    """
    if doubtful(error):
        return failed(error)

    def fail_twice(worse: VisitError) -> Exchange[Outcome]:
        """Fail with both messages."""
        return failed(replace(error, message=_BOTH.format(error.message, worse.message)))

    return bind(lash(create(old), fail_twice), lambda _: failed(error))


def wait_until_gone(info: Info, patience: float) -> Exchange[Object | None]:
    """Wait until there is no object of that name, `patience` seconds at most.

    Errors: `TimedOut` while it is still there, else `StatusError` as the server has it.
    """

    def read_what_is_left(response: Response) -> Exchange[Object | None]:
        if response.status == 404:
            return done(None)
        return fmap(accept(info.origin, response), lambda live: live.body)

    return poll_until_gone(info, bind(get_at_path(info), read_what_is_left), patience, PAUSE)


_BOTH = (
    "An error occurred force-replacing the existing object with the newly provided one:\n\n{}.\n\n"
    "Additionally, an error occurred attempting to restore the original object:\n\n{}"
)
