"""kubectl beside fkube on a server one of whose APIs is dead: who does not touch it need not hear of it.

The server is one of its own, as every other test would see that API too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.conformance.assets import Assets
from tests.conformance.commands import Command, fkube, kubectl
from tests.conformance.compare import error_classes, lines
from tests.conformance.conftest import Count
from tests.conformance.server import Server, running

DEAD = "dead.example.com"
SPEC = {
    "group": DEAD,
    "version": "v1",
    "groupPriorityMinimum": 1000,
    "versionPriority": 15,
    "insecureSkipTLSVerify": True,
    "service": {"name": "dead", "namespace": "default"},
}
WARNING = f"Warning: couldn't get the resource list for {DEAD}/v1: "
FOO = f"{{apiVersion: {DEAD}/v1, kind: Foo, metadata: {{name: a}}}}"
MAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"


@pytest.fixture(scope="module")
def half_dead(binaries: Assets) -> Iterator[tuple[Command, Command]]:
    """Both command lines on a server that can't tell of one group."""
    with running(binaries) as server:
        made = {
            "apiVersion": "apiregistration.k8s.io/v1",
            "kind": "APIService",
            "metadata": {"name": f"v1.{DEAD}"},
            "spec": SPEC,
        }
        assert server.send("POST", "/apis/apiregistration.k8s.io/v1/apiservices", made).status == 201
        await_stale(server)
        yield kubectl(server), fkube(server)


def await_stale(server: Server, seconds: float = 30) -> None:
    """Wait until discovery tells of the dead API that it is stale."""
    until = time.monotonic() + seconds
    accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    while time.monotonic() < until:
        groups = server.send("GET", "/apis", Accept=accept).json()["items"]
        found = [version for one in groups if one["metadata"]["name"] == DEAD for version in one["versions"]]
        if found and found[0].get("freshness") == "Stale":
            return
        time.sleep(0.1)
    raise TimeoutError(f"{DEAD} was not told of after {seconds} seconds")


@pytest.mark.parametrize(
    ("words", "stdin", "warned"),
    [
        ("get cm -o name", "", False),
        ("get namespaces -o name", "", False),
        ("get all -o name", "", False),  # Not as a table: the two ask in different seconds.
        ("create --dry-run=server -f -", MAP, False),
        ("apply --dry-run=server -f -", MAP, False),
        ("get foos", "", True),
        ("get foos a", "", True),
        ("get foo/a", "", True),
        (f"get foos.{DEAD}", "", True),
        (f"get foos.v1.{DEAD}", "", True),
        ("get foos.apps", "", False),
        ("get cm,foos", "", True),
        ("get foos --watch", "", True),
        ("delete foos a", "", True),
        ("label foos a x=y", "", True),
        ("scale foos a --replicas=1", "", True),
        ("create -f -", FOO, True),
        ("apply -f -", FOO, True),
        ("create -f -", FOO.replace("v1", "v2"), False),
        ("create -f -", FOO.replace(DEAD, "other.example.com"), False),
        ("api-resources -o name", "", True),
        ("api-resources --api-group=apps -o name", "", False),
        ("api-resources --api-group=apps", "", False),
        (f"api-resources --api-group={DEAD} -o name", "", True),
        ("api-resources --namespaced=false --no-headers", "", True),
    ],
)
def test_a_dead_api(
    half_dead: tuple[Command, Command], words: str, stdin: str, warned: bool, record_property: Count
) -> None:
    theirs, ours = (command(*words.split(), stdin=stdin) for command in half_dead)
    assert (ours.status, lines(ours.stdout)) == (theirs.status, lines(theirs.stdout)), ours.stderr
    assert error_classes(ours.stderr) == error_classes(theirs.stderr)
    assert (ours.stderr.count(WARNING) == 1) == warned, ours.stderr
    record_property("commands", 1)
