"""What `fkube label` and `fkube annotate` share: their flags, how they are checked, and what is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from returns.result import Failure, Result, Success
from toolz import identity

from fkube import builder as b
from fkube.cli.checks import dry_run
from fkube.cli.command import ALL_NAMESPACES, DRY_RUN, FIELD_SELECTOR, SELECTOR, files
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.pairs import split
from fkube.cli.printing import PRINTING, Print, printing
from fkube.cli.session import pipeline, using, visited
from fkube.edge import Client
from fkube.edge.result import single_item_implied
from fkube.edge.running import Verb
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Object
from fkube.verbs.keychanges import Changes
from fkube.verbs.paths import DryRun


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two: what a pair is called, its field, how pairs are read, the verb, what no change is."""

    pair: str
    field: str
    sample: str
    read: Callable[[tuple[str, ...]], Result[Changes, UsageError]]
    verb: Callable[..., Verb]
    unchanged: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words of a command line ask for."""

    resources: tuple[str, ...]
    changes: Changes
    strategy: DryRun
    show: Print


def run(kind: Kind, console: Console, options: Options) -> None:
    """Change, and say so object by object. Follows `RunLabel` and `RunAnnotate` of kubectl."""
    checked = _checked(kind, console, options)
    if not isinstance(checked, Success):
        return console.fail(checked.failure())
    asked = checked.unwrap()
    named = b.resource_type_or_name_args(*asked.resources, allow_empty_selector=options["all"])
    latest = identity if options["local"] else b.latest
    given = {**options, **(_NO_SELECTORS if options["local"] else {})}
    use = partial(_marked, kind, console, options, asked)
    return using(console, given, pipeline(given, named, latest), use)


def _checked(kind: Kind, console: Console, options: Options) -> Result[Asked, UsageError]:
    """What is asked for, or the first thing wrong with it."""
    return Result.do(
        Asked(resources, changes, strategy, show)
        for strategy in dry_run(console, options["dry-run"])
        for resources, pairs in split(options["arguments"], kind.pair)
        for changes in kind.read(pairs)
        for _ in _together(kind, options, strategy, resources, changes)
        for show in printing(options, kind.unchanged)
    )


def _together(
    kind: Kind, options: Options, strategy: DryRun, resources: tuple[str, ...], changes: Changes
) -> Result[None, UsageError]:
    """Nothing, if the flags go together. Follows `LabelOptions.Validate` and `AnnotateFlags.ToOptions`."""
    problems = (
        (options["list"] and options["output"], "--list and --output may not be specified together"),
        (options["all"] and options["selector"], _BOTH.format("selector")),
        (options["all"] and options["field-selector"], _BOTH.format("field-selector")),
        *_sources(kind, options, strategy, resources),
        (not changes and not options["list"], f"at least one {kind.pair} update is required"),
    )
    wrong = next((message for applies, message in problems if applies), None)
    return Success(None) if wrong is None else Failure(UsageError(wrong))


def _sources(
    kind: Kind, options: Options, strategy: DryRun, resources: tuple[str, ...]
) -> tuple[tuple[object, str], ...]:
    """What may be wrong with where objects come from."""
    sample = f"-f {kind.sample}.yaml or --filename={kind.sample}.json"
    local, read = options["local"], options["filename"] or options["kustomize"]
    return (
        (local and strategy == "server", _LOCAL_SERVER),
        (local and resources, f"can only use local files by {sample} when --local=true is set"),
        (local and not read, f"one or more files must be specified as {sample}"),
        (not local and not resources and not read, _NO_RESOURCES),
    )


def _marked(
    kind: Kind, console: Console, options: Options, asked: Asked, client: Client, made: Pipeline
) -> None:
    version, one = options["resource-version"], single_item_implied(made)
    if version and not one:
        return console.refuse("--resource-version may only be used with a single resource")
    strategy: DryRun = "client" if options["list"] else asked.strategy
    how = (options["overwrite"], version, strategy, options["field-manager"], options["local"])
    told = partial(_told, kind, console, options, asked, one)
    visited(console, client, made, kind.verb(asked.changes, *how), told)
    return None


def _told(
    kind: Kind, console: Console, options: Options, asked: Asked, one: bool, before: int, outcome: Outcome
) -> None:
    """Say what became of one object."""
    if options["list"]:
        return _list(kind, console, outcome.object, one)
    if kind.pair == "label" and outcome.dry_run != "client" and not options["local"]:
        _missing(console, asked.changes, outcome)
    # kubectl puts no marker between labeled documents.
    return asked.show(console, 0 if kind.pair == "label" else before, outcome)


def _list(kind: Kind, console: Console, object: Object, one: bool) -> None:
    metadata = object.get("metadata") or {}
    if not one:
        group = str(object.get("apiVersion") or "").rpartition("/")[0]
        console.say(f"Listing {kind.field} for {object.get('kind')}.{group}/{metadata.get('name')}:")
    for key, value in sorted((metadata.get(kind.field) or {}).items()):
        console.say(f"{'' if one else ' '}{key}={value}")


def _missing(console: Console, changes: Changes, outcome: Outcome) -> None:
    """Say which labels were to go and are not there."""
    for key, value in changes.items():
        if value is None and outcome.info is not None and key not in outcome.info.labels:
            console.say(f'label "{key}" not found.')


def flags(verb: str, noun: str) -> tuple[Flag, ...]:
    """The flags of both; `noun` is what is changed: `labels`."""
    return (
        # kubectl's annotate is recursive from the start, so that -k takes -R=false.
        *files("with the objects to change", recursive=verb == "annotate"),
        SELECTOR,
        FIELD_SELECTOR,
        Flag("all", "Change all objects of the types.", kind="bool"),
        ALL_NAMESPACES,
        Flag("overwrite", f"Let {noun} that have another value be overwritten.", kind="bool"),
        Flag("list", f"Print the {noun} of objects.", kind="bool"),
        Flag("local", "Ask no server: change what the manifests say, and print it.", kind="bool"),
        Flag("resource-version", "Change only this version of a single object."),
        Flag("field-manager", "The name under which the fields are owned.", default=f"kubectl-{verb}"),
        DRY_RUN,
        *PRINTING,
    )


_BOTH = "cannot set --all and --{} at the same time"
_LOCAL_SERVER = "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"
_NO_RESOURCES = "one or more resources must be specified as <resource> <name> or <resource>/<name>"
_NO_SELECTORS = {"selector": "", "field-selector": ""}
"""No selector chooses among manifests that no server sees."""
