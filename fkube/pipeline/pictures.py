"""Pictures of pipelines, visitors and plans, as Mermaid and as SVG: of what runs, and without secrets.

See also: `fkube.pipeline.explain`, the same as text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fkube.pipeline.drawing import SEES, WIDEST, Arrow, Box, Drawing, Subject, count_rest, draw
from fkube.pipeline.layout import write_picture
from fkube.resource.dataclasses import replace
from fkube.syntax.svg import printable

MOST = 200
"""How many boxes a picture has; a last one counts the others. Mermaid itself refuses more than 500 arrows."""
LONGEST = 200
"""How much of a name is shown."""


def mermaid(subject: Subject, verb: Callable[..., Any] | str = "verb") -> str:
    """Draw a pipeline, a visitor or a plan as a flowchart of Mermaid, which GitHub and others show.

    The stages drawn are those that run. Failures become boxes with their messages.

    >>> from fkube.documents.source import Stdin
    >>> from fkube.pipeline.pipeline import Pipeline
    >>> print(mermaid(Pipeline((Stdin(),), local=True), "create").partition("  classDef")[0])
    flowchart TB
      b0["standard input<br>a source#58; read at the edge, as it is needed"]:::source
      b1["decorated(filter_namespace)<br>let each resource pass through decorators, left to right"]:::plain
      b2["create<br>a pure function to an exchange, which the edge runs"]:::verb
      b3["report<br>one outcome for each resource, in input order"]:::report
      b0 -->|documents| b1
      b1 -->|each| b2
      b2 -->|run| b3
    <BLANKLINE>
    """
    drawing = shorten(draw(subject, verb))
    boxes = (f'  b{place}["{_label(box)}"]:::{box.kind}' for place, box in enumerate(drawing.boxes))
    arrows = (f"  b{a.start} {_write_arrow(drawing, a)} b{a.end}" for a in drawing.arrows)
    colours = (f"  classDef {kind} {style}" for kind, style in _STYLES.items())
    return "\n".join(("flowchart TB", *boxes, *arrows, *colours)) + "\n"


def svg(subject: Subject, verb: Callable[..., Any] | str = "verb") -> str:
    """Draw a pipeline, a visitor or a plan as SVG that stands by itself, light or dark as its reader prefers.

    The stages drawn are those that run. Failures become boxes with their messages. The whole text of the
    picture is its description, for those who can't see it.

    >>> from fkube.visitor.combinators import nothing
    >>> svg(nothing).splitlines()[0].partition("<title>")[2]
    'nothing</title><desc>nothing</desc>'
    """
    return write_picture(shorten(draw(subject, verb)))


def shorten(drawing: Drawing) -> Drawing:
    """Leave out of a drawing what no picture has room for, and count it.

    >>> from fkube.visitor.combinators import continue_on_error, flattened, nothing
    >>> visitor = nothing
    >>> for _ in range(2500):
    ...     visitor = continue_on_error(flattened(visitor))
    >>> shorten(draw(visitor)).boxes[-1].label
    '… and 4,801 more'
    """
    several = sum(1 for box in drawing.boxes if box.kind == "source") if not drawing.is_tree else 0
    fewer = _leave_out(drawing, min(several, WIDEST), several) if several > WIDEST else drawing
    whole = len(fewer.boxes)
    fewer = _leave_out(fewer, MOST, whole) if whole > MOST else fewer
    boxes = (replace(box, label=_cut(box.label), note=_cut(box.note)) for box in fewer.boxes)
    return replace(fewer, title=_cut(fewer.title), boxes=tuple(boxes))


def _leave_out(drawing: Drawing, first: int, end: int) -> Drawing:
    """Put one box that counts them in the place of the boxes from the first up to the end."""
    boxes = drawing.boxes
    kept = (*range(first), *range(end, len(boxes)))
    places = {**dict.fromkeys(range(first, end), first), **{p: n + (n >= first) for n, p in enumerate(kept)}}
    moved = (Arrow(places[a.start], places[a.end], a.label) for a in drawing.arrows)
    # A dictionary, since the arrows of those left out are the same now.
    arrows = {(arrow.start, arrow.end): arrow for arrow in moved if arrow.start != arrow.end}
    shown = (*boxes[:first], *count_rest(end - first), *boxes[end:])
    return replace(drawing, boxes=shown, arrows=tuple(arrows.values()))


def _cut(text: str) -> str:
    """The beginning of a text that is too long."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"


def _label(box: Box) -> str:
    """The label of a box in Mermaid: its name, and below it its note and what it has to see."""
    return "<br>".join(map(escape_mermaid, filter(None, (box.label, box.note, SEES.get(box.kind)))))


def _write_arrow(drawing: Drawing, arrow: Arrow) -> str:
    """An arrow in Mermaid; a line to the parts of a visitor."""
    if drawing.is_tree:
        return "---"
    return f"-->|{escape_mermaid(arrow.label)}|" if arrow.label else "-->"


def escape_mermaid(text: str) -> str:
    """Write a text so that nothing in it is syntax of Mermaid, of its Markdown or of HTML.

    >>> escape_mermaid('a "b" <c>')
    'a #34;b#34; #60;c#62;'
    """
    shown = " ".join(printable(text).split())
    return "".join(c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in shown)


_PLAIN = " _.,/()=?'→∘…"
_STYLES = {
    "source": "fill:#ddf4ff,stroke:#0969da,color:#1c2128",
    "plain": "fill:#f6f8fa,stroke:#6e7781,color:#1c2128",
    "scanned": "fill:#fff8c5,stroke:#9a6700,color:#1c2128",
    "whole": "fill:#fbefff,stroke:#8250df,color:#1c2128",
    "verb": "fill:#dafbe1,stroke:#1a7f37,color:#1c2128",
    "request": "fill:#dafbe1,stroke:#1a7f37,color:#1c2128",
    "report": "fill:#eaeef2,stroke:#424a53,color:#1c2128,stroke-width:3px",
    "visitor": "fill:#f6f8fa,stroke:#6e7781,color:#1c2128",
    "failure": "fill:#ffebe9,stroke:#cf222e,color:#1c2128,stroke-dasharray:6 3",
    "more": "fill:none,stroke:#6e7781,stroke-dasharray:2 4",
}
