"""Tables: the columns of a kind, recorded or declared, and the cells of an object. Pure.

A kind without printers of its own shows the names and ages of its objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fkube.cluster.kinds import Kind, recorded
from fkube.cluster.reading.cells import NONE, find_values, format_age
from fkube.cluster.reading.printers import PRINTERS
from fkube.resource.info import Object


def column_definitions(kind: Kind) -> Sequence[Object]:
    """The column definitions of a kind's table; a custom resource has its name before its own columns."""
    if "columns" in kind.facts:
        columns: Sequence[Object] = kind.facts["columns"]
        return columns
    # Any recorded kind's first column describes the name as the server does.
    name = recorded()["resources"]["/v1/configmaps"]["columns"][0]
    return [name, *map(_custom_column, kind.facts.get("printed", ()))]


def _custom_column(declared: Object) -> Object:
    described = f"Custom resource definition column (in JSONPath format): {declared['jsonPath']}"
    return {
        "name": declared["name"],
        "type": declared["type"],
        "format": declared.get("format", ""),
        "description": declared.get("description") or described,
        "priority": declared.get("priority", 0),
    }


def row_cells(kind: Kind, object: Object, now: datetime) -> list[object]:
    """The cells of an object's row."""
    if kind.custom:
        declared = kind.facts.get("printed", ())
        return [object["metadata"]["name"], *(_custom_cell(column, object, now) for column in declared)]
    return [_builtin_cell(kind, column["name"], object, now) for column in column_definitions(kind)]


def _builtin_cell(kind: Kind, name: str, object: Object, now: datetime) -> object:
    printer, metadata = PRINTERS.get(kind.prefix, {}).get(name), object["metadata"]
    if printer is not None:
        return printer(object)
    if name in ("Age", "Last Seen", "First Seen"):
        return format_age(metadata.get("creationTimestamp"), now)
    known = {"Name": metadata.get("name"), "Created At": metadata.get("creationTimestamp")}
    return known.get(name, NONE)


def _custom_cell(declared: Object, object: Object, now: datetime) -> object:
    values = find_values(declared["jsonPath"], object)
    if not values:
        return None
    if declared["type"] == "date":
        return format_age(str(values[0]), now)
    return " ".join(map(str, values)) if declared["type"] == "string" else values[0]
