"""What every conformance test shares: one real server for the whole run, and the rows run on it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

import pytest
import yaml

from fkube.cluster import State, empty, respond
from fkube.exchange import Request
from tests.conformance.assets import Assets, assets
from tests.conformance.beside import body
from tests.conformance.commands import Ran, fkube, kubectl
from tests.conformance.left import Objects, left
from tests.conformance.scenarios import HERE, Row, Stage, await_kind
from tests.conformance.server import Server, running

AT_ONCE = 4
"""Rows that run beside one another."""

Runs = Mapping[str, list[Future[list[Ran]]]]
Count: TypeAlias = Callable[[str, int], None]
"""Pytest's `record_property`: what a test has compared, and how much of it."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def binaries() -> Assets:
    """The real servers' binaries, built where they are not there yet."""
    return assets()


@pytest.fixture(scope="session")
def server(binaries: Assets) -> Iterator[Server]:
    """One kube-apiserver for the run."""
    with running(binaries) as started:
        yield started


@pytest.fixture(scope="session")
def begun(server: Server) -> State:
    """Both servers with the same custom kinds."""
    state = empty()
    for crd in yaml.safe_load_all((HERE / "crds.yaml").read_text()):
        request = Request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body=body(crd))
        state, _ = respond(state, request)
        assert (
            server.send("POST", request.path, request.body, **{"Content-Type": "application/json"}).status
            == 201
        )
    await_kind(server, "judge.example.com")
    return state


@pytest.fixture(scope="module")
def stage(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A folder of files, served on loopback."""
    folder = tmp_path_factory.mktemp("scenarios")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield Stage(server, folder, f"http://127.0.0.1:{web.server_port}")
        web.shutdown()


@pytest.fixture(scope="module")
def runs(stage: Stage, request: pytest.FixtureRequest) -> Runs:
    """Every selected row of the module, run by both."""
    real, ours = kubectl(stage.server), fkube(stage.server)
    chosen = [row for item in request.session.items if (row := _row_of(item, request))]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return {
            row.name: [
                pool.submit(stage.run, row, side, real, judged) for side, judged in (("k", real), ("f", ours))
            ]
            for row in chosen
        }


@pytest.fixture(scope="module")
def objects(runs: Runs, stage: Stage) -> Mapping[str, Objects]:
    """What all of them left."""
    wait([each for pair in runs.values() for each in pair])
    return left(stage.server)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how much was compared: what the passed tests counted, wherever they ran."""
    passed = terminalreporter.stats.get("passed", ())
    counts: Counter[str] = Counter()
    for report in (each for each in passed if each.when == "call"):
        counts.update(dict(report.user_properties))
    if counts:
        told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        terminalreporter.write_line(f"compared: {told}")


def _row_of(item: pytest.Item, request: pytest.FixtureRequest) -> Row | None:
    """The row that a test is about, if it is a test of this module."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return parameters.get("row") if item.path == request.path else None
