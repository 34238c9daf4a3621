"""Read the schema of a kind from a server: by it objects are patched, and fields are managed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from returns.result import Failure, Result, Success

from fkube.exchange.conversation import Done, Exchange, Request, Response, bind, call, done, fmap
from fkube.exchange.offers import OPENAPI
from fkube.exchange.repeating import sequence
from fkube.merging.fields import Type
from fkube.merging.patches import Schema, patch_schema
from fkube.merging.patches.schema import find_schema
from fkube.merging.schemashape import DOCUMENT, INDEX, map_in
from fkube.resource.dataclasses import replace
from fkube.resource.errors import TransportError, VisitError
from fkube.resource.info import Object, RESTMapping
from fkube.syntax.jsontext import load
from fkube.syntax.misfits import find_misfit

T = TypeVar("T")


def schema_of(mapping: RESTMapping) -> Exchange[Schema | None]:
    """Read the schema for patches of a kind; None where the server takes only JSON merge patches.

    It does so for custom resources.

    Errors: `StatusError` where the server does not give its schemas, `TransportError` for what are none.
    Follows `Root.GVSpec` of client-go.

    >>> from fkube.exchange.conversation import Response
    >>> first = schema_of(RESTMapping("apps", "v1", "Deployment", "deployments"))
    >>> index = {"paths": {"apis/apps/v1": {"serverRelativeURL": "/openapi/v3/apis/apps/v1?hash=A"}}}
    >>> print(first.request, first.then(Response(200, index)).request, sep=", then ")
    GET /openapi/v3, then GET /openapi/v3/apis/apps/v1?hash=A
    """
    return _read_kind(mapping, patch_schema)


def type_of(mapping: RESTMapping) -> Exchange[Type | None]:
    """Read the type of a kind, by which its fields are managed; None where the server has no schema of it.

    Errors: `StatusError` where the server does not give its schemas.
    """
    return _read_kind(mapping, _find_type)


def _find_type(mapping: RESTMapping, document: Object) -> Type | None:
    """The type of a kind in an OpenAPI document, if it is there."""
    found = find_schema(mapping, document)
    return None if found is None else Type(found.node, found.schemas)


def _read_kind(mapping: RESTMapping, find: Callable[[RESTMapping, Object], T]) -> Exchange[T]:
    """Read the document of a kind, and find something of the kind in it.

    In an answer that is given again and again it is looked for once, as a thousand objects have few kinds.
    Nobody sees that: the same document always has the same of a kind.
    """

    def find_once(answer: Response) -> T:
        if answer.kept is None:
            return find(mapping, answer.body)
        key = (find.__name__, mapping)
        if key not in answer.kept:
            answer.kept[key] = find(mapping, answer.body)
        found: T = answer.kept[key]
        return found

    return fmap(_read_answer(mapping), find_once)


def document_of(mapping: RESTMapping) -> Exchange[Object]:
    """Read the OpenAPI document of a kind's group and version; empty where there is none."""
    return fmap(_read_answer(mapping), attrgetter("body"))


def _read_answer(mapping: RESTMapping) -> Exchange[Response]:
    """Read the answer that has the document of a kind; an empty one where there is none."""
    place = f"apis/{mapping.api_version}" if mapping.group else f"api/{mapping.version}"

    def follow_link(index: Response) -> Exchange[Response]:
        link = map_in(index.body, "paths", place).get("serverRelativeURL")
        return _read_document(link) if isinstance(link, str) and link else done(Response(200, {}))

    return bind(_read_index(), follow_link)


def openapi_documents(*api_versions: str) -> Exchange[tuple[Object, ...]]:
    """Read the OpenAPI documents of these API versions; of all, where none is given.

    Errors: `StatusError` where the server does not give them.

    See also: `fkube.documents.validation.openapi`, which validates against them.
    """
    places = {f"apis/{version}" if "/" in version else f"api/{version}" for version in api_versions}

    def read_documents(index: Response) -> Exchange[tuple[Object, ...]]:
        links = _read_links(index.body)
        chosen = (link for place, link in links.items() if place in places or not places)
        return fmap(sequence(tuple(map(_read_document, chosen))), lambda read: tuple(it.body for it in read))

    return bind(_read_index(), read_documents)


def _read_index() -> Exchange[Response]:
    """Read the index, which has the links to the OpenAPI documents by group and version."""
    return bind(call(Request("GET", OPENAPI)), partial(_decode, OPENAPI))


def _read_links(index: Object) -> Mapping[str, str]:
    """The links of an index, by group and version; what has none is left out."""
    links = {place: map_in(entry).get("serverRelativeURL") for place, entry in map_in(index, "paths").items()}
    return {place: link for place, link in links.items() if isinstance(link, str)}


def _read_document(link: str) -> Exchange[Response]:
    """Read the document at a link from the index."""
    path, _, query = link.partition("?")
    return bind(call(Request("GET", path, tuple(parse_qsl(query)))), partial(_decode, path))


def _decode(path: str, response: Response) -> Exchange[Response]:
    """Decode the document of an answer. Errors: as `read_text`."""
    if response.kept is not None:
        return done(response)
    return Done(read_text(path, response).map(lambda body: replace(response, body=body)))


def read_text(path: str, response: Response) -> Result[Object, VisitError]:
    """Read the document of an answer. Of one that is sent as plain text the shape is not known yet.

    Errors: `TransportError` for a text that is none.
    """
    text = response.body
    if not isinstance(text, str):
        return Success(map_in(text))
    body: Any = load(text).map(lambda read: read[0]).value_or(None)
    if find_misfit(body, INDEX if path == OPENAPI else DOCUMENT) is not None:
        return Failure(TransportError("the server's schemas are no OpenAPI document", sent=True))
    return Success(body)
