"""Attempts at what others keep from being done yet: by a kind not served, or by a change just then."""

from __future__ import annotations

from dataclasses import dataclass

from fkube.exchange.conversation import Exchange, Request, Response, bind, done, send
from fkube.exchange.repeating import retrying
from fkube.report.outcomes import Outcome

ATTEMPTS, PAUSE = 10, 0.5
"""How often, and after how many seconds each, a kind that discovery has but that is not served is tried."""


def send_until_served(request: Request, attempts: int = ATTEMPTS) -> Exchange[Response]:
    """Send a request, and again while its path is not there at all, so many times at most.

    A server that knows the resource answers 404 with a Status.
    """

    def is_unserved(response: Response) -> bool:
        return response.status == 404 and not isinstance(response.body, dict)

    return retrying(send(request), is_unserved, attempts, PAUSE)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt: whether it met a change by another, and how all ends if it is the last."""

    conflict: bool
    end: Exchange[Outcome]


def end_at_once(end: Exchange[Outcome]) -> Exchange[Attempt]:
    """The attempt of which nothing depends on others."""
    return done(Attempt(False, end))


def retry_conflicts(attempt: Exchange[Attempt], attempts: int, pause: float) -> Exchange[Attempt]:
    """Make an attempt again while it meets a conflict, so many times at most, after a pause each."""
    return retrying(attempt, lambda made: made.conflict, attempts, pause)


def end_attempts(first: Exchange[Attempt], others: Exchange[Attempt]) -> Exchange[Outcome]:
    """The end of an attempt, or of others where it meets a conflict."""
    last = bind(first, lambda made: others if made.conflict else done(made))
    return bind(last, lambda made: made.end)
