"""The embedded cluster answers as a real API server did, but for a table of differences."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fkube.cluster import empty, respond
from fkube.exchange import Request
from tests.cluster.answers import answer
from tests.cluster.requests import rows

ANSWERS = Path(__file__).with_name("answers.json.gz")

DIFFERENCES: tuple[tuple[str, str], ...] = (
    (
        r"^POST /apis/apiextensions.*foos\.ex\.com",
        "a definition is accepted and established at once; a real server's controllers do it a moment later",
    ),
    (r"^[A-Z]+ .*(/shown\b|\"shown\")(?!.*Table)", "defaulting and admission are left out"),
    (r"^GET .*horizontalpodautoscalers/shown.*Table", "the metric that defaulting adds is in the table"),
)
"""Rows that differ on purpose, as patterns, and why."""


@cache
def compared() -> tuple[tuple[str, Any, Any], ...]:
    """Every row with the real answer and ours."""
    real = json.loads(gzip.decompress(ANSWERS.read_bytes()))
    return tuple(zip(map(str, rows()), real, ours(), strict=True))


def ours() -> Iterator[Any]:
    """What the cluster answers, row after row."""
    state = empty()
    for row in rows():
        path, _, query = row.path.partition("?")
        asked = tuple(
            (k, v.replace("%01", "\x01")) for k, _, v in (p.partition("=") for p in query.split("&") if p)
        )
        request = Request(row.method, path, asked, row.text, row.content_type, row.accept)
        state, response = respond(state, request)
        yield answer(response.status, json.loads(json.dumps(response.body)), list(response.headers))


def known(row: str) -> str:
    """Why a row differs, or nothing."""
    return next((why for pattern, why in DIFFERENCES if re.search(pattern, row)), "")


def _unsettled(answer: Any) -> Any:
    """The answer without the status of a definition, which a real server's controllers write later."""
    body = answer["body"]
    definition = isinstance(body, dict) and body.get("kind") == "CustomResourceDefinition"
    return {**answer, "body": {k: body[k] for k in body if k != "status"}} if definition else answer


@pytest.mark.parametrize("number", range(0, len([*rows()]), 50))
def test_answers_are_those_of_a_real_server(number: int) -> None:
    for row, real, ours_ in compared()[number : number + 50]:
        assert _unsettled(ours_) == _unsettled(real) or known(row), row


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in DIFFERENCES])
def test_no_difference_is_listed_that_is_none(pattern: str) -> None:
    assert any(re.search(pattern, row) and real != ours_ for row, real, ours_ in compared())


def test_every_row_is_compared() -> None:
    assert len(compared()) == len([*rows()]) > 1000


def test_a_wrong_answer_would_be_noticed() -> None:
    row, real, ours_ = compared()[0]
    assert ours_ == real
    assert {**ours_, "status": 500} != real
    assert not known(row)
