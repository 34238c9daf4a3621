"""Conversations with a cluster whose answers are odd: deformed, refusals, nothing, cut off."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster import State, at, respond
from fkube.cluster.watch import Watch, next_events, open_watch
from fkube.exchange import Call, Done, Heard, Request, Response, status_error
from fkube.exchange.answers import decode_json, decode_response, encode_request_body
from fkube.exchange.conversation import succeeded
from fkube.exchange.shapes import check_answer, check_event
from fkube.resource.errors import TimedOut, TransportError, UsageError
from tests.fuzz.drawing import Source
from tests.fuzz.shapes import MISSING, ODD, compose, deform
from tests.fuzz.worlds import begun, live_objects

TURNS = 60
"""After so many requests or pieces a conversation is left: one may go on for ever."""

BODIES = (
    None,
    [],
    "",
    "text",
    {},
    0,
    True,
    [None],
    {"kind": "Status"},
    {"metadata": None},
    {"items": [None]},
)
STATUSES = (200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 410, 415, 422, 429, 500, 503, 504)
HEADERS = (
    *(
        (),
        (("retry-after", "1"),),
        (("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"),),
        (("retry-after", "9" * 5000),),
    ),
    *(
        (("retry-after", "²"),),
        (("retry-after", "-1"),),
        (("warning", '299 - "a'),),
        (("warning", '299 - "' + "\\" * 99),),
    ),
)
STATUS = {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Failure",
    "message": "no",
    "reason": "Conflict",
    "code": 409,
    "details": {
        "name": "a",
        "kind": "x",
        "retryAfterSeconds": 1,
        "causes": [{"reason": "FieldValueInvalid", "message": "m", "field": "f"}],
    },
}


@dataclass(slots=True)
class World:
    """A cluster at one moment, the watch that is being listened to, and the seconds that went by."""

    source: Source
    state: State
    elapsed: float = 0.0
    listening: tuple[Request, list[Any]] | None = None
    watch: Watch | None = None


def converse(exchange: Any, source: Source, said: list[Any] | None = None) -> Any:
    """Hold a conversation with the cluster of `begun`; its result, or how far it came.

    `said` is told what was asked and answered.
    """
    world, told = World(source, begun()), [] if said is None else said
    for _ in range(TURNS):
        if isinstance(exchange, Done):
            return exchange.result
        world.elapsed += exchange.delay
        if isinstance(exchange, Call):
            answer = _answer(world, exchange.request)
            told.append((exchange.request, answer))
            match answer:
                case Success(response):
                    exchange = exchange.then(response)
                case Failure(error):
                    exchange = exchange.lost(error)
        else:
            piece = _piece(world, exchange.request, exchange.until)
            told.append((exchange.request, piece))
            exchange = exchange.then(Heard(piece, world.elapsed))
    return Success("it goes on")


def show_last(said: list[Any]) -> str:
    """What was asked last, and answered."""
    if not said:
        return "nothing was asked"
    request, answer = said[-1]
    match answer:
        case Success(Response(status, body, headers)):
            return f"{request} → {status} {json.dumps(body)[:400]} {dict(headers)}"
        case Success(event):
            return f"{request} → {json.dumps(event)[:400]}"
    return f"{request} → {answer}"


def _wired(request: Request) -> Request | None:
    """The request as a server gets it, or None where it can't be sent: the edge says so."""
    try:
        query = tuple((key, str(value)) for key, value in request.query)
        return replace(request, query=query, body=encode_request_body(request))
    except (TypeError, ValueError, RecursionError):
        return None


def _answer(world: World, request: Request) -> Result[Response, Any]:
    wired = _wired(request)
    if wired is None:
        return Failure(UsageError("no JSON"))
    if world.source.number(16) == 15:
        return Failure(
            world.source.pick(
                (TransportError("reset", True), TransportError("refused"), TimedOut("late", True))
            )
        )
    world.state, response = respond(world.state, wired)
    odd = distort(world.source, response)
    return Success(odd) if odd is response else _received(request, odd)


def _received(request: Request, response: Response) -> Result[Response, Any]:
    """An answer after it went over the wire, and was looked at where it enters."""
    try:
        data = json.dumps(response.body).encode()
    except RecursionError:
        return Failure(TransportError("no JSON", True))
    headers = (*response.headers, ("content-type", "application/json"))
    decoded = decode_response(request, response.status, headers, data)
    return decoded.bind(partial(check_answer, request))


def distort(source: Source, response: Response) -> Response:
    """An answer as it is, or with another status, other headers, another body, or one that is deformed."""
    match source.number(8):
        case 4 | 5:
            return replace(response, body=deform(source, response.body))
        case 6:
            body = source.pick((*BODIES, STATUS, *live_objects()))
            return replace(response, body=deform(source, body, 1))
        case 7:
            body = source.pick((STATUS, *BODIES))
            return Response(source.pick(STATUSES), deform(source, body), source.pick(HEADERS))
        case _:
            return response


def _piece(world: World, request: Request, until: float) -> Any:
    """The next piece of an answer that comes piece by piece."""
    if world.listening is None or world.listening[0] != request:
        world.listening = (request, _begin(world, request))
    pieces = world.listening[1]
    if not pieces and world.watch is not None and not world.watch.over:
        world.state = at(world.state, world.state.now + timedelta(seconds=61))
        world.watch, events = next_events(world.watch, world.state)
        pieces.extend(map(Success, events))
    match world.source.number(12):
        case 11:
            world.listening = None
            return world.source.pick((None, Failure(TransportError("cut")), Failure(TimedOut("silence"))))
        case 9 | 10 if pieces:
            return pieces.pop(0).bind(lambda event: _heard(request, deform(world.source, event)))
        case 8:
            event = world.source.pick(
                ({"type": "ERROR", "object": STATUS}, {"type": "BOOKMARK", "object": {}}, STATUS, {})
            )
            return _heard(request, deform(world.source, event))
    if pieces:
        return pieces.pop(0)
    world.elapsed = min(until, world.elapsed + 1000) if math.isfinite(until) else world.elapsed + 1000
    world.listening = None
    return Failure(TimedOut("silence"))


def _heard(request: Request, event: Any) -> Result[Any, Any]:
    """A piece of an answer after it went over the wire, and was looked at where it enters."""
    if "watch" not in dict(request.query):
        return _received(request, Response(200, event)).map(lambda response: response.body)
    decoded = decode_json(json.dumps(event).encode()).alt(lambda why: TransportError(why, True))
    return decoded.bind(partial(check_event, request))


def _begin(world: World, request: Request) -> list[Any]:
    world.watch = None
    wired = _wired(request)
    if wired is None:
        return [Failure(UsageError("no JSON"))]
    if "watch" not in dict(request.query):
        world.state, response = respond(world.state, wired)
        response = distort(world.source, response)
        return [_received(request, response).bind(succeeded).map(lambda found: found.body)]
    match open_watch(world.state, wired):
        case Success(watch):
            world.watch, events = next_events(watch, world.state)
            return list(map(Success, events))
        case Failure(refusal):
            return [Failure(status_error(distort(world.source, refusal)))]
    return []


def draw_response(source: Source) -> Response:
    """An answer of any kind."""
    body = source.pick((STATUS, *BODIES, *live_objects())) if source.number(4) else compose(source)
    return Response(source.pick(STATUSES), deform(source, body), source.pick(HEADERS))


def draw_headers(source: Source) -> tuple[tuple[str, str], ...]:
    """Headers that look like headers."""
    texts = [value for value in ODD if isinstance(value, str) and value is not MISSING]
    return (
        *source.pick(HEADERS),
        ("content-type", source.pick(("application/json", "text/plain", "", *texts))),
    )
