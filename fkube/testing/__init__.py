"""For extension authors: hypothesis strategies and law checks (the extra `laws`). Importing runs nothing.

>>> from fkube.decorators import set_namespace
>>> check_decorator(set_namespace("shop"), examples=10)
"""

from fkube.testing.checks import (
    check_decorator,
    check_law,
    check_predicate,
    check_visitor_transform,
    counterexample,
    laws_about,
)
from fkube.testing.strategies import (
    changes,
    decorators,
    errors,
    exchanges,
    info_functions,
    info_lists,
    infos,
    mappings,
    namespaces,
    origins,
    predicates,
    replies,
    responses,
    visitor_functions,
    visitors,
)

__all__ = [
    "changes",
    "check_decorator",
    "check_law",
    "check_predicate",
    "check_visitor_transform",
    "counterexample",
    "decorators",
    "errors",
    "exchanges",
    "info_functions",
    "info_lists",
    "infos",
    "laws_about",
    "mappings",
    "namespaces",
    "origins",
    "predicates",
    "replies",
    "responses",
    "visitor_functions",
    "visitors",
]
