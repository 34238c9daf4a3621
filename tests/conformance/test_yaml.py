"""YAML beside kubectl: thousands of texts near every rule, read by both; the JSON agrees, or both refuse."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from toolz import partition_all

from fkube.syntax.yamlblock import read_block
from tests.conformance.commands import kubectl
from tests.conformance.conftest import Count
from tests.conformance.known import differences_known, unexplained
from tests.conformance.readings import Reading, by_fkube, by_kubectl, disagreement
from tests.conformance.server import Server
from tests.conformance.yaml_texts import HEADER, Texts, plain_texts, yaml_texts
from tests.syntax.test_yamlblock import assert_ways_agree

EXAMPLES = 6_000 * int(os.environ.get("CONFORMANCE_TIMES", "1"))
BATCH = 1_000
KNOWN = [each for each in differences_known() if each.area == "yaml"]


def generated(count: int, texts: Texts = yaml_texts) -> list[str]:
    """That many texts of a strategy, each once."""
    found: dict[str, None] = {}

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize="CI" in os.environ,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(texts)
    def collect(text: str) -> None:
        found[text] = None

    collect()
    return list(found)


def disagreements(server: Server, texts: list[str], folder: Path) -> Iterator[tuple[str, str]]:
    """The texts that the two read differently, and how."""
    for number, batch in enumerate(partition_all(BATCH, texts)):
        place = folder / str(number)
        place.mkdir()
        readings = zip(batch, by_kubectl(kubectl(server), batch, place), by_fkube(batch), strict=True)
        for text, theirs, ours in readings:
            how = disagreement(theirs, ours)
            if how and unexplained(KNOWN, text, [how]):
                yield text, how


def test_both_read_the_same(server: Server, tmp_path: Path, record_property: Count) -> None:
    texts = generated(EXAMPLES)
    found = sorted(disagreements(server, texts, tmp_path), key=lambda pair: len(pair[0]))
    shown = "\n\n".join(f"{text!r}\n{how}" for text, how in found[:40])
    assert not found, f"{len(found)} texts are read differently, the shortest of them:\n{shown}"
    record_property("YAML texts", len(texts))


def test_both_read_plain_blocks_the_same(server: Server, tmp_path: Path, record_property: Count) -> None:
    texts = generated(EXAMPLES, plain_texts)
    found = sorted(disagreements(server, texts, tmp_path), key=lambda pair: len(pair[0]))
    shown = "\n\n".join(f"{text!r}\n{how}" for text, how in found[:40])
    assert not found, f"{len(found)} texts are read differently, the shortest of them:\n{shown}"
    assert sum(read_block(text) is not None for text in texts) > len(texts) / 4
    record_property("YAML texts", len(texts))


@pytest.mark.parametrize("texts", [yaml_texts, plain_texts])
def test_both_ways_of_reading_agree(texts: Texts) -> None:
    """By lines and by events: `tests/syntax/test_yamlblock.py` has the same of fewer."""
    for text in generated(2 * EXAMPLES, texts):
        assert_ways_agree(text)


@pytest.mark.parametrize(
    ("kubectl_reads", "fkube_reads"),
    [
        (Reading(({"data": {"v": True}},), False), Reading(({"data": {"v": 1}},), False)),
        (Reading(({"data": {"v": 8}},), False), Reading(({"data": {"v": "08"}},), False)),
        (Reading((), True), Reading(({},), False)),
        (Reading(({},), False), Reading(({}, {}), False)),
    ],
)
def test_a_planted_difference_is_found(kubectl_reads: Reading, fkube_reads: Reading) -> None:
    assert disagreement(kubectl_reads, fkube_reads)


def test_a_planted_misreading_is_found(server: Server, tmp_path: Path) -> None:
    """kubectl is given a quoted scalar: what a resolver that takes `no` for a string would read."""
    theirs = by_kubectl(kubectl(server), [HEADER + 'data: {v: "no"}\n'], tmp_path)
    ours = by_fkube([HEADER + "data: {v: no}"])
    assert disagreement(theirs[0], ours[0]) == "[0].data.v: 'no' | False"
