"""Blocks that run on pages: which are marked, and what running one says."""

import live
import pytest
from playground import build
from playground.blocks import run_block


def test_blocks_of_python_are_marked_and_no_others():
    text = "```python\n>>> 1\n1\n```\n```python\n1\n```\n```py\n>>> 2\n```\n"
    marked = "```{ .pycon .live }\n>>> 1\n1\n```\n```{ .python .live }\n1\n```\n```py\n>>> 2\n```\n"
    script = '<script type="module" src="../assets/playground/live.js'
    assert live.with_live(text, "how-to/a.md") == f'{marked}\n{script}"></script>\n'
    assert live.with_live(text, "course/01-a.md") == f'{marked}\n{script}?edit"></script>\n'
    assert live.with_live(text, next(iter(live.LEFT_OUT))) == text
    assert live.with_live("```py\n1\n```\n", "a.md") == "```py\n1\n```\n"


CLASS = """class Rich:
    def _repr_svg_(self):
        return "<svg/>"
"""
BLOCKS = [
    ("1\n2", "2\n", "", ""),
    (">>> 1\n1\n>>> 2\n2\n", "1\n2\n", "", ""),
    ("None", "", "", ""),
    (f"{CLASS}Rich()", "", "<svg/>", ""),
    ("print(1)\n\n1 / 0", "1\n", "", "line 3: ZeroDivisionError: division by zero"),
    (">>> 1\n1\n>>> if True:\n...     1 / 0\n", "1\n", "", "line 4: ZeroDivisionError: division by zero"),
    ("a = (", "", "", "line 1: '(' was never closed"),
    (">>> 1\n1\n>>> a = (\n", "1\n", "", "line 3: '(' was never closed"),
    ("exit()", "", "", "line 1: SystemExit: None"),
]


@pytest.mark.parametrize(("source", "printed", "html", "error"), BLOCKS)
def test_a_block_shows_what_a_console_or_a_notebook_would(source, printed, html, error):
    assert run_block(source, {}) == {"printed": printed, "html": html, "error": error}


def test_solutions_are_not_beside_the_exercises():
    names = [name for name, _ in build.page_files()]
    assert "exercises.py" in names
    assert "manifests/20-web.yaml" in names
    assert not any("solutions" in name for name in names)
