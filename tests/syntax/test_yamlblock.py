"""Plain block YAML by lines: what is read so is what libyaml's events say, and has nothing to warn of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from returns.result import Success

from fkube.documents.manifest import Document, decode, strictly
from fkube.resource.info import Origin
from fkube.syntax import yamlblock
from fkube.syntax.yamlblock import read_block
from fkube.syntax.yamlevents import unread_line
from fkube.syntax.yamljson import load_any
from fkube.syntax.yamllines import duplicate_keys, replaced_keys
from fkube.syntax.yamltext import load
from tests.conformance.yaml_texts import plain_texts, yaml_texts

TRUTH = Path(__file__).parents[3] / "shared/truth/yaml-profile.json"
MANIFESTS = Path(__file__).parents[2] / "examples/manifests"
DRAWN = settings(deadline=None, suppress_health_check=list(HealthCheck))


def assert_ways_agree(text: str) -> None:
    """What is read by lines is read so by events too, with types, order and line, and without a warning."""
    read = read_block(text)
    if read is not None:
        assert repr(load_any(text)) == repr(Success(read)), text
        assert not duplicate_keys(text), text
        assert not replaced_keys(text), text
        assert unread_line(text) is None, text


@DRAWN
@given(plain_texts)
def test_ways_agree_on_plain_blocks(text: str) -> None:
    assert_ways_agree(text)


@DRAWN
@given(yaml_texts)
def test_ways_agree_on_any_text(text: str) -> None:
    assert_ways_agree(text)


def test_ways_agree_on_the_truth() -> None:
    if not TRUTH.exists():
        pytest.skip("the profile of kubectl's YAML is not on this machine")
    texts = [case["yaml"] for case in json.loads(TRUTH.read_text())]
    plain = [text.replace("metadata: {name: t}", "metadata:\n  name: t") for text in texts]
    for text in plain:
        assert_ways_agree(text)
    assert sum(read_block(text) is not None for text in plain) > len(plain) / 3


def test_manifests_are_read_by_lines() -> None:
    for path in sorted(MANIFESTS.glob("*.yaml")):
        for text in path.read_text().split("---\n"):
            assert read_block(text) or not text.strip(), path


@pytest.mark.parametrize(
    "text",
    [
        *("", "# a\n", "a\n", "a: b: c\n", "a: b\n  c\n", "a: b\n  c: d\n", "a: 'b\n  c'\n", "- a\n  b: c\n"),
        *(
            "a: 1\na: 2\n",
            "a: 1\n'a': 2\n",
            "yes: 1\n",
            "0x1: 1\n",
            "~: 1\n",
            "a: .nan\n",
            "<<: {}\n",
            "a: <<\n",
        ),
        *(
            "a: *b\n",
            "a: &b c\n",
            "a: !b c\n",
            "? a\n",
            "a:\tb\n",
            "\ta: b\n",
            "a: b\t\n",
            "a : b\n",
            "a:b\n",
        ),
        *(
            "---\n---\na: b\n",
            "a: b\n...\n",
            "a: b\n---\nc: d\n",
            "%YAML 1.1\n---\na: b\n",
            "\ufeffa: b\n",
            "a: \x85\n",
        ),
        *(
            "a: >\n  b\n",
            "a: |+\n  b\n",
            "a: |2\n  b\n",
            "a: |\n  b",
            "a: |\n\n",
            "a: |\nb: c\n",
            "a: |\n   \n  b\n",
            "a: |\n  b\n \n  # c\n",
        ),
        *("a: [b: c]\n", "a: [[]]\n", "a: [b\n", "a: [b]c\n", "a: {b: c}\n", "a: [b,\n  c]\n", "a: [b c]\n"),
        *(
            "a: b\n  - c\n",
            "a: b\n- c\n",
            "- a\nb: c\n",
            " a: b\nc: d\n",
            "a:\n  b: c\n d: e\n",
            "-\n  a: b\n",
        ),
        *('a: "b\\n"\n', "a: 'b''c'\n", "a: b\rc\n", "a: \ud800\n", "- " * 40 + "a\n", " " * 70 + "a: b\n"),
    ],
)
def test_what_may_be_more_is_left(text: str) -> None:
    assert read_block(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [("---\na: b\n", 1), ("# c\n--- \n\n# d\na: b\n", 4), ("a: b\n", 0), ("\n\na: b", 2)],
)
def test_a_document_may_begin_with_its_mark(text: str, line: int) -> None:
    assert read_block(text) == ({"a": "b"}, line)
    assert_ways_agree(text)


def test_what_is_read_shares_nothing() -> None:
    first, second = read_block("a: []\nb: {}\n"), read_block("a: []\nb: {}\n")
    assert first == second == ({"a": [], "b": {}}, 0)
    assert first
    assert second
    assert first[0]["a"] is not second[0]["a"]
    assert first[0]["b"] is not second[0]["b"]


def test_long_lines_are_not_kept() -> None:
    before = yamlblock._read_line.cache_info()
    assert read_block(f"a: {'b' * 1000}\n") is not None
    assert yamlblock._read_line.cache_info().currsize == before.currsize
    assert before.maxsize


@pytest.mark.parametrize("read", [decode, strictly])
def test_a_manifest_is_what_it_is_by_events(read: object, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '# one\nkind: A\nmetadata:\n  name: <<\n  labels:\n    b: "1"\n'
    document = Document(text, Origin("a.yaml", 1, 7))
    by_lines = decode(document) if read is decode else strictly(document)
    monkeypatch.setattr("fkube.documents.manifest.read_block", lambda _: None)
    assert repr(by_lines) == repr(decode(document) if read is decode else strictly(document))
    assert load(text).unwrap()[1] == 1


@pytest.mark.parametrize(
    ("part", "fault", "text"),
    [
        ("resolve_plain", str, "a: 1\n"),
        ("as_value", lambda value: not value, "a: yes\n"),
        ("_FRESH", {}, "a: [b]\n"),
    ],
)
def test_a_planted_fault_is_seen(
    part: str, fault: object, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yamlblock, part, fault)
    yamlblock._read_line.cache_clear()
    try:
        with pytest.raises(AssertionError):
            assert_ways_agree(text)
    finally:
        yamlblock._read_line.cache_clear()


@pytest.mark.parametrize(
    "line",
    ["a: [" + " " * 100_000, "-" + " " * 100_000 + ":", "a: " + "a " * 50_000 + ":", "a: " + ":" * 100_000],
)
def test_what_matches_nowhere_is_left_in_linear_time(line: str) -> None:
    assert read_block(line) is None
