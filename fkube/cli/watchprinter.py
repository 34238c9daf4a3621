"""What `get --watch` prints: what is there, and then each change, as tables, objects or by a template."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any, TypeAlias
from uuid import uuid4

from returns.io import IOResult
from returns.result import Result
from returns.unsafe import unsafe_perform_io

from fkube.cli.checks import Checked
from fkube.cli.console import Console
from fkube.cli.get_options import FORMATS, GetOptions
from fkube.cli.kyamlprinter import format_kyaml
from fkube.cli.listprinters import TablesPrinter
from fkube.cli.objectprinter import OBJECT_FORMATS, format_document, read_format
from fkube.cli.session import Session, Task, is_not_found, perform_or_report
from fkube.cli.templateprinter import Render, is_template, print_rendered, read_template
from fkube.edge.resourcewatch import ResourceWatch, watch_resources
from fkube.exchange.watching import Event
from fkube.kubeconfig.connection import parse_duration
from fkube.resource.dataclasses import replace
from fkube.resource.errors import Failures
from fkube.resource.info import Object, RESTMapping
from fkube.showing.servertable import Column, Row, Table, table
from fkube.syntax.gotext import json_line

EventPrinter: TypeAlias = Callable[[RESTMapping, Iterable[Event]], None]
"""Prints events of objects of a type."""


def read_watch_printer(options: GetOptions) -> Checked[Task]:
    """Make the task that prints what is there, and then each change until Ctrl-C, in the output asked for.

    Errors: an output that is none, or a template that can't be read.
    """
    output, templating = options.output, options.templating
    if is_template(output, templating):
        return Result.do(
            partial(_print_watch, options, partial(_template_printer, options, first, rest))
            for first in read_template(output, templating, options.no_headers)
            for rest in read_template(output, templating, no_headers=True)
        )
    return read_format(output, *FORMATS).map(lambda format: partial(_print_by_format, options, format))


def _print_by_format(options: GetOptions, format: str, session: Session) -> None:
    """Watch, and print in a format that is no template: objects or tables."""
    printer = _objects_printer if format in OBJECT_FORMATS else _tables_printer
    _print_watch(options, partial(printer, options, format), session)


def _print_watch(options: GetOptions, printer: Callable[[Console], EventPrinter], session: Session) -> None:
    """Watch the pipeline's objects and print what is there, and then each change, until the watch ends.

    `printer` makes what prints on a console. Follows `GetOptions.watch` of kubectl, but goes on where the
    watch is cut.
    """
    console, made = session.console, session.pipeline
    if options.sort_by:
        console.note(_UNSORTED if options.watch else _UNSORTED_ONLY)
    until = parse_duration(options.call.request_timeout) or math.inf
    asked = options.ask_for_tables(made) if options.is_table else made
    followed = watch_resources(session.client, asked, uuid4().hex, until=until)
    if options.ignore_not_found and _is_object_missing(followed):
        return
    found, show = perform_or_report(console, followed), printer(console)
    for number, batch in enumerate(found.events if found else ()):
        batch.alt(console.fail)
        if found and (number or not options.watch_only):
            show(found.mapping, batch.value_or(()))


def _template_printer(options: GetOptions, first: Render, rest: Render, console: Console) -> EventPrinter:
    """Make the printer that renders the first event with a template's headers, all others by `rest`."""

    def show(before: int, event: Event) -> None:
        shown = _event_object(event) if options.output_watch_events else event.object
        print_rendered(console, rest if before else first, shown)

    return _event_by_event(show)


def _objects_printer(options: GetOptions, format: str, console: Console) -> EventPrinter:
    """Make the printer of objects, or of whole events, in a format."""
    text_of = partial(_format_event, options, format)
    return _event_by_event(lambda before, event: console.say(text_of(event, before), end=""))


def _event_by_event(show: Callable[[int, Event], None]) -> EventPrinter:
    """Make a printer that calls `show` for each event, with the number of those before it."""
    numbers = count()

    def show_all(_: RESTMapping, events: Iterable[Event]) -> None:
        for event in events:
            show(next(numbers), event)

    return show_all


def _format_event(options: GetOptions, format: str, event: Event, before: int) -> str:
    """The text of an object, or of its event, from which kubectl leaves out no managed fields.

    `before` is how many were printed already.
    """
    if not options.output_watch_events or format == "name":
        return format_document(format, options.select_fields(event.object), before)
    if format == "json":
        return f'{{"type":{json_line(event.type)},"object":{json_line(event.object)}}}\n'
    if format == "kyaml":
        return f'---\n{{\n  type: "{event.type}",\n  object: {format_kyaml(event.object, 1)},\n}}\n'
    return format_document(format, _event_object(event), before)


def _event_object(event: Event) -> Object:
    """An event as kubectl prints it: its type, and the object."""
    return {"type": event.type, "object": event.object}


def _tables_printer(options: GetOptions, format: str, console: Console) -> EventPrinter:
    """Make the printer of tables: first what is there, sorted where asked for, then rows of changes.

    Columns get no narrower from batch to batch.
    """
    given, with_type = options.table_style(format == "wide"), options.output_watch_events
    # The type of an event comes before the namespace, which is a column like others then.
    style = replace(given, with_namespace=given.with_namespace and not with_type)
    printer = TablesPrinter(console, style, streaming=True, sort_by=options.sort_by)
    columns: list[Column] = []

    def show(mapping: RESTMapping, batch: Iterable[Event]) -> None:
        for event in batch:
            found = table(event.object, datetime.now(UTC))
            # Only the first table of a watch has columns.
            columns[:] = found.columns or columns
            whole = replace(found, columns=tuple(columns))
            with_namespace = given.with_namespace and mapping.namespaced
            printer.add(mapping, _add_type(whole, event.type, with_namespace) if with_type else whole)
        printer.close()
        printer.sort_by = ""

    return show


def _add_type(found: Table, type: str, with_namespace: bool) -> Table:
    """The table with a column for the type of event before all others, and maybe one for namespaces.

    Follows `printTable` of cli-runtime.
    """
    first = (Column("Event"), *((Column("Namespace"),) if with_namespace else ()))
    rows = (_add_type_to_row(row, type, with_namespace) for row in found.rows)
    return replace(found, columns=(*first, *found.columns), rows=tuple(rows))


def _add_type_to_row(row: Row, type: str, with_namespace: bool) -> Row:
    """The row with the type of its event, and maybe its namespace, before its cells."""
    namespace = ((row.metadata or {}).get("namespace", ""),) if with_namespace else ()
    return replace(row, cells=(type.ljust(8), *namespace, *row.cells))


def _is_object_missing(result: IOResult[ResourceWatch, Failures[Any]]) -> bool:
    """Whether a watch can't begin only because the object is not there."""
    missing = result.swap().map(lambda failures: all(map(is_not_found, failures.errors)))
    return unsafe_perform_io(missing.value_or(False))


_UNSORTED = "warning: --watch requested, --sort-by will be ignored for watch events received"
_UNSORTED_ONLY = "warning: --watch-only requested, --sort-by will be ignored"
