"""Schedules, drawn by hypothesis: a verb, objects, how they are visited, and what befalls each request."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.faults import faults
from tests.faults.faults import OK, Fault

VERBS = ("create", "apply", "server-side", "delete", "get", "list", "wait-deleted", "wait-data", "watch")
WRITERS = VERBS[:4]
OVER_COLLECTIONS = ("list", "watch")
"""The verbs whose objects are what the server has, not what stands in manifests."""

GROUPS = {"ConfigMap": "v1", "Secret": "v1", "Deployment": "apps/v1"}
BEFORE = ("none", "same", "other", "applied", "going")
"""What is there before: nothing; the same; it in other words; an older apply; one that is being deleted."""


@dataclass(frozen=True, slots=True)
class Item:
    """An object of the input: its kind, what was there before, and whether it has a name of its own."""

    kind: str = "ConfigMap"
    before: str = "none"
    named: bool = True


@dataclass(frozen=True, slots=True)
class Schedule:
    """A run, and its faults: a row for each item, for discovery, for OpenAPI and for everything else.

    `rest`: what befalls every request when its row is at an end. `command`: it is run by the command line.
    `time`: the seconds that the run has, by a clock that pauses move.
    """

    verb: str
    items: tuple[Item, ...] = (Item(),)
    faults: tuple[tuple[Fault, ...], ...] = ()
    discovery: tuple[Fault, ...] = ()
    openapi: tuple[Fault, ...] = ()
    other: tuple[Fault, ...] = ()
    rest: Fault = OK
    concurrency: int = 1
    chunk: int = 256
    eager: bool = True
    command: bool = False
    time: float = math.inf

    @property
    def concurrency_of_run(self) -> int:
        """How many threads there are: a command has eight."""
        return 8 if self.command else self.concurrency

    @property
    def rows(self) -> dict[str, tuple[Fault, ...]]:
        """The faults by what requests are about."""
        named = {f"o{n}": row for n, row in enumerate(self.faults)}
        return {**named, "discovery": self.discovery, "openapi": self.openapi, "other": self.other}

    @property
    def timeout(self) -> str:
        """The --request-timeout: short where a fault would else wait for ever."""
        every = (
            *self.discovery,
            *self.openapi,
            *self.other,
            self.rest,
            *(f for row in self.faults for f in row),
        )
        return "250ms" if any(fault.kind in faults.SILENT for fault in every) else "0"


PLACES = st.lists(st.integers(0, 7), max_size=6).map(tuple)
VALUES = st.sampled_from(sorted(faults.VALUES))
RETRIES = st.sampled_from(sorted(faults.RETRY_AFTER))


def _statuses() -> st.SearchStrategy[Fault]:
    """Statuses with and without bodies. One that asks for the request again has not carried it out."""

    shapes = st.one_of(
        st.builds(Fault, choice=st.sampled_from(["status", "none", "text"])),
        st.builds(Fault, choice=st.just("deformed"), place=PLACES, value=VALUES),
    )
    retries = st.one_of(st.none(), st.none(), RETRIES)

    def build(shape: Fault, status: int, retry: str | None, acted: bool) -> Fault:
        fault = replace(shape, kind="status", status=status, retry=retry)
        return replace(fault, acted=acted and status >= 500 and not faults.asks_again(fault))

    return st.builds(build, shapes, st.sampled_from(sorted(faults.REASONS)), retries, st.booleans())


def _of_kind(kind: str) -> st.SearchStrategy[Fault]:
    just, acted = st.just(kind), st.booleans()
    match kind:
        case "close" | "silence":
            return st.builds(Fault, just, acted)
        case "late":
            return st.builds(Fault, just, after=st.integers(0, faults.LATEST))
        case "chunks":
            return st.builds(Fault, just, choice=st.sampled_from(faults.CHUNKS))
        case "gzip-nonsense":
            return st.builds(Fault, just, choice=st.sampled_from(["plain", "cut"]))
        case "status":
            return _statuses()
        case "redirect":
            statuses = st.sampled_from([301, 302, 303, 307, 308])
            return st.builds(Fault, just, status=statuses, choice=st.sampled_from(faults.TARGETS))
        case "deform":
            return st.builds(Fault, just, place=PLACES, value=VALUES)
        case "nonsense":
            return st.builds(Fault, just, acted, choice=st.sampled_from(faults.NONSENSE))
        case _:
            return st.just(Fault(kind))


WEIGHTS = {"deform": 6, "status": 5, "late": 4, "nonsense": 2, "redirect": 2}
"""How often a kind is drawn; the others once."""

RARE = ("gzip-bomb", "silence")
"""The faults that take long, a share of whose draws is let go."""

FAULTS = st.one_of(
    *(
        _of_kind(kind)
        for kind in faults.KINDS
        if kind not in ("ok", *RARE)
        for _ in range(WEIGHTS.get(kind, 1))
    )
)


def _befalls(number: int) -> st.SearchStrategy[Fault]:
    """Four in ten requests are let through; one in twenty has a fault that takes long."""
    if number < 4:
        return st.just(OK)
    return FAULTS if number < 9 else st.one_of(FAULTS, st.sampled_from(RARE).flatmap(_of_kind))


ROW = st.lists(st.integers(0, 9).flatmap(_befalls), max_size=5).map(tuple)
CALM = st.integers(0, 11).flatmap(lambda n: ROW if n == 11 else st.just(()))
RESTS = st.sampled_from(
    [
        *(OK,) * 54,
        Fault("refuse"),
        Fault("close"),
        Fault("reset-before"),
        Fault("status", status=503, retry="1"),
        Fault("status", status=503),
        Fault("status", status=429, retry="86400"),
        Fault("silence"),
    ]
)


BATCH = 100
"""How many objects the batch has whose server dies."""

TIMES = st.sampled_from([*(math.inf,) * 9, 0.5, 3.0, 12.0])


@st.composite
def dying(draw: st.DrawFn, verbs: tuple[str, ...]) -> Schedule:
    """Batches whose server dies for all but the first objects."""
    verb = draw(st.sampled_from([verb for verb in verbs if verb in (*WRITERS, "get")]))
    alive = draw(st.integers(0, 40))
    rest = draw(RESTS.filter(lambda fault: fault not in (OK, Fault("silence"))))
    calm = (OK,) * 8
    return Schedule(
        verb,
        (Item(),) * BATCH,
        (calm,) * alive,
        (OK,) * 40,
        (OK,) * 40,
        rest=rest,
        concurrency=draw(st.integers(1, 8)),
        chunk=draw(st.sampled_from([7, 256])),
        command=draw(st.sampled_from([False, False, True])),
        time=draw(TIMES),
    )


@st.composite
def schedules(draw: st.DrawFn, verbs: tuple[str, ...] = (*VERBS, *WRITERS)) -> Schedule:
    """Schedules of these verbs, those that write twice as often; one in eighty has a dying server."""
    if draw(st.integers(0, 79)) == 79:
        return draw(dying(verbs))
    verb = draw(st.sampled_from(verbs))
    kinds = st.just("ConfigMap") if verb in OVER_COLLECTIONS else st.sampled_from(sorted(GROUPS))
    named = st.sampled_from([True, True, False]) if verb == "create" else st.just(True)
    items = draw(st.lists(st.builds(Item, kinds, st.sampled_from(BEFORE), named), min_size=1, max_size=6))
    return Schedule(
        verb,
        tuple(Item(one.kind, one.before if one.named else "none", one.named) for one in items),
        tuple(draw(ROW) for _ in items),
        draw(CALM),
        draw(CALM),
        draw(ROW if verb in OVER_COLLECTIONS else CALM),
        draw(RESTS),
        draw(st.integers(1, 4)),
        draw(st.sampled_from([1, 2, 256])),
        draw(st.sampled_from([True, True, False])),
        verb != "watch" and draw(st.sampled_from([False, False, True])),
        draw(TIMES),
    )
