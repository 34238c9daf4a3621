"""`fkube get`: show objects of a server, as tables, names, JSON or YAML."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from returns.result import Result, Success

from fkube import builder as b
from fkube.cli.checks import refused
from fkube.cli.command import (
    ALL_NAMESPACES,
    FIELD_SELECTOR,
    MANAGED_FIELDS,
    NO_HEADERS,
    SELECTOR,
    Command,
    files,
    output,
)
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.listing import Listing, Tables
from fkube.cli.output import known_format, unmanaged
from fkube.cli.session import not_found, pipeline, using, visited
from fkube.cli.tableprinter import Style
from fkube.edge import Client
from fkube.errors import UsageError, VisitError
from fkube.exchange import TABLE
from fkube.pipeline import Pipeline
from fkube.report import Outcome
from fkube.source import Path, Selected, Stdin
from fkube.verbs.get import get
from fkube.verbs.table import table

FORMATS = ("json", "yaml", "name", "wide", "table")


def run(console: Console, options: Options) -> None:
    """Get, and print. Follows `GetOptions.Run` of kubectl."""
    format = _checked(options)
    if not isinstance(format, Success):
        return console.fail(format.failure())
    if not options["arguments"] and not options["filename"] and not options["kustomize"]:
        console.note(f"You must specify the type of resource to get. {_SUGGESTION}\n")
        return console.refuse("Required resource not specified.\nSee 'fkube get -h' for help and examples")
    named = b.resource_type_or_name_args(*options["arguments"], allow_empty_selector=True)
    made = pipeline(options, named).map(lambda made: replace(made, limit=options["chunk-size"]))
    show = _list if format.unwrap() in ("json", "yaml", "name") else _tables
    return using(console, options, made, partial(show, console, options, format.unwrap()))


def _checked(options: Options) -> Result[str, UsageError]:
    """The output format, if the other flags go with it."""
    format = known_format(options["output"], *FORMATS).value_or("")
    if options["show-labels"] and format in ("json", "yaml", "name"):
        return refused(f"--show-labels option cannot be used with {format} printer")
    return known_format(options["output"], *FORMATS)


def _list(console: Console, options: Options, format: str, client: Client, made: Pipeline) -> None:
    """Print objects as they are. Follows `GetOptions.printGeneric` of kubectl."""
    listing = Listing(console, format, _single(made))

    def told(before: int, outcome: Outcome) -> None:
        listing.add(before, outcome.object if options["show-managed-fields"] else unmanaged(outcome.object))

    count = visited(console, client, made, get(), told, ignored=_ignored(options))
    if count or not options["ignore-not-found"]:
        listing.close(count)


def _tables(console: Console, options: Options, format: str, client: Client, made: Pipeline) -> None:
    """Print tables that the server lays out, or say that there is nothing."""
    wide, labels = format == "wide", options["label-columns"]
    style = Style(
        wide,
        options["no-headers"],
        options["all-namespaces"],
        options["show-kind"],
        options["show-labels"],
        labels,
    )
    shown = Tables(console, style, streaming=_one_kind(made))

    def told(_: int, outcome: Outcome) -> None:
        if outcome.info is not None and outcome.info.mapping is not None:
            shown.add(outcome.info.mapping, table(outcome.object, datetime.now(UTC)))

    # A page is one resource to the pipeline, and a chunk of pages would be held back for long.
    chunk = 1 if any(isinstance(source, Selected) for source in made.sources) else 256
    asked = replace(made, accept=TABLE)
    visited(console, client, asked, get(TABLE), told, chunk, _ignored(options))
    shown.close()
    if not shown.before.mapping and not console.failures and not options["ignore-not-found"]:
        within = made.namespace or client.namespace
        everywhere = made.all_namespaces or not all(kind.namespaced for kind in shown.kinds)
        console.note(f"No resources found{'' if everywhere else f' in {within} namespace.'}")


def _single(made: Pipeline) -> bool:
    """Whether a single object was asked for. Follows `Result.IntoSingleItemImplied` of cli-runtime."""
    if len(made.sources) != 1:
        return False
    match made.sources[0]:
        case Path(path):
            return not os.path.isdir(path)
        case source:
            return not isinstance(source, Stdin | Selected)


def _one_kind(made: Pipeline) -> bool:
    """Whether it is known beforehand that all objects are of one kind, so that tables need not wait."""
    match made.sources:
        case (Selected(resource),):
            return resource != "all"
        case _:
            return False


def _ignored(options: Options) -> Callable[[VisitError], bool]:
    return not_found if options["ignore-not-found"] else lambda _: False


_SUGGESTION = 'Use "fkube api-resources" for a complete list of supported resources.'

COMMAND = Command(
    "get [-o json|yaml|name|wide|table] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE/NAME ...)",
    """Show one or many objects.

    A table has what the server finds most important. Without -n or -A, only the current namespace is
    looked at.""",
    """
    # Show the pods of the current namespace
    fkube get pods

    # Show deployments and services of all namespaces, with more columns
    fkube get deployments,services -A -o wide

    # Show two objects by type and name
    fkube get deployment/web service/web

    # Show what the server has of the objects in manifests
    fkube get -f manifests/ -R -o yaml

    # Show pods by label and field
    fkube get pods -l app=web --field-selector status.phase=Running""",
    (
        output(*FORMATS),
        ALL_NAMESPACES,
        SELECTOR,
        FIELD_SELECTOR,
        *files("with the objects to get"),
        Flag(
            "chunk-size",
            "Ask for large lists in chunks of so many; 0 for all at once.",
            kind="int",
            default=500,
        ),
        Flag("ignore-not-found", "Say nothing of objects that do not exist.", kind="bool"),
        NO_HEADERS,
        Flag("show-kind", "Print the kind with each name.", kind="bool"),
        Flag("show-labels", "Print all labels as the last column.", kind="bool"),
        Flag("label-columns", "Labels to print as columns of their own.", "L", "strings"),
        MANAGED_FIELDS,
    ),
    run,
)
