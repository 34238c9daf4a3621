"""What a pipeline chooses, watched: one object, or those of one type, from what is there on."""

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
from fkube.edge.knowing import Known, missing, resolving
from fkube.edge.opening import listing
from fkube.edge.running import hold
from fkube.edge.visiting import Asked, pipeline_of, resources
from fkube.edge.watching import batches
from fkube.exchange.conversation import Request
from fkube.exchange.watching import Event, Watching
from fkube.pipeline.discovery import mapping_for
from fkube.pipeline.pipeline import Pipeline
from fkube.pipeline.result import watch_single
from fkube.resource.errors import Failures, UsageError, VisitError, failures
from fkube.resource.info import Info, RESTMapping
from fkube.resource.results import collected
from fkube.verbs.get import get
from fkube.verbs.paths import collection

Batches: TypeAlias = Iterator[Result[tuple[Event, ...], VisitError]]
Watched: TypeAlias = Callable[[Request], Batches]


@dataclass(frozen=True, slots=True)
class Followed:
    """A type of resource, and what happens to those that were chosen: see `watch`; what to warn of."""

    mapping: RESTMapping
    events: Batches
    warnings: tuple[str, ...] = ()


def follow(
    client: Client,
    asked: Asked,
    seed: str = "",
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    until: float = math.inf,
) -> IOResult[Followed, Failures[Any]]:
    """Watch what a pipeline chooses: one object, which must be there, or those of one type of resource.

    More objects than one are told as they are; that they can't be watched is an error behind them.
    `seed`: see `Watching`; `until`: see `watch`. Errors: in kubectl's words, for what is not there, and for
    more types than one. Follows `Result.Watch` of cli-runtime and `GetOptions.watch` of kubectl.
    """

    def begin(pipeline: Pipeline) -> Result[Followed, Failures[Any]]:
        def watch(request: Request) -> Batches:
            begun = Watching(replace(request, accept=pipeline.accept), seed)
            return batches(client, begun, now, sleep, until)

        found = resolving(client, replace(pipeline, single_resource_type=True))
        return found.bind(lambda seen: _warned(seen[0], _followed(client, watch, *seen))).alt(failures)

    return IOResult.from_result(pipeline_of(asked).bind(begin))


def _warned(known: Known, followed: Result[Followed, VisitError]) -> Result[Followed, VisitError]:
    return followed.map(lambda found: replace(found, warnings=missing(known.mapper)))


def _followed(
    client: Client, watched: Watched, known: Known, pipeline: Pipeline
) -> Result[Followed, VisitError]:
    for source in pipeline.sources:
        if isinstance(source, Selected):
            return mapping_for(known.mapper, source.resource).map(
                lambda type: Followed(type, watched(listing(client, pipeline, type)))
            )
    infos = collected(resources(client, known, pipeline))
    return infos.bind(partial(_objects, client, pipeline, watched))


def _objects(
    client: Client, pipeline: Pipeline, watched: Watched, infos: tuple[Info, ...]
) -> Result[Followed, VisitError]:
    """One object, watched; or several as they are, and why that is all."""
    mapping = infos[0].mapping if infos else None
    if mapping is None:
        return Failure(UsageError("there is nothing to watch: no object was given that a server may have"))
    read = get(pipeline.accept, **dict(pipeline.query))
    objects = collected(hold(client, read(info)).map(lambda outcome: outcome.object) for info in infos)
    if len(infos) == 1:
        alone = watch_single(Request("GET", collection(mapping, infos[0].namespace)), infos[0].name)
        return objects.map(lambda _: Followed(mapping, watched(alone)))
    several = _AT_A_TIME if len(pipeline.sources) > 1 else _NOT_ONE.format(len(infos))
    return objects.map(
        lambda all: Followed(
            mapping,
            iter((Success(tuple(Event("ADDED", o) for o in all)), Failure(UsageError(several)))),
        )
    )


_AT_A_TIME = "you may only watch a single resource or type of resource at a time"
_NOT_ONE = (
    "watch is only supported on individual resources and resource collections - {} resources were found"
)
