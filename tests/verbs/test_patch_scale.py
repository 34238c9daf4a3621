"""`patch` and `scale`: what they ask, what they make of any answer, and what they leave on a cluster."""

import pytest

from fkube import verbs
from fkube.edge import embedded
from fkube.edge.running import hold as run
from fkube.exchange import Done, Request, Response
from fkube.resource.info import Info, Origin, RESTMapping

MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
DEPLOYMENTS = RESTMapping("apps", "v1", "Deployment", "deployments")
WIDGETS = RESTMapping("a.b", "v1", "Widget", "widgets")
META = {"name": "a", "namespace": "default"}
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": META, "data": {"k": "v"}}
PATH = "/api/v1/namespaces/default/configmaps/a"
LABELS = {"app": "web"}
POD = {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "main", "image": "web:1"}]}}
SPEC = {"replicas": 1, "selector": {"matchLabels": LABELS}, "template": POD}
WEB = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": META, "spec": SPEC}
SCALE = "/apis/apps/v1/namespaces/default/deployments/a/scale"
LIVE = Info(WEB, mapping=DEPLOYMENTS)
CONFLICT = Response(409, {"kind": "Status", "reason": "Conflict", "code": 409, "message": "changed"})


@pytest.fixture
def client():
    made = embedded()
    made.send(Request("POST", PATH.removesuffix("/a"), body=MAP))
    made.send(Request("POST", SCALE.removesuffix("/a/scale"), body=WEB))
    yield made
    made.close()


def stored(client, path=PATH):
    return client.send(Request("GET", path)).unwrap().body


def held(exchange, *answers):
    """Hold a conversation with these answers: what was asked after how many seconds, and the result."""
    asked = []
    for answer in answers:
        asked.append((str(exchange.request), exchange.delay))
        exchange = exchange.then(answer)
    assert isinstance(exchange, Done)
    return asked, exchange.result


PATCHES = [
    ({"data": {"k": "w"}}, "strategic", {"k": "w"}),
    ({"data": {"k": None, "l": "v"}}, "merge", {"l": "v"}),
    ([{"op": "add", "path": "/data/l", "value": "x"}], "json", {"k": "v", "l": "x"}),
    ({"data": {"k": "v"}}, "merge", {"k": "v"}),
    ({}, "strategic", {"k": "v"}),
    ([], "json", {"k": "v"}),
]


@pytest.mark.parametrize(("patch", "type", "left"), PATCHES)
def test_what_is_patched_and_what_stays(client, patch, type, left):
    named = Info(MAP, mapping=MAPS, absent=True)
    before = stored(client)
    outcome = run(client, verbs.patch(patch, type)(named)).unwrap()
    assert outcome.object["data"] == stored(client)["data"] == left
    assert outcome.action == ("unchanged" if left == MAP["data"] else "patched")
    # Law: a patch of these, applied twice, changes nothing more.
    again = run(client, verbs.patch(patch, type)(named)).unwrap()
    assert (again.action, again.object["data"]) == ("unchanged", left)
    assert (before == stored(client)) == (left == MAP["data"])


@pytest.mark.parametrize(("patch", "type", "left"), PATCHES)
@pytest.mark.parametrize("strategy", ["client", "server"])
def test_a_dry_run_tells_the_same_and_changes_nothing(client, patch, type, left, strategy):
    def strategic(info, patch):
        return verbs.patch(patch, "merge", local=True)(info).result.map(lambda outcome: outcome.object)

    before = stored(client)
    verb = verbs.patch(patch, type, dry_run=strategy, strategic=strategic)
    outcome = run(client, verb(Info(MAP, mapping=MAPS, absent=True))).unwrap()
    assert (outcome.object["data"], outcome.dry_run) == (left, strategy)
    assert stored(client) == before


NOT_HERE = [
    ({}, "strategic", "strategic merge patch is not supported for /v1, Kind=ConfigMap locally"),
    ([], "merge", "Invalid JSON Patch"),
    ({}, "json", "json: cannot unmarshal"),
    (["a"], "json", "json: cannot unmarshal"),
    ([{"op": "remove", "path": "/none"}], "json", "Unable to remove nonexistent key"),
]


@pytest.mark.parametrize(("patch", "type", "message"), NOT_HERE)
def test_what_can_not_be_patched_here(patch, type, message):
    info = Info(MAP, Origin("a.yaml", 1, 1))
    error = verbs.patch(patch, type, local=True)(info).result.failure()
    assert error.message.startswith(message)
    assert error.origin == info.origin


def test_a_patch_is_shown_in_no_repr():
    assert "hunter2" not in repr(verbs.patch({"data": {"password": "hunter2"}}))


def test_a_patch_names_its_type_subresource_and_manager():
    verb = verbs.patch(None, "json", subresource="status", dry_run="server", field_manager="me")
    request = verb(Info(MAP, mapping=MAPS)).request
    assert str(request) == f"PATCH {PATH}/status?dryRun=All&fieldManager=me"
    assert (request.body, request.content_type) == ("null", "application/json-patch+json")


@pytest.mark.parametrize("body", [{"message": "no"}, "no"])
def test_a_type_that_the_kind_does_not_have_is_said_so(body):
    info = Info({**MAP, "apiVersion": "a.b/v1", "kind": "Widget"}, mapping=WIDGETS)
    _, result = held(verbs.patch({})(info), Response(415, body))
    start = "application/strategic-merge-patch+json is not supported by a.b/v1, Kind=Widget: "
    assert result.failure().message.startswith(start)


@pytest.mark.parametrize("verb", [verbs.patch({}, dry_run="wet"), verbs.scale(1, dry_run="wet")])
def test_a_dry_run_that_is_not_understood_sends_nothing(verb):
    assert "Invalid dry-run value" in str(verb(LIVE).result.failure())


@pytest.mark.parametrize(
    ("verb", "left"),
    [
        (verbs.scale(3), 3),
        (verbs.scale(0, current_replicas=1), 0),
        (verbs.scale(3, dry_run="server"), 1),
        (verbs.scale(3, 1, dry_run="server"), 1),
        (verbs.scale(3, dry_run="client"), 1),
    ],
)
def test_scale_sets_the_replicas(client, verb, left):
    outcome = run(client, verb(LIVE)).unwrap()
    assert outcome.action == "scaled"
    assert stored(client, SCALE)["spec"].get("replicas", 0) == left
    assert outcome.object["spec"]["replicas"] == (left if outcome.dry_run == "none" else 3)
    assert WEB["spec"]["replicas"] == 1


def test_where_replicas_are_is_only_known_of_built_in_kinds():
    info = Info({"apiVersion": "a.b/v1", "kind": "Widget", "metadata": META}, mapping=WIDGETS)
    assert verbs.scale(3, dry_run="client")(info).result.unwrap().object == info.object


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"current_replicas": 2}, "Expected replicas to be 2, was 1"),
        ({"resource_version": "0"}, "Expected resource version to be 0, was "),
    ],
)
def test_scale_looks_first_where_there_is_a_condition(client, conditions, message):
    before = stored(client, SCALE)
    assert run(client, verbs.scale(3, **conditions)(LIVE)).failure().message.startswith(message)
    assert stored(client, SCALE) == before
    version = stored(client, SCALE)["metadata"]["resourceVersion"]
    assert run(client, verbs.scale(3, resource_version=version)(LIVE)).unwrap().action == "scaled"


def found(replicas, there=0):
    metadata = {**META, "resourceVersion": "7"}
    return Response(
        200, {"metadata": metadata, "spec": {"replicas": replicas}, "status": {"replicas": there}}
    )


PATCHING = f"PATCH {SCALE}"
TOLD = [
    (verbs.scale(3), [CONFLICT, CONFLICT, found(3)], [(PATCHING, 0), (PATCHING, 1), (PATCHING, 1)], "scaled"),
    (
        verbs.scale(3, 1), [found(1), CONFLICT, found(1), found(3)],
        [(f"GET {SCALE}", 0), (f"PUT {SCALE}", 0), (f"GET {SCALE}", 1), (f"PUT {SCALE}", 0)], "scaled",
    ),
    (verbs.scale(3, 1), [Response(404, {"message": "none"})], [(f"GET {SCALE}", 0)], "none"),
    (
        verbs.scale(3, timeout=2), [found(3), found(3, 1), found(3, 3)],
        [(PATCHING, 0), (f"GET {SCALE}", 0), (f"GET {SCALE}", 1)], "scaled",
    ),
    (verbs.scale(3, timeout=9), [found(3), found(4, 1)], [(PATCHING, 0), (f"GET {SCALE}", 0)], "scaled"),
    (
        verbs.scale(3, timeout=1), [found(3), found(3, 1), found(3, 1)],
        [(PATCHING, 0), (f"GET {SCALE}", 0), (f"GET {SCALE}", 1)], 'timed out waiting for "a" to be synced',
    ),
    (
        verbs.scale(3, timeout=1), [found(3), Response(403, {"message": "no"})],
        [(PATCHING, 0), (f"GET {SCALE}", 0)], "no",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "answers", "asked", "ended"), TOLD)
def test_scale_goes_on_until_it_is_done_or_can_not_be(verb, answers, asked, ended):
    told, result = held(verb(LIVE), *answers)
    assert told == asked
    assert (
        result.map(lambda outcome: outcome.action)
        .lash(lambda error: result.from_value(error.message))
        .unwrap()
        == ended
    )


def test_conflicts_without_end_are_an_error():
    _, result = held(verbs.scale(3)(LIVE), *[CONFLICT] * 301)
    assert result.failure().reason == "Conflict"


def test_a_manifest_whose_spec_is_no_map_is_scaled_like_any_other():
    odd = Info({**WEB, "spec": "text"}, mapping=DEPLOYMENTS)
    scaled = verbs.scale(3, dry_run="client")(odd).result.unwrap()
    assert scaled.object["spec"] == {"replicas": 3}
