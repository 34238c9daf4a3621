"""Make the notebooks of the course, and their slides, from the texts in docs/course/src/.

python docs/course/make.py [--write | --check]     the notebooks, executed: print, write or check them
python docs/course/make.py --slides site/course/   the slides, from the notebooks that are there

A fenced block of Python is a cell of code, all else is text. `<!-- slide -->` begins a slide, which is in the
notebook too; `<!-- text -->` begins what is in the notebook only. What cells print is kept in the notebook.
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import nbformat

COURSE = Path(__file__).parent
sys.path.append(str(COURSE.parent))  # For what the scripts of docs/ share.

from pages import ROOT, Pages, run_script  # noqa: E402

SOURCES = tuple(sorted((COURSE / "src").glob("*.markdown")))
PART = re.compile(r"^<!-- (slide|text) -->$|^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a notebook, and its place in the slides.

    `place`: `slide` begins a slide, `-` goes on with it, `skip` is in none.
    """

    kind: str
    source: str
    place: str


def read_cells(text: str) -> Iterator[Cell]:
    """The cells of a text, in order."""
    place, start = "skip", 0
    for part in [*PART.finditer(text), None]:
        words = text[start : part.start() if part else None].strip()
        if words:
            yield Cell("markdown", words, place)
            place = _next_place(place)
        if part and part[2] is not None:
            yield Cell("code", part[2].strip("\n"), place)
            place = _next_place(place)
        elif part:
            place = "slide" if part[1] == "slide" else "skip"
        start = part.end() if part else 0


def _next_place(place: str) -> str:
    """The place of the cell after one with this place."""
    return "-" if place == "slide" else place


def make_notebook(text: str) -> Any:
    """The notebook of a text, not executed yet."""
    number = count(1)
    cells = [
        (nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell)(
            cell.source, id=f"cell-{next(number)}", metadata={"slideshow": {"slide_type": cell.place}}
        )
        for cell in read_cells(text)
    ]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def execute(notebook: Any, folder: Path = COURSE) -> Any:
    """Execute a notebook in a folder; errors are raised. What depends on the machine is not kept."""
    # Only who makes notebooks needs a kernel: slides are made without.
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", record_timing=False, coalesce_streams=True,
        # It says of each connection that it is not encrypted; it is on this machine.
        extra_arguments=["--IPKernelApp.log_level=40"],
        resources={"metadata": {"path": str(folder)}},
    )  # fmt: skip
    fixed = {
        "PYTHONHASHSEED": "0",
        "COLUMNS": "100",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis"),
    }
    client.execute(env={**os.environ, **fixed})
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return notebook


def make_pages(folder: Path = COURSE) -> Pages:
    """The notebooks, executed in a folder, as texts."""
    return {
        (COURSE / source.stem).with_suffix(".ipynb").relative_to(ROOT).as_posix(): nbformat.writes(
            execute(make_notebook(source.read_text(encoding="utf-8")), folder)
        )
        + "\n"
        for source in SOURCES
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--slides"]:
        from slides import write_slides

        write_slides(sorted(COURSE.glob("*.ipynb")), Path(sys.argv[2]))
    else:
        run_script(make_pages)
