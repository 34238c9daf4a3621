"""A notebook as a page of Markdown, with the outputs that are kept in it. No kernel is needed."""

import json
import re
from collections.abc import Iterator
from typing import Any

LIVE = "Its cells run here too: *Edit* one, and *Run* it; those above it run first."
COLOUR = re.compile(r"\x1b\[[\d;]*m")


def render_notebook(text: str, file: str) -> str:
    """A notebook as a page; `file`: its name. It stands beside the page, and so do its slides."""
    first, *others = json.loads(text)["cells"]
    title, _, rest = "".join(first["source"]).partition("\n")
    slides = f"slides-{int(file.partition('-')[0])}.html"
    links = f'This page <a href="{file}" download>as a notebook</a>, and <a href="{slides}">as slides</a>.'
    parts = (part for cell in others for part in _cell_parts(cell))
    return "\n\n".join((title, f"{links} {LIVE}", rest, *parts)) + "\n"


def _cell_parts(cell: dict[str, Any]) -> Iterator[str]:
    """What stands on the page for a cell: text, or code and what came out of it."""
    source = "".join(cell["source"]).strip()
    if cell["cell_type"] != "code":
        yield source
    elif source:
        yield f"```python\n{source}\n```"
        yield from filter(None, map(_render_output, cell["outputs"]))


def _render_output(output: dict[str, Any]) -> str:
    """What came out of a cell, in the richest form that there is: HTML, a picture, or text."""
    data = {"text/plain": output.get("text", output.get("traceback", "")), **output.get("data", {})}
    for kind in ("text/html", "image/svg+xml"):
        if kind in data:
            return f'<div class="output">\n{"".join(data[kind])}\n</div>'
    shown = COLOUR.sub("", "".join(data["text/plain"])).rstrip()
    return f"```{{ .text .output }}\n{shown}\n```" if shown else ""
