"""The embedded cluster as a client: one in memory, which lives as long as the value does."""

from __future__ import annotations

from returns.result import Failure, Result, Success

from fkube.cluster import State, empty
from fkube.edge.client import Client, Events
from fkube.edge.hosting import Cell, Clock, send, stop, utc_now, watch
from fkube.errors import VisitError
from fkube.exchange import Request, Response, status_error


def embedded(state: State | None = None, clock: Clock = utc_now) -> Client:
    """A client of a cluster of its own, which starts from `state` or empty, and runs in this process.

    >>> embedded().send(Request("GET", "/api/v1/namespaces/default")).unwrap().body["kind"]
    'Namespace'
    """
    cell = Cell(empty(now=clock()) if state is None else state, clock)

    def answered(request: Request) -> Result[Response, VisitError]:
        return Success(send(cell, request))

    def streamed(request: Request) -> Events:
        found = watch(cell, request)
        if isinstance(found, Failure):
            yield Failure(status_error(found.failure()))
        else:
            yield from map(Success, found.unwrap()[1])

    return Client(answered, server="embedded", stream=streamed, close=lambda: stop(cell))
