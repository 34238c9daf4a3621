"""Read the schema of a kind from a server: by it objects are patched, and fields are managed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from fkube.exchange.conversation import Exchange, Request, Response, bind, call, done, failed, fmap
from fkube.exchange.offers import OPENAPI
from fkube.exchange.repeating import sequence
from fkube.merging.fields import Type
from fkube.merging.patches import Schema, patch_schema
from fkube.merging.patches.schema import find_schema
from fkube.merging.schemashape import DOCUMENT, INDEX, map_in
from fkube.resource.errors import TransportError
from fkube.resource.info import Object, RESTMapping
from fkube.syntax.jsontext import load
from fkube.syntax.misfits import Shape, find_misfit


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
    return fmap(document_of(mapping), partial(patch_schema, mapping))


def type_of(mapping: RESTMapping) -> Exchange[Type | None]:
    """Read the type of a kind, by which its fields are managed; None where the server has no schema of it.

    Errors: `StatusError` where the server does not give its schemas.
    """
    schema = fmap(document_of(mapping), partial(find_schema, mapping))
    return fmap(schema, lambda found: None if found is None else Type(found.node, found.schemas))


def document_of(mapping: RESTMapping) -> Exchange[Object]:
    """Read the OpenAPI document of a kind's group and version; empty where there is none."""
    place = f"apis/{mapping.api_version}" if mapping.group else f"api/{mapping.version}"
    link = fmap(_read_index(), lambda links: links.get(place))
    return bind(link, lambda found: _read_document(found) if found else done({}))


def openapi_documents(*api_versions: str) -> Exchange[tuple[Object, ...]]:
    """Read the OpenAPI documents of these API versions; of all, where none is given.

    Errors: `StatusError` where the server does not give them.

    See also: `fkube.documents.validation.openapi`, which validates against them.
    """
    places = {f"apis/{version}" if "/" in version else f"api/{version}" for version in api_versions}

    def read_documents(links: Mapping[str, str]) -> Exchange[tuple[Object, ...]]:
        chosen = (link for place, link in links.items() if place in places or not places)
        return sequence(tuple(map(_read_document, chosen)))

    return bind(_read_index(), read_documents)


def _read_index() -> Exchange[Mapping[str, str]]:
    """Read the links to the OpenAPI documents, by group and version."""
    document = bind(call(Request("GET", OPENAPI)), partial(_decode, INDEX))
    return fmap(document, _read_links)


def _read_links(index: Object) -> Mapping[str, str]:
    """The links of an index, by group and version; what has none is left out."""
    links = {place: map_in(entry).get("serverRelativeURL") for place, entry in map_in(index, "paths").items()}
    return {place: link for place, link in links.items() if isinstance(link, str)}


def _read_document(link: str) -> Exchange[Object]:
    """Read the document at a link from the index."""
    path, _, query = link.partition("?")
    return bind(call(Request("GET", path, tuple(parse_qsl(query)))), partial(_decode, DOCUMENT))


def _decode(shape: Shape, response: Response) -> Exchange[Object]:
    """Decode the document of an answer. Of one that is sent as plain text the shape is not known yet.

    Errors: `TransportError` for a text that is none.
    """
    text = response.body
    if not isinstance(text, str):
        return done(map_in(text))
    body: Any = load(text).map(lambda read: read[0]).value_or(None)
    if find_misfit(body, shape) is not None:
        return failed(TransportError("the server's schemas are no OpenAPI document", sent=True))
    return done(body)
