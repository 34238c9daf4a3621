"""Attempts repeated while something passing is in the way: a kind not served yet, a change by another."""

from __future__ import annotations

from fkube.exchange.conversation import Exchange, Request, Response, bind, done, send
from fkube.exchange.repeating import retrying
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass

ATTEMPTS, PAUSE = 10, 0.5
"""How often to try a kind that discovery has but the server does not serve yet, and the seconds between."""


def send_until_served(request: Request, attempts: int = ATTEMPTS) -> Exchange[Response]:
    """Send a request, and repeat it up to `attempts` times while the server does not know its path at all.

    See `is_unserved`.
    """
    return retrying(send(request), is_unserved, attempts, PAUSE)


def is_unserved(response: Response) -> bool:
    """Whether the server does not know a path at all; one that knows the resource answers 404 with a Status.

    >>> is_unserved(Response(404, "404 page not found")), is_unserved(Response(404, {"kind": "Status"}))
    (True, False)
    """
    return response.status == 404 and not isinstance(response.body, dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a write: whether it met a `conflict`, and the `end` to go on with if it is the last try."""

    conflict: bool
    end: Exchange[Outcome]


def end_at_once(end: Exchange[Outcome]) -> Exchange[Attempt]:
    """Make an attempt that is not repeated, with this end."""
    return done(Attempt(False, end))


def retry_conflicts(attempt: Exchange[Attempt], attempts: int, pause: float) -> Exchange[Attempt]:
    """Repeat an attempt while it meets a conflict, up to `attempts` times, a pause before each."""
    return retrying(attempt, lambda tried: tried.conflict, attempts, pause)


def end_attempts(first: Exchange[Attempt], others: Exchange[Attempt]) -> Exchange[Outcome]:
    """The outcome of a first attempt; where it met a conflict, that of the others."""
    last = bind(first, lambda tried: others if tried.conflict else done(tried))
    return bind(last, lambda tried: tried.end)
