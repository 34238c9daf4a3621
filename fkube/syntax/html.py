"""Tables in HTML, for notebooks. Everything in them is text, escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

MOST = 200
"""How many rows of a table are shown; a last row counts the others."""


def html_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in HTML.

    >>> html_table(("name",), (("<a>",),))
    '<table><tr><th>name</th></tr><tr><td>&lt;a&gt;</td></tr></table>'
    """
    left = iter(rows)
    body = [_html_row("td", row) for row in islice(left, MOST)]
    more = sum(1 for _ in left)
    last = [_html_row("td", (f"… and {more:,} more",))] if more else []
    return f"<table>{''.join((_html_row('th', headers), *body, *last))}</table>"


def _html_row(tag: str, texts: Iterable[str]) -> str:
    """A row of a table with each text in a cell; `tag`: `td` or `th`."""
    from html import escape

    return f"<tr>{''.join(f'<{tag}>{escape(text)}</{tag}>' for text in texts)}</tr>"
