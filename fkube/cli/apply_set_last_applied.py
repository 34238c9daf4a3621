"""`fkube apply set-last-applied`: say that manifests were applied last."""

from __future__ import annotations

from dataclasses import dataclass

from returns.result import Failure, Result, Success

from fkube.cli.checks import Checked, read_dry_run
from fkube.cli.command import Call, Command, Selection
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.outcomeprinter import Print, Printing, read_printer
from fkube.cli.session import Session, run_pipeline, visit_each
from fkube.edge.running import Verb, hold
from fkube.report.outcomes import Outcome
from fkube.resource.info import Info
from fkube.verbs.setlastapplied import set_last_applied


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLastAppliedOptions:
    """Whose annotations to set, and how."""

    call: Call = group(Call)
    selection: Selection = group(Selection, "filename", usage="")
    create_annotation: bool = flag("Make the annotation where there is none.", False)
    printing: Printing = group(Printing)


@dataclass(frozen=True, slots=True)
class SetRequest:
    """What the flags ask for: how to look whether all can be done, how to do it, and what is printed."""

    look: Verb
    verb: Verb
    print_line: Print


def run(console: Console, options: SetLastAppliedOptions) -> None:
    """Set annotations, once all objects are known to be there. Follows `SetLastAppliedOptions` of kubectl."""
    create = options.create_annotation
    checked: Checked[SetRequest] = Result.do(
        SetRequest(set_last_applied("client", create), set_last_applied(strategy, create), print_line)
        for strategy in read_dry_run(console, options.printing.dry_run)
        for print_line in read_printer(console, options.printing)
    )
    run_pipeline(console, options, checked, _set_all)


def _set_all(request: SetRequest, session: Session) -> None:
    console, changed = session.console, list[Info]()

    def look(_: int, outcome: Outcome) -> None:
        if outcome.info is not None and outcome.action == "configured":
            changed.append(outcome.info)
        elif outcome.info is not None:
            console.say(f"set-last-applied {outcome.info.name}: no changes required.")

    visit_each(session, request.look, look)
    for before, info in enumerate(() if console.failures else changed):
        match hold(session.client, request.verb(info)):
            case Success(outcome):
                request.print_line(before, outcome)
            case Failure(error):
                return console.fail(error)
    return None


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
