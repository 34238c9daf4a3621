"""`fkube replace`: make objects all that manifests say."""

from __future__ import annotations

from functools import partial

from returns.result import Result
from toolz import identity

from fkube import builder as b
from fkube.cli.checks import (
    Checked,
    first_broken,
    read_dry_run,
    read_validation,
    require_manifests,
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
from fkube.cli.deletion import RECREATION, Deletion, format_deleted, read_cascade
from fkube.cli.flags import flag, group
from fkube.cli.outcomeprinter import Print, Printing, read_printer
from fkube.cli.raw import check_raw, raw_flag, send_raw
from fkube.cli.session import Session, Task, run_pipeline, visit_each
from fkube.edge.running import Verb
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass
from fkube.verbs.paths import DryRun
from fkube.verbs.replace import replace

_FORCED = "Delete the objects first, and create them when they have gone."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceOptions:
    """What to replace, and how."""

    call: Call = group(Call)
    selection: Selection = group(Selection, *MANIFESTS, usage=" with the objects")
    deletion: Deletion = group(Deletion, *RECREATION, forced=_FORCED, unset="five minutes")
    validate: str = validate_flag()
    save_config: bool = save_config_flag()
    subresource: str = flag("The subresource to replace: status, scale, resize.", "")
    raw: str = raw_flag()
    field_manager: str = field_manager_flag("kubectl-replace")
    printing: Printing = group(Printing)


def run(console: Console, options: ReplaceOptions) -> None:
    """Replace objects, and print each. Follows `ReplaceOptions.Run` of kubectl."""
    checked = _check(console, options)
    if options.raw:
        return send_raw(console, options, checked, "PUT", options.raw)
    named = b.resource_type_or_name_args(*options.call.arguments) if options.deletion.force else identity
    return run_pipeline(console, options, checked, validation_step(options.validate), named)


def _check(console: Console, options: ReplaceOptions) -> Checked[Task]:
    """Check the flags, and make the task that replaces objects.

    Follows `ReplaceOptions.Complete` and `Validate` of kubectl.
    """
    manager, save, subresource = options.field_manager, options.save_config, options.subresource
    make = partial(replace, field_manager=manager, save_config=save, subresource=subresource)
    # Not at once, so that nothing is lost by accident: what has a second is waited for.
    recreation = partial(options.deletion.recreation, grace=options.deletion.grace_period or 1)
    return Result.do(
        partial(_replace_all, options, make(strategy, field_validation=directive, force=force), print_outcome)
        for directive in read_validation(options.validate)
        for strategy in read_dry_run(console, options.printing.dry_run)
        for print_outcome in read_printer(console, options.printing, "replaced")
        for force in read_cascade(console, options.deletion.cascade).map(recreation)
        for _ in require_manifests(options.selection)
        for _ in _check_together(options, strategy)
        for _ in check_raw(options.raw, options.selection, ("output", options.printing.output))
    )


def _check_together(options: ReplaceOptions, strategy: DryRun) -> Checked[None]:
    """Refuse flags that do not go together; `strategy` is the dry run that they ask for."""
    deletion = options.deletion
    return first_broken(
        (deletion.grace_period >= 0 and not deletion.force, "--grace-period must have --force specified"),
        (deletion.timeout and not deletion.force, "--timeout must have --force specified"),
        (deletion.force and strategy != "none", "--dry-run can not be used when --force is set"),
    )


def _replace_all(options: ReplaceOptions, verb: Verb, print_outcome: Print, session: Session) -> None:
    """Replace all objects and print each, and with `--force` that the old one was deleted."""
    console, force = session.console, options.deletion.force

    def tell(before: int, outcome: Outcome) -> None:
        if force and outcome.info is not None and outcome.info.live:
            console.say(format_deleted(outcome.info, options.printing.output))
        print_outcome(before, outcome)

    if not visit_each(session, verb, tell) and force and not console.failures:
        console.say("No resources found")
        console.refuse("no objects passed to replace")


COMMAND = Command(
    "replace -f FILENAME",
    """Replace objects by those of manifests, which must be complete.

    With --force they are deleted first, and created when they have gone.""",
    """
    # Replace a pod by the one described in pod.yaml
    fkube replace -f pod.yaml

    # Replace what standard input describes
    cat pod.yaml | fkube replace -f -

    # Delete objects, and create them again
    fkube replace --force -f manifests/ --cascade=foreground --timeout=2m

    # Try it
    fkube replace -f pod.yaml --dry-run=server -o yaml""",
    ReplaceOptions,
    run,
    "replacing",
)
