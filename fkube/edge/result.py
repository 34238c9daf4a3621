"""What a pipeline means as a whole: its resources, its one object, its one type, a watch of it.

Follows `k8s.io/cli-runtime/pkg/resource/result.go`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any, TypeAlias

from returns.io import IOFailure, IOResult
from returns.result import Failure, Result, Success
from toolz import mapcat

from fkube.documents.source import Kustomization, Named, Path, Selected, Source, Url
from fkube.edge.client import Client
from fkube.edge.line import Line
from fkube.edge.line import watch as watch_events
from fkube.edge.manifestpaths import find_files
from fkube.edge.offers import ResolvedPipeline, resolve_pipeline
from fkube.edge.resourcewatch import NOT_ONE, ONE_AT_A_TIME, watch_request
from fkube.edge.sourcevisitors import selected_namespace
from fkube.edge.visiting import OfPipeline, Target, pipeline_of, visit
from fkube.exchange.conversation import Exchange, Request, done
from fkube.exchange.watching import Event, Watching
from fkube.pipeline import result as pure
from fkube.pipeline.discovery import mapping_for
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.errors import Failures, UsageError, VisitError, failures
from fkube.resource.info import Info, Object, RESTMapping
from fkube.resource.results import collect_results
from fkube.verbs.paging import list_request
from fkube.visitor.visits import Reached, visited_of

Events: TypeAlias = Iterator[Result[Event, VisitError]]


def infos(client: Client) -> Callable[[Target], IOResult[tuple[Info, ...], Failures[Info]]]:
    """All resources of a pipeline, in order, each with its object (`Infos`).

    Errors: why some could not be had, beside those that could: see `fkube.pipeline.result.ignore_errors`.
    """
    return lambda target: visit(client, _report_got)(target).bind(
        lambda report: IOResult.from_result(visited_of(mapcat(_steps_of, report.outcomes)))
    )


def object(client: Client) -> OfPipeline[Object]:
    """The resources of a pipeline as one object: a single one as itself, else a List (`Object`)."""
    return lambda target: infos(client)(target).map(
        lambda found: pure.as_object(found, single_item_implied(target))
    )


def resource_mapping(client: Client) -> OfPipeline[RESTMapping]:
    """The one type that a pipeline names on the server (`ResourceMapping`).

    Errors: sources that are read, which have no type before; several types.
    """

    def resolve(pipeline: Pipeline) -> Result[RESTMapping, Failures[Any]]:
        return resolve_pipeline(client, pipeline).bind(_source_mappings).bind(pure.one_mapping).alt(failures)

    return lambda target: IOResult.from_result(pipeline_of(target).bind(resolve))


def watch(client: Client, resource_version: str = "") -> OfPipeline[Events]:
    """Watch the one type or object that a pipeline means, from a resourceVersion on (`Watch`).

    Errors: anything but one source; one that has not exactly one resource in it.
    """

    def begin(pipeline: Pipeline) -> IOResult[Events, Failures[Any]]:
        if sum(1 for _ in _single_sources(pipeline)) != 1:
            return IOFailure(failures(UsageError(ONE_AT_A_TIME)))
        return (
            IOResult.from_result(resolve_pipeline(client, pipeline).alt(failures))
            .bind(partial(_request_to_watch, client))
            .map(lambda request: watch_events(Line(client), Watching(request, version=resource_version)))
        )

    return lambda target: IOResult.from_result(pipeline_of(target)).bind(begin)


def single_item_implied(target: Target) -> bool:
    """Whether what is asked for can only be a single object: one file, URL or name, in one source.

    Looks at the file system. Follows `Result.IntoSingleItemImplied`.
    """
    found = pipeline_of(target).map(lambda pipeline: tuple(islice(_single_sources(pipeline), 2))).value_or(())
    return len(found) == 1 and isinstance(found[0], Path | Url | Kustomization | Named)


def _single_sources(pipeline: Pipeline) -> Iterator[Source]:
    """The sources, with each file of a path as a source of its own."""
    for source in pipeline.sources:
        if isinstance(source, Path):
            yield from (Path(file.value_or(source.path)) for file in find_files(source))
        else:
            yield source


def _source_mappings(resolved: ResolvedPipeline) -> Result[tuple[RESTMapping, ...], VisitError]:
    """The type that each source names; a failure for a source that names none."""

    def mapping(source: Source) -> Result[RESTMapping, VisitError]:
        if isinstance(source, Named | Selected):
            return mapping_for(resolved.discovery.mapper, source.resource)
        return Failure(UsageError(f"a resource mapping could not be loaded from {type(source).__name__}"))

    return collect_results(map(mapping, resolved.pipeline.sources))


def _request_to_watch(client: Client, resolved: ResolvedPipeline) -> IOResult[Request, Failures[Any]]:
    """The request that lists what the only source means: the selected type, or its one object."""
    pipeline, source = resolved.pipeline, resolved.pipeline.sources[0]
    if not isinstance(source, Selected):
        found = infos(client)(replace(pipeline, require_object=False))
        return found.bind(lambda infos: IOResult.from_result(_only_request(infos)))
    mapping = mapping_for(resolved.discovery.mapper, source.resource).alt(failures)
    selectors = selected_namespace(client, pipeline), pipeline.label_selector, pipeline.field_selector
    return IOResult.from_result(mapping.map(lambda found: list_request(found, *selectors)))


def _only_request(found: tuple[Info, ...]) -> Result[Request, Failures[Any]]:
    """The request that lists and watches the only resource; a failure for none or several."""
    match found:
        case (Info(mapping=RESTMapping() as mapping) as info,):
            return Success(watch_request(mapping, info))
    return Failure(failures(UsageError(NOT_ONE.format(len(found)))))


def _report_got(info: Info) -> Exchange[Outcome]:
    """A verb that sends nothing: its outcome has the resource as it is."""
    return done(Outcome("got", info.origin, info, info.object))


def _steps_of(outcome: Outcome) -> Iterator[Reached]:
    """The resource or error of an outcome; nothing of a skipped one."""
    if outcome.error is not None and outcome.action != "skipped":
        yield Failure(outcome.error)
    elif outcome.info is not None and outcome.action != "skipped":
        yield Success(outcome.info)
