"""Slides of a notebook as one page that needs nothing else: no script, style or font from elsewhere."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from markdown import markdown

Cell: TypeAlias = Mapping[str, Any]
TEMPLATE = Path(__file__).parent / "src" / "slides.html"
EXTENSIONS = ("tables", "fenced_code", "codehilite")
NOTEBOOK = re.compile(r"\]\(0*(\d+)-[\w-]+\.ipynb\)")
RICH = ("image/svg+xml", "text/html")
"""What is shown as it is; anything else as text."""


def write_slides(notebooks: Iterable[Path], folder: Path) -> list[Path]:
    """Write the slides of each notebook as slides-1.html and so on; return where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = [make_slides(json.loads(path.read_text(encoding="utf-8"))["cells"]) for path in notebooks]
    paths = [folder / f"slides-{number}.html" for number in range(1, len(pages) + 1)]
    for path, page in zip(paths, pages, strict=True):
        path.write_text(page, encoding="utf-8")
    return paths


def make_slides(cells: Sequence[Cell]) -> str:
    """The page with the slides of these cells."""
    sections = (
        f'<section id="{number}">{"".join(map(show_cell, slide))}</section>'
        for number, slide in enumerate(group_cells(cells), start=1)
    )
    title = html.escape("".join(cells[0]["source"]).partition("\n")[0].strip("# "))
    page = TEMPLATE.read_text(encoding="utf-8")
    return page.replace("{{title}}", title).replace("{{slides}}", "\n".join(sections))


def group_cells(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """The cells of each slide."""
    slide: list[Cell] = []
    for cell in cells:
        place = cell["metadata"]["slideshow"]["slide_type"]
        if place == "slide" and slide:
            yield slide
            slide = []
        slide += [] if place == "skip" else [cell]
    if slide:
        yield slide


def show_cell(cell: Cell) -> str:
    """A cell as HTML: text, or code with what came of it."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return str(markdown(NOTEBOOK.sub(r"](slides-\1.html)", source), extensions=EXTENSIONS))
    code = str(markdown(f"```python\n{source}\n```", extensions=EXTENSIONS))
    return code + "".join(map(show_output, cell["outputs"]))


def show_output(output: Mapping[str, Any]) -> str:
    """What a cell printed, or its value."""
    data = output.get("data", {})
    for kind in RICH:
        if kind in data:
            return f'<div class="output">{"".join(data[kind])}</div>'
    text = "".join(output.get("text") or data.get("text/plain", ""))
    return f'<pre class="output">{html.escape(text)}</pre>'
