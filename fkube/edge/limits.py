"""Clients made of a client that know when to stop: after the run's time, or once the server is dead.

Theory of operation. Both are a client that says why nothing more should begin (`Client.halt`); whoever begins
something asks it first. What is under way goes on: it has its own outcome, and its own time limits.

    limit_time       seconds_left() ──▶ each request's `timeout`, each pause, each stream     0 ──▶ halt()
    stop_when_dead   ENOUGH ends in a row without an answer ──▶ one probe ──no answer──▶ halt()

A probe that is answered shows that the requests were at fault, or that the server is back: counting begins
anew.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from threading import Lock

from returns.result import Failure, Result, Success

from fkube.edge.client import Client, Events, Send
from fkube.exchange.conversation import Request, Response
from fkube.kubeconfig.address import host_of
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import TimedOut, TransportError, VisitError

ENOUGH = 5
"""After how many ends in a row without an answer a probe decides."""

PROBE = Request("GET", "/version", timeout=10.0, again=False)
"""What a server that is there answers at once, whoever asks."""

UNANSWERED = (429, 502, 503, 504)
"""The statuses that say no more than that nobody is there to answer, or has no time to."""


def limit_time(client: Client, seconds: float, now: Callable[[], float] = time.monotonic) -> Client:
    """The client whose time is over in so many seconds: what waits then is cut, and nothing more begins.

    What was sent by then and has no answer ends in a `TimedOut`. `now` is the clock of whoever holds
    conversations with it.

    >>> client = limit_time(Client(lambda request: Success(Response(200))), 5.0, iter((0.0, 9.0)).__next__)
    >>> print(client.send(Request("GET", "/version")).failure())
    GET /version was not sent: the time of --timeout-run was over
    """
    if seconds == math.inf:
        return client
    deadline = Deadline(client, seconds, now() + seconds, now)
    return replace(
        client,
        send=deadline.send_request,
        stream=deadline.stream_events,
        seconds_left=deadline.seconds_left,
        halt=deadline.halt,
    )


@dataclass(frozen=True, slots=True, repr=False)
class Deadline:
    """The time that a client has: it is over at the second `until` of a clock, `seconds` after it began."""

    client: Client
    seconds: float
    until: float
    now: Callable[[], float]

    def seconds_left(self) -> float:
        """The seconds that are left; below 0 once the time is over."""
        return min(self.until - self.now(), self.client.seconds_left())

    def send_request(self, request: Request) -> Result[Response, VisitError]:
        """Send a request that has to be answered in the time that is left, if any is."""
        span = self.seconds_left()
        return self.client.send(_within(request, span)) if span > 0 else Failure(_not_sent(request))

    def stream_events(self, request: Request, patience: float = math.inf) -> Events:
        """Listen to the answer to a request for the time that is left, if any is."""
        span = self.seconds_left()
        if span > 0:
            yield from self.client.stream(_within(request, span), min(patience, span))
        else:
            yield Failure(_not_sent(request))

    def halt(self) -> VisitError | None:
        """Why nothing more should begin; None while there is time."""
        over = None if self.seconds_left() > 0 else TimedOut(_OVER.format(self.seconds))
        return self.client.halt() or over


def _within(request: Request, span: float) -> Request:
    """The request, to be answered within so many seconds."""
    return replace(request, timeout=min(request.timeout, span))


def _not_sent(request: Request) -> VisitError:
    """The error of a request for which there was no time any more."""
    return TimedOut(f"{request.method} {request.path} was not sent: the time of --timeout-run was over")


def stop_when_dead(client: Client) -> Client:
    """The client that lets nothing more begin once its server gives no answers any more.

    After `ENOUGH` ends in a row without an answer (no connection, a lost one, silence; 429, 502, 503 or 504
    when it was sent again as often as it should be), one GET /version decides.
    """
    breaker = Breaker(client.send, host_of(client.server))
    return replace(client, send=breaker.send_request, halt=lambda: client.halt() or breaker.ask())


@dataclass(slots=True, repr=False, eq=False)
class Breaker:
    """What is known of a server's life: the ends without an answer in a row, and why it counts as dead.

    Who asks while a probe is under way, waits for what it says.
    """

    send: Send
    host: str
    misses: int = 0
    cause: VisitError | None = None
    deciding: Lock = field(default_factory=Lock)

    def send_request(self, request: Request) -> Result[Response, VisitError]:
        """Send a request, and learn from how it ends."""
        answer = self.send(request)
        why = _why_unanswered(answer)
        if why:
            self._count_miss(why)
        else:
            self.misses = 0
        return answer

    def ask(self) -> VisitError | None:
        """Why nothing more should begin; None as long as the server is alive."""
        with self.deciding:
            return self.cause

    def _count_miss(self, why: str) -> None:
        """Count one more end without an answer; after enough of them in a row, let a probe decide."""
        with self.deciding:
            self.misses += 1
            if self.misses < ENOUGH or self.cause:
                return
            if _why_unanswered(self.send(PROBE)):
                self.cause = TransportError(_DEAD.format(f" {self.host}" if self.host else "", ENOUGH, why))
            self.misses = 0


def _why_unanswered(answer: Result[Response, VisitError]) -> str:
    """Why an end counts as one without an answer; empty for an answer."""
    match answer:
        case Success(Response(status=status)):
            return f"status {status}" if status in UNANSWERED else ""
        case failed:
            return failed.failure().message


_DEAD = "the server{} gives no answers any more: {} requests in a row had none, nor had GET /version ({})"
_OVER = "the time of --timeout-run was over ({:g} s)"
