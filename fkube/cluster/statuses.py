"""Responses of the API server: objects, plain text, and each `Status` in its words. Pure.

Follows `k8s.io/apimachinery/pkg/api/errors` and `pkg/util/validation/field`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from fkube.exchange.conversation import Response
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Object, RESTMapping

_STATUS: Object = {"kind": "Status", "apiVersion": "v1", "metadata": {}}
HEADERS = (("content-type", "application/json"), ("cache-control", "no-cache, private"))


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with a field (`field.Error`); the reason is a `metav1.CauseType`."""

    field: str
    reason: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def invalid_field(field: str, value: object, why: str) -> FieldError:
    """`field.Invalid`: a value that the field can't have."""
    shown = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return FieldError(field, "FieldValueInvalid", f"Invalid value: {shown}: {why}")


def required_field(field: str, why: str = "") -> FieldError:
    """`field.Required`: a value that is missing."""
    return FieldError(field, "FieldValueRequired", f"Required value{': ' if why else ''}{why}")


def forbidden_field(field: str, why: str) -> FieldError:
    """`field.Forbidden`: a value that may not be there."""
    return FieldError(field, "FieldValueForbidden", f"Forbidden: {why}")


def unsupported_field(field: str, value: object, supported: Sequence[str]) -> FieldError:
    """`field.NotSupported`: a value outside an enumeration."""
    values = ", ".join(json.dumps(one) for one in supported)
    message = f"Unsupported value: {json.dumps(value)}: supported values: {values}"
    return FieldError(field, "FieldValueNotSupported", message)


def json_response(status: int, body: object) -> Response:
    """A response whose body is JSON data."""
    return Response(status, body, HEADERS)


def add_warnings(response: Response, warnings: Sequence[str]) -> Response:
    """The response with warnings in its headers; one that refuses a request can have them too."""
    headers = tuple(("warning", f"299 - {json.dumps(warning)}") for warning in warnings)
    return replace(response, headers=(*response.headers, *headers))


def text_response(status: int, body: str) -> Response:
    """A response that is plain text."""
    plain, safe = ("content-type", "text/plain; charset=utf-8"), ("x-content-type-options", "nosniff")
    return Response(status, body, (plain, *HEADERS[1:], safe))


def page_not_found() -> Response:
    """404 in plain text, for a path that belongs to no API."""
    return text_response(404, "404 page not found\n")


def failure_status(code: int, reason: str, message: str, details: Object | None = None) -> Response:
    """A response that refuses a request, with a `Status` that says why."""
    optional = {**({"reason": reason} if reason else {}), **({} if details is None else {"details": details})}
    return json_response(code, {**_STATUS, "status": "Failure", "message": message, **optional, "code": code})


def success_status(mapping: RESTMapping, object: Object) -> Response:
    """200 with the `Status` of an object that was deleted."""
    details = {**_object_details(mapping, object["metadata"]["name"]), "uid": object["metadata"]["uid"]}
    return json_response(200, {**_STATUS, "status": "Success", "details": details})


def bad_request(message: str) -> Response:
    """The response 400 BadRequest with this message."""
    return failure_status(400, "BadRequest", message)


def not_found(mapping: RESTMapping, name: str) -> Response:
    """404 for an object."""
    message = f'{mapping.qualified} "{name}" not found'
    return failure_status(404, "NotFound", message, _object_details(mapping, name))


def no_resource() -> Response:
    """404 for a resource that an API group does not serve."""
    return failure_status(404, "NotFound", "the server could not find the requested resource", {})


def no_method() -> Response:
    """405 for a method that a path does not have."""
    message = "the server does not allow this method on the requested resource"
    return failure_status(405, "MethodNotAllowed", message, {})


def already_exists(mapping: RESTMapping, name: str, dying: bool = False) -> Response:
    """409 for a name that is taken, perhaps by an object that is being deleted."""
    message = f'{"object is being deleted: " if dying else ""}{mapping.qualified} "{name}" already exists'
    return failure_status(409, "AlreadyExists", message, _object_details(mapping, name))


def conflict(mapping: RESTMapping, name: str, why: str, kind: str = "") -> Response:
    """409 for an object that is not at the version, or not the one, that the request names.

    `kind`: the kind to name in place of the resource, as for preconditions of a deletion.
    """
    about = {**_object_details(mapping, name), **({"kind": kind} if kind else {})}
    what = f"{kind}.{mapping.group}".rstrip(".") if kind else mapping.qualified
    message = f'Operation cannot be fulfilled on {what} "{name}": {why}'
    return failure_status(409, "Conflict", message, about)


def forbidden(mapping: RESTMapping, name: str, why: str, causes: Sequence[Object] = ()) -> Response:
    """403 for an object that may not be written."""
    about = {**_object_details(mapping, name), **({"causes": list(causes)} if causes else {})}
    return failure_status(403, "Forbidden", f'{mapping.qualified} "{name}" is forbidden: {why}', about)


def invalid(group: str, kind: str, name: str, errors: Sequence[FieldError]) -> Response:
    """422 for an object whose fields are wrong, with a cause for each error."""
    causes = [{"reason": e.reason, "message": e.message, "field": e.field} for e in errors]
    details = _drop_empty({"name": name, "group": group, "kind": kind, "causes": causes})
    listed = ", ".join(dict.fromkeys(map(str, errors)))
    problem = f"[{listed}]" if len(errors) > 1 else listed
    what = f"{kind}.{group}" if group else kind
    return failure_status(422, "Invalid", f'{what} "{name}" is invalid: {problem}', details)


def too_large_version(asked: int, current: int) -> Response:
    """504 for a resourceVersion that is not reached yet."""
    cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
    message = f"Timeout: Too large resource version: {asked}, current: {current}"
    return failure_status(504, "Timeout", message, {"causes": [cause], "retryAfterSeconds": 1})


def not_a_number(text: str, function: str = "ParseInt", why: str = "invalid syntax") -> str:
    """What Go's strconv says of a text that is no number."""
    return f'strconv.{function}: parsing "{text}": {why}'


def _object_details(mapping: RESTMapping, name: str) -> Object:
    """What the `details` of a `Status` say of an object: its name, group and resource."""
    return _drop_empty({"name": name, "group": mapping.group, "kind": mapping.resource})


def _drop_empty(details: Object) -> Object:
    return {key: value for key, value in details.items() if value}
