"""Who owns which fields after an update or an apply, and what an apply leaves of the object. Pure.

Theory of operation. A manager owns a set of fields. An apply is a merge followed by book-keeping:

    config ──merged over──▶ live          a list takes the order of the config, an item is found by its keys
    compared(live, merged) = changed      changed where another manager owns it: a conflict; or, forced, taken
    fields(config) = what the applier owns from here on
    fields it owned before, and owns no more, and nobody else owns ──▶ are taken out of the object

An update has no config: who updates owns what is changed by it, and what went belongs to nobody. Sets are
compared in the version in which they were written; one of a version that is not served any more is dropped.

Follows `Updater.Update`, `Updater.Apply` of structured-merge-diff and the field managers of apimachinery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.merging.fields.managers import Identity, Manager, capped
from fkube.merging.fields.merging import Comparison, compared, merged, same, without
from fkube.merging.fields.paths import FieldSet, Path
from fkube.merging.fields.typed import fields_of
from fkube.merging.fields.types import Type
from fkube.resource.info import Object

STRIPPED: FieldSet = frozenset(
    {
        *(("f:apiVersion",), ("f:kind",), ("f:metadata",)),
        *(
            ("f:metadata", f"f:{name}")
            for name in (
                *("name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation"),
                *("managedFields", "resourceVersion"),
            )
        ),
    }
)
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

    def kept(self, fields: FieldSet) -> FieldSet:
        """The fields that are not reset."""
        if not self.reset:
            return fields
        return frozenset(path for path in fields if not any(path[: len(own)] == own for own in self.reset))


def updated(
    rules: Rules, old: Object, new: Object, managers: Iterable[Manager], who: Manager
) -> tuple[Manager, ...]:
    """The managers after an update by one of them: it owns what it changed, nobody owns what went."""
    known = {manager.identity: manager for manager in managers}
    left, change = _taken(rules, old, new, known, who)
    own = (change.modified | change.added) - STRIPPED
    if own:
        before = left.get(who.identity)
        left = {**left, who.identity: replace(who, fields=own | (before.fields if before else frozenset()))}
    return tuple(capped(left).values())


def _taken(
    rules: Rules, old: Object, new: Object, known: Mapping[Identity, Manager], who: Manager
) -> tuple[Mapping[Identity, Manager], Comparison]:
    """The managers without the fields that changed, and the changes at the version of who changed them."""
    changes = {version: _change(rules, old, new, version) for version in (who.version, *_versions(known))}
    left = {at: _less(manager, changes[manager.version]) for at, manager in known.items()}
    return {at: m for at, m in left.items() if m.fields}, changes[who.version] or Comparison()


def _versions(known: Mapping[Identity, Manager]) -> Iterable[str]:
    return dict.fromkeys(manager.version for manager in known.values())


def _change(rules: Rules, old: Object, new: Object, version: str) -> Comparison | None:
    type = rules.types(version)
    if type is None:
        return None
    found = compared(type, old, new)
    return Comparison(*map(rules.kept, (found.removed, found.modified, found.added)))


def _less(manager: Manager, change: Comparison | None) -> Manager:
    if change is None:
        return replace(manager, fields=frozenset())
    return replace(manager, fields=manager.fields - change.modified - change.added - change.removed)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply leaves: the object (the live one itself where nothing in it changes), who owns what."""

    object: Object = field(repr=False)
    managers: tuple[Manager, ...]


def applied(
    rules: Rules, live: Object, config: Object, managers: Iterable[Manager], who: Manager, force: bool = False
) -> Result[Applied, Conflicts]:
    """What one manager leaves who applies a configuration.

    `who` has the time of the apply. Errors: the fields of others that it would change, unless forced.
    """
    known = {manager.identity: manager for manager in managers}
    type, last = rules.types(who.version) or Type({}), known.pop(who.identity, None)
    own = replace(who, fields=rules.kept(fields_of(type, config)))
    new = _pruned(type, merged(type, live, config), (*known.values(), own), last)
    conflicts = _conflicts(rules, live, new, known)
    if conflicts and not force:
        return Failure(conflicts)
    others, _ = _taken(rules, live, new, known, who)
    unchanged, since = same(live, new), last.time if last else ""
    mine = replace(own, fields=own.fields - STRIPPED, time=since if unchanged else who.time)
    return Success(Applied(live if unchanged else new, (*others.values(), *((mine,) if mine.fields else ()))))


def _conflicts(rules: Rules, live: Object, new: Object, others: Mapping[Identity, Manager]) -> Conflicts:
    changes = {version: _change(rules, live, new, version) or Comparison() for version in _versions(others)}
    found = (
        (
            manager,
            manager.fields & rules.kept(changes[manager.version].modified | changes[manager.version].added),
        )
        for manager in others.values()
    )
    return tuple((manager, fields) for manager, fields in found if fields)


def _pruned(type: Type, whole: Any, managers: Iterable[Manager], last: Manager | None) -> Any:
    """The object without what its manager applied last time, and what nobody owns now."""
    if last is None or not last.fields:
        return whole
    before = _named(type, last.fields)
    everything = _named(type, fields_of(type, whole))
    owned = _named(type, frozenset().union(*(manager.fields for manager in managers)))
    left = without(type, whole, before)
    back = without(type, whole, everything - (_named(type, fields_of(type, left)) | owned))
    return without(type, whole, (everything - _named(type, fields_of(type, back))) & before)


def _named(type: Type, fields: FieldSet) -> FieldSet:
    """The fields, and those that the schema names on the way to them (`EnsureNamedFieldsAreMembers`)."""
    ways = {path[:end] for path in fields for end in range(1, len(path))}
    return fields | {way for way in ways if way[-1].startswith("f:") and _declared(type, way)}


def _declared(type: Type, way: Path) -> bool:
    here: Type | None = type
    for element in way[:-1]:
        opened = (here or type).opened
        name = element[2:]
        here = opened.items if element[0] != "f" else opened.field(name) or opened.rest
        if here is None:
            return False
    return here is not None and here.opened.field(way[-1][2:]) is not None
