"""`make faults`: thousands of schedules, in two processes; says what passed, and what failed how often.

    python -m tests.faults.whole --schedules 10000
    python -m tests.faults.whole --real 300        against a real kube-apiserver, where its assets are

Where something fails, each kind of failure is shown with the smallest schedule that was seen to lead to it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.conformance import assets as conformance
from tests.conformance import server as servers
from tests.faults.driving import drive, embedded_upstream
from tests.faults.faults import OK, Fault
from tests.faults.invariant import violations
from tests.faults.schedules import VERBS, WRITERS, Schedule, schedules
from tests.faults.upstream import Upstream
from tests.figures import keep_figures

ENOUGH = 250
"""After how many schedules the embedded cluster begins anew, so that it stays small."""


@dataclass(slots=True, eq=False)
class Tally:
    """What came of many schedules: counts, and the smallest schedule for each kind of failure."""

    schedules: int = 0
    requests: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    smallest: dict[str, tuple[Schedule, str]] = field(default_factory=dict)

    def add(self, schedule: Schedule, upstream: Upstream) -> None:
        """Run a schedule, and count what came of it."""
        run = drive(schedule, upstream)
        found = violations(schedule, run)
        self.schedules += 1
        self.requests += len(run.seen)
        self.faults.update(seen.fault.kind for seen in run.seen)
        self.failed += bool(found)
        self.kinds.update({kind_of(sentence) for sentence in found})
        for sentence in found:
            self.keep(kind_of(sentence), schedule, sentence)

    def keep(self, kind: str, schedule: Schedule, sentence: str) -> None:
        """Keep the smaller one of two schedules for a kind of failure."""
        before = self.smallest.get(kind)
        if before is None or size(schedule) < size(before[0]):
            self.smallest[kind] = (schedule, sentence)

    def join(self, other: Tally) -> None:
        """Add what came of others."""
        self.schedules += other.schedules
        self.requests += other.requests
        self.failed += other.failed
        self.faults.update(other.faults)
        self.kinds.update(other.kinds)
        for kind, (schedule, sentence) in other.smallest.items():
            self.keep(kind, schedule, sentence)


NAMED = ("an exception left", "an exception left the client", "the last net caught")
"""The failures whose particulars are their kind."""


def kind_of(sentence: str) -> str:
    """The kind of a failure: its sentence up to the particulars."""
    head = sentence.partition(": ")[0]
    return sentence if head in NAMED else head


def size(schedule: Schedule) -> int:
    """How much there is in a schedule."""
    return len(repr(schedule))


def smaller(schedule: Schedule) -> Iterator[Schedule]:
    """Schedules with a little less in them."""
    count = len(schedule.items)
    for n in range(count) if count > 1 else ():
        kept = [m for m in range(count) if m != n]
        rows = tuple(schedule.faults[m] for m in kept if m < len(schedule.faults))
        yield replace(schedule, items=tuple(schedule.items[m] for m in kept), faults=rows)
    for name in ("discovery", "openapi", "other"):
        yield from (replace(schedule, **{name: row}) for row in _shorter(getattr(schedule, name)))
    for n, row in enumerate(schedule.faults):
        for less in _shorter(row):
            yield replace(schedule, faults=(*schedule.faults[:n], less, *schedule.faults[n + 1 :]))
    yield replace(schedule, rest=OK)
    yield replace(schedule, concurrency=1, chunk=256)
    yield replace(schedule, eager=True)
    for n, item in enumerate(schedule.items):
        for less in (
            replace(item, kind="ConfigMap"),
            replace(item, before="none"),
            replace(item, named=True),
        ):
            yield replace(schedule, items=(*schedule.items[:n], less, *schedule.items[n + 1 :]))


def _shorter(row: tuple[Fault, ...]) -> Iterator[tuple[Fault, ...]]:
    for n in range(len(row)):
        yield row[:n] + row[n + 1 :]
        if row[n] != OK:
            yield (*row[:n], OK, *row[n + 1 :])


def reduced(schedule: Schedule, kind: str, upstream: Upstream) -> tuple[Schedule, str]:
    """The schedule with all taken out of it that its failure does not need, and the sentence of that."""
    while True:
        for less in smaller(schedule):
            if less == schedule or size(less) > size(schedule):
                continue
            found = [one for one in violations(less, drive(less, upstream)) if kind_of(one) == kind]
            if found:
                schedule, sentence = less, found[0]
                break
        else:
            return schedule, sentence if "sentence" in locals() else kind


Open = Callable[[], AbstractContextManager[Upstream]]


def run_all(number: int, count: int, verbs: tuple[str, ...], upstream: Open, begun: int) -> Tally:
    """Run so many schedules of these verbs, drawn with this seed."""
    tally = Tally()
    while tally.schedules < count:
        wanted = min(ENOUGH, count - tally.schedules)
        with upstream() as server:
            _run_some(begun + number * 1_000_003 + tally.schedules, wanted, verbs, server, tally)
    return tally


def _run_some(number: int, count: int, verbs: tuple[str, ...], server: Upstream, tally: Tally) -> None:
    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(schedules(verbs))
    def each(schedule: Schedule) -> None:
        tally.add(schedule, server)

    each()


def _embedded_share(number: int, count: int, begun: int) -> Tally:
    return run_all(number, count, (*VERBS, *WRITERS), embedded_upstream, begun)


def embedded(count: int, processes: int, begun: int) -> Tally:
    """Run schedules against the embedded cluster, spread over processes."""
    shares = [(n, count // processes + (n < count % processes), begun) for n in range(processes)]
    whole = Tally()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for part in pool.starmap(_embedded_share, shares, chunksize=1):
            whole.join(part)
    return whole


def real_assets() -> conformance.Assets | None:
    """The binaries of a real server, where they are already; nothing is built for this."""
    named = os.environ.get("KUBEBUILDER_ASSETS")
    found = conformance.Assets(Path(named) if named else conformance.CACHE / conformance.version())
    return found if "kube-apiserver" in found and "etcd" in found else None


@contextmanager
def real_upstream(found: conformance.Assets) -> Iterator[Upstream]:
    """A real kube-apiserver over TLS, opened by a token that the proxy adds."""
    with servers.running(found) as server:
        token = {"Authorization": f"Bearer {server.token}"}
        # Its timestamps are of whole seconds: what was there before has to be older than that.
        upstream = Upstream(server.url, token, str(server.folder / "ca.pem"), lambda: time.sleep(2.1))
        try:
            yield upstream
        finally:
            upstream.close()


def real(count: int, begun: int) -> Tally | str:
    """Run schedules of writes against a real server, or say why not."""
    found = real_assets()
    if found is None:
        return (
            "faults: no real server, as neither KUBEBUILDER_ASSETS nor .cache/conformance has kube-apiserver "
            "and etcd: `make conformance` builds them"
        )
    tally = Tally()
    with real_upstream(found) as server:
        _run_some(begun, count, WRITERS, server, tally)
    return tally


def show(tally: Tally, seconds: float, less: bool) -> Iterator[str]:
    """The lines that say what came of it."""
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(tally.faults.items()) if kind != "ok")
    passed = tally.schedules - tally.failed
    yield f"{passed} of {tally.schedules} schedules passed: {tally.requests} requests in {seconds:.0f} s"
    yield f"faults: {counts}"
    for kind, count in tally.kinds.most_common():
        schedule, sentence = tally.smallest[kind]
        if less:
            with embedded_upstream() as server:
                schedule, sentence = reduced(schedule, kind, server)
        yield f"\n{count} ({1000 * count / tally.schedules:.1f} of 1,000): {kind}"
        yield f"    {sentence}\n    {_without_defaults(schedule)}"


def figures_of(tally: Tally, seconds: float) -> dict[str, int]:
    """What was counted of many schedules, for the page on failure."""
    return {
        "schedules": tally.schedules,
        "failed": tally.failed,
        "requests": tally.requests,
        "faults": sum(count for kind, count in tally.faults.items() if kind != "ok"),
        "seconds": round(seconds),
    }


def _without_defaults(schedule: Schedule) -> str:
    blank = Schedule(schedule.verb, ())
    told = [
        f"{name}={getattr(schedule, name)}"
        for name in Schedule.__slots__[1:]
        if getattr(schedule, name) != getattr(blank, name) and any(map(bool, [getattr(schedule, name)]))
    ]
    text = ", ".join([repr(schedule.verb), *told])
    text = re.sub(r"Item\(kind='(\w+)', before='(\w+)', named=True\)", r"\1/\2", text)
    return re.sub(r"Item\(kind='(\w+)', before='(\w+)', named=False\)", r"\1/generateName", text)


def main() -> int:
    """Run what the command line asks for; 1 where a schedule failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--schedules", type=int, default=int(os.environ.get("FAULTS", "10000")))
    parser.add_argument("--real", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--reduce", action="store_true", help="take out of schedules what a failure does not need"
    )
    given = parser.parse_args()
    began = time.monotonic()
    if given.real:
        tally = real(given.real, given.seed)
    else:
        tally = embedded(given.schedules, given.processes, given.seed)
    if isinstance(tally, str):
        print(tally)
        return 0
    seconds = time.monotonic() - began
    for line in show(tally, seconds, given.reduce):
        print(line, flush=True)
    keep_figures("faults-real" if given.real else "faults", figures_of(tally, seconds))
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
