"""`diff`: what it asks, what it makes of answers, what it hides, and how versions are compared."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fkube import verbs
from fkube.edge import diffprogram, embedded
from fkube.edge.running import hold as run
from fkube.exchange import Request, Response
from fkube.merging.lastapplied import LAST_APPLIED, saved
from fkube.resource.info import Info, Origin, RESTMapping
from fkube.showing.masking import masked
from tests.verbs.conversations import hold_with

MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
META = {"name": "a", "namespace": "default"}
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": META, "data": {"k": "v"}}
PATH = "/api/v1/namespaces/default/configmaps/a"
INFO = Info(MAP, Origin("a.yaml", 1, 1), MAPS)
CHANGED = Response(409, {"kind": "Status", "reason": "Conflict", "code": 409, "message": "changed"})


@pytest.fixture
def client():
    made = embedded()
    yield made
    made.close()


def create(client, object):
    assert client.send(Request("POST", PATH.removesuffix("/a"), body=object)).unwrap().status == 201


def merge(client, patch):
    request = Request("PATCH", PATH, body=patch, content_type="application/merge-patch+json")
    assert client.send(request).unwrap().status == 200


def test_what_is_not_there_would_be_created(client):
    outcome = run(client, verbs.diff()(INFO)).unwrap()
    assert (outcome.action, outcome.info.live) == ("created", False)
    assert outcome.object["data"] == MAP["data"]
    assert client.send(Request("GET", PATH)).unwrap().status == 404


@pytest.mark.parametrize(
    ("there", "since", "wanted"),
    [
        (saved(MAP), {}, {"k": "v"}),
        (saved(MAP), {"data": {"k": "w"}}, {"k": "v"}),
        (saved(MAP), {"data": {"more": "w"}}, {"k": "v", "more": "w"}),
        (saved({**MAP, "data": {"old": "x"}}), {}, {"k": "v"}),
        ({**MAP, "data": {"old": "x"}}, {}, {"k": "v", "old": "x"}),
    ],
)
def test_the_merged_object_is_what_apply_would_leave(client, there, since, wanted):
    create(client, there)
    merge(client, since)
    before = client.send(Request("GET", PATH)).unwrap().body
    outcome = run(client, verbs.diff()(INFO)).unwrap()
    assert (outcome.info.object, outcome.info.live) == (before, True)
    assert outcome.object["data"] == wanted
    assert client.send(Request("GET", PATH)).unwrap().body == before
    # Law: once it is applied, there is nothing to show but the annotation.
    run(client, verbs.apply()(INFO)).unwrap()
    again = run(client, verbs.diff()(INFO)).unwrap()
    assert (again.action, again.object) == ("unchanged", again.info.object)


def test_an_object_that_others_change_is_looked_at_again_and_at_last_without_a_lock():
    widgets = RESTMapping("a.b", "v1", "Widget", "widgets")
    info = Info({**MAP, "apiVersion": "a.b/v1", "kind": "Widget"}, mapping=widgets)
    live = Response(200, {**info.object, "data": {}, "metadata": {**META, "resourceVersion": "7"}})
    no_schemas = Response(200, {"paths": {}})
    round = [live, no_schemas, CHANGED]
    asked, result = hold_with(verbs.diff()(info), *round * 4)
    versions = [r.body["metadata"].get("resourceVersion") for r in asked if r.method == "PATCH"]
    assert versions == ["7", "7", "7", None]
    assert result.failure().reason == "Conflict"


def test_server_side_apply_is_asked_for_by_a_dry_run():
    verb = verbs.diff(server_side=True, field_manager="me", force_conflicts=True)
    asked, result = hold_with(verb(INFO), Response(200, MAP), Response(200, MAP))
    assert str(asked[1]) == f"PATCH {PATH}?dryRun=All&fieldManager=me&force=true"
    assert (asked[1].body, asked[1].content_type) == (MAP, "application/apply-patch+yaml")
    assert result.unwrap().object == MAP
    asked, result = hold_with(verb(INFO), Response(404, {}), Response(201, MAP))
    assert result.unwrap().info.live is False


def test_what_is_being_deleted_is_said():
    going = {**MAP, "metadata": {**META, "deletionTimestamp": "2026-01-01T00:00:00Z"}}
    verb = verbs.diff(server_side=True)
    _, result = hold_with(verb(INFO), Response(200, going), Response(200, going))
    assert "currently being deleted" in result.unwrap().warnings[0]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([Response(403, {"message": "no"})], "no"),
        ([Response(404, {}), Response(422, {"message": "bad"})], "bad"),
        (
            [Response(200, {**MAP, "metadata": {**META, "annotations": {LAST_APPLIED: "["}}})],
            f"{LAST_APPLIED} of a: invalid JSON document",
        ),
    ],
)
def test_an_error_is_data(answers, message):
    _, result = hold_with(verbs.diff()(INFO), *answers)
    assert (result.failure().message, result.failure().origin) == (message, INFO.origin)


VALUES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["hunter1", "hunter2"]))
SIDES = st.fixed_dictionaries(
    {"data": VALUES}, optional={"stringData": VALUES, "note": st.sampled_from(["hunter1", "hunter2"])}
)


def secret(data, stringData=None, note=None):
    made = {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "s"}, "data": data}
    if note:
        made["metadata"]["annotations"] = {LAST_APPLIED: note, "other": "x"}
    return {**made, **({"stringData": stringData} if stringData is not None else {})}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SIDES, SIDES)
def test_masks_hide_every_value_and_no_difference(left, right):
    before, after = secret(**left), secret(**right)
    shown = masked(before, after)
    assert "hunter" not in str(shown)
    assert (shown[0] == shown[1]) == (before == after)
    assert [side.keys() for side in shown] == [before.keys(), after.keys()]
    assert [side["data"].keys() for side in shown] == [left["data"].keys(), right["data"].keys()]
    assert "hunter" in str((before, after)) or not (left["data"] or right["data"])


MASKS = [
    ({"a": "x"}, {"a": "x"}, {"a": "***"}, {"a": "***"}),
    ({"a": "x"}, {"a": "y"}, {"a": "*** (before)"}, {"a": "*** (after)"}),
    ({"a": "x"}, {"b": "x"}, {"a": "***"}, {"b": "***"}),
    ({}, {"b": "x"}, {}, {"b": "***"}),
    ("x", {"b": "x"}, "***", {"b": "***"}),
]


@pytest.mark.parametrize(("left", "right", "before", "after"), MASKS)
def test_masks_are_kubectls(left, right, before, after):
    assert [side["data"] for side in masked(secret(left), secret(right))] == [before, after]


def test_only_secrets_are_masked():
    assert masked(MAP, MAP) == (MAP, MAP)
    assert masked({}, secret({"a": "x"}))[0] == {}


COMMANDS = [
    ("", ()),
    ("colordiff", ("colordiff",)),
    ("diff -N -u --color=always", ("diff", "-N", "-u", "--color=always")[:3]),
    ("diff -N $(rm) a/b -U5", ("diff", "-N", "-U5")),
]


@pytest.mark.parametrize(("text", "words"), COMMANDS)
def test_parameters_are_letters_digits_dashes_and_equals_signs(text, words):
    assert diffprogram.external_command(text) in (words, (*words, "--color=always"))


def written(both, live, merged):
    for folder, files in ((both.live, live), (both.merged, merged)):
        for name, text in files.items():
            (folder / name).write_text(text)


COMPARED = [
    ({"a": "x\n"}, {"a": "x\n"}, 0, []),
    ({"a": "x\n"}, {"a": "y\n"}, 1, ["-x", "+y"]),
    ({}, {"b": "y\n"}, 1, ["+y"]),
    ({"b": "y\n"}, {}, 1, ["-y"]),
]


@pytest.mark.parametrize("missing", [False, True], ids=["diff", "no diff"])
@pytest.mark.parametrize(("live", "merged", "status", "lines"), COMPARED)
def test_folders_are_compared_with_and_without_diff(monkeypatch, live, merged, status, lines, missing):
    with diffprogram.version_folders() as both:
        written(both, live, merged)
        if missing:
            monkeypatch.setenv("PATH", "")
        found = diffprogram.compare_versions(both, {}).unwrap()
        assert found.status == status
        shown = [
            line for line in found.text.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
        ]
        assert shown == lines
    assert not both.live.exists()
    assert not both.merged.exists()


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("false", None),
        ("no-such-program", 'failed to run "no-such-program": '),
        ("sh -c", 'failed to run "sh"'),
    ],
)
def test_a_program_of_ones_own_is_run(program, message):
    with diffprogram.version_folders() as both:
        found = diffprogram.compare_versions(both, {diffprogram.PROGRAM: program})
        if message is None:
            assert found.unwrap() == diffprogram.Comparison(1)
        else:
            assert found.failure().message.startswith(message)
