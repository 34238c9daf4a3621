"""`fkube plan`: the requests that `fkube create` or `fkube apply` would send."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

from returns.result import Result, Success

from fkube.cli import apply, create
from fkube.cli.batch import ARRANGE, ordered
from fkube.cli.checks import no_arguments, refused
from fkube.cli.command import CREATING, DRY_RUN, Command, output
from fkube.cli.console import Console
from fkube.cli.deleting import CASCADE, GRACE_PERIOD
from fkube.cli.flags import Flag, Options
from fkube.cli.output import known_format
from fkube.cli.plans import rows, say
from fkube.cli.printing import Print
from fkube.cli.pruning import PRUNING, Kept, Pruner, kinds
from fkube.cli.session import pipeline, using, visited
from fkube.edge import Client
from fkube.edge.listing import listing
from fkube.edge.running import Verb
from fkube.merging.lastapplied import last_applied
from fkube.pipeline.pipeline import Pipeline
from fkube.report.ledger import key
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object
from fkube.verbs.paths import DryRun
from fkube.verbs.plan import planned
from fkube.verbs.prune import prune
from fkube.verbs.serverside import server_side_as_is
from fkube.verbs.writing import KUBECTL, Write

MODES = ("apply", "server-side", "prune")
"""The flags by which it is apply that is planned."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the flags ask for: the command that is planned, its verbs, and how requests are shown."""

    command: str
    verb: Verb
    prune: Verb
    format: str


@dataclass(frozen=True, slots=True)
class Named:
    """What is planned to be there, so that it is not pruned: by name, as what is not there has no uid."""

    keys: set[str] = field(default_factory=set)
    kept: Kept = field(default_factory=Kept)

    def add(self, outcome: Outcome) -> None:
        """Keep one more."""
        self.kept.add(outcome)
        if outcome.info is not None:
            self.keys.add(key(outcome.info.object))

    def left(self, info: Info) -> bool:
        """Whether an object was applied, and is not kept."""
        return last_applied(info.object) is not None and key(info.object) not in self.keys


def run(console: Console, options: Options) -> None:
    """Print requests, one a line, and send none of them."""
    whole = {**{flag.name: flag.unset for flag in apply.COMMAND.flags}, **options, "output": ""}
    plan = _applying if any(options[mode] for mode in MODES) else _creating
    given = plan(console, whole, options["output"])
    if not isinstance(given, Success):
        return console.fail(given.failure())
    asked = given.unwrap()

    listed: list[Object] = []

    def keep(_: Console, __: int, outcome: Outcome) -> None:
        listed.extend(rows(outcome))

    def use(client: Client, made: Pipeline) -> None:
        _planned(console, whole, asked, keep if asked.format else _told, listing(client), made)
        say(console, listed)

    return using(console, options, pipeline(options, ordered(options)), use)


def _planned(
    console: Console, options: Options, asked: Asked, told: Print, client: Client, made: Pipeline
) -> None:
    """Plan each object, and then what goes."""
    mappings = kinds(console, client, options)
    if mappings is None:
        return
    named = Named(kept=Kept(namespaces={options["namespace"]} - {""}))

    def each(before: int, outcome: Outcome) -> None:
        named.add(outcome)
        told(console, before, outcome)

    if not visited(console, client, made, asked.verb, each) and not console.failures:
        console.refuse(f"no objects passed to {asked.command}")
    if not console.failures:
        Pruner(console, client, options["selector"], asked.prune, told, named.left).all(mappings, named.kept)


def _asked(command: str, verb: Verb, gone: Verb, format: str) -> Asked:
    # A terminal is for people: what may be secret is not shown on it.
    unsent: Callable[[Verb], Verb] = partial(planned, bodies=format == "json" and not sys.stdout.isatty())
    return Asked(command, unsent(verb), unsent(gone), format)


def _creating(console: Console, options: Options, format: str) -> Result[Asked, UsageError]:
    """What the flags ask for of `create`."""
    ours = {flag.name for flag in (*APPLYING, *PRUNING)}
    if stray := next((name for name in options["given"] if name in ours), None):
        return refused(f"--{stray} can only be used with --apply, --server-side or --prune")
    checked = create.checked(console, options, "plan", known_format(format, "json"))
    return checked.map(lambda found: _asked("create", found[0].verb, prune(), found[1]))


def _applying(console: Console, options: Options, format: str) -> Result[Asked, UsageError]:
    """What the flags ask for of `apply`."""
    if options["save-config"]:
        return refused("--save-config can't be used with --apply, --server-side or --prune")
    console.doing = apply.COMMAND.doing
    given = "field-manager" in options["given"]
    own = {**options, "field-manager": options["field-manager"] if given else ""}
    return Result.do(
        _asked("apply", asked.verbs.verb, asked.prune, known)
        for _ in no_arguments(options, "plan")
        for known in known_format(format, "json")
        for asked in apply.checked(console, own, _chosen)
    )


def _chosen(options: Options, strategy: DryRun, cascade: str, directive: str) -> Result[Verb, UsageError]:
    """The verb of apply; on the server's side without the reads and the migration around it."""
    if not options["server-side"]:
        return apply.chosen(options, strategy, cascade, directive)
    who, sub = options["field-manager"] or KUBECTL, options["subresource"]
    return Success(server_side_as_is(Write(strategy, who, directive), options["force-conflicts"], sub))


def _told(console: Console, _: int, outcome: Outcome) -> None:
    source = f" from {outcome.origin}" if outcome.origin.source else ""
    for row in rows(outcome):
        query = f"?{urlencode(row['query'])}" if row["query"] else ""
        console.say(f"{row['method']} {row['path']}{query} # {row['object']}{source}")


APPLYING = (*apply.MERGING, CASCADE, GRACE_PERIOD)

COMMAND = Command(
    "plan -f FILENAME",
    """Print the requests that `fkube create` would send with the same flags, and send none of them.

    With --apply, --server-side or --prune they are those of `fkube apply`. Then what is there is read, but
    for --server-side, of which the one request that applies is planned, and no migration of what was applied
    on the client's side; else the server is only asked what kinds it has. What is as it should be has no
    request. What --prune would delete comes last, and is not sent after a failure.

    Each line is a method, a path with its query, and after a # the object and where it was written. With
    -o json each line is a JSON object with a digest, and with the body unless it is printed on a terminal: a
    file of these is what `fkube apply --plan` sends. It holds what Secrets hold, so only its owner may read
    it.""",
    """
    # Print what would be sent
    fkube plan -f manifests/ -R -n shop

    # Keep a plan, and send exactly that
    fkube plan -f manifests/ -o json > plan.json
    fkube apply --plan plan.json

    # Print what apply would send: what changes, and what is deleted
    fkube plan --apply -f manifests/ --prune -l app=web

    # Keep a plan of server-side apply
    fkube plan --server-side --force-conflicts -f manifests/ -o json > plan.json

    # Count what would be created, by path
    fkube plan -f manifests/ | cut -d'?' -f1 | sort | uniq -c""",
    (
        *CREATING,
        Flag("apply", "Plan apply: objects that are there are changed.", kind="bool"),
        *APPLYING,
        *PRUNING,
        ARRANGE,
        DRY_RUN,
        output("json"),
    ),
    run,
    "creating",
)
