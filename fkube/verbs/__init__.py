"""The verbs: pure functions `Info -> Exchange[Outcome]`, one module each. What they say, the edge sends."""

from fkube.verbs.annotate import annotate
from fkube.verbs.apply import apply
from fkube.verbs.create import create
from fkube.verbs.delete import delete, gone
from fkube.verbs.diff import diff
from fkube.verbs.discover import discover
from fkube.verbs.get import get
from fkube.verbs.label import label
from fkube.verbs.paging import page
from fkube.verbs.patch import patch
from fkube.verbs.replace import replace
from fkube.verbs.scale import scale
from fkube.verbs.serverside import server_side
from fkube.verbs.wait import wait

__all__ = [
    "annotate",
    "apply",
    "create",
    "delete",
    "diff",
    "discover",
    "get",
    "gone",
    "label",
    "page",
    "patch",
    "replace",
    "scale",
    "server_side",
    "wait",
]
