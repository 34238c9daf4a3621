"""The scale subresource: an object's replicas seen and set through a `Scale`. Pure.

Follows `ScaleREST` of the apps registry.
"""

from __future__ import annotations

from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call, check_options
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.replicas import scale_of, with_replicas
from fkube.cluster.state import State
from fkube.cluster.statuses import bad_request, not_found
from fkube.cluster.writing.bodies import decode_body
from fkube.cluster.writing.drafts import Draft
from fkube.cluster.writing.patching import apply_patch, check_patch_type
from fkube.cluster.writing.updating import replace_object
from fkube.exchange.conversation import Response
from fkube.resource.info import Object


def update(state: State, call: Call) -> Answer:
    """PUT: the replicas of the `Scale` that is sent."""
    body = decode_body(call.request, "Scale").map(lambda found: found.object)
    return (
        check_options("UpdateOptions", call)
        .bind(lambda _: body)
        .bind(lambda scale: _set_replicas(state, call, scale))
    )


def patch(state: State, call: Call) -> Answer:
    """PATCH: the replicas of the `Scale` with the patch applied."""
    old = state.objects.get(call.target.key)
    if old is None:
        return Failure(not_found(call.target.kind.mapping, call.target.name))
    current = scale_of(call.target.kind, old)
    return (
        check_options("PatchOptions", call)
        .bind(check_patch_type)
        .bind(lambda _: apply_patch(call, current))
        .bind(lambda s: _set_replicas(state, call, s))
    )


def _set_replicas(state: State, call: Call, scale: Object) -> Answer:
    old = state.objects.get(call.target.key)
    if old is None:
        return Failure(not_found(call.target.kind.mapping, call.target.name))
    kind = call.target.kind
    wanted = _read_replicas(scale).map(lambda count: _scaled_object(kind, old, scale, count))
    return wanted.bind(lambda new: replace_object(state, call, old, Draft(new)))


def _read_replicas(scale: Object) -> Result[int, Response]:
    count: Any = (scale.get("spec") or {}).get("replicas", 0)
    if isinstance(count, int) and not isinstance(count, bool):
        return Success(count)
    wrong = "json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32"
    return Failure(bad_request(f'Scale in version "v1" cannot be handled as a Scale: {wrong}'))


def _scaled_object(kind: Kind, old: Object, scale: Object, count: int) -> Object:
    version = (scale.get("metadata") or {}).get("resourceVersion")
    metadata = {**old["metadata"], **({"resourceVersion": version} if version else {})}
    return {**with_replicas(kind, old, count), "metadata": metadata}
