"""Real manifests on real servers: what fkube creates and deletes, object by object what kubectl does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conformance.assets import Assets
from tests.conformance.commands import Command, fkube, kubectl
from tests.conformance.compare import differences
from tests.conformance.conftest import Count
from tests.conformance.left import comparable, everything
from tests.conformance.server import Server, running

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PROMETHEUS, DEMO = CORPUS / "kube-prometheus", CORPUS / "microservices-demo"
CREATED = 131 + 35

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of ../shared is not there")
Pair = tuple[Server, Server]


@pytest.fixture(scope="module")
def servers(binaries: Assets) -> Iterator[Pair]:
    """A fresh server for kubectl, and one for fkube."""
    with ExitStack() as stack:
        yield stack.enter_context(running(binaries)), stack.enter_context(running(binaries))


@pytest.fixture(scope="module")
def bare(servers: Pair) -> frozenset[str]:
    """What is on a server before anything is created."""
    return frozenset(key for server in servers for key, _ in everything(server))


@pytest.fixture(scope="module")
def created(servers: Pair, bare: frozenset[str]) -> int:
    """How many names fkube printed when both had created the corpus: kubectl needs the CRDs there first."""
    theirs, ours = kubectl(servers[0]), fkube(servers[1])
    _done(theirs, "create", "-f", str(PROMETHEUS / "setup"))
    _done(theirs, "wait", "--for=condition=Established", "crd", "--all")
    _done(theirs, "create", "-f", str(PROMETHEUS), "-f", str(DEMO))
    made = _done(ours, "create", "-o", "name", *_files("setup", ""))
    assert bare
    return len(made.splitlines())


def test_every_object_is_created(created: int, record_property: Count) -> None:
    assert created == CREATED
    record_property("objects of real manifests", created)


@pytest.mark.usefixtures("created")
def test_the_same_objects_are_left(servers: Pair, bare: frozenset[str]) -> None:
    assert not _unlike(servers, bare)


@pytest.mark.usefixtures("created")
def test_a_planted_difference_is_found(servers: Pair, bare: frozenset[str]) -> None:
    """One label of one object is changed on fkube's server, and changed back."""
    patch = {"Content-Type": "application/merge-patch+json"}
    path = "/api/v1/namespaces/default/services/frontend"
    servers[1].send("PATCH", path, {"metadata": {"labels": {"planted": "yes"}}}, **patch)
    found = _unlike(servers, bare)
    servers[1].send("PATCH", path, {"metadata": {"labels": {"planted": None}}}, **patch)
    assert [line.split(":")[0] for line in found] == [".Service default/frontend.metadata.labels.planted"]


@pytest.mark.usefixtures("created")
def test_the_same_objects_are_got(servers: Pair) -> None:
    got = [_done(side, "get", "-o", "name", *_files("setup", "")) for side in _commands(servers)]
    assert got[0] == got[1]


@pytest.mark.usefixtures("created")
def test_the_same_is_left_after_deletion(servers: Pair, bare: frozenset[str]) -> None:
    for side in _commands(servers):
        _done(side, "delete", "--wait=false", *_files("", "setup"))
    until = time.monotonic() + 60
    while _terminating(servers) and time.monotonic() < until:
        time.sleep(0.2)
    assert not _unlike(servers, bare)


def _files(*folders: str) -> list[str]:
    """The flags for both parts of the corpus, kube-prometheus in this order of its folders."""
    paths = [*(PROMETHEUS / folder for folder in folders), DEMO]
    return [word for path in paths for word in ("-f", str(path))]


def _commands(servers: Pair) -> tuple[Command, Command]:
    return kubectl(servers[0]), fkube(servers[1])


def _done(command: Command, *words: str) -> str:
    ran = command(*words)
    assert ran.status == 0, ran.stderr
    return ran.stdout


def _terminating(servers: Pair) -> bool:
    """Whether a server is still busy with custom resource definitions that were deleted."""
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    return any(server.get(path)["items"] for server in servers)


def _unlike(servers: Pair, bare: frozenset[str]) -> list[str]:
    """Where what was put on the two servers differs."""
    made = ({key: obj for key, obj in everything(server) if key not in bare} for server in servers)
    theirs, ours = (comparable(objects, "") for objects in made)
    return list(differences(theirs, ours))
