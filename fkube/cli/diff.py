"""`fkube diff`: show what apply would change."""

from __future__ import annotations

import sys
from functools import partial

from returns.result import Result, Success

from fkube.cli.apply import CLIENT_SIDE
from fkube.cli.checks import manifests, no_arguments, refused
from fkube.cli.command import SELECTOR, Command, files
from fkube.cli.console import Console, colored
from fkube.cli.flags import Flag, Options
from fkube.cli.output import unmanaged
from fkube.cli.session import pipeline, using, visited
from fkube.cli.yamlprinter import yaml_text
from fkube.edge import Client
from fkube.edge.differing import Compared, Versions, compared, versions, write_version
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object
from fkube.showing.masking import masked
from fkube.verbs.diff import diff
from fkube.verbs.writing import KUBECTL


def run(console: Console, options: Options) -> None:
    """Write both versions of every object, and compare them. Follows `DiffOptions.Run` of kubectl."""
    checked: Result[None, UsageError] = Result.do(
        None for _ in no_arguments(options, "diff") for _ in manifests(options) for _ in _together(options)
    )
    if not isinstance(checked, Success):
        return console.fail(checked.failure())
    return using(console, options, pipeline(options), partial(_shown, console, options))


def _together(options: Options) -> Result[None, UsageError]:
    if options["force-conflicts"] and not options["server-side"]:
        return refused("--force-conflicts only works with --server-side")
    return Success(None)


def _shown(console: Console, options: Options, client: Client, made: Pipeline) -> None:
    server_side = options["server-side"]
    manager = options["field-manager"] or (KUBECTL if server_side else CLIENT_SIDE)
    verb = diff(server_side, manager, options["force-conflicts"])
    concurrency = max(options["concurrency"], 1)
    with versions() as both:
        told = partial(_written, options, both)
        visited(console, client, made, verb, told, concurrency=concurrency)
        # What is not whole would show differences that are none.
        if not console.failures:
            compared(both).map(partial(_told, console)).alt(console.fail)


def _written(options: Options, both: Versions, _: int, outcome: Outcome) -> None:
    """Write both versions of an object, without what is not to be shown. Follows `Differ.Diff` of kubectl."""
    info = outcome.info
    if info is None:
        return
    live: Object = info.object if info.live else {}
    sides = (live, outcome.object)
    if not options["show-managed-fields"]:
        sides = (unmanaged(live), unmanaged(outcome.object))
    shown = sides if options["show-secrets"] else masked(*sides)
    for folder, side in zip((both.live, both.merged), shown, strict=True):
        if side:
            write_version(folder, _file(info), yaml_text(side))


def _file(info: Info) -> str:
    """The name of a file for an object. Follows `InfoObject.Name` of kubectl."""
    version, kind = (info.mapping.api_version, info.mapping.kind) if info.mapping else ("", "")
    return ".".join((*version.split("/"), kind, info.namespace, info.name))


def _told(console: Console, found: Compared) -> None:
    console.status = found.status
    lines = found.text.splitlines(keepends=True)
    console.say("".join(map(_in_colour, lines)) if colored(sys.stdout) else found.text, end="")


def _in_colour(line: str) -> str:
    """A line of a unified diff in the colour of what it is."""
    colour = next((code for start, code in _COLOURS if line.startswith(start)), "")
    return f"\x1b[{colour}m{line.rstrip(chr(10))}\x1b[0m\n" if colour else line


_COLOURS = (("diff ", "1"), ("--- ", "1"), ("+++ ", "1"), ("@@", "36"), ("-", "31"), ("+", "32"))
"""What lines begin with, and their colours as terminals know them."""

COMMAND = Command(
    "diff -f FILENAME",
    """Show what apply would change, by a dry run on the server.

    The exit status is 0 if nothing differs, 1 if something does, and 2 if anything failed. The program of
    KUBECTL_EXTERNAL_DIFF shows the differences, or else diff -u -N. What Secrets keep is not shown.""",
    """
    # Show what would change
    fkube diff -f web.yaml

    # Show what server-side apply would change, by force
    fkube diff --server-side --force-conflicts -R -f manifests/

    # Compare what standard input describes, with a program of your own
    cat web.yaml | KUBECTL_EXTERNAL_DIFF="colordiff -N -u" fkube diff -f -""",
    (
        *files("with the objects to compare"),
        SELECTOR,
        Flag("server-side", "Show what server-side apply would change.", kind="bool"),
        Flag("force-conflicts", "Take over the fields of other managers.", kind="bool"),
        Flag("field-manager", f"The name under which the fields are owned, such as {CLIENT_SIDE}."),
        Flag("concurrency", "How many objects to ask for at the same time.", kind="int", default=1),
        Flag("show-secrets", "Show what Secrets keep.", kind="bool"),
        Flag("show-managed-fields", "Compare managedFields too.", kind="bool"),
    ),
    run,
    "diffing",
    wrong=2,
)
