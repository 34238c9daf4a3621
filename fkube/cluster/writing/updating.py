"""PUT and PATCH: an object changed, as the API server does it. Pure.

Follows `UpdateResource`, `PatchResource`, `BeforeUpdate` and `Store.Update` of apiserver.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call, check_options, with_warnings
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.definitions import CRDS, kind_errors
from fkube.cluster.kinds.finalizers import finalizer_warnings
from fkube.cluster.kinds.objectmeta import sort_as_go, update_errors
from fkube.cluster.reading.forms import at_version, write_response
from fkube.cluster.state import State
from fkube.cluster.statuses import (
    bad_request,
    conflict,
    failure_status,
    invalid,
    invalid_field,
    not_found,
)
from fkube.cluster.writing.applying import APPLY, apply_configuration, check_apply_options
from fkube.cluster.writing.bodies import Body, decode_body
from fkube.cluster.writing.creating import content_errors, create_object, place_draft
from fkube.cluster.writing.drafts import Draft, read_draft, shape_draft
from fkube.cluster.writing.effects import NAMESPACES, finish_deletion, remove_object, store_object
from fkube.cluster.writing.managedfields import update_managers, with_managers
from fkube.cluster.writing.patching import apply_patch, check_patch_type, patch_type
from fkube.cluster.writing.revising import revise_object
from fkube.exchange.conversation import Response
from fkube.merging.fields.managers import Manager
from fkube.merging.fields.updating import Applied
from fkube.resource.info import Object

MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def update(state: State, call: Call) -> Answer:
    """PUT: the object replaced, or made if its kind lets PUT do that."""
    kind = call.target.kind
    return (
        check_options("UpdateOptions", call)
        .bind(lambda _: decode_body(call.request, kind.mapping.kind))
        .bind(lambda body: read_draft(kind, body, call.query.get("fieldValidation", "")))
        .bind(
            lambda found: with_warnings(
                found.warnings, check_identity(call, found).bind(lambda here: _put_draft(state, call, here))
            )
        )
    )


def patch(state: State, call: Call) -> Answer:
    """PATCH: the object with a patch, or a configuration, applied."""
    if patch_type(call) == APPLY:
        return check_apply_options(call).bind(lambda _: _apply_patch(state, call))
    options = check_patch_type(call).bind(lambda found: check_options("PatchOptions", found))
    old = state.objects.get(call.target.key)
    if old is None:
        return options.bind(lambda _: Failure(not_found(call.target.kind.mapping, call.target.name)))
    current = at_version(call.target.kind, old)
    return (
        options.bind(lambda _: apply_patch(call, current))
        .bind(lambda left: _read_patched(call, left))
        .bind(
            lambda found: with_warnings(
                found.warnings,
                check_identity(call, found).bind(lambda here: replace_object(state, call, old, here)),
            )
        )
    )


def _apply_patch(state: State, call: Call) -> Answer:
    """The object with a configuration applied, or made of it."""
    stored = state.objects.get(call.target.key)
    if stored is None and call.target.subresource:
        return Failure(not_found(call.target.kind.mapping, call.target.name))
    live = None if stored is None else at_version(call.target.kind, stored)
    return apply_configuration(state, call, live).bind(lambda left: _store_applied(state, call, stored, left))


def _store_applied(state: State, call: Call, old: Object | None, left: Applied) -> Answer:
    here = _read_patched(call, left.object).bind(lambda found: check_identity(call, found))
    if old is not None:
        return here.bind(lambda found: replace_object(state, call, old, found, left.managers))
    return here.bind(lambda found: create_object(state, call, found, left.managers))


def _read_patched(call: Call, object: Any) -> Result[Draft, Response]:
    """What a patch left, decoded as if it had been sent. Errors: 422 that shows it."""
    found = shape_draft(call.target.kind, Body(object), call.query.get("fieldValidation", ""))
    return found.alt(
        lambda why: why if isinstance(why, Response) else _invalid_patch(call.target.kind, object, why)
    )


def _invalid_patch(kind: Kind, object: Object, why: str) -> Response:
    shown = json.dumps(sort_as_go(object), separators=(",", ":"), ensure_ascii=False)
    # A Secret's data is in no error.
    value = {} if kind.mapping.kind == "Secret" else shown
    return invalid("", "", "", (invalid_field("patch", value, why),))


def check_identity(call: Call, found: Draft) -> Result[Draft, Response]:
    """The draft, if it is the object that the path points to."""
    return _check_name(call, found).bind(lambda named: place_draft(call, named))


def _check_name(call: Call, found: Draft) -> Result[Draft, Response]:
    """The draft, if its name is the one in the path."""
    name, wanted = found.object["metadata"].get("name") or "", call.target.name
    if name == wanted:
        return Success(found)
    if not name:
        return Failure(
            bad_request(
                f"the name of the object ({wanted} based on URL) was undeterminable: name must be provided"
            )
        )
    return Failure(
        bad_request(f"the name of the object ({name}) does not match the name on the URL ({wanted})")
    )


def _put_draft(state: State, call: Call, found: Draft) -> Answer:
    kind, key = call.target.kind, call.target.key
    old = state.objects.get(key)
    if old is None and (call.target.subresource or not kind.facts.get("upsert")):
        return Failure(not_found(kind.mapping, call.target.name))
    given, real = found.object["metadata"].get("uid"), old["metadata"]["uid"] if old else ""
    if given and given != real:
        return Failure(conflict(kind.mapping, call.target.name, _uid_message(call, given, real)))
    return replace_object(state, call, old, found) if old else _create_by_put(state, call, found)


def _create_by_put(state: State, call: Call, found: Draft) -> Answer:
    """The object made by PUT, whatever version it says to have."""
    bare = {k: v for k, v in found.object["metadata"].items() if k not in ("resourceVersion", "uid")}
    made = replace(found, object={**found.object, "metadata": bare})
    return _parse_version(found.object["metadata"]).bind(lambda _: create_object(state, call, made))


def _uid_message(call: Call, given: str, real: str) -> str:
    place = f"{call.target.kind.mapping.resource}/{call.target.key.removeprefix(call.target.kind.prefix)}"
    wrong = f"Precondition failed: UID in precondition: {given}, UID in object meta: {real}"
    root = "" if call.dry else "/registry"
    key = f"StorageError: invalid object, Code: 4, Key: {root}/{place}, ResourceVersion: 0"
    return f"{key}, AdditionalErrorMsg: {wrong}"


def replace_object(
    state: State, call: Call, old: Object, new: Draft, managers: Sequence[Manager] | None = None
) -> Answer:
    """The state after the update, if it is of the version that is stored and leaves a valid object.

    `managers`: of its fields, where they are known already.
    """

    def stamped(left: Object) -> Object:
        if managers is not None:
            return with_managers(left, managers)
        return update_managers(state, call, at_version(call.target.kind, old), left, new.managed)

    return (
        _check_version(call, old, new.object["metadata"])
        .map(lambda _: stamped(revise_object(state, call, old, new.object)))
        .bind(lambda left: _validate_update(call.target.kind, left, old))
        .bind(lambda left: _warn_of_finalizers(state, call, old, left))
    )


def _warn_of_finalizers(state: State, call: Call, old: Object, object: Object) -> Answer:
    told = finalizer_warnings(call.target.kind, object["metadata"], old["metadata"])
    return with_warnings(told, Success(_store_updated(state, call, old, object)))


def _check_version(call: Call, old: Object, metadata: Object) -> Result[None, Response]:
    """Whether an update is of the object as it is stored."""
    kind, name = call.target.kind, call.target.name
    return _parse_version(metadata).bind(lambda version: _compare_version(kind, name, version, old))


def _parse_version(metadata: Object) -> Result[str, Response]:
    """The version that an update is of, 0 for none. Errors: 500 for one that is no number."""
    version = metadata.get("resourceVersion") or "0"
    if version.isdecimal():
        return Success(version)
    return Failure(failure_status(500, "", f'strconv.ParseUint: parsing "{version}": invalid syntax'))


def _compare_version(kind: Kind, name: str, version: str, old: Object) -> Result[None, Response]:
    """Whether a version is the stored object's, or need not be given."""
    if int(version) == 0:
        allowed = kind.facts.get("unconditional", True)
        missing = invalid(kind.mapping.group, kind.mapping.resource, name, (_NO_VERSION,))
        return Success(None) if allowed else Failure(missing)
    same = version == old["metadata"]["resourceVersion"]
    return Success(None) if same else Failure(conflict(kind.mapping, name, MODIFIED))


_NO_VERSION = invalid_field("metadata.resourceVersion", 0, "must be specified for an update")


def _validate_update(kind: Kind, object: Object, old: Object) -> Result[Object, Response]:
    metadata = object["metadata"]
    content = kind_errors(kind, object) or content_errors(kind, object)
    problems = (*update_errors(kind, metadata, old["metadata"]), *content)
    if not problems:
        return Success(object)
    return Failure(invalid(kind.mapping.group, object["kind"], metadata["name"], problems))


def _store_updated(state: State, call: Call, old: Object, object: Object) -> tuple[State, Response]:
    """The state with the object: unchanged if that is, without it if it waited for its finalizers."""
    metadata = {**object["metadata"], "resourceVersion": old["metadata"]["resourceVersion"]}
    object = {**object, "metadata": metadata}
    key, waiting = call.target.key, "deletionTimestamp" in metadata and not metadata.get("finalizers")
    if waiting and call.target.kind.prefix not in (NAMESPACES, CRDS):
        return remove_object(state, key), write_response(state, call, 200, object)
    if {**object, "apiVersion": old["apiVersion"]} == old:
        return state, write_response(state, call, 200, object)
    after, written = store_object(state, key, object)
    return finish_deletion(after, key), write_response(state, call, 200, object if call.dry else written)
