"""A living embedded cluster: one cell with its state, the lock around that, and its watches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from threading import Condition
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.cluster import empty
from fkube.cluster.respond import respond
from fkube.cluster.state import State, at
from fkube.cluster.statuses import failure_status
from fkube.cluster.watch import Watch, next_events, watch_response
from fkube.cluster.watch import open_watch as begin_watch
from fkube.edge.client import Client, Events
from fkube.exchange.conversation import Request, Response, status_error
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import TimedOut
from fkube.resource.guarding import exception_error
from fkube.resource.info import Object

Clock: TypeAlias = Callable[[], datetime]
"""The time now, in UTC."""

TICK = 1.0
"""Seconds a watch sleeps at most before it looks whether its client is still there."""


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True, repr=False, eq=False)
class Cell:
    """The state of a cluster at this moment; only `answer_request` replaces it, under the lock `changed`."""

    state: State
    clock: Clock = utc_now
    changed: Condition = field(default_factory=Condition)
    stopped: bool = False


def current_state(cell: Cell) -> State:
    """The state of the cluster at the present second of its clock."""
    return at(cell.state, cell.clock())


def answer_request(cell: Cell, request: Request) -> Response:
    """Answer one request, with the cluster's time, and wake the watches."""
    with cell.changed:
        now = current_state(cell)
        try:
            cell.state, response = respond(now, request)
        except Exception as error:  # noqa: BLE001 - the cluster goes on, as it was
            return _explain_mistake(error)
        cell.changed.notify_all()
    date = format_datetime(now.now, usegmt=True)
    return replace(response, headers=(*response.headers, ("date", date)))


def _explain_mistake(error: Exception) -> Response:
    """The 500 response of a request, or a watch, in which the cluster made a mistake."""
    return failure_status(500, "InternalError", exception_error(respond, error).message)


def open_watch(
    cell: Cell, request: Request, gone: Callable[[], bool] = lambda: False, tick: float = TICK
) -> Result[tuple[Response, Iterator[Object]], Response]:
    """Answer a watch request, and give its events as they happen, until its time is over or its client gone.

    `gone` says whether that is so; it is asked every `tick` seconds.
    Errors: the response that refuses the request.
    """
    begun = begin_watch(current_state(cell), request)
    return begun.map(lambda watch: (watch_response(watch), _read_events(cell, watch, gone, tick)))


def _read_events(cell: Cell, watch: Watch, gone: Callable[[], bool], tick: float) -> Iterator[Object]:
    """Yield the events of a watch, until it is over, the cluster is stopped, or the client is gone."""
    while not (watch.over or cell.stopped or gone()):
        try:
            watch, events = next_events(watch, current_state(cell))
        except Exception as error:  # noqa: BLE001 - it ends this watch alone
            yield {"type": "ERROR", "object": _explain_mistake(error).body}
            return
        yield from events
        _wait_for_change(cell, watch, tick)


def _wait_for_change(cell: Cell, watch: Watch, tick: float) -> None:
    """Wait until something is new or due, or it is time to see whether the client is still there."""
    with cell.changed:
        due = (watch.due - cell.clock()).total_seconds()
        if cell.state.version <= watch.version and due > 0 and not cell.stopped:
            cell.changed.wait(min(due, tick))


def stop_cluster(cell: Cell) -> None:
    """End every watch of a cluster, and begin no other.

    A request that takes long holds the lock: what waits for it then ends a tick later.
    """
    cell.stopped = True
    if cell.changed.acquire(timeout=TICK / 4):
        cell.changed.notify_all()
        cell.changed.release()


def host_cluster(state: State | None, clock: Clock | None, name: str) -> Client:
    """Make a client of a new cluster in this process, from `state` or empty; outcomes call it `name`."""
    now = clock or utc_now
    cell = Cell(empty(now=now()) if state is None else state, now)

    return Client(
        lambda request: Success(answer_request(cell, request)),
        server="embedded",
        stream=partial(_stream, cell, now),
        close=partial(stop_cluster, cell),
        cluster=name,
    )


def _stream(cell: Cell, clock: Clock, request: Request, patience: float = math.inf) -> Events:
    """The events of a watch, until it ends or was silent for longer than `patience`, in seconds."""
    spoke = clock()

    def silent() -> bool:
        return (clock() - spoke).total_seconds() >= patience

    match open_watch(cell, request, silent, min(patience, TICK)):
        case Failure(refusal):
            yield Failure(status_error(refusal))
        case Success((_, events)):
            for event in events:
                spoke = clock()
                yield Success(event)
            if silent():
                yield Failure(TimedOut(f"nothing was heard of {request}"))
