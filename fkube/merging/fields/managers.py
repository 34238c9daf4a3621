"""Managers of fields: the entries of `managedFields` as data, and how they are ordered and capped. Pure.

Follows `DecodeManagedFields`, `encodeManagedFields` and `capManagersManager` of apimachinery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap
from operator import attrgetter
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.merging.fields.paths import FieldSet, fields_v1, from_fields_v1
from fkube.merging.schemashape import map_in
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Object
from fkube.resource.names import quote_text
from fkube.resource.results import collect_results
from fkube.syntax.misfits import Shape, find_misfit

UPDATERS = 10
"""How many entries of updates are kept apart."""

ANCIENT = "ancient-changes"
"""The manager under whose name the oldest updates are combined."""

Identity: TypeAlias = tuple[str, str, str, str]
"""Name, operation, subresource and version of a manager."""
Managers: TypeAlias = "Mapping[Identity, Manager]"
"""Managers by their identity."""


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
        """The key of a manager; one that applies is the same at any version (`BuildManagerIdentifier`)."""
        return self.name, self.operation, self.subresource, "" if self.applies else self.version

    @property
    def applies(self) -> bool:
        """Whether its fields were applied."""
        return self.operation == "Apply"

    def __str__(self) -> str:
        """The manager as conflicts name it (`printManager`)."""
        within = f" with subresource {quote_text(self.subresource)}" if self.subresource else ""
        using = "" if self.applies else f" using {self.version}"
        return f"{quote_text(self.name)}{within}{using}"


def read_managers(metadata: Object) -> Result[tuple[Manager, ...], str]:
    """Read the managers from `managedFields` of an object's metadata.

    Errors: why an entry is invalid, or which part of it has not the shape of one.

    >>> entry = {"manager": "me", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1"}
    >>> print(read_managers({"managedFields": [entry]}).unwrap()[0])
    "me"
    """
    entries = map_in(metadata).get("managedFields") or []
    wrong = find_misfit(entries, _ENTRIES)
    if wrong is not None:
        return Failure(f"managedFields{wrong}: the managers of fields have another shape")
    return collect_results(starmap(_read_entry, enumerate(entries)))


_TEXTS = ("manager", "operation", "apiVersion", "fieldsType", "subresource", "time")
_ENTRIES: Shape = [{**dict.fromkeys(_TEXTS, str), "fieldsV1": dict}]


def _read_entry(number: int, entry: Object) -> Result[Manager, str]:
    """Read one entry of `managedFields`; its number is for messages. Errors: why it is none."""
    if problem := _entry_problem(entry, number):
        return Failure(problem)
    keys = ("manager", "operation", "apiVersion", "subresource", "time")
    name, operation, version, within, time = (str(entry.get(key) or "") for key in keys)
    fields = from_fields_v1(entry.get("fieldsV1") or {})
    return Success(Manager(name, operation, version, within, time, fields))


def _entry_problem(entry: Object, number: int) -> str:
    """Why an entry is invalid, in the server's words; empty if it is not."""
    if entry.get("operation") not in ("Apply", "Update"):
        return "operation must be `Apply` or `Update`"
    if not entry.get("apiVersion"):
        return "apiVersion must not be empty"
    if not entry.get("fieldsType"):
        return f"missing fieldsType in managed fields entry {number}"
    if entry["fieldsType"] != "FieldsV1":
        return f"invalid fieldsType {quote_text(entry['fieldsType'])} in managed fields entry {number}"
    return ""


def write_managers(managers: Iterable[Manager]) -> list[Object]:
    """Write managers as `managedFields`, in the server's order: who applies first, then the oldest."""
    order = attrgetter("operation", "time", "name", "version", "subresource")
    return [_write_entry(manager) for manager in sorted(managers, key=order)]


def _write_entry(manager: Manager) -> Object:
    """Write one manager as an entry of `managedFields`; what is empty is left out."""
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


def cap_managers(managers: Managers) -> Managers:
    """Combine the oldest updates of each version where there are more than `UPDATERS`."""
    updaters = sorted((m for m in managers.values() if not m.applies), key=lambda m: (m.time, m.identity))
    return _combine_oldest(managers, updaters) if len(updaters) > UPDATERS else managers


def _combine_oldest(managers: Managers, updaters: Sequence[Manager]) -> Managers:
    """Combine as many updates as there are too many, in one `ANCIENT` entry for each version.

    `updaters`: the managers that updated, oldest first.
    """
    left, firsts, excess = dict(managers), dict[str, Manager](), len(updaters) - UPDATERS
    for manager in updaters:
        first = firsts.setdefault(manager.version, manager)
        if excess and first is not manager:
            bucket = Manager(ANCIENT, "Update", manager.version, "", manager.time)
            known = left.pop(bucket.identity, None) or left.pop(first.identity)
            left.pop(manager.identity, None)
            left[bucket.identity] = replace(bucket, fields=known.fields | manager.fields)
            excess -= 1
    return left
