"""What an update leaves of an object: the parts that a resource or subresource changes, the generation. Pure.

Follows the `PrepareForUpdate` of the strategies.
"""

from __future__ import annotations

from collections.abc import Mapping

from fkube.cluster.calls import Call
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.definitions import CRDS, accept_definition, default_definition
from fkube.cluster.kinds.objectmeta import keep_server_fields, timestamp
from fkube.cluster.state import State
from fkube.cluster.writing.effects import NAMESPACES
from fkube.resource.info import Object

_OWN = frozenset({"apiVersion", "kind", "metadata"})
_CHANGES: Mapping[str, str] = {"status": "status", "approval": "status", "finalize": "spec"}
"""Which part of an object a subresource changes; the others change its spec."""


def revise_object(state: State, call: Call, old: Object, new: Object) -> Object:
    """The object that an update leaves: a subresource changes its part, the resource all but status."""
    kind, subresource = call.target.kind, call.target.subresource
    if subresource:
        part = _CHANGES.get(subresource, "spec")
        changed = {key: value for key, value in old.items() if key != part}
        return _count_generation(kind, {**changed, **({part: new[part]} if part in new else {})}, old)
    if "status" in kind.subresources:
        rest = {key: value for key, value in new.items() if key != "status"}
        new = {**rest, **({"status": old["status"]} if "status" in old else {})}
    new = {**new, "metadata": keep_server_fields(new["metadata"], old["metadata"])}
    return _count_generation(kind, _follow_strategy(state, kind, new, old), old)


def _follow_strategy(state: State, kind: Kind, new: Object, old: Object) -> Object:
    """What the strategies of namespaces and definitions do to an update."""
    if kind.prefix == NAMESPACES:
        labels = {
            **(new["metadata"].get("labels") or {}),
            "kubernetes.io/metadata.name": new["metadata"]["name"],
        }
        return {**new, "metadata": {**new["metadata"], "labels": labels}, "spec": old["spec"]}
    return accept_definition(default_definition(new), timestamp(state.now)) if kind.prefix == CRDS else new


def _count_generation(kind: Kind, new: Object, old: Object) -> Object:
    """The object with its generation counted up, if what it asks for changed."""
    generation = old["metadata"].get("generation")
    if not generation:
        return new
    aside = _OWN | {"status"} if "status" in kind.subresources else _OWN
    noted = kind.facts.get("annotated") and _annotations(new) != _annotations(old)
    if noted or {k: v for k, v in new.items() if k not in aside} != {
        k: v for k, v in old.items() if k not in aside
    }:
        return {**new, "metadata": {**new["metadata"], "generation": generation + 1}}
    return new


def _annotations(object: Object) -> Object:
    annotations: Object = object["metadata"].get("annotations") or {}
    return annotations
