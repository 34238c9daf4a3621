"""Shapes of answers: a real server's are taken, and wherever one is deformed it is taken or refused."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from fkube import edge, verbs
from fkube.edge.client import Client
from fkube.edge.line import Line
from fkube.edge.listreads import read_from_lists
from fkube.edge.running import hold
from fkube.exchange import Request, Response
from fkube.exchange.messages import LONGEST_WAIT, retry_seconds, status_error
from fkube.exchange.shapes import check_answer, check_event
from fkube.resource.info import Info, RESTMapping
from fkube.verbs.conditions import created
from fkube.verbs.discover import discover
from tests.cluster.requests import rows

ANSWERS = Path(__file__).parent.parent / "cluster" / "answers.json.gz"
CONFIG_MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
INFO = Info(
    {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "a", "namespace": "default"},
        "data": {"k": "v"},
    },
    mapping=CONFIG_MAPS,
)


@cache
def real_answers():
    """What a real server said to each request."""
    said = json.loads(gzip.decompress(ANSWERS.read_bytes()))
    asked = (
        Request(row.method, row.path.partition("?")[0], body=row.body, accept=row.accept) for row in rows()
    )
    return [(one, Response(real["status"], real["body"])) for one, real in zip(asked, said, strict=True)]


def test_what_a_real_server_says_has_its_shape():
    wrong = [check_answer(request, answer) for request, answer in real_answers()]
    assert len(wrong) > 1000
    assert [refused for refused in wrong if isinstance(refused, Failure)] == []


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield from places(held, (*path, key))


def deform(value, path, wrong):
    """The value with another one at a place."""
    if not path:
        return wrong
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = deform(value[path[0]], path[1:], wrong)
    return copy


VERBS = {
    "create": verbs.create(),
    "apply": verbs.apply(),
    "apply over": verbs.apply(),
    "server-side": verbs.server_side(),
    "get": verbs.get(),
    "replace": verbs.replace(),
    "delete": verbs.delete(),
    "annotate": verbs.annotate({"a": "b"}),
    "discover": lambda _: discover(),
}
WRONG = st.sampled_from([None, [], {}, "text", 1.5, 10**30, [None], [{}], {"a": None}, True])


@settings(max_examples=300)
@given(st.sampled_from(sorted(VERBS)), st.integers(0, 4), st.data())
def test_a_deformed_answer_is_an_outcome(name, number, data):
    cluster = edge.embedded()
    if name not in ("create", "apply"):
        assert hold(cluster, verbs.create(save_config=True)(INFO)).map(bool) == Success(True)
    sent = []

    def send(request):
        sent.append(request)
        answer = cluster.send(request)
        if len(sent) - 1 != number:
            return answer
        body = json.loads(json.dumps(answer.unwrap().body))
        place = data.draw(st.sampled_from(list(places(body))))
        return Success(Response(answer.unwrap().status, deform(body, place, data.draw(WRONG))))

    assert isinstance(hold(Client(send), VERBS[name](INFO)), Result)


@pytest.mark.parametrize("body", [[], "text", None, 5, {"metadata": "a"}, {"metadata": {"labels": []}}])
def test_nonsense_is_no_object(body):
    request = Request("PUT", "/api/v1/namespaces/default/configmaps/a")
    refused = check_answer(request, Response(200, body)).failure()
    assert refused.sent
    assert str(refused).startswith(f"the server answered {request} with JSON that is no answer to it")


@pytest.mark.parametrize("path", ["/version", "/api/v1/namespaces/default/pods/a/log", "/healthz"])
def test_what_is_asked_for_in_any_form_is_taken_as_it_is(path):
    answer = Response(200, ["text"])
    assert check_answer(Request("GET", path, accept="*/*"), answer) == Success(answer)


def test_an_index_of_schemas_may_be_plain_text():
    answer = Response(200, '{"paths": {}}')
    assert check_answer(Request("GET", "/openapi/v3"), answer) == Success(answer)


@pytest.mark.parametrize("event", [[], None, {"type": 5}, {"object": "a"}, {"object": {"metadata": 1}}])
def test_nonsense_is_no_event(event):
    assert isinstance(check_event(Request("GET", "/api/v1/pods"), event), Failure)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "Status", "code": "abc"},
        {"kind": "Status", "code": {}, "details": []},
        {"kind": "Status", "message": ["x"], "reason": 5, "details": {"causes": [None, 5, {"message": []}]}},
        {"kind": "Status", "details": {"causes": 5, "retryAfterSeconds": "x"}},
        [],
        "text",
    ],
)
def test_a_refusal_in_any_shape_is_an_error(body):
    error = status_error(Response(422, body))
    assert (error.code, type(error.message), type(error.reason)) == (422, str, str)
    assert all(
        type(text) is str for cause in error.causes for text in (cause.field, cause.reason, cause.message)
    )


DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
WAITS = [
    ("0", 0),
    ("7", 7),
    ("86400", LONGEST_WAIT),
    ("9" * 23, LONGEST_WAIT),
    ("9" * 5000, LONGEST_WAIT),
    ("0" * 5000 + "7", 7),
    (DATE.replace(":37", ":49"), 12),
    (DATE.replace(":37", ":30"), 0),
    (DATE.replace("1994", "2100"), LONGEST_WAIT),
    ("Sunday, 06-Nov-94 08:49:40 GMT", 3),
    ("Sun Nov  6 08:49:41 1994", 4),
    ("Sun, 06 Nov 99999999 08:49:37 GMT", None),
    *(
        (nonsense, None)
        for nonsense in ("", "-1", "1.5", "²", "soon", "Sunday", "\x00", None, [], 1.5, True, -1)
    ),
]


@pytest.mark.parametrize(("wait", "seconds"), WAITS, ids=[f"{str(wait)[:30]!r}" for wait, _ in WAITS])
def test_a_wait_is_read_in_every_form_and_never_long(wait, seconds):
    assert retry_seconds(wait, DATE) == seconds


def test_a_date_is_no_wait_without_the_date_of_the_answer():
    assert retry_seconds(DATE) is None


CREATE = Request("POST", "/api/v1/namespaces/default/configmaps", body=INFO.object)
NAMED = INFO.object["metadata"]
THERE = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {**NAMED, "uid": "1"}}
OTHERS = [
    ({**THERE, "kind": "Secret"}, "kind"),
    ({**THERE, "metadata": {**THERE["metadata"], "name": "b"}}, "metadata.name"),
    ({**THERE, "metadata": {**THERE["metadata"], "namespace": "b"}}, "metadata.namespace"),
    ({**THERE, "metadata": NAMED}, "metadata.uid"),
    ({**THERE, "metadata": None}, "metadata.name"),
    ({}, "kind"),
]


@pytest.mark.parametrize(("body", "field"), OTHERS, ids=[field for _, field in OTHERS])
def test_an_answer_about_another_object_is_none(body, field):
    assert check_answer(CREATE, Response(201, THERE)) == Success(Response(201, THERE))
    assert f"{field} is not as asked" in check_answer(CREATE, Response(201, body)).failure().message


PLACE = "/api/v1/namespaces/default/configmaps/" + NAMED["name"]
MADE = {**INFO.object, "metadata": {"generateName": "web-"}}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_object_of_another_kind_is_no_answer(method):
    request = Request(method, PLACE, body={} if method == "PATCH" else None, kind="ConfigMap")
    assert check_answer(request, Response(200, THERE)) == Success(Response(200, THERE))
    other = check_answer(request, Response(200, {**THERE, "kind": "Secret"}))
    assert "kind is not as asked" in other.failure().message
    # A Status tells of a deletion only.
    status = {"kind": "Status", "apiVersion": "v1", "status": "Success"}
    taken = check_answer(request, Response(200, status)) == Success(Response(200, status))
    assert taken is (method == "DELETE")


@pytest.mark.parametrize(("name", "taken"), [("web-x7k2q", True), ("x7k2q", False), ("", False)])
def test_a_name_that_is_made_begins_as_was_asked(name, taken):
    request = Request("POST", "/api/v1/namespaces/default/configmaps", body=MADE)
    made = {**THERE, "metadata": {**THERE["metadata"], "name": name}}
    assert (check_answer(request, Response(201, made)) == Success(Response(201, made))) is taken


@pytest.mark.parametrize("scale", [{"spec": 3}, {"spec": {"replicas": "3"}}, {"metadata": {"labels": []}}])
def test_a_scale_has_its_shape(scale):
    request = Request("GET", "/apis/apps/v1/namespaces/default/deployments/web/scale")
    assert "is not as asked" in check_answer(request, Response(200, scale)).failure().message


def test_a_review_is_kept_nowhere():
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "metadata": {}}
    request = Request("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body=review)
    assert check_answer(request, Response(201, review)) == Success(Response(201, review))


LIST = {"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {"resourceVersion": "5"}, "items": []}
WATCHED = [
    (LIST | {"items": [None]}, [], "items[0] is not as asked"),
    # A stream that speaks nonsense is as one that was cut: it is opened anew, until the time is over.
    (LIST, [{"type": "ADDED", "object": {"metadata": {"labels": []}}}], "timed out waiting"),
    (LIST, [{"type": "ERROR", "object": {"kind": "Status", "code": "abc"}}], "timed out waiting"),
]


@pytest.mark.parametrize(("listed", "events", "words"), WATCHED)
def test_what_a_watch_hears_is_looked_at(listed, events, words):
    slept = []

    def stream(request, patience=0.0):
        yield from map(Success, events)

    client = Client(lambda _: Success(Response(200, listed)), stream=stream)
    line = Line(client, lambda: sum(slept), slept.append)
    assert words in line.hold(verbs.wait(created, 5.0)(INFO)).failure().message


def config_maps(names):
    """A list of objects; one without a name stands for any."""
    return LIST | {"items": [{"metadata": {"name": name} if name else {}} for name in names]}


@pytest.mark.parametrize("page", [LIST | {"items": 5}, [], config_maps(["a", "", "c"])])
def test_a_page_that_is_none_hides_no_object(page):
    sent = []

    def send(request):
        sent.append(request.path)
        name = request.path.rpartition("/")[2]
        there = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}}
        return Success(Response(200, page if name == "configmaps" else there))

    client = read_from_lists(Client(send))
    paths = [f"/api/v1/namespaces/default/configmaps/{name}" for name in "abcdefghijkl"]
    found = [client.send(Request("GET", path)).unwrap() for path in paths]
    assert [answer.status for answer in found] == [200] * len(paths)
    assert "/api/v1/namespaces/default/configmaps" in sent
