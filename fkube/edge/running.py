"""Exchanges run against a client, for one resource after another or for many at a time.

The equation is `visitor(each(run ∘ verb))`. Where no failure stops the visitor, naturality lets us plan
first, `visitor(each(verb))`, and put what comes of each exchange where the exchange stood: any number of
connections may share them then. Where a failure stops it, it is visited as the equation is written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from returns.io import IOResult
from returns.result import Failure, Result, Success
from toolz import concat, identity, unique

from fkube.edge.client import Client
from fkube.edge.interrupts import Interrupts
from fkube.edge.line import Line
from fkube.exchange.conversation import Done, Exchange
from fkube.pipeline.order import waves
from fkube.report.outcomes import Outcome, outcomes, skipped
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import VisitError, about
from fkube.resource.guarding import exception_error
from fkube.resource.info import Info
from fkube.verbs.retrieve import Chosen
from fkube.visitor.algebra import ContinueOnError
from fkube.visitor.combinators import each
from fkube.visitor.visits import Reached, Visited, Visitor, VisitorFunc, reached, steps_of, visited_of

T = TypeVar("T")

Verb: TypeAlias = Callable[[Info], Exchange[Outcome]]

MaybeOutcome: TypeAlias = "Outcome | None"
"""What a visit leaves of a resource: None of what the verb leaves out, and of what did not begin."""

OutcomeVisit: TypeAlias = Visited[MaybeOutcome]

OutcomesAndCause: TypeAlias = Generator[Outcome, None, VisitError | None]
"""The outcomes of a visit as they come, and the failure that stopped it, if one did."""

NOT_BEGUN: OutcomeVisit = Success((None,))
"""The visit of a resource that an interrupt kept from being begun."""


def run(
    client: Client,
    exchange: Exchange[T],
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> IOResult[T, VisitError]:
    """Hold a conversation with a server to its end, by this clock (in seconds).

    Errors: `TransportError` where no answer came.
    """
    with closing(Line(client, now, sleep)) as line:
        return IOResult.from_result(line.hold(exchange))


def hold(client: Client, exchange: Exchange[T]) -> Result[T, VisitError]:
    """Hold a conversation as `run` does, for callers that do I/O themselves."""
    with closing(Line(client)) as line:
        return line.hold(exchange)


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A resource, and the conversation about it that is still to be held."""

    info: Info
    exchange: Exchange[MaybeOutcome]


if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

Submit: TypeAlias = "Callable[..., Future[list[OutcomeVisit]]]"
"""Begins a call, at the same time as others or not, and gives what it will come to."""

Step: TypeAlias = Result[PlannedVisit, VisitError]
"""A planned visit, or why there is none."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs a verb on the resources of a visitor, with a client and a pool of threads.

    `ended` is told of each outcome as soon as there is one, by whichever thread has it.
    """

    client: Client
    verb: Chosen
    pool: Callable[[], Submit]
    interrupts: Interrupts
    ended: Callable[[Outcome], object] = identity

    def visit(self, visitor: Visitor) -> OutcomesAndCause:
        """Yield the outcome of each resource in input order; return the failure that stopped the visit."""
        if isinstance(visitor, ContinueOnError):
            for visit in self.visit_all(visitor):
                yield from self._name_cluster(visit)
            return None
        act: VisitorFunc[MaybeOutcome] = each(lambda info: self._plan(info).bind(self._run))
        visit = visitor(lambda result: self._visit_one(result, partial(act, result)))
        yield from self._name_cluster(visit)
        match visit:
            case Failure(failures):
                cause: VisitError = failures.errors[0]
                yield from self.skip_steps(cause, reached(visitor)[len(failures.steps) :])
                return cause
        return None

    def visit_all(self, visitor: ContinueOnError) -> Iterator[OutcomeVisit]:
        """Visit all resources, many at a time where order allows it; yield their visits in input order."""
        plan = steps_of(visitor(each(self._plan)))
        for wave in waves(tuple(step.map(lambda planned: planned.info) for step in plan)):
            if len(wave) == 1 or not any(_sends(plan[place]) for group in wave for place in group):
                # Nothing goes beside it: one object, or a client's dry run, needs no thread.
                yield from self._visit_group(plan, sorted(concat(wave)))
                continue
            groups = [(group, self.pool()(self._visit_group, plan, group)) for group in wave]
            places = sorted((p, future, n) for group, future in groups for n, p in enumerate(group))
            yield from (future.result()[place] for _, future, place in places)

    def skip_steps(self, cause: VisitError, steps: Sequence[Reached]) -> Iterator[Outcome]:
        """The outcomes of steps that an earlier failure lets skip, each told to `ended` first."""
        for step in steps:
            yield from self.tell_outcomes(Success((skipped(cause, step),)))

    def _visit_group(self, plan: Sequence[Step], group: Sequence[int]) -> list[OutcomeVisit]:
        """Visit the steps at these places of a plan, one after another."""
        return [self._visit_step(plan[place]) for place in group]

    def _visit_step(self, step: Step) -> OutcomeVisit:
        """Run one step of a plan; a failed one is left as it is."""
        reached = step.map(lambda planned: planned.info)
        return self._visit_one(reached, lambda: visited_of((step.bind(self._run),)))

    def _visit_one(self, step: Reached, visit: Callable[[], OutcomeVisit]) -> OutcomeVisit:
        """Make the visit of one resource, and tell `ended` its outcomes.

        After an interrupt nothing begins; where the client says why nothing should, it is skipped.
        """
        if self.interrupts.caught:
            return NOT_BEGUN
        cause = self.client.halt() if isinstance(step, Success) else None
        left = visit() if cause is None else Success((skipped(cause, step),))
        if self.ended is not identity:
            tuple(self.tell_outcomes(left))
        return left

    def tell_outcomes(self, visit: OutcomeVisit) -> Iterator[Outcome]:
        """The outcomes of a visit, each told to `ended` first."""
        for outcome in self._name_cluster(visit):
            self.ended(outcome)
            yield outcome

    def _plan(self, info: Info) -> Result[PlannedVisit, VisitError]:
        """Ask the verb for the conversation about a resource; nothing is sent yet."""
        return Success(PlannedVisit(info, self.verb(info)))

    def _run(self, planned: PlannedVisit) -> Result[MaybeOutcome, VisitError]:
        """Hold a planned conversation; its failure names the resource, an exception in it is a failure."""
        info = planned.info
        with closing(Line(self.client)) as line:
            try:
                left = line.hold(planned.exchange)
            except Exception as error:  # noqa: BLE001 - it is the outcome of this resource alone
                return Failure(replace(exception_error(self.verb, error, info), sent=line.wrote))
        warned = replace(info, warnings=(*info.warnings, *line.heard)) if line.heard else info
        return left.map(partial(_add_warnings, warned)).alt(lambda error: about(error, warned))

    def _name_cluster(self, visit: OutcomeVisit) -> Iterator[Outcome]:
        """The outcomes of a visit, each with the name of the cluster, or else its URL."""
        where = self.client.cluster or self.client.server
        found = outcomes(visit)
        return (replace(outcome, cluster=where) for outcome in found) if where else found


def _sends(step: Step) -> bool:
    """Whether a step of a plan has something to send."""
    return isinstance(step, Success) and not isinstance(step.unwrap().exchange, Done)


def _add_warnings(info: Info, left: MaybeOutcome) -> MaybeOutcome:
    """Add the warnings about the resource's manifest, and of answers before the last, to the outcome."""
    if left is None or not info.warnings:
        return left
    return replace(left, warnings=tuple(unique((*info.warnings, *left.warnings))))


@contextmanager
def open_pool(concurrency: int) -> Iterator[Callable[[], Submit]]:
    """A pool of threads, made when it is asked for; when it is left, what has not begun is cancelled.

    Where no thread can be started, as in a browser, calls are run in turn.
    """

    @cache
    def threads() -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(concurrency)

    try:
        yield cache(partial(_choose_submit, threads))
    finally:
        if threads.cache_info().currsize:
            threads().shutdown(cancel_futures=True)


def _choose_submit(threads: Callable[[], ThreadPoolExecutor]) -> Submit:
    """What begins calls: a pool of threads, or where none can be started, `call_now`."""
    try:
        threads().submit(int).result()
    except RuntimeError:
        return call_now
    return threads().submit


def call_now(function: Callable[..., T], *arguments: object) -> Future[T]:
    """Call a function at once, for a `Submit` without threads.

    >>> call_now(max, 1, 2).result()
    2
    """
    from concurrent.futures import Future

    called = Future[T]()
    called.set_result(function(*arguments))
    return called
