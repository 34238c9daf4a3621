"""Runs the blocks of a page, in a browser's Python as in any other: as a console does, or a notebook."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout
from doctest import DocTestParser
from io import StringIO
from typing import Any

FILE = "block"
"""What a block is called in messages."""

Names = dict[str, Any]
"""What the blocks before it have named, and this one names."""
Part = tuple[int, str | ast.Module | ast.Expression, str]
"""How many lines of a block are above a piece of it, the piece, and how it is compiled."""


def run_block(source: str, names: Names) -> dict[str, str]:
    r"""Run a block and say what to show: what it printed, its last value as HTML, what went wrong.

    >>> run_block(">>> a = 1\n>>> a + 1\n2", names := {})
    {'printed': '2\n', 'html': '', 'error': ''}
    >>> run_block("b = a\nb", names)["printed"]
    '1\n'
    >>> run_block("b\nb + ''", names)["error"]
    "line 2: TypeError: unsupported operand type(s) for +: 'int' and 'str'"
    """
    printed, html, above = StringIO(), "", 0
    names.setdefault("__name__", "__main__")
    with redirect_stdout(printed):
        try:
            for start, piece, mode in split_block(source):
                above = start
                html = show_value(eval(compile(piece, FILE, mode), names))
        except BaseException as error:  # noqa: BLE001 - whatever a block does is shown
            return {"printed": printed.getvalue(), "html": "", "error": explain_error(error, above)}
    return {"printed": printed.getvalue(), "html": html, "error": ""}


def split_block(source: str) -> Iterator[Part]:
    """The pieces of a block: each statement behind a prompt, or a cell of a notebook and its last value."""
    if ">>> " in source:
        for example in DocTestParser().get_examples(source):
            yield example.lineno, example.source, "single"
        return
    tree = ast.parse(source, FILE)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    yield 0, tree, "exec"
    if isinstance(last, ast.Expr):
        yield 0, ast.Expression(last.value), "eval"


def show_value(value: Any) -> str:
    """A value in the richest form that it has: HTML, a picture, or else its text, which is printed."""
    for form in ("_repr_html_", "_repr_svg_"):
        if hasattr(value, form):
            return str(getattr(value, form)())
    if value is not None:
        print(repr(value))
    return ""


def explain_error(error: BaseException, above: int) -> str:
    """An exception as one sentence, with its line in the block, whose piece has `above` lines above it."""
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return f"line {(error.lineno or 1) + above}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame.lineno for frame in reversed(frames) if frame.filename == FILE), None) or 0
    return f"line {line + above}: {type(error).__name__}: {error}"
