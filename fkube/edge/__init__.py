"""The edge: the only place with I/O. Sources are read, exchanges run, connections made; all else is data.

`visit` and `fold` run a pipeline with a verb against a client; `embedded` and `connect` make clients.
"""

from typing import TYPE_CHECKING

from fkube.resource.exporting import export_lazily

if TYPE_CHECKING:
    from fkube.edge.client import Client as Client
    from fkube.edge.client import embedded as embedded
    from fkube.edge.connecting import connect as connect
    from fkube.edge.planning import plan as plan
    from fkube.edge.running import Verb as Verb
    from fkube.edge.running import run as run
    from fkube.edge.traces import trace as trace
    from fkube.edge.visiting import fold as fold
    from fkube.edge.visiting import visit as visit
else:
    export_lazily(
        __name__,
        {
            "client": "Client embedded",
            "connecting": "connect",
            "planning": "plan",
            "running": "Verb run",
            "traces": "trace",
            "visiting": "fold visit",
        },
    )
