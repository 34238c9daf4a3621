"""The effects of a change: versions, served kinds, and the end of namespaces and definitions. Pure.

On a real cluster controllers do most of this a little later; here it is done at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from toolz import concat

from fkube.cluster.kinds import end_of_prefix, namespaced_prefixes
from fkube.cluster.kinds.definitions import CLEANUP, CRDS, defined_kinds, mark_terminating
from fkube.cluster.kinds.objectmeta import is_ending, timestamp
from fkube.cluster.state import State, record_change
from fkube.resource.dataclasses import replace
from fkube.resource.info import Object, with_metadata

NAMESPACES = "/namespaces/"
"""The beginning of the keys of namespaces."""


def store_object(state: State, key: str, object: Object) -> tuple[State, Object]:
    """Store an object under a key with a new resourceVersion; the state, and the object so stamped."""
    stamped = {**object, "metadata": {**object["metadata"], "resourceVersion": str(state.version + 1)}}
    return _write_object(state, key, stamped), stamped


def remove_object(state: State, key: str) -> State:
    """Remove an object, and the namespace or definition that waited only for it to go."""
    group, resource, *place = key.split("/")
    state = _write_object(state, key, None)
    if len(place) == 2:
        state = finish_deletion(state, NAMESPACES + place[0])
    return finish_deletion(state, f"{CRDS}{resource}.{group}") if group else state


def mark_deleted(object: Object, state: State) -> Object:
    """The object, marked as being deleted; itself if it is already."""
    if is_ending(object):
        return object
    generation = object["metadata"].get("generation")
    counted = {"generation": generation + 1} if generation else {}
    now = timestamp(state.now)
    return with_metadata(object, **counted, deletionTimestamp=now, deletionGracePeriodSeconds=0)


def remove_or_mark(state: State, key: str, object: Object) -> tuple[State, Object | None]:
    """Remove an object, or mark it as being deleted if finalizers hold it; the state, and what is left.

    What is left: the marked object, None if it was removed.
    """
    if not object["metadata"].get("finalizers"):
        return remove_object(state, key), None
    marked = mark_deleted(object, state)
    return (state, object) if marked is object else store_object(state, key, marked)


def _delete_under(state: State, prefix: str) -> State:
    """Delete everything under a prefix; objects with finalizers are marked and stay."""
    for key, object in tuple(state.objects.items(prefix, end_of_prefix(prefix))):
        held = object["metadata"].get("finalizers")
        state = remove_or_mark(state, key, object)[0] if held else _write_object(state, key, None)
    return state


def delete_with_contents(state: State, key: str, object: Object) -> tuple[State, Object]:
    """Delete a namespace or a definition with all its objects; return also the object, marked as going."""
    now = timestamp(state.now)
    if key.startswith(NAMESPACES):
        status = {**(object.get("status") or {}), "phase": "Terminating"}
        marked = with_metadata({**object, "status": status}, deletionTimestamp=now)
    else:
        finalizers = [*(object["metadata"].get("finalizers") or ()), CLEANUP]
        marked = mark_terminating(with_metadata(object, deletionTimestamp=now, finalizers=finalizers), now)
    state, stored = store_object(state, key, marked)
    state = reduce(_delete_under, _content_prefixes(state, key, object), state)
    return finish_deletion(state, key), stored


def finish_deletion(state: State, key: str) -> State:
    """Remove a namespace or definition that is being deleted, once nothing keeps it; ignore other keys."""
    found = state.objects.get(key) if key.startswith((NAMESPACES, CRDS)) else None
    if found is None or not is_ending(found):
        return state
    own = {*(found["spec"].get("finalizers") or ())} - {"kubernetes"}
    held = own or {*(found["metadata"].get("finalizers") or ())} - {CLEANUP if key.startswith(CRDS) else ""}
    prefixes = _content_prefixes(state, key, found)
    contents = (state.objects.items(prefix, end_of_prefix(prefix)) for prefix in prefixes)
    return state if held or any(concat(contents)) else _write_object(state, key, None)


def _write_object(state: State, key: str, object: Object | None) -> State:
    """Write an object, or with None remove it; a definition's kinds are replaced by those that it has now."""
    after = record_change(state, key, object)
    if not key.startswith(CRDS):
        return after
    plural, _, group = key.removeprefix(CRDS).partition(".")
    others = {at: kind for at, kind in state.served.items() if (at[0], at[2]) != (group, plural)}
    return replace(after, served={**others, **(defined_kinds(object) if object else {})})


def _content_prefixes(state: State, key: str, object: Object) -> Iterable[str]:
    """The prefixes of the keys in a namespace, or of a definition's objects."""
    if key.startswith(NAMESPACES):
        namespace = key.removeprefix(NAMESPACES)
        return (f"{prefix}{namespace}/" for prefix in sorted(namespaced_prefixes(state.served)))
    return (f"{object['spec']['group']}/{object['spec']['names']['plural']}/",)
