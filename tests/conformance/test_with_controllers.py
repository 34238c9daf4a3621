"""kubectl beside fkube where controllers act: namespaces that end, dependents that are collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.conformance.assets import Assets
from tests.conformance.conftest import Count, Runs
from tests.conformance.left import Objects
from tests.conformance.scenarios import HERE, Row, judged, rows
from tests.conformance.server import Server, controllers, running


@pytest.fixture(scope="module")
def server(binaries: Assets) -> Iterator[Server]:
    """A server of its own with a kube-controller-manager beside it."""
    if "kube-controller-manager" not in binaries:
        pytest.skip("no kube-controller-manager in KUBEBUILDER_ASSETS")
    with running(binaries) as started, controllers(binaries, started):
        yield started


@pytest.mark.parametrize("row", rows(HERE / "controllers.yaml", 900), ids=lambda row: row.name)
def test_row(row: Row, runs: Runs, objects: Mapping[str, Objects], record_property: Count) -> None:
    theirs, ours = (run.result() for run in runs[row.name])
    left = [objects.get(row.mark(side), {}) for side in "kf"]
    verdict = judged(row, (theirs, ours), (left[0], left[1]))
    assert verdict.differs == row.differs, verdict.told
    record_property("rows", 1)
