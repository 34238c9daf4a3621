"""A watch as a pure fold: the objects known of a collection, and what each event changes of them. No I/O.

Theory of operation. A `Watching` is a frozen value: the request, the objects known, and how far the server
has told of them. `heard` says what to send next, and what the watch is after each answer:

             pages            changes              end, cut or silence
    list ──────────▶ known ──────────▶ known ... ────────────────▶ ask again behind the last version
      ▲                                                                │ 410: that is too long ago
      └────────────────────────────────────────────────────────────────┘

After a 410 the list is read again, and its difference to the objects known becomes events. So whatever cuts
a watch, its events folded over the first list are what is there now. Pauses grow with each failure in a row,
and differ by the seed, so that a thousand watches do not come back in the same second.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
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
from fkube.exchange.messages import next_page, without_query
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import StatusError, TimedOut, TransportError, VisitError
from fkube.resource.info import Object

SILENCE = 150.0
"""Seconds after which a silent stream counts as dead: a living server sends a bookmark a minute."""

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
    """A watch at one moment: the `request` that lists the collection, and the objects `known`.

    Keys of `known` are namespace/name. `version`: the last resourceVersion received; empty while the
    collection is being listed. `asked`: the request being answered. `listed`: the pages so far. `synced`:
    the collection has been listed once. `spoken`: this answer has had an event. `failures`: in a row so far.
    `retry_after` and `elapsed` in seconds. `seed`: makes its pauses differ from those of other watches.
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
    """The events of one step, in order, and the watch after it."""

    watching: Watching
    events: tuple[Event, ...] = ()


def heard(watching: Watching, due: float = math.inf) -> Exchange[Told]:
    """Take the next step of a watch: send its next request, or read the next piece of the current answer.

    The step ends without events at second `due` of the conversation, or after a silence. Wherever answers are
    cut off, no change comes twice, and none is lost that the server still knows.
    Errors: any of the first list; later those that sending again can't mend.
    Follows `Reflector.watch` and `RetryWatcher.doReceive` of client-go.

    >>> listing = heard(Watching(Request("GET", "/api/v1/pods")))
    >>> print(listing.request)
    GET /api/v1/pods
    >>> body = {"kind": "PodList", "metadata": {"resourceVersion": "7"}, "items": []}
    >>> told = listing.then(Heard(Success(body), 0.0)).result.unwrap()
    >>> dict(heard(told.watching).request.query)["resourceVersion"]
    '7'
    """
    delay = 0.0 if watching.asked else _pause_before(watching)
    asked = watching.asked or _next_request(watching, due)
    opened = watching if watching.asked else replace(watching, asked=asked, spoken=False)
    return Listen(asked, partial(_take_piece, opened), min(due, watching.elapsed + delay + SILENCE), delay)


def _next_request(watching: Watching, due: float) -> Request:
    """The next request: the list from its start, or the watch from the last version on."""
    if not watching.version:
        return watching.request
    left = min(due - watching.elapsed, LASTING * (1 + _seeded_fraction(watching)))
    begun = with_query(without_query(watching.request, "limit"), watch="true", allowWatchBookmarks="true")
    return with_query(begun, resourceVersion=watching.version, timeoutSeconds=str(max(math.ceil(left), 1)))


def _pause_before(watching: Watching) -> float:
    """Seconds to wait before the next request: more with each failure, or as many as the server says.

    Follows `wait.Backoff.DelayWithReset` of apimachinery, with the numbers of `NewReflector`.
    """
    doubled = min(FIRST * 2 ** min(watching.failures - 1, 16), LONGEST)
    backoff = doubled * (1 + _seeded_fraction(watching)) if watching.failures else 0.0
    return max(backoff, watching.retry_after)


def _seeded_fraction(watching: Watching) -> float:
    """A number from 0 to 1 that differs by seed, request and number of failures."""
    return crc32(f"{watching.seed} {watching.request} {watching.failures}".encode("utf-8", "replace")) / 2**32


def _take_piece(watching: Watching, heard: Heard) -> Exchange[Told]:
    """Go on from a piece of an answer, an error in its place, or its end."""
    now = replace(watching, elapsed=heard.elapsed)
    match heard.piece:
        case None:
            return done(Told(_end_answer(now, failed=not now.spoken)))
        case Success(body):
            return _take_event(now, body) if now.version else _take_page(now, body)
        case failure:
            return _ask_again_or_fail(now, failure.failure())


def _end_answer(watching: Watching, failed: bool, retry_after: float = 0.0) -> Watching:
    """The watch that sends its next request; `failed`: after one more failure in a row."""
    failures = watching.failures + failed
    return replace(watching, asked=None, listed=(), failures=failures, retry_after=retry_after)


def _ask_again_or_fail(watching: Watching, error: VisitError) -> Exchange[Told]:
    """Send again after a failure that may pass; all others end the watch."""
    code, after = (error.code, error.retry_after) if isinstance(error, StatusError) else (0, 0)
    again = _end_answer(watching, failed=True, retry_after=after)
    if code == 410 and (watching.version or watching.listed):
        # Where the pages went stale, one answer must hold them all (`ListPager` of client-go).
        request = without_query(watching.request, "limit") if watching.listed else watching.request
        return done(Told(replace(again, request=request, version="")))
    passing = isinstance(error, TransportError | TimedOut) or code == 429 or code >= 500
    return done(Told(again)) if passing and watching.synced else failed(error)


def _take_page(watching: Watching, body: Object) -> Exchange[Told]:
    """Add one page of the list; after the last one, the listed objects are those known.

    A list that was read again gives its difference to the objects known before as events.
    """
    listed, metadata = (*watching.listed, *_split_list(body)), body.get("metadata") or {}
    if metadata.get("continue"):
        following = next_page(watching.request, metadata["continue"])
        return done(Told(replace(watching, listed=listed, asked=following)))
    if "items" not in body and "rows" not in body:
        return failed(_unwatchable(watching, "something that is no list"))
    known, before = {_object_key(object): object for object in listed}, watching.known
    # A collection without a version (componentstatuses) can be listed; the server refuses to watch it.
    version = str(metadata.get("resourceVersion") or "0")
    begun = replace(watching, known=known, version=version, synced=True, failures=0)
    return done(Told(_end_answer(begun, failed=False), tuple(_list_changes(before, known))))


def _take_event(watching: Watching, event: Object) -> Exchange[Told]:
    """Apply one event of the stream to the objects known."""
    type, object = event.get("type"), event.get("object") or {}
    if type == "ERROR":
        return _ask_again_or_fail(watching, status_error(Response(int(object.get("code") or 500), object)))
    version = _read_metadata(object).get("resourceVersion")
    if type not in ("ADDED", "MODIFIED", "DELETED", "BOOKMARK") or not version:
        return failed(_unwatchable(watching, "an event that is none"))
    heard = replace(watching, version=version, spoken=True, failures=0)
    if type == "BOOKMARK":
        return done(Told(heard))
    known = {**watching.known, _object_key(object): object}
    if type == "DELETED":
        del known[_object_key(object)]
    return done(Told(replace(heard, known=known), (Event(type, object),)))


def _list_changes(before: Mapping[str, Object], after: Mapping[str, Object]) -> Iterator[Event]:
    """The events between two lists: two for an object that took the name of another."""
    was = {key: _read_metadata(object) for key, object in before.items()}
    now = {key: _read_metadata(object) for key, object in after.items()}
    stayed = {key for key in was.keys() & now if was[key].get("uid") == now[key].get("uid")}
    yield from (Event("DELETED", object) for key, object in before.items() if key not in stayed)
    for key, object in after.items():
        if key not in stayed:
            yield Event("ADDED", object)
        elif now[key].get("resourceVersion") != was[key].get("resourceVersion"):
            yield Event("MODIFIED", object)


def _split_list(body: Object) -> Iterator[Object]:
    """The items of a list, one by one: objects with their kind, or tables of one row."""
    if body.get("kind") == "Table":
        yield from ({**body, "rows": [row]} for row in body.get("rows") or ())
    else:
        kind = str(body.get("kind") or "").removesuffix("List")
        typed = {"apiVersion": body.get("apiVersion"), "kind": kind}
        yield from ({**typed, **item} for item in body.get("items") or ())


def _read_metadata(object: Object) -> Object:
    """The metadata of an object, or of the object in a table of one row."""
    rows: Sequence[Object] = object.get("rows") or () if object.get("kind") == "Table" else ()
    whole: Object = rows[0].get("object") or {} if rows else object
    return whole.get("metadata") or {}


def _object_key(object: Object) -> str:
    """The key of an object in `Watching.known`: namespace/name."""
    metadata = _read_metadata(object)
    return f"{metadata.get('namespace', '')}/{metadata.get('name', '')}"


def _unwatchable(watching: Watching, what: str) -> VisitError:
    """The error of an answer that a watch can't read; `what` says what it is instead."""
    return TransportError(f"the server answered {watching.asked} with {what}: it can't be watched")
