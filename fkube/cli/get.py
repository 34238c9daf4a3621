"""`fkube get`: show objects of a server, as tables, names, JSON, YAML or what a template makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from returns.result import Result, Success
from toolz import identity

from fkube import builder as b
from fkube.cli.checks import Checked, first_broken, refuse
from fkube.cli.command import Command
from fkube.cli.console import Console
from fkube.cli.get_options import FORMATS, GetOptions
from fkube.cli.listprinters import (
    MakePrinter,
    StreamPrinter,
    TablesPrinter,
    WholePrinter,
    print_sorted,
    whole_printer,
)
from fkube.cli.objectprinter import OBJECT_FORMATS, read_format
from fkube.cli.session import Session, Task, run_pipeline, visit_each
from fkube.cli.templateprinter import is_template, read_template
from fkube.documents.source import Selected
from fkube.edge.listreads import read_from_lists
from fkube.edge.result import single_item_implied
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import replace
from fkube.showing.servertable import table
from fkube.verbs.get import get


def run(console: Console, options: GetOptions) -> None:
    """Get objects, and print them. Follows `GetOptions.Run` of kubectl."""
    if options.raw:
        from fkube.cli.raw import get_raw

        return get_raw(console, options)
    named = b.resource_type_or_name_args(*options.call.arguments, allow_empty_selector=True)
    # What is to be sorted must be there as a whole.
    pages = b.request_chunks_of(0 if options.sort_by else options.chunk_size)
    latest = b.latest if options.chooses_by_live else identity
    steps = (named, b.subresource(options.subresource), pages, latest)
    return run_pipeline(console, options, _check(console, options), *steps)


def _check(console: Console, options: GetOptions) -> Checked[Task]:
    """Check the flags, and make the task that lists or watches objects and prints them.

    Follows `GetOptions.Validate` and `Run` of kubectl.
    """
    output, is_watch = options.output, options.is_watch
    is_custom = output.startswith("custom-columns")
    nothing = not is_watch and not options.call.arguments and not options.selection.has_manifests
    return Result.do(
        task
        for _ in first_broken(
            (options.show_labels and not options.is_table, _NO_COLUMNS.format("show-labels", output)),
            (options.label_columns and is_custom, _NO_COLUMNS.format("label-columns", output)),
            (options.output_watch_events and not is_watch, _NO_WATCH),
        )
        for task in (_read_watch if is_watch else _read_printer)(options)
        for _ in (_suggest_resources(console) if nothing else Success(None))
    )


def _suggest_resources(console: Console) -> Checked[None]:
    """Fail for want of a type of resource, and note the command that lists them."""
    console.note(
        "You must specify the type of resource to get. "
        'Use "fkube api-resources" for a complete list of supported resources.\n'
    )
    return refuse("Required resource not specified.\nSee 'fkube get -h' for help and examples")


def _read_watch(options: GetOptions) -> Checked[Task]:
    from fkube.cli.watchprinter import read_watch_printer

    return read_watch_printer(options)


def _read_printer(options: GetOptions) -> Checked[Task]:
    """Make the task that lists objects and prints them in the output that is asked for.

    Follows `PrintFlags.ToPrinter` of kubectl.
    """
    if is_template(options.output, options.templating):
        template = read_template(options.output, options.templating, options.no_headers)
        return template.map(lambda render: partial(_print_list, options, partial(whole_printer, render)))
    return read_format(options.output, *FORMATS).map(partial(_list_by_format, options))


def _list_by_format(options: GetOptions, format: str) -> Task:
    """Make the task that lists objects as tables, or as `json`, `yaml`, `kyaml` or `name`."""
    if format not in OBJECT_FORMATS:
        return partial(_print_tables, options, format == "wide")
    return partial(_print_list, options, partial(StreamPrinter, format))


def _print_list(options: GetOptions, printer: MakePrinter, session: Session) -> None:
    """List objects and print them with the printer, sorted first where `--sort-by` asks for it.

    Follows `GetOptions.printGeneric` of kubectl.
    """
    console, by, single = session.console, options.sort_by, single_item_implied(session.pipeline)
    plain = printer(console, single)
    held = by or single
    listing = WholePrinter(partial(print_sorted, console, by, single, plain)) if held else plain
    # A template is given the objects as they are.
    select = identity if is_template(options.output, options.templating) else options.select_fields

    def tell(before: int, outcome: Outcome) -> None:
        listing.add(before, select(outcome.object))

    listed = replace(session, client=read_from_lists(session.client, ask_for_missing=True))
    count = visit_each(listed, get(), tell, ignored=options.is_ignored)
    if count or not options.ignore_not_found:
        listing.close(count)


def _print_tables(options: GetOptions, wide: bool, session: Session) -> None:
    """List objects and print them in tables, or say that there are none.

    `wide`: with all the columns that the server has.
    """
    console, made, by = session.console, session.pipeline, options.sort_by
    selected = [source for source in made.sources if isinstance(source, Selected)]
    # Tables need not wait where it is known beforehand that all objects are of one kind.
    one_kind = len(selected) == len(made.sources) == 1 and selected[0].resource != "all"
    printer = TablesPrinter(console, options.table_style(wide), one_kind and not by, by)

    def tell(_: int, outcome: Outcome) -> None:
        if outcome.info is not None and outcome.info.mapping is not None:
            printer.add(outcome.info.mapping, table(outcome.object, datetime.now(UTC)))

    # A table is one resource to the pipeline, and a chunk of pages would be held back for long.
    chunk, asked = 1 if options.server_print and selected else 256, options.ask_for_tables(made)
    read = get(asked.accept, **dict(asked.query))
    # With `latest` the selectors have seen the object by now; its table is still to be read.
    verb = (lambda info: read(replace(info, live=False))) if asked.latest else read
    visit_each(replace(session, pipeline=asked), verb, tell, chunk, options.is_ignored)
    printer.close()
    if not printer.before.mapping and not console.failures and not options.ignore_not_found:
        console.note(f"No resources found{_format_place(session, printer)}")


def _format_place(session: Session, printer: TablesPrinter) -> str:
    """The words for the namespace in which nothing was found; empty if not only one was searched."""
    made = session.pipeline
    everywhere = made.all_namespaces or not all(kind.namespaced for kind in printer.kinds)
    return "" if everywhere else f" in {made.namespace or session.client.namespace} namespace."


_NO_COLUMNS = "--{} option cannot be used with {} printer"
_NO_WATCH = "--output-watch-events option can only be used with --watch or --watch-only"

COMMAND = Command(
    "get [-o json|yaml|kyaml|name|wide|table|jsonpath=TEMPLATE|go-template=TEMPLATE|custom-columns=SPEC|...] "
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
      --sort-by=.metadata.name

    # Show what a secret holds
    fkube get secret web -o go-template='{{range .data}}{{println (base64decode .)}}{{end}}'""",
    GetOptions,
    run,
    namespace_first=True,
)
