"""The state of a cluster: its objects by key, the log of changes, its clock; and how they change. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from returns.result import Failure, Result, Success

from fkube.cluster.kinds import Kinds
from fkube.cluster.sortedmap import SortedMap
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.info import Object

WINDOW = 10_000
"""How many changes the log remembers at least; a watch or a page from before them gets 410 Expired."""

BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
"""The time in a cluster that was given none."""


@dataclass(frozen=True, slots=True, repr=False)
class Event:
    """One change: what is under a key from this version on (None: nothing), and what was before."""

    version: int
    key: str
    object: Object | None
    previous: Object | None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class State:
    """An API server at one moment. Objects are stored under etcd's keys: `group/resource/[namespace/]name`.

    `version`: the last resourceVersion given out. `log`: the events by theirs. `forgotten`: the version up to
    which it remembers none. `window`: how many it remembers at least. `now`: the time of the request being
    answered. `seed`: what uids and generated names follow. `served`: the resources that custom resource
    definitions add to the built-in ones.
    """

    objects: SortedMap[str, Object] = field(default_factory=SortedMap)
    log: SortedMap[int, Event] = field(default_factory=SortedMap)
    version: int = 0
    forgotten: int = 0
    now: datetime = BEGINNING
    seed: str = "fkube"
    window: int = WINDOW
    served: Kinds = field(default_factory=dict)

    def __repr__(self) -> str:
        # Never the objects: there are Secrets among them.
        return f"State({len(self.objects)} objects, resourceVersion {self.version})"


def at(state: State, now: datetime) -> State:
    """The same cluster at another time (with a time zone, as `datetime.now(UTC)` is)."""
    return replace(state, now=now)


def record_change(state: State, key: str, object: Object | None) -> State:
    """Put an object under a key, or with None remove the one there, and log the change.

    The object's own resourceVersion must be `state.version + 1`.
    """
    event = Event(state.version + 1, key, object, state.objects.get(key))
    log = state.log.with_(event.version, event)
    forgotten = state.forgotten
    if len(log) > 2 * state.window:
        log, forgotten = log.without_first_chunk(), log.chunks[0][0][-1]
    objects = state.objects.without(key) if object is None else state.objects.with_(key, object)
    return State(objects, log, event.version, forgotten, state.now, state.seed, state.window, state.served)


def since(state: State, version: int) -> Result[tuple[Event, ...], int]:
    """What changed after a version, oldest first.

    Errors: the oldest version that can still be asked for, where the log no longer reaches back so far.
    """
    if version < state.forgotten:
        return Failure(state.forgotten)
    return Success(tuple(event for _, event in state.log.items(version + 1)))


def state_at_version(state: State, version: int) -> Result[State, int]:
    """The cluster as it was at a version, found by undoing later events. Errors: those of `since`."""
    return since(state, version).map(lambda events: _undo_events(state, events, version))


def _undo_events(state: State, events: tuple[Event, ...], version: int) -> State:
    """The state before the events, of which the newest is undone first; its version is the one given."""
    objects = state.objects
    for event in reversed(events):
        before = event.previous
        objects = objects.without(event.key) if before is None else objects.with_(event.key, before)
    return replace(state, objects=objects, version=version)
