"""Check the types of the Python in README.md and docs/ as mypy --strict sees them, with no plugin.

python docs/typed.py [--check]

A page is one module, as its blocks share names, and each line of Python keeps its number there. Fkube itself
is what it is to a user: an installed library, of which nothing is reported.
"""

import os
import re
from doctest import DocTestParser
from pathlib import Path
from tempfile import TemporaryDirectory

from mypy import api
from pages import ROOT, Pages, read_pages, run_script

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OPTIONS = (
    "--config-file=",
    "--strict",
    "--follow-imports=silent",
    "--no-error-summary",
    f"--cache-dir={ROOT / '.mypy_cache' / 'pages'}",
)


def extract_python(page: str) -> str:
    """The Python of a page, each line where it is on the page, prompts and all else left out."""
    lines = [""] * len(page.splitlines())
    for block in BLOCK.finditer(page):
        first = page.count("\n", 0, block.start(1))
        for offset, source in split_statements(block[1]):
            code = source.splitlines()
            lines[first + offset : first + offset + len(code)] = code
    return "\n".join(lines) + "\n"


def split_statements(block: str) -> list[tuple[int, str]]:
    """The statements of a block, each with its line in it: those behind prompts, or the whole block."""
    if ">>>" not in block:
        return [(0, block)]
    return [(example.lineno, example.source) for example in DocTestParser().get_examples(block)]


def find_complaints(pages: Pages) -> list[str]:
    """What mypy says of these pages (their texts by name), each with the page and its line."""
    modules = {f"page_{number}.py": name for number, name in enumerate(pages)}
    os.environ["MYPYPATH"] = str(ROOT)
    with TemporaryDirectory() as directory:
        for module, name in modules.items():
            Path(directory, module).write_text(extract_python(pages[name]), encoding="utf-8")
        said, trouble, _ = api.run([*OPTIONS, *(str(Path(directory, module)) for module in modules)])
    named = re.sub(r"^.*?(page_\d+\.py)", lambda found: modules[found[1]], said, flags=re.MULTILINE)
    return [*named.splitlines(), *trouble.splitlines()]


def make_pages() -> Pages:
    """No page: there is only something to check."""
    pages = {name: page for name, page in read_pages().items() if BLOCK.search(page)}
    if found := find_complaints(pages):
        raise SystemExit("\n".join(found))
    return {}


if __name__ == "__main__":
    run_script(make_pages)
