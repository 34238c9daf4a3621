"""What the scripts of docs/ share: what they make is printed, written, or compared with what is there.

python docs/SCRIPT.py            print the pages that the script makes
python docs/SCRIPT.py --write    write them
python docs/SCRIPT.py --check    fail where a page says something else, with the line, and what it should say

`make docs` writes them all; `make test` checks them all.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))  # For what is counted in tests.
MOST = 5
"""So many stale places of a page are shown: one change in the code may change all of it."""

Pages: TypeAlias = Mapping[str, str]
"""The texts of pages by their paths, which begin at the root of the repository."""


def read_pages(root: Path = ROOT) -> Pages:
    """README.md and every page of docs/."""
    paths = (root / "README.md", *sorted(root.glob("docs/**/*.md")))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def stale_lines(name: str, written: str, made: str) -> list[str]:
    """What a page says that is not so: page, line, what it says, what is true."""
    old, new = written.splitlines(), made.splitlines()
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        f"{name}:{start + 1}: says {_quoted(old[start:end])}; true is {_quoted(new[first:last])}"
        for change, start, end, first, last in changes
        if change != "equal"
    ] or [f"{name}: the ends of lines differ"] * (written != made)


def _quoted(lines: Sequence[str]) -> str:
    return repr("\n".join(lines)) if lines else "nothing"


def check_pages(made: Pages, root: Path = ROOT) -> list[str]:
    """Why pages are stale, the first lines of each; none if they are as they are made."""
    written = {name: (root / name).read_text(encoding="utf-8") for name in made if (root / name).exists()}
    stale = (stale_lines(name, written.get(name, ""), text) for name, text in made.items())
    return [line for lines in stale for line in lines[:MOST]]


def run_script(make: Callable[[], Pages], words: Sequence[str] | None = None, root: Path = ROOT) -> None:
    """Print, write or check the pages which `make` makes, as the words of the command line say."""
    parser = ArgumentParser(description=(sys.modules["__main__"].__doc__ or "").partition("\n")[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--write", action="store_true", help="write the pages")
    choice.add_argument("--check", action="store_true", help="fail if a page is not as it is made")
    chosen = parser.parse_args(words)
    made = make()
    if chosen.write:
        for name, text in made.items():
            (root / name).write_text(text, encoding="utf-8")
    elif not chosen.check:
        print(*made.values(), sep="\n", end="")
    elif stale := check_pages(made, root):
        raise SystemExit("\n".join((*stale, "make these pages again: make docs")))
