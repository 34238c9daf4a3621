"""`fkube apply`: make the objects of manifests what they say."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from returns.result import Result
from toolz import juxt

from fkube.cli import replay
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
    validate_flag,
)
from fkube.cli.console import Console
from fkube.cli.deletion import RECREATION, Deletion, read_cascade
from fkube.cli.flags import flag, group
from fkube.cli.outcomeprinter import ApplyPrinter, Printing, read_list_renderer, read_printer
from fkube.cli.pruner import (
    KeptObjects,
    Pruner,
    Pruning,
    WriteMembers,
    apply_set,
    check_applyset,
    check_prune,
    prune_after,
)
from fkube.cli.recording import Recording
from fkube.cli.session import Session, refuse_none, run_pipeline
from fkube.edge.listreads import read_from_lists
from fkube.edge.running import Verb
from fkube.resource.dataclasses import dataclass, replace
from fkube.verbs.apply import apply
from fkube.verbs.applyset import write_members
from fkube.verbs.noop import skip_unchanged
from fkube.verbs.paths import DryRun
from fkube.verbs.prune import prune
from fkube.verbs.serverside import server_side
from fkube.verbs.unchanged import telling_unchanged
from fkube.verbs.writing import KUBECTL

_DRY = "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)"
_REHEARSED = "--plan-first cannot be used with --force: a dry run can't delete and create"
CLIENT_SIDE = "kubectl-client-side-apply"
"""The manager of the fields that client-side apply sets, where no other is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """The flags that say how what is applied is merged with what is there."""

    server_side: bool = flag("Let the server merge what is applied with what is there.", False)
    force_conflicts: bool = flag("Take over fields that others own.", False)
    subresource: str = flag("With --server-side: the subresource that is applied to, as status.", "")
    overwrite: bool = flag("Take the manifest's value where another changed it.", True)
    openapi_patch: bool = flag("Of no effect: patches go by what the server says of its kinds.", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOptions:
    """What to apply, and how."""

    call: Call = group(Call)
    selection: Selection = group(Selection, *MANIFESTS, "selector", usage=" with the objects to apply")
    pruning: Pruning = group(Pruning)
    validate: str = validate_flag()
    field_manager: str = field_manager_flag(CLIENT_SIDE, "; kubectl with --server-side")
    merging: Merging = group(Merging)
    deletion: Deletion = group(
        Deletion, *RECREATION, forced="Delete and create what can't be changed.", unset="one look only"
    )
    recording: Recording = group(Recording)
    batch: Batch = group(Batch)
    plan: str = flag("A plan of `fkube plan -o json`, whose requests are sent as they are.", "")
    printing: Printing = group(Printing)


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """What the flags ask for: the verbs to apply and to prune with, and what prints outcomes.

    `write` writes the members of an ApplySet onto its parent.
    """

    verbs: Verbs
    prune: Verb
    printer: ApplyPrinter
    write: WriteMembers


VerbMaker: TypeAlias = Callable[[ApplyOptions, str, str, DryRun], Verb]
"""Makes a verb of the flags, and of what is read of three: deletion propagation, validation, dry run."""


def run(console: Console, options: ApplyOptions) -> None:
    """Apply objects, print each, and prune. Follows `ApplyOptions.Run` of kubectl."""
    if options.plan:
        return replay.send_plan(console, options.call, options.selection, options.plan)
    # kubectl says what it did of client-side patches only.
    console.doing = "" if options.merging.server_side else console.doing
    task = check(console, options).map(lambda request: partial(_apply_and_prune, options, request))
    kept = options.recording.step("apply", options.call)
    steps = (validation_step(options.validate), options.batch.step, kept)
    return run_pipeline(console, options, task, *steps)


def _apply_and_prune(options: ApplyOptions, request: ApplyRequest, session: Session) -> None:
    """Apply all objects, then prune: in an ApplySet if one is named, else as `--prune` says."""
    pruning, namespace = options.pruning, options.call.namespace
    kept = KeptObjects(namespaces={namespace} - {""})
    pruner = Pruner(session, options.selection.selector, request.prune, request.printer.print_line, kept)
    apply_all = partial(_apply_all, options, request, kept)
    if pruning.applyset:
        apply_set(pruner, pruning.applyset, namespace, request.write, apply_all)
    else:
        prune_after(pruner, pruning, apply_all)


def _apply_all(options: ApplyOptions, request: ApplyRequest, kept: KeptObjects, session: Session) -> None:
    """Apply every object, print it, and note it in `kept`; refuse an input without objects."""
    listed = replace(session, client=read_from_lists(session.client))
    tell = juxt(lambda _, outcome: kept.add(outcome), request.printer.add)
    refuse_none(session.console, visit_batch(listed, options.batch, request.verbs, tell), "apply")
    request.printer.close()


def make_verb(options: ApplyOptions, cascade: str, directive: str, strategy: DryRun) -> Verb:
    """Make the verb of client-side or server-side apply, as the flags ask.

    `cascade` and `directive` are the deletion propagation and the field validation in the server's words;
    `strategy` is the dry run.
    """
    merging = options.merging
    if merging.server_side:
        who, sub = choose_manager(options.call, options.field_manager, True), merging.subresource
        verb = server_side(who, merging.force_conflicts, strategy, directive, sub)
        return telling_unchanged(verb) if sub else skip_unchanged(who, verb, strategy)
    force = options.deletion.recreation(cascade, options.deletion.grace_period)
    return apply(strategy, options.field_manager or CLIENT_SIDE, directive, merging.overwrite, force)


def choose_manager(call: Call, field_manager: str, server_side: bool) -> str:
    """The manager of the fields: that of `--field-manager`; of server-side apply another by default.

    Follows `GetApplyFieldManagerFlag` of kubectl.
    """
    given = "field-manager" in call.given and field_manager
    return (given or KUBECTL) if server_side else field_manager or CLIENT_SIDE


def check(console: Console, options: ApplyOptions, make: VerbMaker = make_verb) -> Checked[ApplyRequest]:
    """Check the flags, and make what they ask for; the first thing wrong with them is the failure.

    `make` makes the verb: `fkube plan` has one of its own.
    """
    return Result.do(
        ApplyRequest(
            rehearsed_verbs(partial(make, options, cascade, directive), strategy),
            prune(strategy, cascade, options.deletion.grace_period),
            ApplyPrinter(console, options.printing, print_line, render),
            partial(write_members, dry_run=strategy, field_validation=directive),
        )
        for _ in require_no_arguments(options.call, "apply")
        for strategy in read_dry_run(console, options.printing.dry_run)
        for cascade in read_cascade(console, options.deletion.cascade)
        for _ in require_manifests(options.selection)
        for directive in read_validation(options.validate)
        for _ in _check_together(options, strategy)
        for _ in check_applyset(options.pruning, options.selection.selector)
        for print_line in read_printer(console, options.printing)
        for render in read_list_renderer(options.printing)
    )


def _check_together(options: ApplyOptions, strategy: DryRun) -> Checked[None]:
    """Refuse flags that do not go together; `strategy` is the dry run that they ask for.

    Follows `ApplyOptions.Validate` of kubectl.
    """
    merging, pruning, selector = options.merging, options.pruning, options.selection.selector
    on_server, force = merging.server_side, options.deletion.force
    return first_broken(
        (merging.force_conflicts and not on_server, "--force-conflicts only works with --server-side"),
        (strategy == "client" and on_server, _DRY),
        (on_server and force, "--force cannot be used with --server-side"),
        (pruning.all and selector, "cannot set --all and --selector at the same time"),
        (options.batch.plan_first and force, _REHEARSED),
        (strategy == "server" and force, "--dry-run=server cannot be used with --force"),
        (merging.subresource and not on_server, "--subresource can only be specified for --server-side"),
    ).bind(lambda _: check_prune(pruning, selector, force, on_server))


COMMAND = Command(
    "apply (-f FILENAME | -k DIRECTORY)",
    """Create objects, or change those that are there to what manifests say.

    What a manifest had when it was applied last, and has no more, is removed; what it never named is left
    alone. Whatever fails, the others are applied; the exit status is 1 if one failed.""",
    """
    # Apply what pod.json describes
    fkube apply -f pod.json

    # Apply what a directory describes, with all below it, in a namespace
    fkube apply -f manifests/ -R -n shop

    # Say what would change
    cat web.yaml | fkube apply -f - --dry-run=server

    # Apply what a directory describes, and delete what it had before with that label
    fkube apply -f manifests/ --prune -l app=web

    # Own the fields of a manifest, and take those that others own
    fkube apply --server-side --force-conflicts -f web.yaml""",
    ApplyOptions,
    run,
    "applying",
)
