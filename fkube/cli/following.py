"""What `get --watch` prints: what is there, and then each change, as tables, objects or by a template."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any, TypeAlias
from uuid import uuid4

from returns.io import IOFailure, IOResult
from returns.result import Result
from returns.unsafe import unsafe_perform_io

from fkube.cli.console import Console
from fkube.cli.flags import Options
from fkube.cli.kyamlprinter import kyaml
from fkube.cli.listing import Tables
from fkube.cli.output import known_format, printed, unmanaged
from fkube.cli.session import finished, not_found
from fkube.cli.tableprinter import Style
from fkube.cli.templates import TEMPLATES, Shown, is_template, templated
from fkube.edge import Client
from fkube.edge.following import Followed, follow
from fkube.exchange.conversation import TABLE
from fkube.exchange.watching import Event
from fkube.kubeconfig.connection import duration
from fkube.pipeline.pipeline import Pipeline
from fkube.resource.errors import Failures, UsageError
from fkube.resource.info import Object, RESTMapping
from fkube.showing.servertable import Column, Row, Table, table
from fkube.syntax.gotext import json_line

FORMATS = ("json", "yaml", "kyaml", "name", "wide", "table", *TEMPLATES)

STYLE = ("no-headers", "all-namespaces", "show-kind", "show-labels", "label-columns")
"""The flags that say how a table looks, in the order of the fields of `Style`."""

Printer: TypeAlias = Callable[[RESTMapping, Iterable[Event]], None]
"""Prints what happened to objects of a type."""

Show: TypeAlias = Callable[[Console, Options, Client, Pipeline], None]


def following(options: Options) -> Result[Show, UsageError]:
    """How to print what is there, and then each change until Ctrl-C, in the output that is asked for.

    Errors: an output that is none, or a template that can't be read.
    """
    if is_template(options):
        later = templated({**options, "no-headers": True})
        return Result.do(
            partial(_followed, partial(_by_template, first, rest))
            for first in templated(options)
            for rest in later
        )
    return known_format(options["output"], *FORMATS).map(
        lambda format: partial(_followed, partial(_by_format, format))
    )


def _followed(
    by: Callable[[Console, Options], Printer],
    console: Console,
    options: Options,
    client: Client,
    made: Pipeline,
) -> None:
    """Follows `GetOptions.watch` of kubectl, but goes on where the connection is cut."""
    if options["sort-by"]:
        console.note(_UNSORTED if options["watch"] else _UNSORTED_ONLY)
    tables = options["output"] in ("", "wide", "table") and options["server-print"]
    query = (("includeObject", "Object"),) if options["sort-by"] else ()
    asked = replace(made, accept=TABLE, query=query) if tables else made
    until = duration(options["request-timeout"]) or math.inf
    followed = follow(client, asked, uuid4().hex, until=until)
    if options["ignore-not-found"] and _missing(followed):
        return
    found, show = finished(console, followed), by(console, options)
    console.warn(found.warnings if found else ())
    for number, batch in enumerate(found.events if found else ()):
        batch.alt(console.fail)
        if found and (number or not options["watch-only"]):
            show(found.mapping, batch.value_or(()))


def _by_template(first: Shown, rest: Shown, console: Console, options: Options) -> Printer:
    """Print by a template; its headers only once."""
    numbers = count()

    def show(_: RESTMapping, events: Iterable[Event]) -> None:
        for event in events:
            shown = _event(event) if options["output-watch-events"] else event.object
            text, error = (rest if next(numbers) else first)(shown)
            console.say(text, end="")
            console.fail(*((error,) if error else ()))

    return show


def _by_format(format: str, console: Console, options: Options) -> Printer:
    if format not in ("json", "yaml", "kyaml", "name"):
        return _tables(format == "wide", console, options)
    numbers = count()

    def show(_: RESTMapping, events: Iterable[Event]) -> None:
        for event in events:
            console.say(_text(format, options, event, next(numbers)), end="")

    return show


def _text(format: str, options: Options, event: Event, before: int) -> str:
    """An object, or its event, whose managed fields kubectl does not omit."""
    if options["output-watch-events"] and format == "json":
        return f'{{"type":{json_line(event.type)},"object":{json_line(event.object)}}}\n'
    if options["output-watch-events"] and format == "kyaml":
        return f'---\n{{\n  type: "{event.type}",\n  object: {kyaml(event.object, 1)},\n}}\n'
    if options["output-watch-events"] and format == "yaml":
        return printed(format, _event(event), before)
    kept = options["show-managed-fields"]
    return printed(format, event.object if kept else unmanaged(event.object), before)


def _event(event: Event) -> Object:
    return {"type": event.type, "object": event.object}


def _tables(wide: bool, console: Console, options: Options) -> Printer:
    """Print rows; what is there in the order that is asked for, and all in columns that get no narrower."""
    given, events = Style(wide, *(options[flag] for flag in STYLE)), options["output-watch-events"]
    # The type of an event comes before the namespace, which is a column like others then.
    shown = Tables(console, replace(given, with_namespace=given.with_namespace and not events), True)
    shown.sort_by = options["sort-by"]
    columns: list[Column] = []

    def show(mapping: RESTMapping, batch: Iterable[Event]) -> None:
        for event in batch:
            found = table(event.object, datetime.now(UTC))
            # Only the first table of a watch has columns.
            columns[:] = found.columns or columns
            whole = replace(found, columns=tuple(columns))
            named = given.with_namespace and mapping.namespaced
            shown.add(mapping, _with_event(whole, event.type, named) if events else whole)
        shown.close()
        shown.sort_by = ""

    return show


def _with_event(found: Table, type: str, named: bool) -> Table:
    """The table with the type of event before everything else. Follows `printTable` of cli-runtime."""
    first = (Column("Event"), *((Column("Namespace"),) if named else ()))
    rows = (_row(row, type, named) for row in found.rows)
    return replace(found, columns=(*first, *found.columns), rows=tuple(rows))


def _row(row: Row, type: str, named: bool) -> Row:
    namespace = (row.metadata or {}).get("namespace", "")
    return replace(row, cells=(type.ljust(8), *((namespace,) if named else ()), *row.cells))


def _missing(result: IOResult[Followed, Failures[Any]]) -> bool:
    """Whether the object that was to be followed is not there."""
    if not isinstance(result, IOFailure):
        return False
    return all(map(not_found, unsafe_perform_io(result.failure()).errors))


_UNSORTED = "warning: --watch requested, --sort-by will be ignored for watch events received"
_UNSORTED_ONLY = "warning: --watch-only requested, --sort-by will be ignored"
