"""`fkube get`: show objects of a server, as tables, names, JSON, YAML or what a template makes of them."""

from __future__ import annotations

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
from fkube.cli.following import FORMATS, STYLE, Show, following
from fkube.cli.gathering import Lister, Sorted, Whole
from fkube.cli.getraw import raw
from fkube.cli.listing import Listing, Tables
from fkube.cli.output import known_format, unmanaged
from fkube.cli.session import not_found, pipeline, using, visited
from fkube.cli.tableprinter import Style
from fkube.cli.templates import Shown, is_template, templated
from fkube.documents.source import Selected
from fkube.edge import Client
from fkube.edge.result import single_item_implied
from fkube.exchange.conversation import JSON, TABLE
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Object
from fkube.showing.servertable import table
from fkube.verbs.get import get


def run(console: Console, options: Options) -> None:
    """Get, and print. Follows `GetOptions.Run` of kubectl."""
    if options["raw"]:
        return raw(console, options)
    watching = options["watch"] or options["watch-only"]
    show = _checked(options).bind(lambda _: following(options) if watching else _shown(options))
    if not isinstance(show, Success):
        return console.fail(show.failure())
    if not watching and not options["arguments"] and not options["filename"] and not options["kustomize"]:
        console.note(f"You must specify the type of resource to get. {_SUGGESTION}\n")
        return console.refuse("Required resource not specified.\nSee 'fkube get -h' for help and examples")
    named = b.resource_type_or_name_args(*options["arguments"], allow_empty_selector=True)
    # What is to be sorted must be there as a whole.
    limit = 0 if options["sort-by"] else options["chunk-size"]
    made = pipeline(options, named, b.subresource(options["subresource"])).map(
        lambda made: replace(made, limit=limit)
    )
    return using(console, options, made, partial(show.unwrap(), console, options))


def _checked(options: Options) -> Result[None, UsageError]:
    """Nothing, if the other flags go with the output. Follows `GetOptions.Validate` of kubectl."""
    asked = options["output"]
    if options["show-labels"] and asked not in ("", "wide", "table"):
        return refused(f"--show-labels option cannot be used with {asked} printer")
    if options["label-columns"] and asked.startswith("custom-columns"):
        return refused(f"--label-columns option cannot be used with {asked} printer")
    if options["output-watch-events"] and not options["watch"] and not options["watch-only"]:
        return refused("--output-watch-events option can only be used with --watch or --watch-only")
    return Success(None)


def _shown(options: Options) -> Result[Show, UsageError]:
    """How to print what the output asks for. Follows `PrintFlags.ToPrinter` of kubectl."""
    if is_template(options):
        return templated(options).map(_by_template)
    return known_format(options["output"], *FORMATS).map(_by_format)


def _by_template(shown: Shown) -> Show:
    return partial(_list, lambda console, single: Whole(console, shown, single), lambda object: object)


def _by_format(format: str) -> Show:
    if format not in ("json", "yaml", "kyaml", "name"):
        return partial(_tables, format == "wide")
    return partial(_list, lambda console, single: Listing(console, format, single), unmanaged)


def _list(
    to: Callable[[Console, bool], Lister],
    omit: Callable[[Object], Object],
    console: Console,
    options: Options,
    client: Client,
    made: Pipeline,
) -> None:
    """Print objects as they are. Follows `GetOptions.printGeneric` of kubectl."""
    plain, by = to(console, single_item_implied(made)), options["sort-by"]
    listing: Lister = Sorted(console, by, plain) if by else plain

    def told(before: int, outcome: Outcome) -> None:
        listing.add(before, outcome.object if options["show-managed-fields"] else omit(outcome.object))

    count = visited(console, client, made, get(), told, ignored=_ignored(options))
    if count or not options["ignore-not-found"]:
        listing.close(count)


def _tables(wide: bool, console: Console, options: Options, client: Client, made: Pipeline) -> None:
    """Print tables that the server lays out, or say that there is nothing."""
    style, by = Style(wide, *(options[flag] for flag in STYLE)), options["sort-by"]
    shown = Tables(console, style, streaming=_one_kind(made) and not by, sort_by=by)

    def told(_: int, outcome: Outcome) -> None:
        if outcome.info is not None and outcome.info.mapping is not None:
            shown.add(outcome.info.mapping, table(outcome.object, datetime.now(UTC)))

    # A table is one resource to the pipeline, and a chunk of pages would be held back for long.
    pages = options["server-print"] and any(isinstance(source, Selected) for source in made.sources)
    chunk = 1 if pages else 256
    accept, query = (
        (TABLE, {"includeObject": "Object"} if by else {}) if options["server-print"] else (JSON, {})
    )
    asked = replace(made, accept=accept, query=tuple(query.items()))
    visited(console, client, asked, get(accept, **query), told, chunk, _ignored(options))
    shown.close()
    if not shown.before.mapping and not console.failures and not options["ignore-not-found"]:
        console.note(f"No resources found{_within(made, client, shown)}")


def _within(made: Pipeline, client: Client, shown: Tables) -> str:
    """Where nothing was found."""
    everywhere = made.all_namespaces or not all(kind.namespaced for kind in shown.kinds)
    return "" if everywhere else f" in {made.namespace or client.namespace} namespace."


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
    "get [-o json|yaml|kyaml|name|wide|table|jsonpath=TEMPLATE|custom-columns=SPEC|...] "
    "(TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE/NAME ...)",
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
    fkube get pods -l app=web --field-selector status.phase=Running

    # Show the pods, and then each change of them
    fkube get pods --watch

    # Show the images of a pod, and the pods with their images in the order of their names
    fkube get pod web -o jsonpath='{.spec.containers[*].image}'
    fkube get pods -o custom-columns=NAME:.metadata.name,IMAGES:.spec.containers[*].image \\
      --sort-by=.metadata.name""",
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
        Flag("sort-by", "The field that gives the order, as a JSONPath: .metadata.name."),
        Flag("template", "The template, or its file, where the output names none: -o jsonpath."),
        Flag(
            "allow-missing-template-keys",
            "Whether a field that is missing prints nothing in a template.",
            kind="bool",
            default=True,
        ),
        NO_HEADERS,
        Flag(
            "server-print",
            "Have the server lay out tables; if false, they have a name and an age.",
            kind="bool",
            default=True,
        ),
        Flag("show-kind", "Print the kind with each name.", kind="bool"),
        Flag("show-labels", "Print all labels as the last column.", kind="bool"),
        Flag("label-columns", "Labels to print as columns of their own.", "L", "strings"),
        MANAGED_FIELDS,
        Flag("subresource", "The subresource to get of objects that are named: status, scale."),
        Flag("raw", "Print what the server answers at this path, as it is."),
        Flag("watch", "Print each change after what is there, until Ctrl-C.", "w", "bool"),
        Flag("watch-only", "Print changes, and not what is there.", kind="bool"),
        Flag(
            "output-watch-events",
            "With --watch or --watch-only, print what kind of change each is.",
            kind="bool",
        ),
    ),
    run,
)
