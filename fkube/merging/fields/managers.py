"""Managers of fields: the entries of `managedFields` as data, and how they are ordered and capped. Pure.

Follows `DecodeManagedFields`, `encodeManagedFields` and `capManagersManager` of apimachinery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.merging.fields.paths import FieldSet, fields_v1, from_fields_v1
from fkube.resource.info import Object
from fkube.resource.names import quoted

UPDATERS = 10
"""How many entries of updates are kept apart."""

ANCIENT = "ancient-changes"
"""Who the oldest updates are taken together under."""

Identity: TypeAlias = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Manager:
    """Who owns which fields, by which operation (`Apply` or `Update`), at which version, and since when."""

    name: str
    operation: str
    version: str
    subresource: str = ""
    time: str = ""
    fields: FieldSet = frozenset()

    @property
    def identity(self) -> Identity:
        """What tells it from others; who applies is one at any version (`BuildManagerIdentifier`)."""
        return self.name, self.operation, self.subresource, "" if self.applies else self.version

    @property
    def applies(self) -> bool:
        """Whether its fields were applied."""
        return self.operation == "Apply"

    def __str__(self) -> str:
        """As conflicts name it (`printManager`)."""
        within = f" with subresource {quoted(self.subresource)}" if self.subresource else ""
        using = "" if self.applies else f" using {self.version}"
        return f"{quoted(self.name)}{within}{using}"


def read(metadata: Object) -> Result[tuple[Manager, ...], str]:
    """The managers that an object's metadata tells of. Errors: why an entry is none.

    >>> entry = {"manager": "me", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1"}
    >>> print(read({"managedFields": [entry]}).unwrap()[0])
    "me"
    """
    found: list[Manager] = []
    for number, entry in enumerate(metadata.get("managedFields") or ()):
        wrong = _wrong(entry, number)
        if wrong:
            return Failure(wrong)
        found.append(_manager(entry))
    return Success(tuple(found))


def _wrong(entry: Object, number: int) -> str:
    if entry.get("operation") not in ("Apply", "Update"):
        return "operation must be `Apply` or `Update`"
    if not entry.get("apiVersion"):
        return "apiVersion must not be empty"
    if not entry.get("fieldsType"):
        return f"missing fieldsType in managed fields entry {number}"
    kind = entry["fieldsType"]
    return "" if kind == "FieldsV1" else f"invalid fieldsType {quoted(kind)} in managed fields entry {number}"


def _manager(entry: Object) -> Manager:
    name, operation, version, within, time = (
        str(entry.get(key) or "") for key in ("manager", "operation", "apiVersion", "subresource", "time")
    )
    return Manager(name, operation, version, within, time, from_fields_v1(entry.get("fieldsV1") or {}))


def written(managers: Iterable[Manager]) -> list[dict[str, Any]]:
    """The entries of `managedFields`, in the server's order: who applies first, then the oldest."""
    return [_entry(manager) for manager in sorted(managers, key=_place)]


def _place(manager: Manager) -> tuple[str, ...]:
    return manager.operation, manager.time, manager.name, manager.version, manager.subresource


def _entry(manager: Manager) -> dict[str, Any]:
    entry = {
        "manager": manager.name,
        "operation": manager.operation,
        "apiVersion": manager.version,
        "time": manager.time,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields_v1(manager.fields),
        "subresource": manager.subresource,
    }
    return {key: value for key, value in entry.items() if value != ""}


def capped(managers: Mapping[Identity, Manager]) -> Mapping[Identity, Manager]:
    """The managers, the oldest updates at a version taken together where there are too many."""
    updaters = sorted((m for m in managers.values() if not m.applies), key=lambda m: (m.time, m.identity))
    return _bucketed(managers, updaters) if len(updaters) > UPDATERS else managers


def _bucketed(
    managers: Mapping[Identity, Manager], updaters: Sequence[Manager]
) -> Mapping[Identity, Manager]:
    left, firsts, over = dict(managers), dict[str, Manager](), len(updaters) - UPDATERS
    for manager in updaters:
        first = firsts.setdefault(manager.version, manager)
        if over and first is not manager:
            bucket = Manager(ANCIENT, "Update", manager.version, "", manager.time)
            known = left.pop(bucket.identity, None) or left.pop(first.identity)
            left.pop(manager.identity, None)
            left[bucket.identity] = replace(bucket, fields=known.fields | manager.fields)
            over -= 1
    return left
