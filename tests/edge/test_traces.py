"""Traces against the embedded cluster: what ran is the visit, what is planned the plan, each in its way."""

import io
import json
import sys
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success
from returns.unsafe import unsafe_perform_io
from toolz import pipe

import fkube
from fkube import builder as b
from fkube import edge, verbs
from fkube.edge.client import Client
from fkube.exchange import Request, Response, done
from fkube.pipeline.discovery import Mapper
from fkube.pipeline.tracing import trace_data
from fkube.report import Outcome
from fkube.resource.errors import TransportError
from fkube.resource.info import Info
from fkube.testing import functions as f
from fkube.visitor import one
from fkube.visitor.stages import sorted_by, take, unique
from tests.laws.test_equation import CONTENTS, CRD, SHIRT, manifest, text, told, visited

EAGER = (b.default_namespace, b.flatten, b.continue_on_error)
SHOP = manifest("Namespace", "shop")


def made(*contents, steps=EAGER):
    return pipe(b.builder(), b.text(text(*contents), "t.yaml"), *steps, b.do).unwrap()


def traced(pipeline, client=None, verb=None, run=False, **how):
    tracing = edge.trace(client or edge.embedded(), verb or verbs.create(), run, **how)
    return unsafe_perform_io(tracing(pipeline).unwrap())


OWN = st.sampled_from(
    [
        b.decorated(f.Label("a", "b")),
        b.decorated(f.Refuse(f.OfKind("Secret"), TransportError("no"))),
        b.filtered(f.OfKind("ConfigMap")),
        b.and_then(f.Repeat(f.Suffix("y"), 1)),
        b.through(take(3)),
        b.through(unique(lambda info: info.name)),
        b.through(sorted_by(lambda info: info.name)),
        b.arranged,
    ]
)


@settings(max_examples=30, deadline=None)
@given(CONTENTS, st.lists(OWN, max_size=3), st.booleans())
def test_a_run_that_is_traced_is_the_visit(contents, own, eager):
    steps = (b.default_namespace, b.flatten, *own, *((b.continue_on_error,) if eager else ()))
    pipeline = made(*contents, steps=steps)
    found, report = traced(pipeline, run=True), visited(edge.embedded(), pipeline)
    assert told(found.report) == told(report)
    # Each outcome is at the end of its way.
    outcomes = [way.outcome for way in found.ways if way.end is not None]
    assert [o and o.action for o in outcomes] == [o.action for o in report.outcomes]
    assert found.ok == report.ok


@settings(max_examples=20, deadline=None)
@given(CONTENTS, st.lists(OWN, max_size=2))
def test_what_is_planned_is_the_plan(contents, own):
    pipeline = made(*contents, steps=(b.default_namespace, b.flatten, *own, b.continue_on_error))
    plan = unsafe_perform_io(edge.plan(edge.embedded(), verbs.create())(pipeline).unwrap())
    found = traced(pipeline)
    assert tuple(sent.request for way in found.ways for sent in way.exchanged) == plan.requests
    assert [str(way.error) for way in found.ways if way.error] == [*map(str, plan.errors)]
    assert found.report is None
    assert trace_data(fkube.trace(pipeline)) == trace_data(found)


def paths(way):
    sent = ((one.request, one.answer) for one in way.exchanged)
    return [(request.method, request.path, answer and answer.status) for request, answer in sent]


def test_requests_and_answers_are_those_of_their_resource():
    maps = "/api/v1/namespaces/shop/configmaps"
    same = manifest(namespace="shop", data={"k": "v"})
    given = (SHOP, manifest(namespace="shop"), manifest(name="b", namespace="shop"), same)
    found = traced(made(*given), verb=verbs.apply(), run=True)
    assert [paths(way) for way in found.ways] == [
        [("GET", "/api/v1/namespaces/shop", 404), ("POST", "/api/v1/namespaces", 201)],
        [("GET", f"{maps}/a", 404), ("POST", maps, 201)],
        [("GET", f"{maps}/b", 404), ("POST", maps, 201)],
        [("GET", f"{maps}/a", 200), ("PATCH", f"{maps}/a", 200)],
    ]
    assert [way.outcome.action for way in found.ways] == ["created", "created", "created", "configured"]


def test_after_a_failure_the_rest_is_skipped():
    pipeline = made(manifest(), manifest(), manifest(name="b"), steps=(b.default_namespace,))
    found = traced(pipeline, run=True)
    assert [way.outcome.action for way in found.ways] == ["created", "failed", "skipped"]
    assert [len(way.exchanged) for way in found.ways] == [1, 1, 0]
    assert not found.ok


def test_what_a_verb_leaves_out_has_no_outcome_and_gives_its_requests_to_nobody():
    client = edge.embedded()
    labelled = {**manifest(), "metadata": {"name": "c", "labels": {"app": "web"}}}
    visited(client, made(manifest(), manifest(name="b"), labelled))
    steps = (b.latest, b.filtered(lambda info: "app" in info.labels), b.default_namespace, *EAGER)
    found = traced(
        made(manifest(), manifest(name="c"), manifest(name="b"), steps=steps), client, got, run=True
    )
    assert [way.outcome and way.outcome.action for way in found.ways] == [None, "got", None]
    assert [len(way.exchanged) for way in found.ways] == [0, 1, 0]


def got(info):
    return done(Outcome("got", info.origin, info, info.object))


@dataclass(frozen=True)
class Shelf:
    """A source of one's own."""


def test_a_source_is_read_once():
    read = []

    def reader(shelf):
        read.append(shelf)
        yield one(Info(manifest()))

    pipeline = pipe(b.builder(), b.sources(Shelf()), b.default_namespace, b.do).unwrap()
    found = traced(pipeline, run=True, readers={Shelf: reader})
    assert (read, found.sources, str(found.report)) == ([Shelf()], ("Shelf",), "1 created")
    assert edge.trace(edge.embedded())(pipeline).swap()._inner_value.unwrap().errors


def test_standard_input_is_read_once(monkeypatch):
    class Standard:
        buffer = io.BytesIO(json.dumps(manifest()).encode())

    monkeypatch.setattr(sys, "stdin", Standard())
    pipeline = pipe(b.builder(), b.stdin, b.default_namespace, b.do).unwrap()
    assert str(traced(pipeline, run=True).report) == "1 created"


class Kept:
    """A cache that says what a server offered once, and counts how often it is written."""

    def __init__(self, answers):
        self.answers, self.writes = answers, 0

    def read(self):
        return self.answers

    def write(self, answers):
        self.answers, self.writes = dict(answers), self.writes + 1

    def beside(self, name):
        return Kept({})


def test_an_unknown_kind_lets_it_ask_once_more_what_there_is():
    client, kept = edge.embedded(), Kept({})
    client = edge.client.replace(client, cache=kept)
    traced(made(manifest()), client)
    visited(edge.client.replace(client, cache=None), made(CRD))
    found = traced(made(SHIRT, SHIRT), client, run=True)
    assert ([way.outcome.action for way in found.ways], kept.writes) == (["created", "failed"], 2)
    assert [way.info.mapping.resource for way in found.ways] == ["shirts", "shirts"]


def test_nothing_is_written_by_a_trace_alone():
    client, sent = edge.embedded(), []

    def send(request):
        sent.append(request.method)
        return client.send(request)

    listening = Client(send, stream=client.stream)
    traced(made(SHOP, manifest()), listening, verbs.apply())
    assert set(sent) == {"GET"}


MAPS = "/api/v1/namespaces/default/configmaps"
ONCE = f.Send((Request("POST", MAPS, body={}),))


def answering(answer):
    """A client of a cluster that answers every write with this."""
    client = edge.embedded()
    return Client(lambda request: answer if request.method == "POST" else client.send(request))


def test_without_an_answer_the_way_has_the_request():
    lost = answering(Failure(TransportError("cut", sent=True)))
    (way,) = traced(made(manifest()), lost, ONCE, run=True).ways
    assert (paths(way), way.outcome.action) == ([("POST", MAPS, None)], "unknown")
    (data,) = trace_data(fkube.trace(made(manifest())))["ways"]
    assert (data["answers"], data["outcome"], len(data["requests"])) == ([], None, 1)


def test_an_answer_that_is_no_json_is_not_shown():
    (data,) = trace_data(traced(made(manifest()), answering(Success(Response(200, b"\xff"))), ONCE, True))[
        "ways"
    ]
    assert data["answers"] == [{"status": 200, "body": "***"}]


def test_a_user_exception_ends_only_its_own_way():
    def boom(info):
        raise ValueError("hunter2") if info.name == "a" else TypeError(info.name)

    found = traced(made(manifest(), manifest(name="b")), verb=boom, run=True)
    assert [way.outcome.action for way in found.ways] == ["failed", "failed"]
    assert "hunter2" not in str(found)


SECRET = manifest("Secret", "s", stringData={"k": "hunter2"}, metadata=None)
SECRET = {**SECRET, "metadata": {"name": "s", "annotations": {"note": "hunter2"}}}


@pytest.mark.parametrize("run", [True, False])
@pytest.mark.parametrize("verb", [verbs.create(save_config=True), verbs.apply(), verbs.server_side()])
def test_no_secret_is_seen(verb, run):
    client = edge.embedded()
    pipelines = [made(SECRET), made({**SECRET, "stringData": {"k": "hunter2", "l": "hunter2"}})]
    for found in [traced(pipeline, client, verb, run) for pipeline in pipelines]:
        shown = (
            str(found),
            repr(found),
            found._repr_html_(),
            json.dumps(trace_data(found)),
            repr(found.ways),
        )
        assert not any("hunter2" in text or "aHVudGVyMg" in text for text in shown)
        assert found.ways[0].exchanged


def test_a_refusal_that_quotes_a_secret_is_shown_without_it():
    refusal = {"kind": "Status", "status": "Failure", "message": 'expected map, got "hunter2"', "code": 400}
    path = "/api/v1/namespaces/default/secrets"
    verb = f.Send((Request("POST", path, body={**SECRET, "data": "hunter2"}),))
    found = traced(made(SECRET), answering(Success(Response(400, refusal))), verb, run=True)
    (data,) = trace_data(found)["ways"]
    assert data["answers"][0]["body"]["message"] == 'expected map, got "***"'
    assert "hunter2" not in str(found) + json.dumps(data)


def test_what_must_be_read_is_a_way_that_failed():
    pipeline = pipe(b.builder(), b.filenames("web.yaml"), b.text("kind: A"), b.do)
    found = fkube.trace(pipeline)
    message = "web.yaml has to be read, and a trace without a client reads nothing: use edge.trace"
    assert (found.ways[0].error.message, found.sources) == (message, ("web.yaml", "text"))


@pytest.mark.parametrize("wrong", [pipe(b.builder(), b.do), 3, Success("x")])
def test_what_is_no_pipeline_is_a_way_that_failed(wrong):
    found = fkube.trace(wrong)
    assert not found.ok
    assert found.stages == ()


def test_kinds_and_namespace_can_be_given():
    pipeline = made(manifest(), SHIRT, steps=(b.default_namespace, b.continue_on_error))
    found = fkube.trace(pipeline, namespace="mine")
    assert [way.given_namespace for way in found.ways] == ["mine", ""]
    assert [bool(way.error) for way in fkube.trace(pipeline, known=Mapper()).ways] == [True, True]


def test_a_local_pipeline_has_no_mapping():
    local = pipe(b.builder(), b.local, b.objects(manifest()), b.do).unwrap()
    found = fkube.trace(local, lambda info: done(Outcome("seen", info.origin, info)))
    assert [way.info.mapping for way in found.ways] == [None]
    assert found.ok
