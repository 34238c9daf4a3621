"""The flags of whole batches, for every command that sends manifests: order, rehearsal, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from returns.result import Result, Success
from toolz import compose, identity

from fkube import builder as b
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.session import visited
from fkube.edge import Client
from fkube.edge.files import read_lines, recording
from fkube.edge.running import Verb
from fkube.pipeline.pipeline import Pipeline
from fkube.report.ledger import Ledger, ledger
from fkube.report.outcomes import Outcome
from fkube.resource.errors import SourceError, VisitError
from fkube.resource.info import Origin
from fkube.verbs.batch import establishing
from fkube.verbs.resume import resumed

ARRANGE = Flag("arrange", "Send namespaces, definitions and other foundations first.", kind="bool")
BATCH = (
    ARRANGE,
    Flag("plan-first", "Send nothing before a dry run of everything has succeeded.", kind="bool"),
    Flag("report", "A file to which a line of JSON is written for each object as it ends."),
    Flag("resume", "The report of an earlier run; what it proves done and is still there is skipped."),
)


@dataclass(frozen=True, slots=True)
class Verbs:
    """What is to be done to each object, and how that is tried before."""

    verb: Verb
    rehearsal: Verb


def ordered(options: Options) -> b.Step:
    """The step of a builder that the flags ask for."""
    return b.arranged if options["arrange"] else identity


def performed(
    console: Console,
    options: Options,
    client: Client,
    made: Pipeline,
    verbs: Verbs,
    each: Callable[[int, Outcome], object],
) -> int:
    """Visit a pipeline in the way that the flags ask for; returns how many succeeded."""
    known = _known(options["resume"])
    if not isinstance(known, Success):
        console.fail(known.failure())
        return 0
    wrapped = compose(partial(resumed, known.unwrap()), establishing if options["arrange"] else identity)
    rehearsal = wrapped(verbs.rehearsal) if options["plan-first"] else None
    with _recorder(console, options) as ended:
        if ended is None:
            return 0
        verb = wrapped(verbs.verb)
        return visited(console, client, made, verb, each, rehearsal=rehearsal, ended=ended)


def _known(path: str) -> Result[Ledger, VisitError]:
    """What the report of an earlier run proves."""
    if not path:
        return Success(Ledger())
    read = read_lines(path, ledger).alt(partial(_unusable, path))
    return read.bind(
        lambda found: found.alt(lambda problem: SourceError(f"{path} can't be resumed: {problem}"))
    )


@contextmanager
def _recorder(console: Console, options: Options) -> Iterator[Callable[[Outcome], object] | None]:
    """Who is told of each outcome; nobody, and said so, if the report can't be written."""
    path = options["report"]
    if not path:
        yield identity
        return
    # What is resumed from is added to: its proof must outlast another interrupt.
    with recording(path, append=path == options["resume"]) as recorder:
        recorder.alt(lambda reason: console.fail(_unusable(path, reason)))
        yield recorder.value_or(None)


def _unusable(path: str, reason: str) -> VisitError:
    return SourceError(f"the report {path} can't be used: {reason}", Origin(path))
