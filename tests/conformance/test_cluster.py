"""The embedded cluster beside the real API server: random sequences of requests, answered alike."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fkube.cluster import State, empty
from fkube.exchange import Response
from tests.conformance.beside import Aliases, unlike
from tests.conformance.conftest import Count
from tests.conformance.known import differences_known, unexplained
from tests.conformance.machine import machine
from tests.conformance.server import Server
from tests.conformance.session import Judge

EXAMPLES = 60 * int(os.environ.get("CONFORMANCE_TIMES", "1"))
UID = "11111111-1111-1111-1111-111111111111"
KNOWN = tuple(each for each in differences_known() if each.area == "cluster")


def test_sequences_of_requests_are_answered_alike(
    server: Server, begun: State, record_property: Count
) -> None:
    requests = count()

    def judge(*asked: Any) -> None:
        next(requests)
        _judge(*asked)

    _judged(server, begun, EXAMPLES, judge, derandomize="CI" in os.environ)
    record_property("requests", next(requests))


def _judged(server: Server, state: State, examples: int, judge: Judge, **options: Any) -> None:
    """Run the state machine on both; the first answers that differ end it."""
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=checks,
        database=None,
        **options,
    )
    run_state_machine_as_test(machine(server, state, judge), settings=chosen)


def _judge(request: str, lines: list[str], answers: tuple[Response, Response]) -> None:
    odd = unexplained(KNOWN, request, lines)
    shown = "\n".join(json.dumps(answer.body)[:2000] for answer in answers)
    assert not odd, "\n".join([request, *odd, shown])


NAMED = {"name": "a", "uid": UID, "resourceVersion": "7"}
MADE = Response(
    201,
    {"kind": "ConfigMap", "metadata": NAMED, "data": {"a": "1"}},
    (("content-type", "application/json"), ("warning", '299 - "old"')),
)
"""An answer; what each planted fault does to it must be told of."""


def _faulty(body: Mapping[str, Any] | None = None, **fields: Any) -> Response:
    return replace(MADE, **fields, body={**MADE.body, **(body or {})})


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        (_faulty(status=200), ".status: 201 | 200"),
        (_faulty(headers=MADE.headers[:1]), ".headers.warning: ['299 - \"old\"'] | absent"),
        (_faulty({"data": {"a": 1}}), ".body.data.a: '1' | 1"),
        (_faulty({"kind": "Secret"}), ".body.kind: 'ConfigMap' | 'Secret'"),
        (
            _faulty({"metadata": {**MADE.body["metadata"], "generation": 1}}),
            ".body.metadata.generation: absent | 1",
        ),
        (
            _faulty({"metadata": {"name": "a", "uid": UID}}),
            ".body.metadata.resourceVersion: 'version 0' | absent",
        ),
    ],
)
def test_a_planted_difference_of_answers_is_found(planted: Response, told: str) -> None:
    found = _unlike(planted)
    assert found == [told]
    assert unexplained(KNOWN, "POST /api/v1/namespaces/one/configmaps", found) == found


def test_other_names_for_the_same_object_are_no_difference() -> None:
    metadata = {"name": "a", "uid": UID.replace("1", "2"), "resourceVersion": "900"}
    assert _unlike(_faulty({"metadata": metadata})) == []


def test_an_object_that_is_another_one_afterwards_is_found() -> None:
    """The real server gives the same object twice, the other one a new uid and version."""
    sides = Aliases(), Aliases()
    again = _faulty({"metadata": {"name": "a", "uid": UID.replace("1", "2"), "resourceVersion": "8"}})
    assert not unlike(MADE, MADE, *sides)
    assert unlike(MADE, again, *sides) == [
        ".body.metadata.resourceVersion: 'version 0' | 'version 1'",
        ".body.metadata.uid: 'uid 0' | 'uid 1'",
    ]


def test_a_cluster_without_a_kind_is_found(server: Server, begun: State) -> None:
    """The planted fault is a whole cluster that was not told of the custom kinds."""
    assert begun.served
    with pytest.raises(AssertionError, match=r"judge\.example\.com"):
        _judged(server, empty(), 20, _judge, phases=[Phase.generate], derandomize=True)


def _unlike(answer: Response) -> list[str]:
    return unlike(MADE, answer, Aliases(), Aliases())
