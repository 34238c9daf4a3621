"""Server-side apply by the embedded cluster beside the real server: owners, conflicts, what is left."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from fkube.cluster import State
from fkube.exchange import Response
from tests.conformance.compare import differences
from tests.conformance.known import differences_known, unexplained
from tests.conformance.machine import session
from tests.conformance.objects import JSON, MERGE, PATCH, STRATEGIC, Kind, some
from tests.conformance.server import Server
from tests.conformance.session import Session

APPLY = "application/apply-patch+yaml"
EXAMPLES = 25 * int(os.environ.get("CONFORMANCE_TIMES", "1"))
KNOWN = tuple(each for each in differences_known() if each.area == "cluster")
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

values = st.sampled_from(["", "1", "2"])
maps = st.dictionaries(st.sampled_from(["a", "b", "c<d"]), values, max_size=3)
rule_ = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
subject = st.sampled_from([{"kind": "User", "name": "a", "apiGroup": "rbac.authorization.k8s.io"}])
parts = st.lists(some(name=st.sampled_from(["a", "b"]), count=st.sampled_from([0, 2])), max_size=3)
port = st.fixed_dictionaries(
    {"port": st.sampled_from([80, 81])},
    optional={"name": st.sampled_from(["x", "y"]), "protocol": st.sampled_from(["TCP", "UDP"])},
)
env = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from("abc")}, optional={"value": values}), max_size=3
)
owner = {"apiVersion": "v1", "kind": "Node", "name": "n"}
FIELDS: dict[Kind, st.SearchStrategy[dict[str, Any]]] = {
    Kind("/api/v1", "configmaps", "ConfigMap", True, st.none()): some(
        data=st.one_of(maps, st.none()), immutable=st.just(False), binaryData=st.just({"x": "eA=="})
    ),
    Kind("/api/v1", "secrets", "Secret", True, st.none()): st.fixed_dictionaries(
        # Without a type the real server fills one in.
        {"type": st.just("Opaque")},
        optional={"data": st.sampled_from([{}, {"a": "eA=="}, {"a": "eQ==", "b": ""}])},
    ),
    # Without rules the real server writes null.
    Kind("/apis/rbac.authorization.k8s.io/v1", "roles", "Role", True, st.none()): st.fixed_dictionaries(
        {"rules": st.lists(st.just(rule_), min_size=1, max_size=2)}
    ),
    Kind("/apis/judge.example.com/v1", "widgets", "Widget", True, st.none()): some(
        spec=some(
            size=st.sampled_from([1, 5]),
            colour=st.sampled_from(["red", "blue"]),
            parts=parts,
            free=some(anything=st.one_of(values, st.just({"x": [1, {"y": 1}]})), x=st.just([])),
            labels=maps,
            port=st.sampled_from([80, "http"]),
        ),
        status=some(phase=values),
    ),
}
kinds = st.sampled_from([*FIELDS])
names = st.sampled_from(["a", "a", "b"])
metadata = some(
    labels=st.dictionaries(st.sampled_from(["app", "x.io/y"]), values, max_size=2),
    annotations=st.dictionaries(st.sampled_from(["note", "more"]), values, max_size=2),
    finalizers=st.lists(st.sampled_from(["example.com/a", "example.com/b"]), max_size=2, unique=True),
    ownerReferences=st.lists(
        st.sampled_from([{**owner, "uid": "u1"}, {**owner, "uid": "u2", "controller": True}]),
        max_size=2,
        unique_by=lambda one: one["uid"],
    ),
)
managers = st.sampled_from(["one", "two", "kubectl"])
odd = st.sampled_from([None, None, None, {"surprise": 1}, {"kind": "Other"}, {"apiVersion": "v9"}])
queries = st.sampled_from([(), (), (("force", "true"),), (("force", "false"),), (("dryRun", "All"),)])


class _Steps:
    """What several clients do to the same objects."""

    def apply(self, session: Session, kind: Kind, name: str, manager: str, query: Any, data: Any) -> None:
        """Apply a configuration."""
        place = session.place(kind, "one", name)
        made = place.object(data.draw(FIELDS[kind]), **data.draw(metadata)) | (data.draw(odd) or {})
        sub = data.draw(st.sampled_from(["", "", "", "/status"])) if kind.resource == "widgets" else ""
        asked = (("fieldManager", manager), *query) if manager else query
        session.both("PATCH", place.path + sub, made, asked, APPLY)

    def create(self, session: Session, kind: Kind, name: str, manager: str, data: Any) -> None:
        """Create an object, maybe as client-side apply does."""
        place = session.place(kind, "one", name)
        made = place.object(data.draw(FIELDS[kind]), **data.draw(metadata))
        if data.draw(st.booleans()):
            noted = {**(made["metadata"].get("annotations") or {}), LAST_APPLIED: json.dumps(made) + "\n"}
            made = {**made, "metadata": {**made["metadata"], "annotations": noted}}
        session.remember(
            place, session.both("POST", place.collection, made, (("fieldManager", manager),)), ()
        )

    def change(self, session: Session, kind: Kind, name: str, manager: str, data: Any) -> None:
        """Patch an object, or take all management away."""
        place = session.place(kind, "one", name)
        change = {**data.draw(FIELDS[kind]), "metadata": data.draw(metadata)}
        forget = [{"op": "replace", "path": "/metadata/managedFields", "value": [{}]}]
        plain = STRATEGIC if kind.resource != "widgets" else MERGE
        content, body = data.draw(st.sampled_from([(MERGE, change), (plain, change), (PATCH, forget)]))
        session.both("PATCH", place.path, body, (("fieldManager", manager),), content)

    def replace(self, session: Session, kind: Kind, name: str, manager: str, data: Any) -> None:
        """Replace an object, whatever is known of it."""
        place = session.place(kind, "one", name)
        pair = session.seen(place, 0)
        if pair is not None:
            made = place.object(data.draw(FIELDS[kind]), **data.draw(metadata))
            sub = data.draw(st.sampled_from(["", "/status"])) if kind.resource == "widgets" else ""
            versions = session.each("GET", place.path)
            known = [
                a.body["metadata"].get("resourceVersion", "") if a.status == 200 else "" for a in versions
            ]
            first, second = (
                {**made, "metadata": {**made["metadata"], "resourceVersion": version}} for version in known
            )
            session.each("PUT", place.path + sub, (first, second), (("fieldManager", manager),), JSON)


DRAWN: dict[str, Any] = {"kind": kinds, "name": names, "manager": managers, "data": st.data()}


def machine(server: Server, state: State, judge: Any) -> type[RuleBasedStateMachine]:
    """The state machine."""

    def begin(self: Any) -> None:
        RuleBasedStateMachine.__init__(self)
        self.session = session(server, state, judge)

    steps = _Steps()

    def ruled(step: Any, **drawn: Any) -> Any:
        def run(self: Any, **arguments: Any) -> None:
            step(self.session, **arguments)

        return rule(**drawn)(run)

    rules = {
        "apply": ruled(steps.apply, **DRAWN, query=queries),
        "apply_more": ruled(steps.apply, **DRAWN, query=queries),
        "create": ruled(steps.create, **DRAWN),
        "change": ruled(steps.change, **DRAWN),
        "replace": ruled(steps.replace, **DRAWN),
    }
    return type("Applies", (RuleBasedStateMachine,), {"__init__": begin, **rules})


def test_applies_are_answered_alike(server: Server, begun: State) -> None:
    def judge(request: str, lines: list[str], answers: tuple[Response, Response]) -> None:
        unlike = unexplained(KNOWN, request, lines)
        shown = "\n".join(json.dumps(answer.body)[:3000] for answer in answers)
        assert not unlike, "\n".join([request, *unlike, shown])

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine(server, begun, judge),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=checks,
            database=None,
            derandomize="CI" in os.environ,
        ),
    )


@pytest.mark.parametrize("planted", ["f:a", ".", "manager"])
def test_a_planted_difference_of_managers_is_found(planted: str) -> None:
    entry = {"manager": "one", "fieldsV1": {"f:data": {".": {}, "f:a": {}}}}
    odd_one = {**entry, "manager": "two"} if planted == "manager" else {**entry, "fieldsV1": {"f:data": {}}}
    assert list(differences({"managedFields": [entry]}, {"managedFields": [odd_one]}))
