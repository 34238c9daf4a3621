"""`label` and `annotate`: what they ask, what they refuse, and what the command line makes of the words."""

import pytest
from returns.result import Success

from fkube import verbs
from fkube.cli.pairs import read_annotation_changes, read_label_changes, split_words
from fkube.edge import embedded
from fkube.edge.running import hold as run
from fkube.exchange import Request, with_query
from fkube.resource.info import Info, Origin, RESTMapping

MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
PATH = "/api/v1/namespaces/default/configmaps"
NAMED = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}}
KEYS = {"app": "web", "tier": "front"}
INFO = Info(NAMED, mapping=MAPS)
VERBS = {"labels": verbs.label, "annotations": verbs.annotate}
both = pytest.mark.parametrize("field", VERBS)


@pytest.fixture
def client():
    made = embedded()
    body = {**NAMED, "metadata": {**NAMED["metadata"], "labels": KEYS, "annotations": KEYS}}
    made.send(Request("POST", PATH, body=body))
    yield made
    made.close()


def stored(client):
    return client.send(Request("GET", f"{PATH}/a")).unwrap().body["metadata"]


# Changes, `label`'s word for them, what is left.
CHANGES = [
    ({"zone": "x"}, "labeled", {**KEYS, "zone": "x"}),
    ({"app": None}, "unlabeled", {"tier": "front"}),
    ({"app": None, "zone": "x"}, "modified", {"tier": "front", "zone": "x"}),
    ({"app": "web"}, "unchanged", KEYS),
    ({"none": None}, "unchanged", KEYS),
    ({"none": None, "app": "web", "zone": ""}, "labeled", {**KEYS, "zone": ""}),
    ({}, "unchanged", KEYS),
]


@both
@pytest.mark.parametrize(("changes", "word", "left"), CHANGES)
def test_keys_are_set_and_taken_away(client, field, changes, word, left):
    before = stored(client)["resourceVersion"]
    outcome = run(client, VERBS[field](changes)(INFO)).unwrap()
    assert outcome.action == (word if field == "labels" or word == "unchanged" else "annotated")
    assert outcome.object["metadata"][field] == stored(client)[field] == left
    assert outcome.info.metadata[field] == KEYS
    assert (stored(client)["resourceVersion"] == before) == (left == KEYS)
    # Law: what was done once is done.
    again = run(client, VERBS[field](changes)(INFO)).unwrap()
    assert again.object["metadata"][field] == left
    assert again.action == "unchanged"


@both
@pytest.mark.parametrize(("changes", "word", "left"), CHANGES)
def test_a_dry_run_changes_nothing_and_tells_the_same(client, field, changes, word, left):
    before = stored(client)
    for strategy in ("client", "server"):
        outcome = run(client, VERBS[field](changes, dry_run=strategy)(INFO)).unwrap()
        assert (outcome.object["metadata"][field], outcome.dry_run) == (left, strategy)
        assert field == "annotations" or outcome.action == word
    assert stored(client) == before


@both
def test_locally_nobody_is_asked(field):
    exchange = VERBS[field]({"zone": "x"}, local=True)(Info(NAMED, Origin("a.yaml", 1, 1)))
    assert exchange.result.unwrap().object["metadata"][field] == {"zone": "x"}
    assert NAMED["metadata"].keys() == {"name", "namespace"}


TAKEN = [
    ("labels", "ConfigMap", {"app": "a"}, "'app' already has a value (web), and --overwrite is false"),
    (
        "labels", "ConfigMap", {"app": "a", "tier": "b"},
        "['app' already has a value (web), and --overwrite is false, "
        "'tier' already has a value (front), and --overwrite is false]",
    ),
    (
        "annotations", "ConfigMap", {"app": "a", "tier": "b", "kubernetes.io/change-cause": "c"},
        "--overwrite is false but found the following declared annotation(s): "
        "'app' already has a value (web); 'tier' already has a value (front)",
    ),
    (
        "annotations", "Secret", {"app": "a"},
        "--overwrite is false but found the following declared annotation(s): "
        "'app' already has a value (***)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("field", "kind", "changes", "message"), TAKEN)
def test_another_value_is_only_overwritten_on_demand(field, kind, changes, message):
    metadata = {"name": "a", field: {**KEYS, "kubernetes.io/change-cause": "x"}}
    info = Info({"kind": kind, "metadata": metadata}, Origin("a.yaml", 1, 1))
    error = VERBS[field](changes, local=True)(info).result.failure()
    assert (error.message, error.origin) == (message, info.origin)
    outcome = VERBS[field](changes, overwrite=True, local=True)(info).result.unwrap()
    assert outcome.object["metadata"][field].items() >= changes.items()


@both
def test_only_the_version_asked_for_is_changed(client, field):
    version = stored(client)["resourceVersion"]
    change = {"zone": "x"}
    assert run(client, VERBS[field](change, resource_version="1")(INFO)).failure().reason == "Conflict"
    assert stored(client)[field] == KEYS
    assert isinstance(run(client, VERBS[field](change, resource_version=version)(INFO)), Success)


@both
def test_the_request_has_no_more_than_what_differs(field):
    verb = VERBS[field]({"zone": "x", "app": "web", "tier": None, "no": None}, field_manager="me")
    live = Info({**NAMED, "metadata": {**NAMED["metadata"], field: KEYS}}, mapping=MAPS, live=True)
    request = verb(live).request
    assert request == with_query(
        Request("PATCH", f"{PATH}/a", body={"metadata": {field: {"zone": "x", "tier": None}}},
                content_type="application/merge-patch+json"),
        fieldManager="me",
    )  # fmt: skip


@both
def test_a_dry_run_that_is_not_understood_sends_nothing(field):
    assert "Invalid dry-run value" in str(VERBS[field]({}, dry_run="wet")(INFO).result.failure())


SPLIT = [
    ("pod web a=b c-", (("pod", "web"), ("a=b", "c-"))),
    ("pod/web", (("pod/web",), ())),
    ("pod =a a=b", (("pod", "=a"), ("a=b",))),
    ("pod - a-", (("pod", "-"), ("a-",))),
    ("pod a=b web", "all resources must be specified before label changes: web"),
]


@pytest.mark.parametrize(("words", "found"), SPLIT)
def test_words_are_resources_up_to_the_first_change(words, found):
    read = split_words(tuple(words.split()), "label")
    assert read.map(tuple).value_or(None) == found or read.failure().message == found


READ = [
    (read_label_changes, "a=b c- a=d", {"a": "d", "c": None}),
    (read_label_changes, "a= c-", {"a": "", "c": None}),
    (read_label_changes, "a=b=c", "invalid label spec: a=b=c"),
    (read_label_changes, "=x-", 'invalid label value: "=x-": '),
    (read_label_changes, "a=b a-", "can not both modify and remove a label in the same command"),
    (read_annotation_changes, "a=b=c d-", {"a": "b=c", "d": None}),
    (read_annotation_changes, "=x-", {"=x": None}),
    (
        read_annotation_changes, "a=1 b=2 a- b-",
        "can not both modify and remove the following annotation(s) in the same command: a, b",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("read", "words", "found"), READ)
def test_changes_are_read_as_kubectl_reads_them(read, words, found):
    result = read(tuple(words.split()))
    assert result.value_or(None) == found or result.failure().message.startswith(found)
