"""What a PATCH asks for: the kind of patch by its content type, read and applied. Pure.

Follows `patchResource` and `jsonPatcher` of apiserver, their messages included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Call
from fkube.cluster.kinds import recorded
from fkube.cluster.statuses import bad_request, refused
from fkube.cluster.writing.applying import APPLY
from fkube.cluster.writing.bodies import json_type, json_value
from fkube.exchange.conversation import Response
from fkube.merging.patches import Schema, json_patched, merged, strategic_merged
from fkube.merging.patches.schema import STRATEGIC
from fkube.resource.info import Object


def supported(call: Call) -> Result[Call, Response]:
    """The call, if its kind of patch is one that the server takes. Errors: 415, 422."""
    content_type = kind_of_patch(call)
    known = content_type in _PATCHES and not (call.target.kind.custom and content_type == STRATEGIC)
    return Success(call) if known else Failure(_unsupported(call))


def kind_of_patch(call: Call) -> str:
    """The content type of a patch."""
    return call.request.content_type.partition(";")[0].strip()


def patched(call: Call, object: Object) -> Result[Any, Response]:
    """The object with the patch of the request applied. Errors: 400, 422, 500 for one that can't be."""
    apply = _PATCHES[kind_of_patch(call)]
    body = call.request.body
    value = (
        json_value(body.decode() if isinstance(body, bytes) else body)
        if isinstance(body, (bytes, str))
        else Success(body)
    )
    return value.alt(lambda _: bad_request("invalid JSON patch")).bind(
        lambda patch: apply(call, object, patch)
    )


def _unsupported(call: Call) -> Response:
    if not call.target.kind.custom:
        return refused(415, "UnsupportedMediaType", "415: Unsupported Media Type", {})
    message = "the body of the request was in an unknown format - accepted media types include: "
    known = [kind for kind in (*_PATCHES, APPLY) if kind != STRATEGIC]
    return refused(415, "UnsupportedMediaType", message + ", ".join(known))


def _json(_: Call, object: Object, patch: Any) -> Result[Any, Response]:
    operations = [] if patch is None else patch
    if not isinstance(operations, list):
        return Failure(_undecodable("error decoding patch: ", patch, "[]handlers.jsonPatchOp"))
    odd = [operation for operation in operations if not isinstance(operation, dict)]
    if odd:
        return Failure(_undecodable("error decoding patch: ", odd[0], "handlers.jsonPatchOp"))
    impossible = refused(422, "Invalid", "the server rejected our request due to an error in our request", {})
    return json_patched(object, operations).alt(lambda _: impossible)


def _merge(_: Call, object: Object, patch: Any) -> Result[Any, Response]:
    if not isinstance(patch, dict):
        return Failure(_undecodable("error decoding patch: ", patch, "map[string]interface {}"))
    return Success(merged(object, patch))


def _strategic(call: Call, object: Object, patch: Any) -> Result[Any, Response]:
    if not isinstance(patch, dict):
        return Failure(_undecodable("", patch, "map[string]interface {}"))
    schema = Schema(call.target.kind.schema, recorded()["schemas"])
    return strategic_merged(schema, object, patch).alt(lambda why: refused(500, "", why))


def _undecodable(prefix: str, value: Any, type: str) -> Response:
    return bad_request(f"{prefix}json: cannot unmarshal {json_type(value)} into Go value of type {type}")


_PATCHES: Mapping[str, Callable[[Call, Object, Any], Result[Any, Response]]] = {
    "application/json-patch+json": _json,
    "application/merge-patch+json": _merge,
    STRATEGIC: _strategic,
}
