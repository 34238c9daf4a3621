"""Watches as values: what a watcher is told, from the cluster's log and its clock. No waiting, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.cluster.calls import find_target
from fkube.cluster.reading.selection import Choice, read_choice
from fkube.cluster.state import Event, State, since
from fkube.cluster.statuses import (
    FieldError,
    add_warnings,
    bad_request,
    failure_status,
    forbidden_field,
    invalid_options,
    json_response,
    no_method,
    too_large_version,
    unsupported_field,
)
from fkube.exchange.conversation import Request, Response
from fkube.resource.info import Object, with_metadata

TIMEOUT = 1800
"""Seconds a watch lasts that names no timeout: the API server's least (`--min-request-timeout`)."""

HEARTBEAT, LAST_WORDS = timedelta(minutes=1), timedelta(seconds=2)
"""A bookmark is due each minute, and this long before the end (`nextBookmarkTime` of the cacher)."""

NOT_OLDER = "NotOlderThan"

WatchEvent: TypeAlias = tuple[str, Object]
"""The type of an event, and its object as it is stored."""

Query: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch at one moment: what it chose, the version it has been told up to, and when it speaks next.

    `initial`: the objects that are there come first. `due`: when a bookmark or the end is due. `headed`: the
    columns of its tables have been told. `over`: nothing more comes.
    """

    choice: Choice
    version: int
    deadline: datetime
    due: datetime
    bookmarks: bool = False
    initial: bool = False
    headed: bool = False
    over: bool = False


def watching(state: State, request: Request) -> bool:
    """Whether a request asks to watch a collection: any value but "false" and "0" says so.

    Follows `Convert_Slice_string_To_bool` of apimachinery; an object's path is only read.

    >>> watching(State(), Request("GET", "/api/v1/pods", (("watch", ""),)))
    True
    """
    if request.method != "GET" or not _read_flag(_query_of(request), "watch"):
        return False
    return find_target(state.served, request.path).map(lambda target: not target.name).value_or(True)


def opened(state: State, request: Request) -> Result[Watch, Response]:
    """The watch that a request asks for; it has not been told anything yet.

    Errors: the response that refuses it: those of `read_choice`, and options that do not go together.
    """
    asked = _query_of(request)
    return (
        read_choice(state, request)
        .bind(_check_watchable)
        .bind(lambda chosen: _check_options(asked).map(lambda _: _start_watch(state, chosen, asked)))
    )


def greeted(watch: Watch) -> Response:
    """What a watcher is answered before the first event: the server's warnings."""
    return add_warnings(json_response(200, None), watch.choice.target.kind.warnings)


def told(watch: Watch, state: State) -> tuple[Watch, tuple[Object, ...]]:
    """What a watcher is told now, as watch events, and the watch after that.

    Equation: told at two moments it hears the same changes as told at the second alone, while the log lasts.
    Follows `cacheWatcher.process` and `watchCache.getAllEventsSinceLocked` of apiserver.
    """
    changes = _new_events(watch, state)
    if isinstance(changes, Failure):
        return replace(watch, over=True), ({"type": "ERROR", "object": changes.failure().body},)
    news = (*changes.unwrap(), *_due_bookmark(watch, state))
    return _after_events(watch, state, bool(news)), tuple(
        {"type": type, "object": _event_object(watch, state, object, first=number == 0)}
        for number, (type, object) in enumerate(news)
    )


def _start_watch(state: State, chosen: Choice, asked: Query) -> Watch:
    """A watch from the version asked for; where none is, the objects that are there come first.

    Follows `SetListOptionsDefaults` of apimachinery.
    """
    version = int(asked.get("resourceVersion") or 0)
    initial = _read_flag(asked, "sendInitialEvents")
    deadline = state.now + timedelta(seconds=int(asked.get("timeoutSeconds") or 0) or TIMEOUT)
    return Watch(
        chosen,
        version or state.version,
        deadline,
        _next_due(state.now, deadline),
        bookmarks=_read_flag(asked, "allowWatchBookmarks") is True,
        initial=not version if initial is None else initial,
    )


def _after_events(watch: Watch, state: State, headed: bool) -> Watch:
    """The watch that has been told all there was."""
    return replace(
        watch,
        version=max(watch.version, state.version),
        due=_next_due(state.now, watch.deadline) if state.now >= watch.due else watch.due,
        initial=False,
        headed=watch.headed or headed,
        over=state.now >= watch.deadline,
    )


def _next_due(now: datetime, deadline: datetime) -> datetime:
    """When a watch speaks next if nothing changes."""
    last = deadline - LAST_WORDS
    return min(now + HEARTBEAT, last if last > now else deadline)


def _new_events(watch: Watch, state: State) -> Result[tuple[WatchEvent, ...], Response]:
    """What the watcher has not heard of yet. Errors: the response whose `Status` ends the watch."""
    chosen = watch.choice
    if watch.initial and watch.version > state.version:
        return Failure(too_large_version(watch.version, state.version))
    if watch.initial:
        stored = state.objects.items(chosen.start, chosen.end)
        return Success(tuple(("ADDED", object) for _, object in stored if chosen.holds(object)))
    return (
        since(state, watch.version)
        .map(lambda events: tuple(found for event in events if (found := _watch_event(chosen, event))))
        .alt(
            lambda first: failure_status(
                410, "Expired", f"too old resource version: {watch.version} ({first})"
            )
        )
    )


def _watch_event(chosen: Choice, event: Event) -> WatchEvent | None:
    """One change as a watcher sees it: entering its choice is ADDED, leaving it is DELETED.

    Follows `cacheWatcher.convertToWatchEvent` of apiserver.
    """
    if not chosen.start <= event.key < chosen.end:
        return None
    before = event.previous is not None and chosen.holds(event.previous)
    if event.object is not None and chosen.holds(event.object):
        return ("MODIFIED" if before else "ADDED"), event.object
    if before and event.previous is not None:
        return "DELETED", with_metadata(event.previous, resourceVersion=str(event.version))
    return None


def _due_bookmark(watch: Watch, state: State) -> tuple[WatchEvent, ...]:
    """The bookmark that is due: one after the initial events, then by the clock."""
    due = watch.initial or watch.deadline > watch.due <= state.now
    if not (watch.bookmarks and due):
        return ()
    ended = {"annotations": {"k8s.io/initial-events-end": "true"}} if watch.initial else {}
    version = str(max(watch.version, state.version))
    return (("BOOKMARK", {**watch.choice.typed, "metadata": {"resourceVersion": version, **ended}}),)


def _event_object(watch: Watch, state: State, object: Object, first: bool) -> Object:
    """An object in the form asked for; only the first table of a watch names its columns."""
    shown = watch.choice.show(state, object)
    headless = shown.get("kind") == "Table" and (watch.headed or not first)
    return {**shown, "columnDefinitions": None} if headless else shown


def _query_of(request: Request) -> Query:
    """The query; of a parameter given twice the first value counts."""
    return dict(reversed(request.query))


def _read_flag(asked: Query, name: str) -> bool | None:
    value = asked.get(name)
    return None if value is None else value.lower() not in ("0", "false")


def _check_watchable(chosen: Choice) -> Result[Choice, Response]:
    return Success(chosen) if "watch" in chosen.target.kind.entry["verbs"] else Failure(no_method())


def _check_options(asked: Query) -> Result[None, Response]:
    """Whether the options of a watch are numbers where they must be, and go together."""
    timeout, version = asked.get("timeoutSeconds") or "0", asked.get("resourceVersion") or "0"
    problems = tuple(_option_errors(asked))
    if not timeout.removeprefix("-").isdecimal():
        return Failure(bad_request(f'strconv.ParseInt: parsing "{timeout}": invalid syntax'))
    if problems:
        return Failure(invalid_options("ListOptions", *problems))
    if not version.isdecimal():
        parsing = f'strconv.ParseUint: parsing "{version}": invalid syntax'
        return Failure(failure_status(500, "", f'resourceVersion: Invalid value: "{version}": {parsing}'))
    return Success(None)


def _option_errors(asked: Query) -> Iterator[FieldError]:
    """Which options do not go together. Follows `validateWatchOptions` of apimachinery."""
    match, initial = asked.get("resourceVersionMatch"), "sendInitialEvents" in asked
    forbidden = partial(forbidden_field, "resourceVersionMatch")
    if initial and match != NOT_OLDER:
        yield forbidden(f"sendInitialEvents requires setting resourceVersionMatch to {NOT_OLDER}")
    if match and not initial:
        yield forbidden("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
    if match and match != NOT_OLDER:
        yield unsupported_field("resourceVersionMatch", match, (NOT_OLDER,))
    if match and asked.get("continue"):
        yield forbidden("resourceVersionMatch is forbidden when continue is provided")
