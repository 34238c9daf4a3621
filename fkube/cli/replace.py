"""`fkube replace`: make objects all that manifests say."""

from __future__ import annotations

from functools import partial

from returns.result import Result, Success
from toolz import identity

from fkube import builder as b
from fkube.cli.checks import dry_run, manifests, refused, validation
from fkube.cli.command import DRY_RUN, SAVE_CONFIG, VALIDATE, Command, files
from fkube.cli.console import Console
from fkube.cli.deleting import CASCADE, GRACE_PERIOD, cascaded, said, timeout, wait
from fkube.cli.flags import Flag, Options
from fkube.cli.printing import PRINTING, Print, printing
from fkube.cli.raw import RAW, sendable, sent
from fkube.cli.session import pipeline, using, visited
from fkube.edge import Client
from fkube.edge.running import Verb
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.verbs.paths import DryRun
from fkube.verbs.recreate import Recreation
from fkube.verbs.replace import replace


def run(console: Console, options: Options) -> None:
    """Replace, and say so object by object. Follows `ReplaceOptions.Run` of kubectl."""
    checked = _checked(console, options)
    if not isinstance(checked, Success):
        return console.fail(checked.failure())
    if options["raw"]:
        return sent(console, options, "PUT")
    verb, show = checked.unwrap()

    def use(client: Client, made: Pipeline) -> None:
        count = visited(console, client, made, verb, partial(_told, console, options, show))
        if options["force"] and not count and not console.failures:
            console.say("No resources found")
            console.refuse("no objects passed to replace")

    named = b.resource_type_or_name_args(*options["arguments"]) if options["force"] else identity
    return using(console, options, pipeline(options, named), use)


def _checked(console: Console, options: Options) -> Result[tuple[Verb, Print], UsageError]:
    """The verb, and how to print. Follows `ReplaceOptions.Complete` and `Validate` of kubectl."""
    return Result.do(
        (_verb(options, strategy, directive, cascade), show)
        for directive in validation(options["validate"])
        for strategy in dry_run(console, options["dry-run"])
        for show in printing(options)
        for cascade in cascaded(console, options["cascade"])
        for _ in manifests(options)
        for _ in _together(options, strategy)
        for _ in sendable(options, "output")
    )


def _verb(options: Options, strategy: DryRun, directive: str, cascade: str) -> Verb:
    # Not at once, so that nothing is lost by accident: what has a second is waited for.
    grace = options["grace-period"] or 1
    force = Recreation(cascade, grace, options["timeout"]) if options["force"] else None
    manager, save, subresource = (options[name] for name in ("field-manager", "save-config", "subresource"))
    return replace(strategy, manager, directive, save, subresource, force)


def _together(options: Options, strategy: DryRun) -> Result[None, UsageError]:
    force = options["force"]
    problems = (
        (options["grace-period"] >= 0 and not force, "--grace-period must have --force specified"),
        (options["timeout"] and not force, "--timeout must have --force specified"),
        (force and strategy != "none", "--dry-run can not be used when --force is set"),
        (not options["filename"] and not options["kustomize"], "must specify --filename to replace"),
    )
    wrong = next((message for applies, message in problems if applies), None)
    return Success(None) if wrong is None else refused(wrong)


def _told(console: Console, options: Options, show: Print, before: int, outcome: Outcome) -> None:
    if options["force"] and outcome.info is not None and outcome.info.live:
        console.say(said(outcome.info, options["output"]))
    show(console, before, outcome)


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
    (
        *files("with the objects"),
        Flag("force", "Delete the objects first, and create them when they have gone.", kind="bool"),
        CASCADE,
        GRACE_PERIOD,
        timeout("five minutes"),
        wait(default=False),
        VALIDATE,
        SAVE_CONFIG,
        Flag("subresource", "The subresource to replace: status, scale, resize."),
        RAW,
        Flag("field-manager", "The name under which the fields are owned.", default="kubectl-replace"),
        DRY_RUN,
        *PRINTING,
    ),
    run,
    "replacing",
)
