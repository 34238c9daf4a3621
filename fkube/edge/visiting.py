"""A pipeline visited for real: sources read, chunks planned, exchanges run, outcomes folded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, TypeVar

from returns.io import IOFailure, IOResult, IOSuccess
from returns.result import Failure, Result, Success
from toolz import concat, identity, partition_all

from fkube.algebra import One
from fkube.discovery import Mapper, expanded, mapping_for
from fkube.edge.assuming import Assuming
from fkube.edge.client import Client, transformed
from fkube.edge.interrupts import deferred
from fkube.edge.knowing import Known, again, is_unknown, missing, resolving
from fkube.edge.remembering import remembering
from fkube.edge.running import Runner, Verb, Walk, eager, fail_fast, rehearsed, run
from fkube.edge.sources import read
from fkube.errors import Failures, UsageError, VisitError
from fkube.exchange import Request
from fkube.info import RESTMapping
from fkube.manifest import decode, strictly
from fkube.pipeline import Pipeline, Reached, named, planned
from fkube.report import Outcome, Report
from fkube.source import Named, Selected, Source
from fkube.verbs.paging import page, selected
from fkube.verbs.retrieve import after_retrieval
from fkube.visitor import Visitor, broken, visitor_list

S = TypeVar("S")


def visit(
    client: Client,
    verb: Verb,
    concurrency: int = 8,
    chunk: int = 256,
    rehearsal: Verb | None = None,
    ended: Callable[[Outcome], object] = identity,
) -> Callable[[Pipeline], IOResult[Report, Failures[Any]]]:
    """Visit every resource of a pipeline with a verb, and report what became of each, in input order.

    At most `concurrency` requests at a time, `chunk` documents in memory; the report does not depend on them.
    `rehearsal`: a verb that has to succeed on all first, or nothing is done (the whole input is held).
    `ended` is told of each outcome as soon as there is one, by several threads. Ctrl-C waits for what is
    under way, and lets nothing more begin.
    Errors: `Failures` only where nothing could begin; what fails later is an outcome of the report.

    See also: `fold`, which keeps no outcomes.
    """
    how = _How(concurrency, chunk, rehearsal, ended)
    return _visiting(client, verb, lambda outcomes: Report(tuple(outcomes)), how)


def fold(
    client: Client,
    verb: Verb,
    step: Callable[[S, Outcome], S],
    initial: S,
    concurrency: int = 8,
    chunk: int = 256,
    rehearsal: Verb | None = None,
    ended: Callable[[Outcome], object] = identity,
) -> Callable[[Pipeline], IOResult[S, Failures[Any]]]:
    """Visit, and fold the outcomes instead of collecting them: memory does not grow with the input.

    Equation: fold(c, v, f, s)(p) = reduce(f, visit(c, v)(p).outcomes, s)
    """
    how = _How(concurrency, chunk, rehearsal, ended)
    return _visiting(client, verb, lambda outcomes: reduce(step, outcomes, initial), how)


@dataclass(frozen=True, slots=True)
class _How:
    """How many at a time, of how many, after which rehearsal, and who is told."""

    concurrency: int
    chunk: int
    rehearsal: Verb | None
    ended: Callable[[Outcome], object]


def _visiting(
    client: Client, verb: Verb, consume: Callable[[Iterator[Outcome]], S], how: _How
) -> Callable[[Pipeline], IOResult[S, Failures[Any]]]:
    def visited(asked: Pipeline) -> IOResult[S, Failures[Any]]:
        begun = _bounded(how.concurrency, how.chunk).bind(lambda _: resolving(client, asked))
        if not isinstance(begun, Success):
            return IOFailure(Failures((begun.failure(),)))
        known, pipeline = begun.unwrap()
        changed = transformed(client, pipeline.transforms)
        steps = steps_of(changed, known, pipeline, how.chunk)
        with deferred() as interrupts, _pool(how.concurrency) as pool:
            sent = after_retrieval(pipeline, Assuming(verb))
            runner = Runner(remembering(changed), sent, pool, interrupts, how.ended)
            outcomes = _walk(pipeline, how.rehearsal)(runner, steps)
            return IOSuccess(consume(_warned(known.mapper, outcomes)))

    return visited


def _walk(pipeline: Pipeline, rehearsal: Verb | None) -> Walk:
    walk = eager if pipeline.continue_on_error else fail_fast
    return rehearsed(after_retrieval(pipeline, Assuming(rehearsal)), walk) if rehearsal else walk


@contextmanager
def _pool(concurrency: int) -> Iterator[Executor]:
    """Threads, which begin nothing more once this is left."""
    pool = ThreadPoolExecutor(concurrency)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _bounded(concurrency: int, chunk: int) -> Result[None, VisitError]:
    if min(concurrency, chunk) < 1:
        return Failure(UsageError("concurrency and chunk must be at least 1"))
    return Success(None)


def _warned(known: Mapper, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """The outcomes, the first with a warning for each group version that discovery could not have."""
    first = next(outcomes, None)
    if first is not None:
        yield replace(first, warnings=(*missing(known), *first.warnings))
        yield from outcomes


def steps_of(client: Client, known: Known, pipeline: Pipeline, chunk: int) -> Iterator[tuple[Reached, ...]]:
    """What there is to send, a chunk at a time; definitions of new kinds are known from there on."""
    sources = pipeline.sources
    visitors = concat(_visitors(client, known.mapper, pipeline, source) for source in sources)
    for batch in [tuple(visitors)] if pipeline.arranged else partition_all(chunk, visitors):
        visitor = visitor_list(*batch)
        mapper, steps = planned(pipeline, known.mapper, client.namespace, visitor)
        if any(map(is_unknown, steps)) and not known.fresh:
            known = again(client, known)
            mapper, steps = planned(pipeline, known.mapper, client.namespace, visitor)
        known = replace(known, mapper=mapper)
        yield steps


def _visitors(client: Client, known: Mapper, pipeline: Pipeline, source: Source) -> Iterator[Visitor]:
    """One visitor for each document, object or listed object of a source, as it arrives."""
    if isinstance(source, Named):
        yield One(named(pipeline, known, client.namespace, source))
    elif isinstance(source, Selected):
        yield from map(One, _listed(client, known, pipeline, source))
    else:
        decoded = strictly if pipeline.strict else decode
        for document in read(source):
            yield decoded(document.unwrap()) if isinstance(document, Success) else broken(document.failure())


def _listed(client: Client, known: Mapper, pipeline: Pipeline, source: Selected) -> Iterator[Reached]:
    """The objects that selectors choose, page after page."""
    for resource in expanded(known, source.resource):
        mapping = mapping_for(known, resource)
        if isinstance(mapping, Success):
            yield from _pages(client, pipeline, mapping.unwrap())
        else:
            yield Failure(mapping.failure())


def listing(client: Client, pipeline: Pipeline, mapping: RESTMapping) -> Request:
    """The request for the first page of what a pipeline's selectors choose of a type."""
    within = "" if pipeline.all_namespaces else pipeline.namespace or client.namespace
    asked = selected(mapping, within, pipeline.label_selector, pipeline.field_selector, pipeline.limit)
    return replace(asked, accept=pipeline.accept, query=(*asked.query, *pipeline.query))


def _pages(client: Client, pipeline: Pipeline, mapping: RESTMapping) -> Iterator[Reached]:
    request: Request | None = listing(client, pipeline, mapping)
    last = ""
    while request is not None:
        answered = run(client, page(mapping, request, last))
        if not isinstance(answered, Success):
            yield Failure(answered.failure())
            return
        yield from map(Success, answered.unwrap().infos)
        request, last = answered.unwrap().next, answered.unwrap().last
