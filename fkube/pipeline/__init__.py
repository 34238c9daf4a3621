"""Pipelines: what `b.do` makes of a builder, and how it is resolved, drawn and run on many connections."""

from fkube.pipeline.pipeline import (
    OfLists,
    Pipeline,
    RequestTransform,
    Typed,
    holds_all,
    mapper_of,
    named,
    resolved,
    rows_of,
    source_label,
    stages,
    with_mapper,
)

__all__ = [
    "OfLists",
    "Pipeline",
    "RequestTransform",
    "Typed",
    "holds_all",
    "mapper_of",
    "named",
    "resolved",
    "rows_of",
    "source_label",
    "stages",
    "with_mapper",
]
