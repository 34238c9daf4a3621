"""From sources to visitors: one for each document, and for each object on the server, as it arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.documents.manifest import Document, decode, strictly, text_warnings
from fkube.documents.source import OURS, Named, Selected, Source, source_name
from fkube.edge.client import Client
from fkube.edge.renewing import Offers, is_outdated, renewing
from fkube.edge.running import hold
from fkube.edge.sources import read_documents
from fkube.edge.streams import yield_from
from fkube.exchange.conversation import Request
from fkube.pipeline.discovery import expand_category, mapping_for
from fkube.pipeline.pipeline import Pipeline, named
from fkube.resource.dataclasses import replace
from fkube.resource.errors import UsageError, VisitError, add_origin
from fkube.resource.guarding import exception_error, wrong_type_error
from fkube.resource.info import Origin, RESTMapping
from fkube.verbs.paging import list_request, page
from fkube.verbs.retrieve import retrieve_lazy
from fkube.visitor.algebra import One, guarded
from fkube.visitor.combinators import broken, one
from fkube.visitor.visits import Reached, Visitor

T = TypeVar("T")

Visitors: TypeAlias = Iterator[Visitor | None]
"""Visitors as they arrive. None says that the next may have to be waited for: a page, or what somebody types.

A chunk ends there, so that no work that is at hand waits for it.
"""

Pages: TypeAlias = Iterator[Reached | None]
"""The objects of pages, with a None behind each page: the next has to be waited for."""

Reader: TypeAlias = Callable[[Any], Iterable[Visitor]]
"""What reads a source of one's own: a visitor for each document, `one(info)` or `documents(text, name)`."""

Renew: TypeAlias = Callable[[], Result[RESTMapping, VisitError]]
"""What gives the mapping of a type by what the server offers now."""

Readers: TypeAlias = Mapping[type, Reader]
"""Readers by the class of what they read."""

NO_READERS: Readers = {}


def open_sources(client: Client, offers: Offers, pipeline: Pipeline, readers: Readers) -> Visitors:
    """Open a pipeline's sources one after the other, and yield a visitor for each document or object.

    `readers`: see `Reader`.
    """
    # An object that is only named is fetched where functions of one's own will look at it.
    looked_at = (pipeline.before or pipeline.after) and not pipeline.latest
    retrieve = renewing(offers, pipeline, retrieve_lazy)
    for source in pipeline.sources:
        match source:
            case Named():
                step = named(pipeline, offers.mapper, client.namespace, source)
                yield One(step.bind(lambda info: hold(client, retrieve(info))) if looked_at else step)
            case Selected():
                yield from map(partial(_visit_or_wait, one), _list_selected(client, offers, pipeline, source))
            case _ if isinstance(source, OURS):
                read = partial(strictly if pipeline.strict else decode, validated=pipeline.validated)
                decoder = partial(_decode_and_warn, client, read)
                yield from map(partial(_visit_or_wait, decoder), read_documents(source))
            case _:
                yield from _read_own(readers[type(source)], source)


def _decode_and_warn(client: Client, decoder: Callable[[Document], Visitor], document: Document) -> Visitor:
    """Decode a document, and tell the client its warnings: nobody visits what is empty, or filtered out."""
    visitor = decoder(document)
    if isinstance(visitor, One):
        client.warned(visitor.result.map(lambda info: info.warnings).value_or(()))
    else:
        client.warned(text_warnings(document))
    return visitor


def missing_readers(pipeline: Pipeline, readers: Readers) -> tuple[VisitError, ...]:
    """An error for each type of source of one's own that has no reader."""
    own = {type(source).__name__: type(source) for source in pipeline.sources if not isinstance(source, OURS)}
    unread = (name for name, cls in own.items() if not callable(readers.get(cls)))
    return tuple(UsageError(_NO_READER.format(name, name)) for name in unread)


def read_chunk(visitors: Visitors, size: int | None) -> tuple[Visitor, ...]:
    """Take up to `size` of the visitors that come next, without waiting once there is one.

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


def _visit_or_wait(visit: Callable[[T], Visitor], step: Result[T, VisitError] | None) -> Visitor | None:
    """The visitor of what was read, or of the reason why it can't be; None where it has to be waited for."""
    match step:
        case Success(found):
            return visit(found)
        case Failure(error):
            return broken(error)
    return None


def _read_own(reader: Reader, source: Source) -> Iterator[Visitor]:
    """Read a source with a reader that is not ours; an exception in it ends this source, and no other."""
    origin = Origin(source_name(source))
    try:
        for visitor in reader(source):
            if callable(visitor):
                yield guarded(visitor)
            else:
                yield broken(wrong_type_error(reader, visitor, "visitors, like one(info) or documents(text)"))
    except Exception as error:  # noqa: BLE001 - it is the failure of this source alone
        yield broken(add_origin(exception_error(reader, error), origin))


def _list_selected(client: Client, offers: Offers, pipeline: Pipeline, source: Selected) -> Pages:
    """The objects of the types that a source selects, page after page."""
    for resource in expand_category(offers.mapper, source.resource):
        renew = partial(_mapping_now, offers, resource)
        mapping = mapping_for(offers.mapper, resource)
        yield from yield_from(mapping, partial(_read_pages, client, pipeline, renew))


def _mapping_now(offers: Offers, resource: str) -> Result[RESTMapping, VisitError]:
    """The mapping of a type by what the server offers now."""
    return mapping_for(offers.renew(), resource)


def first_page_request(client: Client, pipeline: Pipeline, mapping: RESTMapping) -> Request:
    """The request for the first page of what a pipeline's selectors choose of a type."""
    within = selected_namespace(client, pipeline)
    first = list_request(mapping, within, pipeline.label_selector, pipeline.field_selector, pipeline.limit)
    return replace(first, accept=pipeline.accept, query=(*first.query, *pipeline.query))


def selected_namespace(client: Client, pipeline: Pipeline) -> str:
    """The namespace that selectors look into; empty for all."""
    return "" if pipeline.all_namespaces else pipeline.namespace or client.namespace


def _read_pages(client: Client, pipeline: Pipeline, renew: Renew, mapping: RESTMapping) -> Pages:
    """The objects of one type, page after page, up to the first failure.

    Where the first page shows that the mapping is old, those of the type as the server has it now.
    """
    request: Request | None = first_page_request(client, pipeline, mapping)
    last = ""
    while request is not None:
        read = hold(client, page(mapping, request, last))
        if not last and is_outdated(mapping, read) and (anew := renew()) != Success(mapping):
            yield from yield_from(anew, partial(_read_pages, client, pipeline, lambda: anew))
            return
        match read:
            case Success(found):
                yield from map(Success, found.infos)
                yield None
                request, last = found.next, found.last
            case Failure(error):
                yield Failure(error)
                return


_NO_READER = "no reader is known for the source {}: give one, as in edge.visit(..., readers={{{}: read}})"
