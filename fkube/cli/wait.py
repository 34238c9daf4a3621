"""`fkube wait`: wait until objects meet conditions, are created or are gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import count
from uuid import uuid4

from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube.cli.checks import A_WEEK, Checked, first_broken
from fkube.cli.command import Call, Command, Selection
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.messages import object_name
from fkube.cli.outcomeprinter import Print, Printing, read_printer
from fkube.cli.session import Session, Task, is_not_found, run_pipeline, visit_each
from fkube.edge import Client, visit
from fkube.edge.running import hold
from fkube.exchange.conversation import Exchange, done
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import ConditionError, TimedOut, VisitError
from fkube.resource.info import Info
from fkube.resource.results import collect_results
from fkube.verbs.awaiting import awaited
from fkube.verbs.conditions import Condition, Met, Snapshot, created, deleted
from fkube.verbs.get import get
from fkube.verbs.wait import wait

PAUSE = 0.5
"""Seconds between two looks for what is not there yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOptions:
    """What to wait for, and how long."""

    call: Call = group(Call)
    for_: tuple[str, ...] = flag(
        "What to wait for: create, delete, condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE];"
        " may be repeated.",
        (),
        commas=False,
    )
    timeout: float = flag("How long to wait: 30s, 5m; 0 looks once, less than 0 is a week.", 30.0)
    local: bool = flag("Ask no server: look once at what the manifests say.", False)
    # kubectl's wait is recursive from the start.
    selection: Selection = group(
        Selection, usage=" with the objects to wait for", do="Wait for", recursive=True
    )
    printing: Printing = group(Printing, "output", "templating", "show_managed_fields")


@dataclass(frozen=True, slots=True)
class WaitRequest:
    """What to wait for, one after another, until when, and how to print each condition that is met.

    `until` is a time of the monotonic clock; `looks_once`: for `--timeout=0`; `local`: what the manifests say
    counts. `seed` makes the pauses of its watches differ from those of others.
    """

    conditions: tuple[Condition, ...]
    until: float
    looks_once: bool
    print_met: Callable[[Outcome], None]
    local: bool
    seed: str = field(default_factory=lambda: uuid4().hex)


def run(console: Console, options: WaitOptions) -> None:
    """Wait, and print each condition that is met. Follows `WaitOptions.RunWait` of kubectl."""
    arguments, everything = options.call.arguments, options.selection.all
    named = b.resource_type_or_name_args(*arguments, allow_empty_selector=everything)
    steps = (b.local, named) if options.local else (named, b.latest)
    run_pipeline(console, _adapt(options), _check(console, options), *steps)


def _adapt(options: WaitOptions) -> WaitOptions:
    """The options with `-k` alone not recursive, which kubectl's wait has not; `--local` asks no server."""
    selection, call = options.selection, options.call
    recursive = selection.recursive and not (selection.kustomize and "recursive" not in call.given)
    embedded = call.embedded or options.local
    return replace(
        options, selection=replace(selection, recursive=recursive), call=replace(call, embedded=embedded)
    )


def _check(console: Console, options: WaitOptions) -> Checked[Task]:
    """Check the flags, and make the task that waits."""
    timeout = options.timeout if options.timeout >= 0 else A_WEEK
    until, printing = time.monotonic() + timeout, options.printing
    plain = not printing.output and not printing.templating.template
    print_met = partial(_print_met, console, plain, count())
    return Result.do(
        partial(
            _wait_for_all,
            WaitRequest(conditions, until, timeout == 0, partial(print_met, print_outcome), options.local),
        )
        for print_outcome in read_printer(console, printing)
        for _ in first_broken((not options.for_, "unrecognized condition: []"))
        for conditions in collect_results(map(awaited, options.for_))
    )


def _wait_for_all(request: WaitRequest, session: Session) -> None:
    """Wait for the objects to be created if that is asked for, then for one object after another.

    None is an error, unless it is deletion that is waited for.
    """
    console, is_deletion = session.console, deleted in request.conditions
    client, until = session.client, request.until
    waits = created in request.conditions and not request.local
    if waits and not wait_until_found(client, session.pipeline, until):
        return console.fail(TimedOut("timed out waiting for the condition"))
    ignored: Callable[[VisitError], bool] = is_not_found if is_deletion else lambda _: False
    # One at a time, as in kubectl: what is gone once its turn comes is not found.
    verb = _take_manifest if request.local else get()
    seen = visit_each(session, verb, partial(_wait_for_one, request, session), chunk=1, ignored=ignored)
    if not seen and not is_deletion and not console.failures:
        console.refuse("no matching resources found")
    return None


def _take_manifest(info: Info) -> Exchange[Outcome]:
    """The object of a manifest as it is."""
    return done(Outcome("got", info.origin, info, info.object))


def _judge_manifest(condition: Condition, info: Info) -> Result[Outcome, VisitError]:
    """Whether the object of a manifest meets a condition."""
    if condition(Snapshot(info.object)) == Met():
        return Success(Outcome("met", info.origin, info, info.object))
    return Failure(ConditionError(f"condition not met for {object_name(info.object)}", info.origin))


def _wait_for_one(request: WaitRequest, session: Session, _: int, outcome: Outcome) -> None:
    """Wait for one object, condition after condition, up to the first that is not met."""
    if outcome.info is None:
        return
    info = replace(outcome.info, object=outcome.object, live=not request.local)
    for condition in request.conditions:
        # An instant is no time at all, but not the 0 that says to look only once.
        left = 0.0 if request.looks_once else max(request.until - time.monotonic(), 1e-9)
        watched = partial(hold, session.client, wait(condition, left, request.seed)(info))
        match _judge_manifest(condition, info) if request.local else watched():
            case Success(met):
                request.print_met(met)
            case Failure(error):
                session.console.fail(error)
                return


def wait_until_found(
    client: Client,
    made: Pipeline,
    until: float,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Wait until something is there, and nothing that was named is missing; whether it came in time.

    `until` is a time of the clock `now`. An error other than a missing object ends the wait too: the visit
    that comes next prints it. Follows `WaitOptions.RunWait` of kubectl.
    """
    while True:
        report = unsafe_perform_io(visit(client, get())(made).value_or(None))
        if report is None or not all(map(is_not_found, report.errors)):
            return True
        if report.outcomes and not report.errors:
            return True
        if now() + PAUSE > until:
            return False
        sleep(PAUSE)


def _print_met(
    console: Console, plain: bool, numbers: count[int], print_outcome: Print, met: Outcome
) -> None:
    """Print that a condition is met, or the object unless `plain`; `numbers` counts these."""
    if plain:
        console.say(f"{object_name(met.object)} condition met")
    else:
        print_outcome(next(numbers), met)


COMMAND = Command(
    "wait ([-f FILENAME] | TYPE/NAME ... | TYPE [(-l label | --all)]) --for=CONDITION",
    """Wait until objects meet a condition.

    With several conditions, each object is waited for by one after another. What a condition says of an
    older generation of an object does not count.""",
    """
    # Wait until a pod is ready
    fkube wait --for=condition=Ready pod/web

    # Wait until the pods with a label are not ready, two minutes at most
    fkube wait --for=condition=Ready=false pods -l app=web --timeout=2m

    # Wait until a service has an address
    fkube wait --for=jsonpath='{.status.loadBalancer.ingress}' service/web

    # Wait until a secret is there
    fkube wait --for=create secret/payments

    # Wait until the objects of a manifest are gone
    fkube wait --for=delete -f web.yaml""",
    WaitOptions,
    run,
)
