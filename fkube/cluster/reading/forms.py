"""Stored objects in the form that a request accepts: themselves, their metadata alone, or a table. Pure.

Follows `transformResponseObject` and `doTransformObject` of apiserver.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from returns.result import Failure, Result, Success
from toolz import dissoc

from fkube.cluster.calls import Call
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.replicas import scale_of
from fkube.cluster.reading.tables import column_definitions, row_cells
from fkube.cluster.state import State
from fkube.cluster.statuses import failure_status, json_response
from fkube.exchange.conversation import Response
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Object

_LOOSE = "application/*"
_MEDIA = frozenset({"", "*/*", _LOOSE, "application/json", "application/yaml"})
_OFFERED = ("application/json", "application/yaml", "application/vnd.kubernetes.protobuf")
_TYPE = ("apiVersion", "kind")
_FORMS = ("Table", "PartialObjectMetadata", "PartialObjectMetadataList")


@dataclass(frozen=True, slots=True)
class Form:
    """What an Accept header asks for: `as_` is empty, Table, PartialObjectMetadata or …List."""

    as_: str = ""
    api_version: str = "meta.k8s.io/v1"


@cache
def parse_accept(accept: str) -> Form | None:
    """The first form in an Accept header that the server has, or None.

    >>> parse_accept("application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
    Form(as_='Table', api_version='meta.k8s.io/v1')
    """
    return next((form for clause in accept.split(",") if (form := _parse_clause(clause)) is not None), None)


def _parse_clause(clause: str) -> Form | None:
    """The form that one clause of an Accept header asks for, None if the server does not have it."""
    media, *parameters = (part.strip() for part in clause.split(";"))
    named = dict(parameter.partition("=")[::2] for parameter in parameters)
    if media not in _MEDIA:
        return None
    if not named.get("as"):
        return Form()
    known = named.get("g") == "meta.k8s.io" and named.get("v") in ("v1", "v1beta1")
    return Form(named["as"], f"meta.k8s.io/{named['v']}") if known and named["as"] in _FORMS else None


def requested_form(call: Call) -> Result[Form, Response]:
    """The form that a call asks for. Errors: 406 for one that the server does not have."""
    clauses = [clause.partition(";")[0].strip() for clause in call.request.accept.split(",")]
    # The router of built-in kinds compares media types strictly.
    if not call.kind.custom and not any(clause in _MEDIA and clause != _LOOSE for clause in clauses):
        streams = () if call.target.name else tuple(f"{_OFFERED[n]};stream=watch" for n in (0, 2))
        message = f"406: Not Acceptable\n\nAvailable representations: {', '.join((*_OFFERED, *streams))}"
        return Failure(failure_status(406, "NotAcceptable", message, {}))
    if (form := parse_accept(call.request.accept)) is not None:
        return Success(form)
    message = f"only the following media types are accepted: {', '.join(_OFFERED)}"
    return Failure(failure_status(406, "NotAcceptable", message))


def check_form(call: Call, form: Form) -> Result[Form, Response]:
    """The form, if it fits what is read: no list's form for one object, no object's form for a list.

    Errors: 406.
    """
    one, many = _FORMS[1:]
    mistaken, what, suffix = (many, "not a list", "") if call.target.name else (one, "a list", "List")
    if form.as_ != mistaken:
        return Success(form)
    mapping = call.kind.mapping
    group = mapping.group.partition(".")[0] or "core"
    go = "unstructured.Unstructured" if call.kind.custom else f"{group}.{mapping.kind}"
    message = f"you requested {mistaken}, but the requested object is {what} (*{go}{suffix})"
    return Failure(failure_status(406, "NotAcceptable", message))


def at_version(kind: Kind, object: Object) -> Object:
    """The object with the apiVersion of a kind: versions of a built-in kind differ by their name alone."""
    version = kind.mapping.api_version
    return object if object["apiVersion"] == version else {**object, "apiVersion": version}


def view_object(state: State, call: Call, object: Object) -> Object:
    """The object in the form that a call accepts; a form that the server does not have is ignored."""
    form = parse_accept(call.request.accept) or Form()
    if call.target.subresource == "scale":
        return scale_of(call.kind, object)
    if form.as_ == "Table":
        version = object["metadata"].get("resourceVersion", "")
        return _build_table(state, call, form, [object], {"resourceVersion": version})
    return _partial_metadata(form, object) if form.as_ else at_version(call.kind, object)


def _partial_metadata(form: Form, object: Object) -> Object:
    """The metadata of an object alone, as `PartialObjectMetadata`."""
    typed = {"kind": "PartialObjectMetadata", "apiVersion": form.api_version}
    return {**typed, "metadata": object["metadata"]}


def object_response(state: State, call: Call, status: int, object: Object) -> Response:
    """The response that has an object in it, such as the one that a write left."""
    return json_response(status, view_object(state, call, object))


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """Some objects of a list by key, the state they were read from, and the list's own metadata."""

    past: State
    items: tuple[tuple[str, Object], ...]
    metadata: Object


def page_response(call: Call, page: Page) -> Response:
    """A page as the list that a call accepts."""
    form, kind = parse_accept(call.request.accept) or Form(), call.kind
    objects = [object for _, object in page.items]
    metadata = {"resourceVersion": str(page.past.version), **page.metadata}
    if form.as_ == "Table":
        return json_response(200, _build_table(page.past, call, form, objects, metadata))
    if form.as_:
        name, version = "PartialObjectMetadataList", form.api_version
        items = [_partial_metadata(form, one) for one in objects] or None
    else:
        name, version = f"{kind.mapping.kind}List", kind.mapping.api_version
        metadata = {"continue": "", **metadata} if kind.custom else metadata
        # A built-in list says the type of its items once.
        items = [at_version(kind, one) if kind.custom else dissoc(one, *_TYPE) for one in objects]
    return json_response(200, {"kind": name, "apiVersion": version, "metadata": metadata, "items": items})


def _build_table(state: State, call: Call, form: Form, objects: Sequence[Object], metadata: Object) -> Object:
    """Objects as the rows of a `Table`; `metadata`: that of the table, such as its version.

    The query's `includeObject` says what of each object stands beside its cells.
    """
    kind, include = call.kind, dict(call.request.query).get("includeObject", "")
    shown = [at_version(kind, object) for object in objects]
    return {
        "kind": "Table",
        "apiVersion": form.api_version,
        "metadata": metadata,
        "columnDefinitions": column_definitions(kind),
        "rows": [
            {"cells": row_cells(kind, one, state.now), "object": _row_object(include, form, one)}
            for one in shown
        ],
    }


def _row_object(include: str, form: Form, object: Object) -> Object | None:
    """What a row says of its object besides the cells: nothing, all, or its metadata (`include`)."""
    if include == "None":
        return None
    return object if include == "Object" else _partial_metadata(form, object)
