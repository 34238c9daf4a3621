"""Make the pictures of docs/how-to/draw-a-pipeline.md: of what its Python makes, when it is run.

python docs/pipeline_pictures.py [--write | --check]
"""

import re
from contextlib import chdir, redirect_stdout
from doctest import DocTestParser
from io import StringIO
from typing import Any

from pages import ROOT, Pages, run_script

from fkube.pipeline.pictures import mermaid, svg

PAGE = "docs/how-to/draw-a-pipeline.md"
DRAWN = ("pipeline", "visitor", "plan")
"""What is drawn, by the names that the page gives it."""


def run_page(text: str) -> dict[str, Any]:
    """Run the Python of a page where the tests run it, and return its names."""
    names: dict[str, Any] = {}
    with chdir(ROOT / "examples"), redirect_stdout(StringIO()):
        for block in re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
            for example in DocTestParser().get_examples(block):
                exec(compile(example.source, PAGE, "single"), names)
    return names


def make_pages() -> Pages:
    """The page with its Mermaid, and the pictures on it."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    names = run_page(text)
    flowchart = f"```mermaid\n{mermaid(names['pipeline'], 'create')}```"
    page = re.sub(r"^```mermaid\n.*?^```$", lambda _: flowchart, text, flags=re.DOTALL | re.MULTILINE)
    folder = PAGE.removesuffix(".md")
    return {PAGE: page, **{f"{folder}/{name}.svg": svg(names[name], "create") + "\n" for name in DRAWN}}


if __name__ == "__main__":
    run_script(make_pages)
