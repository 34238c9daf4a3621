"""Conflicts with client-side apply about the same value, written otherwise, and those that are real."""

import json
from dataclasses import replace

import pytest

from fkube.exchange import Request, Response
from fkube.merging.lastapplied import LAST_APPLIED
from fkube.verbs.ownconflicts import field_conflicts, force_over_own
from tests.verbs.conversations import hold_with

PLACE, CPU, RAM = "/apis/apps/v1/namespaces/a/deployments/web", ".spec.cpu", ".spec.ram"
CLIENT, OTHER = "kubectl-client-side-apply", "other"


def deployment(**metadata):
    """An object that says `1000m`, as a manifest does."""
    metadata = {"name": "web", **metadata}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"cpu": "1000m"}}


def stored(cpu="1", last="1000m", managers=(CLIENT,)):
    """The live object, as client-side apply has left it, with what it applied last."""
    noted = {"f:metadata": {"f:annotations": {f"f:{LAST_APPLIED}": {}}}, "f:spec": {"f:cpu": {}}}
    entry = {"operation": "Update", "apiVersion": "apps/v1", "fieldsType": "FieldsV1", "fieldsV1": noted}
    applied = json.dumps({**deployment(), "spec": {"cpu": last}})
    known = {
        "annotations": {LAST_APPLIED: applied},
        "managedFields": [{"manager": m, **entry} for m in managers],
    }
    return {**deployment(resourceVersion="7", **known), "spec": {"cpu": cpu}}


def refusal(*conflicts):
    """The 409 that names these fields and their managers."""
    causes = [
        {"reason": "FieldManagerConflict", "field": field, "message": f'conflict with "{manager}"{how}'}
        for field, manager, how in conflicts
    ]
    return Response(
        409, {"kind": "Status", "reason": "Conflict", "message": "no", "details": {"causes": causes}}
    )


def apply(manager="kubectl", dry=False, **changed):
    query = {"fieldManager": manager, "force": "false", **({"dryRun": "All"} if dry else {})}
    body = {**deployment(), **changed}
    return Request("PATCH", PLACE, tuple(query.items()), body, "application/apply-patch+yaml")


UPDATE = " using apps/v1"
OWN = refusal((CPU, CLIENT, UPDATE))


def told(asked):
    return [(dict(one.query)["force"], "dryRun" in dict(one.query)) for one in asked]


def test_the_same_value_in_other_words_is_applied_by_force():
    made = Response(200, deployment(resourceVersion="8"))
    asked, result = hold_with(force_over_own(apply(), stored(), OWN), Response(200, stored()), made, made)
    assert told(asked) == [("true", True), ("true", False), ("false", False)]
    # What others change meanwhile is not taken from them, and no version is kept as applied.
    assert [one.body["metadata"].get("resourceVersion") for one in asked] == [None, "7", None]
    assert result.unwrap() == made


def test_what_was_applied_last_may_be_changed():
    changed = apply(spec={"cpu": "2"})
    there, made = Response(200, stored("2")), Response(200, stored("2"))
    answers = (there, Response(200, stored()), made, made)
    asked, result = hold_with(force_over_own(changed, stored(), OWN), *answers)
    assert [one.body["spec"]["cpu"] for one in asked] == ["2", "1000m", "2", "2"]
    assert result.unwrap() == made


def test_a_dry_run_stays_one():
    made = Response(200, stored())
    asked, result = hold_with(force_over_own(apply(dry=True), stored(), OWN), made, made)
    assert told(asked) == [("true", True)] * 2
    assert [dict(one.query)["dryRun"] for one in asked] == ["All"] * 2
    assert result.unwrap() == made


@pytest.mark.parametrize(
    "refused",
    [
        Response(200, deployment()),
        Response(409, {"kind": "Status", "reason": "Conflict", "message": "changed"}),
        Response(422, {"kind": "Status", "reason": "Invalid", "message": "no"}),
        refusal((CPU, OTHER, UPDATE)),
        refusal((CPU, CLIENT, UPDATE), (RAM, OTHER, UPDATE)),
        # Another manager has these fields by the same name: it is not migrated.
        refusal((CPU, CLIENT, "")),
        refusal((CPU, CLIENT, ' with subresource "status" using apps/v1')),
        refusal((CPU, CLIENT, " using apps/v1beta1")),
    ],
)
def test_what_is_refused_for_another_reason_stays_refused(refused):
    asked, result = hold_with(force_over_own(apply(), stored(), refused))
    assert (asked, result.unwrap()) == ([], refused)


def test_a_manager_without_the_annotation_is_not_migrated():
    live = stored()
    live["metadata"]["managedFields"][0]["fieldsV1"] = {"f:spec": {"f:cpu": {}}}
    assert hold_with(force_over_own(apply(), live, OWN))[0] == []


def test_what_is_owned_of_a_subresource_is_not_migrated():
    live = stored()
    (entry,) = live["metadata"]["managedFields"]
    live["metadata"]["managedFields"] = [entry, {**entry, "subresource": "status"}]
    refused = refusal((CPU, CLIENT, ' with subresource "status" using apps/v1'))
    assert hold_with(force_over_own(apply(), live, refused))[0] == []


@pytest.mark.parametrize(
    ("request_", "answers"),
    [
        # The server makes another value of it, and of what was applied last.
        (apply(), [Response(200, stored("2")), Response(200, stored("3"))]),
        # It was applied as text, so that it is another one.
        (apply(), [Response(200, stored("1000m"))] * 2),
        # Only `kubectl` may change what was applied last.
        (apply("me", spec={"cpu": "2"}), [Response(200, stored("2"))]),
        (apply(), [Response(403, {"message": "no"})] * 2),
        # Somebody has changed it since it was read.
        (apply(), [Response(200, stored()), Response(409, {"message": "the object has been modified"})]),
    ],
)
def test_what_differs_stays_refused(request_, answers):
    asked, result = hold_with(force_over_own(request_, stored(), OWN), *answers)
    assert result.unwrap() is OWN
    assert len(asked) == len(answers)


def test_conflicts_have_our_values():
    (found,) = field_conflicts(OWN, deployment())
    assert (found.field, found.manager, found.ours) == (CPU, f'"{CLIENT}" using apps/v1', "1000m")
    assert field_conflicts(replace(OWN, status=422), deployment()) == ()
