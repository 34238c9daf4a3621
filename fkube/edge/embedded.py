"""The embedded cluster as a client: one in memory, which lives as long as the value does."""

from __future__ import annotations

import math
from functools import partial

from returns.result import Failure, Result, Success

from fkube.cluster import State, empty
from fkube.edge.client import Client, Events
from fkube.edge.hosting import TICK, Cell, Clock, send, stop, utc_now, watch
from fkube.errors import TimedOut, VisitError
from fkube.exchange import Request, Response, status_error


def embedded(state: State | None = None, clock: Clock = utc_now) -> Client:
    """A client of a cluster of its own, which starts from `state` or empty, and runs in this process.

    >>> embedded().send(Request("GET", "/api/v1/namespaces/default")).unwrap().body["kind"]
    'Namespace'
    """
    cell = Cell(empty(now=clock()) if state is None else state, clock)

    def answered(request: Request) -> Result[Response, VisitError]:
        return Success(send(cell, request))

    return Client(
        answered, server="embedded", stream=partial(_streamed, cell, clock), close=lambda: stop(cell)
    )


def _streamed(cell: Cell, clock: Clock, request: Request, patience: float = math.inf) -> Events:
    """The events of a watch, until it ends or was silent for longer than `patience`, in seconds."""
    spoke = clock()

    def silent() -> bool:
        return (clock() - spoke).total_seconds() >= patience

    found = watch(cell, request, silent, min(patience, TICK))
    if isinstance(found, Failure):
        yield Failure(status_error(found.failure()))
        return
    for event in found.unwrap()[1]:
        spoke = clock()
        yield Success(event)
    if silent():
        yield Failure(TimedOut(f"nothing was heard of {request}"))
