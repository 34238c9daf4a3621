"""Make docs/explanation/laws-in-pictures.md: each law on one example, with both sides as they came out.

python docs/law_pictures.py [--write | --check]

A law is asked with its example of docs/law_examples.py, and what it compares while it runs is drawn.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from types import FrameType
from typing import Any

from law_examples import example_of
from law_shapes import Piece, describe, pieces
from pages import ROOT, Pages, run_script

from fkube import laws
from fkube.laws.compare import Sides, first_line
from fkube.merging.fields import Type
from fkube.merging.patches import Schema
from fkube.syntax.svg import LEADING, SIZE, SMALL, TextBox, element, text_lines, wrap_text, write_svg

PAGE = "docs/explanation/laws-in-pictures.md"
FOLDER = "docs/explanation/laws"
MARGIN, WIDE, GAP = 24, 820, 10
COLUMNS = 108
MOST = 3
"""So many clauses of a law are drawn: the last ones; those before them ask whether there is an answer."""


def ask_law(law: Callable[..., Any], **implementation: object) -> tuple[Sides, ...]:
    """Ask a law with its example, and list the clauses that it compared, in order."""
    compared: list[Sides] = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "return" and frame.f_code is Sides.__init__.__code__:
            compared.append(frame.f_locals["self"])

    # Copies, so that what a wrong implementation changes is as it was for the next.
    values = {**deepcopy(dict(example_of(law))), **implementation}
    sys.setprofile(watch)
    try:
        holds = law(**values)
    except Exception as error:  # noqa: BLE001 - that nothing is raised is a clause too
        holds = Sides("nothing is raised", type(error).__name__, "nothing")
    finally:
        sys.setprofile(None)
    return _choose_clauses((*(sides for sides in compared if sides is not holds), holds))


def _choose_clauses(compared: Iterable[Sides]) -> tuple[Sides, ...]:
    """The clauses to draw: those about something; the one that does not hold, if any, is the last."""
    said = {sides.clause: sides for sides in compared if (sides.left, sides.right) != (None, None)}
    return tuple(said.values())[-MOST:]


def draw_law(law: Callable[..., Any], **implementation: object) -> str:
    """Draw a law on its example: what is given, and both sides of each clause."""
    clauses = ask_law(law, **implementation)
    said = " ".join((first_line(law), *(sides.clause for sides in clauses)))
    given = [line for name, value in example_of(law).items() for line in _given_lines(name, value, said)]
    heading = wrap_text(first_line(law), COLUMNS, most=6)
    top = MARGIN + LEADING * SIZE * 1.2
    below = top + LEADING * SMALL * len(heading) + GAP
    parts = [
        text_lines((law.__name__,), MARGIN, MARGIN - 4, SIZE + 2, bold=True),
        text_lines(heading, MARGIN, top, SMALL, "note"),
        text_lines(given, MARGIN, below, SMALL),
    ]
    drawn, y = _draw_clauses(clauses, below + LEADING * SMALL * len(given) + GAP)
    described = "\n".join((*heading, *given, *(_describe_sides(sides) for sides in clauses)))
    title = f"{law.__name__} {'holds' if all(map(bool, clauses)) else 'does not hold'} for an example"
    return write_svg(title, described, WIDE + 2.0 * MARGIN, y + MARGIN - GAP, *parts, *drawn)


def _draw_clauses(clauses: Iterable[Sides], y: float) -> tuple[list[str], float]:
    """Draw clauses below one another; and where the next thing begins."""
    parts: list[str] = []
    for sides in clauses:
        drawn, y = _draw_sides(sides, y)
        parts.append(drawn)
    return parts, y


def _draw_sides(sides: Sides, y: float) -> tuple[str, float]:
    """Draw one clause: what it says, the left side, a sign, the right side; and where the next begins."""
    left, right = pieces(sides.left), pieces(sides.right)
    clause = wrap_text(sides.clause, COLUMNS - 6, most=4)
    clause += () if sides or left != right else ("they differ in what is not shown",)
    sign, colour = ("=", "good") if sides else ("≠", "bad")
    rule = element("path", d=f"M{MARGIN} {y:.1f}H{MARGIN + WIDE}", class_="card")
    drawn = rule + text_lines(clause, MARGIN, y + 6, SMALL, bold=True)
    y += 6 + LEADING * SMALL * len(clause) + GAP
    first, end = _draw_strip(left, right, y, sides)
    drawn += first + text_lines((sign,), MARGIN - 2, end, 22, colour, bold=True)
    second, last = _draw_strip(right, left, end, sides)
    return drawn + second, last + GAP


def _draw_strip(strip: Sequence[Piece], other: Sequence[Piece], y: float, sides: Sides) -> tuple[str, float]:
    """Draw what is on one side, in order, in rows; what is not on the other side too is marked."""
    x, high, drawn = MARGIN + 26.0, 0.0, ""
    for place, piece in enumerate(strip):
        differs = not sides and other[place : place + 1] != [piece]
        box = TextBox(piece.name, piece.note, "", f"{piece.kind}{' differs' if differs else ''}")
        if x + box.width > MARGIN + WIDE and x > MARGIN + 26:
            x, y, high = MARGIN + 26.0, y + high + 6, 0.0
        drawn += box.at(x, y)
        x, high = x + box.width + 8, max(high, box.height)
    return drawn, y + high + GAP


LETTERS = {
    name: pair[:1]
    for pair in (
        *(
            "a awaited",
            "b also",
            "c more",
            "d decorate",
            "e error",
            "e exchange",
            "f becomes",
            "f rename",
            "f reply",
        ),
        *(
            "g rebecomes",
            "g rerename",
            "g rereply",
            "h change",
            "i info",
            "i mapped_info",
            "l current",
            "n attempts",
        ),
        *("n namespace", "p again", "p holds", "q also_holds", "r reported", "s also_reported", "s seconds"),
        *("s stage", "t limit", "t more_reported", "t restage", "v visit", "v visitor", "w next_visit"),
        *("x applied", "x value", "y wanted"),
    )
    for name in (pair[2:],)
}
"""The letters that laws have for their parameters."""


def _given_lines(name: str, value: object, said: str) -> Iterator[str]:
    """What is given for a parameter, in lines; a schema is the same in all examples, and too long.

    `said`: what the law says; a letter that is in it stands before the name.
    """
    letter = LETTERS.get(name, "")
    name = f"{letter}: {name}" if letter and re.search(rf"\b{letter}\b", said) else name
    if not isinstance(value, Schema | Type):
        first, *more = wrap_text(f"{name} = {describe(value)}", COLUMNS, most=3)
        yield from (first, *(f"    {line}" for line in more))


def _describe_sides(sides: Sides) -> str:
    """A clause in words, for those who can't see the picture."""
    left, right = (
        ", ".join(" ".join((*p.name, *p.note)) for p in pieces(side)) for side in (sides.left, sides.right)
    )
    return f"{sides.clause}: {left} {'=' if sides else '≠'} {right}"


def sections() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sections of the page of laws, each with the laws in it."""
    text = (ROOT / "docs/explanation/laws.md").read_text(encoding="utf-8")
    for section in text.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        named = (line.split("`")[1] for line in body.splitlines() if line.startswith("| `"))
        yield title, tuple(name for name in named if name in laws.__all__)


def _says(name: str) -> str:
    """What a law says, as Markdown has it."""
    return first_line(getattr(laws, name)).replace("*", r"\*")


def make_page() -> str:
    """The page: each law with its picture, in the order of the page of laws."""
    parts = [HEAD]
    for title, names in sections():
        parts += [f"\n## {title}\n"] if names else []
        parts += [f"\n![{name}: {_says(name)}](laws/{name}.svg)\n" for name in names]
    return "".join(parts)


HEAD = """# The laws in pictures

Made by `python docs/law_pictures.py`: each of [the laws](laws.md) was asked with one example, and what it
compared is drawn: what is given, then the left side and the right side of each clause. A dashed red box is a
failure. If an implementation were wrong, its picture would say ≠ and mark what differs.
"""


def make_pages() -> Pages:
    """The page, and a picture for each law."""
    pictures = {f"{FOLDER}/{name}.svg": draw_law(getattr(laws, name)) + "\n" for name in laws.__all__}
    return {PAGE: make_page(), **pictures}


if __name__ == "__main__":
    run_script(make_pages)
