"""`fkube apply view-last-applied`: show what was applied last."""

from __future__ import annotations

from functools import partial

from returns.result import Success
from toolz import identity

from fkube import builder as b
from fkube.cli.command import SELECTED, Call, Command, Selection
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.session import Session, run_pipeline, visit_each
from fkube.cli.yamlprinter import yaml_text
from fkube.merging.lastapplied import last_applied, original
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import UsageError
from fkube.syntax.gotext import json_text
from fkube.verbs.get import get


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLastAppliedOptions:
    """Whose annotations to show, and how."""

    call: Call = group(Call)
    selection: Selection = group(
        Selection, *SELECTED, usage=" with the objects whose annotations are shown", do="Show"
    )
    output: str = flag("How to print: yaml or json.", "yaml", short="o", choices=("yaml", "json"))


def run(console: Console, options: ViewLastAppliedOptions) -> None:
    """Show annotations, once all are read. Follows `ViewLastAppliedOptions` of kubectl."""
    select_all = b.select_all if options.selection.all else identity
    named = b.resource_type_or_name_args(*options.call.arguments)
    task = Success(partial(_show_all, options.output))
    run_pipeline(console, options, task, select_all, named, b.latest)


def _show_all(format: str, session: Session) -> None:
    """Print what was applied last to every object, as `yaml` or `json`; nothing if one failed."""
    console, texts = session.console, list[str]()

    def tell(_: int, outcome: Outcome) -> None:
        match original(outcome.object):
            case Success(value) if last_applied(outcome.object) is not None:
                texts.append(yaml_text(value) if format == "yaml" else f"{json_text(value, step='  ')}\n")
            case _ if outcome.info is not None and outcome.origin.source:
                # kubectl says nothing of one that no manifest names.
                missing = f"no last-applied-configuration annotation found on resource: {outcome.info.name}"
                console.fail(UsageError(missing, outcome.origin))

    visit_each(session, get(), tell)
    if texts and not console.failures and format not in ("yaml", "json"):
        console.refuse(_FORMATS.format(format))
    elif not console.failures:
        console.say("".join(texts), end="")


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
    ViewLastAppliedOptions,
    run,
    "retrieving",
)
