"""For extension authors: hypothesis strategies and law checks (the extra `laws`). Importing runs nothing.

>>> from fkube.visitor.decorators import set_namespace
>>> check_decorator(set_namespace("shop"), examples=10)
"""

try:
    import hypothesis  # noqa: F401 - only to say what is missing
except ImportError:
    raise ImportError("fkube.testing needs hypothesis: install fkube[laws]") from None

from fkube.testing.checks import check_condition as check_condition
from fkube.testing.checks import check_decorator as check_decorator
from fkube.testing.checks import check_function as check_function
from fkube.testing.checks import check_predicate as check_predicate
from fkube.testing.checks import check_stage as check_stage
from fkube.testing.checks import check_verb as check_verb
from fkube.testing.checks import check_visitor as check_visitor
from fkube.testing.conversations import dry_runs as dry_runs
from fkube.testing.conversations import exchanges as exchanges
from fkube.testing.conversations import repetitions as repetitions
from fkube.testing.conversations import replies as replies
from fkube.testing.conversations import requests as requests
from fkube.testing.conversations import responses as responses
from fkube.testing.conversations import server_answers as server_answers
from fkube.testing.conversations import verbs as verbs
from fkube.testing.lawcheck import check_law as check_law
from fkube.testing.lawcheck import counterexample as counterexample
from fkube.testing.lawcheck import laws_about as laws_about
from fkube.testing.resources import crds as crds
from fkube.testing.resources import errors as errors
from fkube.testing.resources import info_lists as info_lists
from fkube.testing.resources import infos as infos
from fkube.testing.resources import mapped_infos as mapped_infos
from fkube.testing.resources import mappers as mappers
from fkube.testing.resources import mappings as mappings
from fkube.testing.resources import namespaces as namespaces
from fkube.testing.resources import origins as origins
from fkube.testing.resources import outcomes as outcomes
from fkube.testing.resources import reports as reports
from fkube.testing.resources import sources as sources
from fkube.testing.resources import steps as steps
from fkube.testing.resources import visits as visits
from fkube.testing.sourcecheck import check_source as check_source
from fkube.testing.strategies import changes as changes
from fkube.testing.strategies import decorators as decorators
from fkube.testing.strategies import info_functions as info_functions
from fkube.testing.strategies import predicates as predicates
from fkube.testing.strategies import stages as stages
from fkube.testing.strategies import visitor_functions as visitor_functions
from fkube.testing.strategies import visitors as visitors
from fkube.testing.strategies import whole_stages as whole_stages
from fkube.testing.waits import conditions as conditions
from fkube.testing.waits import moments as moments
from fkube.testing.workloads import image_changes as image_changes
from fkube.testing.workloads import templates as templates
from fkube.testing.workloads import texts as texts
from fkube.testing.workloads import workloads as workloads

# Every function that is imported here, sorted: a second list of them could be out of date.
__all__ = [name for name, value in sorted(vars().items()) if callable(value)]
