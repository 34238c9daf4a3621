"""Server-side tables: what a server says of objects for people to read, as columns and rows. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Object, is_list
from fkube.syntax.durations import human_age


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `wide` ones are only shown when asked for, `naming` marks the one with the name."""

    name: str
    wide: bool = False
    naming: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, and as much of the object that it tells of as the server sent."""

    cells: tuple[Any, ...] = field(repr=False)
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
        return Table(_PLAIN, tuple(_plain_row(object, now) for object in objects))
    columns = tuple(map(_read_column, body.get("columnDefinitions") or ()))
    rows = (Row(tuple(row.get("cells") or ()), row.get("object")) for row in body.get("rows") or ())
    return Table(columns, tuple(rows))


def _plain_row(object: Object, now: datetime) -> Row:
    """The row of an object from a server that makes no tables: its name and age."""
    metadata = object.get("metadata") or {}
    return Row((metadata.get("name", ""), human_age(metadata.get("creationTimestamp"), now)), object)


def _read_column(definition: Object) -> Column:
    """Read a column from its definition by the server; a priority makes it wide."""
    naming = definition.get("format") == "name" and definition.get("type") == "string"
    return Column(str(definition.get("name", "")), bool(definition.get("priority")), naming)


_PLAIN = (Column("Name", naming=True), Column("Age"))
