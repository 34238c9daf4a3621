"""Tables: the columns of a kind, recorded or declared, and the cells of an object. Pure.

A kind without printers of its own shows the names and ages of its objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fkube.cluster.kinds import Kind, recorded
from fkube.cluster.reading.cells import NONE, Cell, age, json_path
from fkube.cluster.reading.printers import PRINTERS
from fkube.resource.info import Object


def column_definitions(kind: Kind) -> Sequence[Object]:
    """The column definitions of a kind's table; a custom resource has its name before its own columns."""
    if "columns" in kind.facts:
        recorded_columns: Sequence[Object] = kind.facts["columns"]
        return recorded_columns
    # Any recorded kind's first column describes the name as the server does.
    name = recorded()["resources"]["/v1/configmaps"]["columns"][0]
    return [name, *(_custom_column(declared) for declared in kind.facts.get("printed", ()))]


def _custom_column(declared: Object) -> Object:
    described = (
        declared.get("description")
        or f"Custom resource definition column (in JSONPath format): {declared['jsonPath']}"
    )
    format, priority = declared.get("format", ""), declared.get("priority", 0)
    return {
        "name": declared["name"],
        "type": declared["type"],
        "format": format,
        "description": described,
        "priority": priority,
    }


def row_cells(kind: Kind, one: Object, now: datetime) -> list[Any]:
    """The cells of one object's row."""
    if kind.custom:
        printed = kind.facts.get("printed", ())
        return [one["metadata"]["name"], *(_custom_cell(declared, one, now) for declared in printed)]
    printers = PRINTERS.get(kind.prefix, {})
    return [_builtin_cell(column["name"], printers, one, now) for column in column_definitions(kind)]


def _builtin_cell(name: str, printers: Mapping[str, Cell], one: Object, now: datetime) -> Any:
    if name in printers:
        return printers[name](one)
    metadata = one["metadata"]
    if name in ("Age", "Last Seen", "First Seen"):
        return age(metadata.get("creationTimestamp"), now)
    known = {"Name": metadata.get("name"), "Created At": metadata.get("creationTimestamp")}
    return known.get(name, NONE)


def _custom_cell(declared: Object, one: Object, now: datetime) -> Any:
    found = json_path(declared["jsonPath"], one)
    if not found:
        return None
    if declared["type"] == "date":
        return age(str(found[0]), now)
    return " ".join(map(str, found)) if declared["type"] == "string" else found[0]
