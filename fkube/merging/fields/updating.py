"""Who owns which fields after an update or an apply, and what an apply leaves of the object. Pure.

Theory of operation. A manager owns a set of fields. An apply is a merge followed by book-keeping:

    config ──merged over──▶ live          a list takes the order of the config, an item is found by its keys
    compared(live, merged) = changed      changed where another manager owns it: a conflict; or, forced, taken
    fields(config) = what the applier owns from here on
    fields it owned before, and owns no more, and nobody else owns ──▶ are taken out of the object

Before either, what a manager owns is brought to the schemas as they are now (`reconciled`).
An update has no config: who updates owns what is changed by it, and what went belongs to nobody. Sets are
compared in the version in which they were written; one of a version that is not served any more is dropped.

Follows `Updater.Update`, `Updater.Apply` of structured-merge-diff and the field managers of apimachinery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.merging.fields.managers import Identity, Manager, Managers, cap_managers
from fkube.merging.fields.merge import Comparison, compared, equal_values, merged, without
from fkube.merging.fields.owned import fields_of
from fkube.merging.fields.paths import FieldSet, Path
from fkube.merging.fields.reconcile import reconciled
from fkube.merging.fields.types import Type
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.info import Object

_SYSTEM = "name namespace creationTimestamp selfLink uid clusterName generation managedFields resourceVersion"
_METADATA = frozenset(("f:metadata", f"f:{name}") for name in _SYSTEM.split())
STRIPPED: FieldSet = _METADATA | {("f:apiVersion",), ("f:kind",), ("f:metadata",)}
"""The fields that nobody owns."""

Conflicts: TypeAlias = tuple[tuple[Manager, FieldSet], ...]
"""Who owns fields that would be changed, each with those fields."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the fields of a kind are managed: the type at each version, and what a resource resets.

    `types` gives None for a version that is not served any more. `reset`: fields (with what is below) that
    the resource or subresource does not change.
    """

    types: Callable[[str], Type | None]
    reset: tuple[Path, ...] = field(default=())

    def without_reset(self, fields: FieldSet) -> FieldSet:
        """The fields that are not reset."""
        if not self.reset:
            return fields
        return frozenset(path for path in fields if not any(path[: len(own)] == own for own in self.reset))


def update_managers(
    rules: Rules, old: Object, new: Object, managers: Iterable[Manager], who: Manager
) -> tuple[Manager, ...]:
    """The managers after one of them updates an object: it owns what it changed, nobody what went.

    `who`: the manager that updates, with its version and the time; its fields do not count.
    """
    known = _reconcile_managers(rules, managers)
    left, change = _release_changed(rules, old, new, known, who)
    own = (change.modified | change.added) - STRIPPED
    if own:
        before = left.get(who.identity)
        left = {**left, who.identity: replace(who, fields=own | (before.fields if before else frozenset()))}
    return tuple(cap_managers(left).values())


def _reconcile_managers(rules: Rules, managers: Iterable[Manager]) -> dict[Identity, Manager]:
    """The managers by identity, with what they own by the schemas of now; none of a version not served."""
    types = ((manager, rules.types(manager.version)) for manager in managers)
    return {
        manager.identity: replace(manager, fields=reconciled(type, manager.fields))
        for manager, type in types
        if type is not None
    }


def _release_changed(
    rules: Rules, old: Object, new: Object, known: Managers, who: Manager
) -> tuple[Managers, Comparison]:
    """The managers without the fields that changed, and the changes at the version of `who`."""
    changes = {version: _compare_at(rules, old, new, version) for version in (who.version, *_versions(known))}
    left = {at: _release(manager, changes[manager.version]) for at, manager in known.items()}
    return {at: m for at, m in left.items() if m.fields}, changes[who.version]


def _versions(known: Managers) -> Iterable[str]:
    """The versions at which the managers own fields, each once."""
    return dict.fromkeys(manager.version for manager in known.values())


def _compare_at(rules: Rules, old: Object, new: Object, version: str) -> Comparison:
    """The changes in the fields of a version."""
    change = compared(rules.types(version) or Type({}), old, new)
    return Comparison(*map(rules.without_reset, (change.removed, change.modified, change.added)))


def _release(manager: Manager, change: Comparison) -> Manager:
    """The manager without the fields that changed."""
    return replace(manager, fields=manager.fields - change.modified - change.added - change.removed)


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """What an apply leaves: the object (the live one itself where nothing in it changes), who owns what."""

    object: Object = field(repr=False)
    managers: tuple[Manager, ...]


def apply_configuration(
    rules: Rules, live: Object, config: Object, managers: Iterable[Manager], who: Manager, force: bool = False
) -> Result[ApplyResult, Conflicts]:
    """The object and its managers after one of them applies a configuration.

    `who` has the time of the apply. Errors: the fields of others that it would change, unless forced.
    """
    known = _reconcile_managers(rules, managers)
    type, last = rules.types(who.version) or Type({}), known.pop(who.identity, None)
    own = replace(who, fields=rules.without_reset(fields_of(type, config)))
    new = _prune(type, merged(type, live, config), (*known.values(), own), last)
    conflicts = _conflicts(rules, live, new, known)
    if conflicts and not force:
        return Failure(conflicts)
    others, _ = _release_changed(rules, live, new, known, who)
    unchanged, since = equal_values(live, new), last.time if last else ""
    mine = replace(own, fields=own.fields - STRIPPED, time=since if unchanged else who.time)
    owners = (*others.values(), mine) if mine.fields else tuple(others.values())
    return Success(ApplyResult(live if unchanged else new, owners))


def _conflicts(rules: Rules, live: Object, new: Object, others: Managers) -> Conflicts:
    """The managers that own fields which change from the live object to the new one."""
    changes = {at: _compare_at(rules, live, new, at) for at in _versions(others)}
    changed = {version: change.modified | change.added for version, change in changes.items()}
    owned = ((manager, manager.fields & changed[manager.version]) for manager in others.values())
    return tuple((manager, fields) for manager, fields in owned if fields)


def _prune(type: Type, whole: object, managers: Iterable[Manager], last: Manager | None) -> Any:
    """Remove from a merged object what a manager applied last time and nobody owns now.

    `managers`: all of them as they are now; `last`: the one that applies, as it was before.
    """
    if last is None or not last.fields:
        return whole
    before = _with_named_ways(type, last.fields)
    everything = _with_named_ways(type, fields_of(type, whole))
    owned = _with_named_ways(type, frozenset().union(*(manager.fields for manager in managers)))
    left = without(type, whole, before)
    back = without(type, whole, everything - (_with_named_ways(type, fields_of(type, left)) | owned))
    return without(type, whole, (everything - _with_named_ways(type, fields_of(type, back))) & before)


def _with_named_ways(type: Type, fields: FieldSet) -> FieldSet:
    """The fields, and those that the schema names on the way to them (`EnsureNamedFieldsAreMembers`)."""
    ways = {path[:end] for path in fields for end in range(1, len(path))}
    return fields | {way for way in ways if way[-1].startswith("f:") and _is_declared(type, way)}


def _is_declared(type: Type, way: Path) -> bool:
    """Whether the schema of a type names the field at the end of a path."""
    here: Type | None = type
    for element in way[:-1]:
        target = (here or type).target
        name = element[2:]
        here = target.items if element[0] != "f" else target.field(name) or target.rest
        if here is None:
            return False
    return here is not None and here.target.field(way[-1][2:]) is not None
