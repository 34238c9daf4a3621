"""`replace`, and `create` with what `apply` reads: what they ask, and what they leave."""

import pytest

from fkube import verbs
from fkube.edge import embedded
from fkube.edge.running import hold as run
from fkube.exchange import Request, Response
from fkube.merging.lastapplied import LAST_APPLIED, annotated, configuration, last_applied
from fkube.resource.info import Info, Origin, RESTMapping
from fkube.verbs.recreate import Recreation
from tests.verbs.conversations import hold_with

MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
META = {"name": "a", "namespace": "default"}
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": META, "data": {"k": "v"}}
PATH = "/api/v1/namespaces/default/configmaps/a"
INFO = Info(MAP, Origin("a.yaml", 1, 1), MAPS)
QUERY = "fieldManager=kubectl-replace&fieldValidation=Strict"
ABSENT = Response(404, {"kind": "Status", "reason": "NotFound", "code": 404, "message": "none"})
THERE = Response(200, {**MAP, "metadata": {**META, "resourceVersion": "7", "uid": "u"}})


@pytest.fixture
def client():
    made = embedded()
    labels = {"metadata": {**META, "labels": {"old": "x"}}, "data": {"gone": "x"}}
    made.send(Request("POST", PATH.removesuffix("/a"), body={**MAP, **labels}))
    yield made
    made.close()


def stored(client):
    return client.send(Request("GET", PATH)).unwrap().body


@pytest.mark.parametrize("force", [None, Recreation()])
def test_nothing_is_left_of_the_old_object(client, force):
    before = stored(client)["metadata"]["uid"]
    outcome = run(client, verbs.replace(force=force)(INFO)).unwrap()
    assert (outcome.action, stored(client)["data"]) == ("replaced", MAP["data"])
    assert "labels" not in stored(client)["metadata"]
    assert (stored(client)["metadata"]["uid"] == before) == (force is None)
    assert outcome.info.live == (force is not None)


@pytest.mark.parametrize("strategy", ["client", "server"])
def test_a_dry_run_changes_nothing(client, strategy):
    before = stored(client)
    outcome = run(client, verbs.replace(dry_run=strategy)(INFO)).unwrap()
    assert (outcome.object["data"], outcome.dry_run) == (MAP["data"], strategy)
    assert stored(client) == before


def test_the_version_is_that_of_the_manifest_or_else_the_servers():
    asked, _ = hold_with(verbs.replace()(INFO), THERE, THERE)
    assert [str(request) for request in asked] == [f"GET {PATH}", f"PUT {PATH}?{QUERY}"]
    assert asked[1].body["metadata"] == {**META, "resourceVersion": "7"}
    given = Info({**MAP, "metadata": {**META, "resourceVersion": "3"}}, mapping=MAPS)
    asked, _ = hold_with(verbs.replace(dry_run="server", subresource="status")(given), THERE)
    assert str(asked[0]) == f"PUT {PATH}/status?dryRun=All&{QUERY}"
    assert asked[0].body == given.object


def test_what_can_not_be_read_is_sent_as_it_is():
    asked, result = hold_with(verbs.replace()(INFO), ABSENT, ABSENT)
    assert asked[1].body == MAP
    assert (result.failure().reason, result.failure().origin) == ("NotFound", INFO.origin)


FORCED = [
    ([ABSENT, ABSENT, THERE], "replaced", False),
    ([Response(200, {"kind": "Status"}), ABSENT, THERE], "replaced", True),
    ([THERE, THERE, ABSENT, THERE], "replaced", True),
]


@pytest.mark.parametrize(("answers", "action", "live"), FORCED)
def test_with_force_the_old_object_has_gone_before_the_new_one_comes(answers, action, live):
    verb = verbs.replace(force=Recreation("Orphan", 3, 2))
    asked, result = hold_with(verb(INFO), *answers)
    assert [request.method for request in asked] == ["DELETE", *["GET"] * (len(answers) - 2), "POST"]
    assert (asked[0].body["propagationPolicy"], asked[0].body["gracePeriodSeconds"]) == ("Orphan", 3)
    assert (result.unwrap().action, result.unwrap().info.live) == (action, live)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([Response(403, {"message": "no"})], "no"),
        ([THERE, THERE, THERE], "timed out waiting for the deletion of a: it is not being deleted"),
        ([THERE, Response(403, {"message": "no"})], "no"),
        ([THERE, ABSENT, Response(422, {"message": "bad"})], "bad"),
    ],
)
def test_with_force_an_error_ends_it(answers, message):
    _, result = hold_with(verbs.replace(force=Recreation(timeout=1))(INFO), *answers)
    assert result.failure().message == message


def test_a_dry_run_that_is_not_understood_sends_nothing():
    assert "Invalid dry-run value" in str(verbs.replace(dry_run="wet")(INFO).result.failure())


VERBS = {"create": verbs.create, "replace": verbs.replace}


@pytest.mark.parametrize("verb", VERBS)
def test_what_apply_reads_is_kept_on_demand_or_kept_up_to_date(verb):
    old = Info({**MAP, "metadata": {**META, "annotations": {LAST_APPLIED: "{}", "a": "b"}}}, mapping=MAPS)
    for info, save, kept in ((INFO, False, None), (INFO, True, MAP), (old, False, old.object)):
        object = VERBS[verb](dry_run="client", save_config=save)(info).result.unwrap().object
        assert last_applied(object) == (kept and configuration(kept))
        # Law: the annotation is made of the object without it, so making it again changes nothing.
        assert annotated(object, save) == object
    assert "annotations" not in META
