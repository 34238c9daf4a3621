"""`fkube scale`: set how many replicas objects should have."""

from __future__ import annotations

from functools import partial

from returns.result import Result
from toolz import juxt

from fkube import builder as b
from fkube.cli.checks import Checked, first_broken, read_dry_run
from fkube.cli.command import SELECTED, Call, Command, Selection
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.outcomeprinter import Print, Printing, read_printer
from fkube.cli.recording import Recording
from fkube.cli.session import Session, Task, find_infos, hold_in_turn, refuse_none, run_pipeline
from fkube.resource.dataclasses import dataclass
from fkube.resource.results import collect_results
from fkube.verbs.paths import DryRun
from fkube.verbs.scale import scale


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleOptions:
    """What to scale, and how."""

    call: Call = group(Call)
    replicas: int = flag("How many replicas there should be. Required.", 0)
    current_replicas: int = flag("Scale only what has so many; -1: any.", -1)
    resource_version: str = flag("Scale only this version of a single object.", "")
    timeout: float = flag("How long to wait for the replicas: 30s, 5m; 0 does not.", 0.0)
    selection: Selection = group(Selection, *SELECTED, usage=" with the objects to scale", do="Scale")
    recording: Recording = group(Recording)
    printing: Printing = group(Printing)


def run(console: Console, options: ScaleOptions) -> None:
    """Find all objects, then scale one after another. Follows `ScaleOptions.RunScale` of kubectl."""
    task: Checked[Task] = Result.do(
        partial(_scale_all, options, strategy, print_outcome)
        for _ in _check_numbers(options)
        for strategy in read_dry_run(console, options.printing.dry_run)
        for print_outcome in read_printer(console, options.printing, "scaled")
    )
    arguments, everything = options.call.arguments, options.selection.all
    named = b.resource_type_or_name_args(*arguments, allow_empty_selector=everything)
    run_pipeline(console, options, task, named, b.require_object(True))


def _check_numbers(options: ScaleOptions) -> Checked[None]:
    """Refuse numbers that make no sense. Follows `ScaleOptions.Validate` of kubectl."""
    return first_broken(
        ("replicas" not in options.call.given, 'required flag(s) "replicas" not set'),
        (options.replicas < 0, _NEGATIVE),
        (options.current_replicas < -1, "The --current-replicas must specify an integer of -1 or greater"),
    )


def _scale_all(options: ScaleOptions, strategy: DryRun, print_outcome: Print, session: Session) -> None:
    """Find all objects, then scale one after another, up to the first that can't be scaled.

    In a dry run no replicas are waited for.
    """
    infos, console, version = find_infos(session), session.console, options.resource_version
    if version and len(infos) > 1:
        return console.refuse("cannot use --resource-version with multiple resources")
    refuse_none(console, len(infos), "scale")
    timeout = options.timeout if strategy == "none" else 0
    verb = scale(options.replicas, options.current_replicas, version, strategy, timeout)
    recorded = options.recording.after("scale", options.call, verb)
    tell = juxt(lambda _, outcome: console.warn(outcome.warnings), print_outcome)
    collect_results(hold_in_turn(session, infos, recorded, tell)).alt(console.fail)
    return None


_NEGATIVE = "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"

COMMAND = Command(
    "scale [--resource-version=VERSION] [--current-replicas=COUNT] --replicas=COUNT "
    "(-f FILENAME | TYPE NAME)",
    """Set how many replicas objects should have: deployments, stateful sets, and others that can be scaled.

    With --current-replicas or --resource-version, only what is so far as it says is scaled.""",
    """
    # Scale a deployment to three
    fkube scale --replicas=3 deployment/web

    # Scale what a manifest names
    fkube scale --replicas=3 -f web.yaml

    # Scale a deployment to three if it has two, and wait until it has three
    fkube scale --current-replicas=2 --replicas=3 deployment/web --timeout=1m

    # Scale several
    fkube scale --replicas=5 deployment/web statefulset/db""",
    ScaleOptions,
    run,
    namespace_first=True,
)
