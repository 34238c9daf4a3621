"""Ownership by client-side apply, and how it becomes ownership by server-side apply. Objects to patches.

Follows `csaupgrade` of client-go, and `apply` of kubectl.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from fkube.merging.fields.managers import Manager, read, written
from fkube.merging.lastapplied import LAST_APPLIED, last_applied
from fkube.resource.info import Object

_ANNOTATION = ("f:metadata", "f:annotations", f"f:{LAST_APPLIED}")


def owners(object: Object, operation: str) -> tuple[Manager, ...]:
    """The managers that own the last-applied annotation by an operation. Follows `FindFieldsOwners`."""
    found = read(object.get("metadata") or {}).value_or(())
    return tuple(one for one in found if one.operation == operation and _ANNOTATION in one.fields)


def annotation_kept(object: Object) -> Object | None:
    """What is to be applied so that the annotation stays, if nobody applies it yet.

    >>> annotation_kept({"kind": "Pod", "metadata": {"name": "a"}}) is None
    True
    """
    text = last_applied(object)
    if text is None or owners(object, "Apply"):
        return None
    named = {key: object["metadata"][key] for key in ("name", "namespace") if key in object["metadata"]}
    typed = {"apiVersion": object.get("apiVersion"), "kind": object.get("kind")}
    return {**typed, "metadata": {**named, "annotations": {LAST_APPLIED: text}}}


def upgraded(object: Object, manager: str) -> Sequence[Object] | None:
    """The JSON patch that gives the fields of client-side apply to who applies now; None for nothing to do.

    Its test of the version is a replacement: the server refuses it as a conflict.
    Follows `UpgradeManagedFieldsPatch`.
    """
    before = read(object.get("metadata") or {}).value_or(())
    names = sorted({one.name for one in owners(object, "Update")})
    after = before
    for name in names:
        after = _upgraded(after, name, manager)
    if after == before:
        return None
    version = object["metadata"].get("resourceVersion", "")
    changes = (("managedFields", _entries(after)), ("resourceVersion", version))
    return [{"op": "replace", "path": f"/metadata/{key}", "value": value} for key, value in changes]


def _entries(managers: Sequence[Manager]) -> list[Any]:
    return [entry for manager in managers for entry in written((manager,))]


def _upgraded(managers: Sequence[Manager], client: str, server: str) -> tuple[Manager, ...]:
    """The managers with one of client-side apply turned into the one of server-side apply."""
    own = next((n for n, m in enumerate(managers) if _is(m, server, "Apply")), None)
    theirs = next((n for n, m in enumerate(managers) if _is(m, client, "Update")), None)
    at = theirs if own is None else own
    if at is None:
        return tuple(managers)
    first = replace(managers[at], name=server, operation="Apply")
    same = (m for m in managers if _is(m, client, "Update") and m.version == first.version)
    whole = replace(first, fields=first.fields.union(*(m.fields for m in [*same][:1])))
    return tuple(_put(managers, at, whole, client))


def _put(managers: Sequence[Manager], at: int, whole: Manager, client: str) -> Iterator[Manager]:
    for number, manager in enumerate(managers):
        if number == at:
            yield whole
        elif not _is(manager, client, "Update"):
            yield manager


def _is(manager: Manager, name: str, operation: str) -> bool:
    return (manager.name, manager.operation, manager.subresource) == (name, operation, "")
