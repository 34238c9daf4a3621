"""Field sets: which fields of an object a manager owns, as the API server keeps them in `managedFields`.

A field is a path, a set of fields a frozenset of paths: union, intersection and difference are Python's own.
`types` reads OpenAPI schemas, `fkube.merging.fields.typed` says which fields a value has,
`fkube.merging.fields.merging` merges, compares and removes by them. Follows `structured-merge-diff`.
"""

from fkube.merging.fields.merging import Comparison, compared, merged, without
from fkube.merging.fields.paths import FieldSet, Path, fields_v1, from_fields_v1, ordered, shown
from fkube.merging.fields.typed import fields_of, problems
from fkube.merging.fields.types import Type

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
    "shown",
    "without",
]
