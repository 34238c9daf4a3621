"""`fkube delete`: delete objects, and wait until they are gone."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from functools import partial

from returns.result import Result, Success
from toolz import identity

from fkube import builder as b
from fkube.cli.checks import A_WEEK, SUFFIX, Checked, first_broken, read_dry_run, refuse
from fkube.cli.command import Call, Command, Selection, dry_run_flag, output_flag
from fkube.cli.console import Console
from fkube.cli.deletion import Deletion, format_deleted, read_cascade
from fkube.cli.flags import flag, group
from fkube.cli.messages import kind_name, skipped_error
from fkube.cli.raw import check_raw, raw_flag, send_raw
from fkube.cli.session import (
    Session,
    Task,
    Tell,
    find_infos,
    hold_in_turn,
    run_pipeline,
    visit_each,
)
from fkube.edge.limits import stop_when_dead
from fkube.edge.running import Verb, hold
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import TimedOut, VisitError
from fkube.resource.info import Info
from fkube.verbs.delete import delete, gone
from fkube.verbs.paths import DryRun

_FORCED = "Remove objects at once, without waiting for what runs to end."


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOptions:
    """What to delete, and how."""

    call: Call = group(Call)
    selection: Selection = group(Selection, usage=" with the objects to delete", do="Delete")
    deletion: Deletion = group(Deletion, forced=_FORCED, unset="for ever", wait=True)
    interactive: bool = flag("Name the objects, and ask before they are deleted.", False, short="i")
    raw: str = raw_flag()
    dry_run: str = dry_run_flag()
    output: str = output_flag("name")


@dataclass(frozen=True, slots=True)
class DeleteRequest:
    """What the flags ask for: the dry run, the grace period in seconds (-1: as pods say), the verb."""

    options: DeleteOptions
    strategy: DryRun
    grace: int
    verb: Verb


def run(console: Console, options: DeleteOptions) -> None:
    """Delete objects, print each, and wait. Follows `DeleteOptions` of kubectl."""
    checked = _check(console, options)
    if options.raw:
        return send_raw(console, options, checked, "DELETE", options.raw)
    select_all = b.select_all if options.selection.all else identity
    named = b.resource_type_or_name_args(*options.call.arguments)
    return run_pipeline(console, options, checked, select_all, named)


def _check(console: Console, options: DeleteOptions) -> Checked[Task]:
    """Check the flags, and make the task that deletes. Follows `DeleteOptions.Complete` of kubectl."""
    selection, deletion = options.selection, options.deletion
    selecting = bool(selection.all or selection.selector or selection.field_selector)
    ignore = deletion.ignore_not_found or (selecting and "ignore-not-found" not in options.call.given)
    unknown = f"unexpected -o output mode: {options.output}. We only support '-o name'"
    request = partial(DeleteRequest, options)
    return Result.do(
        partial(_delete_all, request(strategy, grace, delete(strategy, cascade, grace, ignore)))
        for cascade in read_cascade(console, deletion.cascade)
        for grace in _read_grace(console, deletion)
        for strategy in read_dry_run(console, options.dry_run)
        for _ in first_broken(
            (options.output not in ("", "name"), unknown),
            (options.raw and options.interactive, "--interactive can not be used with --raw"),
        )
        for _ in check_raw(options.raw, selection, ("output", options.output), least=0)
    )


def _read_grace(console: Console, deletion: Deletion) -> Checked[int]:
    """The grace period in seconds, -1 where it is the pod's own; warn of `--force`.

    Follows `DeleteOptions.Complete` and `Validate` of kubectl.
    """
    given, force = deletion.grace_period, deletion.force
    if deletion.now and given != -1:
        return refuse("--now and --grace-period cannot be specified together")
    grace = 1 if deletion.now or (given == 0 and not force) else 0 if force and given < 0 else given
    if force and grace > 0:
        return refuse("--force and --grace-period greater than 0 cannot be specified together")
    if force:
        console.warn([_IMMEDIATE])
    return Success(grace)


def _delete_all(request: DeleteRequest, session: Session) -> None:
    """Delete all objects and print each; then, with `--wait`, wait until they are gone.

    Nothing is waited for in a dry run or after a failure.
    """
    console, options, going = session.console, request.options, list[Outcome]()
    delete_all = _delete_if_confirmed if options.interactive else visit_each
    count = delete_all(session, request.verb, partial(_tell_deleted, console, request, going))
    if not count and not console.failures:
        console.say("No resources found")
    if options.deletion.wait and request.strategy == "none" and not console.failures:
        _wait_until_gone(session, going, options.deletion.timeout or A_WEEK)


def _tell_deleted(
    console: Console, request: DeleteRequest, going: list[Outcome], _: int, outcome: Outcome
) -> None:
    """Print that an object is deleted, and append it to `going` if it still exists."""
    if outcome.info is None or outcome.action != "deleted":
        return
    options = request.options
    everywhere = options.selection.all_namespaces or not options.call.namespace
    if not everywhere and not outcome.info.namespaced:
        console.warn(["deleting cluster-scoped resources, not scoped to the provided namespace"])
    operation = "force deleted" if request.grace == 0 else "deleted"
    suffix = SUFFIX[request.strategy] if options.output != "name" else ""
    console.say(format_deleted(outcome.info, options.output, operation) + suffix)
    if (outcome.object.get("metadata") or {}).get("deletionTimestamp"):
        going.append(_shorten(outcome, outcome.info))


def _delete_if_confirmed(session: Session, verb: Verb, tell: Tell) -> int:
    """Print the names of all objects, ask, and delete them if the answer is yes.

    Returns how many were found; nothing is asked if there are none or finding one failed. Follows
    `RunDelete` of kubectl.
    """
    console, infos = session.console, find_infos(session)
    if not infos or console.failures:
        return 0
    if not _ask_confirmation(console, infos):
        console.say("deletion is cancelled")
        return len(infos)
    for deleted in hold_in_turn(session, infos, verb, tell):
        deleted.alt(console.fail)
    return len(infos)


def _ask_confirmation(console: Console, infos: Sequence[Info]) -> bool:
    """Whether the answer on standard input is yes. Follows `DeleteOptions.confirmation` of kubectl."""
    console.say(f"You are about to delete the following {len(infos)} resource(s):")
    for info in infos:
        console.say(f"{kind_name(info.object)}/{info.name}")
    console.say("Do you want to continue? (y/N): ", end="")
    return sys.stdin.readline().strip().lower() == "y"


def _shorten(outcome: Outcome, info: Info) -> Outcome:
    """The outcome with only as much of its objects as waiting needs: there may be many of them."""
    metadata = {key: outcome.object["metadata"].get(key) for key in ("uid", "deletionTimestamp")}
    named = {"name": info.name, "namespace": info.namespace}
    short = {"apiVersion": info.api_version, "kind": info.kind, "metadata": named}
    return replace(outcome, info=replace(info, object=short), object={"metadata": metadata})


def _wait_until_gone(session: Session, going: list[Outcome], patience: float) -> None:
    """Wait until all objects are gone, `patience` seconds in all; what is left then is an error."""
    until, client = time.monotonic() + patience, stop_when_dead(session.client)
    for number, outcome in enumerate(going):
        if cause := client.halt():
            session.console.fail(skipped_error(cause, len(going) - number))
            return
        left = hold(client, gone(outcome, max(until - time.monotonic(), 0)))
        left.alt(partial(_tell_not_gone, session.console, outcome.info))


def _tell_not_gone(console: Console, info: Info | None, error: VisitError) -> None:
    """Print that an object was not gone in time, or what went wrong while waiting for it."""
    if info is not None and info.mapping is not None:
        # Behind kubectl's words stands what holds the object.
        _, colon, held = error.message.partition(": ")
        late = f"timed out waiting for the condition on {info.mapping.resource}/{info.name}{colon}{held}"
        console.fail(TimedOut(late) if isinstance(error, TimedOut) else error)


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
    DeleteOptions,
    run,
    "deleting",
    namespace_first=True,
)
