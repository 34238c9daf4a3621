"""`fkube apply view-last-applied`: show what was applied last."""

from __future__ import annotations

from functools import partial

from returns.result import Success
from toolz import identity

from fkube import builder as b
from fkube.cli.command import SELECTOR, Command, files
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.session import pipeline, using, visited
from fkube.cli.yamlprinter import yaml_text
from fkube.edge import Client
from fkube.merging.lastapplied import last_applied, original
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.syntax.gotext import json_text
from fkube.verbs.get import get


def run(console: Console, options: Options) -> None:
    """Show annotations, once all are read. Follows `ViewLastAppliedOptions` of kubectl."""
    steps = (
        b.select_all if options["all"] else identity,
        b.resource_type_or_name_args(*options["arguments"]),
    )
    return using(console, options, pipeline(options, *steps), partial(_shown, console, options["output"]))


def _shown(console: Console, format: str, client: Client, made: Pipeline) -> None:
    texts: list[str] = []

    def told(_: int, outcome: Outcome) -> None:
        found = original(outcome.object)
        if last_applied(outcome.object) is None or not isinstance(found, Success):
            console.fail(*_missing(outcome))
        else:
            value = found.unwrap()
            texts.append(yaml_text(value) if format == "yaml" else f"{json_text(value, step='  ')}\n")

    visited(console, client, made, get(), told)
    if texts and not console.failures and format not in ("yaml", "json"):
        return console.refuse(_FORMATS.format(format))
    if not console.failures:
        console.say("".join(texts), end="")
    return None


def _missing(outcome: Outcome) -> tuple[UsageError, ...]:
    """The error of an object without annotation; kubectl says nothing of one that no manifest names."""
    if outcome.info is None or not outcome.origin.source:
        return ()
    what = f"no last-applied-configuration annotation found on resource: {outcome.info.name}"
    return (UsageError(what, outcome.origin),)


_FORMATS = (
    "Unexpected -o output mode: {}, the flag 'output' must be one of yaml|json\n"
    "See 'fkube apply view-last-applied -h' for help and examples"
)

COMMAND = Command(
    "apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
    "Show what was applied last: the annotation of objects, by types and names or by manifests.",
    """
    # Show what was applied last to a deployment
    fkube apply view-last-applied deployment/web

    # The same of the objects of a manifest, as JSON
    fkube apply view-last-applied -f web.yaml -o json""",
    (
        *files("with the objects whose annotations are shown"),
        SELECTOR,
        Flag("all", "Show all objects of the types.", kind="bool"),
        Flag("output", "How to print: yaml or json.", "o", default="yaml", choices=("yaml", "json")),
    ),
    run,
    "retrieving",
)
