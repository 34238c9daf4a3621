"""Pictures in SVG: boxes with text in them, lines and arrows. Each stands by itself, without script or font.

Text is of one width a column, so where it ends is known without a browser. A picture has its own background,
so that it can be read on a page of whatever colour; it is light or dark as its reader prefers.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from unicodedata import combining, east_asian_width

from fkube.resource.dataclasses import dataclass
from fkube.resource.patterns import compile_later

SIZE, SMALL = 14, 12
"""The sizes of text: of names, and of what is said of them."""
LEADING = 1.45
"""The height of a line, in sizes of its text."""
PAD = 10
"""Between the border of a box and its text."""

# The width of a column, in sizes of the text: of the usual fonts, and what is enough for all of them.
_USUAL, _ADVANCE = 0.602, 0.62
# What XML does not allow, whatever way it is written.
_UNPRINTABLE = compile_later("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLASSES = compile_later('class="([^"]*)"')
_RULED = compile_later(r"-picture \.(\w+)")
_STYLE = """\
.fkube-picture{color:#1c2128;background:#fff}
.fkube-picture text{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}
.fkube-picture .card{fill:#fff;stroke:#d0d7de}
.fkube-picture text{fill:currentColor}
.fkube-picture .note,.fkube-picture .tag{fill-opacity:.78}
.fkube-picture .line{fill:none;stroke:#6e7781;stroke-width:1.5}
.fkube-picture .head{fill:#6e7781}
.fkube-picture .frame{fill:none;stroke:#8b949e;stroke-dasharray:4 4}
.fkube-picture .box{fill:#f6f8fa;stroke:#6e7781;stroke-width:1.5}
.fkube-picture .source{fill:#ddf4ff;stroke:#0969da}
.fkube-picture .scanned{fill:#fff8c5;stroke:#9a6700}
.fkube-picture .whole{fill:#fbefff;stroke:#8250df}
.fkube-picture .verb,.fkube-picture .request{fill:#dafbe1;stroke:#1a7f37}
.fkube-picture .report{fill:#eaeef2;stroke:#424a53;stroke-width:2.5}
.fkube-picture .failure{fill:#ffebe9;stroke:#cf222e;stroke-dasharray:6 3}
.fkube-picture .more{fill:none;stroke-dasharray:2 4}
.fkube-picture .bad{fill:#cf222e}
.fkube-picture .good{fill:#1a7f37}
.fkube-picture .differs{stroke:#cf222e;stroke-width:3.5}
@media (prefers-color-scheme:dark){
.fkube-picture{color:#e6edf3;background:#0d1117}
.fkube-picture .card{fill:#0d1117;stroke:#30363d}
.fkube-picture .box{fill:#161b22;stroke:#8b949e}
.fkube-picture .source{fill:#0c2d55;stroke:#58a6ff}
.fkube-picture .scanned{fill:#3b2c00;stroke:#d29922}
.fkube-picture .whole{fill:#2f1f4d;stroke:#bc8cff}
.fkube-picture .verb,.fkube-picture .request{fill:#0f2f1a;stroke:#3fb950}
.fkube-picture .report{fill:#21262d;stroke:#adbac7}
.fkube-picture .failure{fill:#42171a;stroke:#ff7b72}
.fkube-picture .more{fill:none}
.fkube-picture .bad{fill:#ff7b72}
.fkube-picture .good{fill:#3fb950}
.fkube-picture .differs{stroke:#ff7b72}
}"""


@dataclass(frozen=True, slots=True)
class TextBox:
    """A box with its text: a name in lines, a note in lines below, and a tag in the upper right corner."""

    name: tuple[str, ...]
    note: tuple[str, ...] = ()
    tag: str = ""
    kind: str = ""

    @property
    def width(self) -> float:
        """The least width in which the text fits."""
        tag = text_width(self.tag, SMALL) + 2 * PAD if self.tag else 0.0
        names = (text_width(line) for line in self.name)
        first = next(names, 0.0) + tag
        return 2 * PAD + max(first, *names, *(text_width(line, SMALL) for line in self.note), 0.0)

    @property
    def height(self) -> float:
        """The height that the lines take."""
        return 1.2 * PAD + LEADING * (SIZE * len(self.name) + SMALL * len(self.note))

    def at(self, x: float, y: float, width: float = 0.0) -> str:
        """The box with its upper left corner at a place, as wide as its text or as is asked for."""
        wide = max(width, self.width)
        kind = f"box {self.kind}".strip()
        frame = element("rect", x=x, y=y, width=wide, height=self.height, rx=6, class_=kind)
        below = y + 0.6 * PAD + LEADING * SIZE * len(self.name)
        names = text_lines(self.name, x + PAD, y + 0.6 * PAD, bold=bool(self.note))
        note = text_lines(self.note, x + PAD, below, SMALL, "note")
        right = x + wide - PAD - text_width(self.tag, SMALL)
        return frame + names + note + text_lines((self.tag,), right, y + 0.6 * PAD + 2, SMALL, "tag")


def count_columns(text: str) -> int:
    """How many columns a text takes: two for each wide character, none for one that goes onto another.

    >>> count_columns("web"), count_columns("日本"), count_columns("e\u0301")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def text_width(text: str, size: int = SIZE) -> float:
    """The width of a line of text."""
    return count_columns(text) * size * _ADVANCE


def wrap_text(text: str, columns: int, most: int = 4) -> tuple[str, ...]:
    """Break a text into lines of so many columns, at spaces where there are any; at most so many lines.

    >>> wrap_text("a very long name", 6)
    ('a very', 'long', 'name')
    """
    # Where characters may take two columns, half as many of them are sure to fit.
    fitting = columns if count_columns(text) <= len(text) else columns // 2
    clean = " ".join(printable(text).split())
    return tuple(textwrap.wrap(clean, fitting, max_lines=most, placeholder=" …", break_on_hyphens=False))


def printable(text: str) -> str:
    """A text in which what XML does not allow is the sign for a lost character.

    >>> printable("a\\x00b")
    'a\ufffdb'
    """
    return _UNPRINTABLE.sub("\ufffd", text)


def element(tag: str, *content: str, **attributes: object) -> str:
    """Write an element; `class_` is its class, numbers are rounded, `_` in a name is `-`.

    >>> element("rect", x=1.25, class_="box")
    '<rect x="1.2" class="box"/>'
    """
    from html import escape

    named = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value != "")
    written = "".join(f' {name}="{escape(_write_value(value))}"' for name, value in named)
    return f"<{tag}{written}>{''.join(content)}</{tag}>" if content else f"<{tag}{written}/>"


def _write_value(value: object) -> str:
    """A value of an attribute: a number with one digit behind the point, if any."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def escape_text(text: str) -> str:
    """A text as XML has it."""
    from html import escape

    return escape(printable(text), quote=False)


def text_lines(
    lines: Sequence[str], x: float, y: float, size: int = SIZE, kind: str = "", *, bold: bool = False
) -> str:
    """Lines of text below each other; `y` is where the first begins."""
    weight = "bold" if bold else ""
    return "".join(
        element(
            "text",
            escape_text(line),
            x=float(x),
            y=y + size * (number * LEADING + 1.05),
            font_size=size,
            font_weight=weight,
            class_=kind,
            # A character that the font has not comes from another, of another width.
            textLength="" if line.isascii() else count_columns(line) * size * _USUAL,
            lengthAdjust="" if line.isascii() else "spacingAndGlyphs",
        )
        for number, line in enumerate(lines)
        if line
    )


def line(*points: tuple[float, float]) -> str:
    """A line through points."""
    return element("path", d=_path(points), class_="line")


def arrow_down(x: float, y: float, end: float) -> str:
    """An arrow downwards."""
    head = _path(((x - 5, end - 8), (x + 5, end - 8), (x, end)))
    return line((x, y), (x, end - 8)) + element("path", d=f"{head}Z", class_="head")


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_write_value(float(x))} {_write_value(float(y))}" for x, y in points)


def write_svg(title: str, description: str, width: float, height: float, *content: str) -> str:
    """A picture of its own, with what it is called and what it says for those who can't see it."""
    card = element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, rx=8, class_="card")
    size = {"viewBox": f"0 0 {_write_value(width)} {_write_value(height)}", "width": width, "height": height}
    named = element("title", escape_text(title)) + element("desc", escape_text(description))
    drawn = "\n".join((card, *content))
    return element(
        "svg",
        "\n".join((named, element("style", _style_of(drawn)), drawn)),
        xmlns="http://www.w3.org/2000/svg",
        **size,
        role="img",
        class_="fkube-picture",
        style="max-width:100%;height:auto",
    )


def _style_of(drawn: str) -> str:
    """The rules for what is drawn, so that a small picture has a small style."""
    used = {name for found in _CLASSES.findall(drawn) for name in found.split()}
    rules = ((rule, {*_RULED.findall(rule.partition("{")[0])}) for rule in _STYLE.splitlines())
    return "\n".join(rule for rule, names in rules if not names or names & used)
