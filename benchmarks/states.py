"""What a server has before a row and before each of its runs. None of this is measured."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.row import OURS, Row
from benchmarks.world import World, namespace_of

Make = Callable[[World, Row], object]
FILL = "{peers} {contenders}/floor.py create {bodies} {namespace}"
KINDS = {"deployments": "/apis/apps/v1", "configmaps": "/api/v1"}


def begin(world: World, row: Row) -> None:
    """Make the row's namespace and what is given in it; let both command lines learn of the server."""
    if world.server is None or row.offline:
        return
    world.server.send("POST", "/api/v1/namespaces", {"metadata": {"name": namespace_of(row)}}, **JSON)
    for name in ("kubectl", OURS):
        world.do(f"{{{name}}} apply --dry-run=server -f {{one}}", row, name)
    GIVEN[row.given](world, row)


def end(world: World, row: Row) -> None:
    """Take away what a row has left, so that the server of the next one is as small."""
    if world.server is not None and not row.offline:
        for kind in KINDS:
            _clear(world, row, kind)


def reset(world: World, row: Row) -> None:
    """Make the state that is there before each run."""
    RESET[row.reset](world, row)


def _nothing(world: World, row: Row) -> None:
    """What is there stays."""


def _clear(world: World, row: Row, kind: str = "deployments") -> None:
    """Delete all objects of a kind in the row's namespace."""
    assert world.server is not None
    path = f"{KINDS[kind]}/namespaces/{namespace_of(row)}/{kind}"
    answer = world.server.send("DELETE", path, {"propagationPolicy": "Background"}, **JSON)
    assert answer.status == 200, answer.data[:300]


def _fill(world: World, row: Row) -> None:
    """Create the row's Deployments."""
    _clear(world, row)
    world.do(FILL, row)


JSON = {"Content-Type": "application/json"}
GIVEN: dict[str, Make] = {
    "": _nothing,
    "filled": _fill,
    "filled-configmaps": lambda world, row: world.do(
        "{peers} {contenders}/floor.py create {configmap_bodies} {namespace}", row
    ),
    "applied": lambda world, row: world.do("{kubectl} apply -f {files} -n {namespace}", row),
    "server-applied": lambda world, row: world.do(
        "{kubectl} apply --server-side -f {files} -n {namespace}", row
    ),
}
RESET: dict[str, Make] = {"": _nothing, "clear": _clear, "fill": _fill, "new-server": _nothing}
