"""What the pages show of a pipeline that runs: its picture, and the page of its trace.

A page names it in a comment, `<!-- shows: NAME, what it is -->`, so that elsewhere nothing is missing.
"""

import os
import re
from contextlib import chdir
from pathlib import Path
from typing import Any

from pages import ROOT
from returns.unsafe import unsafe_perform_io

from fkube import edge, verbs
from fkube.pipeline.pictures import svg
from fkube.pipeline.tracepage import page

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)

SHOWS = re.compile(r"<!-- shows: ([\w-]+), (.*?) -->")
SHOWN = Path("assets", "shown")
MADE = ("pipeline.svg", "trace.html")


def first_pipeline() -> Any:
    """The pipeline on the first page: what its first block of Python makes."""
    found = BLOCK.search((ROOT / "docs" / "index.md").read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    exec(found[1] if found else "", names)
    return names["pipeline"]


def make_shown() -> dict[str, str]:
    """The pictures and pages of what runs, by their paths below docs/."""
    with chdir(ROOT / "examples"):
        pipeline = first_pipeline()
        trace = unsafe_perform_io(edge.trace(edge.embedded(), verbs.create())(pipeline).unwrap())
    texts = (svg(pipeline, "create"), page(trace))
    return {str(SHOWN / name): text for name, text in zip(MADE, texts, strict=True)}


def with_shown(text: str, page: str) -> str:
    """A page with what it shows: pictures if there are any, which lead to a page if there is one."""

    def show(found: re.Match[str]) -> str:
        name, said = found.groups()
        folder = os.path.relpath(SHOWN, Path(page).parent)
        taken = {path.name for path in (ROOT / "docs" / SHOWN).glob("*.png")}
        ways = ((f"{name}.svg", ""), (f"{name}.png", ""))
        schemes = tuple((f"{name}-{scheme}.png", f"#only-{scheme}") for scheme in ("light", "dark"))
        pictures = [
            f"![{said}]({folder}/{file}{mark})" for file, mark in (*ways, *schemes) if file in (*MADE, *taken)
        ]
        shown = "".join(pictures) or said
        there = pictures or f"{name}.html" in MADE
        link = f"[{shown}]({folder}/{name}.html)" if f"{name}.html" in MADE else shown
        return link if there else ""

    return SHOWS.sub(show, text)
