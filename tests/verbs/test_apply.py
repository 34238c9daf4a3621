"""`apply` as a value: what it asks, and what it makes of any answer, without a server."""

import json

import pytest
from returns.result import Success

from fkube.exchange import Done, Response
from fkube.merging.lastapplied import LAST_APPLIED, configuration, last_applied, original, saved
from fkube.pipeline.discovery import Resource, mapper
from fkube.resource.info import Info, Origin, RESTMapping, with_metadata
from fkube.syntax.gotext import json_line
from fkube.verbs.apply import PAUSE, apply
from fkube.verbs.prune import find_prunable_kinds, list_candidates, prune, pruning_error
from fkube.verbs.recreate import Recreation
from fkube.verbs.setlastapplied import set_last_applied

WIDGETS = RESTMapping("example.com", "v1", "Widget", "widgets")
OBJECT = {
    "apiVersion": "example.com/v1",
    "kind": "Widget",
    "metadata": {"name": "a", "namespace": "shop"},
    "spec": {"size": 1},
}
INFO = Info(OBJECT, Origin("x.yaml", 1, 1), WIDGETS)
PLACE = "/apis/example.com/v1/namespaces/shop/widgets"
NOT_FOUND = Response(404, {"kind": "Status", "reason": "NotFound", "code": 404, "message": "no"})
CONFLICT = Response(409, {"kind": "Status", "reason": "Conflict", "code": 409, "message": "changed"})
INVALID = Response(422, {"kind": "Status", "reason": "Invalid", "code": 422, "message": "immutable"})

KIND = {"group": "example.com", "version": "v1", "kind": "Widget"}
INDEX = Response(200, '{"paths": {"apis/example.com/v1": {"serverRelativeURL": "/openapi/v3/x?hash=A"}}}')
NO_INDEX = Response(200, {"paths": {}})
MERGING = {"x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "n"}


def there(**changed):
    """An answer with the object as it was applied, and what has changed since."""
    return Response(200, {**saved({**OBJECT, "spec": {"size": 2, "old": 3}}), **changed})


def held(exchange, *responses):
    """Hold a conversation with these answers: the requests with their delays, and how it ended."""
    said = []
    for response in responses:
        said.append((exchange.request, exchange.delay))
        exchange = exchange.then(response)
    assert isinstance(exchange, Done), exchange.request
    return [request for request, _ in said], [delay for _, delay in said], exchange.result


def test_what_is_not_there_is_created_with_the_annotation():
    nulls = Info({**OBJECT, "spec": {"size": 1, "gone": None, "list": [None, {"a": None}]}}, mapping=WIDGETS)
    [look, made], _, result = held(apply()(nulls), NOT_FOUND, Response(201, OBJECT))
    assert str(look) == f"GET {PLACE}/a"
    query = "fieldManager=kubectl-client-side-apply&fieldValidation=Strict"
    assert str(made) == f"POST {PLACE}?{query}"
    assert made.body["spec"] == {"size": 1, "list": [None, {}]}
    assert json.loads(last_applied(made.body))["spec"]["gone"] is None
    assert result.unwrap().action == "created"


def test_the_annotation_is_the_manifest_in_one_line_without_itself():
    text = (
        '{"apiVersion":"example.com/v1","kind":"Widget",'
        '"metadata":{"annotations":{},"name":"a","namespace":"shop"},"spec":{"size":1}}\n'
    )
    assert configuration(OBJECT) == configuration(saved(OBJECT)) == text
    assert original(saved(OBJECT)).unwrap()["spec"] == {"size": 1}
    assert original({"metadata": {"annotations": {LAST_APPLIED: "{"}}}).failure() == "invalid JSON document"
    assert original({"metadata": {"annotations": {LAST_APPLIED: "[" * 5000}}}).failure()
    assert original({}) == Success({})


def test_what_is_there_is_patched_by_what_was_applied_last():
    [_, _, patch], _, result = held(apply(field_manager="me")(INFO), there(), NO_INDEX, Response(200, OBJECT))
    assert str(patch) == f"PATCH {PLACE}/a?fieldManager=me&fieldValidation=Strict"
    assert patch.content_type == "application/merge-patch+json"
    annotations = {LAST_APPLIED: configuration(OBJECT)}
    assert patch.body == {"spec": {"size": 1, "old": None}, "metadata": {"annotations": annotations}}
    assert (result.unwrap().action, result.unwrap().warnings) == ("configured", ())


def test_what_is_as_wanted_is_unchanged_without_a_request():
    live = {**saved(OBJECT), "status": {"ready": True}}
    [_, _], _, result = held(apply()(INFO), Response(200, live), NO_INDEX)
    assert (result.unwrap().action, result.unwrap().object) == ("unchanged", live)


def test_an_object_without_annotation_or_on_its_way_out_is_told_of():
    leaving = {**OBJECT, "metadata": {**OBJECT["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z"}}
    _, _, result = held(apply()(INFO), Response(200, leaving), NO_INDEX, Response(200, leaving))
    missing, going = result.unwrap().warnings
    assert missing.startswith(
        f"resource widgets/a is missing the {LAST_APPLIED} annotation which is required"
    )
    assert going == "Detected changes to resource a which is currently being deleted."


def test_a_patch_that_meets_a_change_is_made_again_five_times():
    answers = [
        there(),
        NO_INDEX,
        CONFLICT,
        there(spec={"size": 5}),
        NO_INDEX,
        CONFLICT,
        there(),
        NO_INDEX,
        Response(200, OBJECT),
    ]
    requests, delays, result = held(apply()(INFO), *answers)
    assert [request.method for request in requests] == ["GET", "GET", "PATCH"] * 3
    assert delays == [0, 0, 0, 0, 0, 0, PAUSE, 0, 0]
    assert requests[5].body["spec"] == {"size": 1, "old": None}
    assert result.unwrap().action == "configured"
    requests, _, result = held(apply()(INFO), *[there(), NO_INDEX, CONFLICT] * 6)
    assert (result.failure().reason, result.failure().doing) == ("Conflict", "patching")
    assert held(apply()(INFO), there(), NO_INDEX, CONFLICT, NOT_FOUND)[2].failure().reason == "NotFound"


def test_force_deletes_and_creates_what_cannot_be_changed():
    force = Recreation("Foreground", 3, 1.0)
    answers = [there(), NO_INDEX, INVALID, Response(200, {}), there(), NOT_FOUND, Response(201, OBJECT)]
    requests, delays, result = held(apply(force=force)(INFO), *answers)
    assert [request.method for request in requests] == ["GET", "GET", "PATCH", "DELETE", "GET", "GET", "POST"]
    assert requests[3].body["propagationPolicy"] == "Foreground"
    assert requests[3].body["gracePeriodSeconds"] == 3
    assert delays[4:6] == [0, 1]
    assert result.unwrap().action == "configured"
    assert held(apply()(INFO), *answers[:3])[2].failure().reason == "Invalid"


def test_force_restores_what_it_deleted_when_the_new_one_is_refused():
    away = [there(), NO_INDEX, INVALID, Response(200, {}), NOT_FOUND, INVALID]
    requests, _, result = held(apply(force=Recreation())(INFO), *away, Response(201, OBJECT))
    assert requests[-1].body["spec"] == {"size": 2, "old": 3}
    assert result.failure().message == "immutable"
    _, _, worse = held(apply(force=Recreation())(INFO), *away, CONFLICT)
    assert "attempting to restore the original object:\n\nchanged" in worse.failure().message


def test_force_does_not_wait_for_ever():
    away = [there(), NO_INDEX, INVALID, Response(200, {})]
    assert "deletion of a" in held(apply(force=Recreation())(INFO), *away, there())[2].failure().message
    refused = Response(403, {"kind": "Status", "reason": "Forbidden", "code": 403})
    assert held(apply(force=Recreation())(INFO), *away, refused)[2].failure().reason == "Forbidden"


def test_dry_runs_change_nothing():
    [_], _, new = held(apply("client")(INFO), NOT_FOUND)
    assert (new.unwrap().action, new.unwrap().dry_run) == ("created", "client")
    [_, _], _, old = held(apply("client")(INFO), there(), NO_INDEX)
    assert (old.unwrap().object["spec"], old.unwrap().action) == ({"size": 1}, "configured")
    [_, _, patch], _, _ = held(apply("server")(INFO), there(), NO_INDEX, Response(200, OBJECT))
    assert dict(patch.query)["dryRun"] == "All"


@pytest.mark.parametrize(
    ("verb", "info", "answers", "message"),
    [
        (apply(), Info({"kind": "Widget", "metadata": {"generateName": "a-"}}), (), "from a-: cannot use"),
        (apply(), Info({"kind": "Widget"}, mapping=WIDGETS), (), "resource name may not be empty"),
        (apply("maybe"), INFO, (), "Invalid dry-run value"),
        (apply(), INFO, (Response(403, {"reason": "Forbidden", "message": "not you"}),), "not you"),
        (
            apply(),
            INFO,
            (Response(200, {**OBJECT, "metadata": {"annotations": {LAST_APPLIED: "{"}}}),),
            "invalid JSON document",
        ),
    ],
)
def test_what_cannot_be_applied_is_an_error(verb, info, answers, message):
    assert message in held(verb(info), *answers)[2].failure().message


def document(*types):
    """A document of OpenAPI in which the server takes patches of these types."""
    patch = {
        "x-kubernetes-group-version-kind": KIND,
        "requestBody": {"content": {type: {} for type in types}},
    }
    items = {"type": "object", "properties": {"l": MERGING}}
    metadata = {"properties": {"annotations": {}}}
    fields = {"spec": items, "metadata": metadata}
    schema = {"x-kubernetes-group-version-kind": [KIND], "properties": fields}
    paths = {"/x": {"get": {}}, "/y": {"patch": patch}}
    return Response(200, {"paths": paths, "components": {"schemas": {"a": {}, "w": schema}}})


def test_the_schema_decides_which_patch_is_sent():
    info = Info({**OBJECT, "spec": {"l": [{"n": "b"}]}}, mapping=WIDGETS)
    live = Response(200, saved({**OBJECT, "spec": {"l": [{"n": "a"}]}}))
    strategic = "application/strategic-merge-patch+json"
    asked, _, _ = held(apply()(info), live, INDEX, document("application/merge-patch+json", strategic), live)
    assert [str(request) for request in asked[1:3]] == ["GET /openapi/v3", "GET /openapi/v3/x?hash=A"]
    assert asked[-1].content_type == strategic
    spec = {"l": [{"n": "b"}, {"n": "a", "$patch": "delete"}], "$setElementOrder/l": [{"n": "b"}]}
    assert asked[-1].body["spec"] == spec
    asked, _, _ = held(apply()(info), live, INDEX, document("application/merge-patch+json"), live)
    assert asked[-1].body["spec"] == {"l": [{"n": "b"}]}
    _, _, dry = held(apply("client")(info), live, INDEX, document(strategic))
    assert dry.unwrap().object["spec"] == {"l": [{"n": "b"}]}


def test_a_list_that_cannot_be_merged_is_an_error_without_its_values():
    info = Info({**OBJECT, "spec": {"l": [{"secret": "x"}]}}, mapping=WIDGETS)
    live = Response(200, saved({**OBJECT, "spec": {"l": [{"n": "a"}]}}))
    error = held(apply()(info), live, INDEX, document("application/strategic-merge-patch+json"))[2].failure()
    assert error.message == "creating patch for a: an item of l does not contain declared merge key: n"


def test_without_overwrite_whatever_differs_is_an_error_as_for_kubectl():
    """The annotation differs too, and is taken for a change of another."""
    info = Info({**OBJECT, "spec": {"l": [{"n": "a", "v": 1}]}}, mapping=WIDGETS)
    before = saved({**OBJECT, "spec": {"l": [{"n": "a", "v": 2}]}})
    live = Response(200, {**before, "spec": {"l": [{"n": "a", "v": 3}]}})
    schema = document("application/strategic-merge-patch+json")
    error = held(apply(overwrite=False)(info), live, INDEX, schema)[2].failure()
    assert error.message.endswith("conflicts with changes made from original to current in metadata, spec")
    same = Response(200, saved(info.object))
    assert held(apply(overwrite=False)(info), same, INDEX, schema)[2].unwrap().action == "unchanged"


def test_what_was_applied_last_can_be_said_without_applying():
    verb = set_last_applied()
    [look, patch], _, result = held(verb(INFO), there(), Response(200, OBJECT))
    assert (look.method, patch.method, patch.query) == ("GET", "PATCH", ())
    assert patch.body == {"metadata": {"annotations": {LAST_APPLIED: json_line(OBJECT) + "\n"}}}
    assert result.unwrap().action == "configured"
    same = with_metadata(OBJECT, annotations=patch.body["metadata"]["annotations"])
    assert held(verb(INFO), Response(200, same))[2].unwrap().action == "unchanged"
    assert (
        "run the command with --create-annotation"
        in held(verb(INFO), Response(200, OBJECT))[2].failure().message
    )
    assert held(verb(INFO), NOT_FOUND)[2].failure().reason == "NotFound"
    assert held(set_last_applied("client", True)(INFO), Response(200, OBJECT))[2].unwrap().dry_run == "client"
    [_, dry], _, _ = held(set_last_applied("server")(INFO), there(), Response(200, OBJECT))
    assert dict(dry.query) == {"dryRun": "All"}
    assert "Invalid dry-run" in held(set_last_applied("maybe")(INFO))[2].failure().message


def test_only_what_was_applied_and_is_kept_no_more_is_pruned():
    def listed(name, uid, **more):
        return {"metadata": {"name": name, "namespace": "shop", "uid": uid, **more}}

    applied = {"annotations": {LAST_APPLIED: "{}"}}
    first = {"metadata": {"continue": "more"}, "items": [listed("a", "1", **applied), listed("b", "2")]}
    second = {"metadata": {}, "items": [listed("c", "3", **applied)]}
    pages = Response(200, first), Response(200, second)
    asked, _, found = held(list_candidates(WIDGETS, "shop", "app=web", {"1"}), *pages)
    assert str(asked[0]) == f"GET {PLACE}?labelSelector=app=web&limit=500"
    assert [info.name for info in found.unwrap()] == ["c"]
    [gone], _, pruned = held(prune(grace_period=3)(found.unwrap()[0]), Response(200, {}))
    assert (str(gone), gone.body["preconditions"]) == (f"DELETE {PLACE}/c", {"uid": "3"})
    assert (pruned.unwrap().action, pruned.unwrap().object["metadata"]["name"]) == ("pruned", "c")


def test_kinds_to_prune_are_named_by_group_version_and_kind():
    known = mapper([Resource(WIDGETS, "widget")])
    assert find_prunable_kinds(known, ["example.com/v1/Widget"]).unwrap() == (WIDGETS,)
    assert (
        'no matches for kind "Widget" in version "v1"'
        in find_prunable_kinds(known, ["core/v1/Widget"]).failure().message
    )
    assert "please follow <group/version/kind>" in find_prunable_kinds(known, ["Widget"]).failure().message
    refused = pruning_error(WIDGETS, find_prunable_kinds(known, ["Widget"]).failure()).message
    assert refused.startswith("error pruning namespaced object example.com/v1, Kind=Widget: invalid")
