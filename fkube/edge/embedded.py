"""The embedded cluster as a client: one in memory, which lives as long as the value does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from returns.result import Result, Success

from fkube.edge.client import Client
from fkube.errors import VisitError
from fkube.exchange import Request, Response

if TYPE_CHECKING:
    from fkube.cluster import State


def utcnow() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def embedded(state: State | None = None, clock: Callable[[], datetime] = utcnow) -> Client:
    """A client of a cluster of its own, which starts from `state` or empty, and runs in this process.

    >>> embedded().send(Request("GET", "/api/v1/namespaces/default")).unwrap().body["kind"]
    'Namespace'
    """
    # Imported here: who talks to a real server should not wait for this one.
    from fkube.cluster import at, empty, respond

    cell = [empty() if state is None else state]
    lock = Lock()

    def send(request: Request) -> Result[Response, VisitError]:
        with lock:
            cell[0], response = respond(at(cell[0], clock()), request)
        return Success(response)

    return Client(send, server="embedded")
