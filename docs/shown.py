"""What pages show of a pipeline that runs, and is made with the site: the page of its trace, and screenshots.

A page names it in a comment, `<!-- shows: NAME, what it is -->`, so that elsewhere nothing is missing.
"""

import os
import re
from contextlib import chdir
from pathlib import Path

from pages import ROOT
from readme_picture import run_example
from returns.unsafe import unsafe_perform_io

from fkube import edge, verbs
from fkube.pipeline.tracepage import page

SHOWS = re.compile(r"<!-- shows: ([\w-]+), (.*?) -->")
SHOWN = Path("assets", "shown")
FORMS = (".png", "-light.png#only-light", "-dark.png#only-dark")
TRACE = SHOWN / "trace.html"


def make_trace() -> str:
    """The page of the trace of the pipeline in README.md."""
    pipeline = run_example()["pipeline"]
    with chdir(ROOT / "examples"):
        return page(unsafe_perform_io(edge.trace(edge.embedded(), verbs.create())(pipeline).unwrap()))


def with_shown(text: str, page: str) -> str:
    """A page with the screenshots that it names, where there are any; that of a trace leads to its page."""

    def show(found: re.Match[str]) -> str:
        name, said = found.groups()
        folder = os.path.relpath(SHOWN, Path(page).parent)
        taken = (file for file in FORMS if (ROOT / "docs" / SHOWN / (name + file.partition("#")[0])).exists())
        pictures = "".join(f"![{said}]({folder}/{name}{file})" for file in taken)
        return f"[{pictures or said}]({folder}/{TRACE.name})" if name == TRACE.stem else pictures

    return SHOWS.sub(show, text)
