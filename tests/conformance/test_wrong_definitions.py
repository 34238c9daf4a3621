"""Definitions that a server refuses: the embedded cluster beside the real one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from fkube.cluster import State
from fkube.exchange import Request
from tests.cluster.definitions import CASES, GROUP, another, definition
from tests.conformance.beside import Beside, body
from tests.conformance.known import differences_known, unexplained
from tests.conformance.scenarios import await_kind
from tests.conformance.server import Server

KNOWN = tuple(each for each in differences_known() if each.area == "cluster")
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


@pytest.fixture(scope="module")
def beside(server: Server, begun: State) -> Iterator[Beside]:
    """Both servers with one definition in common, which the other tests don't meet on the real one."""
    both = Beside(server, begun)
    both.send(Request("POST", DEFINITIONS, (), body(definition({}))))
    await_kind(server, GROUP)
    yield both
    server.send("DELETE", f"{DEFINITIONS}/widgets.{GROUP}")
    until = time.monotonic() + 30
    while GROUP in server.send("GET", "/apis").data.decode():
        assert time.monotonic() < until, f"{GROUP} is still served"
        time.sleep(0.1)


@pytest.mark.parametrize("case", CASES["create"], ids=json.dumps)
def test_a_new_definition_is_taken_or_refused_alike(beside: Beside, case: Any) -> None:
    _compare(beside, Request("POST", DEFINITIONS, (("dryRun", "All"),), body(another(case))))


@pytest.mark.parametrize("case", CASES["update"], ids=json.dumps)
def test_a_changed_definition_is_taken_or_refused_alike(beside: Beside, case: Any) -> None:
    found = beside.send(Request("GET", f"{DEFINITIONS}/widgets.{GROUP}"))
    beside.differing(*found)  # It learns who calls which version what.
    versions = [answer.body["metadata"]["resourceVersion"] for answer in found]
    sent = [
        body(definition({**case, "metadata": {"name": f"widgets.{GROUP}"}}, resourceVersion=v))
        for v in versions
    ]
    path = f"{DEFINITIONS}/widgets.{GROUP}"
    _compare(beside, *(Request("PUT", path, (("dryRun", "All"),), each) for each in sent))


def _compare(beside: Beside, *requests: Request) -> None:
    answers = beside.send(*requests)
    asked = f"{requests[0].method} {requests[0].path}"
    odd = unexplained(KNOWN, asked, beside.differing(*answers))
    assert not odd, "\n".join([*odd, *(str(answer.body.get("message", "taken")) for answer in answers)])
