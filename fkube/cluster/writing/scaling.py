"""The scale subresource: an object's replicas read and set through a `Scale`. Pure.

Follows `ScaleREST` of the apps registry.
"""

from __future__ import annotations

from returns.result import Failure, Result
from toolz import get_in

from fkube.cluster.calls import Answer, Call, check_options, find_object
from fkube.cluster.kinds.replicas import scale_of, with_replicas
from fkube.cluster.state import State
from fkube.cluster.statuses import bad_request
from fkube.cluster.writing.bodies import decode_body
from fkube.cluster.writing.drafts import Draft
from fkube.cluster.writing.patching import apply_patch, check_patch_type
from fkube.cluster.writing.updating import replace_object
from fkube.resource.info import Object, with_metadata


def update(state: State, call: Call) -> Answer:
    """Set the replicas of an object to those of the `Scale` that is sent."""
    return Result.do(
        answer
        for _ in check_options("UpdateOptions", call)
        for body in decode_body(call.request, "Scale")
        for old in find_object(state, call)
        for answer in _set_replicas(state, call, old, body.object)
    )


def patch(state: State, call: Call) -> Answer:
    """Set the replicas of an object to those of its `Scale` with a patch applied."""
    return Result.do(
        answer
        for old in find_object(state, call)
        for _ in check_options("PatchOptions", call)
        for _ in check_patch_type(call)
        for scale in apply_patch(call, scale_of(call.kind, old))
        for answer in _set_replicas(state, call, old, scale)
    )


def _set_replicas(state: State, call: Call, old: Object, scale: Object) -> Answer:
    """Set the replicas of an object to those of a `Scale`, at the version that it names, if it names one."""
    count, version = get_in(["spec", "replicas"], scale, 0), get_in(["metadata", "resourceVersion"], scale)
    if not isinstance(count, int) or isinstance(count, bool):
        wrong = "json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32"
        return Failure(bad_request(f'Scale in version "v1" cannot be handled as a Scale: {wrong}'))
    scaled = with_replicas(call.kind, old, count)
    draft = Draft(with_metadata(scaled, resourceVersion=version) if version else scaled)
    return replace_object(state, call, old, draft)
