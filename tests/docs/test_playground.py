"""The playground's own Python, as it runs in any: what it shows is what a visit says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from playground import playground
from returns.unsafe import unsafe_perform_io

from fkube import edge

FOLDER = Path(__file__).parents[2] / "docs/playground"
EXAMPLES = yaml.safe_load((FOLDER / "examples.yaml").read_text(encoding="utf-8"))
MANIFEST = EXAMPLES[0]["manifest"]
PROGRAM = EXAMPLES[0]["program"]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["title"] for example in EXAMPLES])
def test_examples_show_what_a_visit_reports(example: dict[str, str]) -> None:
    names: dict[str, Any] = {"manifest": example["manifest"]}
    exec(example["program"], names)
    visit = edge.visit(edge.embedded(), names.get("verb", playground.verbs.create()))(names["pipeline"])
    report = unsafe_perform_io(visit.unwrap())
    shown = playground.play(example["manifest"], example["program"])
    assert shown["report"] == str(report)
    assert len(shown["outcomes"]) == len(report.outcomes)
    there = [one["name"] for one in shown["objects"]]
    assert len(there) == sum(outcome.action not in ("failed", "skipped") for outcome in report.outcomes)


def test_no_secret_is_shown() -> None:
    shown = playground.play(MANIFEST, PROGRAM)
    assert "secret/payments" in str(shown)
    assert "not-a-real-key" not in str(shown)
    assert "bm90LWEtcmVhbC1rZXk" not in str(shown)


def test_a_kept_cluster_is_kept() -> None:
    client = edge.embedded()
    program = PROGRAM.replace("verbs.create()", "verbs.apply()")
    assert playground.play(MANIFEST, program, client)["report"] == "4 created"
    assert playground.play(MANIFEST, program, client)["report"] == "4 unchanged"


@pytest.mark.parametrize(
    ("program", "error", "line"),
    [
        ("x = 1\nfoo(", "line 2: '(' was never closed", 2),
        ("x = 1\n\nfoo", "line 3: NameError: name 'foo' is not defined", 3),
        ("import sys\nsys.exit(3)", "line 2: SystemExit: 3", 2),
        ("def f():\n  raise ValueError('no')\nf()", "line 2: ValueError: no", 2),
        ("import json\njson.loads('{')", "line 2: JSONDecodeError: ", 2),
        ("x = 1", "the program names no `pipeline`", None),
        ("pipeline = 1", "the program names no `pipeline`", None),
        (
            "from fkube import builder as b, pipe\npipeline = pipe(b.builder(), b.do)",
            "You must provide",
            None,
        ),
    ],
)
def test_errors_are_sentences_with_lines(program: str, error: str, line: int | None) -> None:
    shown = playground.play(MANIFEST, program)
    assert shown["error"].startswith(error)
    assert shown.get("line") == line
    assert "report" not in shown
    assert shown["objects"] == []


def test_what_is_printed_is_shown() -> None:
    assert playground.play(MANIFEST, "print('hello')\nfoo")["printed"] == "hello\n"


def test_a_decorator_that_raises_is_the_outcome_of_its_resource() -> None:
    program = PROGRAM.replace('set_labels(team="web")', "lambda info: 1 / (info.name != 'web')")
    shown = playground.play(MANIFEST, program)
    assert shown["report"] == "4 failed"
    assert sum("ZeroDivisionError" in line for line in shown["outcomes"]) == 1
