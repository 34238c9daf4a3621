"""`fkube apply set-last-applied`: say that manifests were applied last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from returns.result import Result, Success

from fkube.cli.checks import dry_run
from fkube.cli.command import DRY_RUN, Command
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.printing import PRINTING, Print, printing
from fkube.cli.session import pipeline, using, visited
from fkube.edge import Client
from fkube.edge.running import Verb, hold
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Info
from fkube.verbs.setlastapplied import set_last_applied


@dataclass(frozen=True, slots=True)
class Asked:
    """What the flags ask for: how to look whether all can be done, how to do it, and what is printed."""

    look: Verb
    verb: Verb
    line: Print


def run(console: Console, options: Options) -> None:
    """Set annotations, once all objects are known to be there. Follows `SetLastAppliedOptions` of kubectl."""
    given = _checked(console, options)
    if not isinstance(given, Success):
        return console.fail(given.failure())
    whole = {"recursive": False, "kustomize": "", **options}
    return using(console, options, pipeline(whole), partial(_set, console, given.unwrap()))


def _checked(console: Console, options: Options) -> Result[Asked, UsageError]:
    create = options["create-annotation"]
    return Result.do(
        Asked(set_last_applied("client", create), set_last_applied(strategy, create), line)
        for strategy in dry_run(console, options["dry-run"])
        for line in printing(options)
    )


def _set(console: Console, asked: Asked, client: Client, made: Pipeline) -> None:
    changed: list[Info] = []

    def seen(_: int, outcome: Outcome) -> None:
        if outcome.info is not None and outcome.action == "configured":
            changed.append(outcome.info)
        elif outcome.info is not None:
            console.say(f"set-last-applied {outcome.info.name}: no changes required.")

    visited(console, client, made, asked.look, seen)
    for before, info in enumerate(() if console.failures else changed):
        result = hold(client, asked.verb(info))
        if not isinstance(result, Success):
            return console.fail(result.failure())
        asked.line(console, before, result.unwrap())
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
    (
        Flag(
            "filename",
            "A file, directory, pattern, URL or -; may be repeated.",
            "f",
            "strings",
        ),
        Flag("create-annotation", "Make the annotation where there is none.", kind="bool"),
        DRY_RUN,
        *PRINTING,
    ),
    run,
    "patching",
)
