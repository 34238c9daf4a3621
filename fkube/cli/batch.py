"""The flags of whole batches, for commands that send manifests: order, rehearsal, reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from returns.result import Result, Success
from toolz import compose, identity

from fkube import builder as b
from fkube.cli.console import Console
from fkube.cli.flags import flag
from fkube.cli.session import Session, Tell, value_or_report, visit_each
from fkube.edge.running import Verb
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import SourceError, VisitError
from fkube.resource.info import Origin
from fkube.verbs.batch import wait_for_definitions
from fkube.verbs.paths import DryRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The flags that say in what order objects are sent, what is tried before, and what is reported."""

    arrange: bool = flag("Send namespaces, definitions and other foundations first.", False)
    plan_first: bool = flag("Send nothing before a dry run of everything has succeeded.", False)
    report: str = flag("A file to which a line of JSON is written for each object as it ends.", "")
    resume: str = flag("The report of an earlier run; what it proves done and is still there is skipped.", "")

    @property
    def step(self) -> b.Step:
        """The step of a builder that arranges objects, if that is asked for."""
        return b.arranged if self.arrange else identity


@dataclass(frozen=True, slots=True)
class Verbs:
    """The verb that is done to each object, and its dry run, which may be done to all before."""

    verb: Verb
    rehearsal: Verb


def rehearsed_verbs(make: Callable[[DryRun], Verb], strategy: DryRun) -> Verbs:
    """Make a verb for a dry-run strategy, and the dry run that rehearses it.

    The rehearsal asks the server, unless the strategy is `client`.
    """
    return Verbs(make(strategy), make("client" if strategy == "client" else "server"))


def visit_batch(session: Session, batch: Batch, verbs: Verbs, tell: Tell) -> int:
    """Do a verb to each object, with the rehearsal, resuming and report that the flags ask for.

    Returns how many succeeded: 0 if a report can't be read or opened, which is printed. `tell` is called as
    by `visit_each`.
    """
    resume = value_or_report(session.console, _read_resume(batch.resume))
    if resume is None:
        return 0
    wrap = compose(resume, wait_for_definitions if batch.arrange else identity)
    rehearsal = wrap(verbs.rehearsal) if batch.plan_first else None
    visit = partial(visit_each, session, wrap(verbs.verb), tell, rehearsal=rehearsal)
    return _visit_with_report(session.console, batch, visit) if batch.report else visit()


def _visit_with_report(console: Console, batch: Batch, visit: Callable[..., int]) -> int:
    """Visit with a report of each outcome; what keeps it from being written is printed, and nothing else.

    Returns what the visit does; 0 if the report can't be opened.
    """
    # Imported here, and below, as most batches keep no report and resume none.
    from fkube.edge.recorder import open_recorder

    unusable = partial(_unusable_report, batch.report)
    # What is resumed from is added to: its proof must outlast another interrupt.
    with open_recorder(batch.report, kept=batch.resume) as opened:
        recorder = value_or_report(console, opened.alt(unusable))
        count = visit(ended=recorder) if recorder else 0
    if recorder and recorder.problem:
        console.fail(unusable(recorder.problem))
    return count


def _read_resume(path: str) -> Result[Callable[[Verb], Verb], VisitError]:
    """Read what the report of an earlier run proves, so that a verb skips it; nothing without a path."""
    if not path:
        return Success(identity)
    from fkube.edge.localfiles import read_lines
    from fkube.report.ledger import ledger
    from fkube.verbs.resume import skip_proven

    read = read_lines(path, ledger).alt(partial(_unusable_report, path))
    known = read.bind(lambda found: found.alt(lambda why: SourceError(f"{path} can't be resumed: {why}")))
    return known.map(lambda found: partial(skip_proven, found))


def _unusable_report(path: str, reason: str) -> VisitError:
    return SourceError(f"the report {path} can't be used: {reason}", Origin(path))
