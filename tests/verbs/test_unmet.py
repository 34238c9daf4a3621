"""What a wait that is over says of what was missing: behind kubectl's words, and no value of a Secret."""

import pytest

from fkube.syntax.jsonpath import parse
from fkube.verbs.conditions import (
    Never,
    NotYet,
    Snapshot,
    all_of,
    any_of,
    condition,
    created,
    deleted,
    jsonpath,
    none_of,
    within,
)
from fkube.verbs.unmet import LONGEST

READY = {"type": "Ready", "status": "True"}


def thing(*rows, kind="Pod", status=None, **metadata):
    """An object with these conditions."""
    return {"kind": kind, "metadata": metadata, "status": {"conditions": list(rows), **(status or {})}}


def at(template, value=""):
    return jsonpath(parse(template).unwrap(), value)


GOING = {"deletionTimestamp": "1970-01-01T00:00:00Z"}
OLD = {**READY, "observedGeneration": 1}
CASES = [
    (condition("Ready"), thing(OLD, generation=4), "Ready is True, but of generation 1, not 4"),
    (
        condition("Ready"),
        thing(READY, generation=4, status={"observedGeneration": 1}),
        "Ready is True, but of generation 1, not 4",
    ),
    (condition("Ready", "False"), thing(READY, generation=4), "Ready is True"),
    # What is of an older generation and is another besides is both.
    (
        condition("ready"),
        thing({**OLD, "status": "False"}, generation=4),
        "Ready is False, but of generation 1, not 4",
    ),
    (condition("Ready"), thing({**READY, "status": "False", "reason": "Crash"}), "Ready is False (Crash)"),
    (condition("Ready"), thing({**READY, "status": "False", "reason": 7}), "Ready is False"),
    (condition("Ready", "False"), thing(OLD, generation=1), "Ready is True"),
    (condition("Ready"), thing(), "it has no condition Ready"),
    (
        condition("Ready"),
        thing({"type": "A", "status": "True"}, "no", {"type": "B"}),
        "it has no condition Ready, only A, B",
    ),
    (condition("Ready"), {}, "it has no condition Ready"),
    (condition("Ready"), None, "it is not there"),
    (created, None, "it is not there"),
    (at("{.status.phase}", "Running"), None, "it is not there"),
    (at("{.status.phase}", "Running"), thing(status={"phase": "Pending"}), 'the value is "Pending"'),
    (at("{.status.phase}", "Running"), thing(status={"phase": ""}), 'the value is ""'),
    (at("{.spec.replicas}", "4"), {"spec": {"replicas": 1}}, 'the value is "1"'),
    (at("{.spec.on}", "4"), {"spec": {"on": True}}, 'the value is "true"'),
    (at("{.status.phase}", "Running"), thing(), "there is no value"),
    (at("{.status.phase}"), thing(), "there is no value"),
    (at("{.data.a}", "b"), {"kind": "Secret", "data": {"a": "aHVudGVyMg=="}}, "the value is another"),
    (at("{.data.b}", "b"), {"kind": "Secret", "data": {"a": "aHVudGVyMg=="}}, "there is no value"),
    (at("{.data.a}", "b"), {"data": {"a": "x" * 101}}, f'the value is "{"x" * LONGEST}…"'),
    (at("{.data.a}", "b"), {"data": {"a": "x\ny"}}, r'the value is "x\ny"'),
    (deleted, thing(), "it is not being deleted"),
    (deleted, thing(finalizers=["a/b"]), "it is not being deleted"),
    (deleted, thing(**GOING), "it is being deleted"),
    (deleted, thing(**GOING, finalizers=["a/b"]), "it is being deleted, and held by the finalizer a/b"),
    (
        deleted,
        thing(**GOING, finalizers=["a/b", "c"]),
        "it is being deleted, and held by the finalizers a/b, c",
    ),
    (
        deleted,
        {"kind": "Namespace", "metadata": GOING, "spec": {"finalizers": ["kubernetes"]}},
        "it is being deleted, and held by the finalizer kubernetes",
    ),
    (deleted, {"metadata": {**GOING, "finalizers": "no"}}, "it is being deleted"),
    (all_of(created, deleted, condition("A")), thing(), "it is not being deleted; it has no condition A"),
    (any_of(deleted, condition("A"), deleted), thing(), "it is not being deleted; it has no condition A"),
    (none_of(created), thing(), ""),
]


@pytest.mark.parametrize(("wanted", "object", "why"), CASES, ids=range(len(CASES)))
def test_what_is_missing_is_told(wanted, object, why):
    verdict = wanted(Snapshot(object))
    assert isinstance(verdict, NotYet)
    assert "; ".join(verdict.why) == why
    # It is told of the time that is over too, and is no part of what a verdict is.
    late = within(0, wanted)(Snapshot(object))
    assert isinstance(late, Never)
    assert "; ".join(late.why) == why
    assert (verdict, late) == (NotYet(verdict.due), Never(late.reasons))
    assert "aHVudGVy" not in f"{verdict}{late}{verdict.why}"


def test_each_time_that_is_over_says_what_was_missing():
    both = all_of(within(0, deleted), within(0, condition("A")))(Snapshot(thing()))
    assert both.why == ("it is not being deleted", "it has no condition A")
    assert any_of(within(0, deleted), within(0, deleted))(Snapshot(thing())).why == (
        "it is not being deleted",
    )
