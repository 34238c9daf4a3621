"""Exchanges run against a client: the only loop that sends. Chunk after chunk, wave after wave."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias, TypeVar

from returns.result import Result, Success

from fkube.edge.client import Client
from fkube.edge.watching import Line
from fkube.errors import VisitError, located
from fkube.exchange import Exchange
from fkube.info import Info
from fkube.order import Wave, waves
from fkube.pipeline import Reached
from fkube.report import Outcome, failure, skipped
from fkube.verbs.retrieve import Chosen

T = TypeVar("T")

Verb: TypeAlias = Callable[[Info], Exchange[Outcome]]


def run(
    client: Client,
    exchange: Exchange[T],
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Result[T, VisitError]:
    """Hold a conversation to its end, by this clock (in seconds).

    Errors: `TransportError` where no answer came.
    """
    line = Line(client, now, sleep)
    try:
        return line.hold(exchange)
    finally:
        line.close()


@dataclass(frozen=True, slots=True)
class Runner:
    """How the steps of a chunk become outcomes: by which client and verb, and by how many at a time.

    None is the outcome of what the verb leaves out.
    """

    client: Client
    verb: Chosen
    pool: Executor

    def concurrent(self, steps: Sequence[Reached]) -> Iterator[Outcome | None]:
        """Every step's outcome, in input order, as they come; what may run at the same time does.

        Ctrl-C keeps what has not begun from beginning; what is under way is waited for and told.
        """
        for wave in waves(steps):
            left = self._begun(steps, wave)
            try:
                while left:
                    _, future, place = left[0]
                    outcome = future.result()[place]
                    left.popleft()
                    yield outcome
            except KeyboardInterrupt:
                begun = [(future, place) for _, future, place in left if not future.cancel()]
                yield from (future.result()[place] for future, place in begun)
                raise
            finally:
                for _, future, _ in left:
                    future.cancel()

    def _begun(
        self, steps: Sequence[Reached], wave: Wave
    ) -> deque[tuple[int, Future[list[Outcome | None]], int]]:
        """Each position of a wave in order, with what will hold its outcome and at which place."""
        groups = [(group, self.pool.submit(self._group, steps, group)) for group in wave]
        return deque(sorted((p, future, place) for group, future in groups for place, p in enumerate(group)))

    def _group(self, steps: Sequence[Reached], group: Sequence[int]) -> list[Outcome | None]:
        return [self.outcome(steps[position]) for position in group]

    def outcome(self, step: Reached) -> Outcome | None:
        """What came of one resource; a failure is an outcome too."""
        if not isinstance(step, Success):
            return failure(step.failure())
        info = step.unwrap()
        result = run(self.client, self.verb(info))
        outcome = result.lash(lambda error: Success(failure(located(error, info.origin), info))).unwrap()
        if outcome is None or not info.warnings:
            return outcome
        return replace(outcome, warnings=(*info.warnings, *outcome.warnings))


def eager(runner: Runner, chunks: Iterable[Sequence[Reached]]) -> Iterator[Outcome]:
    """The outcome of every step, whatever fails."""
    outcomes = chain.from_iterable(map(runner.concurrent, chunks))
    return (outcome for outcome in outcomes if outcome is not None)


def fail_fast(runner: Runner, chunks: Iterable[Sequence[Reached]]) -> Iterator[Outcome]:
    """Outcomes one at a time up to the first failure, which is why all after it are skipped."""
    cause: VisitError | None = None
    for step in chain.from_iterable(chunks):
        if cause is not None:
            yield _left_out(step, cause)
            continue
        outcome = runner.outcome(step)
        if outcome is not None:
            cause = outcome.error if outcome.action == "failed" else None
            yield outcome


def _left_out(step: Reached, cause: VisitError) -> Outcome:
    if isinstance(step, Success):
        return skipped(cause, step.unwrap().origin, step.unwrap())
    return skipped(cause, step.failure().origin)
