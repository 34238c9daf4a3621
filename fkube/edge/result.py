"""A pipeline asked for as a whole: its resources, its one object, its one type, a watch of it.

Follows `k8s.io/cli-runtime/pkg/resource/result.go`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any, TypeAlias

from returns.io import IOFailure, IOResult
from returns.result import Failure, Result, Success

from fkube.documents.source import Kustomization, Named, Path, Selected, Source, Url
from fkube.edge.client import Client
from fkube.edge.knowing import Known, resolving
from fkube.edge.paths import files
from fkube.edge.visiting import Asked, fold, pipeline_of
from fkube.edge.watching import watch as watched
from fkube.exchange.conversation import Exchange, Request, done
from fkube.exchange.watching import Event, Watching
from fkube.pipeline import result as pure
from fkube.pipeline.discovery import mapping_for
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import Failures, UsageError, VisitError, failures
from fkube.resource.info import Info, Object, RESTMapping
from fkube.resource.results import collected
from fkube.verbs.paging import selected
from fkube.verbs.paths import collection
from fkube.visitor.algebra import Reached, visited_of

Watched: TypeAlias = Iterator[Result[Event, VisitError]]


def infos(client: Client) -> Callable[[Asked], IOResult[tuple[Info, ...], Failures[Info]]]:
    """All resources of a pipeline, in order, each with its object (`Infos`).

    Errors: why some could not be had, beside those that could: see `fkube.pipeline.result.ignore_errors`.
    """
    return lambda asked: fold(client, _see, _append, _NO_STEPS)(asked).bind(
        lambda steps: IOResult.from_result(visited_of(steps))
    )


def object(client: Client) -> Callable[[Asked], IOResult[Object, Failures[Any]]]:
    """The resources of a pipeline as one object: a single one as itself, else a List (`Object`)."""
    return lambda asked: infos(client)(asked).map(
        lambda found: pure.as_object(found, single_item_implied(asked))
    )


def resource_mapping(client: Client) -> Callable[[Asked], IOResult[RESTMapping, Failures[Any]]]:
    """The one type that a pipeline names on the server (`ResourceMapping`).

    Errors: sources that are read, which have no type before; several types.
    """

    def resolve(pipeline: Pipeline) -> Result[RESTMapping, Failures[Any]]:
        return (
            resolving(client, pipeline)
            .bind(lambda known: _types(*known))
            .bind(pure.one_mapping)
            .alt(failures)
        )

    return lambda asked: IOResult.from_result(pipeline_of(asked).bind(resolve))


def watch(client: Client, resource_version: str = "") -> Callable[[Asked], IOResult[Watched, Failures[Any]]]:
    """Watch what a pipeline means, from a resourceVersion on: one type, or one object (`Watch`).

    Errors: anything but one source; one that has not exactly one resource in it.
    """

    def begin(pipeline: Pipeline) -> IOResult[Watched, Failures[Any]]:
        if sum(1 for _ in _sources(pipeline)) != 1:
            one = "you may only watch a single resource or type of resource at a time"
            return IOFailure(failures(UsageError(one)))
        resolved = resolving(client, pipeline).alt(failures)
        return (
            IOResult.from_result(resolved)
            .bind(lambda found: _request(client, *found))
            .map(lambda request: watched(client, Watching(request, version=resource_version)))
        )

    return lambda asked: IOResult.from_result(pipeline_of(asked)).bind(begin)


def single_item_implied(asked: Asked) -> bool:
    """Whether what was asked for can only be a single object: one file, URL or name, in one source.

    Looks at the file system. Follows `Result.IntoSingleItemImplied`.
    """
    found = pipeline_of(asked).map(lambda pipeline: tuple(islice(_sources(pipeline), 2))).value_or(())
    return len(found) == 1 and isinstance(found[0], Path | Url | Kustomization | Named)


def _sources(pipeline: Pipeline) -> Iterator[Source]:
    """The sources, each file one of its own."""
    return chain.from_iterable(
        (Path(file.value_or(source.path)) for file in files(source))
        if isinstance(source, Path)
        else (source,)
        for source in pipeline.sources
    )


def _types(known: Known, pipeline: Pipeline) -> Result[tuple[RESTMapping, ...], VisitError]:
    return collected(_type(known, source) for source in pipeline.sources)


def _type(known: Known, source: Source) -> Result[RESTMapping, VisitError]:
    if isinstance(source, Named | Selected):
        return mapping_for(known.mapper, source.resource)
    return Failure(UsageError(f"a resource mapping could not be loaded from {type(source).__name__}"))


def _request(client: Client, known: Known, pipeline: Pipeline) -> IOResult[Request, Failures[Any]]:
    """What lists the one thing that is watched."""
    source = pipeline.sources[0]
    if not isinstance(source, Selected):
        found = infos(client)(replace(pipeline, require_object=False))
        return found.bind(lambda infos: IOResult.from_result(_only(infos)))
    within = "" if pipeline.all_namespaces else pipeline.namespace or client.namespace
    mapping = mapping_for(known.mapper, source.resource).alt(failures)
    labels, fields = pipeline.label_selector, pipeline.field_selector
    return IOResult.from_result(mapping.map(lambda found: selected(found, within, labels, fields)))


def _only(found: tuple[Info, ...]) -> Result[Request, Failures[Any]]:
    if len(found) != 1 or found[0].mapping is None:
        supported = "watch is only supported on individual resources and resource collections"
        return Failure(failures(UsageError(f"{supported} - {len(found)} resources were found")))
    place = collection(found[0].mapping, found[0].namespace)
    return Success(pure.watch_single(Request("GET", place), found[0].name))


_NO_STEPS: tuple[Reached, ...] = ()


def _see(info: Info) -> Exchange[Outcome]:
    """The verb that only looks."""
    return done(Outcome("got", info.origin, info, info.object))


def _append(steps: tuple[Reached, ...], outcome: Outcome) -> tuple[Reached, ...]:
    """The steps and one more; what was skipped is no step of its own."""
    if outcome.action == "skipped":
        return steps
    if outcome.error is not None:
        return (*steps, Failure(outcome.error))
    return (*steps, *map(Success, filter(None, (outcome.info,))))
