"""A watch as a pure fold: what is known of a collection, and what each thing heard of it changes. No I/O.

Theory of operation. A `Watching` is a frozen value: the request, what is known, and how far it has been
heard. `heard` says what to ask next, and what the watch is after each answer:

             pages            changes              end, cut or silence
    list ──────────▶ known ──────────▶ known ... ────────────────▶ ask again behind the last version
      ▲                                                                │ 410: that is too long ago
      └────────────────────────────────────────────────────────────────┘

After a 410 the list is read again, and its difference to what was known is told as events. So whatever cuts a
watch, its events folded over what was there first are what is there now. Pauses grow with each failure in a
row, and differ by the seed, so that a thousand watches do not come back in the same second.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from zlib import crc32

from returns.result import Success

from fkube.exchange.conversation import (
    Exchange,
    Heard,
    Listen,
    Request,
    Response,
    done,
    failed,
    status_error,
    with_query,
)
from fkube.resource.errors import StatusError, TimedOut, TransportError, VisitError
from fkube.resource.info import Object

SILENCE = 150.0
"""Seconds after which a silent stream is taken for dead: a server that is there sends a bookmark a minute."""

LASTING = 300.0
"""Seconds a watch is asked to last at least, and at most twice as long (`minWatchTimeout` of client-go)."""

FIRST, LONGEST = 0.8, 30.0
"""Seconds of the first pause after a failure, doubled by each further one, and of the longest."""


@dataclass(frozen=True, slots=True)
class Event:
    """A change: ADDED, MODIFIED or DELETED, and the object; one that is DELETED as it was last known."""

    type: str
    object: Object = field(repr=False)


@dataclass(frozen=True, slots=True)
class Watching:
    """A watch at one moment: what `request` lists, as far as it is `known`, by namespace and name.

    `version`: the last resourceVersion heard of; empty while the collection is being listed. `asked`: what
    is being listened to. `listed`: the pages so far. `synced`: it has been listed once. `failures` in a row
    so far; `retry_after` and `elapsed` in seconds. `seed`: makes its pauses other than those of others.
    """

    request: Request
    seed: str = ""
    known: Mapping[str, Object] = field(default_factory=dict, repr=False)
    version: str = ""
    asked: Request | None = None
    listed: tuple[Object, ...] = field(default=(), repr=False)
    synced: bool = False
    spoken: bool = False
    failures: int = 0
    retry_after: float = 0.0
    elapsed: float = 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """What happened, in order, and the watch after it."""

    watching: Watching
    events: tuple[Event, ...] = ()


def heard(watching: Watching, due: float = math.inf) -> Exchange[Told]:
    """What a watch hears next; nothing, if it is `due` (a second of the conversation), or after a silence.

    Whatever is cut off and when, no change is told twice, and none is lost that the server still knows.
    Errors: what the first list fails for, and later what asking again can't mend.
    Follows `Reflector.watch` and `RetryWatcher.doReceive` of client-go.

    >>> listing = heard(Watching(Request("GET", "/api/v1/pods")))
    >>> print(listing.request)
    GET /api/v1/pods
    >>> body = {"kind": "PodList", "metadata": {"resourceVersion": "7"}, "items": []}
    >>> told = listing.then(Heard(Success(body), 0.0)).result.unwrap()
    >>> dict(heard(told.watching).request.query)["resourceVersion"]
    '7'
    """
    delay = 0.0 if watching.asked else _pause(watching)
    asked = watching.asked or _opening(watching, due)
    opened = watching if watching.asked else replace(watching, asked=asked, spoken=False)
    return Listen(asked, partial(_told, opened), min(due, watching.elapsed + delay + SILENCE), delay)


def _opening(watching: Watching, due: float) -> Request:
    """The request that comes next: the list from its start, or the watch behind what was heard."""
    if not watching.version:
        return watching.request
    left = min(due - watching.elapsed, LASTING * (1 + _chance(watching)))
    return with_query(
        _without(watching.request, "limit"),
        watch="true",
        allowWatchBookmarks="true",
        resourceVersion=watching.version,
        timeoutSeconds=str(max(math.ceil(left), 1)),
    )


def _without(request: Request, parameter: str) -> Request:
    return replace(request, query=tuple((key, value) for key, value in request.query if key != parameter))


def _pause(watching: Watching) -> float:
    """The seconds before asking again: longer each time, not at the same time as others, as the server says.

    Follows `wait.Backoff.DelayWithReset` of apimachinery, with the numbers of `NewReflector`.
    """
    doubled = min(FIRST * 2 ** min(watching.failures - 1, 16), LONGEST)
    backoff = doubled * (1 + _chance(watching)) if watching.failures else 0.0
    return max(backoff, watching.retry_after)


def _chance(watching: Watching) -> float:
    """A number from 0 to 1 that is another with each seed, request and try."""
    return crc32(f"{watching.seed} {watching.request} {watching.failures}".encode()) / 2**32


def _told(watching: Watching, heard: Heard) -> Exchange[Told]:
    """What a piece, an error or an end of an answer means."""
    now = replace(watching, elapsed=heard.elapsed)
    if heard.piece is None:
        return done(Told(_again(now, failed=not now.spoken)))
    if not isinstance(heard.piece, Success):
        return _failed(now, heard.piece.failure())
    return _event(now, heard.piece.unwrap()) if now.version else _page(now, heard.piece.unwrap())


def _again(watching: Watching, failed: bool, retry_after: float = 0.0) -> Watching:
    """The watch once its answer has ended: what was heard of it stays."""
    failures = watching.failures + failed
    return replace(watching, asked=None, listed=(), failures=failures, retry_after=retry_after)


def _failed(watching: Watching, error: VisitError) -> Exchange[Told]:
    """Ask again where that may help: nothing that was heard is lost by it."""
    code, after = (error.code, error.retry_after) if isinstance(error, StatusError) else (0, 0)
    again = _again(watching, failed=True, retry_after=after)
    if code == 410 and (watching.version or watching.listed):
        # Where the pages went stale, one answer must hold them all (`ListPager` of client-go).
        request = _without(watching.request, "limit") if watching.listed else watching.request
        return done(Told(replace(again, request=request, version="")))
    passing = isinstance(error, TransportError | TimedOut) or code == 429 or code >= 500
    return done(Told(again)) if passing and watching.synced else failed(error)


def _page(watching: Watching, body: Object) -> Exchange[Told]:
    """One page of the list; with the last, what the list says is what is known."""
    listed, metadata = (*watching.listed, *_items(body)), body.get("metadata") or {}
    if metadata.get("continue"):
        following = with_query(watching.request, **{"continue": metadata["continue"]})
        return done(Told(replace(watching, listed=listed, asked=following)))
    if "items" not in body and "rows" not in body:
        return failed(_strange(watching, "something that is no list"))
    known, before = {_key(object): object for object in listed}, watching.known
    # What has no version (componentstatuses) can be listed all the same, and who asks to watch is told no.
    version = str(metadata.get("resourceVersion") or "0")
    begun = replace(watching, known=known, version=version, synced=True, failures=0)
    return done(Told(_again(begun, failed=False), tuple(_difference(before, known))))


def _event(watching: Watching, event: Object) -> Exchange[Told]:
    """One event of the stream."""
    type, object = event.get("type"), event.get("object") or {}
    if type == "ERROR":
        return _failed(watching, status_error(Response(int(object.get("code") or 500), object)))
    version = _metadata(object).get("resourceVersion")
    if type not in ("ADDED", "MODIFIED", "DELETED", "BOOKMARK") or not version:
        return failed(_strange(watching, "an event that is none"))
    heard = replace(watching, version=version, spoken=True, failures=0)
    if type == "BOOKMARK":
        return done(Told(heard))
    known = {**watching.known, _key(object): object}
    if type == "DELETED":
        del known[_key(object)]
    return done(Told(replace(heard, known=known), (Event(type, object),)))


def _difference(before: Mapping[str, Object], after: Mapping[str, Object]) -> Iterator[Event]:
    """The changes from what was known to what is: two for an object that took the name of another."""
    was = {key: _metadata(object) for key, object in before.items()}
    now = {key: _metadata(object) for key, object in after.items()}
    for key, object in before.items():
        if key not in now or now[key].get("uid") != was[key].get("uid"):
            yield Event("DELETED", object)
    for key, object in after.items():
        if key not in was or now[key].get("uid") != was[key].get("uid"):
            yield Event("ADDED", object)
        elif now[key].get("resourceVersion") != was[key].get("resourceVersion"):
            yield Event("MODIFIED", object)


def _items(body: Object) -> Iterator[Object]:
    """What is in a list, each by itself: objects with their kind, or tables of one row."""
    if body.get("kind") == "Table":
        yield from ({**body, "rows": [row]} for row in body.get("rows") or ())
    else:
        kind = str(body.get("kind") or "").removesuffix("List")
        typed = {"apiVersion": body.get("apiVersion"), "kind": kind}
        yield from ({**typed, **item} for item in body.get("items") or ())


def _metadata(object: Object) -> Object:
    """The metadata of an object, in a table of one row those that the row has."""
    rows: Sequence[Object] = object.get("rows") or () if object.get("kind") == "Table" else ()
    told: Object = rows[0].get("object") or {} if rows else object
    return told.get("metadata") or {}


def _key(object: Object) -> str:
    found = _metadata(object)
    return f"{found.get('namespace', '')}/{found.get('name', '')}"


def _strange(watching: Watching, what: str) -> VisitError:
    return TransportError(f"the server answered {watching.asked} with {what}: it can't be watched")
