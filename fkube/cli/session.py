"""The I/O that commands share: options become a client and a pipeline, and a visit prints as it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import Any, TypeAlias, TypeVar

from returns.io import IOResult
from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io
from toolz import compose, identity, pipe

from fkube import builder as b
from fkube.cli.checks import Checked, strict_step
from fkube.cli.clients import connect_client, limit_run, match_server
from fkube.cli.command import Call, Selecting
from fkube.cli.console import Console
from fkube.cli.messages import object_name, skipped_error
from fkube.documents.source import Path
from fkube.edge import Client, fold
from fkube.edge.limits import stop_when_dead
from fkube.edge.manifestpaths import find_files
from fkube.edge.renewing import Offers, renewing
from fkube.edge.running import Verb, hold
from fkube.exchange.conversation import Exchange, done
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import (
    Failures,
    StatusError,
    TimedOut,
    TransportError,
    VisitError,
    add_origin,
    failures,
)
from fkube.resource.info import NOWHERE, Info

T = TypeVar("T")

Attempt: TypeAlias = Result[T, Failures[Any]]
"""What a command needs before it begins, or every reason why it is not there."""

Action: TypeAlias = Callable[[Client], object]
"""What is done with a client."""


@dataclass(frozen=True, slots=True)
class Session:
    """A pipeline to visit, the client that is asked, and the console that is told."""

    console: Console
    client: Client
    pipeline: Pipeline


Task: TypeAlias = Callable[[Session], object]
"""What a command does once its flags are checked."""

Tell: TypeAlias = Callable[[int, Outcome], object]
"""What is done with an outcome; the number is that of the outcomes before it."""


def run_pipeline(console: Console, options: Selecting, task: Checked[Task], *steps: b.Step) -> None:
    """Do a task with the pipeline and the client that the options ask for.

    Prints the first of what is wrong with the task, the pipeline and the configuration.
    """
    action: Attempt[Action] = Result.do(
        compose(perform, partial(Session, console, pipeline=made))
        for perform in task.alt(failures)
        for made in make_pipeline(options, *steps)
    )
    use_client(console, options.call, action, console.namespace_first)


def use_client(console: Console, call: Call, action: Attempt[Action], namespace_first: bool = False) -> None:
    """Act with the client that the flags ask for, and close it whatever happens.

    If the action or the client is a failure, its errors are printed instead.
    `namespace_first`: see `connect`.
    """

    def act_with_client(act: Action) -> IOResult[None, Failures[Any]]:
        first = namespace_first and not call.namespace
        client = connect_client(call, console.note, first).bind(partial(limit_run, call))
        matched = client.bind(partial(match_server, call))
        return matched.map(console.watch).map(partial(_act_and_close, act))

    perform_or_report(console, IOResult.from_result(action).bind(act_with_client))


def _act_and_close(act: Action, client: Client) -> None:
    with closing(client):
        act(client)


def make_pipeline(options: Selecting, *steps: b.Step) -> Attempt[Pipeline]:
    """Make the pipeline of the objects that are selected; `steps` are the command's own.

    Errors: all that is wrong with the request, or paths where no file is.
    """
    selection, namespace = options.selection, options.call.namespace
    # A namespace given is required of objects, that of the kubeconfig is only a default (`enforceNamespace`).
    enforce = b.require_namespace if namespace else identity
    made: Attempt[Pipeline] = pipe(
        b.builder(),
        b.one_kind_of_source,
        b.namespace(namespace),
        b.default_namespace,
        b.all_namespaces if selection.all_namespaces else enforce,
        b.filenames(*selection.filename, recursive=selection.recursive, kustomize=selection.kustomize),
        b.label_selector(selection.selector),
        b.field_selector(selection.field_selector),
        b.require_object(False),
        strict_step(getattr(options, "validate", "strict")),
        *steps,
        b.flatten,
        b.continue_on_error,
        b.do,
    )
    return made.bind(_require_paths)


def _require_paths(made: Pipeline) -> Attempt[Pipeline]:
    """The pipeline, if there is something at each of its paths: nothing is sent where a path is mistyped.

    Follows `Builder.Path` of cli-runtime.
    """
    paths = tuple(next(find_files(source)) for source in made.sources if isinstance(source, Path))
    errors = Failures(paths).errors
    return Failure(failures(*errors)) if errors else Success(made)


def visit_each(
    session: Session,
    verb: Verb,
    tell: Tell,
    chunk: int = 256,
    ignored: Callable[[VisitError], bool] = lambda _: False,
    rehearsal: Verb | None = None,
    ended: Callable[[Outcome], object] = identity,
    concurrency: int = 8,
) -> int:
    """Visit the pipeline, call `tell` for each success with the number of those before, print the failures.

    Returns how many succeeded. Errors that are `ignored` are not printed, nor the cause of what was skipped
    after a failure; that nothing more should begin is one error for all that it let skip. `chunk`,
    `concurrency`, `rehearsal`, `ended`: see `fkube.edge.visit`.
    """
    console, halted = session.console, Counter[VisitError]()

    def step(count: int, outcome: Outcome) -> int:
        console.warn(outcome.warnings)
        console.step()
        if outcome.error is None:
            tell(count, outcome)
        elif outcome.action == "skipped":
            halted.update((outcome.error,) if _is_of_the_run(outcome.error) else ())
        elif not ignored(outcome.error):
            console.fail(_name_object(outcome, outcome.error))
        return count + (outcome.error is None)

    counted = _count_planned(console, verb)
    visit = fold(session.client, counted, step, 0, concurrency, chunk, rehearsal, ended=ended)
    count = perform_or_report(console, visit(session.pipeline)) or 0
    console.fail(*(skipped_error(error, number) for error, number in halted.items()))
    return count


def _is_of_the_run(error: VisitError) -> bool:
    """Whether an error is of no resource and no source, but says why nothing more began (`Client.halt`)."""
    return error.about is None and error.origin == NOWHERE


def _count_planned(console: Console, verb: Verb) -> Verb:
    """The verb, each use of which is one more object that is planned."""

    def plan(info: Info) -> Exchange[Outcome]:
        console.planned += 1
        return verb(info)

    return plan


def find_infos(session: Session) -> list[Info]:
    """List the resources of the pipeline without asking for more; print what is wrong with any."""
    infos: list[Info] = []
    # The verb does nothing: what the pipeline has found is its outcome.
    find = compose(done, lambda info: Outcome("got", info.origin, info, info.object))
    visit_each(session, find, lambda _, outcome: infos.extend((outcome.info,) if outcome.info else ()))
    return infos


def hold_in_turn(
    session: Session, infos: Sequence[Info], verb: Verb, tell: Tell
) -> Iterator[Result[object, VisitError]]:
    """Do a verb to one object after another, and call `tell` as `visit_each` does.

    Each is done only when its result is taken, so that a caller can stop at a failure. Where nothing more
    should begin, the cause is the last.
    """
    client = stop_when_dead(session.client)
    act = renewing(Offers(session.client), session.pipeline, verb)
    for before, info in enumerate(infos):
        if cause := client.halt():
            yield Failure(skipped_error(cause, len(infos) - before))
            return
        outcome = hold(client, act(info)).map(partial(tell, before))
        yield outcome.alt(partial(add_origin, origin=info.origin))


def _name_object(outcome: Outcome, error: VisitError) -> VisitError:
    """The error of an outcome, naming its object where no server has: nothing that went in is lost."""
    if outcome.info is None or not isinstance(error, TransportError | TimedOut):
        return error
    return replace(error, message=f"{object_name(outcome.info.object)}: {error.message}")


def refuse_none(console: Console, count: int, command: str) -> None:
    """Refuse a command that got no objects, unless an error says why already.

    `command` is its name in the message.
    """
    if not count and not console.failures:
        console.refuse(f"no objects passed to {command}")


def perform_or_report(console: Console, result: IOResult[T, Failures[Any]]) -> T | None:
    """Perform I/O and give its value; None, once the errors are printed, where it failed."""
    result.alt(lambda failures: console.fail(*failures.errors))
    return unsafe_perform_io(result.value_or(None))


def value_or_report(console: Console, result: Result[T, VisitError]) -> T | None:
    """The value of a result; None, once the error is printed, where it failed."""
    result.alt(console.fail)
    return result.value_or(None)


def is_not_found(error: VisitError) -> bool:
    """Whether the server has no such object (`IsNotFound` of apimachinery)."""
    return isinstance(error, StatusError) and (
        error.reason == "NotFound" or (error.code == 404 and not error.reason)
    )
