"""What a PATCH asks for: the kind of patch by its content type, read and applied. Pure.

Follows `patchResource` and `jsonPatcher` of apiserver, their messages included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Call
from fkube.cluster.kinds import recorded
from fkube.cluster.statuses import bad_request, failure_status
from fkube.cluster.writing.applying import APPLY
from fkube.cluster.writing.bodies import json_type, parse_json
from fkube.exchange.conversation import Response
from fkube.merging.patches import Schema, json_patched, merged, strategic_merged
from fkube.merging.patches.schema import STRATEGIC
from fkube.resource.info import Object


def check_patch_type(call: Call) -> Result[Call, Response]:
    """The call, if its kind of patch is one that the server takes. Errors: 415, 422."""
    content_type = patch_type(call)
    known = content_type in _PATCHES and not (call.target.kind.custom and content_type == STRATEGIC)
    return Success(call) if known else Failure(_unsupported_type(call))


def patch_type(call: Call) -> str:
    """The content type of a patch."""
    return call.request.content_type.partition(";")[0].strip()


def apply_patch(call: Call, object: Object) -> Result[Any, Response]:
    """The object with the patch of the request applied. Errors: 400, 422, 500 for one that can't be."""
    apply = _PATCHES[patch_type(call)]
    body = call.request.body
    value = (
        parse_json(body.decode() if isinstance(body, bytes) else body)
        if isinstance(body, (bytes, str))
        else Success(body)
    )
    return value.alt(lambda _: bad_request("invalid JSON patch")).bind(
        lambda patch: apply(call, object, patch)
    )


def _unsupported_type(call: Call) -> Response:
    if not call.target.kind.custom:
        return failure_status(415, "UnsupportedMediaType", "415: Unsupported Media Type", {})
    message = "the body of the request was in an unknown format - accepted media types include: "
    known = [kind for kind in (*_PATCHES, APPLY) if kind != STRATEGIC]
    return failure_status(415, "UnsupportedMediaType", message + ", ".join(known))


def _apply_json_patch(_: Call, object: Object, patch: Any) -> Result[Any, Response]:
    operations = [] if patch is None else patch
    if not isinstance(operations, list):
        return Failure(_undecodable_patch("error decoding patch: ", patch, "[]handlers.jsonPatchOp"))
    odd = [operation for operation in operations if not isinstance(operation, dict)]
    if odd:
        return Failure(_undecodable_patch("error decoding patch: ", odd[0], "handlers.jsonPatchOp"))
    impossible = failure_status(
        422, "Invalid", "the server rejected our request due to an error in our request", {}
    )
    return json_patched(object, operations).alt(lambda _: impossible)


def _apply_merge_patch(_: Call, object: Object, patch: Any) -> Result[Any, Response]:
    if not isinstance(patch, dict):
        return Failure(_undecodable_patch("error decoding patch: ", patch, "map[string]interface {}"))
    return Success(merged(object, patch))


def _apply_strategic_patch(call: Call, object: Object, patch: Any) -> Result[Any, Response]:
    if not isinstance(patch, dict):
        return Failure(_undecodable_patch("", patch, "map[string]interface {}"))
    schema = Schema(call.target.kind.schema, recorded()["schemas"])
    return strategic_merged(schema, object, patch).alt(lambda why: failure_status(500, "", why))


def _undecodable_patch(prefix: str, value: Any, type: str) -> Response:
    return bad_request(f"{prefix}json: cannot unmarshal {json_type(value)} into Go value of type {type}")


_PATCHES: Mapping[str, Callable[[Call, Object, Any], Result[Any, Response]]] = {
    "application/json-patch+json": _apply_json_patch,
    "application/merge-patch+json": _apply_merge_patch,
    STRATEGIC: _apply_strategic_patch,
}
