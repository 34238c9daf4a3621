"""PUT and PATCH: an object changed, as the API server does it. Pure.

Follows `UpdateResource`, `PatchResource`, `BeforeUpdate` and `Store.Update` of apiserver.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call, options_checked, warning
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.definitions import CRDS, misnamed
from fkube.cluster.kinds.finalizers import finalizer_warnings
from fkube.cluster.kinds.objectmeta import in_go_order, update_errors
from fkube.cluster.reading.forms import at_version, finished
from fkube.cluster.state import State
from fkube.cluster.statuses import (
    bad_request,
    conflict,
    invalid,
    invalid_field,
    not_found,
    refused,
)
from fkube.cluster.writing.applying import APPLY, apply, asked
from fkube.cluster.writing.bodies import Body, decoded
from fkube.cluster.writing.creating import content_errors, created, placed
from fkube.cluster.writing.drafts import Draft, draft, shaped
from fkube.cluster.writing.effects import NAMESPACES, ended, removed, stored
from fkube.cluster.writing.managedfields import managed, with_managers
from fkube.cluster.writing.patching import kind_of_patch, patched, supported
from fkube.cluster.writing.revising import revised
from fkube.exchange.conversation import Response
from fkube.merging.fields.managers import Manager
from fkube.merging.fields.updating import Applied
from fkube.resource.info import Object

MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def update(state: State, call: Call) -> Answer:
    """PUT: the object replaced, or made if its kind lets PUT do that."""
    kind = call.target.kind
    return (
        options_checked("UpdateOptions", call)
        .bind(lambda _: decoded(call.request, kind.mapping.kind))
        .bind(lambda body: draft(kind, body, call.query.get("fieldValidation", "")))
        .bind(
            lambda found: warning(
                found.warnings, _here(call, found).bind(lambda here: _put(state, call, here))
            )
        )
    )


def patch(state: State, call: Call) -> Answer:
    """PATCH: the object with a patch, or a configuration, applied."""
    if kind_of_patch(call) == APPLY:
        return asked(call).bind(lambda _: _apply(state, call))
    options = supported(call).bind(lambda found: options_checked("PatchOptions", found))
    old = state.objects.get(call.target.key)
    if old is None:
        return options.bind(lambda _: Failure(not_found(call.target.kind.mapping, call.target.name)))
    current = at_version(call.target.kind, old)
    return (
        options.bind(lambda _: patched(call, current))
        .bind(lambda left: _reread(call, left))
        .bind(
            lambda found: warning(
                found.warnings, _here(call, found).bind(lambda here: replaced(state, call, old, here))
            )
        )
    )


def _apply(state: State, call: Call) -> Answer:
    """The object with a configuration applied, or made of it."""
    stored = state.objects.get(call.target.key)
    if stored is None and call.target.subresource:
        return Failure(not_found(call.target.kind.mapping, call.target.name))
    live = None if stored is None else at_version(call.target.kind, stored)
    return apply(state, call, live).bind(lambda left: _left(state, call, stored, left))


def _left(state: State, call: Call, old: Object | None, left: Applied) -> Answer:
    here = _reread(call, left.object).bind(lambda found: _here(call, found))
    if old is not None:
        return here.bind(lambda found: replaced(state, call, old, found, left.managers))
    return here.bind(lambda found: created(state, call, found, left.managers))


def _reread(call: Call, object: Any) -> Result[Draft, Response]:
    """What a patch left, decoded as if it had been sent. Errors: 422 that shows it."""
    found = shaped(call.target.kind, Body(object), call.query.get("fieldValidation", ""))
    return found.alt(lambda why: why if isinstance(why, Response) else _misfit(call.target.kind, object, why))


def _misfit(kind: Kind, object: Object, why: str) -> Response:
    shown = json.dumps(in_go_order(object), separators=(",", ":"), ensure_ascii=False)
    # A Secret's data is in no error.
    value = {} if kind.mapping.kind == "Secret" else shown
    return invalid("", "", "", (invalid_field("patch", value, why),))


def _here(call: Call, found: Draft) -> Result[Draft, Response]:
    """The draft, if it is the object that the path points to."""
    return _named(call, found).bind(lambda named: placed(call, named))


def _named(call: Call, found: Draft) -> Result[Draft, Response]:
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


def _put(state: State, call: Call, found: Draft) -> Answer:
    kind, key = call.target.kind, call.target.key
    old = state.objects.get(key)
    if old is None and (call.target.subresource or not kind.facts.get("upsert")):
        return Failure(not_found(kind.mapping, call.target.name))
    given, real = found.object["metadata"].get("uid"), old["metadata"]["uid"] if old else ""
    if given and given != real:
        return Failure(conflict(kind.mapping, call.target.name, _other_uid(call, given, real)))
    return replaced(state, call, old, found) if old else _put_first(state, call, found)


def _put_first(state: State, call: Call, found: Draft) -> Answer:
    """The object made by PUT, whatever version it says to have."""
    bare = {k: v for k, v in found.object["metadata"].items() if k not in ("resourceVersion", "uid")}
    made = replace(found, object={**found.object, "metadata": bare})
    return _version(found.object["metadata"]).bind(lambda _: created(state, call, made))


def _other_uid(call: Call, given: str, real: str) -> str:
    place = f"{call.target.kind.mapping.resource}/{call.target.key.removeprefix(call.target.kind.prefix)}"
    wrong = f"Precondition failed: UID in precondition: {given}, UID in object meta: {real}"
    root = "" if call.dry else "/registry"
    key = f"StorageError: invalid object, Code: 4, Key: {root}/{place}, ResourceVersion: 0"
    return f"{key}, AdditionalErrorMsg: {wrong}"


def replaced(
    state: State, call: Call, old: Object, new: Draft, managers: Sequence[Manager] | None = None
) -> Answer:
    """The state after the update, if it is of the version that is stored and leaves a valid object.

    `managers`: of its fields, where they are known already.
    """

    def stamped(left: Object) -> Object:
        if managers is not None:
            return with_managers(left, managers)
        return managed(state, call, at_version(call.target.kind, old), left, new.managed)

    return (
        _current(call, old, new.object["metadata"])
        .map(lambda _: stamped(revised(state, call, old, new.object)))
        .bind(lambda left: _valid(call.target.kind, left, old))
        .bind(lambda left: _updated(state, call, old, left))
    )


def _updated(state: State, call: Call, old: Object, object: Object) -> Answer:
    told = finalizer_warnings(call.target.kind, object["metadata"], old["metadata"])
    return warning(told, Success(_written(state, call, old, object)))


def _current(call: Call, old: Object, metadata: Object) -> Result[None, Response]:
    """Whether an update is of the object as it is stored."""
    kind, name = call.target.kind, call.target.name
    return _version(metadata).bind(lambda version: _fresh(kind, name, version, old))


def _version(metadata: Object) -> Result[str, Response]:
    """The version that an update is of, 0 for none. Errors: 500 for one that is no number."""
    version = metadata.get("resourceVersion") or "0"
    if version.isdecimal():
        return Success(version)
    return Failure(refused(500, "", f'strconv.ParseUint: parsing "{version}": invalid syntax'))


def _fresh(kind: Kind, name: str, version: str, old: Object) -> Result[None, Response]:
    """Whether a version is the stored object's, or need not be given."""
    if int(version) == 0:
        allowed = kind.facts.get("unconditional", True)
        missing = invalid(kind.mapping.group, kind.mapping.resource, name, (_NO_VERSION,))
        return Success(None) if allowed else Failure(missing)
    same = version == old["metadata"]["resourceVersion"]
    return Success(None) if same else Failure(conflict(kind.mapping, name, MODIFIED))


_NO_VERSION = invalid_field("metadata.resourceVersion", 0, "must be specified for an update")


def _valid(kind: Kind, object: Object, old: Object) -> Result[Object, Response]:
    metadata = object["metadata"]
    content = misnamed(kind, object) or content_errors(kind, object)
    problems = (*update_errors(kind, metadata, old["metadata"]), *content)
    if not problems:
        return Success(object)
    return Failure(invalid(kind.mapping.group, object["kind"], metadata["name"], problems))


def _written(state: State, call: Call, old: Object, object: Object) -> tuple[State, Response]:
    """The state with the object: unchanged if that is, without it if it waited for its finalizers."""
    metadata = {**object["metadata"], "resourceVersion": old["metadata"]["resourceVersion"]}
    object = {**object, "metadata": metadata}
    key, waiting = call.target.key, "deletionTimestamp" in metadata and not metadata.get("finalizers")
    if waiting and call.target.kind.prefix not in (NAMESPACES, CRDS):
        return removed(state, key), finished(state, call, 200, object)
    if {**object, "apiVersion": old["apiVersion"]} == old:
        return state, finished(state, call, 200, object)
    after, written = stored(state, key, object)
    return ended(after, key), finished(state, call, 200, object if call.dry else written)
