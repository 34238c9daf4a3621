"""Stored objects in the form that a request accepts: themselves, partial metadata, or a table. Pure.

Follows `transformResponseObject` and `doTransformObject` of apiserver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Call
from fkube.cluster.kinds import Kind, Target
from fkube.cluster.kinds.replicas import scale_of
from fkube.cluster.reading.tables import column_definitions, row_cells
from fkube.cluster.state import State
from fkube.cluster.statuses import failure_status, json_response
from fkube.exchange.conversation import Request, Response
from fkube.resource.info import Object

_LOOSE = "application/*"
MEDIA = frozenset({"", "*/*", _LOOSE, "application/json", "application/yaml"})


@dataclass(frozen=True, slots=True)
class Form:
    """What an Accept header asks for: `as_` is empty, Table, PartialObjectMetadata or …List; its version."""

    as_: str = ""
    version: str = "v1"


@cache
def parse_accept(accept: str) -> Form | None:
    """The first form in an Accept header that can be given, or None.

    >>> parse_accept("application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
    Form(as_='Table', version='v1')
    """
    return next((form for clause in accept.split(",") if (form := _parse_clause(clause)) is not None), None)


def _parse_clause(clause: str) -> Form | None:
    media, *parameters = (part.strip() for part in clause.split(";"))
    named = dict(parameter.partition("=")[::2] for parameter in parameters)
    if media not in MEDIA:
        return None
    if not named.get("as"):
        return Form()
    known = named["as"] in ("Table", "PartialObjectMetadata", "PartialObjectMetadataList")
    fits = known and named.get("g") == "meta.k8s.io" and named.get("v") in ("v1", "v1beta1")
    return Form(named["as"], named["v"]) if fits else None


def requested_form(call: Call) -> Result[Form, Response]:
    """The form that a call asks for. Errors: 406 for one that can't be given."""
    form = parse_accept(call.request.accept)
    return Success(form) if form is not None and _is_routed(call) else Failure(_unacceptable_media(call))


def _is_routed(call: Call) -> bool:
    """Whether a request gets to its kind: to built-in ones they are routed by media type, strictly."""
    clauses = (clause.partition(";")[0].strip() for clause in call.request.accept.split(","))
    return call.target.kind.custom or any(clause in MEDIA and clause != _LOOSE for clause in clauses)


def check_form(call: Call, form: Form) -> Result[Form, Response]:
    """The form, if one object or a list of them can have it. Errors: 406."""
    listing = not call.target.name
    mistaken = "PartialObjectMetadata" if listing else "PartialObjectMetadataList"
    if form.as_ != mistaken:
        return Success(form)
    mapping = call.target.kind.mapping
    group = mapping.group.partition(".")[0] or "core"
    go = "unstructured.Unstructured" if call.target.kind.custom else f"{group}.{mapping.kind}"
    type = f"*{go}{'List' if listing else ''}"
    what = "a list" if listing else "not a list"
    message = f"you requested {mistaken}, but the requested object is {what} ({type})"
    return Failure(failure_status(406, "NotAcceptable", message))


def _unacceptable_media(call: Call) -> Response:
    media = ("application/json", "application/yaml", "application/vnd.kubernetes.protobuf")
    if _is_routed(call):
        message = f"only the following media types are accepted: {', '.join(media)}"
        return failure_status(406, "NotAcceptable", message)
    streams = () if call.target.name else (f"{media[0]};stream=watch", f"{media[2]};stream=watch")
    message = f"406: Not Acceptable\n\nAvailable representations: {', '.join((*media, *streams))}"
    return failure_status(406, "NotAcceptable", message, {})


def at_version(kind: Kind, object: Object) -> Object:
    """The object at the version of a path. Versions of a built-in kind are told apart by their name alone."""
    version = kind.mapping.api_version
    return object if object["apiVersion"] == version else {**object, "apiVersion": version}


def object_view(state: State, target: Target, request: Request, form: Form) -> Callable[[Object], Object]:
    """How a request shows one object."""
    if target.subresource == "scale":
        return lambda one: scale_of(target.kind, one)
    if form.as_ == "Table":
        return lambda one: build_table(state, target, request, form, [one], _table_metadata(one))
    if form.as_:
        return lambda one: _partial_metadata(form, one)
    return lambda one: at_version(target.kind, one)


def _table_metadata(object: Object) -> Object:
    return {"resourceVersion": object["metadata"].get("resourceVersion", "")}


def _partial_metadata(form: Form, object: Object) -> Object:
    named = {"kind": "PartialObjectMetadata", "apiVersion": f"meta.k8s.io/{form.version}"}
    return {**named, "metadata": object["metadata"]}


def write_response(state: State, call: Call, status: int, object: Object) -> Response:
    """The answer to a write: the object as it was left. No form asked for is a reason to refuse it."""
    form = parse_accept(call.request.accept) or Form()
    if not form.as_ and not call.target.subresource:
        return json_response(status, at_version(call.target.kind, object))
    return json_response(status, object_view(state, call.target, call.request, form)(object))


def list_response(
    target: Target, request: Request, state: State, objects: Sequence[Object], metadata: Object
) -> Response:
    """Objects as the list that a request accepts, with the list's metadata besides its version."""
    form = parse_accept(request.accept) or Form()
    told = {"resourceVersion": str(state.version), **metadata}
    if form.as_ == "Table":
        shown_as = build_table(state, target, request, form, objects, told)
    elif form.as_:
        items = [_partial_metadata(form, one) for one in objects]
        shown_as = _list_object(
            "PartialObjectMetadataList", f"meta.k8s.io/{form.version}", told, items or None
        )
    else:
        shown_as = _plain_list(target.kind, told, objects)
    return json_response(200, shown_as)


def _plain_list(kind: Kind, told: Object, objects: Sequence[Object]) -> Object:
    """The list that a kind has; of a built-in kind its items do not repeat what they are."""
    named = f"{kind.mapping.kind}List", kind.mapping.api_version
    if kind.custom:
        return _list_object(*named, {"continue": "", **told}, [at_version(kind, one) for one in objects])
    return _list_object(*named, told, [_without_type(one) for one in objects])


def _list_object(kind: str, version: str, metadata: Object, items: list[Object] | None) -> Object:
    return {"kind": kind, "apiVersion": version, "metadata": metadata, "items": items}


def _without_type(object: Object) -> Object:
    """An item of a list of a built-in kind, which says its type once."""
    return {key: value for key, value in object.items() if key not in ("apiVersion", "kind")}


def build_table(
    state: State, target: Target, request: Request, form: Form, objects: Sequence[Object], metadata: Object
) -> Object:
    """Objects as the rows of a `Table`; what stands in a row beside its cells, `includeObject` says."""
    kind = target.kind
    version = f"meta.k8s.io/{form.version}"
    include = dict(request.query).get("includeObject") or "Metadata"
    within = _WITHIN.get(include, _WITHIN["Metadata"])
    rows = [
        {"cells": row_cells(kind, object, state.now), **within(form, at_version(kind, object))}
        for object in objects
    ]
    head = {"kind": "Table", "apiVersion": version, "metadata": metadata}
    return {**head, "columnDefinitions": column_definitions(kind), "rows": rows}


_WITHIN: Mapping[str, Callable[[Form, Object], Object]] = {
    "None": lambda _, __: {"object": None},
    "Metadata": lambda form, one: {"object": _partial_metadata(form, one)},
    "Object": lambda _, one: {"object": one},
}
