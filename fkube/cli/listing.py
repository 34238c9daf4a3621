"""What `get` shows, gathered only as far as its layout needs: a list as it comes, tables a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fkube.cli.console import Console
from fkube.cli.output import closed, listed, printed
from fkube.cli.tableprinter import NOTHING, Asked, Printed, Style, lines, merged, sorted_rows
from fkube.resource.info import Object, RESTMapping
from fkube.showing.servertable import Table

BLOCK = 500
"""How many rows are laid out together at most, where that can be: as many as a page has."""


@dataclass(slots=True)
class Listing:
    """Objects as JSON, YAML or names: one `List`, but a single one as itself where just one was asked for."""

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
            self.console.say(listed(self.format, self.first, 0), end="")
            self.first = None
        self.console.say(listed(self.format, object, before), end="")

    def close(self, count: int) -> None:
        """Print what is left to print after so many objects. Follows `GetOptions.printGeneric` of kubectl."""
        if self.first is not None and not self.console.failures:
            self.console.say(printed(self.format, self.first, 0), end="")
        elif count > 1 or not (self.single and self.console.failures):
            self.console.say(closed(self.format, count), end="")


@dataclass(slots=True)
class Tables:
    """Tables, held back until it is known whether there are several kinds; pages of one kind are not."""

    console: Console
    style: Style
    streaming: bool
    sort_by: str = ""
    before: Printed = NOTHING
    waiting: list[Asked] = field(default_factory=list)
    kinds: set[RESTMapping] = field(default_factory=set)

    def add(self, mapping: RESTMapping, table: Table) -> None:
        """Take one more, and print what can be printed."""
        self.waiting.append((mapping, table))
        self.kinds.add(mapping)
        if self.streaming and sum(len(table.rows) for _, table in self.waiting) >= BLOCK:
            self.close()

    def close(self) -> None:
        """Print what is held back."""
        style = replace(self.style, with_kind=self.style.with_kind or len(self.kinds) > 1)
        for mapping, table in merged(self.waiting):
            rows = sorted_rows(self.sort_by, table)
            rows.alt(self.console.fail)
            self.before, text = lines(style, self.before, (mapping, rows.value_or(Table())))
            self.console.say("".join(f"{line}\n" for line in text), end="")
        self.waiting = []
