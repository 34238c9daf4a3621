"""Exchanges run against a client: the only loop that sends. Chunk after chunk, wave after wave."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias, TypeVar

from returns.result import Result, Success
from toolz import identity

from fkube.edge.client import Client
from fkube.edge.interrupts import Interrupts
from fkube.edge.watching import Line
from fkube.errors import VisitError, located
from fkube.exchange import Exchange
from fkube.info import Info
from fkube.order import waves
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

    None is the outcome of what the verb leaves out, and of what an interrupt kept from beginning. `ended`
    is told of each outcome as soon as there is one, by whichever thread has it.
    """

    client: Client
    verb: Chosen
    pool: Executor
    interrupts: Interrupts
    ended: Callable[[Outcome], object] = identity

    def concurrent(self, steps: Sequence[Reached]) -> Iterator[Outcome | None]:
        """Every step's outcome, in input order, as they come; what may run at the same time does."""
        for wave in waves(steps):
            groups = [(group, self.pool.submit(self._group, steps, group)) for group in wave]
            places = sorted((p, future, n) for group, future in groups for n, p in enumerate(group))
            yield from (future.result()[place] for _, future, place in places)

    def _group(self, steps: Sequence[Reached], group: Sequence[int]) -> list[Outcome | None]:
        return [self.outcome(steps[position]) for position in group]

    def outcome(self, step: Reached) -> Outcome | None:
        """What came of one resource; a failure is an outcome too."""
        if self.interrupts.caught:
            return None
        outcome = self._outcome(step)
        if outcome is not None:
            self.ended(outcome)
        return outcome

    def _outcome(self, step: Reached) -> Outcome | None:
        if not isinstance(step, Success):
            return failure(step.failure())
        info = step.unwrap()
        result = run(self.client, self.verb(info))
        outcome = result.lash(lambda error: Success(failure(located(error, info.origin), info))).unwrap()
        if outcome is None or not info.warnings:
            return outcome
        return replace(outcome, warnings=(*info.warnings, *outcome.warnings))

    def chunks(self, steps: Iterator[Sequence[Reached]]) -> Iterator[Sequence[Reached]]:
        """The chunks as they come, up to an interrupt; while they are read one is served at once."""
        while not self.interrupts.caught:
            self.interrupts.idle = True
            chunk = next(steps, None)
            self.interrupts.idle = False
            if chunk is None:
                return
            yield chunk


Walk: TypeAlias = Callable[[Runner, Iterator[Sequence[Reached]]], Iterator[Outcome]]
"""From chunks of steps to their outcomes."""


def eager(runner: Runner, chunks: Iterator[Sequence[Reached]]) -> Iterator[Outcome]:
    """The outcome of every step, whatever fails."""
    outcomes = chain.from_iterable(map(runner.concurrent, runner.chunks(chunks)))
    return (outcome for outcome in outcomes if outcome is not None)


def fail_fast(runner: Runner, chunks: Iterator[Sequence[Reached]]) -> Iterator[Outcome]:
    """Outcomes one at a time up to the first failure, which is why all after it are skipped."""
    cause: VisitError | None = None
    for step in chain.from_iterable(runner.chunks(chunks)):
        outcome = runner.outcome(step) if cause is None else _left_out(step, cause)
        if outcome is None:
            continue
        if cause is not None:
            runner.ended(outcome)
        cause = cause or outcome.error
        yield outcome


def rehearsed(rehearsal: Chosen, walk: Walk) -> Walk:
    """The walk, once a rehearsal of every step has succeeded; else why not, and the others skipped."""

    def walked(runner: Runner, chunks: Iterator[Sequence[Reached]]) -> Iterator[Outcome]:
        steps = tuple(chain.from_iterable(runner.chunks(chunks)))
        rehearsing = replace(runner, verb=rehearsal, ended=identity)
        tried = tuple(zip(steps, rehearsing.concurrent(steps), strict=False))
        cause = next((outcome.error for _, outcome in tried if outcome and outcome.error), None)
        if cause is None:
            yield from walk(runner, iter((steps,)))
            return
        for step, outcome in tried:
            if outcome is not None:
                told = outcome if outcome.error else _left_out(step, cause)
                runner.ended(told)
                yield told

    return walked


def _left_out(step: Reached, cause: VisitError) -> Outcome:
    if isinstance(step, Success):
        return skipped(cause, step.unwrap().origin, step.unwrap())
    return skipped(cause, step.failure().origin)
