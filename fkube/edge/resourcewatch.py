"""Watches of what a pipeline chooses: of one object, or of the objects of one type."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from returns.io import IOResult
from returns.result import Failure, Result, Success

from fkube.documents.source import Selected
from fkube.edge.client import Client
from fkube.edge.line import Line, watch_in_batches
from fkube.edge.offers import ResolvedPipeline, resolve_pipeline
from fkube.edge.running import hold
from fkube.edge.sourcevisitors import first_page_request
from fkube.edge.visiting import Target, list_resources, pipeline_of
from fkube.exchange.conversation import Request
from fkube.exchange.watching import Event, Watching
from fkube.pipeline.discovery import mapping_for
from fkube.pipeline.pipeline import Pipeline
from fkube.pipeline.result import watch_single
from fkube.resource.errors import Failures, UsageError, VisitError, failures
from fkube.resource.info import Info, RESTMapping
from fkube.resource.results import collect_results
from fkube.verbs.get import get
from fkube.verbs.paths import collection

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
    pipeline, mapper = resolved.pipeline, resolved.discovery.mapper
    selected = next((source for source in pipeline.sources if isinstance(source, Selected)), None)
    if selected is None:
        infos = collect_results(list_resources(client, resolved.discovery, pipeline))
        return infos.bind(partial(_watch_objects, client, pipeline, begin_watch))
    return mapping_for(mapper, selected.resource).map(
        lambda type: ResourceWatch(type, begin_watch(first_page_request(client, pipeline, type)))
    )


def _watch_objects(
    client: Client, pipeline: Pipeline, begin_watch: BeginWatch, infos: tuple[Info, ...]
) -> MaybeWatch:
    """Watch the one object given; give several as they are, with an error behind them."""
    mapping = infos[0].mapping if infos else None
    if mapping is None:
        return Failure(UsageError("there is nothing to watch: no object was given that a server may have"))
    read = get(pipeline.accept, **dict(pipeline.query))
    objects = collect_results(hold(client, read(info)).map(lambda outcome: outcome.object) for info in infos)
    if len(infos) == 1:
        request = replace(watch_request(mapping, infos[0]), accept=pipeline.accept)
        return objects.map(lambda _: ResourceWatch(mapping, begin_watch(request)))
    several = UsageError(ONE_AT_A_TIME if len(pipeline.sources) > 1 else NOT_ONE.format(len(infos)))
    added = objects.map(lambda found: tuple(Event("ADDED", object) for object in found))
    return added.map(lambda events: ResourceWatch(mapping, iter((Success(events), Failure(several)))))


def watch_request(mapping: RESTMapping, info: Info) -> Request:
    """The request that lists and watches one object."""
    return watch_single(Request("GET", collection(mapping, info.namespace)), info.name)
