"""The verbs: pure functions `Info -> Exchange[Outcome]`, one module each. What they say, the edge sends.

`path` and `collection` say where objects live on a server, for verbs of one's own.
"""

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
from fkube.verbs.paths import collection, path
from fkube.verbs.replace import replace
from fkube.verbs.scale import scale
from fkube.verbs.serverside import server_side
from fkube.verbs.wait import wait

__all__ = [
    "annotate",
    "apply",
    "collection",
    "create",
    "delete",
    "diff",
    "discover",
    "get",
    "gone",
    "label",
    "page",
    "patch",
    "path",
    "replace",
    "scale",
    "server_side",
    "wait",
]
