"""Pages whose blocks of Python run where they are read; docs/assets/playground/live.js gives them buttons."""

import os
import re
from pathlib import Path

SCRIPT = Path("assets", "playground", "live.js")
BLOCK = re.compile(r"^```python\n(?P<prompt>>>> )?", re.MULTILINE)
LEFT_OUT = {
    "how-to/validate-manifests.md": "jsonschema needs rpds, which is native; kubernetes-validate is large",
}
"""The pages whose blocks do not run in a browser, and why."""


def is_live(text: str, page: str) -> bool:
    """Whether a page has blocks that run where they are read."""
    return page not in LEFT_OUT and BLOCK.search(text) is not None


def with_live(text: str, page: str) -> str:
    """A page with its blocks marked, and with the script; those of the course can be edited."""
    if not is_live(text, page):
        return text
    marked = BLOCK.sub(mark_block, text)
    script = os.path.relpath(SCRIPT, Path(page).parent)
    query = "?edit" if page.startswith("course/0") else ""
    return f'{marked.rstrip()}\n\n<script type="module" src="{script}{query}"></script>\n'


def mark_block(found: re.Match[str]) -> str:
    """The beginning of a block that runs."""
    prompt = found["prompt"] or ""
    return f"```{{ .{'pycon' if prompt else 'python'} .live }}\n{prompt}"
