"""What is drawn, and of what: each picture with the rows it is made of. Pure; `plots.py` draws."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

from benchmarks.judging import middle, value
from benchmarks.results import Results
from benchmarks.rows import CONNECTIONS, ROWS, SIZES

BARS = tuple(row.name for row in ROWS.values() if any(bar.against == "kubectl" for bar in row.bars))
PICTURES: Mapping[str, tuple[str, ...]] = {
    "ratios.svg": BARS,
    "create.svg": ("create",),
    "growth.svg": ("growth",),
    "connections.svg": ("connections",),
}
"""The pictures of docs/benchmarks, and the rows in each."""


def digest(results: Results, picture: str) -> str:
    """A digest of what a picture is made of, which is kept in it: one that is stale is found.

    It is also one of the bars.
    """
    rows = {name: results["rows"].get(name, {}).get("samples") for name in PICTURES[picture]}
    bars = {name: [(bar.against, bar.most) for bar in ROWS[name].bars] for name in PICTURES[picture]}
    return sha256(json.dumps([rows, bars], sort_keys=True).encode()).hexdigest()[:16]


def samples_of(results: Results, row: str) -> Mapping[str, list[Mapping[str, float]]]:
    """The samples of a row by contender; none where it was not run."""
    return dict(results["rows"].get(row, {}).get("samples", {}))


def cost_of_growth(results: Results) -> list[tuple[int, float, float]]:
    """For each size: microseconds of CPU for an object, and the peak of memory in MiB."""
    taken = samples_of(results, "growth")
    points = [(size, taken.get(f"{size:,}", [])) for size in SIZES]
    each = [(size, [{"cpu": value(s, "cpu each")} for s in found], found) for size, found in points if found]
    return [(size, 1e6 * (middle(cpu, "cpu") or 0), middle(found, "peak") or 0) for size, cpu, found in each]


def time_by_connections(results: Results) -> list[tuple[int, float, float]]:
    """For each number of connections: the seconds that it took, and those of CPU."""
    taken = samples_of(results, "connections")
    points = [(count, taken.get(str(count), [])) for count in CONNECTIONS]
    return [(count, middle(s, "wall") or 0, middle(s, "cpu") or 0) for count, s in points if s]


def time_to_create(results: Results) -> list[tuple[str, float, float]]:
    """For each client: the seconds that the creation took, and those of CPU; the fastest first."""
    taken = samples_of(results, "create")
    found = [(name, middle(s, "wall") or 0, middle(s, "cpu") or 0) for name, s in taken.items() if s]
    return sorted(found, key=lambda point: point[1])
