"""Sources opened: a visitor for each document, and for each object on the server, as it arrives.

A None among them says that what comes next may have to be waited for: the next page of a list, or what
somebody types. A chunk ends there, so that no work that is at hand waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.documents.manifest import Document, decode, strictly
from fkube.documents.source import OURS, Named, Selected, Source, source_name
from fkube.edge.client import Client
from fkube.edge.running import hold
from fkube.edge.sources import read
from fkube.exchange.conversation import Request
from fkube.pipeline.discovery import Mapper, expanded, mapping_for
from fkube.pipeline.pipeline import Pipeline, named
from fkube.resource.errors import UsageError, VisitError, located
from fkube.resource.guarding import raised, returned
from fkube.resource.info import Origin, RESTMapping
from fkube.verbs.paging import page, selected
from fkube.verbs.retrieve import retrieve_lazy
from fkube.visitor.algebra import One, Reached, Visitor, guarded
from fkube.visitor.combinators import broken

Reader: TypeAlias = Callable[[Any], Iterable[Visitor]]
"""What reads a source of one's own: a visitor for each document, `one(info)` or `documents(text, name)`."""

Readers: TypeAlias = Mapping[type, Reader]
"""Readers by the class of what they read."""

NO_READERS: Readers = {}


def documents(
    client: Client, known: Mapper, pipeline: Pipeline, readers: Readers
) -> Iterator[Visitor | None]:
    """A visitor for each document of a pipeline's sources, one source after the other."""
    for source in pipeline.sources:
        yield from _open(client, known, pipeline, readers, source)


def without_reader(pipeline: Pipeline, readers: Readers) -> tuple[VisitError, ...]:
    """Why sources can't be read: a source of one's own needs a reader."""
    own = {type(source).__name__: type(source) for source in pipeline.sources if not isinstance(source, OURS)}
    unread = (name for name, cls in own.items() if not callable(readers.get(cls)))
    return tuple(UsageError(_NO_READER.format(name, name)) for name in unread)


def read_chunk(visitors: Iterator[Visitor | None], size: int | None) -> tuple[Visitor, ...]:
    """The next of the visitors, at most so many, up to where the next would have to be waited for.

    >>> documents = iter([broken(UsageError(text)) for text in "abc"])
    >>> [len(read_chunk(documents, 2)) for _ in range(3)]
    [2, 1, 0]
    """
    chunk: list[Visitor] = []
    for visitor in visitors:
        if visitor is not None:
            chunk.append(visitor)
        # Whoever needs everything waits for everything.
        if size is not None and (len(chunk) == size or (visitor is None and chunk)):
            break
    return tuple(chunk)


def _open(
    client: Client, known: Mapper, pipeline: Pipeline, readers: Readers, source: Source
) -> Iterator[Visitor | None]:
    if isinstance(source, Named):
        yield One(_fetch(client, pipeline, named(pipeline, known, client.namespace, source)))
    elif isinstance(source, Selected):
        yield from _list(client, known, pipeline, source)
    elif isinstance(source, OURS):
        yield from map(partial(_decode, strictly if pipeline.strict else decode), read(source))
    else:
        yield from _read_own(readers[type(source)], source)


def _decode(
    decoder: Callable[[Document], Visitor], found: Result[Document, VisitError] | None
) -> Visitor | None:
    if found is None:
        return None
    return decoder(found.unwrap()) if isinstance(found, Success) else broken(found.failure())


def _fetch(client: Client, pipeline: Pipeline, step: Reached) -> Reached:
    """What is only named, fetched if functions of one's own will look at it."""
    looked_at = (pipeline.before or pipeline.after) and not pipeline.latest
    return step.bind(lambda info: hold(client, retrieve_lazy(info))) if looked_at else step


def _read_own(reader: Reader, source: Source) -> Iterator[Visitor]:
    """What a reader that is not ours makes of a source; an exception in it ends this source, and no other."""
    origin = Origin(source_name(source))
    try:
        for visitor in reader(source):
            right = callable(visitor)
            wrong = One(Failure(returned(reader, visitor, "visitors, like one(info) or documents(text)")))
            yield guarded(visitor) if right else wrong
    except Exception as error:  # noqa: BLE001 - it is the failure of this source alone
        yield broken(located(raised(reader, error), origin))


def _list(client: Client, known: Mapper, pipeline: Pipeline, source: Selected) -> Iterator[Visitor | None]:
    """The objects that selectors choose, page after page."""
    for resource in expanded(known, source.resource):
        mapping = mapping_for(known, resource)
        if isinstance(mapping, Success):
            yield from _pages(client, pipeline, mapping.unwrap())
        else:
            yield broken(mapping.failure())


def listing(client: Client, pipeline: Pipeline, mapping: RESTMapping) -> Request:
    """The request for the first page of what a pipeline's selectors choose of a type."""
    within = "" if pipeline.all_namespaces else pipeline.namespace or client.namespace
    asked = selected(mapping, within, pipeline.label_selector, pipeline.field_selector, pipeline.limit)
    return replace(asked, accept=pipeline.accept, query=(*asked.query, *pipeline.query))


def _pages(client: Client, pipeline: Pipeline, mapping: RESTMapping) -> Iterator[Visitor | None]:
    request: Request | None = listing(client, pipeline, mapping)
    last = ""
    while request is not None:
        answered = hold(client, page(mapping, request, last))
        if not isinstance(answered, Success):
            yield broken(answered.failure())
            return
        yield from (One(Success(info)) for info in answered.unwrap().infos)
        yield None
        request, last = answered.unwrap().next, answered.unwrap().last


_NO_READER = "no reader is known for the source {}: give one, as in edge.visit(..., readers={{{}: read}})"
