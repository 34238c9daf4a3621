"""For extension authors: hypothesis strategies and law checks (the extra `laws`). Importing runs nothing.

>>> from fkube.visitor.decorators import set_namespace
>>> check_decorator(set_namespace("shop"), examples=10)
"""

try:
    import hypothesis  # noqa: F401 - only to say what is missing
except ImportError:
    raise ImportError("fkube.testing needs hypothesis: install fkube[laws]") from None

from fkube.testing.checks import (
    check_condition,
    check_decorator,
    check_function,
    check_predicate,
    check_stage,
    check_verb,
    check_visitor,
)
from fkube.testing.conversations import (
    dry_runs,
    exchanges,
    repetitions,
    replies,
    requests,
    responses,
    server_answers,
    verbs,
)
from fkube.testing.lawcheck import check_law, counterexample, laws_about
from fkube.testing.resources import (
    crds,
    errors,
    info_lists,
    infos,
    mapped_infos,
    mappers,
    mappings,
    namespaces,
    origins,
    outcomes,
    reports,
    sources,
    steps,
    visits,
)
from fkube.testing.sourcecheck import check_source
from fkube.testing.strategies import (
    changes,
    decorators,
    info_functions,
    predicates,
    stages,
    visitor_functions,
    visitors,
    whole_stages,
)
from fkube.testing.waits import conditions, moments
from fkube.testing.workloads import image_changes, templates, texts, workloads

__all__ = [
    "changes",
    "check_condition",
    "check_decorator",
    "check_function",
    "check_law",
    "check_predicate",
    "check_source",
    "check_stage",
    "check_verb",
    "check_visitor",
    "conditions",
    "counterexample",
    "crds",
    "decorators",
    "dry_runs",
    "errors",
    "exchanges",
    "image_changes",
    "info_functions",
    "info_lists",
    "infos",
    "laws_about",
    "mapped_infos",
    "mappers",
    "mappings",
    "moments",
    "namespaces",
    "origins",
    "outcomes",
    "predicates",
    "repetitions",
    "replies",
    "reports",
    "requests",
    "responses",
    "server_answers",
    "sources",
    "stages",
    "steps",
    "templates",
    "texts",
    "verbs",
    "visitor_functions",
    "visitors",
    "visits",
    "whole_stages",
    "workloads",
]
