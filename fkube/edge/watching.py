"""Conversations held for real, and watches told as they happen: one stream open at a time, and a clock."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeVar

from returns.result import Failure, Result, Success

from fkube.edge.client import Client, Events
from fkube.exchange.conversation import Call, Done, Exchange, Heard, Listen, Request, succeeded, writes
from fkube.exchange.watching import Event, Watching, heard
from fkube.resource.errors import TimedOut, VisitError, harmless
from fkube.resource.info import Object

T = TypeVar("T")


@dataclass(slots=True, repr=False, eq=False)
class Line:
    """A line to a server: the stream that is open on it, if one is, and its clock (seconds).

    `wrote`: something was sent that may change what the server has.
    """

    client: Client
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    began: float = field(init=False)
    open: tuple[Request, Events] | None = None
    wrote: bool = False

    def __post_init__(self) -> None:
        self.began = self.now()

    def hold(self, exchange: Exchange[T]) -> Result[T, VisitError]:
        """Hold a conversation to its end; a stream that it listened to stays open for the next."""
        while not isinstance(exchange, Done):
            if isinstance(exchange, Listen):
                exchange = exchange.then(self._hear(exchange))
                continue
            exchange = self._called(exchange)
        return exchange.result

    def close(self) -> None:
        """Close the stream that is open."""
        if self.open is not None:
            self.open[1].close()
        self.open = None

    def _called(self, call: Call[T]) -> Exchange[T]:
        if call.delay:
            self.sleep(call.delay)
        self.wrote = self.wrote or writes(call.request)
        answered = self.client.send(call.request)
        if isinstance(answered, Success):
            return call.then(answered.unwrap())
        error = answered.failure()
        return call.lost(error if writes(call.request) else harmless(error))

    def _hear(self, listen: Listen[T]) -> Heard:
        """The next piece of an answer. After a silence nothing is left open: the line may be dead."""
        left = listen.until - self._elapsed()
        if listen.delay and left > 0:
            self.sleep(min(listen.delay, left))
        piece: Result[Object, VisitError] | None = _silence(listen.request)
        if listen.delay < left:
            piece = next(self._stream(listen.request, left - listen.delay), None)
        if not isinstance(piece, Success):
            self.close()
        return Heard(piece, self._elapsed())

    def _stream(self, request: Request, patience: float) -> Events:
        if self.open is None or self.open[0] != request:
            self.close()
            self.open = (request, _pieces(self.client, request, patience))
        return self.open[1]

    def _elapsed(self) -> float:
        return self.now() - self.began


def watch(
    client: Client,
    begun: Watching,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Result[Event, VisitError]]:
    """What a watch is told, as it happens: first what is there already, then each change, for ever.

    Equation: watch = concat . batches
    """
    with closing(batches(client, begun, now, sleep)) as found:
        for batch in found:
            yield from map(Success, batch.value_or(()))
            if not isinstance(batch, Success):
                yield Failure(batch.failure())


def batches(
    client: Client,
    begun: Watching,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    until: float = math.inf,
) -> Generator[Result[tuple[Event, ...], VisitError], None, None]:
    """What a watch is told, what is there already together, even if it is nothing; then each change.

    It ends after `until` seconds, or where the iterator is closed. Errors: what the watch can't recover from,
    as the last.
    """
    line, synced = Line(client, now, sleep), begun.synced
    try:
        told = line.hold(heard(begun, until))
        while isinstance(told, Success):
            after, events = told.unwrap().watching, told.unwrap().events
            if events or after.synced > synced:
                yield Success(events)
            if after.elapsed >= until:
                return
            synced, told = after.synced, line.hold(heard(after, until))
        yield Failure(told.failure())
    finally:
        line.close()


def _pieces(client: Client, request: Request, patience: float) -> Events:
    if ("watch", "true") in request.query:
        yield from client.stream(request, patience)
    else:
        yield client.send(request).bind(succeeded).map(lambda response: response.body)


def _silence(request: Request) -> Result[Object, VisitError]:
    return Failure(TimedOut(f"nothing was heard of {request}"))
