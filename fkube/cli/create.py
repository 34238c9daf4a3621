"""`fkube create`: create the objects of manifests."""

from __future__ import annotations

import os
from functools import partial
from typing import TypeVar

from returns.result import Result

from fkube.cli.batch import Batch, Verbs, rehearsed_verbs, visit_batch
from fkube.cli.checks import (
    Checked,
    first_broken,
    read_dry_run,
    read_validation,
    require_manifests,
    require_no_arguments,
    validation_step,
)
from fkube.cli.command import (
    MANIFESTS,
    Call,
    Command,
    Selection,
    field_manager_flag,
    save_config_flag,
    validate_flag,
)
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.outcomeprinter import Print, Printing, read_printer
from fkube.cli.raw import check_raw, raw_flag, send_raw
from fkube.cli.recording import Recording
from fkube.cli.session import Session, refuse_none, run_pipeline
from fkube.resource.dataclasses import dataclass
from fkube.verbs.create import create

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """The flags that let a person change objects."""

    edit: bool = flag(
        "Change each object in an editor (KUBE_EDITOR, EDITOR, vi) before it is created.", False
    )
    windows_line_endings: bool = flag("With --edit: end lines as on Windows.", os.name == "nt")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOptions:
    """What to create, and how."""

    call: Call = group(Call)
    selection: Selection = group(Selection, *MANIFESTS, "selector", usage=" with objects to create")
    validate: str = validate_flag()
    field_manager: str = field_manager_flag("kubectl-create")
    save_config: bool = save_config_flag()
    editing: Editing = group(Editing)
    recording: Recording = group(Recording)
    batch: Batch = group(Batch)
    raw: str = raw_flag()
    printing: Printing = group(Printing)


def run(console: Console, options: CreateOptions) -> None:
    """Create objects, and print each. Follows `CreateOptions.RunCreate` of kubectl."""
    checked = check(console, options, "create", read_printer(console, options.printing))
    if options.raw:
        return send_raw(console, options, checked, "POST", options.raw)
    task = checked.map(lambda found: partial(_create_all, options, found))
    return run_pipeline(console, options, task, validation_step(options.validate), options.batch.step)


def _create_all(options: CreateOptions, checked: tuple[Verbs, Print], session: Session) -> None:
    """Create all objects, and print each; `checked` has the verbs and what prints outcomes."""
    if options.editing.edit:
        from fkube.cli.editing import Editor

        verbs, print_outcome = checked
        as_json, windows = options.printing.output.lower() == "json", options.editing.windows_line_endings
        return Editor(session, verbs.verb, print_outcome, as_json, windows).edit_all()
    return refuse_none(session.console, visit_batch(session, options.batch, *checked), "create")


def check(
    console: Console, options: CreateOptions, command: str, printer: Checked[T]
) -> Checked[tuple[Verbs, T]]:
    """Check the flags of a command, make the verbs that they ask for, and pass its printer on.

    A printer that could not be read is one thing that may be wrong; the first such thing is the failure.
    Also for `fkube plan`.
    """
    make = partial(
        create,
        field_manager=options.field_manager,
        save_config=options.save_config,
        change_cause=options.recording.cause("create", options.call),
    )
    batch, edit = options.batch, options.editing.edit
    whole = batch.plan_first or batch.report or batch.resume
    given = (("edit", edit), ("selector", options.selection.selector), ("output", options.printing.output))
    return Result.do(
        (rehearsed_verbs(partial(make, field_validation=directive), strategy), print_outcome)
        for _ in require_no_arguments(options.call, command)
        for strategy in read_dry_run(console, options.printing.dry_run)
        for directive in read_validation(options.validate)
        for print_outcome in printer
        for _ in require_manifests(options.selection)
        for _ in first_broken((edit and whole, _WHOLE))
        for _ in check_raw(options.raw, options.selection, *given)
    )


_WHOLE = "--edit can't be used with --plan-first, --report or --resume"

COMMAND = Command(
    "create -f FILENAME",
    """Create objects from files, directories, URLs or standard input.

    Manifests are YAML or JSON. Whatever fails, the others are created; the exit status is 1 if one
    failed.""",
    """
    # Create the pod described in pod.yaml
    fkube create -f pod.yaml

    # Create what a directory describes, with all below it, in a namespace
    fkube create -f manifests/ -R -n shop

    # Create the objects with a label only, and print them as the server has them
    fkube create -f manifests/ -l app=web -o yaml

    # Create what was written in any order, once a dry run of all of it has succeeded
    fkube create -f manifests/ -R --arrange --plan-first --report report.jsonl

    # Try manifests without a cluster
    cat web.yaml | fkube --embedded create -f -""",
    CreateOptions,
    run,
    "creating",
)
