"""kubectl beside fkube: every row of the table, run once by each on the same server, leaves the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.conformance.commands import Ran
from tests.conformance.conftest import Count, Runs
from tests.conformance.known import differences_known
from tests.conformance.left import Objects
from tests.conformance.scenarios import Row, judged, step, table

TABLE = table()
ROW = Row("planted", 7, (), ("create -f configmap.yaml",), "", frozenset())
RAN = Ran(0, "configmap/settings created\n", "")
OBJECT = {
    "metadata": {"name": "settings", "namespace": "k007-planted", "uid": "1"},
    "data": {"colour": "blue"},
}
LEFT = {"ConfigMap k007-planted/settings": OBJECT}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_row(row: Row, runs: Runs, objects: Mapping[str, Objects], record_property: Count) -> None:
    theirs, ours = (run.result() for run in runs[row.name])
    left = [objects.get(row.mark(side), {}) for side in "kf"]
    verdict = judged(row, (theirs, ours), (left[0], left[1]))
    assert verdict.differs == row.differs, verdict.told
    record_property("rows", 1)


def test_every_difference_is_in_the_table() -> None:
    known = {each.name for each in differences_known() if each.area == "command"}
    assert {row.difference for row in TABLE if row.difference} == known


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (replace(RAN, status=1), {"status"}),
        (replace(RAN, stdout="configmap/settings configured\n"), {"stdout"}),
        (replace(RAN, stdout=RAN.stdout * 2), {"stdout"}),
        (replace(RAN, stderr='Error from server (NotFound): namespaces "x" not found\n'), {"errors"}),
    ],
)
def test_a_planted_difference_of_commands_is_found(planted: Ran, found: set[str]) -> None:
    assert judged(ROW, ([RAN], [planted]), ({}, {})).differs == found


@pytest.mark.parametrize(
    "planted",
    [
        {},
        {**LEFT, "Secret f007-planted/more": OBJECT},
        {"ConfigMap f007-planted/settings": {**OBJECT, "data": {"colour": "red"}}},
        {"ConfigMap f007-planted/settings": {**OBJECT, "data": {"colour": True}}},
        {"ConfigMap f007-planted-b/settings": OBJECT},
    ],
)
def test_a_planted_difference_of_what_is_left_is_found(planted: Objects) -> None:
    assert judged(ROW, ([RAN], [RAN]), (LEFT, planted)).differs == {"objects"}


def test_what_the_server_makes_up_is_no_difference() -> None:
    ours = {
        "ConfigMap f007-planted/settings": {
            **OBJECT,
            "metadata": {"name": "settings", "namespace": "f007-planted", "uid": "2"},
        }
    }
    assert judged(ROW, ([RAN], [RAN]), (LEFT, ours)).differs == frozenset()


def test_lines_are_a_multiset_without_ages_and_addresses() -> None:
    table = "NAME  CLUSTER-IP   AGE\nk007-planted  10.0.0.1     3s\nb     10.0.11.12   11s\n"
    expected = Counter(["NAME  CLUSTER-IP AGE", "NAMESPACE  ADDRESS AGE", "b     ADDRESS AGE"])
    assert step(Ran(0, table, ""), "k007-planted").stdout == expected
