"""The reducer: one request and the state it meets, to the state it leaves and its response."""

from __future__ import annotations

from fkube.cluster.state import State
from fkube.exchange import Request, Response


def empty(seed: str = "fkube") -> State:
    """A fresh cluster: its namespaces and the `kubernetes` service. Uids and generated names follow the seed."""
    return State(seed=seed)


def respond(state: State, request: Request) -> tuple[State, Response]:
    """Answer one request. A body may be JSON data, or bytes and text as they came (then decoded strictly here)."""
    return state, Response(404, "404 page not found\n", (("content-type", "text/plain; charset=utf-8"),))
