"""Server-side tables: what a server says of objects for people to read, as columns and rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fkube.resource.info import Object, is_list


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `wide` ones are only shown when asked for, `naming` marks the one with the name."""

    name: str
    wide: bool = False
    naming: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, and as much of the object that it tells of as the server sent."""

    cells: tuple[Any, ...]
    object: Object | None = field(default=None, repr=False)

    @property
    def metadata(self) -> Object | None:
        """The metadata of the object, if the server sent it."""
        return None if self.object is None else self.object.get("metadata")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; a row may have fewer cells than there are columns, or more."""

    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()


def table(body: Object, now: datetime) -> Table:
    """What a server answered as a table; objects of a server that makes none have a name and an age.

    Follows `TablePrinter` of kubectl and `printObjectMeta` of cli-runtime.

    >>> from datetime import UTC
    >>> body = {"kind": "Table", "columnDefinitions": [{"name": "Name"}], "rows": [{"cells": ["web"]}]}
    >>> table(body, datetime.now(UTC)).rows[0].cells
    ('web',)
    """
    if body.get("kind") != "Table":
        objects = body.get("items") or () if is_list(body) else (body,)
        return Table(_PLAIN, tuple(_row(object, now) for object in objects))
    columns = tuple(
        Column(str(c.get("name", "")), bool(c.get("priority")), _naming(c))
        for c in body.get("columnDefinitions") or ()
    )
    rows = (Row(tuple(row.get("cells") or ()), row.get("object")) for row in body.get("rows") or ())
    return Table(columns, tuple(rows))


def age(seconds: float) -> str:
    """A time span for people to read, in two or three figures.

    Follows `HumanDuration` of apimachinery.

    >>> [age(s) for s in (5, 119, 125, 600, 5 * 3600 + 60, 49 * 3600, 9 * 86400, 3 * 365 * 86400)]
    ['5s', '119s', '2m5s', '10m', '5h1m', '2d1h', '9d', '3y']
    """
    if seconds < 0:
        return "<invalid>" if seconds <= -2 else "0s"
    for limit, unit, letter, part, small in _SPANS:
        if seconds < limit:
            whole, rest = divmod(int(seconds), unit)
            return f"{whole}{letter}" + (f"{rest // part}{small}" if rest // part else "")
    return f"{int(seconds) // 31_536_000}y"


def _row(object: Object, now: datetime) -> Row:
    metadata = object.get("metadata") or {}
    return Row((metadata.get("name", ""), _since(metadata.get("creationTimestamp"), now)), object)


def _since(timestamp: str | None, now: datetime) -> str:
    try:
        return age((now - datetime.fromisoformat(str(timestamp))).total_seconds())
    except (ValueError, TypeError):
        return "<unknown>"


def _naming(column: Object) -> bool:
    return column.get("format") == "name" and column.get("type") == "string"


_PLAIN = (Column("Name", naming=True), Column("Age"))
_SPANS = (
    (120, 1, "s", 1, ""),
    (600, 60, "m", 1, "s"),
    (10_800, 60, "m", 60, ""),
    (28_800, 3600, "h", 60, "m"),
    (172_800, 3600, "h", 3600, ""),
    (691_200, 86_400, "d", 3600, "h"),
    (63_072_000, 86_400, "d", 86_400, ""),
    (252_288_000, 31_536_000, "y", 86_400, "d"),
)
"""Below so many seconds: in which unit, and in which its rest."""
