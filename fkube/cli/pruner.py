"""What `fkube apply --prune` does once all objects are applied, with and without an ApplySet."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, product
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.cli.checks import Checked, first_broken
from fkube.cli.flags import flag
from fkube.cli.outcomeprinter import Print
from fkube.cli.pflag import read_boolean
from fkube.cli.session import Session, Task, find_infos, value_or_report
from fkube.documents.source import Objects
from fkube.edge.offers import ask_discovery, read_discovery
from fkube.edge.running import Verb, hold
from fkube.exchange.conversation import Exchange
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info, RESTMapping
from fkube.resource.results import collect_results
from fkube.verbs.applyset import (
    PART_OF,
    Members,
    Parent,
    add_set_label,
    check_parent_type,
    find_parent,
    members_of,
    read_members,
)
from fkube.verbs.prune import Owned, find_prunable_kinds, list_candidates, pruning_error

WriteMembers: TypeAlias = Callable[[Parent, Members], Exchange[None]]
"""How the members of a set are written down on its parent."""


ALLOWED = "Instead of the usual kinds, those that may go: group/version/kind; may be repeated."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """The flags that say what is pruned."""

    prune: bool = flag("Delete what was applied and is in the input no more; with -l or --all.", False)
    all: bool = flag("With --prune: every object of the kinds that may go.", False)
    prune_allowlist: tuple[str, ...] = flag(ALLOWED, (), commas=False)
    applyset: str = flag(
        "With --prune and KUBECTL_APPLYSET=true: [RESOURCE][.GROUP]/NAME of what keeps the set.", ""
    )


PRUNING = ("prune", "all", "prune_allowlist")
"""The flags of pruning without an ApplySet."""


def check_prune(pruning: Pruning, selector: str, force: bool, server_side: bool) -> Checked[None]:
    """Refuse flags that do not go with `--prune`: `force` is `--force`, `selector` that of `-l`.

    Follows `ApplyOptions.Validate` of kubectl.
    """
    without_set = pruning.prune and not pruning.applyset
    return first_broken(
        (pruning.prune and force, "--force cannot be used with --prune"),
        (without_set and not pruning.all and not selector, _ALL),
        (without_set and server_side, _SERVER_SIDE),
    )


def check_applyset(pruning: Pruning, selector: str) -> Checked[None]:
    """Refuse flags that do not go with `--applyset`. Follows `ApplyOptions.Validate` of kubectl."""
    if not pruning.applyset:
        return Success(None)
    enabled = read_boolean(os.environ.get("KUBECTL_APPLYSET", ""))
    return first_broken(
        (not enabled, "unknown flag: --applyset\nSee 'fkube apply --help' for usage."),
        (not pruning.prune, "--applyset requires --prune"),
        (pruning.all, "--all is incompatible with --applyset"),
        (selector, "--selector is incompatible with --applyset"),
        (pruning.prune_allowlist, "--prune-allowlist is incompatible with --applyset"),
    )


@dataclass(slots=True)
class KeptObjects:
    """What is not pruned: objects that were applied, by uid; and the namespaces to prune in."""

    uids: set[str] = field(default_factory=set)
    namespaces: set[str] = field(default_factory=set)

    def add(self, outcome: Outcome) -> None:
        """Keep the object of an outcome, and its namespace."""
        self.uids.add(str((outcome.object.get("metadata") or {}).get("uid") or ""))
        if outcome.info is not None and outcome.info.namespaced:
            self.namespaces.add(outcome.info.namespace)


@dataclass(frozen=True, slots=True)
class Pruner:
    """Deletes what was applied and is not kept, and prints each object.

    `verb` deletes. `owned`: which objects count as applied; without it, those with apply's annotation.
    """

    session: Session
    selector: str
    verb: Verb
    print_outcome: Print
    kept: KeptObjects
    owned: Owned | None = None

    def prune_all(self, kinds: Sequence[RESTMapping]) -> None:
        """Prune each kind in each namespace, up to the first failure.

        Follows `pruner.pruneAll` of kubectl.
        """
        within = product(sorted(self.kept.namespaces), [kind for kind in kinds if kind.namespaced])
        everywhere = product([""], [kind for kind in kinds if not kind.namespaced])
        pruned = (self._prune_kind(kind, namespace) for namespace, kind in chain(within, everywhere))
        collect_results(pruned).alt(self.session.console.fail)

    def _prune_kind(self, kind: RESTMapping, namespace: str) -> Result[object, VisitError]:
        """Prune the objects of a kind in a namespace (empty: cluster-scoped), up to the first failure."""
        wanted = list_candidates(kind, namespace, self.selector, self.kept.uids, self.owned)
        left = hold(self.session.client, wanted)
        pruned = left.bind(lambda infos: collect_results(map(self._prune, infos)))
        return pruned.alt(partial(pruning_error, kind))

    def _prune(self, info: Info) -> Result[None, VisitError]:
        """Delete an object, and print the outcome."""
        deleted = hold(self.session.client, self.verb(info))
        return deleted.map(lambda outcome: self.print_outcome(0, outcome))


def prune_after(pruner: Pruner, pruning: Pruning, visit: Task) -> None:
    """Visit the pipeline, then prune what is not kept, if `--prune` is given and nothing failed.

    Nothing is visited where the kinds that may be pruned can't be found out.
    """
    session = pruner.session
    kinds = _prunable_kinds(session, pruning.prune_allowlist) if pruning.prune else ()
    if kinds is not None:
        visit(session)
        if not session.console.failures:
            beyond = pruning.prune and session.pipeline.namespace and not pruning.prune_allowlist
            session.console.warn((_BEYOND,) if beyond else ())
            pruner.prune_all(kinds)


def _prunable_kinds(session: Session, allowed: tuple[str, ...]) -> tuple[RESTMapping, ...] | None:
    """The kinds that may be pruned: those `allowed`, else kubectl's; None once an error is printed."""
    # What deletes by kind must know the scope that it has now; the usual kinds keep theirs.
    offered = (ask_discovery if allowed else read_discovery)(session.client)
    kinds = offered.bind(lambda found: find_prunable_kinds(found.mapper, allowed))
    return value_or_report(session.console, kinds)


@dataclass(frozen=True, slots=True)
class ApplySet:
    """An ApplySet being applied: its parent, its members before and now, and the objects of these."""

    parent: Parent
    before: Members
    now: Members
    infos: tuple[Info, ...]

    def objects_of(self, session: Session) -> Session:
        """The session with the objects of the set as its only source, labelled as members."""
        objects = Objects(tuple(info.object for info in self.infos))
        return replace(session, pipeline=replace(session.pipeline, sources=(objects,)))


def apply_set(pruner: Pruner, name: str, namespace: str, write: WriteMembers, visit: Task) -> None:
    """Visit the objects of an ApplySet, then prune those that have left it, if nothing failed.

    The members before and after are written onto its parent first, only those after in the end. `name` is
    the value of `--applyset`, `visit` the task that applies. Follows `ApplySet.BeforeApply` of kubectl.
    """
    session, client = pruner.session, pruner.session.client
    begun: Result[ApplySet, VisitError] = Result.do(
        ApplySet(allowed, before, members_of(infos), infos)
        # The set names its kinds, and what left it is deleted by them: a cache may have another scope.
        for offered in ask_discovery(client)
        for wanted in find_parent(offered.mapper, name, namespace)
        for allowed in hold(client, check_parent_type(offered.mapper, wanted))
        for before in hold(client, read_members(offered.mapper, allowed))
        for infos in _label_all(session, allowed)
        for _ in hold(client, write(allowed, before | members_of(infos)))
    )
    applied_set = value_or_report(session.console, begun)
    if applied_set is not None:
        visit(applied_set.objects_of(session))
        if not session.console.failures:
            _end_set(pruner, applied_set, write)


def _label_all(session: Session, parent: Parent) -> Result[tuple[Info, ...], VisitError]:
    """Find all resources, print what is wrong with any, and add the label of the set to each.

    Errors: no resources.
    """
    infos = find_infos(session)
    if not infos and not session.console.failures:
        return Failure(UsageError("no objects passed to apply"))
    return collect_results(add_set_label(parent, info) for info in infos)


def _end_set(pruner: Pruner, applied_set: ApplySet, write: WriteMembers) -> None:
    """Prune what was in the set before and is not now, and write the members onto its parent.

    Follows `ApplySet.Prune` of kubectl.
    """
    session, before = pruner.session, applied_set.before
    kept = KeptObjects(pruner.kept.uids, {*before.namespaces})
    selector = f"{PART_OF}={applied_set.parent.id}"
    members = replace(pruner, selector=selector, kept=kept, owned=lambda _: True)
    members.prune_all(sorted(before.kinds, key=lambda kind: kind.qualified))
    if not session.console.failures:
        hold(session.client, write(applied_set.parent, applied_set.now)).alt(session.console.fail)


_ALL = (
    "all resources selected for prune without explicitly passing --all. To prune all resources, "
    "pass the --all flag. If you did not mean to prune all resources, specify a label selector"
)
_BEYOND = (
    "Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the "
    "--namespace flag in a future release. To preserve the current behaviour, list the resources you want to "
    "target explicitly in the --prune-allowlist flag."
)
_SERVER_SIDE = "--prune is in alpha and doesn't currently work on objects created by server-side apply"
