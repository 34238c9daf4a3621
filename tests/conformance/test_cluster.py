"""The embedded cluster beside the real API server: random sequences of requests, answered alike."""

from __future__ import annotations

import json
import os

import pytest
import yaml
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from fkube.cluster import State, empty, respond
from fkube.exchange import Request, Response
from tests.conformance.beside import body
from tests.conformance.known import differences_known, unexplained
from tests.conformance.machine import machine
from tests.conformance.scenarios import HERE, await_kind
from tests.conformance.server import Server

EXAMPLES = 60 * int(os.environ.get("CONFORMANCE_TIMES", "1"))
KNOWN = tuple(each for each in differences_known() if each.area == "cluster")


@pytest.fixture(scope="module")
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


def test_sequences_of_requests_are_answered_alike(server: Server, begun: State) -> None:
    def judge(request: str, lines: list[str], answers: tuple[Response, Response]) -> None:
        unlike = unexplained(KNOWN, request, lines)
        shown = "\n".join(json.dumps(answer.body)[:2000] for answer in answers)
        assert not unlike, "\n".join([request, *unlike, shown])

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine(server, begun, judge),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=checks,
            database=None,
        ),
    )
