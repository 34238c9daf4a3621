"""A notebook as a page of Markdown, with the outputs that are kept in it. No kernel is needed."""

import json
import re
from collections.abc import Iterator
from typing import Any

COLOUR = re.compile(r"\x1b\[[\d;]*m")


def render_notebook(text: str, file: str) -> str:
    """A notebook as a page; `file`: its name, as it stands beside the page and can be downloaded."""
    cells = json.loads(text)["cells"]
    title, _, rest = "".join(cells[0]["source"]).partition("\n")
    download = f'<p><a href="../{file}" download>This page as a notebook</a></p>'
    return "\n\n".join((title, download, rest, *(part for cell in cells[1:] for part in _cell_parts(cell)))) + "\n"


def _cell_parts(cell: dict[str, Any]) -> Iterator[str]:
    """What stands on the page for a cell: text, or code and what came out of it."""
    source = "".join(cell["source"]).strip()
    if cell["cell_type"] != "code":
        yield source
    elif source:
        yield f"```python\n{source}\n```"
        yield from filter(None, map(_render_output, cell["outputs"]))


def _render_output(output: dict[str, Any]) -> str:
    """What came out of a cell, in the richest form that there is: a picture, HTML, or text."""
    data = {kind: "".join(text) for kind, text in output.get("data", {}).items() if isinstance(text, str | list)}
    for kind in ("text/html", "image/svg+xml"):
        if kind in data:
            return f'<div class="output">\n{data[kind]}\n</div>'
    if "image/png" in data:
        return f'<div class="output"><img alt="" src="data:image/png;base64,{data["image/png"].strip()}"></div>'
    told = "".join(output.get("text", data.get("text/plain", "\n".join(output.get("traceback", ())))))
    shown = COLOUR.sub("", told).rstrip()
    return f"```{{ .text .output }}\n{shown}\n```" if shown else ""
