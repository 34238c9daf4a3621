"""docs/benchmarks/README.md, made of results.json: what was measured, and which bars are met."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.judging import Sample, Verdict, middle, pair_ratio, verdicts
from benchmarks.pictures import PICTURES, digest
from benchmarks.results import PAGES, Results, read_results
from benchmarks.row import OURS, Row
from benchmarks.rows import ROWS

NAME = "docs/benchmarks/README.md"
INTRODUCTION = (PAGES.parents[1] / "benchmarks" / "introduction.md").read_text(encoding="utf-8")
ROUNDS = 5
"""With fewer rounds a row says little."""
CAPTIONS = {
    "ratios.svg": "fkube beside kubectl, and the bars",
    "create.svg": "1,000 Deployments by each client",
    "growth.svg": "CPU and memory from 1,000 to 100,000 objects",
    "connections.svg": "1,000 Deployments over 1 to 64 connections",
}


def make_page(results: Results) -> str:
    """The whole page."""
    parts = (INTRODUCTION, *_bars(results), *_samples(results), *_skipped(results), *_runs(results))
    return "\n".join(line.rstrip() for part in parts for line in part.split("\n")).rstrip() + "\n"


def _bars(results: Results) -> Iterator[str]:
    """Every bar, and what was measured."""
    yield "## The bars\n"
    yield "![{}](ratios.svg)\n".format(CAPTIONS["ratios.svg"])
    found = [verdict for row in ROWS.values() for verdict in verdicts(results, row)]
    yield f"{sum(verdict.met is True for verdict in found)} of {len(found)} are met.\n"
    heads = ("row", "work", "who", "beside", "of", "ratio", "CPU", "bar", "")
    yield from _table(heads, _named_once([_verdict_cells(results, verdict) for verdict in found], 2))


def _verdict_cells(results: Results, verdict: Verdict) -> tuple[str, ...]:
    bar, row = verdict.bar, ROWS[verdict.row]
    told = {True: "met", False: "**missed**", None: "not measured"}[verdict.met]
    cpu = _pair(results, row, bar.of, bar.against, "cpu") if bar.measure == "wall" else None
    limit = f"≤ {bar.most:g}"
    return (
        f"`{row.name}`",
        row.what,
        bar.of,
        bar.against,
        MEASURES[bar.measure],
        _figure(verdict.ratio),
        _figure(cpu),
        limit,
        told,
    )


MEASURES = {"wall": "time", "cpu": "CPU", "cpu each": "CPU an object", "peak": "memory"}


def _samples(results: Results) -> Iterator[str]:
    """What every contender took."""
    yield "\n## What each took\n"
    yield "Medians; `fkube ×` is the median of what fkube took for what this one took in the same round.\n"
    heads = ("row", "who", "rounds", "time, s", "CPU, s", "memory, MiB", "fkube ×", "its CPU ×")
    rows = [cells for row in ROWS.values() for cells in _row_cells(results, row)]
    yield from _table(heads, _named_once(rows, 1))
    for picture in list(PICTURES)[1:]:
        yield f"\n### {CAPTIONS[picture]}\n\n![{CAPTIONS[picture]}]({picture})"


def _row_cells(results: Results, row: Row) -> Iterator[tuple[str, ...]]:
    taken = _taken(results, row)
    for name, samples in taken.items():
        middles = [_figure(middle(samples, measure)) for measure in ("wall", "cpu")]
        peak = middle(samples, "peak")
        ratios = [
            _pair(results, row, OURS, name, measure) if name != OURS else None for measure in ("wall", "cpu")
        ]
        whole = "" if peak is None else f"{peak:.0f}"
        yield (f"`{row.name}`", name, str(len(samples)), *middles, whole, *map(_figure, ratios))


def _skipped(results: Results) -> Iterator[str]:
    """Who could not run, and why; rows that were not run, or not often enough."""
    told = [
        f"* `{row.name}`, {name}: {why}"
        for row in ROWS.values()
        for name, why in results["rows"].get(row.name, {}).get("skipped", {}).items()
    ]
    told += [f"* `{row.name}`: never run" for row in ROWS.values() if row.name not in results["rows"]]
    few = [f"`{name}`" for name in ROWS if results["rows"].get(name, {}).get("rounds", ROUNDS) < ROUNDS]
    told += [f"* in {ROUNDS} rounds or more, so that these say little: {', '.join(few)}"] if few else []
    if told:
        yield "\n## What was not measured\n"
        yield from told


def _runs(results: Results) -> Iterator[str]:
    """On what it was measured."""
    yield "\n## On what"
    for key, run in results["runs"].items():
        names = [f"`{name}`" for name in ROWS if results["rows"].get(name, {}).get("run") == key]
        all_of_them = len(results["runs"]) == 1
        yield f"\n{'All rows' if all_of_them else ', '.join(names)}:\n"
        yield from _table(("", ""), list(run.items()))


def _taken(results: Results, row: Row) -> dict[str, Sequence[Sample]]:
    samples = results["rows"].get(row.name, {}).get("samples", {})
    order = [*row.contenders, *samples]
    return {name: samples[name] for name in dict.fromkeys(order) if samples.get(name)}


def _pair(results: Results, row: Row, ours: str, theirs: str, measure: str) -> float | None:
    taken = _taken(results, row)
    both = [taken.get(ours, ()), taken.get(theirs, ())]
    if not all(measure in sample for samples in both for sample in samples):
        return None
    return pair_ratio(both[0], both[1], measure)


def _figure(number: float | None) -> str:
    """A number with as many digits as it deserves.

    >>> [_figure(n) for n in (None, 0.0123, 0.7, 12.34, 123.4)]
    ['', '0.012', '0.70', '12.3', '123']
    """
    if number is None:
        return ""
    digits = [digits for most, digits in ((0.01, 4), (0.1, 3), (10, 2), (100, 1)) if number < most]
    return f"{number:.{digits[0] if digits else 0}f}"


def _named_once(rows: Sequence[Sequence[str]], heads: int) -> Iterator[tuple[str, ...]]:
    """The rows of a table, the first cells empty where they would say again what stands above."""
    above: Sequence[str] = ()
    for cells in rows:
        again = cells[:heads] == above[:heads]
        yield (*([""] * heads if again else cells[:heads]), *cells[heads:])
        above = cells


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for cells in rows:
        yield f"| {' | '.join(cells)} |"


def quoted(row: str, against: str = "kubectl") -> str:
    """The ratio of a row as other pages quote it."""
    found = [each.ratio for each in verdicts(read_results(), ROWS[row]) if each.bar.against == against]
    return _figure(found[0]) or "unmeasured"


def problems(results: Results) -> list[str]:
    """Why the page or a picture is not made of these results; none if all are."""
    page = PAGES / "README.md"
    stale = [] if page.exists() and page.read_text(encoding="utf-8") == make_page(results) else [NAME]
    for picture in PICTURES:
        path = PAGES / picture
        if not path.exists() or digest(results, picture) not in path.read_text(encoding="utf-8"):
            stale.append(f"docs/benchmarks/{picture}")
    return [f"{name} is not made of results.json: make bench-pages" for name in stale]


def write_pages(results: Results, python: str) -> None:
    """Write the page, and draw the pictures with a Python that has matplotlib."""
    (PAGES / "README.md").write_text(make_page(results), encoding="utf-8")
    subprocess.run([python, "-m", "benchmarks.plots"], cwd=PAGES.parents[1], check=True)
