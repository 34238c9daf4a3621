"""`fkube apply set-last-applied`: say that manifests were applied last."""

from __future__ import annotations

from functools import partial

from returns.result import Result

from fkube.cli.checks import Checked, read_dry_run
from fkube.cli.command import Call, Command, Selection
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.outcomeprinter import Print, Printing, read_printer
from fkube.cli.session import Session, Task, run_pipeline, visit_each
from fkube.edge.running import Verb, hold
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Info
from fkube.resource.results import collect_results
from fkube.verbs.setlastapplied import set_last_applied


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLastAppliedOptions:
    """Whose annotations to set, and how."""

    call: Call = group(Call)
    selection: Selection = group(Selection, "filename", usage="")
    create_annotation: bool = flag("Make the annotation where there is none.", False)
    printing: Printing = group(Printing)


def run(console: Console, options: SetLastAppliedOptions) -> None:
    """Set annotations, once all objects are known to be there. Follows `SetLastAppliedOptions` of kubectl."""
    verb_of = partial(set_last_applied, create_annotation=options.create_annotation)
    task: Checked[Task] = Result.do(
        partial(_set_all, verb_of("client"), verb_of(strategy), print_line)
        for strategy in read_dry_run(console, options.printing.dry_run)
        for print_line in read_printer(console, options.printing)
    )
    run_pipeline(console, options, task)


def _set_all(rehearsal: Verb, verb: Verb, print_line: Print, session: Session) -> None:
    """Rehearse all objects; if none failed, set the annotations that differ, up to the first failure.

    `rehearsal` is the verb as a client's dry run; the objects that it would change are printed with their
    change, the others at once.
    """
    console, changed = session.console, list[Info]()

    def note_change(_: int, outcome: Outcome) -> None:
        if outcome.info is not None and outcome.action == "configured":
            changed.append(outcome.info)
        elif outcome.info is not None:
            console.say(f"set-last-applied {outcome.info.name}: no changes required.")

    visit_each(session, rehearsal, note_change)
    wanted = enumerate(() if console.failures else changed)
    patched = (hold(session.client, verb(info)).map(partial(print_line, before)) for before, info in wanted)
    collect_results(patched).alt(console.fail)


COMMAND = Command(
    "apply set-last-applied -f FILENAME",
    """Set the annotation in which apply keeps what it applied last to what manifests say.

    Nothing else of the objects is changed; all of them must be there.""",
    """
    # Say that the objects of a manifest were applied as it has them
    fkube apply set-last-applied -f web.yaml

    # Make the annotation where there is none
    fkube apply set-last-applied -f web.yaml --create-annotation""",
    SetLastAppliedOptions,
    run,
    "patching",
)
