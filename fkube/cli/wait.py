"""`fkube wait`: wait until objects meet conditions, are created or are gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from uuid import uuid4

from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube.cli.checks import A_WEEK, Checked, first_broken
from fkube.cli.command import Call, Command, Selection, managed_fields_flag, output_flag
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.messages import object_name
from fkube.cli.objectprinter import OBJECT_FORMATS, format_document, read_format, without_managed_fields
from fkube.cli.session import Session, Task, is_not_found, run_pipeline, visit_each
from fkube.edge import Client, visit
from fkube.edge.running import hold
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import TimedOut, VisitError
from fkube.resource.info import Object
from fkube.resource.results import collect_results
from fkube.verbs.awaiting import awaited
from fkube.verbs.conditions import Condition, created, deleted
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
    output: str = output_flag(*OBJECT_FORMATS)
    selection: Selection = group(Selection, usage=" with the objects to wait for", do="Wait for")
    show_managed_fields: bool = managed_fields_flag()


@dataclass(frozen=True, slots=True)
class WaitRequest:
    """What to wait for, one after another, until when, and how to print each condition that is met.

    `until` is a time of the monotonic clock; `looks_once`: for `--timeout=0`. `seed` makes the
    pauses of its watches differ from those of others.
    """

    conditions: tuple[Condition, ...]
    until: float
    looks_once: bool
    print_met: Callable[[Object], None]
    seed: str = field(default_factory=lambda: uuid4().hex)


def run(console: Console, options: WaitOptions) -> None:
    """Wait, and print each condition that is met. Follows `WaitOptions.RunWait` of kubectl."""
    arguments, everything = options.call.arguments, options.selection.all
    named = b.resource_type_or_name_args(*arguments, allow_empty_selector=everything)
    run_pipeline(console, options, _check(console, options), named, b.latest)


def _check(console: Console, options: WaitOptions) -> Checked[Task]:
    """Check the flags, and make the task that waits."""
    timeout = options.timeout if options.timeout >= 0 else A_WEEK
    until, print_met = time.monotonic() + timeout, partial(_print_met, console, options, count())
    return Result.do(
        partial(_wait_for_all, WaitRequest(conditions, until, timeout == 0, partial(print_met, format)))
        for format in read_format(options.output, *OBJECT_FORMATS)
        for _ in first_broken((not options.for_, "unrecognized condition: []"))
        for conditions in collect_results(map(awaited, options.for_))
    )


def _wait_for_all(request: WaitRequest, session: Session) -> None:
    """Wait for the objects to be created if that is asked for, then for one object after another.

    None is an error, unless it is deletion that is waited for.
    """
    console, is_deletion = session.console, deleted in request.conditions
    client, until = session.client, request.until
    if created in request.conditions and not wait_until_found(client, session.pipeline, until):
        return console.fail(TimedOut("timed out waiting for the condition"))
    ignored: Callable[[VisitError], bool] = is_not_found if is_deletion else lambda _: False
    # One at a time, as in kubectl: what is gone once its turn comes is not found.
    seen = visit_each(session, get(), partial(_wait_for_one, request, session), chunk=1, ignored=ignored)
    if not seen and not is_deletion and not console.failures:
        console.refuse("no matching resources found")
    return None


def _wait_for_one(request: WaitRequest, session: Session, _: int, outcome: Outcome) -> None:
    """Wait for one object, condition after condition, up to the first that is not met."""
    if outcome.info is None:
        return
    info = replace(outcome.info, object=outcome.object, live=True)
    for condition in request.conditions:
        # An instant is no time at all, but not the 0 that says to look only once.
        left = 0.0 if request.looks_once else max(request.until - time.monotonic(), 1e-9)
        match hold(session.client, wait(condition, left, request.seed)(info)):
            case Success(met):
                request.print_met(met.object)
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
    console: Console, options: WaitOptions, numbers: count[int], format: str, object: Object
) -> None:
    """Print that a condition is met, or the object where there is a format; `numbers` counts these."""
    if not format:
        return console.say(f"{object_name(object)} condition met")
    shown = object if options.show_managed_fields else without_managed_fields(object)
    return console.say(format_document(format, shown, next(numbers)), end="")


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
