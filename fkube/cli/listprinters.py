"""How `get` prints: lists as their objects come, sorted or as a whole, and tables a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeAlias

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
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import UsageError
from fkube.resource.info import Object, RESTMapping
from fkube.showing.servertable import Table

BLOCK = 500
"""How many rows are laid out together at most, where that can be: as many as a page has."""


class ListPrinter(Protocol):
    """Takes objects one by one, each with the number of those before it; `close` ends the list."""

    def add(self, before: int, object: Object, /) -> None:
        """Take one more object."""

    def close(self, count: int, /) -> None:
        """Print what is left to print; `count` is how many objects came in all."""


MakePrinter: TypeAlias = Callable[[Console, bool], ListPrinter]
"""Makes a printer that prints on a console; the second argument: whether a single object was asked for."""


@dataclass(slots=True)
class StreamPrinter:
    """Prints objects as JSON, YAML or names: one `List`, or the object itself where one was asked for.

    `single`: whether one was; it is kept in `first` until it is known that no second comes.
    """

    format: str
    console: Console
    single: bool
    first: Object | None = field(default=None, repr=False)

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
        """Print the end of the list, or the only object; `count` is how many came.

        Follows `GetOptions.printGeneric` of kubectl.
        """
        if self.first is not None and not self.console.failures:
            self.console.say(format_document(self.format, self.first, 0), end="")
        elif not (self.single and self.console.failures):
            self.console.say(format_list_end(self.format, count), end="")


@dataclass(slots=True)
class WholePrinter:
    """Prints all objects together, once they are there."""

    print_all: Callable[[Sequence[Object]], None]
    objects: list[Object] = field(default_factory=list, repr=False)

    def add(self, _: int, object: Object) -> None:
        """Keep one more object."""
        self.objects.append(object)

    def close(self, _: int) -> None:
        """Print all objects."""
        self.print_all(self.objects)


def whole_printer(render: Render, console: Console, single: bool) -> WholePrinter:
    """Make the printer that renders all objects together, once they are there, by a template."""
    return WholePrinter(partial(_print_whole, render, console, single))


def _print_whole(render: Render, console: Console, single: bool, objects: Sequence[Object]) -> None:
    """Print all objects as one `List`, or with `single` the only one as it is.

    Nothing is printed where a single object was asked for and could not be got. Follows
    `GetOptions.printGeneric` of kubectl.
    """
    if not (single and console.failures):
        alone = single and len(objects) == 1
        whole = objects[0] if alone else list_of(objects, resourceVersion="")
        print_rendered(console, render, whole)


def print_sorted(console: Console, by: str, single: bool, to: ListPrinter, objects: Sequence[Object]) -> None:
    """Sort objects by a field and print them with a printer, or print why they can't be sorted.

    `by` is the JSONPath of the field, or empty, `to` the printer, which is closed. A single object that was
    asked for is not sorted, and of a single file nothing is printed once anything in it failed.
    Follows `SortingPrinter` and `GetOptions.printGeneric` of kubectl.
    """
    if single and console.failures:
        return
    unsorted = not by or not objects or (single and len(objects) == 1)
    match Success(tuple(range(len(objects)))) if unsorted else _order(by, objects):
        case Success(places):
            for before, place in enumerate(places):
                to.add(before, objects[place])
            to.close(len(objects))
        case Failure(error):
            console.fail(error)


def _order(by: str, objects: Sequence[Object]) -> Result[tuple[int, ...], UsageError]:
    # Imported here, and with it JSONPath, as few lists are sorted.
    from fkube.showing.sorting import order

    return order(by, objects)


@dataclass(slots=True)
class TablesPrinter:
    """Prints tables, once it is known whether there are several kinds; those of one kind page by page.

    `streaming`: whether it is known that there is one kind only. `before` is what was printed last,
    `waiting` the tables held back, `kinds` all kinds so far.
    """

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
        """Print the tables that are held back, each sorted; more may come."""
        style = replace(self.style, with_kind=self.style.with_kind or len(self.kinds) > 1)
        for mapping, table in merge_tables(self.waiting):
            rows = sort_rows(self.sort_by, table)
            rows.alt(self.console.fail)
            self.before, text = format_table(style, self.before, (mapping, rows.value_or(Table())))
            self.console.say("".join(f"{line}\n" for line in text), end="")
        self.waiting = []
