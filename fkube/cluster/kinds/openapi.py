"""OpenAPI v3 documents: the recorded schemas by group and version, and those of custom resources. Pure.

Without descriptions, and of the paths only what kubectl looks at: the verbs' parameters and kinds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256

from returns.result import Failure, Result, Success
from toolz import concat

from fkube.cluster.kinds import Kind, Kinds, all_kinds, recorded_facts
from fkube.cluster.statuses import json_response, page_not_found, text_response
from fkube.exchange.conversation import Request, Response
from fkube.merging.patches.schema import STRATEGIC
from fkube.resource.info import Object

_WRITES = ("dryRun", "fieldManager", "fieldValidation")
SWAGGER = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
JSON_PATCH, MERGE = "application/json-patch+json", "application/merge-patch+json"
_NO_SWAGGER = b"\n\x032.0\x12\x12\n\nKubernetes\x12\x041.37"
"""OpenAPI v2 without a schema: kubectl then leaves the validation of a `List` to the server."""

_METHODS: Mapping[str, str] = {"create": "post", "update": "put", "list": "get"}
"""The methods of verbs that have another name."""


def openapi_document(served: Kinds, request: Request) -> Result[Response, Response]:
    """The index of the OpenAPI documents, or one of them. Errors: 404."""
    _, version, *parts = [*request.path.strip("/").split("/"), ""]
    place = "/".join(parts).rstrip("/")
    if version == "v2" and not place:
        return Success(Response(200, _NO_SWAGGER, (("content-type", SWAGGER),)))
    if version != "v3":
        return Failure(page_not_found())
    if not place:
        paths = dict.fromkeys(map(_document_path, all_kinds(served)))
        return Success(json_response(200, {"paths": {path: _document_link(path, served) for path in paths}}))
    kinds = [kind for kind in all_kinds(served) if _document_path(kind) == place]
    return Success(json_response(200, _build_document(kinds))) if kinds else Failure(text_response(404, ""))


def _document_path(kind: Kind) -> str:
    """The path of the document for the kind's group and version, such as `apis/apps/v1`."""
    version = kind.mapping.api_version
    return f"apis/{version}" if kind.mapping.group else f"api/{version}"


def _document_link(path: str, served: Kinds) -> Object:
    """The address of a document; its hash changes with the schemas of custom resources."""
    custom = [kind.schema for kind in served.values() if _document_path(kind) == path]
    content = json.dumps([recorded_facts()["version"]["gitVersion"], custom], sort_keys=True)
    code = sha256(content.encode()).hexdigest().upper()
    return {"serverRelativeURL": f"/openapi/v3/{path}?hash={code}"}


def _build_document(kinds: list[Kind]) -> Object:
    """The OpenAPI document of the kinds of one group and version."""
    version = recorded_facts()["version"]
    info = {"title": "Kubernetes", "version": f"{version['major']}.{version['minor']}"}
    paths = dict(path for kind in kinds for path in _kind_paths(kind))
    components = {"schemas": _collect_schemas(kinds)}
    return {"openapi": "3.0.0", "info": info, "paths": paths, "components": components}


def _kind_paths(kind: Kind) -> Iterator[tuple[str, Object]]:
    """Yield the paths of a kind's collection and of one object, each with its operations by HTTP method."""
    within = "/namespaces/{namespace}" if kind.mapping.namespaced else ""
    many = f"/{_document_path(kind)}{within}/{kind.mapping.resource}"
    one = f"{many}/{{name}}"
    for path, verbs in ((many, ("list", "create")), (one, ("get", "update", "patch", "delete"))):
        known = [verb for verb in verbs if verb in kind.entry["verbs"]]
        yield path, {_METHODS.get(verb, verb): _build_operation(kind, verb) for verb in known}


def _build_operation(kind: Kind, verb: str) -> Object:
    """The operation of a verb: its parameters and kind, and for a patch the content types."""
    names = _WRITES if verb in ("create", "update", "patch") else ("dryRun",) if verb == "delete" else ()
    schema = {"type": "string", "uniqueItems": True}
    types = [JSON_PATCH, MERGE, *([] if kind.custom else [STRATEGIC])]
    body: Object = {"requestBody": {"content": {type: {} for type in types}}} if verb == "patch" else {}
    return {
        **body,
        "parameters": [{"name": name, "in": "query", "schema": schema} for name in names],
        "responses": {},
        "x-kubernetes-action": verb,
        "x-kubernetes-group-version-kind": _gvk(kind),
    }


def _gvk(kind: Kind) -> Object:
    """A kind as `x-kubernetes-group-version-kind` names it."""
    return {"group": kind.mapping.group, "version": kind.mapping.version, "kind": kind.mapping.kind}


def _collect_schemas(kinds: list[Kind]) -> Object:
    """The schemas of the kinds, and all that they refer to, by name."""
    found: dict[str, object] = {_schema_name(kind): kind_schema(kind) for kind in kinds if kind.custom}
    pending = [name for kind in kinds for name in _find_references(kind_schema(kind))]
    while pending:
        name = pending.pop()
        if name not in found:
            schema = recorded_facts()["schemas"][name]
            found[name] = _link_references(schema)
            pending.extend(_find_references(schema))
    return found


def _find_references(schema: object) -> Iterator[str]:
    """Yield the names of the schemas to which a schema refers itself."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]
        yield from concat(map(_find_references, schema.values()))
    elif isinstance(schema, list):
        yield from concat(map(_find_references, schema))


def _link_references(schema: object) -> object:
    """A recorded schema with its references as OpenAPI writes them: wrapped if they have siblings."""
    if isinstance(schema, list):
        return [_link_references(inner) for inner in schema]
    if not isinstance(schema, Mapping):
        return schema
    name = schema.get("$ref")
    if not isinstance(name, str):
        return {key: _link_references(inner) for key, inner in schema.items()}
    link = {"$ref": f"#/components/schemas/{name}"}
    siblings = {key: inner for key, inner in schema.items() if key != "$ref"}
    return {"allOf": [link], **siblings} if siblings else link


def _schema_name(kind: Kind) -> str:
    """The name of a custom kind's schema, with the parts of its group reversed."""
    domain = ".".join(reversed(kind.mapping.group.split(".")))
    return f"{domain}.{kind.mapping.version}.{kind.mapping.kind}"


def kind_schema(kind: Kind) -> Object:
    """The schema of a kind; that of a custom one with the fields that every object has."""
    if not kind.custom:
        return kind.schema
    meta = {"allOf": [{"$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}]}
    typed = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": meta}
    properties = {**(kind.schema.get("properties") or {}), **typed}
    return {**kind.schema, "properties": properties, "x-kubernetes-group-version-kind": [_gvk(kind)]}
