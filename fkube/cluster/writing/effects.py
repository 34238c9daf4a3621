"""What follows from a change of objects: versions, served kinds, namespaces and definitions ending. Pure.

On a real cluster controllers do most of this a little later; here it is done at once.
"""

from __future__ import annotations

from dataclasses import replace

from fkube.cluster.kinds import end_of_prefix, namespaced_prefixes
from fkube.cluster.kinds.definitions import CLEANUP, CRDS, defined_kinds
from fkube.cluster.kinds.objectmeta import timestamp
from fkube.cluster.state import State, record_change
from fkube.resource.info import Object, with_metadata

NAMESPACES = "/namespaces/"
"""What the keys of namespaces begin with."""


def store_object(state: State, key: str, object: Object) -> tuple[State, Object]:
    """The state with an object under a key, and the object with its new resourceVersion."""
    metadata = {**object["metadata"], "resourceVersion": str(state.version + 1)}
    stamped = {**object, "metadata": metadata}
    after = record_change(state, key, stamped)
    return (_serve_definition(after, key, stamped) if key.startswith(CRDS) else after), stamped


def remove_object(state: State, key: str) -> State:
    """The state without an object, and without what waited only for it to go."""
    return _finish_owners(_drop_object(state, key), key)


def mark_deleted(object: Object, state: State) -> Object:
    """The object, marked as being deleted; once it is, nothing changes."""
    metadata = object["metadata"]
    if "deletionTimestamp" in metadata:
        return object
    older = {"generation": metadata["generation"] + 1} if metadata.get("generation") else {}
    return with_metadata(
        object, **older, deletionTimestamp=timestamp(state.now), deletionGracePeriodSeconds=0
    )


def delete_under(state: State, prefix: str) -> State:
    """The state after everything under a prefix was deleted: what has finalizers is marked and stays."""
    for key, object in tuple(state.objects.items(prefix, end_of_prefix(prefix))):
        if object["metadata"].get("finalizers"):
            marked = mark_deleted(object, state)
            state = state if marked is object else store_object(state, key, marked)[0]
        else:
            state = _drop_object(state, key)
    return state


def empty_namespace(state: State, namespace: str) -> State:
    """The state after everything in a namespace was deleted, and the namespace too if nothing is left."""
    for prefix in sorted(namespaced_prefixes(state.served)):
        state = delete_under(state, f"{prefix}{namespace}/")
    return _finish_namespace(state, namespace)


def finish_deletion(state: State, key: str) -> State:
    """The state without a namespace or definition that is being deleted, once nothing keeps it any more."""
    if key.startswith(NAMESPACES):
        return _finish_namespace(state, key.removeprefix(NAMESPACES))
    return finish_definition(state, key.removeprefix(CRDS)) if key.startswith(CRDS) else state


def _serve_definition(state: State, key: str, crd: Object | None) -> State:
    """The kinds of one definition are replaced by what it defines now."""
    plural, _, group = key.removeprefix(CRDS).partition(".")
    others = {at: kind for at, kind in state.served.items() if (at[0], at[2]) != (group, plural)}
    return replace(state, served={**others, **(defined_kinds(crd) if crd else {})})


def _drop_object(state: State, key: str) -> State:
    after = record_change(state, key, None)
    return _serve_definition(after, key, None) if key.startswith(CRDS) else after


def _finish_owners(state: State, key: str) -> State:
    group, resource, *place = key.split("/")
    if len(place) == 2:
        state = _finish_namespace(state, place[0])
    return finish_definition(state, f"{resource}.{group}") if group else state


def _finish_namespace(state: State, namespace: str) -> State:
    """A namespace that is being deleted goes when nothing is left in it and nothing holds it."""
    found = state.objects.get(NAMESPACES + namespace)
    if found is None or "deletionTimestamp" not in found["metadata"]:
        return state
    holding = {*(found["spec"].get("finalizers") or ())} - {"kubernetes"}
    if holding or found["metadata"].get("finalizers") or _has_objects(state, namespace):
        return state
    return _drop_object(state, NAMESPACES + namespace)


def _has_objects(state: State, namespace: str) -> bool:
    prefixes = (f"{prefix}{namespace}/" for prefix in namespaced_prefixes(state.served))
    return any(True for prefix in prefixes for _ in state.objects.items(prefix, end_of_prefix(prefix)))


def finish_definition(state: State, name: str) -> State:
    """A definition that is being deleted goes with the last object of its kind."""
    found = state.objects.get(CRDS + name)
    if found is None or "deletionTimestamp" not in found["metadata"]:
        return state
    prefix = f"{found['spec']['group']}/{found['spec']['names']['plural']}/"
    left = any(True for _ in state.objects.items(prefix, end_of_prefix(prefix)))
    held = {*(found["metadata"].get("finalizers") or ())} - {CLEANUP}
    return state if left or held else _drop_object(state, CRDS + name)
