"""Check the types of the Python in README.md and docs/ as mypy --strict sees them, with no plugin.

python docs/typed.py

A page is one module, as its blocks share names, and each line of Python keeps its number there. Fkube itself
is what it is to a user: an installed library, of which nothing is reported.
"""

import os
import re
from doctest import DocTestParser
from pathlib import Path
from tempfile import TemporaryDirectory

from mypy import api

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OPTIONS = (
    "--config-file=",
    "--strict",
    "--follow-imports=silent",
    "--no-error-summary",
    f"--cache-dir={ROOT / '.mypy_cache' / 'pages'}",
)


def python(page: str) -> str:
    """The Python of a page, each line where it is on the page, prompts and all else left out."""
    lines = [""] * len(page.splitlines())
    for block in BLOCK.finditer(page):
        first = page.count("\n", 0, block.start(1))
        for offset, source in statements(block[1]):
            code = source.splitlines()
            lines[first + offset : first + offset + len(code)] = code
    return "\n".join(lines) + "\n"


def statements(block: str) -> list[tuple[int, str]]:
    """The statements of a block, each with its line in it: those behind prompts, or the whole block."""
    if ">>>" not in block:
        return [(0, block)]
    return [(example.lineno, example.source) for example in DocTestParser().get_examples(block)]


def complaints(pages: dict[str, str]) -> list[str]:
    """What mypy says of these pages (their texts by name), each with the page and its line."""
    modules = {f"page_{number}.py": name for number, name in enumerate(pages)}
    os.environ["MYPYPATH"] = str(ROOT)
    with TemporaryDirectory() as directory:
        for module, name in modules.items():
            Path(directory, module).write_text(python(pages[name]), encoding="utf-8")
        said, trouble, _ = api.run([*OPTIONS, *(str(Path(directory, module)) for module in modules)])
    named = re.sub(r"^.*?(page_\d+\.py)", lambda found: modules[found[1]], said, flags=re.MULTILINE)
    return [*named.splitlines(), *trouble.splitlines()]


def main() -> None:
    paths = (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")))
    pages = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}
    found = complaints({name: page for name, page in pages.items() if BLOCK.search(page)})
    print(*found, sep="\n", end="\n" if found else "")
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
