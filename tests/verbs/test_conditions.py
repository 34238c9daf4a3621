"""Conditions: what each says of an object, case by case as kubectl's wait has it, and what `--for` means."""

from __future__ import annotations

from math import inf

import pytest
from returns.result import Failure, Success

from fkube.resource.errors import ConditionError, TimedOut, UsageError
from fkube.syntax.jsonpath import parse
from fkube.testing import check_condition
from fkube.verbs.awaiting import awaited
from fkube.verbs.conditions import (
    Met,
    Never,
    NotYet,
    Snapshot,
    all_of,
    any_of,
    condition,
    created,
    deleted,
    fail_if,
    jsonpath,
    none_of,
    within,
)

READY = {"type": "Ready", "status": "True"}


def object(*conditions, generation=None, observed=None):
    status = {"conditions": list(conditions)} | ({"observedGeneration": observed} if observed else {})
    return {"metadata": {"generation": generation} if generation else {}, "status": status}


CONDITIONS = [
    ("Ready", "true", object(READY), Met()),
    ("ready", "TRUE", object(READY), Met()),
    ("Ready", "true", object({**READY, "status": "False"}), NotYet()),
    ("Ready", "false", object({**READY, "status": "False"}), Met()),
    ("Ready", "", object({**READY, "status": ""}), Met()),
    ("Ready", "true", object({"type": "Other", "status": "True"}), NotYet()),
    ("Ready", "true", object({"type": "Other", "status": "True"}, READY), Met()),
    # The first of a type decides.
    ("Ready", "true", object({**READY, "status": "False"}, READY), NotYet()),
    # Malformed ones are passed over (TestConditionalWaitCheckConditionHandlesMalformedConditions).
    ("Ready", "true", object("not-a-map"), NotYet()),
    ("Ready", "true", object("not-a-map", READY), Met()),
    ("Ready", "true", object({"type": "Ready"}, READY), Met()),
    ("Ready", "true", object({"type": 1, "status": "True"}, READY), Met()),
    ("Ready", "true", object({"type": "Ready", "status": 1}), NotYet()),
    ("Ready", "", object({"type": "Ready"}), NotYet()),
    ("Ready", "true", {}, NotYet()),
    ("Ready", "true", {"status": {}}, NotYet()),
    ("Ready", "true", {"status": "none"}, NotYet()),
    ("Ready", "true", None, NotYet()),
    # Letters are folded one by one: the sign for Kelvin is a k, the sharp s not two of them.
    ("\N{KELVIN SIGN}ind", "true", object({**READY, "type": "kind"}), Met()),
    ("ss", "true", object({**READY, "type": "ß"}), NotYet()),
    # Generations (TestWaitForCondition).
    ("Ready", "true", object({**READY, "observedGeneration": 1}, generation=2), NotYet()),
    ("Ready", "true", object({**READY, "observedGeneration": 2}, generation=2), Met()),
    ("Ready", "true", object(READY, generation=2, observed=1), NotYet()),
    ("Ready", "true", object(READY, generation=2, observed=2), Met()),
    ("Ready", "true", object({**READY, "observedGeneration": 2}, generation=2, observed=1), Met()),
    ("Ready", "true", object(READY, observed=1), Met()),
    ("Ready", "true", object(READY, generation=2), Met()),
]


@pytest.mark.parametrize(("type", "status", "object", "verdict"), CONDITIONS)
def test_a_status_condition(type, status, object, verdict):
    assert condition(type, status)(Snapshot(object)) == verdict


def test_conditions_that_are_no_list_never_are_met():
    verdict = condition("Ready")(Snapshot({"status": {"conditions": {"Ready": "True"}}}))
    assert isinstance(verdict, Never)


POD = {
    "metadata": {"name": "web"},
    "spec": {"nodeName": "knode0", "ports": [80], "load": 1.5, "big": 1e21},
    "status": {"ready": True, "none": None, "conditions": [READY, {"type": "Initialized", "status": "True"}]},
}
VALUE, LIST = (
    ConditionError(f"given jsonpath expression matches more than one {w}") for w in ("value", "list")
)
NESTED = ConditionError("jsonpath leads to a nested object or list which is not supported")

# TestWaitForDifferentJSONPathExpression, and what fmt.Sprint makes of a value.
PATHS = [
    ("{.foo.bar}", "baz", NotYet()),
    ("{.foo.bar}", "", NotYet()),
    ("{.status.ready}", "true", Met()),
    ("{.status.ready}", "True", NotYet()),
    ("{.status.ready}", "false", NotYet()),
    ("{.spec.ports[0]}", "80", Met()),
    ("{.spec.ports[0]}", "81", NotYet()),
    ("{.spec.nodeName}", "knode0", Met()),
    ("{.spec.nodeName}", " knode0 ", Met()),
    ("{.spec.nodeName}", "kmaster", NotYet()),
    ("{.spec.nodeName}", "", Met()),
    ("{.spec.load}", "1.5", Met()),
    ("{.spec.big}", "1e+21", Met()),
    ("{.status.none}", "<nil>", Met()),
    ("{.spec}", "", Met()),
    ("{.spec}", "foo", Never((NESTED,))),
    ("{.status.conditions}", "True", Never((NESTED,))),
    ("{.status.conditions[*]}", "foo", Never((VALUE,))),
    ("{.status.conditions[*]}", "", Never((VALUE,))),
    ("{range .status.conditions[*]}[{.status}] {end}", "foo", Never((LIST,))),
    ("{range .status.conditions[*]}[{.status}] {end}", "", Never((LIST,))),
    ('{.status.conditions[?(@.type=="Ready")].status}', "True", Met()),
]


@pytest.mark.parametrize(("path", "value", "verdict"), PATHS)
def test_a_path(path, value, verdict):
    assert jsonpath(parse(path).unwrap(), value)(Snapshot(POD)) == verdict


def test_a_path_that_fails_never_is_met():
    verdict = jsonpath(parse("{.spec.nodeName[0]}").unwrap())(Snapshot(POD))
    assert isinstance(verdict, Never)
    assert [type(reason) for reason in verdict.reasons] == [UsageError]


def test_a_path_of_what_is_not_there_is_not_yet():
    assert jsonpath(parse("{.spec}").unwrap())(Snapshot(None)) == NotYet()


# TestConditionFuncFor
WORDS = [
    ("jsonpath=", "jsonpath expression cannot be empty"),
    (
        "jsonpath={.metadata.name}='test=wrong'",
        "jsonpath wait format must be --for=jsonpath='{.status.readyRe",
    ),
    ("jsonpath={.metadata.name}=", "jsonpath wait has to have a value after equal sign"),
    ("jsonpath={.metadata.name}=''", "jsonpath wait has to have a value after equal sign"),
    ('jsonpath={[?(@.type=="A"||@.type=="B")]}=True', "unrecognized character in action: U+007C '|'"),
    (
        "jsonpath={=True",
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or",
    ),
    ("cond=invalid", 'unrecognized condition: "cond=invalid"'),
    ("Condition=Ready", 'unrecognized condition: "Condition=Ready"'),
    ("condition", 'unrecognized condition: "condition"'),
    ("jsonpath", 'unrecognized condition: "jsonpath"'),
    ("", 'unrecognized condition: ""'),
]


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_what_for_does_not_mean(text, words):
    found = awaited(text)
    assert isinstance(found, Failure)
    assert found.failure().message.startswith(words)


MEANT = [
    ("create", Met()),
    ("Delete", NotYet()),
    ("condition=ready", Met()),
    ("condition=Ready=false", NotYet()),
    ("condition=Ready=", NotYet()),
    ("condition=Ready=a=b", NotYet()),
    ("jsonpath={.metadata.name}", Met()),
    ("jsonpath=metadata.name", Met()),
    ("jsonpath={.metadata.name}=web", Met()),
    ("jsonpath=.metadata.name='web'", Met()),
    ("jsonpath=abc", NotYet()),
    ('jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', Met()),
    ('jsonpath=status.conditions[?(@.type=="Ready")].status=False', NotYet()),
    ("jsonpath={.spec.nodeName}=a==b", NotYet()),
]


@pytest.mark.parametrize(("text", "verdict"), MEANT)
def test_what_for_means(text, verdict):
    assert awaited(text).unwrap()(Snapshot(POD)) == verdict


# The algebra, said in the words of the page

CRASHED = jsonpath(parse("{.status.phase}").unwrap(), "Failed")
READY_OR_FAIL = within(
    60, all_of(condition("Ready"), fail_if(CRASHED, "it crashed"), fail_if(deleted, "gone"))
)
EXPRESSION = [
    (object(READY), 1, Met()),
    (object(), 1, NotYet(60)),
    (object(), 60, Never((TimedOut("timed out waiting for the condition"),))),
    (object(READY), 99, Met()),
    ({"status": {"phase": "Failed", "conditions": [READY]}}, 1, Never((ConditionError("it crashed"),))),
    (None, 1, Never((ConditionError("gone"),))),
]


@pytest.mark.parametrize(("object", "elapsed", "verdict"), EXPRESSION)
def test_ready_or_fail_as_soon_as_it_can_not_be(object, elapsed, verdict):
    assert READY_OR_FAIL(Snapshot(object, elapsed)) == verdict


def test_every_reason_is_told_once():
    both = any_of(within(1, created), within(2, created), all_of(fail_if(deleted, "gone"), created))
    reasons = both(Snapshot(None, 5)).reasons
    assert [reason.message for reason in reasons] == ["timed out waiting for the condition", "gone"]


def test_the_earliest_that_is_due_is_told():
    both = any_of(within(9, created), within(2, created), none_of(none_of(created)))
    assert both(Snapshot(None, 1)) == NotYet(2)
    assert all_of(created, within(3, created))(Snapshot(None)) == NotYet(3)
    assert all_of(created, created)(Snapshot(None)) == NotYet(inf)


@pytest.mark.parametrize("lawful", [READY_OR_FAIL, created, deleted, within(1, deleted)])
def test_conditions_keep_the_laws(lawful):
    check_condition(lawful, examples=30)


def test_a_condition_that_time_alone_meets_is_found_out():
    with pytest.raises(AssertionError, match="due_honest does not hold"):
        check_condition(lambda snapshot: Met() if snapshot.elapsed > 1.2 else NotYet())


def test_a_snapshot_shows_no_secret():
    assert "aHVzaA" not in repr(Snapshot({"kind": "Secret", "data": {"k": "aHVzaA=="}}))


def test_conditions_are_functions_of_success_only():
    assert awaited("create") == Success(created)
