"""The embedded cluster: an API server as a pure reducer, `respond(state, request) -> (state, response)`.

`empty()` is a fresh cluster, `at(state, now)` the same one at another time, and `respond` its whole
behaviour. A watch (`fkube.cluster.watch`) is what `since(state, version)` says of the log, in the form that
`fkube.cluster.reading` gives it.
"""

from fkube.cluster.respond import empty, respond
from fkube.cluster.state import Event, State, at, since

__all__ = ["Event", "State", "at", "empty", "respond", "since"]
