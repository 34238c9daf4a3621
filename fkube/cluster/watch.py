"""Watches as values: the events that are due, from the cluster's log and its clock. Pure: nothing waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.cluster import statuses
from fkube.cluster.calls import find_target, parse_number, query_version, refuse_options
from fkube.cluster.reading.forms import view_object
from fkube.cluster.reading.selection import Choice, read_choice
from fkube.cluster.state import Event, State, since
from fkube.cluster.statuses import FieldError
from fkube.exchange.conversation import Request, Response
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Object, with_metadata
from fkube.resource.results import unwrap_or_failure

TIMEOUT = 1800
"""Seconds a watch lasts that names no timeout: the API server's least (`--min-request-timeout`)."""

LONGEST = 2**32
"""Seconds that a watch may last at most: the clock has no end for more."""

HEARTBEAT, LAST_WORDS = timedelta(minutes=1), timedelta(seconds=2)
"""A bookmark is due each minute, and this long before the end (`nextBookmarkTime` of the cacher)."""

_NOT_OLDER = "NotOlderThan"

WatchEvent: TypeAlias = tuple[str, Object]
"""The type of an event, and its object as it is stored."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch at one moment: the objects it is about, the version it has reached, and when it is due next.

    `initial`: the stored objects come first. `due`: when a bookmark or the end is due. `headed`: a table with
    columns was sent. `over`: nothing more comes.
    """

    choice: Choice
    version: int
    deadline: datetime
    due: datetime
    bookmarks: bool = False
    initial: bool = False
    headed: bool = False
    over: bool = False


def asks_to_watch(state: State, request: Request) -> bool:
    """Whether a request asks to watch a collection, by any value of `watch` but "false" and "0".

    Follows `Convert_Slice_string_To_bool` of apimachinery; an object's path is only read.

    >>> asks_to_watch(State(), Request("GET", "/api/v1/pods", (("watch", ""),)))
    True
    """
    if request.method != "GET" or not _read_flag(dict(reversed(request.query)), "watch"):
        return False
    return find_target(state.served, request.path).map(lambda target: not target.name).value_or(True)


def open_watch(state: State, request: Request) -> Result[Watch, Response]:
    """Open the watch that a request asks for, before its first events.

    Errors: the response that refuses it: those of `read_choice`, and options that do not go together.
    """
    return read_choice(state, request).bind(_check_options).map(partial(_start_watch, state))


def watch_response(watch: Watch) -> Response:
    """The response to a watch request before the first event; it has the warnings of the kind."""
    return statuses.add_warnings(statuses.json_response(200, None), watch.choice.call.kind.warnings)


Step: TypeAlias = tuple[Watch, tuple[Object, ...]]
"""A watch after some events, and these."""


def next_events(watch: Watch, state: State) -> Step:
    """The watch events that are due now, and the watch after them.

    Equation: called at two moments it gives the same changes as at the second alone, while the log lasts.
    Follows `cacheWatcher.process` and `watchCache.getAllEventsSinceLocked` of apiserver.
    """

    def end(refusal: Response) -> Step:
        """End the watch with an ERROR event that has the refusal's `Status`."""
        return replace(watch, over=True), ({"type": "ERROR", "object": refusal.body},)

    return unwrap_or_failure(_new_events(watch, state).map(partial(_send_events, watch, state)).alt(end))


def _start_watch(state: State, choice: Choice) -> Watch:
    """A watch from the version asked for; without one, the stored objects come first.

    Follows `SetListOptionsDefaults` of apimachinery.
    """
    query = choice.call.query
    version = int(query.get("resourceVersion") or 0)
    initial = _read_flag(query, "sendInitialEvents")
    seconds = int(query.get("timeoutSeconds") or 0) or TIMEOUT
    deadline = state.now + timedelta(seconds=max(min(seconds, LONGEST), 0))
    return Watch(
        choice,
        version or state.version,
        deadline,
        _next_due(state.now, deadline),
        bookmarks=_read_flag(query, "allowWatchBookmarks") is True,
        initial=not version if initial is None else initial,
    )


def _send_events(watch: Watch, state: State, changes: tuple[WatchEvent, ...]) -> Step:
    """The changes, and the bookmark that is due, in the form asked for; and the watch after them."""
    events = (*changes, *_due_bookmark(watch, state))
    after = replace(
        watch,
        version=max(watch.version, state.version),
        due=_next_due(state.now, watch.deadline) if state.now >= watch.due else watch.due,
        initial=False,
        headed=watch.headed or bool(events),
        over=state.now >= watch.deadline,
    )
    return after, tuple(
        {"type": type, "object": _event_object(watch, state, object, first=number == 0)}
        for number, (type, object) in enumerate(events)
    )


def _next_due(now: datetime, deadline: datetime) -> datetime:
    """When the next bookmark, or the end, is due if nothing changes."""
    last = deadline - LAST_WORDS
    return min(now + HEARTBEAT, last if last > now else deadline)


def _new_events(watch: Watch, state: State) -> Result[tuple[WatchEvent, ...], Response]:
    """The events since the watch's version. Errors: the response whose `Status` ends the watch."""
    choice = watch.choice
    if watch.initial and watch.version > state.version:
        return Failure(statuses.too_large_version(watch.version, state.version))
    if watch.initial:
        stored = state.objects.items(choice.start, choice.end)
        return Success(tuple(("ADDED", object) for _, object in stored if choice.holds(object)))
    return (
        since(state, watch.version)
        .map(lambda events: tuple(seen for event in events if (seen := _watch_event(choice, event))))
        .alt(lambda oldest: f"too old resource version: {watch.version} ({oldest})")
        .alt(partial(statuses.failure_status, 410, "Expired"))
    )


def _watch_event(choice: Choice, event: Event) -> WatchEvent | None:
    """A change as a watcher sees it, None if it concerns none of the objects watched.

    An object that begins to match the selectors is ADDED, one that ceases to is DELETED.

    Follows `cacheWatcher.convertToWatchEvent` of apiserver.
    """
    if not choice.start <= event.key < choice.end:
        return None
    before = event.previous is not None and choice.holds(event.previous)
    if event.object is not None and choice.holds(event.object):
        return ("MODIFIED" if before else "ADDED"), event.object
    if before and event.previous is not None:
        return "DELETED", with_metadata(event.previous, resourceVersion=str(event.version))
    return None


def _due_bookmark(watch: Watch, state: State) -> tuple[WatchEvent, ...]:
    """The bookmark that is due: one after the initial events, then by the clock."""
    due = watch.initial or watch.deadline > watch.due <= state.now
    if not (watch.bookmarks and due):
        return ()
    end = {"annotations": {"k8s.io/initial-events-end": "true"}} if watch.initial else {}
    version, mapping = str(max(watch.version, state.version)), watch.choice.call.kind.mapping
    typed = {"kind": mapping.kind, "apiVersion": mapping.api_version}
    return (("BOOKMARK", {**typed, "metadata": {"resourceVersion": version, **end}}),)


def _event_object(watch: Watch, state: State, object: Object, first: bool) -> Object:
    """An object in the form asked for; only the first table of a watch names its columns.

    `first`: it is the first event of this step.
    """
    shown = view_object(state, watch.choice.call, object)
    headless = shown.get("kind") == "Table" and (watch.headed or not first)
    return {**shown, "columnDefinitions": None} if headless else shown


def _read_flag(query: Mapping[str, str], name: str) -> bool | None:
    """A boolean option of a query, None where it is not given; only `0` and `false` are false."""
    value = query.get(name)
    return None if value is None else value.lower() not in ("0", "false")


def _check_options(choice: Choice) -> Result[Choice, Response]:
    """Check that the kind can be watched, and that the options fit together. Errors: 400, 405, 422, 500."""
    query = choice.call.query
    if "watch" not in choice.call.kind.entry["verbs"]:
        return Failure(statuses.no_method())
    refuse = partial(statuses.failure_status, 500, "")
    return (
        parse_number(query.get("timeoutSeconds") or "0")
        .bind(lambda _: refuse_options("ListOptions", _option_errors(query), query))
        .bind(lambda _: query_version(query).alt(refuse))
        .map(lambda _: choice)
    )


def _option_errors(query: Mapping[str, str]) -> Iterator[FieldError]:
    """Yield which options do not go together. Follows `validateWatchOptions` of apimachinery."""
    match, initial = query.get("resourceVersionMatch"), "sendInitialEvents" in query
    forbidden = partial(statuses.forbidden_field, "resourceVersionMatch")
    if initial and match != _NOT_OLDER:
        yield forbidden(f"sendInitialEvents requires setting resourceVersionMatch to {_NOT_OLDER}")
    if match and not initial:
        yield forbidden("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
    if match and match != _NOT_OLDER:
        yield statuses.unsupported_field("resourceVersionMatch", match, (_NOT_OLDER,))
    if match and query.get("continue"):
        yield forbidden("resourceVersionMatch is forbidden when continue is provided")
