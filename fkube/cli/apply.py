"""`fkube apply`: make the objects of manifests what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from returns.result import Result, Success

from fkube.cli import plans
from fkube.cli.applysets import APPLYSET, Write, alone, opened, settled
from fkube.cli.batch import BATCH, Verbs, ordered, performed
from fkube.cli.checks import dry_run, manifests, no_arguments, refused, validation
from fkube.cli.command import DRY_RUN, SELECTOR, VALIDATE, Command, files
from fkube.cli.console import Console
from fkube.cli.deleting import CASCADE, GRACE_PERIOD, cascaded, timeout, wait
from fkube.cli.flags import Flag, Options
from fkube.cli.printing import PRINTING, Print, printing
from fkube.cli.pruning import PRUNING, Kept, Pruner, kinds, prudent
from fkube.cli.session import pipeline, using
from fkube.cli.telling import Told, shown_whole
from fkube.cli.templates import Shown
from fkube.edge import Client
from fkube.edge.listing import listing
from fkube.edge.running import Verb
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.verbs.apply import apply
from fkube.verbs.applyset import updated
from fkube.verbs.noop import unless_unchanged
from fkube.verbs.paths import DryRun
from fkube.verbs.prune import prune
from fkube.verbs.recreate import Recreation
from fkube.verbs.serverside import server_side
from fkube.verbs.writing import KUBECTL

_DRY = "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)"
_REHEARSED = "--plan-first cannot be used with --force: a dry run can't delete and create"
CLIENT_SIDE = "kubectl-client-side-apply"
"""The manager of the fields that client-side apply sets, where no other is named."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the flags ask for: how to apply and to prune, and what is printed."""

    verbs: Verbs
    prune: Verb
    line: Print
    whole: Shown | None
    write: Write


def run(console: Console, options: Options) -> None:
    """Apply, say so object by object, and prune. Follows `ApplyOptions.Run` of kubectl."""
    if options["plan"]:
        return plans.send(console, options)
    given = checked(console, options)
    if not isinstance(given, Success):
        return console.fail(given.failure())
    use = partial(_applied, console, options, given.unwrap())
    return using(console, options, pipeline(options, ordered(options)), use)


def _applied(console: Console, options: Options, asked: Asked, client: Client, made: Pipeline) -> None:
    pruner = Pruner(console, client, options["selector"], asked.prune, asked.line)
    kept = Kept(namespaces={options["namespace"]} - {""})
    if options["applyset"]:
        begun = opened(console, client, options, made, asked.write)
        if begun is not None:
            _each(console, options, asked, client, begun[1], kept)
            return None if console.failures else settled(pruner, begun[0], kept, asked.write)
        return None
    mappings = kinds(console, client, options)
    if mappings is not None:
        _each(console, options, asked, client, made, kept)
        return None if console.failures else pruner.all(mappings, kept)
    return None


def _each(
    console: Console, options: Options, asked: Asked, client: Client, made: Pipeline, kept: Kept
) -> None:
    """Apply every object, and say so."""
    told = Told(console, asked.line, asked.whole, options["show-managed-fields"])

    def each(before: int, outcome: Outcome) -> None:
        kept.add(outcome)
        told.add(before, outcome)

    count = performed(console, options, listing(client), made, asked.verbs, each)
    if not count and not console.failures:
        console.refuse("no objects passed to apply")
    told.close()


def chosen(options: Options, strategy: DryRun, cascade: str, directive: str) -> Result[Verb, UsageError]:
    """The verb that the flags ask for."""
    if options["server-side"]:
        who, sub = options["field-manager"] or KUBECTL, options["subresource"]
        verb = server_side(who, options["force-conflicts"], strategy, directive, sub)
        return Success(verb if sub else unless_unchanged(who, verb, strategy))
    manager = options["field-manager"] or CLIENT_SIDE
    force = Recreation(cascade, options["grace-period"], options["timeout"]) if options["force"] else None
    return Success(apply(strategy, manager, directive, options["overwrite"], force))


def checked(
    console: Console,
    options: Options,
    chosen: Callable[[Options, DryRun, str, str], Result[Verb, UsageError]] = chosen,
) -> Result[Asked, UsageError]:
    """What the flags ask for, or the first thing wrong with them; `chosen` makes the verb of them."""
    return Result.do(
        Asked(
            Verbs(verb, rehearsal),
            prune(strategy, cascade, options["grace-period"]),
            line,
            whole,
            partial(updated, dry_run=strategy, field_validation=directive),
        )
        for _ in no_arguments(options, "apply")
        for strategy in dry_run(console, options["dry-run"])
        for cascade in cascaded(console, options["cascade"])
        for _ in manifests(options)
        for directive in validation(options["validate"])
        for _ in sensible(options, strategy)
        for _ in alone(options)
        for line in printing(options)
        for whole in shown_whole(options)
        for verb in chosen(options, strategy, cascade, directive)
        for rehearsal in chosen(options, "client" if strategy == "client" else "server", cascade, directive)
    )


def sensible(options: Options, strategy: DryRun) -> Result[None, UsageError]:
    """Nothing, where the flags go together. Follows `ApplyOptions.Validate` of kubectl."""
    on_server, force = options["server-side"], options["force"]
    rules = (
        (options["force-conflicts"] and not on_server, "--force-conflicts only works with --server-side"),
        (strategy == "client" and on_server, _DRY),
        (on_server and force, "--force cannot be used with --server-side"),
        (options["all"] and options["selector"], "cannot set --all and --selector at the same time"),
        (options["plan-first"] and force, _REHEARSED),
        (strategy == "server" and force, "--dry-run=server cannot be used with --force"),
        (options["subresource"] and not on_server, "--subresource can only be specified for --server-side"),
    )
    broken = next((message for wrong, message in rules if wrong), None)
    return refused(broken) if broken else prudent(options)


MERGING = (
    Flag("server-side", "Let the server merge what is applied with what is there.", kind="bool"),
    Flag("force-conflicts", "Take over fields that others own.", kind="bool"),
    Flag("subresource", "With --server-side: the subresource that is applied to, as status."),
    Flag("overwrite", "Take the manifest's value where another changed it.", kind="bool", default=True),
)
"""The flags that say how what is applied is merged with what is there."""

COMMAND = Command(
    "apply (-f FILENAME | -k DIRECTORY)",
    """Create objects, or change those that are there to what manifests say.

    What a manifest had when it was applied last, and has no more, is removed; what it never named is left
    alone. Whatever fails, the others are applied; the exit status is 1 if one failed.""",
    """
    # Apply what pod.json describes
    fkube apply -f pod.json

    # Apply what a directory describes, with all below it, in a namespace
    fkube apply -f manifests/ -R -n shop

    # Say what would change
    cat web.yaml | fkube apply -f - --dry-run=server

    # Apply what a directory describes, and delete what it had before with that label
    fkube apply -f manifests/ --prune -l app=web

    # Own the fields of a manifest, and take those that others own
    fkube apply --server-side --force-conflicts -f web.yaml""",
    (
        *files("with the objects to apply"),
        SELECTOR,
        *PRUNING,
        APPLYSET,
        VALIDATE,
        Flag(
            "field-manager",
            f"The name under which the fields are owned; {CLIENT_SIDE} where none is given,"
            f" {KUBECTL} with --server-side.",
        ),
        *MERGING,
        Flag("force", "Delete and create what can't be changed.", kind="bool"),
        CASCADE,
        GRACE_PERIOD,
        timeout("one look only"),
        wait(default=False),
        *BATCH,
        Flag("plan", "A plan of `fkube plan -o json`, whose requests are sent as they are."),
        DRY_RUN,
        *PRINTING,
    ),
    run,
    "applying",
)
