"""For extension authors: hypothesis strategies and law checks (the extra `laws`). Importing runs nothing.

>>> from fkube.decorators import set_namespace
>>> check_decorator(set_namespace("shop"), examples=10)
"""

from fkube.testing.checks import (
    check_condition,
    check_decorator,
    check_law,
    check_predicate,
    check_visitor_transform,
    counterexample,
    laws_about,
)
from fkube.testing.conversations import exchanges, repetitions, replies, requests, responses, verbs
from fkube.testing.strategies import (
    changes,
    crds,
    decorators,
    errors,
    info_functions,
    info_lists,
    infos,
    mappers,
    mappings,
    namespaces,
    origins,
    predicates,
    reports,
    stages,
    steps,
    visitor_functions,
    visitors,
    visits,
)
from fkube.testing.waits import conditions, moments
from fkube.testing.workloads import image_changes, templates, texts, workloads

__all__ = [
    "changes",
    "check_condition",
    "check_decorator",
    "check_law",
    "check_predicate",
    "check_visitor_transform",
    "conditions",
    "counterexample",
    "crds",
    "decorators",
    "errors",
    "exchanges",
    "image_changes",
    "info_functions",
    "info_lists",
    "infos",
    "laws_about",
    "mappers",
    "mappings",
    "moments",
    "namespaces",
    "origins",
    "predicates",
    "repetitions",
    "replies",
    "reports",
    "requests",
    "responses",
    "stages",
    "steps",
    "templates",
    "texts",
    "verbs",
    "visitor_functions",
    "visitors",
    "visits",
    "workloads",
]
