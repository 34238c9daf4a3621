"""A watch of the real server through cut connections: each change is told once, in order, and none lost."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.unsafe import unsafe_perform_io

from fkube.edge.client import Client
from fkube.edge.connecting import connect
from fkube.edge.line import Line, watch_in_batches
from fkube.exchange import Request
from fkube.exchange import watching as machine
from fkube.exchange.watching import Event, Watching
from tests.conformance.cutting import Cuts, cutting
from tests.conformance.server import Server

EXAMPLES = 25 * int(os.environ.get("CONFORMANCE_TIMES", "1"))
ENDS = 100.0
"""Seconds after which a watch that was told too little ends."""

OURS, QUERY = {"cuts": "yes"}, (("labelSelector", "cuts"),)
"""What is written bears a label: controllers write too."""

Told = tuple[str, str, str, int]
"""An event: its type, and name, uid and version of its object."""

names = st.sampled_from("abc")
bytes_left = st.one_of(st.integers(0, 1500), st.integers(1500, 12000))
steps = st.lists(
    st.tuples(st.lists(bytes_left, max_size=2), st.lists(st.tuples(names, st.booleans()), max_size=5)),
    max_size=6,
)
"""Steps: after how many bytes there are cuts, and names written meanwhile; whether that deletes them."""

_numbers = itertools.count()


@contextmanager
def cut_client(server: Server, folder: Path) -> Iterator[tuple[Client, Cuts]]:
    """A client of a server behind a proxy that cuts; it never sleeps."""
    with cutting(urlsplit(server.url).port or 0) as cuts:
        config = yaml.safe_load(server.kubeconfig.read_text())
        cluster = config["clusters"][0]["cluster"]
        cluster["server"] = f"https://127.0.0.1:{cuts.port}"
        cluster["certificate-authority"] = str(server.folder / "ca.pem")
        (folder / "cut.kubeconfig").write_text(json.dumps(config))
        made = connect(str(folder / "cut.kubeconfig"), environ={}, sleep=_at_once).unwrap()
        client = unsafe_perform_io(made)
        yield client, cuts
        client.close()


def _at_once(_: float) -> None:
    """Wait no longer."""


def written(server: Server, path: str, name: str, ends: bool, there: dict[str, str]) -> tuple[str, str]:
    """Create, change or delete a ConfigMap: the type of event that this is, and its name."""
    data = {
        "kind": "ConfigMap",
        "metadata": {"name": name, "labels": OURS},
        "data": {"n": str(next(_numbers))},
    }
    if name not in there:
        answer, type = server.send("POST", path, data), "ADDED"
    elif ends:
        answer, type = server.send("DELETE", f"{path}/{name}"), "DELETED"
    else:
        answer, type = server.send("PUT", f"{path}/{name}", data), "MODIFIED"
    assert answer.status in (200, 201), answer.data
    there[name] = name
    if type == "DELETED":
        del there[name]
    return type, name


def row(event: Event) -> Told:
    """An event in short."""
    found = event.object["metadata"]
    return event.type, found["name"], found["uid"], int(found["resourceVersion"])


def told_right(server: Server, client: Client, cuts: Cuts, script: Iterable[Any], ends: float = ENDS) -> bool:
    """Whether a watch is told what is written, once and in order, whenever it is cut, and it adds up."""
    path = f"/api/v1/namespaces/cuts-{next(_numbers)}/configmaps"
    made = {"metadata": {"name": path.split("/")[4]}}
    assert server.send("POST", "/api/v1/namespaces", made).status == 201
    there: dict[str, str] = {}
    wrote = [written(server, path, "first", False, there)]
    found = watch_in_batches(Line(client, sleep=_at_once), Watching(Request("GET", path, QUERY)), ends)
    with closing(found), ThreadPoolExecutor(1) as pool:
        told = [row(event) for event in next(found).unwrap()]
        events = (row(event) for batch in found for event in batch.unwrap())
        for cut, writes in [*script, ([], [("last", False)])]:
            for count in cut:
                cuts.after(count)
            writing = pool.submit(lambda all: [written(server, path, *each, there) for each in all], writes)
            told += itertools.islice(events, len(writes))
            wrote += writing.result()
    in_order = all(a[3] < b[3] for a, b in itertools.pairwise(told))
    return [each[:2] for each in told] == wrote and in_order and added_up(told) == listed(server, path)


def added_up(told: Iterable[Told]) -> dict[str, tuple[str, int]]:
    """What is there after these events."""
    there: dict[str, tuple[str, int]] = {}
    for type, name, uid, version in told:
        there[name] = (uid, version)
        if type == "DELETED":
            del there[name]
    return there


def listed(server: Server, path: str) -> dict[str, tuple[str, int]]:
    """What the server has."""
    found = (each["metadata"] for each in server.get(f"{path}?labelSelector=cuts")["items"])
    return {each["name"]: (each["uid"], int(each["resourceVersion"])) for each in found}


def test_every_change_is_told_once_and_in_order_over_any_cuts(server: Server, tmp_path: Path) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]

    with cut_client(server, tmp_path) as (client, cuts):

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=checks, database=None)
        @given(steps)
        def law(script: list[Any]) -> None:
            assert told_right(server, client, cuts, script)

        law()
        assert cuts.made > EXAMPLES // 2


def forgets_its_version(watching: Watching, due: float, right: Any = machine._next_request) -> Request:
    """Asks again for whatever there is."""
    asked: Request = right(watching, due)
    return replace(asked, query=tuple(pair for pair in asked.query if pair[0] != "resourceVersion"))


def goes_on_from_the_list(watching: Watching, event: Any, right: Any = machine._take_event) -> Any:
    """Asks again behind the last list instead of the last event."""
    return _moved(right(watching, event), watching.version)


def _moved(exchange: Any, version: str) -> Any:
    moved = exchange.result.map(lambda t: replace(t, watching=replace(t.watching, version=version)))
    return replace(exchange, result=moved)


CUT_BETWEEN = (([], [("a", False), ("b", False)]), ([1], [("c", False), ("a", False), ("b", True)]))


@pytest.mark.parametrize(
    ("name", "wrong"), [("_next_request", forgets_its_version), ("_take_event", goes_on_from_the_list)]
)
def test_a_wrong_machine_is_found_out(
    name: str, wrong: Any, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cut_client(server, tmp_path) as (client, cuts):
        assert told_right(server, client, cuts, CUT_BETWEEN)
        assert cuts.made == 1
        monkeypatch.setattr(machine, name, wrong)
        assert not told_right(server, client, cuts, CUT_BETWEEN, ends=5.0)
