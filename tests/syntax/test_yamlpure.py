"""Without libyaml, texts are read the same: PyYAML's own parser gives libyaml's events and sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from yaml._yaml import CParser
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from fkube.syntax.yamlevents import GetEvent, parser
from fkube.syntax.yamlpure import open_parser
from fkube.syntax.yamlscans import SCANS
from tests.conformance.yaml_texts import yaml_texts

TRUTH = Path(__file__).parents[3] / "shared/truth/yaml-profile.json"
EXAMPLES = Path(__file__).parents[2] / "examples"
REPAIRED = ("found unknown escape character", "found unexpected ':'")
"""Of these errors `repair_text` looks at every place."""

EDGES = [
    "a: 'b'\t# c", "a:\t'b'", "[\t'a'\t,\t'b']", "- \t'a'", 'a:\n  -? [a]\n  : b', 'a: b\tc', 'a\n\n\nb',
    'a: |\n\n b\n\n', 'a: b: c', 'a\n- b', '- a\nb: c', 'a: 1\n b: 2', '? a\n  b', '[a', '[a}', '{a',
    '{a]', '[a, b c: ]: 1', 'a: }', "'a", '"a', "'a\n---\n'", '"\\q"', '"\\xg"', '"\\ud800"',
    '"\\U00110000"', '"\\\\\\u12"', 'a: *', 'a: &', '*a b', '&é a', '!! a', '!a,b c', '!<a b',
    '!<tag:yaml.org,2002:int> 3', '!x!a b', '%YAML 2.0\n---\na', '%YAML 1.1\n%YAML 1.1\n---\na',
    '%TAG ! a\n%TAG ! b\n---\na', '%a\n---\n', '%\n', 'a: |0\n b', 'a: |x\n b', 'a: |\n \tb\n',
    'a: |2\n\tb', 'a: >-# c\n b', 'a:\n\tb', 'a: b\n\tc', 'a\n \n\tb: c', '\tb', '[a:, b]', '{a:}',
    '[a:b, c]', '[?a, b]', '- - a\n -b', '@a', '`a', '%a', 'a\x00b', 'a\x7f', '\ud83d', '\ufeffa: b',
    'a: \ufeff', 'a\u2028b', 'a\x85b: c', "a: 'x\r\ry'", '- a\n--- b', '...\na', 'a: 1\n...\nb',
    '{a: 1} b', f"{'k' * 1025}: v", f"[{'k' * 1025}: v]", 'a: &x 1\nb: *x\n*x : c', 'a: !\nb: ! c',
    '[!!str, a]',
]  # fmt: skip


def seen(event: Any) -> tuple[Any, ...]:
    """What fkube reads of an event; of a value that is not there, PyYAML names another place."""
    tag, value, version = (getattr(event, name, None) for name in ("tag", "value", "version"))
    style, plain = getattr(event, "style", None) or "", getattr(event, "implicit", (None,))
    # Libyaml says otherwise whether a tag `!` is implied, where it makes no difference.
    place = (event.start_mark.index, event.start_mark.line) if value != "" or style else None
    end = event.end_mark.index if style == '"' else None
    implied = plain if tag is None else None
    flow = bool(getattr(event, "flow_style", None))
    return type(event), getattr(event, "anchor", None), tag, value, version, style, implied, flow, place, end


def refused(error: MarkedYAMLError) -> tuple[Any, ...]:
    """What fkube reads of an error."""
    mark, context = error.problem_mark, error.context_mark
    if error.problem in REPAIRED:
        assert mark
        assert context
        return error.problem, mark.index, mark.line, context.index
    return error.problem, mark and mark.line


def story(get_event: GetEvent) -> Iterator[tuple[Any, ...]]:
    """The events of a text, and the error at which they end."""
    try:
        yield from map(seen, iter(get_event, None))
    except ReaderError as error:
        yield error.reason, error.position
    except MarkedYAMLError as error:
        yield refused(error)


def assert_parsers_agree(text: str, pure: Callable[[bytes], GetEvent] = open_parser) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert list(story(pure(data))) == list(story(CParser(data).get_event)), text


@pytest.mark.parametrize("text", EDGES)
def test_parsers_agree_at_the_edges(text: str) -> None:
    assert_parsers_agree(text)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(yaml_texts)
def test_parsers_agree_on_any_text(text: str) -> None:
    # In brackets, `[? : a]` is a pair for PyYAML alone; a BOM in a text has a width for libyaml alone; and a
    # directive that is written wrong is refused by another sentence.
    if "? :" not in text and "\ufeff" not in text[1:] and not re.search("^%", text, re.MULTILINE):
        assert_parsers_agree(text)


def test_parsers_agree_on_the_truth() -> None:
    if not TRUTH.exists():
        pytest.skip("the profile of kubectl's YAML is not on this machine")
    for case in json.loads(TRUTH.read_text()):
        assert_parsers_agree(case["yaml"])


def test_parsers_agree_on_the_examples() -> None:
    for path in sorted(EXAMPLES.rglob("*.yaml")):
        assert_parsers_agree(path.read_text(encoding="utf-8"))


def test_key_without_name_in_brackets_differs() -> None:
    with pytest.raises(AssertionError):
        assert_parsers_agree("[? : a]")


@pytest.mark.parametrize("name", SCANS)
def test_each_replaced_function_is_needed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Without any of them, some text is read otherwise: PyYAML's own function is the mutant."""
    monkeypatch.delitem(SCANS, name)
    with pytest.raises(AssertionError):
        any(map(assert_parsers_agree, EDGES))


def test_libyaml_is_used_where_it_is() -> None:
    assert "CParser" in repr(parser()(b"a").__self__)  # type: ignore[attr-defined]
