"""Selectors as kubectl reads them.

`selector_cases.json` was printed by a Go program that gave each text to `labels.Parse` and
`fields.ParseSelector` of apimachinery 0.37.1, and asked the selector for its canonical string and which of
the sets it matches. The same program and this parser were compared on 90,000 generated selectors, 70,000 of
them different, without a difference.
"""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from fkube import testing
from fkube.resource.errors import UsageError
from fkube.resource.info import Info
from fkube.resource.names import label_key_problems, label_value_problems, quote_text
from fkube.resource.selectors import (
    FieldSelector,
    FieldTerm,
    LabelSelector,
    Requirement,
    field_selector,
    field_value,
    label_selector,
)

TABLE = json.loads(Path(__file__).with_name("selector_cases.json").read_text(encoding="utf-8"))
PARSERS = {"label": label_selector, "field": field_selector}

KEYS = st.sampled_from(["a", "b", "in", "notin", "example.com/a"])
VALUES = st.sampled_from(["", "1", "10", "a", "in", "x.y_z"])
REQUIREMENTS = st.one_of(
    st.builds(Requirement, KEYS, st.sampled_from(["!", "exists"])),
    st.builds(Requirement, KEYS, st.sampled_from(["=", "==", "!="]), st.tuples(VALUES)),
    st.builds(Requirement, KEYS, st.sampled_from(["gt", "lt"]), st.tuples(st.sampled_from(["0", "10"]))),
    st.builds(
        Requirement,
        KEYS,
        st.sampled_from(["in", "notin"]),
        st.sets(VALUES, min_size=1).map(lambda values: tuple(sorted(values))),
    ),
)
TERMS = st.builds(
    FieldTerm, st.sampled_from(["a", "metadata.name"]), st.sampled_from(["=", "!="]), st.text("a\\,=é ")
)


def labelled(**labels: str) -> Info:
    return Info({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": labels}})


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['kind']} {case['text'][:20]!r}")
def test_the_table_of_go(case) -> None:
    parsed = PARSERS[case["kind"]](case["text"])
    if "error" in case:
        assert parsed.failure() == UsageError(case["error"])
    else:
        sets = TABLE[f"{case['kind']}_sets"]
        matched = [n for n, given in enumerate(sets) if parsed.unwrap().matches(given)]
        assert (str(parsed.unwrap()), matched) == (case["prints"], case["matches"])


def test_the_table_has_every_outcome() -> None:
    kinds = {(case["kind"], "error" in case) for case in TABLE["cases"]}
    assert kinds == {("label", True), ("label", False), ("field", True), ("field", False)}


@given(st.lists(REQUIREMENTS, max_size=5))
def test_a_label_selector_reads_back_what_it_prints(requirements) -> None:
    selector = LabelSelector(tuple(sorted(requirements, key=lambda requirement: requirement.key)))
    assert label_selector(str(selector)) == Success(selector)
    assert pickle.loads(pickle.dumps(selector)) == selector


@given(st.lists(TERMS, max_size=4))
def test_a_field_selector_reads_back_what_it_prints(terms) -> None:
    selector = FieldSelector(tuple(sorted(terms, key=str)))
    assert field_selector(str(selector)) == Success(selector)


@given(st.text() | st.text("a1in=!<>(), \t\0"))
def test_any_text_is_a_selector_or_a_usage_error(text) -> None:
    for parse in PARSERS.values():
        parsed = parse(text)
        assert isinstance(parsed, Success) or isinstance(parsed.failure(), UsageError)


def test_selectors_are_lawful_predicates() -> None:
    testing.check_predicate(label_selector("a in (a,b),!c").unwrap(), examples=20)
    testing.check_predicate(field_selector("metadata.namespace!=shop").unwrap(), examples=20)


def test_a_label_selector_chooses_by_labels() -> None:
    chosen = label_selector("app=web,tier notin (back)").unwrap()
    assert chosen(labelled(app="web"))
    assert not chosen(labelled(app="web", tier="back"))
    assert not chosen(Info({"kind": "Pod", "metadata": {"labels": None}}))


@pytest.mark.parametrize("selector", [label_selector("").unwrap(), field_selector("").unwrap()])
def test_the_empty_selector_chooses_everything(selector) -> None:
    assert selector(Info({}))
    assert str(selector) == ""


# Fields of one object, and their text.
POD = Info({"metadata": {"name": "web"}, "spec": {"hostNetwork": False, "priority": 7, "containers": [{}]}})


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("metadata.name", "web"),
        ("metadata.namespace", ""),
        ("metadata.name.first", ""),
        ("spec.hostNetwork", "false"),
        ("spec.priority", "7"),
        ("spec.containers", ""),
        ("spec", ""),
        ("", ""),
    ],
)
def test_field_value(field, text) -> None:
    assert field_value(POD, field) == text
    assert FieldSelector((FieldTerm(field, "=", text),))(POD)
    assert not FieldSelector((FieldTerm(field, "!=", text),))(POD)


# Text, and how Go's %q writes it.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b", '"a b"'),
        ("é😀", '"é😀"'),
        ('\\"', r'"\\\""'),
        ("\a\b\f\n\r\t\v", r'"\a\b\f\n\r\t\v"'),
        ("\0\x7f", r'"\x00\x7f"'),
        ("\x80\u2028", r'"\u0080\u2028"'),
        ("\U000e0001", r'"\U000e0001"'),
        (b"\xff".decode(errors="surrogateescape"), r'"\xff"'),
    ],
)
def test_quoted(text, expected) -> None:
    assert quote_text(text) == expected


def test_what_a_label_may_be() -> None:
    assert label_key_problems("app.kubernetes.io/name") == label_value_problems("") == ()
    assert label_key_problems("x" * 63) == label_value_problems("x" * 63) == ()
    assert label_key_problems("x" * 253 + "/x") == ()
    assert label_value_problems("é" * 32)[0] == "must be no more than 63 bytes"
