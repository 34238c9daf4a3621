"""What a write has left as it was is `unchanged`, whatever the verb; what it has changed is not."""

from dataclasses import replace

import pytest

from fkube import verbs
from fkube.edge import embedded
from fkube.edge.running import hold as run
from fkube.exchange import Request, Response
from fkube.merging.lastapplied import saved
from fkube.report import Outcome
from fkube.resource.info import Info, Origin, RESTMapping, with_metadata
from fkube.verbs.plan import perform, planned
from fkube.verbs.serverside import server_side_as_is
from fkube.verbs.unchanged import mark_unchanged, reading_before, telling_unchanged
from fkube.verbs.writing import Write
from tests.verbs.conversations import hold_with

MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
APPS = RESTMapping("apps", "v1", "Deployment", "deployments")
PATH = "/api/v1/namespaces/default/configmaps"


def version(number, **changed):
    """An object at a version, with what has changed."""
    metadata = {"name": "x", "namespace": "a", "resourceVersion": number, **changed.pop("metadata", {})}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"k": "v"}, **changed}


MANAGED = {"managedFields": [{"manager": "me", "time": "1970-01-01T00:00:00Z"}]}
LATER = {"managedFields": [{"manager": "me", "time": "1970-01-01T00:00:01Z"}]}
TAKEN = {"managedFields": [{"manager": "you", "time": "1970-01-01T00:00:00Z"}]}


@pytest.mark.parametrize(
    ("dry_run", "before", "after", "same"),
    [
        ("none", version("7"), version("7"), True),
        ("none", version("7"), version("8"), False),
        # A server that tells no version proves nothing.
        ("none", version(""), version(""), False),
        ("none", {}, {}, False),
        ("none", version("7"), None, False),
        ("server", version("7"), version("7"), True),
        ("server", version("7"), version("7", data={"k": "w"}), False),
        ("server", version("7", metadata=MANAGED), version("7", metadata=LATER), True),
        ("server", version("7", metadata=MANAGED), version("7", metadata=TAKEN), False),
        ("server", {}, {}, False),
        ("client", version("7"), version("7"), True),
        ("client", version("7"), version("7", data={"k": 1}), False),
    ],
)
def test_what_is_told_of_a_write(dry_run, before, after, same):
    came = Outcome("configured", Origin(), object=after or {}, dry_run=dry_run)
    marked = mark_unchanged(before, came)
    assert marked.action == ("unchanged" if same else "configured")
    assert replace(marked, action="configured") == came
    assert mark_unchanged(before, marked) == marked


INFO = Info(version("", metadata={"resourceVersion": None}), Origin("x.yaml", 1, 1), MAPS)
LIVE = replace(INFO, object=version("7"), live=True)
WROTE = {
    "annotate": (verbs.annotate({"b": "c"}), LIVE, [], "annotated"),
    "replace": (verbs.replace(), INFO, [Response(200, version("7"))], "replaced"),
    "replace at a version": (verbs.replace(), replace(INFO, object=version("7")), [], "replaced"),
    "patch": (verbs.patch({"data": {"k": "v"}}, "merge"), LIVE, [], "patched"),
    "diff": (verbs.diff(server_side=True), INFO, [Response(200, version("7"))], "configured"),
}


@pytest.mark.parametrize(("verb", "info", "reads", "word"), WROTE.values(), ids=WROTE)
def test_each_verb_tells(verb, info, reads, word):
    for number, said in (("7", "unchanged"), ("8", word)):
        answer = Response(200, version(number, data={"k": "v"} if number == "7" else {"k": "w"}))
        _, result = hold_with(verb(info), *reads, answer)
        assert result.unwrap().action == said


@pytest.mark.parametrize("dry_run", ["none", "server"])
@pytest.mark.parametrize(("number", "word"), [("7", "unchanged"), ("8", "configured")])
def test_a_patch_of_apply_that_changes_nothing(dry_run, number, word):
    # What a server writes otherwise stands in each patch.
    noted, kept = saved(INFO.object)["metadata"], {"k": "as the server writes it"}
    live = version("7", metadata=noted | {"resourceVersion": "7"}, data=kept)
    after = version(number, metadata=noted | {"resourceVersion": number}, data=kept)
    changed = {**after, "data": {"k": "w"}} if number == "8" else after
    answers = [Response(200, live), Response(200, {"paths": {}}), Response(200, changed)]
    asked, result = hold_with(verbs.apply(dry_run)(INFO), *answers)
    assert asked[-1].body == {"data": {"k": "v"}}
    assert result.unwrap().action == word


def deployment(replicas, number):
    metadata = {"name": "x", "namespace": "a", "resourceVersion": number}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {"replicas": replicas},
    }


@pytest.mark.parametrize(
    ("dry_run", "before", "after", "word"),
    [
        ("none", deployment(3, "7"), deployment(3, "7"), "unchanged"),
        ("none", deployment(1, "7"), deployment(3, "8"), "scaled"),
        ("none", deployment(3, "7"), deployment(3, "8"), "scaled"),
        ("server", deployment(3, "7"), deployment(3, "7"), "unchanged"),
        ("server", deployment(1, "7"), deployment(3, "7"), "scaled"),
    ],
)
def test_scale_tells(dry_run, before, after, word):
    info = Info(before, mapping=APPS, live=True)
    _, result = hold_with(verbs.scale(3, dry_run=dry_run)(info), Response(200, after))
    assert result.unwrap().action == word
    # What was not read before may have been another.
    _, result = hold_with(verbs.scale(3, dry_run=dry_run)(replace(info, live=False)), Response(200, after))
    assert result.unwrap().action == "scaled"


def test_the_size_of_a_custom_resource_is_known_by_its_version_only():
    info = Info(deployment(1, "7"), mapping=RESTMapping("a.b", "v1", "Thing", "things"), live=True)
    for dry_run, word in (("none", "unchanged"), ("server", "scaled")):
        _, result = hold_with(verbs.scale(3, dry_run=dry_run)(info), Response(200, deployment(3, "7")))
        assert result.unwrap().action == word


def test_a_verb_is_given_what_is_there():
    patch = verbs.patch({"data": {"k": "v"}}, "merge")
    asked, result = hold_with(
        reading_before(patch)(INFO), Response(200, version("7")), Response(200, version("7"))
    )
    assert [one.method for one in asked] == ["GET", "PATCH"]
    assert result.unwrap().action == "unchanged"
    # What can't be read may still be written.
    asked, result = hold_with(
        reading_before(patch)(INFO), Response(403, {"message": "no"}), Response(200, version("7"))
    )
    assert result.unwrap().action == "patched"
    assert reading_before(patch)(LIVE).request.method == "PATCH"


def test_an_apply_to_a_subresource_tells():
    verb = telling_unchanged(verbs.server_side(subresource="status"))
    for number, word in (("7", "unchanged"), ("8", "serverside-applied")):
        _, result = hold_with(verb(INFO), Response(200, version("7")), Response(200, version(number)))
        assert result.unwrap().action == word


def rows_of(verb, client, info):
    """The object of a plan for an object, with its requests as rows, as they are read from a file."""
    outcome = run(client, planned(verb, bodies=True)(info)).unwrap()
    rows = [{**row, "action": outcome.action} for row in outcome.object["requests"]]
    return replace(info, object={**info.object, "requests": rows})


@pytest.mark.parametrize(
    ("verb", "word"),
    [
        (verbs.replace(), "replaced"),
        (server_side_as_is(Write(field_manager="me"), force=True), "serverside-applied"),
    ],
)
def test_a_plan_that_is_sent_again_tells(verb, word):
    client = embedded()
    info = replace(INFO, object=with_metadata(INFO.object, namespace="default"))
    client.send(Request("POST", PATH, body={**info.object, "data": {"k": "old"}})).unwrap()
    for expected in (word, "unchanged"):
        plan = rows_of(verb, client, info)
        assert plan.object["requests"][0]["action"] == word
        assert run(client, perform(plan)).unwrap().action == expected
    client.close()
