"""The edge: the only place with I/O. Sources are read, exchanges run, connections made; all else is data.

`visit` and `fold` run a pipeline with a verb against a client; `embedded` and `connect` make clients.
"""

from fkube.edge.client import Client, embedded
from fkube.edge.connecting import connect
from fkube.edge.planning import plan
from fkube.edge.running import Verb, run
from fkube.edge.visiting import fold, visit

__all__ = ["Client", "Verb", "connect", "embedded", "fold", "plan", "run", "visit"]
