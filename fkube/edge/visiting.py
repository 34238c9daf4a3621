"""A pipeline visited with a verb: `stages(documents(sources))(each(run ∘ verb))`, chunk after chunk."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial, reduce
from itertools import chain
from typing import Any, TypeAlias, TypeVar

from returns.io import IOResult
from returns.result import Failure, Result, Success
from toolz import identity

from fkube.edge.asking import prepare_verb
from fkube.edge.client import Client, transform_requests
from fkube.edge.interrupts import defer_interrupts
from fkube.edge.limits import limit_time, stop_when_dead
from fkube.edge.offers import (
    ResolvedPipeline,
    is_unknown,
    resolve_pipeline,
)
from fkube.edge.remembering import remember_schemas
from fkube.edge.renewing import Offers, renewing
from fkube.edge.running import OutcomesAndCause, Runner, Verb, open_pool
from fkube.edge.sourcevisitors import NO_READERS, Readers, Visitors, missing_readers, open_sources, read_chunk
from fkube.pipeline.pipeline import Pipeline, holds_all, stages
from fkube.report.outcomes import Outcome, Report, skipped
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import Failures, UsageError, VisitError, failures
from fkube.visitor.algebra import ContinueOnError
from fkube.visitor.combinators import visitor_list
from fkube.visitor.stages import advance
from fkube.visitor.visits import Reached, Visitor, append_visits, reached

S = TypeVar("S")

Target: TypeAlias = Pipeline | Result[Pipeline, Failures[Any]]
"""A pipeline, or what `do` says of it."""

OfPipeline: TypeAlias = Callable[[Target], IOResult[S, Failures[Any]]]
"""A function of a pipeline that does I/O."""


def visit(
    client: Client,
    verb: Verb,
    concurrency: int = 8,
    chunk: int = 256,
    rehearsal: Verb | None = None,
    ended: Callable[[Outcome], object] = identity,
    readers: Readers = NO_READERS,
    timeout: float = math.inf,
) -> OfPipeline[Report]:
    """Visit every resource of a pipeline with a verb, and report what became of each, in input order.

    Equation: visit(c, verb)(p) = report(stages(p)(documents(p.sources))(each(run(c) ∘ verb)))
    Law: run_is_equation
    At most `concurrency` requests at a time, `chunk` documents in memory; the report does not depend on them.
    `rehearsal`: a verb that has to succeed on all first, or nothing is done (the whole input is held).
    `ended` is told of each outcome as soon as there is one, by several threads. Ctrl-C waits for what is
    under way, and lets nothing more begin. `readers`: by its class, what reads a source of one's own.
    After `timeout` seconds, or once the server gives no answers any more, the rest is `skipped`.
    Errors: `Failures` only where nothing could begin; what fails later is an outcome of the report.

    See also: `fold`, which keeps no outcomes; `plan`, which sends nothing.
    """
    settings = VisitSettings(client, verb, concurrency, chunk, rehearsal, ended, readers, timeout)
    return _make_visit(settings, lambda outcomes: Report(tuple(outcomes)))


def fold(
    client: Client,
    verb: Verb,
    step: Callable[[S, Outcome], S],
    initial: S,
    concurrency: int = 8,
    chunk: int = 256,
    rehearsal: Verb | None = None,
    ended: Callable[[Outcome], object] = identity,
    readers: Readers = NO_READERS,
    timeout: float = math.inf,
) -> OfPipeline[S]:
    """Visit, and fold the outcomes instead of collecting them: memory does not grow with the input.

    Equation: fold(c, v, f, s)(p) = reduce(f, visit(c, v)(p).outcomes, s)
    """
    settings = VisitSettings(client, verb, concurrency, chunk, rehearsal, ended, readers, timeout)
    return _make_visit(settings, lambda outcomes: reduce(step, outcomes, initial))


@dataclass(frozen=True, slots=True)
class VisitSettings:
    """The parameters of a visit, as `visit` explains them."""

    client: Client
    verb: Verb
    concurrency: int
    chunk: int
    rehearsal: Verb | None
    ended: Callable[[Outcome], object]
    readers: Readers
    timeout: float

    def limit_client(self) -> VisitSettings:
        """The parameters for a visit that begins now: with the client whose time runs."""
        limited = self.timeout > 0 and isinstance(self.client, Client)
        return replace(self, client=limit_time(self.client, self.timeout)) if limited else self

    def resolve(self, pipeline: Pipeline) -> Result[ResolvedPipeline, Failures[Any]]:
        """Resolve what a pipeline names before its visit, or say all that keeps the visit from beginning."""
        rules = (
            (min(self.concurrency, self.chunk) < 1, "concurrency and chunk must be at least 1"),
            (not self.timeout > 0, "the timeout must be more than 0 seconds"),
            (not callable(self.verb), f"{_VERB}, and {type(self.verb).__name__} is none"),
            (not isinstance(self.client, Client), f"{_CLIENT}, and {type(self.client).__name__} is none"),
        )
        broken = tuple(UsageError(message) for wrong, message in rules if wrong)
        errors = (*missing_readers(pipeline, self.readers), *broken)
        return Failure(failures(*errors)) if errors else resolve_pipeline(self.client, pipeline).alt(failures)


def _make_visit(settings: VisitSettings, consume: Callable[[Iterator[Outcome]], S]) -> OfPipeline[S]:
    """Make the function that visits a pipeline and consumes its outcomes."""

    def begin_and_visit(target: Target) -> IOResult[S, Failures[Any]]:
        limited = settings.limit_client()
        visit = partial(visit_resolved, limited, consume)
        return IOResult.from_result(pipeline_of(target).bind(limited.resolve).map(visit))

    return begin_and_visit


def visit_resolved(
    settings: VisitSettings, consume: Callable[[Iterator[Outcome]], S], resolved: ResolvedPipeline
) -> S:
    """Visit a resolved pipeline, and consume its outcomes."""
    pipeline, discovery = resolved.pipeline, resolved.discovery
    asked = stop_when_dead(transform_requests(settings.client, pipeline.transforms))
    with defer_interrupts() as interrupts, open_pool(settings.concurrency) as pool:
        client, offers = remember_schemas(asked), Offers(settings.client, discovery)
        verb = renewing(offers, pipeline, prepare_verb(pipeline, settings.verb))
        runner = Runner(client, verb, pool, interrupts, settings.ended)
        outcomes = _Run(runner, pipeline, settings, offers).outcomes()
        return consume(outcomes)


def pipeline_of(target: Target) -> Result[Pipeline, Failures[Any]]:
    """The pipeline of a target, or all that is wrong with it."""
    if isinstance(target, Result):
        return target.bind(pipeline_of)
    if isinstance(target, Pipeline):
        return Success(target)
    return Failure(failures(UsageError(_NO_PIPELINE.format(type(target).__name__))))


@dataclass(frozen=True, slots=True)
class _Run:
    """One visit of a resolved pipeline: what runs the verb, the pipeline, and the visit's parameters."""

    runner: Runner
    pipeline: Pipeline
    settings: VisitSettings
    offers: Offers

    def outcomes(self) -> Iterator[Outcome]:
        """The outcomes of all resources, chunk after chunk: one is read when the one before it is done."""
        cause = None
        visitors = open_sources(self.runner.client, self.offers, self.pipeline, self.settings.readers)
        chunks = iter(partial(self._read_chunk, visitors), ())
        for visitor in stage_chunks(self.offers, self.pipeline, chunks):
            cause = yield from self._visit_chunk(visitor, cause)
            # Nothing of a chunk is held while the next is read.
            del visitor

    def _visit_chunk(self, visitor: Visitor, cause: VisitError | None) -> OutcomesAndCause:
        """Visit a chunk, or skip it if a failure stopped the visit before (`cause`); return what stops it."""
        if cause is not None:
            yield from self.runner.skip_steps(cause, reached(visitor))
            return cause
        if self.settings.rehearsal:
            return (yield from self._rehearse(self.settings.rehearsal, visitor))
        return (yield from self.runner.visit(visitor))

    def _read_chunk(self, visitors: Visitors) -> tuple[Visitor, ...]:
        """Read the next chunk; an interrupt meanwhile is served at once, and after one nothing is read."""
        interrupts = self.runner.interrupts
        if interrupts.caught:
            return ()
        interrupts.idle = True
        whole = holds_all(self.pipeline) or self.settings.rehearsal
        chunk = read_chunk(visitors, None if whole else self.settings.chunk)
        interrupts.idle = False
        return chunk

    def _rehearse(self, rehearsal: Verb, visitor: Visitor) -> OutcomesAndCause:
        """Rehearse all resources; visit them if all succeed, else report what failed and skip the others."""
        verb = renewing(self.offers, self.pipeline, prepare_verb(self.pipeline, rehearsal))
        trial = replace(self.runner, verb=verb, ended=identity)
        tried = tuple(trial.visit_all(ContinueOnError(visitor)))
        failed = append_visits(tried).swap()
        cause: VisitError | None = failed.map(lambda failures: failures.errors[0]).value_or(None)
        if cause is None:
            return (yield from self.runner.visit(visitor))
        for visit, step in zip(tried, reached(visitor), strict=False):
            left = Success((skipped(cause, step),)) if isinstance(visit, Success) else visit
            yield from self.runner.tell_outcomes(left)
        return cause


def list_resources(offers: Offers, pipeline: Pipeline) -> Iterator[Reached]:
    """The resources that a visit would come to, or why they can't be had, without visiting them."""
    visitors = open_sources(offers.client, offers, pipeline, NO_READERS)
    chunks = iter(partial(read_chunk, visitors, None if holds_all(pipeline) else 256), ())
    return chain.from_iterable(map(reached, stage_chunks(offers, pipeline, chunks)))


def stage_chunks(
    offers: Offers, pipeline: Pipeline, chunks: Iterator[tuple[Visitor, ...]]
) -> Iterator[Visitor]:
    """Send chunks through the stages; where a kind is not found, ask the server once more what it offers."""
    before = stages(pipeline, offers.mapper, offers.client.namespace)
    was_fresh = offers.discovery.fresh
    for chunk in chunks:
        if offers.discovery.fresh and not was_fresh:
            # A verb has found a path missing meanwhile, and so the server was asked.
            before, was_fresh = offers.renew_stages(before), True
        visitor, after = advance(before, visitor_list(*chunk))
        if not was_fresh and any(map(is_unknown, reached(visitor))):
            was_fresh = True
            visitor, after = advance(offers.renew_stages(before), visitor_list(*chunk))
        before = after
        yield visitor
        del chunk, visitor


_NO_PIPELINE = "a pipeline is what b.do makes of a builder, and {} is none: end the builder's steps with b.do"
_CLIENT = "a client is what is in the IOResult of edge.connect, or what edge.embedded gives"
_VERB = "a verb is a function from an info to an exchange, as verbs.create() is"
