"""kubectl beside fkube: every row of the table, run once by each on the same server, leaves the same."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.conformance.commands import Ran, fkube, kubectl
from tests.conformance.compare import differences
from tests.conformance.left import Objects, comparable, left
from tests.conformance.scenarios import HERE, Row, Stage, differing, rows, step
from tests.conformance.server import Server

TABLE = rows(HERE / "scenarios.yaml")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def stage(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A folder of files, served on loopback."""
    folder = tmp_path_factory.mktemp("scenarios")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield Stage(server, folder, f"http://127.0.0.1:{web.server_port}")
        web.shutdown()


Runs = Mapping[str, list[Future[list[Ran]]]]


@pytest.fixture(scope="module")
def runs(stage: Stage, request: pytest.FixtureRequest) -> Runs:
    """Every selected row, run by both; rows beside one another, for each has its namespace."""
    chosen = [item.callspec.params["row"] for item in request.session.items if "row" in getattr(getattr(item, "callspec", None), "params", {})]
    real, ours = kubectl(stage.server), fkube(stage.server)
    with ThreadPoolExecutor(4) as pool:
        started = {row.name: [pool.submit(stage.run, row, *side) for side in (("k", real, real), ("f", real, ours))] for row in chosen}
    return started


@pytest.fixture(scope="module")
def objects(runs: Runs, stage: Stage) -> Mapping[str, Objects]:
    """What all of them left."""
    return left(stage.server)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_row(row: Row, runs: Runs, objects: Mapping[str, Objects]) -> None:
    theirs, ours = (run.result() for run in runs[row.name])
    names = [row.namespace(side) for side in "kf"]
    found = set()
    for one, other in zip(theirs, ours, strict=True):
        found |= differing(step(one, names[0]), step(other, names[1]))
    state = [comparable(objects.get(name[:4], {}), name) for name in names]
    unlike = list(differences(*state))
    found |= {"objects"} if unlike else set()
    known = set(row.differs.get("in", []))
    told = "\n".join([*(f"{run}" for run in (*theirs, *ours)), *unlike])
    assert found == known, f"differs in {sorted(found)}, known to in {sorted(known)}\n{told}"
