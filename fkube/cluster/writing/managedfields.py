"""Who manages which fields of stored objects: `managedFields` after creates, updates and patches. Pure.

Follows `FieldManager` of apimachinery, and the `GetResetFields` of the strategies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from fkube.cluster.calls import MANAGER_LIMIT, Call
from fkube.cluster.kinds import Kind, Kinds, Target, find_kind, recorded
from fkube.cluster.kinds.objectmeta import timestamp
from fkube.cluster.kinds.openapi import custom_schema
from fkube.cluster.state import State
from fkube.merging.fields import Type
from fkube.merging.fields.managers import Manager, read, written
from fkube.merging.fields.paths import Path
from fkube.merging.fields.updating import Rules, updated
from fkube.resource.info import Object, with_metadata

_STATUS: tuple[Path, ...] = (("f:status",),)
_BESIDE: tuple[Path, ...] = (("f:spec",), ("f:metadata",))


def management_rules(served: Kinds, target: Target) -> Rules:
    """How the fields of what a path points to are managed."""
    kind, own = target.kind, kind_version(target.kind)
    reset = _STATUS if "status" in kind.subresources and not target.subresource else ()

    def types(version: str) -> Type | None:
        group, _, number = version.rpartition("/")
        found = kind if version == own else find_kind(served, group, number, kind.mapping.resource)
        return None if found is None else object_type(found)

    return Rules(types, _BESIDE if target.subresource == "status" else reset)


def kind_version(kind: Kind) -> str:
    """The version at which fields of the kind are managed."""
    return kind.mapping.api_version


def object_type(kind: Kind) -> Type:
    """The type of a kind's objects."""
    return Type(custom_schema(kind) if kind.custom else kind.schema, recorded()["schemas"])


def calling_manager(state: State, call: Call, operation: str = "Update") -> Manager:
    """Who makes a call: the field manager that it names, or the program that sent it.

    Follows `managerOrUserAgent` of apiserver.
    """
    agent = "".join(filter(str.isprintable, call.request.agent.partition("/")[0]))
    name = call.query.get("fieldManager") or agent.encode()[:MANAGER_LIMIT].decode(errors="ignore")
    version = kind_version(call.target.kind)
    return Manager(name or "unknown", operation, version, call.target.subresource, timestamp(state.now))


def update_managers(
    state: State, call: Call, old: Object | None, new: Object, given: Sequence[Object] | None
) -> Object:
    """The object with the managers of its fields, after it was made of the old one (None: of nothing).

    `given`: the `managedFields` that were sent with it; an empty list takes all management away.
    """
    live = blank_object(call.target.kind) if old is None else old
    before = current_managers(live, None if call.target.subresource else given)
    if old is not None and not before:
        return with_managers(new, ())
    after = updated(
        management_rules(state.served, call.target), live, new, before, calling_manager(state, call)
    )
    # Items that can't be told apart have no path: then all stays as it was (`UpdateNoErrors`).
    lost = any("" in path for one in after for path in one.fields)
    return with_managers(new, before if lost else after)


def with_managers(object: Object, managers: Sequence[Manager]) -> Object:
    """The object with these managers of its fields."""
    return with_metadata(object, managedFields=written(managers) or None)


def current_managers(live: Object, given: Sequence[Object] | None = None) -> tuple[Manager, ...]:
    """The managers of an object: those sent with it, or else, or where they make no sense, its own.

    Follows `decodeLiveOrNew` of apimachinery.
    """
    if given is not None and (not given or list(given) == [{}]):
        return ()
    sent = read({"managedFields": given}).value_or(())
    return sent or read(live.get("metadata") or {}).value_or(())


def blank_object(kind: Kind) -> Object:
    """An object of a kind before anything is in it: what is no pointer in Go is there even so."""
    typed = {"apiVersion": kind_version(kind), "kind": kind.mapping.kind}
    return typed if kind.custom else {**_zero_value(kind.schema.get("$ref", "")), **typed}


@cache
def _zero_value(name: str) -> Mapping[str, Any]:
    """What Go writes of a new value: its structs, and null for a list or map that is never left out."""
    schema = recorded()["schemas"].get(name, {})
    fields, required = (schema.get("properties") or {}).items(), schema.get("required") or ()
    nulls = {
        key: None for key, inner in fields if key in required and inner.get("type") in ("array", "object")
    }
    structs = {key: inner["$ref"] for key, inner in fields if inner.get("default") == {} and "$ref" in inner}
    return {**nulls, **{key: _zero_value(struct) for key, struct in structs.items()}}
