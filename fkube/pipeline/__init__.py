"""What a builder comes to, and how it is resolved, drawn and spread over connections."""

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
