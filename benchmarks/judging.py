"""Medians, ratios of pairs, and whether a bar is met. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.results import Results
from benchmarks.row import Bar, Row

Sample = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a bar asks of a row, and the ratio that was measured; None where there is no pair."""

    row: str
    bar: Bar
    ratio: float | None

    @property
    def met(self) -> bool | None:
        """Whether the ratio is at most the bar; None where nothing was measured."""
        return None if self.ratio is None else self.ratio <= self.bar.most

    def __str__(self) -> str:
        told = "not measured" if self.ratio is None else f"{self.ratio:.3g} × {self.bar.against}"
        said = {None: "", True: ", met", False: ", missed"}[self.met]
        return f"{self.row}: {self.bar.of} {told} ({self.bar.measure}; bar {self.bar.most:g}{said})"


def value(sample: Sample, measure: str) -> float:
    """A measure of a sample; `cpu each` is the CPU for each of its objects.

    >>> value({"cpu": 2.0, "number": 1000}, "cpu each")
    0.002
    """
    return sample["cpu"] / sample["number"] if measure == "cpu each" else sample[measure]


def middle(samples: Sequence[Sample], measure: str) -> float | None:
    """The median of a measure; None where it was not measured.

    >>> middle([{"wall": 3.0}, {"wall": 1.0}, {"wall": 2.0}], "wall"), middle([], "wall")
    (2.0, None)
    """
    taken = [sample[measure] for sample in samples if measure in sample]
    return median(taken) if taken else None


def pair_ratio(ours: Sequence[Sample], theirs: Sequence[Sample], measure: str) -> float | None:
    """The median of what ours took by what theirs took in the same round; None without such a round.

    Not the ratio of the medians: a machine that is slow for a while slows both of a pair.

    >>> ours = [{"round": n, "wall": wall} for n, wall in enumerate((1.0, 4.0, 3.0))]
    >>> theirs = [{"round": n, "wall": wall} for n, wall in enumerate((2.0, 4.0, 12.0))]
    >>> pair_ratio(ours, theirs, "wall"), pair_ratio(ours, theirs[1:2], "wall"), pair_ratio(ours, [], "wall")
    (0.5, 1.0, None)
    """
    by_round = {sample["round"]: value(sample, measure) for sample in theirs}
    pairs = [(value(s, measure), by_round[s["round"]]) for s in ours if s["round"] in by_round]
    return median(ours / theirs for ours, theirs in pairs) if pairs else None


def verdicts(results: Results, row: Row) -> tuple[Verdict, ...]:
    """What came of each bar of a row; nothing where the row was not run."""
    found = results["rows"].get(row.name)
    samples = found["samples"] if found else {}
    return tuple(
        Verdict(row.name, bar, pair_ratio(samples.get(bar.of, ()), samples.get(bar.against, ()), bar.measure))
        for bar in row.bars
    )
