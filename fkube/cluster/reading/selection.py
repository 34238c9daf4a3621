"""Selections: which stored objects a list or watch asks for, and the form in which it wants them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from returns.result import Failure, Result, Success
from toolz import get_in

from fkube.cluster.calls import Call, read_call
from fkube.cluster.kinds import Kind, end_of_prefix
from fkube.cluster.reading.forms import requested_form
from fkube.cluster.state import State
from fkube.cluster.statuses import bad_request
from fkube.exchange.conversation import Request, Response
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Info, Object
from fkube.resource.selectors import FieldSelector, LabelSelector, field_selector, field_value, label_selector


@dataclass(frozen=True, slots=True)
class Choice:
    """The objects that a list or watch asks for: stored under start <= key < end, and chosen by `holds`.

    `selective`: a selector leaves some of them out.
    """

    call: Call
    start: str
    end: str
    holds: Callable[[Object], bool]
    selective: bool = False


def read_choice(state: State, request: Request) -> Result[Choice, Response]:
    """The objects that a list or watch request asks for. Errors: 400, 404, 406."""
    return read_call(state.served, request).bind(choose_objects)


def choose_objects(call: Call) -> Result[Choice, Response]:
    """The objects that a list or watch call asks for; a path that names one object chooses that one."""
    selective = any(call.query.get(selector) for selector in ("labelSelector", "fieldSelector"))
    start = call.target.key
    end = start + "\0" if call.target.name else end_of_prefix(start)
    return Result.do(
        Choice(call, start, end, holds, selective)
        for _ in requested_form(call)
        for holds in (_object_filter(call) if selective else Success(lambda _: True))
    )


def _object_filter(call: Call) -> Result[Callable[[Object], bool], Response]:
    """A predicate of objects that a call's selectors make. Errors: 400."""
    labels = label_selector(call.query.get("labelSelector", ""))
    fields = field_selector(call.query.get("fieldSelector", ""))
    return Result.do(
        partial(_is_selected, by_label, by_field)
        for by_label in labels.alt(lambda error: bad_request(error.message))
        for by_field in fields.alt(lambda error: bad_request(error.message))
        for _ in _check_fields(call.kind, by_field)
    )


def _check_fields(kind: Kind, fields: FieldSelector) -> Result[FieldSelector, Response]:
    """The selector, if objects of the kind can be selected by its fields. Errors: 400."""
    known = kind.facts.get("fields", ())
    unknown = next((term.field for term in fields.terms if term.field not in known), None)
    if unknown is None:
        return Success(fields)
    if set(known) == {"metadata.name", "metadata.namespace"} and not kind.custom:
        hint = 'only "metadata.name", "metadata.namespace"'
        return Failure(bad_request(f'"{unknown}" is not a known field selector: {hint}'))
    return Failure(bad_request(f"field label not supported: {unknown}"))


def _is_selected(labels: LabelSelector, fields: FieldSelector, object: Object) -> bool:
    """Whether an object matches both selectors."""
    matches = (term.matches({term.field: _field_text(object, term.field)}) for term in fields.terms)
    return labels.matches(object["metadata"].get("labels") or {}) and all(matches)


def _field_text(object: Object, field: str) -> str:
    """A field that selectors can name, as text; a missing one as its zero value."""
    if field == "source":
        return str(get_in(["source", "component"], object) or object.get("reportingComponent") or "")
    return field_value(Info(object), field) or _ZEROS.get(field, "")


_ZEROS = {
    "status.replicas": "0",
    "status.successful": "0",
    "spec.unschedulable": "false",
    "spec.hostNetwork": "false",
}
"""The text of selectable fields that are missing, where it is not empty."""
