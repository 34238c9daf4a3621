"""Watches of what a pipeline chooses: of one object, or of the objects of one type."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any, TypeAlias

from returns.io import IOResult
from returns.result import Failure, Result, Success

from fkube.documents.source import Selected
from fkube.edge.client import Client
from fkube.edge.line import Line, watch_in_batches
from fkube.edge.offers import ResolvedPipeline, resolve_pipeline
from fkube.edge.renewing import Offers, is_missing_path, renewing
from fkube.edge.running import hold
from fkube.edge.sourcevisitors import first_page_request
from fkube.edge.visiting import Target, list_resources, pipeline_of
from fkube.exchange.conversation import Request, done
from fkube.exchange.watching import Event, Watching
from fkube.pipeline.discovery import mapping_for
from fkube.pipeline.pipeline import Pipeline
from fkube.pipeline.result import watch_single
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import Failures, UsageError, VisitError, failures
from fkube.resource.info import Info, RESTMapping
from fkube.resource.results import collect_results
from fkube.verbs.get import get
from fkube.verbs.paths import collection
from fkube.verbs.retrieve import after_retrieval

Batches: TypeAlias = Iterator[Result[tuple[Event, ...], VisitError]]
"""The events of a watch, some at a time; a failure is the last."""
BeginWatch: TypeAlias = Callable[[Request], Batches]
"""Begin the watch of what a list request asks for."""

ONE_AT_A_TIME = "you may only watch a single resource or type of resource at a time"
NOT_ONE = "watch is only supported on individual resources and resource collections - {} resources were found"


@dataclass(frozen=True, slots=True)
class ResourceWatch:
    """A watch of resources: their type, and their events in batches."""

    mapping: RESTMapping
    events: Batches


MaybeWatch: TypeAlias = Result[ResourceWatch, VisitError]
"""A watch, or why there can't be one."""


def watch_resources(
    client: Client,
    target: Target,
    seed: str = "",
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    until: float = math.inf,
) -> IOResult[ResourceWatch, Failures[Any]]:
    """Watch what a pipeline chooses: one object, which must be there, or those of one type of resource.

    Several objects are given as they are now; behind them stands the error that they can't be watched.
    `seed`: see `Watching`; `until`: see `watch_in_batches`.
    Errors: in kubectl's words, for what is not there, and for more types than one.
    Follows `Result.Watch` of cli-runtime and `GetOptions.watch` of kubectl.
    """

    def begin_watch(request: Request) -> Batches:
        return watch_in_batches(Line(client, now, sleep), Watching(request, seed), until)

    def begin(pipeline: Pipeline) -> Result[ResourceWatch, Failures[Any]]:
        resolved = resolve_pipeline(client, replace(pipeline, single_resource_type=True))
        return resolved.bind(partial(_watch_resolved, client, begin_watch)).alt(failures)

    return IOResult.from_result(pipeline_of(target).bind(begin))


def _watch_resolved(client: Client, begin_watch: BeginWatch, resolved: ResolvedPipeline) -> MaybeWatch:
    """Watch the type that a pipeline selects; without a selection, the objects that it names."""
    pipeline, offers = resolved.pipeline, Offers(client, resolved.discovery)
    selected = next((source for source in pipeline.sources if isinstance(source, Selected)), None)
    if selected is None:
        listed = collect_results(list_resources(offers, pipeline))
        infos = listed.bind(partial(_choose_by_live, offers, pipeline))
        return infos.bind(partial(_watch_objects, offers, pipeline, begin_watch))
    return _watch_type(offers, pipeline, begin_watch, selected.resource)


def _watch_type(offers: Offers, pipeline: Pipeline, begin_watch: BeginWatch, resource: str) -> MaybeWatch:
    """Watch the objects of a type; where its path is not there, as the server has the type now."""

    def begin(type: RESTMapping) -> ResourceWatch:
        return ResourceWatch(type, begin_watch(first_page_request(offers.client, pipeline, type)))

    def begin_again(begun: ResourceWatch) -> MaybeWatch:
        # The first batch is what is there already: it comes at once, or the reason why there is none.
        first = tuple(islice(begun.events, 1))
        anew = mapping_for(offers.renew(), resource) if any(map(is_missing_path, first)) else None
        if anew is not None and anew != Success(begun.mapping):
            return anew.map(begin)
        return Success(replace(begun, events=chain(first, begun.events)))

    return mapping_for(offers.mapper, resource).map(begin).bind(begin_again)


def _choose_by_live(
    offers: Offers, pipeline: Pipeline, infos: tuple[Info, ...]
) -> Result[tuple[Info, ...], VisitError]:
    """Keep the resources that the predicates choose by the server's objects, if the pipeline wants those."""
    if not pipeline.latest:
        return Success(infos)
    read = after_retrieval(pipeline, lambda info: done(Outcome("got", info.origin, info)))
    choose = renewing(offers, pipeline, read)
    chosen = collect_results(hold(offers.client, choose(info)) for info in infos)
    return chosen.map(lambda found: tuple(info for info, left in zip(infos, found, strict=True) if left))


def _watch_objects(
    offers: Offers, pipeline: Pipeline, begin_watch: BeginWatch, infos: tuple[Info, ...]
) -> MaybeWatch:
    """Watch the one object given; give several as they are, with an error behind them."""
    read = renewing(offers, pipeline, get(pipeline.accept, **dict(pipeline.query)))
    found = collect_results(hold(offers.client, read(info)) for info in infos)
    return found.bind(partial(_watch_read, pipeline, begin_watch))


def _watch_read(pipeline: Pipeline, begin_watch: BeginWatch, found: tuple[Outcome, ...]) -> MaybeWatch:
    """Watch the one object that was read; give several as they are, with an error behind them."""
    info = found[0].info if found else None
    if info is None or info.mapping is None:
        return Failure(UsageError("there is nothing to watch: no object was given that a server may have"))
    if len(found) == 1:
        request = replace(watch_request(info.mapping, info), accept=pipeline.accept)
        return Success(ResourceWatch(info.mapping, begin_watch(request)))
    several = UsageError(ONE_AT_A_TIME if len(pipeline.sources) > 1 else NOT_ONE.format(len(found)))
    events = tuple(Event("ADDED", outcome.object) for outcome in found)
    return Success(ResourceWatch(info.mapping, iter((Success(events), Failure(several)))))


def watch_request(mapping: RESTMapping, info: Info) -> Request:
    """The request that lists and watches one object."""
    return watch_single(Request("GET", collection(mapping, info.namespace)), info.name)
