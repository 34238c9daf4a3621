"""How `get` prints: lists as their objects come, sorted or as a whole, and tables a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from returns.result import Failure, Result, Success

from fkube.cli.console import Console
from fkube.cli.objectprinter import format_document, format_item, format_list_end, list_of
from fkube.cli.tableprinter import (
    NO_TABLE,
    KindTable,
    Style,
    TableState,
    format_table,
    merge_tables,
    sort_rows,
)
from fkube.cli.templateprinter import Render, print_rendered
from fkube.resource.errors import UsageError
from fkube.resource.info import Object, RESTMapping
from fkube.showing.servertable import Table
from fkube.showing.sorting import order

BLOCK = 500
"""How many rows are laid out together at most, where that can be: as many as a page has."""


class ListPrinter(Protocol):
    """Takes objects as they come, each with the number of those before it, and is told how many came."""

    def add(self, before: int, object: Object, /) -> None:
        """Take one more object."""

    def close(self, count: int, /) -> None:
        """Print what is left to print."""


@dataclass(slots=True)
class StreamPrinter:
    """Prints objects as JSON, YAML or names: one `List`, or the object itself where one was asked for."""

    console: Console
    format: str
    single: bool
    first: Object | None = None

    def add(self, before: int, object: Object) -> None:
        """Print one more; with `single`, the first waits for a second."""
        if self.single and not before:
            self.first = object
            return
        if self.first is not None:
            self.console.say(format_item(self.format, self.first, 0), end="")
            self.first = None
        self.console.say(format_item(self.format, object, before), end="")

    def close(self, count: int) -> None:
        """Print what is left to print after so many objects. Follows `GetOptions.printGeneric` of kubectl."""
        if self.first is not None and not self.console.failures:
            self.console.say(format_document(self.format, self.first, 0), end="")
        elif count > 1 or not (self.single and self.console.failures):
            self.console.say(format_list_end(self.format, count), end="")


@dataclass(slots=True)
class WholePrinter:
    """Prints by a template: all objects as one `List`, or the object itself where one was asked for."""

    console: Console
    render: Render
    single: bool
    objects: list[Object] = field(default_factory=list)

    def add(self, _: int, object: Object) -> None:
        """Keep one more object."""
        self.objects.append(object)

    def close(self, count: int) -> None:
        """Print all objects. Follows `GetOptions.printGeneric` of kubectl."""
        if count < 2 and self.single and self.console.failures:
            return
        alone = count == 1 and self.single
        whole = self.objects[0] if alone else list_of(self.objects, resourceVersion="")
        print_rendered(self.console, self.render, whole)


@dataclass(slots=True)
class SortingPrinter:
    """Hands objects on in the order of a field, once all are there (`SortingPrinter` of kubectl)."""

    console: Console
    by: str
    to: ListPrinter
    single: bool
    objects: list[Object] = field(default_factory=list)

    def add(self, _: int, object: Object) -> None:
        """Keep one more object."""
        self.objects.append(object)

    def close(self, count: int) -> None:
        """Hand all objects on, or print why they have no order."""
        match self._sorted_places(count):
            case Success(places):
                for before, place in enumerate(places):
                    self.to.add(before, self.objects[place])
                self.to.close(count)
            case Failure(error):
                self.console.fail(error)

    def _sorted_places(self, count: int) -> Result[tuple[int, ...], UsageError]:
        if not count or (count == 1 and self.single):
            return Success(tuple(range(count)))
        return order(self.by, self.objects)


@dataclass(slots=True)
class TablesPrinter:
    """Prints tables, once it is known whether there are several kinds; those of one kind page by page."""

    console: Console
    style: Style
    streaming: bool
    sort_by: str = ""
    before: TableState = NO_TABLE
    waiting: list[KindTable] = field(default_factory=list)
    kinds: set[RESTMapping] = field(default_factory=set)

    def add(self, mapping: RESTMapping, table: Table) -> None:
        """Take one more table, and print what can be printed."""
        self.waiting.append((mapping, table))
        self.kinds.add(mapping)
        if self.streaming and sum(len(table.rows) for _, table in self.waiting) >= BLOCK:
            self.close()

    def close(self) -> None:
        """Print what is held back."""
        style = replace(self.style, with_kind=self.style.with_kind or len(self.kinds) > 1)
        for mapping, table in merge_tables(self.waiting):
            rows = sort_rows(self.sort_by, table)
            rows.alt(self.console.fail)
            self.before, text = format_table(style, self.before, (mapping, rows.value_or(Table())))
            self.console.say("".join(f"{line}\n" for line in text), end="")
        self.waiting = []
