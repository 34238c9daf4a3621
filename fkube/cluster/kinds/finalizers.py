"""Finalizers in metadata: which of them the server refuses, and which it warns of. Pure.

Follows `ValidateFinalizerName` of apimachinery and of Kubernetes, and `validateKubeFinalizerName` of
apiextensions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from fkube.cluster.kinds import Kind
from fkube.cluster.statuses import FieldError, forbidden_field, invalid_field
from fkube.resource.info import Object
from fkube.resource.names import label_key_problems

_PATH = " including a path (/)"
_STANDARD = frozenset({"kubernetes", "orphan", "foregroundDeletion"})


def finalizer_errors(kind: Kind, metadata: Object) -> Iterator[FieldError]:
    """Yield what is wrong with the names of finalizers; those of custom kinds need no domain."""
    for number, name in enumerate(metadata.get("finalizers") or ()):
        yield from (
            invalid_field("metadata.finalizers", name, problem) for problem in label_key_problems(name)
        )
        if not kind.custom and _lacks_domain(name):
            why = "name is neither a standard finalizer name nor is it fully qualified"
            yield invalid_field(f"metadata.finalizers[{number}]", name, why)


def new_finalizer_errors(metadata: Object, old: Object) -> Iterator[FieldError]:
    """Yield the error of finalizers that are added while the object is being deleted."""
    names = ", ".join(map(json.dumps, _new_finalizers(metadata, old)))
    if names and "deletionTimestamp" in old:
        why = "no new finalizers can be added if the object is being deleted, found new finalizers []string"
        yield forbidden_field("metadata.finalizers", f"{why}{{{names}}}")


def finalizer_warnings(kind: Kind, metadata: Object, old: Object) -> tuple[str, ...]:
    """The warnings of new finalizers without a domain, which only custom kinds may have."""
    return tuple(
        f'metadata.finalizers: "{name}": prefer a domain-qualified finalizer name'
        f"{_PATH if '.' in name else ''} to avoid accidental conflicts with other finalizer writers"
        for name in _new_finalizers(metadata, old)
        if kind.custom and _lacks_domain(name)
    )


def _new_finalizers(metadata: Object, old: Object) -> list[str]:
    return sorted({*(metadata.get("finalizers") or ())} - {*(old.get("finalizers") or ())})


def _lacks_domain(name: str) -> bool:
    return "/" not in name and name not in _STANDARD
