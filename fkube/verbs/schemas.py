"""Ask a server by which schema the objects of a kind are patched: the same answer for all of a run."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from fkube.exchange import Exchange, Request, Response, bind, call, done, fmap
from fkube.info import Object, RESTMapping
from fkube.jsontext import load
from fkube.patches import Schema, patch_schema

OPENAPI = "/openapi/v3"


def schema_of(mapping: RESTMapping) -> Exchange[Schema | None]:
    """The schema of a kind; None where JSON merge patches are what the server takes, as of custom resources.

    Errors: `StatusError` where the server does not give its schemas. Follows `Root.GVSpec` of client-go.

    >>> from fkube.exchange import Response
    >>> asked = schema_of(RESTMapping("apps", "v1", "Deployment", "deployments"))
    >>> index = {"paths": {"apis/apps/v1": {"serverRelativeURL": "/openapi/v3/apis/apps/v1?hash=A"}}}
    >>> print(asked.request, asked.then(Response(200, index)).request, sep=", then ")
    GET /openapi/v3, then GET /openapi/v3/apis/apps/v1?hash=A
    """
    place = f"apis/{mapping.api_version}" if mapping.group else f"api/{mapping.version}"
    index = fmap(call(Request("GET", OPENAPI)), lambda told: (_read(told).get("paths") or {}).get(place))
    return bind(index, lambda found: _schema(mapping, found["serverRelativeURL"]) if found else done(None))


def _schema(mapping: RESTMapping, link: str) -> Exchange[Schema | None]:
    path, _, query = link.partition("?")
    asked = call(Request("GET", path, tuple(parse_qsl(query))))
    return fmap(asked, lambda told: patch_schema(mapping, _read(told)))


def _read(response: Response) -> Object:
    """The document of an answer; a server may call its JSON plain text."""
    text = response.body
    body: Any = load(text).map(lambda read: read[0]).value_or(None) if isinstance(text, str) else text
    return body if isinstance(body, dict) else {}
