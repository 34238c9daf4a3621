"""`fkube wait`: wait until objects meet conditions, are created or are gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from uuid import uuid4

from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube.cli.command import (
    ALL_NAMESPACES,
    FIELD_SELECTOR,
    MANAGED_FIELDS,
    SELECTOR,
    Command,
    files,
    output,
)
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.messages import name
from fkube.cli.output import known_format, printed, unmanaged
from fkube.cli.session import not_found, pipeline, using, visited
from fkube.edge import Client, visit
from fkube.edge.running import hold
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import TimedOut, UsageError, VisitError
from fkube.resource.info import Object
from fkube.verbs.awaiting import awaited
from fkube.verbs.conditions import Condition, created, deleted
from fkube.verbs.get import get
from fkube.verbs.wait import wait

FORMATS = ("json", "yaml", "kyaml", "name")

A_WEEK = 168 * 3600.0
"""Seconds; as long as kubectl waits for ever."""

PAUSE = 0.5
"""Seconds between two looks for what is not there yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to wait for, one after another, until which second of the clock, and how to say that it is."""

    conditions: tuple[Condition, ...]
    until: float
    at_once: bool
    say: Callable[[Object], None]
    seed: str


def run(console: Console, options: Options) -> None:
    """Wait, and say so condition by condition. Follows `WaitOptions.RunWait` of kubectl."""
    found: Result[tuple[str, tuple[Condition, ...]], UsageError] = Result.do(
        (format, conditions)
        for format in known_format(options["output"], *FORMATS)
        for conditions in _conditions(options["for"])
    )
    if not isinstance(found, Success):
        return console.fail(found.failure())
    timeout = options["timeout"] if options["timeout"] >= 0 else A_WEEK
    format, conditions = found.unwrap()
    say = partial(_say, console, options, format, count())
    asked = Asked(conditions, time.monotonic() + timeout, timeout == 0, say, uuid4().hex)
    named = b.resource_type_or_name_args(*options["arguments"], allow_empty_selector=options["all"])
    return using(console, options, pipeline(options, named), partial(_wait, console, asked))


def _conditions(texts: tuple[str, ...]) -> Result[tuple[Condition, ...], UsageError]:
    """What each `--for` asks for. Follows `conditionFuncsFor` of kubectl's wait."""
    found = tuple(map(awaited, texts))
    wrong = next((one.failure() for one in found if not isinstance(one, Success)), None)
    if wrong is not None or not found:
        return Failure(wrong or UsageError("unrecognized condition: []"))
    return Success(tuple(one.unwrap() for one in found))


def _wait(console: Console, asked: Asked, client: Client, made: Pipeline) -> None:
    if created in asked.conditions and not appeared(client, made, asked.until):
        return console.fail(TimedOut("timed out waiting for the condition"))
    gone = deleted in asked.conditions
    each = partial(_each, console, asked, client)
    ignored: Callable[[VisitError], bool] = not_found if gone else lambda _: False
    # One at a time, as in kubectl: what is gone once its turn comes is not found.
    seen = visited(console, client, made, get(), each, chunk=1, ignored=ignored)
    if not seen and not gone and not console.failures:
        console.refuse("no matching resources found")
    return None


def _each(console: Console, asked: Asked, client: Client, _: int, outcome: Outcome) -> None:
    """Wait for one object, condition after condition, up to the first that is not met."""
    if outcome.info is None:
        return
    info = replace(outcome.info, object=outcome.object, live=True)
    for condition in asked.conditions:
        # An instant is no time at all, but not the 0 that says to look only once.
        left = 0.0 if asked.at_once else max(asked.until - time.monotonic(), 1e-9)
        result = hold(client, wait(condition, left, asked.seed)(info))
        if not isinstance(result, Success):
            console.fail(result.failure())
            return
        asked.say(result.unwrap().object)


def appeared(
    client: Client,
    made: Pipeline,
    until: float,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Wait until something is there, and nothing that was named is missing; whether it came in time.

    Any other error is told by the visit that comes next. Follows `WaitOptions.RunWait` of kubectl.
    """
    while True:
        report = unsafe_perform_io(visit(client, get())(made).value_or(None))
        if report is None or not all(map(not_found, report.errors)):
            return True
        if report.outcomes and not report.errors:
            return True
        if now() + PAUSE > until:
            return False
        sleep(PAUSE)


def _say(console: Console, options: Options, format: str, numbers: count[int], object: Object) -> None:
    if not format:
        return console.say(f"{name(object)} condition met")
    shown = object if options["show-managed-fields"] else unmanaged(object)
    return console.say(printed(format, shown, next(numbers)), end="")


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
    (
        Flag(
            "for",
            "What to wait for: create, delete, condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE];"
            " may be repeated.",
            kind="list",
        ),
        Flag(
            "timeout",
            "How long to wait: 30s, 5m; 0 looks once, less than 0 is a week.",
            kind="duration",
            default=30.0,
        ),
        output(*FORMATS),
        *files("with the objects to wait for"),
        SELECTOR,
        FIELD_SELECTOR,
        Flag("all", "Wait for all objects of the types.", kind="bool"),
        ALL_NAMESPACES,
        MANAGED_FIELDS,
    ),
    run,
)
