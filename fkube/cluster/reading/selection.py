"""What of the stored objects a request sees, and in which form, for reading, listing and watching. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from returns.result import Failure, Result, Success
from toolz import get_in

from fkube.cluster.calls import Call, read_call
from fkube.cluster.kinds import Kind, Target, end_of_prefix
from fkube.cluster.reading.forms import Form, object_view, requested_form
from fkube.cluster.state import State
from fkube.cluster.statuses import bad_request
from fkube.exchange.conversation import Request, Response
from fkube.resource.info import Info, Object
from fkube.resource.selectors import FieldSelector, LabelSelector, field_selector, field_value, label_selector


@dataclass(frozen=True, slots=True)
class Choice:
    """The objects that a list or watch asks for: stored under start <= key < end, and chosen by `holds`.

    `show` is one object in the version and form that the request accepts: itself, a Table of one (whose ages
    are those in a state), PartialObjectMetadata; `typed` the apiVersion and kind of the objects.
    """

    target: Target
    start: str
    end: str
    holds: Callable[[Object], bool]
    show: Callable[[State, Object], Object]
    form: Form
    typed: Object
    selective: bool = False


def read_choice(state: State, request: Request) -> Result[Choice, Response]:
    """What a list or watch request asks for. Errors: the response that refuses it (404, 400, 406)."""
    return read_call(state.served, request).bind(choose_objects)


def choose_objects(found: Call) -> Result[Choice, Response]:
    """What a list or watch call asks for; one object's path chooses that one."""
    return requested_form(found).bind(
        lambda form: _object_filter(found).map(
            lambda holds: Choice(
                found.target,
                *_key_range(found.target),
                holds,
                lambda now, object: object_view(now, found.target, found.request, form)(object),
                form,
                _type_meta(found.target.kind),
                selective=holds is not _any_object,
            )
        )
    )


def _key_range(target: Target) -> tuple[str, str]:
    if target.name:
        return target.key, target.key + "\0"
    return target.prefix, end_of_prefix(target.prefix)


def _type_meta(kind: Kind) -> Object:
    return {"kind": kind.mapping.kind, "apiVersion": kind.mapping.api_version}


def _any_object(_: Object) -> bool:
    return True


def _object_filter(found: Call) -> Result[Callable[[Object], bool], Response]:
    """Whether an object is selected, as a function. Errors: 400 for selectors that can't be read."""
    by_label, by_field = found.query.get("labelSelector", ""), found.query.get("fieldSelector", "")
    if not by_label and not by_field:
        return Success(_any_object)
    return (
        label_selector(by_label)
        .bind(lambda labels: field_selector(by_field).map(lambda fields: (labels, fields)))
        .alt(lambda error: bad_request(error.message))
        .bind(
            lambda both: _check_fields(found.target.kind, both[1]).map(
                lambda fields: _match_selectors(both[0], fields)
            )
        )
    )


def _check_fields(kind: Kind, fields: FieldSelector) -> Result[FieldSelector, Response]:
    known = kind.facts.get("fields", ())
    strange = next((term.field for term in fields.terms if term.field not in known), None)
    if strange is None:
        return Success(fields)
    if set(known) == {"metadata.name", "metadata.namespace"} and not kind.custom:
        hint = 'only "metadata.name", "metadata.namespace"'
        return Failure(bad_request(f'"{strange}" is not a known field selector: {hint}'))
    return Failure(bad_request(f"field label not supported: {strange}"))


def _match_selectors(labels: LabelSelector, fields: FieldSelector) -> Callable[[Object], bool]:
    def holds(object: Object) -> bool:
        return labels.matches(object["metadata"].get("labels") or {}) and fields.matches(
            _field_values(object, fields)
        )

    return holds


def _field_values(object: Object, fields: FieldSelector) -> Mapping[str, str]:
    info = Info(object)
    return {term.field: _ALIASES.get(term.field, field_value)(info, term.field) for term in fields.terms}


def _event_source(info: Info, _: str) -> str:
    return str(get_in(["source", "component"], info.object) or info.object.get("reportingComponent") or "")


def _number_field(info: Info, field: str) -> str:
    return field_value(info, field) or "0"


def _boolean_field(info: Info, field: str) -> str:
    return field_value(info, field) or "false"


_ALIASES: Mapping[str, Callable[[Info, str], str]] = {
    "source": _event_source,
    "status.replicas": _number_field,
    "status.successful": _number_field,
    "spec.unschedulable": _boolean_field,
    "spec.hostNetwork": _boolean_field,
}
"""Selectable fields that are no plain text at their path."""
