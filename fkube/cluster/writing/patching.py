"""PATCH: an object with a patch, or a configuration, applied. Pure.

Follows `PatchResource`, `patchResource` and `jsonPatcher` of apiserver, their messages included.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call, check_options, find_object, missing_object
from fkube.cluster.gojson import json_type, parse_json
from fkube.cluster.kinds import recorded_facts
from fkube.cluster.reading.forms import at_version
from fkube.cluster.state import State
from fkube.cluster.statuses import bad_request, failure_status, invalid, invalid_field
from fkube.cluster.writing.applying import APPLY, apply_request, check_apply_options
from fkube.cluster.writing.bodies import Body, media_type, unknown_format
from fkube.cluster.writing.creating import create_object
from fkube.cluster.writing.drafts import Draft, check_identity, shape_draft, write_draft
from fkube.cluster.writing.updating import replace_object
from fkube.exchange.conversation import Response
from fkube.merging.fields.updating import ApplyResult
from fkube.merging.patches import Schema, json_patched, merged, strategic_merged
from fkube.merging.patches.schema import STRATEGIC
from fkube.resource.dataclasses import replace
from fkube.resource.info import Object

MOST_OPERATIONS = 10_000
"""The most operations of a JSON patch: `maxJSONPatchOperations` of apiserver."""

Patched: TypeAlias = Result[Any, Response]
"""An object with a patch applied, or the response that refuses the patch."""


def patch(state: State, call: Call) -> Answer:
    """Apply a patch, or a configuration, to the object that a call names."""
    if media_type(call.request) == APPLY:
        return check_apply_options(call).bind(lambda _: _apply_and_store(state, call))
    return Result.do(
        answer
        for _ in check_patch_type(call)
        for _ in check_options("PatchOptions", call)
        for old in find_object(state, call)
        for patched in apply_patch(call, at_version(call.kind, old))
        for draft in _read_result(call, patched)
        for answer in write_draft(call, partial(replace_object, state, call, old), draft)
    )


def _apply_and_store(state: State, call: Call) -> Answer:
    """Apply a configuration to the object that a call names, or create that object from it."""
    old = state.objects.get(call.target.key)
    if old is None and call.target.subresource:
        return Failure(missing_object(call))
    live = None if old is None else at_version(call.kind, old)

    def store(applied: ApplyResult) -> Answer:
        """Store what an apply left, as an update or a creation."""
        write = partial(replace_object, state, call, old) if old else partial(create_object, state, call)
        draft = _read_result(call, applied.object).bind(partial(check_identity, call))
        return draft.map(lambda draft: replace(draft, managers=applied.managers)).bind(write)

    return apply_request(state, call, live).bind(store)


def _read_result(call: Call, object: Object) -> Result[Draft, Response]:
    """The draft of what a patch left, decoded as if it had been sent. Errors: 422 that shows it."""
    return shape_draft(call, Body(object), lambda why: invalid_result(call, object, why))


def invalid_result(call: Call, object: Object, why: str) -> Response:
    """The 422 response that shows what a patch left, but nothing of a Secret."""
    text = json.dumps(_sort_as_go(object), separators=(",", ":"), ensure_ascii=False)
    # A Secret's data is in no error.
    error = invalid_field("patch", {} if call.kind.mapping.kind == "Secret" else text, why)
    return invalid("", "", "", (error,))


_METADATA_ORDER = (
    *("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation"),
    *("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations"),
)


def _sort_as_go(object: Object) -> Object:
    """The object as Go writes it in messages: fields by name, those of the metadata as they are declared."""
    whole: Object = _sort_keys(object)
    metadata = object.get("metadata")
    if not isinstance(metadata, dict):
        return whole
    declared = [key for key in (*_METADATA_ORDER, *metadata) if key in metadata]
    return {**whole, "metadata": {key: _sort_keys(metadata[key]) for key in dict.fromkeys(declared)}}


def _sort_keys(value: Any) -> Any:
    """A map with its keys sorted, and those of the maps in it; any other value, lists too, as it is."""
    return {key: _sort_keys(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


def check_patch_type(call: Call) -> Result[Call, Response]:
    """The call, if its kind takes patches of its content type. Errors: 415."""
    media = media_type(call.request)
    if media in _PATCHES and not (call.kind.custom and media == STRATEGIC):
        return Success(call)
    if not call.kind.custom:
        return Failure(failure_status(415, "UnsupportedMediaType", "415: Unsupported Media Type", {}))
    return Failure(unknown_format(", ".join(kind for kind in (*_PATCHES, APPLY) if kind != STRATEGIC)))


def apply_patch(call: Call, object: Object) -> Patched:
    """The object with the patch of a call applied. Errors: 400, 422, 500 for one that can't be."""
    body = call.request.body
    # Go's decoder reads U+FFFD where there is no UTF-8.
    text = body.decode(errors="replace") if isinstance(body, bytes) else body
    apply = _PATCHES[media_type(call.request)]
    patch = parse_json(text) if isinstance(text, str) else Success(text)
    return patch.alt(lambda _: bad_request("invalid JSON patch")).bind(partial(apply, call, object))


def _apply_json_patch(_: Call, object: Object, patch: object) -> Patched:
    """Apply a JSON patch. Errors: 400 if it is no list of objects, 422 if an operation fails."""
    operations = [] if patch is None else patch
    if not isinstance(operations, list):
        return Failure(_undecodable_patch(patch, "[]handlers.jsonPatchOp"))
    if len(operations) > MOST_OPERATIONS:
        why = f"The allowed maximum operations in a JSON patch is {MOST_OPERATIONS}, got {len(operations)}"
        return Failure(failure_status(413, "RequestEntityTooLarge", why, {}))
    for operation in operations:
        if not isinstance(operation, dict):
            return Failure(_undecodable_patch(operation, "handlers.jsonPatchOp"))
    why = "the server rejected our request due to an error in our request"
    return json_patched(object, operations).alt(lambda _: failure_status(422, "Invalid", why, {}))


def _apply_merge_patch(_: Call, object: Object, patch: object) -> Patched:
    """Apply a JSON merge patch. Errors: 400 if it is no object."""
    if not isinstance(patch, dict):
        return Failure(_undecodable_patch(patch, "map[string]interface {}"))
    return Success(merged(object, patch))


def _apply_strategic_patch(call: Call, object: Object, patch: object) -> Patched:
    """Apply a strategic merge patch. Errors: 400 if it is no object, 500 if it can't be merged."""
    if not isinstance(patch, dict):
        return Failure(_undecodable_patch(patch, "map[string]interface {}", prefix=""))
    schema = Schema(call.kind.schema, recorded_facts()["schemas"])
    return strategic_merged(schema, object, patch).alt(lambda why: failure_status(500, "", why))


def _undecodable_patch(value: object, type: str, prefix: str = "error decoding patch: ") -> Response:
    """The 400 response for a patch that is not of a Go type."""
    return bad_request(f"{prefix}json: cannot unmarshal {json_type(value)} into Go value of type {type}")


_PATCHES: Mapping[str, Callable[[Call, Object, object], Patched]] = {
    "application/json-patch+json": _apply_json_patch,
    "application/merge-patch+json": _apply_merge_patch,
    STRATEGIC: _apply_strategic_patch,
}
"""The kinds of patches, by content type."""
