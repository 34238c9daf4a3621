"""Finalizers in metadata: which are refused, and which are warned of. Pure.

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
    """What is wrong with the names; of custom kinds they need no domain."""
    for number, name in enumerate(metadata.get("finalizers") or ()):
        yield from (
            invalid_field("metadata.finalizers", name, problem) for problem in label_key_problems(name)
        )
        if not kind.custom and _lacks_domain(name):
            why = "name is neither a standard finalizer name nor is it fully qualified"
            yield invalid_field(f"metadata.finalizers[{number}]", name, why)


def new_finalizer_errors(metadata: Object, old: Object) -> Iterator[FieldError]:
    """What is wrong with finalizers that come while the object is being deleted."""
    added = _new_finalizers(metadata, old)
    if added and "deletionTimestamp" in old:
        listed = ", ".join(json.dumps(name) for name in added)
        why = "no new finalizers can be added if the object is being deleted, found new finalizers []string"
        listed = f"{{{listed}}}"
        yield forbidden_field("metadata.finalizers", why + listed)


def finalizer_warnings(kind: Kind, metadata: Object, old: Object) -> tuple[str, ...]:
    """What the server says of new finalizers without a domain, which custom kinds may have."""
    bare = [name for name in _new_finalizers(metadata, old) if _lacks_domain(name)] if kind.custom else ()
    return tuple(
        f'metadata.finalizers: "{name}": prefer a domain-qualified finalizer name'
        f"{_PATH if '.' in name else ''} to avoid accidental conflicts with other finalizer writers"
        for name in bare
    )


def _new_finalizers(metadata: Object, old: Object) -> list[str]:
    return sorted({*(metadata.get("finalizers") or ())} - {*(old.get("finalizers") or ())})


def _lacks_domain(name: str) -> bool:
    return "/" not in name and name not in _STANDARD
