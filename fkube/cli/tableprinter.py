"""Tables as kubectl prints them: which columns, in which words, how wide. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeAlias

from returns.result import Result, Success

from fkube.resource.errors import UsageError
from fkube.resource.info import RESTMapping
from fkube.showing.servertable import Column, Row, Table
from fkube.showing.sorting import order
from fkube.syntax.gotext import json_text

MINIMUM, PADDING = 6, 3
"""The width that a column has at least, and what is between it and the next."""

Cell: TypeAlias = tuple[str, int]
"""A text as it is shown, and the size that it is given."""

Asked: TypeAlias = tuple[RESTMapping, Table]


@dataclass(frozen=True, slots=True)
class Style:
    """What the flags ask of a table."""

    wide: bool = False
    no_headers: bool = False
    with_namespace: bool = False
    with_kind: bool = False
    show_labels: bool = False
    label_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """What has been printed so far, as far as what follows depends on it."""

    mapping: RESTMapping | None = None
    columns: tuple[Column, ...] = ()
    widths: tuple[int, ...] = ()


NOTHING = Printed()


def merged(tables: Iterable[Asked]) -> Iterator[Asked]:
    """Tables of one kind with the same columns as one, so that they are laid out together.

    >>> pods = RESTMapping("", "v1", "Pod", "pods")
    >>> [len(table.rows) for _, table in merged([(pods, Table((), (Row(()),)))] * 3)]
    [3]
    """
    for (mapping, columns), group in groupby(tables, key=lambda asked: (asked[0], asked[1].columns)):
        yield mapping, Table(columns, tuple(row for _, table in group for row in table.rows))


def sorted_rows(field: str, table: Table) -> Result[Table, UsageError]:
    """The table with its rows in the order of a field of their objects; without a field as it is.

    Errors: those of `order`. Follows `TableSorter` of kubectl.

    >>> rows = (Row(("b",), {"a": 2}), Row(("a",), {"a": 1}))
    >>> [row.cells for row in sorted_rows(".a", Table((), rows)).unwrap().rows]
    [('a',), ('b',)]
    """
    if not field or len(table.rows) < 2:
        return Success(table)
    found = order(field, [row.object or {} for row in table.rows])
    return found.map(lambda found: replace(table, rows=tuple(table.rows[n] for n in found)))


def lines(style: Style, before: Printed, asked: Asked) -> tuple[Printed, tuple[str, ...]]:
    """The lines of a table after what was printed before it: the header once, an empty line between kinds.

    Follows `GetOptions.Run` of kubectl and `HumanReadablePrinter.PrintObj` of cli-runtime.

    >>> pods, nodes = RESTMapping("", "v1", "Pod", "pods"), RESTMapping("", "v1", "Node", "nodes", False)
    >>> one = Table((Column("Name", naming=True), Column("Age")), (Row(("a", "5s")),))
    >>> before, printed = lines(Style(with_kind=True), NOTHING, (pods, one))
    >>> printed, lines(Style(), before, (pods, one))[1], lines(Style(), before, (nodes, one))[1]
    (('NAME    AGE', 'pod/a   5s'), ('a       5s',), ('', 'NAME   AGE', 'a      5s'))
    """
    mapping, table = asked
    if not table.rows:
        return before, ()
    same = before.mapping == mapping
    header = () if style.no_headers or (same and before.columns == table.columns) else _header(*asked, style)
    rows = [
        [_sized(name.upper()) for name in header],
        *(_row(mapping, table.columns, r, style) for r in table.rows),
    ]
    shown = [row for row in rows if row]
    wide = widths(([size for _, size in row] for row in shown), before.widths if same else ())
    apart = ("",) if before.mapping and not same and not style.no_headers else ()
    text = (*apart, *aligned(([text for text, _ in row] for row in shown), wide))
    return Printed(mapping, table.columns, wide), text


def aligned(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """Rows with their cells below each other; the last cell of a row is never padded.

    >>> list(aligned([("NAME", "AGE"), ("web", "5s")], (7,)))
    ['NAME   AGE', 'web    5s']
    """
    for row in rows:
        *cells, last = row or ("",)
        yield "".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=False)) + last


def widths(sizes: Iterable[Sequence[int]], known: Sequence[int] = ()) -> tuple[int, ...]:
    """How wide each column but the last must be for cells of these sizes, and no narrower than is known.

    Follows `tabwriter`, as cli-runtime sets it up.

    >>> widths([(4, 3), (8, 2)])
    (11,)
    """
    found = list(known)
    for row in sizes:
        found += [MINIMUM] * (len(row) - 1 - len(found))
        needed = [size + PADDING for size in row[:-1]]
        found = [*map(max, found, needed), *found[len(needed) :]]
    return tuple(found)


def _header(mapping: RESTMapping, table: Table, style: Style) -> Iterator[str]:
    if style.with_namespace and mapping.namespaced:
        yield "Namespace"
    yield from (column.name for column in table.columns if style.wide or not column.wide)
    yield from (label.rpartition("/")[2] for label in style.label_columns)
    if style.show_labels:
        yield "Labels"


def _row(mapping: RESTMapping, columns: Sequence[Column], row: Row, style: Style) -> Sequence[Cell]:
    """The cells of a row with those that the flags ask for, which only its object's metadata can fill."""
    metadata = row.metadata or {}
    labels = metadata.get("labels") or {}
    pairs = ",".join(f"{key}={labels[key]}" for key in sorted(labels)) or "<none>"
    naming = next((n for n, column in enumerate(columns) if column.naming), -1) if style.with_kind else -1
    prefix = f"{mapping.kind}.{mapping.group}".rstrip(".").lower()
    texts = (f"{prefix}/{_text(c)}" if n == naming else _text(c) for n, c in enumerate(row.cells))
    return [
        *([_sized(metadata.get("namespace", ""))] if style.with_namespace and mapping.namespaced else []),
        *(_cell(t) for t, column in zip(texts, columns, strict=False) if style.wide or not column.wide),
        *(_cell(labels.get(label, "")) for label in style.label_columns),
        *([_cell(pairs if row.metadata is not None else "")] if style.show_labels else []),
    ]


def _cell(text: str) -> Cell:
    """A text cut where its line ends, a terminal's escapes disarmed; its size is that of the whole in bytes.

    Follows `appendCellValue` and `printTable` of cli-runtime.
    """
    first, *more = re.split("[\f\n\r]", text, maxsplit=1)
    shown = first.replace("\x1b", "^[") + ("..." if more else "")
    return shown, max(len(shown), len(text.encode(errors="replace")))


def _sized(text: str) -> Cell:
    return text, len(text)


def _text(value: Any) -> str:
    """A cell as Go prints it with `%v`."""
    if isinstance(value, list):
        return f"[{' '.join(map(_text, value))}]"
    return "" if value is None else value if isinstance(value, str) else json_text(value)
