"""The algebra of visitors: what a visitor is, and how visitors are made and combined."""

from fkube.visitor.algebra import Transform
from fkube.visitor.combinators import (
    and_then,
    broken,
    continue_on_error,
    decorated,
    each,
    eager_visitor_list,
    filtered,
    flattened,
    from_result,
    infos,
    nothing,
    one,
    visitor_list,
)
from fkube.visitor.visits import Decorator, Predicate, Reached, Visited, Visitor, VisitorFunc

__all__ = [
    "Decorator",
    "Predicate",
    "Reached",
    "Transform",
    "Visited",
    "Visitor",
    "VisitorFunc",
    "and_then",
    "broken",
    "continue_on_error",
    "decorated",
    "each",
    "eager_visitor_list",
    "filtered",
    "flattened",
    "from_result",
    "infos",
    "nothing",
    "one",
    "visitor_list",
]
