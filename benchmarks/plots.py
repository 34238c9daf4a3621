"""Draw the pictures of docs/benchmarks with matplotlib: `python -m benchmarks.plots`.

The same results give the same files; they are readable on light and on dark pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib import pyplot, rc_context

from benchmarks.judging import verdicts
from benchmarks.pictures import (
    BARS,
    PICTURES,
    cost_of_growth,
    digest,
    time_by_connections,
    time_to_create,
)
from benchmarks.results import PAGES, Results, read_results
from benchmarks.rows import CONNECTIONS, ROWS, SIZES

GREY, OURS, OTHER, GOOD, BAD = "#808080", "#3b7dd8", "#9a9a9a", "#2e9e5b", "#d9534f"
STYLE = {
    "svg.hashsalt": "fkube",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": GREY,
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "savefig.transparent": True,
}


def ratios(results: Results, axes: Any) -> None:
    """fkube beside kubectl, row by row: a dot, and a line where the bar is."""
    found = [verdict for name in BARS for verdict in verdicts(results, ROWS[name])]
    shown = [each for each in reversed(found) if each.bar.against == "kubectl" and each.ratio is not None]
    for place, each in enumerate(shown):
        axes.plot(each.ratio, place, "o", color=GOOD if each.met else BAD)
        axes.plot(each.bar.most, place, "|", color=GREY, markersize=14, markeredgewidth=2)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.axvline(1, color=GREY, linewidth=0.8, linestyle=":")
    axes.set_yticks(range(len(shown)), [each.row for each in shown])
    axes.set_xlabel("seconds of fkube for a second of kubectl (|: the bar)")


def create(results: Results, axes: Any) -> None:
    """The seconds of each client."""
    points = time_to_create(results)[::-1]
    colors = [OURS if name in ("fkube", "library") else OTHER for name, _, _ in points]
    axes.barh([name for name, _, _ in points], [wall for _, wall, _ in points], color=colors)
    axes.set_xlabel("seconds for 1,000 Deployments")


def growth(results: Results, axes: Any) -> None:
    """The CPU of each object, and the memory of all."""
    points = cost_of_growth(results)
    sizes = [size for size, _, _ in points]
    axes.plot(sizes, [cpu for _, cpu, _ in points], "o-", color=OURS, label="µs of CPU an object")
    axes.plot(sizes, [peak for _, _, peak in points], "s--", color=OTHER, label="MiB at most")
    axes.set_xscale("log")
    axes.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.set_xlabel("objects")
    axes.legend(frameon=False)


def connections(results: Results, axes: Any) -> None:
    """The seconds by the number of connections."""
    points = time_by_connections(results)
    counts = [count for count, _, _ in points]
    axes.plot(counts, [wall for _, wall, _ in points], "o-", color=OURS, label="seconds")
    axes.plot(counts, [cpu for _, _, cpu in points], "s--", color=OTHER, label="seconds of CPU")
    axes.set_xscale("log", base=2)
    axes.set_xticks(CONNECTIONS, [str(count) for count in CONNECTIONS])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("connections")
    axes.legend(frameon=False)


DRAWN = {
    "ratios.svg": (ratios, 5.0),
    "create.svg": (create, 2.6),
    "growth.svg": (growth, 3.2),
    "connections.svg": (connections, 3.2),
}


def draw(results: Results, folder: Path) -> None:
    """Draw all pictures."""
    with rc_context(STYLE):
        for name in PICTURES:
            fill, height = DRAWN[name]
            figure, axes = pyplot.subplots(figsize=(7.5, height), layout="constrained")
            fill(results, axes)
            note = {"Date": None, "Creator": None, "Description": f"made of results {digest(results, name)}"}
            figure.savefig(folder / name, metadata=note)
            pyplot.close(figure)


if __name__ == "__main__":
    draw(read_results(), PAGES)
