"""Traces of what is in memory: no I/O. It is here because it reads and plans as the edge does."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import Any

from returns.result import Failure, Result, Success

from fkube.documents.source import Objects, Source, Text, source_name
from fkube.edge.client import embedded
from fkube.edge.offers import Discovery
from fkube.edge.running import Verb
from fkube.edge.sourcevisitors import Readers
from fkube.edge.traces import CREATE, tell_nobody, trace_resolved
from fkube.edge.visiting import Target, VisitSettings, pipeline_of
from fkube.pipeline.discovery import Mapper
from fkube.pipeline.drawing import verb_name
from fkube.pipeline.pipeline import Pipeline, source_label
from fkube.pipeline.tracing import Trace
from fkube.pipeline.ways import Way, step_of_document
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import Failures, SourceError
from fkube.resource.info import Origin
from fkube.visitor.combinators import broken
from fkube.visitor.visits import Visitor


def trace(
    pipeline: Target, verb: Verb = CREATE, known: Mapper | None = None, namespace: str = "default"
) -> Trace:
    """Trace a pipeline whose sources are in memory: each resource's way through the stages to its requests.

    Pure: nothing is read or sent. `known`: the kinds of the server, else those of the embedded cluster;
    `namespace`: the client's. What a verb would read first, is not there.
    A source that has to be read, and what is wrong with the pipeline, is a way that failed.
    Equation: trace(p, v) = edge.trace(edge.embedded(), v)(p), for sources in memory
    Law: trace_is_visit

    >>> from fkube import builder as b, pipe
    >>> pods = b.objects({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}})
    >>> traced = trace(pipe(b.builder(), pods, b.namespace("shop"), b.default_namespace, b.do))
    >>> print(traced.ways[0].exchanged[0].request)
    POST /api/v1/namespaces/shop/pods?fieldManager=kubectl-create&fieldValidation=Strict
    """
    client = replace(embedded(), namespace=namespace)
    settings = VisitSettings(client, verb, 1, 256, None, tell_nobody, _READERS, inf)
    traced = pipeline_of(pipeline).bind(partial(_trace_in_memory, settings, known))
    return traced.lash(lambda left: Success(_trace_errors(verb, left))).unwrap()


def _trace_in_memory(
    settings: VisitSettings, known: Mapper | None, pipeline: Pipeline
) -> Result[Trace, Failures[Any]]:
    """Trace a pipeline with a stand-in for each source that has to be read."""
    in_memory = replace(pipeline, sources=tuple(map(_stand_for, pipeline.sources)))
    labels = tuple(source_label(pipeline, source) for source in pipeline.sources)
    return settings.resolve(in_memory).map(
        lambda found: replace(
            trace_resolved(settings, False, replace(found, discovery=Discovery(known)) if known else found),
            sources=labels,
        )
    )


@dataclass(frozen=True, slots=True)
class _Unread:
    """The source that stands for one that has to be read."""

    name: str


def _stand_for(source: Source) -> Source:
    """A source that is in memory, or else what stands for it."""
    return source if isinstance(source, Text | Objects) else _Unread(source_name(source))


def _read_nothing(source: _Unread) -> tuple[Visitor]:
    """The reason why a source is not read here."""
    message = f"{source.name} has to be read, and a trace without a client reads nothing: use edge.trace"
    return (broken(SourceError(message, Origin(source.name))),)


_READERS: Readers = {_Unread: _read_nothing}


def _trace_errors(verb: Verb, left: Failures[Any]) -> Trace:
    """The trace of what is no pipeline: each error is a way."""
    ways = (Way((step_of_document(Failure(error)),)) for error in left.errors)
    return Trace(verb=verb_name(verb), ways=tuple(ways))
