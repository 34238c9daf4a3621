"""Text with tabs to aligned columns, as kubectl aligns what is no table of the server's. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from fkube.resource.patterns import compile_later

MINIMUM, PADDING = 6, 3
"""The least width of a column, and the space between it and the next."""


def align_tabs(text: str, known: Sequence[int] = ()) -> tuple[str, tuple[int, ...]]:
    """Align the cells of a text in columns, at least as wide as known ones; and the widths that they have.

    Cells end with tabs. A column is as wide as it must be for the lines next to each other that have it.
    Follows `Writer` of github.com/liggitt/tabwriter, as `GetNewTabWriter` of cli-runtime sets it up.

    >>> text, widths = align_tabs("NAME\\tAGE\\nwebserver\\t5s\\n")
    >>> print(text, widths)
    NAME        AGE
    webserver   5s
     (12,)
    """
    sections: list[str] = []
    for section in text.split("\f"):
        lines = [_CELL_END.split(line) for line in section.split("\n")]
        known = _pad_cells(lines, known)
        sections.append("\n".join(map("".join, lines)))
    return "\n".join(sections), tuple(known)


def _pad_cells(lines: Sequence[list[str]], known: Sequence[int]) -> Sequence[int]:
    """Pad all cells but the last of each line, and tell how wide the columns are now."""
    widths = list(known)
    for column in range(max(map(len, lines)) - 1):
        widths += [MINIMUM] * (column + 1 - len(widths))
        for rows in _column_blocks(lines, column):
            widths[column] = max(widths[column], *(len(row[column]) + PADDING for row in rows))
            for row in rows:
                row[column] = row[column].ljust(widths[column])
    return widths


def _column_blocks(lines: Sequence[list[str]], column: int) -> Iterator[list[list[str]]]:
    """Blocks of adjacent lines that have a cell in this column; the last cell of a line is in none."""
    return (list(lines) for present, lines in groupby(lines, lambda line: len(line) - 1 > column) if present)


_CELL_END = compile_later("[\t\v]")
