"""Field sets: which fields of an object a manager owns, as the API server keeps them in `managedFields`.

A field is a path, a set of fields a frozenset of paths: union, intersection and difference are Python's own.
`types` reads OpenAPI schemas and says which fields a value has, `validate` whether a value has its type,
`merge` merges, compares and removes by them, `reconcile` brings them to a schema that has changed.
Follows `structured-merge-diff`.
"""

from fkube.merging.fields.merge import Comparison, compared, merged, without
from fkube.merging.fields.owned import fields_of
from fkube.merging.fields.paths import FieldSet, Path, fields_v1, from_fields_v1, ordered, shown
from fkube.merging.fields.reconcile import reconciled
from fkube.merging.fields.types import Type
from fkube.merging.fields.validate import problems

__all__ = [
    "Comparison",
    "FieldSet",
    "Path",
    "Type",
    "compared",
    "fields_of",
    "fields_v1",
    "from_fields_v1",
    "merged",
    "ordered",
    "problems",
    "reconciled",
    "shown",
    "without",
]
