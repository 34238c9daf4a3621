"""The verbs: pure functions `Info -> Exchange[Outcome]`, one module each. What they say, the edge sends.

`path` and `collection` say where objects live on a server, for verbs of one's own.
"""

from typing import TYPE_CHECKING

from fkube.resource.exporting import export_lazily

if TYPE_CHECKING:
    from fkube.verbs.annotate import annotate as annotate
    from fkube.verbs.apply import apply as apply
    from fkube.verbs.create import create as create
    from fkube.verbs.delete import delete as delete
    from fkube.verbs.delete import gone as gone
    from fkube.verbs.diff import diff as diff
    from fkube.verbs.discover import discover as discover
    from fkube.verbs.get import get as get
    from fkube.verbs.label import label as label
    from fkube.verbs.paging import page as page
    from fkube.verbs.patch import patch as patch
    from fkube.verbs.paths import collection as collection
    from fkube.verbs.paths import path as path
    from fkube.verbs.replace import replace as replace
    from fkube.verbs.scale import scale as scale
    from fkube.verbs.serverside import server_side as server_side
    from fkube.verbs.wait import wait as wait
else:
    export_lazily(
        __name__,
        {
            "annotate": "annotate",
            "apply": "apply",
            "create": "create",
            "delete": "delete gone",
            "diff": "diff",
            "discover": "discover",
            "get": "get",
            "label": "label",
            "paging": "page",
            "patch": "patch",
            "paths": "collection path",
            "replace": "replace",
            "scale": "scale",
            "serverside": "server_side",
            "wait": "wait",
        },
    )
