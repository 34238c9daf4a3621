"""The scale subresource: an object's replicas read and set through a `Scale`. Pure.

Follows `ScaleREST` of the apps registry.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from returns.result import Failure, Result, Success
from toolz import get_in

from fkube.cluster.calls import Answer, Call, check_options, find_object
from fkube.cluster.kinds.gotypes import check_value
from fkube.cluster.kinds.replicas import scale_of, with_replicas
from fkube.cluster.state import State
from fkube.cluster.statuses import bad_request
from fkube.cluster.writing.bodies import decode_body
from fkube.cluster.writing.drafts import Draft
from fkube.cluster.writing.patching import apply_patch, check_patch_type, invalid_result
from fkube.cluster.writing.updating import replace_object
from fkube.exchange.conversation import Response
from fkube.resource.info import Object, with_metadata


def update(state: State, call: Call) -> Answer:
    """Set the replicas of an object to those of the `Scale` that is sent."""
    return Result.do(
        answer
        for _ in check_options("UpdateOptions", call)
        for body in decode_body(call.request, "Scale")
        for old in find_object(state, call)
        for scale in _check_scale(body.object, _undecodable_scale)
        for answer in _set_replicas(state, call, old, scale)
    )


def patch(state: State, call: Call) -> Answer:
    """Set the replicas of an object to those of its `Scale` with a patch applied."""
    return Result.do(
        answer
        for old in find_object(state, call)
        for _ in check_options("PatchOptions", call)
        for _ in check_patch_type(call)
        for patched in apply_patch(call, scale_of(call.kind, old))
        for scale in _check_scale(patched, partial(invalid_result, call, patched))
        for answer in _set_replicas(state, call, old, scale)
    )


def _check_scale(scale: Any, refuse: Callable[[str], Response]) -> Result[Object, Response]:
    """The `Scale` without unknown fields. Errors: what `refuse` makes of why it is none, in Go's words."""
    checked, problems = check_value({"$ref": "io.k8s.api.autoscaling.v1.Scale"}, scale)
    fatal = next((str(problem) for problem in problems if problem.why), None)
    return Success(checked) if fatal is None else Failure(refuse(fatal))


def _undecodable_scale(why: str) -> Response:
    """The 400 response for a body that is no `Scale`."""
    return bad_request(f'Scale in version "v1" cannot be handled as a Scale: {why}')


def _set_replicas(state: State, call: Call, old: Object, scale: Object) -> Answer:
    """Set the replicas of an object to those of a `Scale`, at the version that it names, if it names one."""
    count, version = get_in(["spec", "replicas"], scale, 0), get_in(["metadata", "resourceVersion"], scale)
    scaled = with_replicas(call.kind, old, count)
    draft = Draft(with_metadata(scaled, resourceVersion=version) if version else scaled)
    return replace_object(state, call, old, draft)
