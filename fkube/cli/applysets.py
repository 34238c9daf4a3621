"""What `fkube apply --applyset` does before and after its objects are applied."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.cli.checks import refused
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options, boolean
from fkube.cli.pruning import Kept, Pruner
from fkube.cli.session import found, visited
from fkube.documents.source import Objects
from fkube.edge import Client
from fkube.edge.knowing import known
from fkube.edge.running import hold
from fkube.exchange.conversation import Exchange
from fkube.pipeline.discovery import Mapper
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info
from fkube.resource.results import collected
from fkube.verbs.applyset import PART_OF, Members, Parent, applied, current, labelled, parent, permitted

Write: TypeAlias = Callable[[Parent, Members], Exchange[None]]
"""How the members are written down on the parent."""

APPLYSET = Flag(
    "applyset", "With --prune and KUBECTL_APPLYSET=true: [RESOURCE][.GROUP]/NAME of what keeps the set."
)


def alone(options: Options) -> Result[None, UsageError]:
    """Nothing, where the flags go with an ApplySet. Follows `ApplyOptions.Validate` of kubectl."""
    if not options["applyset"]:
        return Success(None)
    if not boolean(os.environ.get("KUBECTL_APPLYSET", "")):
        return refused("unknown flag: --applyset\nSee 'fkube apply --help' for usage.")
    if not options["prune"]:
        return refused("--applyset requires --prune")
    given = {"all": "--all", "selector": "--selector", "prune-allowlist": "--prune-allowlist"}
    wrong = next((shown for name, shown in given.items() if options[name]), None)
    return refused(f"{wrong} is incompatible with --applyset") if wrong else Success(None)


@dataclass(frozen=True, slots=True)
class Set:
    """A set that is applied: its parent, what it had, and what it has now."""

    parent: Parent
    before: Members
    now: Members


def opened(
    console: Console, client: Client, options: Options, made: Pipeline, write: Write
) -> tuple[Set, Pipeline] | None:
    """The set, written down with all that it had and will have, and a pipeline of its labelled objects.

    None where that can't be, once the reason is told. Follows `ApplySet.BeforeApply` of kubectl.
    """
    offered = known(client)
    mapper = offered.map(lambda known: known.mapper).value_or(Mapper())
    which = offered.bind(lambda _: parent(mapper, options["applyset"], options["namespace"]))
    allowed = which.bind(lambda set: hold(client, permitted(mapper, set)))
    had = allowed.bind(lambda set: hold(client, current(mapper, set)))
    infos = had.bind(lambda _: _labelled(console, client, made, allowed.unwrap()))
    written = infos.bind(lambda found: hold(client, write(allowed.unwrap(), had.unwrap() | applied(found))))
    if not isinstance(written, Success):
        console.fail(written.failure())
        return None
    objects = Objects(tuple(info.object for info in infos.unwrap()))
    set = Set(allowed.unwrap(), had.unwrap(), applied(infos.unwrap()))
    return set, replace(made, sources=(objects,))


def _labelled(
    console: Console, client: Client, made: Pipeline, set: Parent
) -> Result[tuple[Info, ...], VisitError]:
    """All objects with the label of the set; what can't be read is told."""
    infos: list[Info] = []

    def add(_: int, outcome: Outcome) -> None:
        if outcome.info is not None:
            infos.append(outcome.info)

    visited(console, client, made, found, add)
    if not infos and not console.failures:
        return Failure(UsageError("no objects passed to apply"))
    return collected(labelled(set, info) for info in infos)


def settled(pruner: Pruner, set: Set, kept: Kept, write: Write) -> None:
    """Prune what was in the set and is no more, and write down what is.

    Follows `ApplySet.Prune` of kubectl.
    """
    kinds = tuple(sorted(set.before.kinds, key=lambda mapping: mapping.qualified))
    members = replace(pruner, selector=f"{PART_OF}={set.parent.id}", owned=lambda _: True)
    members.all(kinds, Kept(kept.uids, {*set.before.namespaces}))
    if not pruner.console.failures:
        hold(pruner.client, write(set.parent, set.now)).alt(pruner.console.fail)
