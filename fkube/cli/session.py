"""From flags to a client and a pipeline, and a visit that is told as it happens. The commands' common I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from returns.io import IOResult, IOSuccess
from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io
from toolz import identity, pipe

from fkube import builder as b
from fkube.cli.checks import validation
from fkube.cli.command import GLOBAL
from fkube.cli.console import Console
from fkube.cli.flags import Options
from fkube.cli.messages import name
from fkube.documents.source import Path
from fkube.edge import Client, embedded, fold
from fkube.edge.paths import files
from fkube.edge.running import Verb, hold
from fkube.exchange.conversation import Exchange, done
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import Failures, StatusError, TimedOut, TransportError, VisitError, failures
from fkube.resource.info import Info

T = TypeVar("T")


def connected(options: Options) -> IOResult[Client, Failures[Any]]:
    """The client that the flags ask for; a real server is only asked once there is something to ask.

    Errors: those of the kubeconfig, which say what to do.
    """
    if options["embedded"] or options.get("local"):
        return IOSuccess(embedded())
    # Imported here: the embedded cluster needs no HTTP.
    from fkube.edge.connecting import connect

    named = {"as": "as_", "as-group": "as_groups"}
    others = (flag.name for flag in GLOBAL if flag.name not in ("embedded", "kubeconfig"))
    flags: Any = {named.get(name, name.replace("-", "_")): options[name] for name in others}
    flags["as_user_extra"] = _extra(options["as-user-extra"])
    flags["cache_dir"] = options["cache-dir"] if "cache-dir" in options["given"] else None
    return connect(options["kubeconfig"], **flags)


def _extra(given: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The values of each key; what is no key=value says nothing, as in kubectl."""
    pairs = [extra.split("=", 1) for extra in given if "=" in extra]
    return {key: [value for found, value in pairs if found == key] for key, _ in pairs}


def _within(namespace: str, everywhere: bool) -> tuple[b.Step, ...]:
    """The namespaces that are asked: one, required of objects if it was given, or all."""
    given = (b.namespace(namespace), b.default_namespace)
    if everywhere:
        return (*given, b.all_namespaces)
    return (*given, b.require_namespace) if namespace else given


def pipeline(options: Options, *steps: b.Step) -> Result[Pipeline, Failures[Any]]:
    """The pipeline that the flags for manifests, selectors and namespaces ask for.

    A namespace given is required of objects, that of the kubeconfig is only a default: `enforceNamespace`.
    """
    made: Result[Pipeline, Failures[Any]] = pipe(
        b.builder(),
        b.one_kind_of_source,
        *_within(options["namespace"], bool(options.get("all-namespaces"))),
        b.filenames(*options["filename"], recursive=options["recursive"], kustomize=options["kustomize"]),
        b.label_selector(options.get("selector", "")),
        b.field_selector(options.get("field-selector", "")),
        b.require_object(False),
        b.local if options.get("local") else identity,
        b.strict if validation(options.get("validate", "ignore")).value_or("") == "Strict" else identity,
        *steps,
        b.flatten,
        b.continue_on_error,
        b.do,
    )
    return made.bind(_present)


def _present(made: Pipeline) -> Result[Pipeline, Failures[Any]]:
    """The pipeline, if there is something at each of its paths: nothing is sent where a path is mistyped.

    Follows `Builder.Path` of cli-runtime.
    """
    firsts = (next(files(source)) for source in made.sources if isinstance(source, Path))
    errors = tuple(first.failure() for first in firsts if not isinstance(first, Success))
    return Failure(failures(*errors)) if errors else Success(made)


def using(
    console: Console, options: Options, given: Result[T, Any], use: Callable[[Client, T], object]
) -> None:
    """Use the client that the flags ask for, and close it whatever happens; say why there is none."""
    finished(
        console,
        IOResult.from_result(given).bind(
            lambda value: connected(options).map(lambda client: _closing(client, use, value))
        ),
    )


def visited(
    console: Console,
    client: Client,
    made: Pipeline,
    verb: Verb,
    each: Callable[[int, Outcome], object],
    chunk: int = 256,
    ignored: Callable[[VisitError], bool] = lambda _: False,
    rehearsal: Verb | None = None,
    ended: Callable[[Outcome], object] = identity,
    concurrency: int = 8,
) -> int:
    """Visit a pipeline, and call `each` for every success with the number of those before; say the rest.

    Returns how many succeeded. Errors that are `ignored` are not said, nor the cause of what was
    skipped.
    `rehearsal`, `ended`: see `fkube.edge.visit`.
    """

    def step(count: int, outcome: Outcome) -> int:
        console.warn(outcome.warnings)
        console.step()
        if outcome.error is None:
            each(count, outcome)
        elif outcome.action != "skipped" and not ignored(outcome.error):
            console.fail(_about(outcome, outcome.error))
        return count + (outcome.error is None)

    folded = fold(client, verb, step, 0, concurrency, chunk, rehearsal=rehearsal, ended=ended)
    return finished(console, folded(made)) or 0


def found(info: Info) -> Exchange[Outcome]:
    """The verb that only finds resources."""
    return done(Outcome("got", info.origin, info, info.object))


def _about(outcome: Outcome, error: VisitError) -> VisitError:
    """The error of an outcome, naming its object where no server has: nothing that went in is lost."""
    if outcome.info is None or not isinstance(error, TransportError | TimedOut):
        return error
    return replace(error, message=f"{name(outcome.info.object)}: {error.message}")


def finished(console: Console, result: IOResult[T, Failures[Any]]) -> T | None:
    """What a run came to; where nothing could begin None, once the reasons are told."""

    result.alt(lambda failures: console.fail(*failures.errors))
    return unsafe_perform_io(result.value_or(None))


def asked(console: Console, client: Client, exchange: Exchange[T]) -> T | None:
    """What a conversation came to; where it failed None, once the reason is told."""
    result = hold(client, exchange)
    result.alt(console.fail)
    return result.value_or(None)


def _closing(client: Client, use: Callable[[Client, T], object], value: T) -> object:
    try:
        return use(client, value)
    finally:
        client.close()


def not_found(error: VisitError) -> bool:
    """Whether the server has no such object (`IsNotFound` of apimachinery)."""
    return isinstance(error, StatusError) and (
        error.reason == "NotFound" or (error.code == 404 and not error.reason)
    )
