"""Conversations and watches held with a server over a line, which has one stream open at a time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from typing import TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.edge.client import Client, Events
from fkube.edge.streams import yield_from
from fkube.exchange.conversation import (
    Call,
    Done,
    Exchange,
    Heard,
    Listen,
    Request,
    succeeded,
    warnings,
    writes,
)
from fkube.exchange.shapes import check_answer, check_event
from fkube.exchange.watching import Event, Watching, heard
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import TimedOut, VisitError, harmless
from fkube.resource.info import Object

T = TypeVar("T")

Batches: TypeAlias = Generator[Result[tuple[Event, ...], VisitError], None, None]
"""The events of a watch as they happen: first what is there already, together; then each change."""


@dataclass(slots=True, repr=False, eq=False)
class Line:
    """A line to a server: the stream that is open on it, if one is, and its clock (seconds).

    `began`: the second at which it was made. `open`: the request whose stream is open, and that stream.
    `wrote`: something was sent that may change what the server has. `heard`: what answers warned of.
    """

    client: Client
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    began: float = 0.0
    open: tuple[Request, Events] | None = None
    wrote: bool = False
    heard: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.began = self.now()

    def hold(self, exchange: Exchange[T]) -> Result[T, VisitError]:
        """Hold a conversation to its end; a stream that it listened to stays open for the next."""
        while not isinstance(exchange, Done):
            if isinstance(exchange, Call):
                exchange = self._send_call(exchange)
            elif self.client.seconds_left() > 0:
                exchange = exchange.then(self._hear_piece(exchange))
            else:
                # A watch would ask again and again, with nothing sent.
                heard = f"{exchange.request} was not listened to any longer"
                return Failure(TimedOut(f"{heard}: the time of --timeout-run was over", sent=self.wrote))
        return exchange.result

    def close(self) -> None:
        """Close the stream that is open."""
        if self.open is not None:
            self.open[1].close()
        self.open = None

    def _send_call(self, call: Call[T]) -> Exchange[T]:
        """Send the request of a call after its delay; continue the conversation with what comes of it.

        Where no answer came to a read, the error says that nothing was changed.
        """
        if call.delay:
            self.sleep(min(call.delay, max(self.client.seconds_left(), 0.0)))
        self.wrote = self.wrote or writes(call.request)
        match self.client.send(call.request).bind(partial(check_answer, call.request)):
            case Success(response):
                self.heard = (*self.heard, *warnings(response))
                return call.then(replace(response, elapsed=self.now() - self.began))
            case lost:
                error = lost.failure()
                return call.lost(error if writes(call.request) else harmless(error))

    def _hear_piece(self, listen: Listen[T]) -> Heard:
        """Wait for the next piece of an answer. After its end, failure or silence the stream is closed."""
        left = min(listen.until - (self.now() - self.began), self.client.seconds_left())
        if listen.delay and left > 0:
            self.sleep(min(listen.delay, left))
        silence = TimedOut(f"nothing was heard of {listen.request}")
        piece: Result[Object, VisitError] | None = Failure(silence)
        if listen.delay < left:
            piece = next(self._open_stream(listen.request, left - listen.delay), None)
            # What is only listened to changes nothing, however it is lost.
            piece = piece if piece is None or writes(listen.request) else piece.alt(harmless)
        if not isinstance(piece, Success):
            self.close()
        return Heard(piece, self.now() - self.began)

    def _open_stream(self, request: Request, patience: float) -> Events:
        """The stream of a request: the open one, or a new one that may be silent for `patience` seconds."""
        if self.open is None or self.open[0] != request:
            self.close()
            self.open = (request, self._read_pieces(request, patience))
        return self.open[1]

    def _read_pieces(self, request: Request, patience: float) -> Events:
        """The events of a watch; for any other request the body of its answer, as the only piece."""
        if ("watch", "true") in request.query:
            with closing(self.client.stream(request, patience)) as events:
                yield from (event.bind(partial(check_event, request)) for event in events)
            return
        answer = self.client.send(request).bind(partial(check_answer, request))
        self.heard = (*self.heard, *answer.map(warnings).value_or(()))
        yield answer.bind(succeeded).map(lambda response: response.body)


def watch(line: Line, start: Watching) -> Iterator[Result[Event, VisitError]]:
    """The events of a watch as they happen: first what is there already, then each change, for ever.

    Equation: watch = concat . watch_in_batches
    """
    with closing(watch_in_batches(line, start)) as batches:
        for batch in batches:
            yield from yield_from(batch, lambda events: map(Success, events))


def watch_in_batches(line: Line, start: Watching, until: float = math.inf) -> Batches:
    """The events of a watch: what is there already in one batch, even an empty one; then each change.

    It ends after `until` seconds of the line, or where the iterator is closed; then the line is closed too.
    Errors: what the watch can't recover from, as the last.
    """
    synced = start.synced
    with closing(line):
        told = line.hold(heard(start, until))
        while isinstance(told, Success):
            after, events = told.unwrap().watching, told.unwrap().events
            if events or after.synced > synced:
                yield Success(events)
            if after.elapsed >= until:
                return
            synced, told = after.synced, line.hold(heard(after, until))
        yield Failure(told.failure())
