"""`fkube delete`: delete objects, and wait until they are gone."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from returns.result import Result, Success
from toolz import identity

from fkube import builder as b
from fkube.cli.checks import SUFFIX, dry_run, refused
from fkube.cli.command import ALL_NAMESPACES, DRY_RUN, FIELD_SELECTOR, SELECTOR, Command, files, output
from fkube.cli.console import Console
from fkube.cli.deleting import CASCADE, GRACE_PERIOD, cascaded, said, timeout, wait
from fkube.cli.flags import Flag, Options
from fkube.cli.messages import kind
from fkube.cli.raw import RAW, sendable, sent
from fkube.cli.session import found, pipeline, using, visited
from fkube.edge import Client
from fkube.edge.running import Verb, hold
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import TimedOut, UsageError, VisitError, located
from fkube.resource.info import Info
from fkube.verbs.delete import delete, gone
from fkube.verbs.paths import DryRun

A_WEEK = 168 * 3600.0
"""Seconds; as long as kubectl waits for ever."""


@dataclass(frozen=True, slots=True)
class How:
    """How to delete: what becomes of dependents, and how long pods have, in seconds (-1: as they say)."""

    strategy: DryRun
    cascade: str
    grace: int
    ignore_not_found: bool


def run(console: Console, options: Options) -> None:
    """Delete, say so object by object, and wait. Follows `DeleteOptions` of kubectl."""
    checked = _checked(console, options)
    if not isinstance(checked, Success):
        return console.fail(checked.failure())
    if options["raw"]:
        return sent(console, options, "DELETE")
    steps = (
        b.select_all if options["all"] else identity,
        b.resource_type_or_name_args(*options["arguments"]),
    )
    return using(
        console, options, pipeline(options, *steps), partial(_deleted, console, options, checked.unwrap())
    )


def _checked(console: Console, options: Options) -> Result[How, UsageError]:
    selecting = options["all"] or options["selector"] or options["field-selector"]
    ignore = options["ignore-not-found"] or (selecting and "ignore-not-found" not in options["given"])
    return Result.do(
        How(strategy, cascade, grace, bool(ignore))
        for cascade in cascaded(console, options["cascade"])
        for grace in _grace(console, options)
        for strategy in dry_run(console, options["dry-run"])
        for _ in _output(options["output"])
        for _ in _raw(options)
    )


def _grace(console: Console, options: Options) -> Result[int, UsageError]:
    """The grace period in seconds. Follows `DeleteOptions.Complete` and `Validate` of kubectl."""
    asked, force = options["grace-period"], options["force"]
    if options["now"] and asked != -1:
        return refused("--now and --grace-period cannot be specified together")
    grace = 1 if options["now"] or (asked == 0 and not force) else 0 if force and asked < 0 else asked
    if force and grace > 0:
        return refused("--force and --grace-period greater than 0 cannot be specified together")
    if force:
        console.warn([_IMMEDIATE])
    return Success(grace)


def _raw(options: Options) -> Result[None, UsageError]:
    if options["raw"] and options["interactive"]:
        return refused("--interactive can not be used with --raw")
    return sendable(options, "output", least=0)


def _output(given: str) -> Result[None, UsageError]:
    if given in ("", "name"):
        return Success(None)
    return refused(f"unexpected -o output mode: {given}. We only support '-o name'")


def _deleted(console: Console, options: Options, how: How, client: Client, made: Pipeline) -> None:
    """Delete all, then wait for those that are still going."""
    going: list[Outcome] = []
    verb = delete(how.strategy, how.cascade, how.grace, how.ignore_not_found)
    told = partial(_told, console, options, how, going)
    delete_all = _if_confirmed if options["interactive"] else visited
    count = delete_all(console, client, made, verb, told)
    if not count and not console.failures:
        console.say("No resources found")
    if options["wait"] and how.strategy == "none" and not console.failures:
        _wait(console, client, going, options["timeout"] or A_WEEK)


def _told(
    console: Console, options: Options, how: How, going: list[Outcome], _: int, outcome: Outcome
) -> None:
    """Say that an object is deleted, and keep it in mind while it is going."""
    if outcome.info is None or outcome.action != "deleted":
        return
    if options["namespace"] and not options["all-namespaces"] and not outcome.info.namespaced:
        console.warn(["deleting cluster-scoped resources, not scoped to the provided namespace"])
    operation = "force deleted" if how.grace == 0 else "deleted"
    suffix = SUFFIX[how.strategy] if options["output"] != "name" else ""
    console.say(said(outcome.info, options["output"], operation) + suffix)
    if (outcome.object.get("metadata") or {}).get("deletionTimestamp"):
        going.append(_small(outcome, outcome.info))


def _if_confirmed(
    console: Console, client: Client, made: Pipeline, verb: Verb, told: Callable[[int, Outcome], None]
) -> int:
    """Name all objects, ask, and delete no others; returns how many. Follows `RunDelete` of kubectl."""
    infos: list[Info] = []
    visited(console, client, made, found, lambda _, o: infos.append(o.info) if o.info else None)
    if not infos or console.failures:
        return 0
    if not _confirmed(console, infos):
        console.say("deletion is cancelled")
        return len(infos)
    for before, info in enumerate(infos):
        hold(client, verb(info)).map(partial(told, before)).alt(partial(_refused, console, info))
    return len(infos)


def _refused(console: Console, info: Info, error: VisitError) -> None:
    console.fail(located(error, info.origin))


def _confirmed(console: Console, infos: Sequence[Info]) -> bool:
    """Whether the answer on standard input is yes. Follows `DeleteOptions.confirmation` of kubectl."""
    console.say(f"You are about to delete the following {len(infos)} resource(s):")
    for info in infos:
        console.say(f"{kind(info.object)}/{info.name}")
    console.say("Do you want to continue? (y/N): ", end="")
    return sys.stdin.readline().strip().lower() == "y"


def _small(outcome: Outcome, info: Info) -> Outcome:
    """An outcome with no more of its objects than is needed to wait: there may be many."""
    metadata = {key: outcome.object["metadata"].get(key) for key in ("uid", "deletionTimestamp")}
    named = {"name": info.name, "namespace": info.namespace}
    small = {"apiVersion": info.api_version, "kind": info.kind, "metadata": named}
    return replace(outcome, info=replace(info, object=small), object={"metadata": metadata})


def _wait(console: Console, client: Client, going: list[Outcome], patience: float) -> None:
    """Wait for all of them together; what is still there in the end is an error."""
    until = time.monotonic() + patience
    for outcome in going:
        result = hold(client, gone(outcome, max(until - time.monotonic(), 0)))
        info = outcome.info
        if not isinstance(result, Success) and info is not None and info.mapping is not None:
            error = result.failure()
            late = TimedOut(f"timed out waiting for the condition on {info.mapping.resource}/{info.name}")
            console.fail(late if isinstance(error, TimedOut) else error)


_IMMEDIATE = (
    "Immediate deletion does not wait for confirmation that the running resource has been terminated. "
    "The resource may continue to run on the cluster indefinitely."
)

COMMAND = Command(
    "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
    """Delete objects by manifests, by types and names, or by types and selectors.

    The command waits until the objects are gone; one with finalizers goes when they have been removed.""",
    """
    # Delete the objects of a manifest
    fkube delete -f web.yaml

    # Delete two objects by type and name
    fkube delete deployment/web service/web

    # Delete pods and services by label, whether there are any or not
    fkube delete pods,services -l app=web

    # Name the pods, and ask before they are deleted
    fkube delete pods --all -i

    # Say which pods would be deleted
    fkube delete pods --all --dry-run=server""",
    (
        *files("with the objects to delete"),
        SELECTOR,
        FIELD_SELECTOR,
        Flag("all", "Delete all objects of the types.", kind="bool"),
        ALL_NAMESPACES,
        CASCADE,
        Flag("force", "Remove objects at once, without waiting for what runs to end.", kind="bool"),
        GRACE_PERIOD,
        Flag("now", "The same as --grace-period=1.", kind="bool"),
        Flag("ignore-not-found", "Say nothing of objects that do not exist; so with selectors.", kind="bool"),
        wait(default=True),
        timeout("for ever"),
        Flag("interactive", "Name the objects, and ask before they are deleted.", "i", "bool"),
        RAW,
        DRY_RUN,
        output("name"),
    ),
    run,
    "deleting",
)
