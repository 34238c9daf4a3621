"""`fkube plan`: the requests that `fkube create` or `fkube apply` would send."""

from __future__ import annotations

import json
import sys
from functools import partial
from urllib.parse import urlencode

from returns.result import Result

from fkube.cli import apply, create
from fkube.cli.apply import ApplyOptions, Merging
from fkube.cli.batch import Batch
from fkube.cli.checks import Checked, first_broken, require_no_arguments, validation_step
from fkube.cli.command import Command, dry_run_flag, output_flag
from fkube.cli.console import Console
from fkube.cli.create import CreateOptions
from fkube.cli.deletion import Deletion
from fkube.cli.flags import flag, flags_of, group
from fkube.cli.messages import kind_name
from fkube.cli.objectprinter import read_format
from fkube.cli.outcomeprinter import Print, Printing
from fkube.cli.pruner import PRUNING, KeptObjects, Pruner, Pruning, prune_after
from fkube.cli.session import Session, Task, refuse_none, run_pipeline, visit_each
from fkube.edge.listreads import read_from_lists
from fkube.edge.localfiles import keep_private
from fkube.edge.running import Verb
from fkube.merging.lastapplied import last_applied
from fkube.report.ledger import key
from fkube.report.outcomes import Outcome
from fkube.report.planfile import seal_plan
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Info, Object
from fkube.verbs.paths import DryRun
from fkube.verbs.plan import planned
from fkube.verbs.prune import prune
from fkube.verbs.serverside import server_side_as_is
from fkube.verbs.writing import KUBECTL, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What to plan: a create, or with some flags an apply."""

    create: CreateOptions = group(
        CreateOptions, "call", "selection", "validate", "field_manager", "save_config"
    )
    apply: bool = flag("Plan apply: objects that are there are changed.", False)
    merging: Merging = group(Merging)
    deletion: Deletion = group(Deletion, "cascade", "grace_period")
    pruning: Pruning = group(Pruning, *PRUNING)
    batch: Batch = group(Batch, "arrange")
    dry_run: str = dry_run_flag()
    output: str = output_flag("json")

    @property
    def is_apply(self) -> bool:
        """Whether it is apply that is planned."""
        return self.apply or self.merging.server_side or self.pruning.prune


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What the flags ask for: the verbs to plan and to prune with, and how requests are printed.

    `format` is `json`, or empty for lines to read.
    """

    verb: Verb
    prune: Verb
    format: str


def run(console: Console, options: PlanOptions) -> None:
    """Print requests, one a line, and send none of them."""
    task = (_check_apply if options.is_apply else _check_create)(console, options)
    steps = (validation_step(options.create.validate), options.batch.step)
    return run_pipeline(console, options.create, task, *steps)


def _plan_all(options: PlanOptions, request: PlanRequest, session: Session) -> None:
    """Plan each object and what is pruned, and print the requests.

    As JSON they are printed at the end: sealed with digests if all could be planned, else as they are.
    """
    requests: list[Object] = []

    def keep(_: int, outcome: Outcome) -> None:
        requests.extend(_request_rows(outcome))

    printer = keep if request.format else partial(_print_requests, session.console)
    _plan_and_prune(options, request, printer, replace(session, client=read_from_lists(session.client)))
    # A file that they go to is for its owner only: it may hold what Secrets hold.
    keep_private(sys.stdout)
    for row in requests if session.console.failures else seal_plan(requests):
        session.console.say(json.dumps(row))


def _plan_and_prune(options: PlanOptions, request: PlanRequest, tell: Print, session: Session) -> None:
    """Plan each object, and then what is pruned; `tell` is called for each."""
    # A terminal is for people: what may be secret is not shown on it.
    plan = partial(planned, bodies=request.format == "json" and not sys.stdout.isatty())
    keys, command = set[str](), "apply" if options.is_apply else "create"
    kept = KeptObjects(namespaces={options.create.call.namespace} - {""})

    def add(before: int, outcome: Outcome) -> None:
        kept.add(outcome)
        keys.update(key(info.object) for info in (outcome.info,) if info)
        tell(before, outcome)

    def visit(session: Session) -> None:
        refuse_none(session.console, visit_each(session, plan(request.verb), add), command)

    def is_left_over(info: Info) -> bool:
        # By name: what is only planned has no uid.
        return last_applied(info.object) is not None and key(info.object) not in keys

    selector = options.create.selection.selector
    pruner = Pruner(session, selector, plan(request.prune), tell, kept, is_left_over)
    prune_after(pruner, options.pruning, visit)


def _check_create(console: Console, options: PlanOptions) -> Checked[Task]:
    """Check the flags, and make the task that plans a create."""
    of_apply = {flag.name for record in (Merging, Deletion, Pruning) for flag in flags_of(record)}
    stray = next((name for name in options.create.call.given if name in of_apply), "")
    whole = replace(options.create, printing=Printing(dry_run=options.dry_run))
    return Result.do(
        partial(_plan_all, options, PlanRequest(verbs.verb, prune(), format))
        for _ in first_broken((stray, f"--{stray} can only be used with --apply, --server-side or --prune"))
        for verbs, format in create.check(console, whole, "plan", read_format(options.output, "json"))
    )


def _check_apply(console: Console, options: PlanOptions) -> Checked[Task]:
    """Check the flags, and make the task that plans an apply."""
    beside = "--save-config can't be used with --apply, --server-side or --prune"
    ours = options.create
    whole = ApplyOptions(
        call=ours.call,
        selection=ours.selection,
        pruning=options.pruning,
        validate=ours.validate,
        field_manager=ours.field_manager if "field-manager" in ours.call.given else "",
        merging=options.merging,
        deletion=options.deletion,
        printing=Printing(dry_run=options.dry_run),
    )
    console.doing = apply.COMMAND.doing
    return Result.do(
        partial(_plan_all, options, PlanRequest(asked.verbs.verb, asked.prune, format))
        for _ in first_broken((ours.save_config, beside))
        for _ in require_no_arguments(ours.call, "plan")
        for format in read_format(options.output, "json")
        for asked in apply.check(console, whole, _make_verb)
    )


def _make_verb(options: ApplyOptions, cascade: str, directive: str, strategy: DryRun) -> Verb:
    """Make the verb of apply; on the server's side without the reads and the migration around it.

    For the parameters see `fkube.cli.apply.make_verb`.
    """
    merging = options.merging
    if not merging.server_side:
        return apply.make_verb(options, cascade, directive, strategy)
    write = Write(strategy, options.field_manager or KUBECTL, directive)
    return server_side_as_is(write, merging.force_conflicts, merging.subresource)


def _request_rows(outcome: Outcome) -> list[Object]:
    """The requests of an outcome of a plan, each as a row with the object it is about and its source."""
    info, origin = outcome.info, outcome.origin
    if info is None:
        return []
    about = {
        "object": f"{kind_name(info.object)}/{info.name or f'{info.generate_name}*'}",
        "key": key(info.object),
        "apiVersion": info.api_version,
        "kind": info.kind,
        "namespace": info.namespace,
        "name": info.name,
        "source": str(origin),
        "document": origin.document,
        "line": origin.line,
        "action": outcome.action,
    }
    return [{**request, **about} for request in outcome.object["requests"]]


def _print_requests(console: Console, _: int, outcome: Outcome) -> None:
    """Print each request of an outcome in a line: method, path, query, object and its source."""
    source = f" from {outcome.origin}" if outcome.origin.source else ""
    for row in _request_rows(outcome):
        query = f"?{urlencode(row['query'])}" if row["query"] else ""
        console.say(f"{row['method']} {row['path']}{query} # {row['object']}{source}")


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
    PlanOptions,
    run,
    "creating",
)
