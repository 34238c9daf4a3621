"""The edge against the embedded cluster: one report, whatever the chunks, the connections and the faults."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Barrier, Lock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.io import IOSuccess
from returns.result import Failure, Success
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.edge.running import hold as run
from fkube.exchange import Call, Done, Request, Response, call, done
from fkube.report import Outcome
from fkube.resource.errors import TransportError
from fkube.verbs import settling


def manifest(kind="ConfigMap", name="a", namespace="", api_version="v1", **rest):
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}


def names(count):
    return [manifest(name=f"c{number}") for number in range(count)]


def pipeline(*objects, steps=(b.default_namespace, b.flatten, b.continue_on_error)):
    return pipe(b.builder(), b.objects(*objects), *steps, b.do).unwrap()


def visited(client, given, verb=None, **settings):
    return pipe(given, edge.visit(client, verb or verbs.create(), **settings)).unwrap()._inner_value


def state(client, path="/api/v1/configmaps"):
    """What a collection holds, without what depends on when it was made."""
    items = client.send(Request("GET", path)).unwrap().body["items"]
    given = ("uid", "resourceVersion", "creationTimestamp", "managedFields")
    return [
        {**item, "metadata": {k: v for k, v in item["metadata"].items() if k not in given}} for item in items
    ]


def told(report):
    """A report without what depends on when it was made."""
    return [
        (o.action, o.info and repr(o.info), o.error and str(o.error), o.warnings) for o in report.outcomes
    ]


def test_the_pipeline_of_the_readme(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: out, labels: {app: db}}\n"
    )
    (tmp_path / "sub" / "b.json").write_text(
        '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "in", "labels": {"app": "web"}}}'
    )
    built = pipe(
        b.builder(), b.filenames(str(tmp_path), recursive=True), b.namespace("default"), b.default_namespace,
        b.label_selector("app=web"), b.flatten, b.continue_on_error, b.do,
    )  # fmt: skip
    report = built.bind(edge.visit(edge.embedded(), verbs.create()))
    assert isinstance(report, IOSuccess)
    [outcome] = report.unwrap()._inner_value.outcomes
    assert (outcome.action, outcome.info.name, outcome.object["metadata"]["namespace"]) == (
        "created",
        "in",
        "default",
    )


OBJECTS = st.lists(
    st.one_of(
        st.builds(
            manifest,
            st.sampled_from(["ConfigMap", "Secret", "Nonsense"]),
            st.sampled_from(["a", "b", "c", "Bad Name"]),
            st.sampled_from(["", "shop", "absent"]),
        ),
        st.just(manifest("Namespace", "shop")),
        st.just({"apiVersion": "v1", "kind": "List", "items": [manifest(name="x"), manifest(name="a")]}),
        st.just({"kind": "ConfigMap"}),
    ),
    max_size=10,
)


@settings(max_examples=60)
@given(OBJECTS, st.integers(1, 8), st.integers(1, 5), st.booleans())
def test_any_chunk_and_any_concurrency_leave_the_same_report_and_state(objects, concurrency, chunk, eager):
    steps = (b.default_namespace, b.flatten, *((b.continue_on_error,) if eager else ()))
    one, many = edge.embedded(), edge.embedded()
    expected = visited(one, pipeline(*objects, steps=steps), concurrency=1, chunk=1)
    found = visited(many, pipeline(*objects, steps=steps), concurrency=concurrency, chunk=chunk)
    assert told(found) == told(expected)
    for path in ("/api/v1/configmaps", "/api/v1/secrets", "/api/v1/namespaces"):
        assert state(many, path) == state(one, path)


def test_fail_fast_skips_what_comes_after_the_first_failure():
    given = pipeline(manifest(name="a"), manifest(name="a"), manifest(name="b"), steps=(b.default_namespace,))
    report = visited(edge.embedded(), given)
    assert [outcome.action for outcome in report.outcomes] == ["created", "failed", "skipped"]
    assert report.outcomes[2].error == report.outcomes[1].error
    assert (report.ok, len(report.errors)) == (False, 1)


def test_broken_items_after_a_failure_are_skipped_too():
    broken = {"apiVersion": "v1", "kind": "List", "items": ["text"]}
    given = pipeline(manifest("Nonsense"), broken, steps=(b.flatten,))
    assert [o.action for o in visited(edge.embedded(), given).outcomes] == ["failed", "skipped"]


def test_a_bad_document_between_good_ones_costs_only_itself(tmp_path):
    path = tmp_path / "three.yaml"
    good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
    path.write_text(good % "a" + "---\nkind: [\n---\n" + good % "b")
    built = pipe(b.builder(), b.filenames(str(path)), b.default_namespace, b.continue_on_error, b.do)
    report = visited(edge.embedded(), built.unwrap())
    assert [outcome.action for outcome in report.outcomes] == ["created", "failed", "created"]
    assert str(report.errors[0]).startswith(f"{path}, document 2, line ")


CRD = manifest(
    "CustomResourceDefinition",
    "shirts.example.com",
    api_version="apiextensions.k8s.io/v1",
    spec={
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"kind": "Shirt", "plural": "shirts", "singular": "shirt", "listKind": "ShirtList"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
                },
            }
        ],
    },
)
SHIRT = manifest("Shirt", "s", api_version="example.com/v1")


@pytest.mark.parametrize("chunk", [1, 256])
def test_a_custom_resource_may_follow_its_definition(chunk):
    report = visited(edge.embedded(), pipeline(SHIRT, CRD, SHIRT), chunk=chunk)
    assert [outcome.action for outcome in report.outcomes] == ["failed", "created", "created"]
    assert "ensure CRDs are installed first" in str(report.errors[0])


def asked(*arguments, steps=()):
    named = b.resource_type_or_name_args(*arguments, allow_empty_selector=True)
    return pipe(b.builder(), named, *steps, b.continue_on_error, b.flatten, b.do).unwrap()


def test_objects_are_got_and_deleted_by_name_and_by_selector():
    client = edge.embedded()
    labelled = {"name": "l", "labels": {"app": "web"}}
    visited(client, pipeline(*names(3), {"apiVersion": "v1", "kind": "ConfigMap", "metadata": labelled}))
    by_name = visited(client, asked("cm/c1", "configmap/none"), verbs.get())
    assert [o.action for o in by_name.outcomes] == ["got", "failed"]
    chosen = visited(client, asked("cm", steps=(b.label_selector("app=web"),)), verbs.get())
    assert [o.info.name for o in chosen.outcomes] == ["l"]
    everywhere = edge.visit(client, verbs.get())(asked("cm,shoes", steps=(b.all_namespaces,)))
    assert (
        str(everywhere.failure()._inner_value.errors[0]) == 'the server doesn\'t have a resource type "shoes"'
    )
    gone = visited(client, asked("cm", steps=(b.namespace("default"),)), verbs.delete())
    assert {"c0", "c1", "c2", "l"} <= {o.info.name for o in gone.outcomes}
    assert not {"c0", "l"} & {item["metadata"]["name"] for item in state(client)}


def test_a_name_needs_a_namespace():
    made = asked("cm/a", "ns/default", steps=(b.all_namespaces,))
    failures = edge.visit(edge.embedded(), verbs.get())(made).failure()._inner_value
    assert str(failures.errors[0]) == "a resource cannot be retrieved by name across all namespaces"


def test_lists_are_read_in_pages():
    client = edge.embedded()
    visited(client, pipeline(*names(1203)))
    sent = []
    counting = replace(client, send=lambda request: sent.append(request) or client.send(request))
    count = edge.fold(counting, verbs.get(), lambda n, outcome: n + 1, 0)(asked("cm")).unwrap()
    assert count._inner_value >= 1203
    assert len([r for r in sent if r.path.endswith("configmaps")]) == 3


def test_a_failing_list_is_one_failed_outcome():
    client = edge.embedded()

    def send(request):
        pods = request.path.endswith("/pods")
        return Success(Response(500, "no")) if pods else client.send(request)

    report = visited(replace(client, send=send), asked("pods"), verbs.get())
    assert [o.error.code for o in report.outcomes] == [500]


def test_local_pipelines_ask_nothing():
    client = edge.Client(lambda request: Failure(TransportError("nothing may be sent")))
    given = pipeline(manifest(), steps=(b.local,))
    assert visited(client, given, verbs.create(dry_run="client")).ok


def test_a_server_that_does_not_answer_is_the_one_failure():
    client = edge.Client(lambda request: Failure(TransportError("refused")))
    failures = edge.visit(client, verbs.create())(pipeline(manifest())).failure()._inner_value
    assert [error.message for error in failures.errors] == ["refused"]


FAULTS = {
    "killed": lambda request: Failure(TransportError("connection reset", sent=True)),
    "500": lambda request: Success(Response(500, {"kind": "Status", "message": "boom", "code": 500})),
    "html": lambda request: Success(Response(502, "<html>bad gateway</html>")),
}


def failing_after(client, count, fault):
    """A client whose server breaks after so many writes."""
    left, lock = [count], Lock()

    def send(request):
        with lock:
            left[0] -= request.method != "GET"
        return FAULTS[fault](request) if left[0] < 0 else client.send(request)

    return replace(client, send=send)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("steps", [(b.continue_on_error,), ()], ids=["eager", "fail fast"])
@pytest.mark.parametrize("after", [0, 4, 9])
def test_whatever_breaks_the_report_names_every_object_once(fault, steps, after, monkeypatch):
    monkeypatch.setattr(settling, "PAUSES", (0.0,))
    inner = edge.embedded()
    client = failing_after(inner, after, fault)
    report = visited(client, pipeline(*names(9), steps=(b.default_namespace, *steps)), chunk=2, concurrency=3)
    assert [outcome.info.name for outcome in report.outcomes] == [f"c{n}" for n in range(9)]
    made = {item["metadata"]["name"] for item in state(inner)}
    assert {o.info.name for o in report.outcomes if o.action == "created"} == made - {"kube-root-ca.crt"}


def test_requests_about_several_objects_are_under_way_at_the_same_time():
    inner, meeting = edge.embedded(), Barrier(3, timeout=60)

    def send(request):
        if request.method == "POST":
            # Nobody goes on before three are here: in turn, none would ever come.
            meeting.wait()
        return inner.send(request)

    report = visited(replace(inner, send=send), pipeline(*names(6)), concurrency=3)
    assert [outcome.action for outcome in report.outcomes] == ["created"] * 6


def test_a_conversation_waits_before_a_delayed_call():
    later = Call(Request("GET", "/version"), lambda response: Done(Success(response.status)), delay=0.001)
    assert run(edge.embedded(), later) == Success(200)


def test_an_answer_tells_the_seconds_since_the_conversation_began():
    passed = []
    twice = Call(
        Request("GET", "/version"), lambda _: Call(Request("GET", "/version"), lambda r: done(r), delay=2.0)
    )
    answer = edge.run(edge.embedded(), twice, lambda: 7.0 + sum(passed), passed.append).unwrap()._inner_value
    assert answer.elapsed == 2.0
    assert answer == replace(answer, elapsed=3.0)


def test_the_embedded_cluster_tells_the_time_of_its_clock():
    client = edge.embedded(clock=lambda: datetime(2024, 2, 29, 12, 30, 1, tzinfo=UTC))
    for path, status in (("/version", 200), ("/nowhere", 404)):
        answer = client.send(Request("GET", path)).unwrap()
        assert (answer.status, answer.header("date")) == (status, "Thu, 29 Feb 2024 12:30:01 GMT")


def test_folding_equals_collecting():
    given = pipeline(*names(5))
    folded = edge.fold(edge.embedded(), verbs.create(), lambda seen, o: (*seen, o), ())(given)
    collected = visited(edge.embedded(), given)
    assert [o.action for o in folded.unwrap()._inner_value] == [o.action for o in collected.outcomes]
    assert all(isinstance(o, Outcome) for o in collected.outcomes)


def test_run_gives_the_failure_of_the_transport():
    client = edge.Client(partial(lambda request: Failure(TransportError("gone"))))
    assert run(client, call(Request("GET", "/"))).failure() == TransportError("gone")


@pytest.mark.parametrize("settings", [{"chunk": 0}, {"concurrency": 0}, {"chunk": -1}])
def test_what_could_visit_nothing_is_refused(settings):
    refused = edge.visit(edge.embedded(), verbs.create(), **settings)(pipeline(manifest()))
    assert "at least 1" in str(refused.failure()._inner_value.errors[0])


STALE = (
    "couldn't get the resource list for metrics.k8s.io/v1beta1: "
    "the server is currently unable to handle the request"
)


def half_dead():
    """A client of a server that can't tell of one of its groups."""
    known = edge.embedded()
    metrics = {
        "metadata": {"name": "metrics.k8s.io"},
        "versions": [{"version": "v1beta1", "freshness": "Stale"}],
    }

    def send(request):
        response = known.send(request).unwrap()
        if request.path == "/apis":
            response = replace(response, body={**response.body, "items": [*response.body["items"], metrics]})
        return Success(response)

    return replace(known, send=send)


def test_an_api_whose_server_is_down_is_told_of_where_a_kind_is_missing():
    versions = ("v1", "metrics.k8s.io/v1beta1", "metrics.k8s.io/v2", "other.k8s.io/v1")
    kinds = ("ConfigMap", "PodMetrics", "PodMetrics", "Other")
    objects = (
        manifest(kind, "a", api_version=version) for version, kind in zip(versions, kinds, strict=True)
    )
    report = visited(half_dead(), pipeline(*objects))
    assert [(outcome.action, outcome.warnings) for outcome in report.outcomes] == [
        ("created", ()),
        ("failed", (STALE,)),
        ("failed", ()),
        ("failed", ()),
    ]


@pytest.mark.parametrize(
    ("named", "warned"),
    [
        ("nodemetrics", (STALE,)),
        ("nodemetrics.metrics.k8s.io", (STALE,)),
        ("nodemetrics.v1beta1.metrics.k8s.io", (STALE,)),
        ("nodemetrics.metrics", (STALE,)),
        ("nodemetrics.other.k8s.io", ()),
    ],
)
def test_an_api_whose_server_is_down_is_told_of_where_a_type_is_missing(named, warned):
    selected = pipe(b.builder(), b.resource_type_or_name_args(named, allow_empty_selector=True), b.do)
    failed = edge.visit(half_dead(), verbs.get())(selected).failure()._inner_value.errors
    assert [error.warnings for error in failed] == [warned]
