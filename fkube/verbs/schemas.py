"""Read the schema of a kind from a server: by it objects are patched, and fields are managed."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from fkube.exchange.conversation import Exchange, Request, Response, bind, call, done, fmap
from fkube.exchange.repeating import sequence
from fkube.merging.fields import Type
from fkube.merging.patches import Schema, patch_schema
from fkube.merging.patches.schema import find_schema
from fkube.resource.info import Object, RESTMapping
from fkube.syntax.jsontext import load

OPENAPI = "/openapi/v3"


def schema_of(mapping: RESTMapping) -> Exchange[Schema | None]:
    """Read the schema for patches of a kind; None where the server takes only JSON merge patches.

    It does so for custom resources.

    Errors: `StatusError` where the server does not give its schemas. Follows `Root.GVSpec` of client-go.

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
    return bind(link, lambda found: _read_document(found["serverRelativeURL"]) if found else done({}))


def openapi_documents(*api_versions: str) -> Exchange[tuple[Object, ...]]:
    """Read the OpenAPI documents of these API versions; of all, where none is given.

    Errors: `StatusError` where the server does not give them.

    See also: `fkube.documents.validation.openapi`, which validates against them.
    """
    places = {f"apis/{version}" if "/" in version else f"api/{version}" for version in api_versions}

    def read_documents(links: Object) -> Exchange[tuple[Object, ...]]:
        chosen = (link for place, link in links.items() if place in places or not places)
        return sequence(tuple(_read_document(link["serverRelativeURL"]) for link in chosen))

    return bind(_read_index(), read_documents)


def _read_index() -> Exchange[Object]:
    """Read the links to the OpenAPI documents, by group and version."""
    return fmap(call(Request("GET", OPENAPI)), lambda answer: _decode(answer).get("paths") or {})


def _read_document(link: str) -> Exchange[Object]:
    """Read the document at a link from the index."""
    path, _, query = link.partition("?")
    return fmap(call(Request("GET", path, tuple(parse_qsl(query)))), _decode)


def _decode(response: Response) -> Object:
    """Decode the document of an answer, which may be sent as plain text; empty where it is no object."""
    text = response.body
    body: Any = load(text).map(lambda read: read[0]).value_or(None) if isinstance(text, str) else text
    return body if isinstance(body, dict) else {}
