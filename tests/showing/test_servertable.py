"""What a server says of objects as a table, and the table of objects of a server without tables."""

from datetime import UTC, datetime

import pytest

from fkube.showing.servertable import Column, Row, Table, table

META = {"namespace": "shop", "labels": {"b": "2", "a/x": "1"}}
NOW = datetime(2025, 6, 1, tzinfo=UTC)
AGES = {
    "2025-06-01T00:00:01Z": "0s", "2025-06-01T00:00:09Z": "<invalid>", "2025-05-31T23:58:30Z": "90s",
    "2025-05-31T23:55:00Z": "5m", "2025-05-31T23:54:30Z": "5m30s", "2025-05-31T22:30:00Z": "90m",
    "2025-05-31T18:15:00Z": "5h45m", "2025-05-31T00:00:00Z": "24h", "2025-05-28T20:00:00Z": "3d4h",
    "2025-01-01T00:00:00Z": "151d", "2023-01-01T00:00:00Z": "2y152d", "2010-01-01T00:00:00Z": "15y",
    None: "<unknown>", "soon": "<unknown>", "2025-06-01T00:00:00": "<unknown>",
}  # fmt: skip


@pytest.mark.parametrize("made", AGES, ids=str)
def test_an_object_of_a_server_without_tables_has_a_name_and_an_age(made):
    object = {"kind": "Shirt", "metadata": {"name": "a", "creationTimestamp": made}}
    for body in (object, {"kind": "ShirtList", "items": [object]}):
        assert table(body, NOW).rows == (Row(("a", AGES[made]), object),)


def test_a_table_of_a_server():
    definitions = [
        {"name": "Name", "type": "string", "format": "name", "priority": 0},
        {"name": "Node", "type": "string", "format": "", "priority": 1},
    ]
    rows = [{"cells": ["a", "n"], "object": {"metadata": META}}, {"cells": ["b"]}, {}]
    assert table({"kind": "Table", "columnDefinitions": definitions, "rows": rows}, NOW) == Table(
        (Column("Name", naming=True), Column("Node", wide=True)),
        (Row(("a", "n"), {"metadata": META}), Row(("b",)), Row(())),
    )
    assert table({"kind": "Table"}, NOW) == Table()
