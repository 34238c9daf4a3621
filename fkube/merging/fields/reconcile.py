"""Fields that are owned by a schema that has changed since: those within what is one field now. Pure.

Follows `ReconcileFieldSetWithSchema` of structured-merge-diff.
"""

from __future__ import annotations

from collections.abc import Set

from fkube.merging.fields.paths import FieldSet, Path
from fkube.merging.fields.types import Type


def reconciled(type: Type, fields: FieldSet) -> FieldSet:
    """The fields as a schema has them now: who owned a part of what has become atomic owns the whole.

    What has become granular stays one field, as what was in it is not known.
    Law: reconciled_fields

    >>> whole = Type({"properties": {"a": {"type": "object", "x-kubernetes-map-type": "atomic"}}})
    >>> sorted(reconciled(whole, frozenset({("f:a", "f:x"), ("f:b",)})))
    [('f:a',), ('f:b',)]
    """
    types: dict[Path, Type | None] = {(): type}
    wholes = set[Path]()
    for way in sorted({path[:end] for path in fields for end in range(1, len(path))}, key=len):
        around = types[way[:-1]]
        here = types[way] = around and around.within(way[-1])
        if here is not None and here.target.is_atomic(here.target.form(None)):
            wholes.add(way)
    return frozenset(_first_whole(path, wholes) for path in fields) if wholes else fields


def _first_whole(path: Path, wholes: Set[Path]) -> Path:
    """The first part of a path that is one field as a whole; the path itself if none is."""
    return next((path[:end] for end in range(1, len(path)) if path[:end] in wholes), path)
