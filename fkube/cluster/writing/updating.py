"""PUT: an object updated, or made, as the API server does it; what an update leaves of an object. Pure.

Follows `UpdateResource`, `BeforeUpdate`, `Store.Update` and the strategies' `PrepareForUpdate` of apiserver.
"""

from __future__ import annotations

from functools import partial

from returns.result import Failure, Result, Success
from toolz import dissoc

from fkube.cluster import statuses
from fkube.cluster.calls import Answer, Call, missing_object, parse_version, with_warnings
from fkube.cluster.kinds import Kind, objectmeta
from fkube.cluster.kinds.definitions import CRDS, prepare_definition
from fkube.cluster.kinds.objectmeta import is_ending, timestamp
from fkube.cluster.reading.forms import at_version, object_response
from fkube.cluster.state import State
from fkube.cluster.writing.creating import check_valid, create_object, label_namespace
from fkube.cluster.writing.drafts import Draft, read_draft, write_draft
from fkube.cluster.writing.effects import NAMESPACES, finish_deletion, remove_object, store_object
from fkube.cluster.writing.managedfields import record_managers
from fkube.exchange.conversation import Response
from fkube.resource.dataclasses import replace
from fkube.resource.info import Object, with_metadata

_MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def update(state: State, call: Call) -> Answer:
    """Replace the object that a call names, or make it if its kind lets PUT do that."""
    write = partial(_put_draft, state, call)
    return read_draft(call, "UpdateOptions").bind(partial(write_draft, call, write))


def _put_draft(state: State, call: Call, draft: Draft) -> Answer:
    """Update the object that a call names, or create it if its kind lets PUT do that.

    Errors: 404, 409 for another uid than the object's.
    """
    old = state.objects.get(call.target.key)
    if old is None and (call.target.subresource or not call.kind.facts.get("upsert")):
        return Failure(missing_object(call))
    given, real = draft.object["metadata"].get("uid"), old["metadata"]["uid"] if old else ""
    if given and given != real:
        why = _uid_message(call, given, real)
        return Failure(statuses.conflict(call.kind.mapping, call.target.name, why))
    if old is not None:
        return replace_object(state, call, old, draft)
    # A new object may name any version.
    new = replace(draft, object=with_metadata(draft.object, resourceVersion=None, uid=None))
    return _draft_version(draft).bind(lambda _: create_object(state, call, new))


def _uid_message(call: Call, given: str, real: str) -> str:
    """The message of the storage for a uid (`given`) that is not the object's (`real`)."""
    place = f"{call.kind.mapping.resource}/{call.target.key.removeprefix(call.kind.prefix)}"
    root = "" if call.dry_run else "/registry"
    error = f"StorageError: invalid object, Code: 4, Key: {root}/{place}, ResourceVersion: 0"
    why = f"Precondition failed: UID in precondition: {given}, UID in object meta: {real}"
    return f"{error}, AdditionalErrorMsg: {why}"


def replace_object(state: State, call: Call, old: Object, draft: Draft) -> Answer:
    """Update a stored object to a draft: a new version of it, validated and stored.

    Errors: 409 if the draft is of another version than the stored one, 422 if what it leaves is invalid,
    500 for a version that is no number.
    """
    return (
        _draft_version(draft)
        .bind(lambda version: _check_version(call, version, old))
        .bind(lambda _: check_valid(call.kind, _revise_object(state, call, old, draft), old))
        .bind(lambda new: _store_updated(state, call, old, new))
    )


def _draft_version(draft: Draft) -> Result[int, Response]:
    """The resourceVersion that a draft names, 0 for none. Errors: 500 for one that is no number."""
    version = parse_version(draft.object["metadata"].get("resourceVersion") or "")
    return version.alt(partial(statuses.failure_status, 500, ""))


def _check_version(call: Call, version: int, old: Object) -> Result[None, Response]:
    """Check that a version is the stored object's, or 0 where none is needed. Errors: 409, 422."""
    mapping, name = call.kind.mapping, call.target.name
    if version:
        same = version == int(old["metadata"]["resourceVersion"])
        return Success(None) if same else Failure(statuses.conflict(mapping, name, _MODIFIED))
    if call.kind.facts.get("unconditional", True):
        return Success(None)
    missing = statuses.invalid_field("metadata.resourceVersion", 0, "must be specified for an update")
    return Failure(statuses.invalid(mapping.group, mapping.resource, name, (missing,)))


def _store_updated(state: State, call: Call, old: Object, new: Object) -> Answer:
    """Store an updated object, unless it is as it was; remove it if it waited only for its finalizers."""
    object = with_metadata(new, resourceVersion=old["metadata"]["resourceVersion"])
    key, waiting = call.target.key, is_ending(object) and not object["metadata"].get("finalizers")
    after, stored = state, object
    if waiting and call.kind.prefix not in (NAMESPACES, CRDS):
        after = remove_object(state, key)
    elif {**object, "apiVersion": old["apiVersion"]} != old:
        after, stored = store_object(state, key, object)
        after = finish_deletion(after, key)
    response = object_response(state, call, 200, object if call.dry_run else stored)
    warnings = objectmeta.finalizer_warnings(call.kind, new["metadata"], old["metadata"])
    return with_warnings(warnings, Success((after, response)))


def _revise_object(state: State, call: Call, old: Object, draft: Draft) -> Object:
    """The object that an update leaves: its generation counts up if its desired state changes."""
    kind, generation = call.kind, old["metadata"].get("generation")
    new = _change_parts(state, call, old, draft.object)
    if generation and _desired_state(kind, new) != _desired_state(kind, old):
        new = with_metadata(new, generation=generation + 1)
    return record_managers(state, call, draft, at_version(kind, old), new)


def _change_parts(state: State, call: Call, old: Object, new: Object) -> Object:
    """The object with the parts that the call may change: a subresource its own, else all but status."""
    kind, subresource = call.kind, call.target.subresource
    if subresource:
        return _with_part(old, "status" if subresource in ("status", "approval") else "spec", new)
    if "status" in kind.subresources:
        new = _with_part(new, "status", old)
    revised = {**new, "metadata": objectmeta.keep_server_fields(new["metadata"], old["metadata"])}
    if kind.prefix == NAMESPACES:
        return {**label_namespace(revised), "spec": old["spec"]}
    return prepare_definition(revised, timestamp(state.now)) if kind.prefix == CRDS else revised


def _with_part(object: Object, part: str, other: Object) -> Object:
    """An object with one part taken from another, or left out if that has none."""
    return {**object, part: other[part]} if part in other else dict(dissoc(object, part))


def _desired_state(kind: Kind, object: Object) -> Object:
    """What an object asks for: all but its type, metadata and status; of some kinds, annotations too."""
    aside = ("apiVersion", "kind", "metadata", *(("status",) if "status" in kind.subresources else ()))
    annotations = (object["metadata"].get("annotations") or {}) if kind.facts.get("annotated") else {}
    return {**{key: value for key, value in object.items() if key not in aside}, "metadata": annotations}
