"""Pipelines, visitors and plans as text: what is drawn, line by line. No secret is in it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from fkube.pipeline.drawing import WIDEST as WIDEST
from fkube.pipeline.drawing import Drawing, Subject, draw


def explain(subject: Subject, verb: Callable[..., Any] | str = "verb") -> str:
    """Draw a pipeline from its sources to a verb, with its equation; a visitor as a tree; a plan in order.

    The stages drawn are those that run. Of failures it returns the messages.

    >>> from fkube.documents.source import Stdin
    >>> from fkube.pipeline.pipeline import Pipeline
    >>> from fkube.visitor.combinators import broken, continue_on_error, nothing, visitor_list
    >>> from fkube.resource.errors import DecodeError
    >>> print(explain(continue_on_error(visitor_list(broken(DecodeError("not YAML")), nothing))))
    continue_on_error
    └─ broken(not YAML)
    >>> print(explain(Pipeline((Stdin(),), flatten=True), "create").splitlines()[-1])
      report = (decorated(filter_namespace) ∘ mapped ∘ flattened ∘ lists_mapped)(v)(each(run ∘ create))

    See also: `fkube.pipeline.pictures`, the same as Mermaid and as SVG.
    """
    return write_text(draw(subject, verb))


def write_text(drawing: Drawing) -> str:
    """Write a drawing as text: a box a line, and the equation below."""
    lines = "\n".join((_tree_lines if drawing.is_tree else _way_lines)(drawing))
    return "\n\n".join(filter(None, (lines, "\n".join(map(_fold_line, drawing.equation)))))


def _fold_line(line: str) -> str:
    """Fold a line of an equation."""
    return textwrap.fill(f"  {line}", 100, subsequent_indent=" " * 12)


def _way_lines(drawing: Drawing) -> Iterator[str]:
    """The lines of boxes one after another, with a line between two that an arrow connects."""
    width = max((len(box.label) for box in drawing.boxes), default=0) + 2
    ways = {(arrow.start, arrow.end) for arrow in drawing.arrows}
    for place, box in enumerate(drawing.boxes):
        if (place - 1, place) in ways:
            yield "  ▼" if box.kind == "report" else "  │"
        yield f"{box.label:<{width}}{box.note}".rstrip()


def _tree_lines(drawing: Drawing) -> Iterator[str]:
    """The lines of a tree, each box before its parts."""
    parents = {arrow.end: arrow.start for arrow in drawing.arrows}
    last_of = {arrow.start: arrow.end for arrow in drawing.arrows}
    depths: dict[int, int] = {-1: -1}
    # What stands before the parts of each box on the way to this one.
    pieces: list[str] = []
    for place, box in enumerate(drawing.boxes):
        parent = parents.get(place, -1)
        depth = depths[place] = depths[parent] + 1
        del pieces[max(depth - 1, 0) :]
        is_last = last_of.get(parent, place) == place
        yield f"{''.join(pieces)}{('└─ ' if is_last else '├─ ') if depth else ''}{box.label}"
        pieces += ["   " if is_last else "│  "] if depth else []
