"""Tables as kubectl prints them: which columns, in which words, how wide. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from returns.result import Result, Success

from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import UsageError
from fkube.resource.info import RESTMapping
from fkube.showing.servertable import Column, Row, Table
from fkube.syntax.gotext import json_text

MINIMUM, PADDING = 6, 3
"""The least width of a column, and the spaces that follow its longest cell."""

Cell: TypeAlias = tuple[str, int]
"""A text as it is shown, and the size by which its column is laid out, which may be larger."""

KindTable: TypeAlias = tuple[RESTMapping, Table]
"""A table, and the kind of its objects."""


@dataclass(frozen=True, slots=True)
class Style:
    """Which columns a table shows beside the usual ones, and whether it has a header.

    `wide`: those that the server marks as less important; `with_kind`: the kind before each name.
    """

    wide: bool = False
    no_headers: bool = False
    with_namespace: bool = False
    with_kind: bool = False
    show_labels: bool = False
    label_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableState:
    """The kind, columns and widths of the table printed last, on which the next depends."""

    mapping: RESTMapping | None = None
    columns: tuple[Column, ...] = ()
    widths: tuple[int, ...] = ()


NO_TABLE = TableState()
"""The state before the first table."""


def merge_tables(tables: Iterable[KindTable]) -> Iterator[KindTable]:
    """Join consecutive tables of one kind with the same columns, so that they are laid out together.

    >>> pods = RESTMapping("", "v1", "Pod", "pods")
    >>> [len(table.rows) for _, table in merge_tables([(pods, Table((), (Row(()),)))] * 3)]
    [3]
    """
    for (mapping, columns), group in groupby(tables, key=lambda one: (one[0], one[1].columns)):
        yield mapping, Table(columns, tuple(row for _, table in group for row in table.rows))


def sort_rows(field: str, table: Table) -> Result[Table, UsageError]:
    """The table with its rows in the order of a field of their objects; without a field as it is.

    Errors: those of `order`. Follows `TableSorter` of kubectl.

    >>> rows = (Row(("b",), {"a": 2}), Row(("a",), {"a": 1}))
    >>> [row.cells for row in sort_rows(".a", Table((), rows)).unwrap().rows]
    [('a',), ('b',)]
    """
    if not field or len(table.rows) < 2:
        return Success(table)
    # Imported here, and with it JSONPath, as few tables are sorted.
    from fkube.showing.sorting import order

    places = order(field, [row.object or {} for row in table.rows])
    return places.map(lambda places: replace(table, rows=tuple(table.rows[place] for place in places)))


def format_table(style: Style, before: TableState, found: KindTable) -> tuple[TableState, tuple[str, ...]]:
    """The lines of a table after what was printed before it: the header once, an empty line between kinds.

    Follows `GetOptions.Run` of kubectl and `HumanReadablePrinter.PrintObj` of cli-runtime.

    >>> pods, nodes = RESTMapping("", "v1", "Pod", "pods"), RESTMapping("", "v1", "Node", "nodes", False)
    >>> one = Table((Column("Name", naming=True), Column("Age")), (Row(("a", "5s")),))
    >>> before, printed = format_table(Style(with_kind=True), NO_TABLE, (pods, one))
    >>> printed, format_table(Style(), before, (pods, one))[1], format_table(Style(), before, (nodes, one))[1]
    (('NAME    AGE', 'pod/a   5s'), ('a       5s',), ('', 'NAME   AGE', 'a      5s'))
    """
    mapping, table = found
    if not table.rows:
        return before, ()
    same = before.mapping == mapping
    headless = style.no_headers or (same and before.columns == table.columns)
    header = () if headless else _header_names(mapping, table, style)
    head = [_plain_cell(name.upper()) for name in header]
    rows = (list(_row_cells(mapping, table.columns, row, style)) for row in table.rows)
    shown = [row for row in (head, *rows) if row]
    wide = column_widths(([size for _, size in row] for row in shown), before.widths if same else ())
    apart = ("",) if before.mapping and not same and not style.no_headers else ()
    text = (*apart, *align_rows(([text for text, _ in row] for row in shown), wide))
    return TableState(mapping, table.columns, wide), text


def align_rows(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """Lines of rows whose cells stand below each other; the last cell of a row is never padded.

    >>> list(align_rows([("NAME", "AGE"), ("web", "5s")], (7,)))
    ['NAME   AGE', 'web    5s']
    """
    for row in rows:
        *cells, last = row or ("",)
        yield "".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=False)) + last


def column_widths(sizes: Iterable[Sequence[int]], known: Sequence[int] = ()) -> tuple[int, ...]:
    """The width of each column but the last for rows of these sizes, and no narrower than `known`.

    Follows `tabwriter`, as cli-runtime sets it up.

    >>> column_widths([(4, 3), (8, 2)])
    (11,)
    """
    wide = list(known)
    for row in sizes:
        wide += [MINIMUM] * (len(row) - 1 - len(wide))
        needed = [size + PADDING for size in row[:-1]]
        wide = [*map(max, wide, needed), *wide[len(needed) :]]
    return tuple(wide)


def _header_names(mapping: RESTMapping, table: Table, style: Style) -> Iterator[str]:
    """The names of the columns that a table shows in this style."""
    if style.with_namespace and mapping.namespaced:
        yield "Namespace"
    yield from (column.name for column in table.columns if style.wide or not column.wide)
    yield from (label.rpartition("/")[2] for label in style.label_columns)
    if style.show_labels:
        yield "Labels"


def _row_cells(mapping: RESTMapping, columns: Sequence[Column], row: Row, style: Style) -> Iterator[Cell]:
    """The cells of a row that are shown, with those of its object's metadata that the style asks for."""
    metadata = row.metadata or {}
    labels = metadata.get("labels") or {}
    texts = list(map(_format_value, row.cells))
    naming = next((n for n, column in enumerate(columns) if column.naming), len(texts))
    if style.with_kind and naming < len(texts):
        texts[naming] = f"{mapping.kind}.{mapping.group}".rstrip(".").lower() + f"/{texts[naming]}"
    if style.with_namespace and mapping.namespaced:
        yield _plain_cell(metadata.get("namespace", ""))
    shown = (text for text, column in zip(texts, columns, strict=False) if style.wide or not column.wide)
    yield from map(_cut_cell, shown)
    yield from (_cut_cell(labels.get(label) or "") for label in style.label_columns)
    if style.show_labels:
        pairs = ",".join(f"{key}={labels[key] or ''}" for key in sorted(labels)) or "<none>"
        yield _cut_cell(pairs if row.metadata is not None else "")


def _cut_cell(text: str) -> Cell:
    """The cell of a text, cut at the end of its first line and without a terminal's escapes.

    Its size is that of the whole in bytes. Follows `appendCellValue` and `printTable` of cli-runtime.
    """
    if text.isascii() and text.isprintable():
        # Nearly every cell is as it is.
        return text, len(text)
    first, *more = re.split("[\f\n\r]", text, maxsplit=1)
    shown = first.replace("\x1b", "^[") + ("..." if more else "")
    return shown, max(len(shown), len(text.encode(errors="replace")))


def _plain_cell(text: str) -> Cell:
    """The cell of a text as it is, as wide as it is long."""
    return text, len(text)


def _format_value(value: object) -> str:
    """The text of a cell, as Go prints it with `%v`."""
    if isinstance(value, list):
        return f"[{' '.join(map(_format_value, value))}]"
    if value.__class__ is int:
        return str(value)
    return "" if value is None else value if isinstance(value, str) else json_text(value)
