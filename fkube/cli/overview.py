"""What commands there are, and how help is laid out. Imports nothing of fkube, so that `--help` is quick."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # To import typing takes longer than all of this.
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COMMANDS = {
    "create": "Create objects from files, directories, URLs or standard input",
    "apply": "Make objects as files, directories, URLs or standard input say",
    "get": "Show one or many objects",
    "delete": "Delete objects by manifests, names or selectors",
    "diff": "Show what apply would change",
    "replace": "Make objects all that manifests say",
    "patch": "Change fields of objects",
    "scale": "Set how many replicas objects should have",
    "label": "Set labels of objects, and take them away",
    "annotate": "Set annotations of objects, and take them away",
    "wait": "Wait until objects meet a condition, are created or are gone",
    "plan": "Print the requests create or apply would send, and send none",
    "trace": "Show what each stage makes of each resource, and what is sent",
    "cluster": "Serve a cluster in memory on this machine",
    "doctor": "Look at the set-up and the server, and say what is wrong",
    "api-resources": "Print the resources that the server has",
    "version": "Print the versions of fkube and of the server",
    "completion": "Print a script that completes fkube's words in a shell",
    "options": "Print the flags that every command has",
}
"""What there is, in the order in which help shows it; each a module of this package."""


SUBCOMMANDS = {
    "apply view-last-applied": "Show what was applied last",
    "apply set-last-applied": "Say that manifests were applied last",
}
"""The commands of a command, each a module too."""


def overview() -> str:
    """The help of the program."""
    sections = (
        fill_text("fkube creates, reads and deletes Kubernetes objects, by composed functions."),
        format_rows("Commands", COMMANDS.items()),
        "Usage:\n  fkube COMMAND [flags]",
        'Use "fkube COMMAND --help" for more about a command.',
    )
    return "\n\n".join(sections)


def format_rows(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A title, and below it words with what they mean beside them."""
    return "\n".join((f"{title}:", *_aligned_lines(tuple(rows))))


def fill_text(text: str, initial: str = "", later: str = "", broken: bool = True) -> str:
    """A text in lines as wide as the terminal; `initial` begins the first line, `later` the others.

    `broken`: words may be broken, at a hyphen or where they are longer than a line.
    """
    width, line = min(_terminal_width(), 110), initial + " ".join(text.split())
    if len(line) <= width:
        return line.rstrip()
    from textwrap import fill

    words = " ".join(text.split())
    return fill(
        words,
        width,
        initial_indent=initial,
        subsequent_indent=later,
        break_on_hyphens=broken,
        break_long_words=broken,
    )


def _terminal_width() -> int:
    """The columns of the terminal, 80 if there is none: as `shutil.get_terminal_size`, which imports more."""
    given = os.environ.get("COLUMNS", "")
    try:
        return int(
            given if given.isdecimal() and int(given) else os.get_terminal_size(sys.stdout.fileno()).columns
        )
    except (AttributeError, ValueError, OSError):
        return 80


def _aligned_lines(rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Lines of words, with what they mean beside them in one column."""
    left = max(len(word) for word, _ in rows) + 4
    for word, meaning in rows:
        yield fill_text(meaning, initial=f"  {word}".ljust(left), later=" " * left)
