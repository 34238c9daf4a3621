"""Where the boxes of a drawing stand, so that nothing overlaps, and the drawing as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from fkube.pipeline.drawing import SEES, Box, Drawing
from fkube.pipeline.explain import write_text
from fkube.resource.dataclasses import dataclass
from fkube.syntax.svg import (
    LEADING,
    SIZE,
    SMALL,
    TextBox,
    arrow_down,
    element,
    line,
    text_lines,
    text_width,
    wrap_text,
    write_svg,
)

MARGIN = 24
LABELLED, GAP, NEAR = 40, 28, 10
"""The room between two boxes: with a labelled arrow, with an arrow, with none."""
INDENT = 36
COLUMNS = 72
"""The longest line of a name, and of the equation."""
FRAME = 7
"""Between boxes and the frame around them."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A box in its place."""

    box: TextBox
    x: float
    y: float
    width: float

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.box.height


def write_picture(drawing: Drawing) -> str:
    """Write a drawing as SVG."""
    placed = _place_tree(drawing) if drawing.is_tree else _place_way(drawing)
    lines = _tree_arrows(drawing, placed) if drawing.is_tree else _way_arrows(drawing, placed)
    bottom = max((each.bottom for each in placed), default=MARGIN)
    equation = [part for written in drawing.equation for part in wrap_text(written, COLUMNS, most=40)]
    width = 2 * MARGIN + max(
        (*(each.x + each.width - MARGIN for each in placed), *map(text_width, equation)), default=0.0
    )
    below = text_lines(equation, MARGIN, bottom + MARGIN)
    height = bottom + MARGIN + (MARGIN + LEADING * SIZE * len(equation) if equation else 0.0)
    shown = (each.box.at(each.x, each.y, each.width) for each in placed)
    return write_svg(drawing.title, write_text(drawing), width, height, *lines, *shown, below)


def _text_box(box: Box) -> TextBox:
    """A box with its text in lines; its kind is written on it too, as not everybody sees colours."""
    tag = SEES.get(box.kind, box.kind if box.kind in _TAGGED else "")
    return TextBox(
        wrap_text(box.label, COLUMNS) or ("",), wrap_text(box.note, COLUMNS * SIZE // SMALL), tag, box.kind
    )


_TAGGED = ("source", "verb", "request", "failure")


def _place_way(drawing: Drawing) -> tuple[Placed, ...]:
    """Place boxes below each other, all of one width, with room for the arrows."""
    boxes = tuple(map(_text_box, drawing.boxes))
    wide = max((box.width for box in boxes), default=0.0)
    rooms = {arrow.end: LABELLED if arrow.label else GAP for arrow in drawing.arrows}
    gaps = (rooms.get(place, NEAR) if place else 0 for place in range(len(boxes)))
    # Each box begins behind the one before it.
    heights = (0.0, *(box.height for box in boxes))
    tops = accumulate(gap + height for gap, height in zip(gaps, heights, strict=False))
    return tuple(Placed(box, MARGIN, MARGIN + y, wide) for box, y in zip(boxes, tops, strict=True))


def _way_arrows(drawing: Drawing, placed: Sequence[Placed]) -> Iterator[str]:
    """The arrows between boxes, with what happens on the way; several boxes that lead to one have a frame."""
    several = [arrow.start for arrow in drawing.arrows if arrow.end - arrow.start > 1]
    framed = FRAME if several else 0
    for arrow in drawing.arrows:
        if arrow.end == arrow.start + 1:
            start, end = (
                placed[arrow.start].bottom + framed * (arrow.start == len(several)),
                placed[arrow.end].y,
            )
            yield arrow_down(MARGIN + 28, start, end)
            middle = (start + end - SMALL * LEADING) / 2
            yield text_lines((arrow.label,), MARGIN + 42, middle, SMALL, "note")
    if several:
        yield _frame_boxes(placed[: len(several) + 1])


def _frame_boxes(placed: Sequence[Placed]) -> str:
    """A frame around boxes."""
    left, top = placed[0].x - FRAME, placed[0].y - FRAME
    wide, high = placed[0].width + 2 * FRAME, placed[-1].bottom + FRAME - top
    return element("rect", x=float(left), y=top, width=wide, height=high, rx=10, class_="frame")


def _place_tree(drawing: Drawing) -> tuple[Placed, ...]:
    """Place each box below the one before it: an only part straight below, several to the right of it."""
    parts: dict[int, int] = {}
    for arrow in drawing.arrows:
        parts[arrow.start] = parts.get(arrow.start, 0) + 1
    parents = {arrow.end: arrow.start for arrow in drawing.arrows}
    placed: list[Placed] = []
    y = float(MARGIN)
    for place, box in enumerate(map(_text_box, drawing.boxes)):
        above = placed[parents[place]] if place in parents else None
        x = above.x + INDENT * (parts[parents[place]] > 1) if above else float(MARGIN)
        placed.append(Placed(box, x, y, box.width))
        y += box.height + NEAR + 6
    return tuple(placed)


def _tree_arrows(drawing: Drawing, placed: Sequence[Placed]) -> Iterator[str]:
    """The lines from each box to its parts."""
    for arrow in drawing.arrows:
        yield _tree_line(placed[arrow.start], placed[arrow.end])


def _tree_line(parent: Placed, part: Placed) -> str:
    """A line from a box straight down to its part, or down and to the right."""
    x = parent.x + INDENT / 2
    middle = part.y + part.box.height / 2
    corner = ((x, part.y),) if part.x == parent.x else ((x, middle), (part.x, middle))
    return line((x, parent.bottom), *corner)
