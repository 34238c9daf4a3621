"""Exchanges run against a client: the only loop that sends. Chunk after chunk, wave after wave."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias, TypeVar

from returns.result import Result, Success

from fkube.edge.client import Client
from fkube.errors import VisitError, located
from fkube.exchange import Call, Exchange
from fkube.info import Info
from fkube.order import waves
from fkube.pipeline import Reached
from fkube.report import Outcome, failure, skipped

T = TypeVar("T")

Verb: TypeAlias = Callable[[Info], Exchange[Outcome]]


def run(client: Client, exchange: Exchange[T]) -> Result[T, VisitError]:
    """Hold a conversation to its end.

    Errors: `TransportError` where no answer came.
    """
    while isinstance(exchange, Call):
        if exchange.delay:
            time.sleep(exchange.delay)
        response = client.send(exchange.request)
        if not isinstance(response, Success):
            return Result.from_failure(response.failure())
        exchange = exchange.then(response.unwrap())
    return exchange.result


@dataclass(frozen=True, slots=True)
class Runner:
    """How the steps of a chunk become outcomes: by which client and verb, and by how many at a time."""

    client: Client
    verb: Verb
    pool: Executor

    def concurrent(self, steps: Sequence[Reached]) -> tuple[Outcome, ...]:
        """Every step's outcome, in input order; what may run at the same time does."""
        found: dict[int, Outcome] = {}
        for wave in waves(steps):
            groups = self.pool.map(lambda group: [self.outcome(steps[n]) for n in group], wave)
            found.update(zip(chain(*wave), chain(*groups), strict=True))
        return tuple(found[position] for position in range(len(steps)))

    def outcome(self, step: Reached) -> Outcome:
        """What came of one resource; a failure is an outcome too."""
        if not isinstance(step, Success):
            return failure(step.failure())
        info = step.unwrap()
        result = run(self.client, self.verb(info))
        return result.lash(lambda error: Success(failure(located(error, info.origin), info))).unwrap()


def eager(runner: Runner, chunks: Iterable[Sequence[Reached]]) -> Iterator[Outcome]:
    """The outcome of every step, whatever fails."""
    return chain.from_iterable(map(runner.concurrent, chunks))


def fail_fast(runner: Runner, chunks: Iterable[Sequence[Reached]]) -> Iterator[Outcome]:
    """Outcomes one at a time up to the first failure, which is why all after it are skipped."""
    cause: VisitError | None = None
    for step in chain.from_iterable(chunks):
        if cause is not None:
            yield _left_out(step, cause)
            continue
        outcome = runner.outcome(step)
        cause = outcome.error if outcome.action == "failed" else None
        yield outcome


def _left_out(step: Reached, cause: VisitError) -> Outcome:
    if isinstance(step, Success):
        return skipped(cause, step.unwrap().origin, step.unwrap())
    return skipped(cause, step.failure().origin)
