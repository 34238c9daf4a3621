"""What `fkube apply --prune` does when all objects are applied: the rest of what was applied goes."""

from __future__ import annotations

from dataclasses import dataclass, field

from returns.result import Result, Success

from fkube.cli.checks import refused
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.printing import Print
from fkube.edge import Client
from fkube.edge.knowing import known
from fkube.edge.running import Verb, hold
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import RESTMapping
from fkube.verbs.prune import Owned, candidates, prunable, why

PRUNING = (
    Flag("prune", "Delete what was applied and is in the input no more; with -l or --all.", kind="bool"),
    Flag("all", "With --prune: every object of the kinds that may go.", kind="bool"),
    Flag(
        "prune-allowlist",
        "Instead of the usual kinds, those that may go: group/version/kind; may be repeated.",
        kind="list",
    ),
)
"""The flags that say what is pruned."""


def prudent(options: Options) -> Result[None, UsageError]:
    """Nothing, where the flags for pruning go together. Follows `ApplyOptions.Validate` of kubectl."""
    if not options["prune"]:
        return Success(None)
    if options["force"]:
        return refused("--force cannot be used with --prune")
    if options["applyset"]:
        return Success(None)
    if not options["all"] and not options["selector"]:
        return refused(_ALL)
    if options["server-side"]:
        return refused(_SERVER_SIDE)
    return Success(None)


@dataclass(slots=True)
class Kept:
    """What was applied, so that it is not pruned: by uid, and in which namespaces."""

    uids: set[str] = field(default_factory=set)
    namespaces: set[str] = field(default_factory=set)

    def add(self, outcome: Outcome) -> None:
        """Keep one more."""
        self.uids.add(str((outcome.object.get("metadata") or {}).get("uid") or ""))
        if outcome.info is not None and outcome.info.namespaced:
            self.namespaces.add(outcome.info.namespace)


def kinds(console: Console, client: Client, options: Options) -> tuple[RESTMapping, ...] | None:
    """The kinds that may go; None where that can't be said, once the reason is told."""
    if not options["prune"] or options["applyset"]:
        return ()
    found = known(client).bind(lambda offered: prunable(offered.mapper, options["prune-allowlist"]))
    found.alt(console.fail)
    return found.value_or(None)


@dataclass(frozen=True, slots=True)
class Pruner:
    """How what is left over is deleted and told of."""

    console: Console
    client: Client
    selector: str
    verb: Verb
    tell: Print
    owned: Owned | None = None

    def all(self, mappings: tuple[RESTMapping, ...], kept: Kept) -> None:
        """Prune each kind in each namespace, up to the first failure.

        Follows `pruner.pruneAll` of kubectl.
        """
        within = [(name, kind) for name in sorted(kept.namespaces) for kind in mappings if kind.namespaced]
        everywhere = [("", kind) for kind in mappings if not kind.namespaced]
        for namespace, mapping in (*within, *everywhere):
            if not self._pruned(mapping, namespace, kept):
                return

    def _pruned(self, mapping: RESTMapping, namespace: str, kept: Kept) -> bool:
        """Prune the objects of a kind in a namespace, and tell of each; whether all went well."""
        listed = hold(self.client, candidates(mapping, namespace, self.selector, kept.uids, self.owned))
        failures = [] if isinstance(listed, Success) else [listed.failure()]
        for info in listed.value_or(()):
            gone = hold(self.client, self.verb(info))
            if not isinstance(gone, Success):
                failures.append(gone.failure())
                break
            self.tell(self.console, 0, gone.unwrap())
        self.console.fail(*(why(mapping, error) for error in failures))
        return not failures


_ALL = (
    "all resources selected for prune without explicitly passing --all. To prune all resources, "
    "pass the --all flag. If you did not mean to prune all resources, specify a label selector"
)
_SERVER_SIDE = "--prune is in alpha and doesn't currently work on objects created by server-side apply"
