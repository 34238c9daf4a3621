"""The managers of fields: `managedFields` of objects after creates, updates and patches. Pure.

Follows `FieldManager` of apimachinery, and the `GetResetFields` of the strategies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from fkube.cluster.calls import MANAGER_LIMIT, Call
from fkube.cluster.kinds import Kind, Kinds, Target, find_kind, recorded_facts
from fkube.cluster.kinds.objectmeta import timestamp
from fkube.cluster.kinds.openapi import kind_schema
from fkube.cluster.state import State
from fkube.cluster.writing.drafts import Draft
from fkube.merging.fields import Type
from fkube.merging.fields.managers import Manager, read_managers, write_managers
from fkube.merging.fields.paths import Path
from fkube.merging.fields.updating import Rules, update_managers
from fkube.resource.info import Object, with_metadata

_RESET: Mapping[str, tuple[Path, ...]] = {"": (("f:status",),), "status": (("f:spec",), ("f:metadata",))}
"""The fields that a write to the object, or to its status, leaves as they were."""


def management_rules(served: Kinds, target: Target) -> Rules:
    """How the fields of the resource or subresource that a path names are managed."""
    kind = target.kind
    reset = _RESET.get(target.subresource, ()) if "status" in kind.subresources else ()

    def type_at(version: str) -> Type | None:
        """The type of the resource's objects at an apiVersion, None if it is not served."""
        group, _, number = version.rpartition("/")
        own = version == kind.mapping.api_version
        found = kind if own else find_kind(served, group, number, kind.mapping.resource)
        return None if found is None else object_type(found)

    return Rules(type_at, reset)


def object_type(kind: Kind) -> Type:
    """The type of a kind's objects."""
    return Type(kind_schema(kind), recorded_facts()["schemas"])


def calling_manager(state: State, call: Call, operation: str = "Update") -> Manager:
    """The manager that makes a call: the field manager that it names, or the program that sent it.

    Follows `managerOrUserAgent` of apiserver.
    """
    agent = "".join(filter(str.isprintable, call.request.agent.partition("/")[0]))
    name = call.query.get("fieldManager") or agent.encode()[:MANAGER_LIMIT].decode(errors="ignore")
    version, now = call.kind.mapping.api_version, timestamp(state.now)
    return Manager(name or "unknown", operation, version, call.target.subresource, now)


def record_managers(state: State, call: Call, draft: Draft, old: Object | None, new: Object) -> Object:
    """The new object with the managers of its fields, after it took the place of the old one (None: of none).

    Of the `managedFields` that came with a draft an empty list takes all management away.
    """
    if draft.managers is not None:
        return _with_managers(new, draft.managers)
    live = blank_object(call.kind) if old is None else old
    before = current_managers(live, None if call.target.subresource else draft.managed)
    if old is not None and not before:
        return _with_managers(new, ())
    rules, manager = management_rules(state.served, call.target), calling_manager(state, call)
    after = update_managers(rules, live, new, before, manager)
    # Items that can't be told apart have no path: then all stays as it was (`UpdateNoErrors`).
    lost = any("" in path for one in after for path in one.fields)
    return _with_managers(new, before if lost else after)


def _with_managers(object: Object, managers: Sequence[Manager]) -> Object:
    """The object with these managers in its `managedFields`; the field is left out if there are none."""
    return with_metadata(object, managedFields=write_managers(managers) or None)


def current_managers(live: Object, sent: Sequence[Object] | None = None) -> tuple[Manager, ...]:
    """The managers sent with an object, or its own where none were sent or they make no sense.

    Follows `decodeLiveOrNew` of apimachinery.
    """
    if sent is not None and (not sent or list(sent) == [{}]):
        return ()
    known = read_managers({"managedFields": sent}).value_or(())
    return known or read_managers(live.get("metadata") or {}).value_or(())


def blank_object(kind: Kind) -> Object:
    """An object of a kind before anything is set: with the structs that Go never leaves out."""
    typed = {"apiVersion": kind.mapping.api_version, "kind": kind.mapping.kind}
    return typed if kind.custom else {**_zero_value(kind.schema.get("$ref", "")), **typed}


@cache
def _zero_value(name: str) -> Object:
    """The fields that Go writes for a new struct: inner structs, null for required lists and maps.

    `name`: that of its schema.
    """
    schema = recorded_facts()["schemas"].get(name, {})
    fields, required = (schema.get("properties") or {}).items(), schema.get("required") or ()
    lists = ("array", "object")
    nulls = {key: None for key, inner in fields if key in required and inner.get("type") in lists}
    structs = {key: inner["$ref"] for key, inner in fields if inner.get("default") == {} and "$ref" in inner}
    return {**nulls, **{key: _zero_value(struct) for key, struct in structs.items()}}
