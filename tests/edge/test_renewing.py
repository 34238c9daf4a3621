"""A path that is not there makes a visit ask once what the server offers; a missing object does not."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from returns.unsafe import unsafe_perform_io
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.edge.offers import DiskCache, read_discovery
from fkube.edge.resourcewatch import watch_resources
from fkube.exchange import Request

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "shirts.a.b"},
    "spec": {
        "group": "a.b", "scope": "Namespaced", "names": {"plural": "shirts", "kind": "Shirt"},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {
            "type": "object", "x-kubernetes-preserve-unknown-fields": True}}}],
    },
}  # fmt: skip
CLUSTER = {**CRD, "spec": {**CRD["spec"], "scope": "Cluster"}}
SHIRT = {"apiVersion": "a.b/v1", "kind": "Shirt", "metadata": {"name": "red"}}
OTHER_VERSION = {**CRD, "spec": {**CRD["spec"], "versions": [{**CRD["spec"]["versions"][0], "name": "v2"}]}}


class Server:
    """An embedded cluster with a cache that knows the definition before, and how often it was asked."""

    def __init__(self, folder, before, now):
        self.cluster, self.asked, self.paths = edge.embedded(), 0, []
        self.client = replace(self.cluster, send=self.send, cache=DiskCache(str(folder), time.time))
        self.write("POST", DEFINITIONS, before)
        read_discovery(self.client)
        self.write("DELETE", f"{DEFINITIONS}/shirts.a.b")
        self.write("POST", DEFINITIONS, now)
        self.asked = 0

    def send(self, request):
        self.asked += request.path == "/apis"
        self.paths.append(request.path)
        return self.cluster.send(request)

    def write(self, method, path, body=None):
        assert self.cluster.send(Request(method, path, body=body)).unwrap().status < 300

    def visit(self, verb, *steps):
        made = pipe(
            b.builder(), *steps, b.namespace("default"), b.default_namespace, b.continue_on_error, b.do
        )
        return unsafe_perform_io(edge.visit(self.client, verb)(made).unwrap())


@pytest.fixture
def narrowed(tmp_path):
    """The kind lived in namespaces, and lives in none now."""
    return Server(tmp_path / "kept", CRD, CLUSTER)


@pytest.fixture
def widened(tmp_path):
    """The kind lived in no namespace, and lives in namespaces now."""
    return Server(tmp_path / "kept", CLUSTER, CRD)


WRITES = {"create": verbs.create(), "apply": verbs.apply()}


@pytest.mark.parametrize("verb", WRITES)
def test_a_write_goes_to_where_the_kind_is_now(verb, narrowed):
    report = narrowed.visit(WRITES[verb], b.objects(SHIRT))
    assert (report.errors, [outcome.action for outcome in report.outcomes], narrowed.asked) == (
        (),
        ["created"],
        1,
    )
    assert report.outcomes[0].info.mapping.namespaced is False


def test_an_object_keeps_the_namespace_that_it_names(widened):
    housed = {**SHIRT, "metadata": {"name": "red", "namespace": "kube-system"}}
    report = widened.visit(verbs.create(), b.objects(housed, SHIRT))
    assert [outcome.object["metadata"]["namespace"] for outcome in report.outcomes] == [
        "kube-system",
        "default",
    ]


def test_many_threads_ask_once(narrowed):
    shirts = [{**SHIRT, "metadata": {"name": f"s{n}"}} for n in range(40)]
    report = narrowed.visit(verbs.create(), b.objects(*shirts))
    assert (len(report.outcomes), report.errors, narrowed.asked) == (40, (), 1)


def test_what_comes_in_later_chunks_is_mapped_right_at_once(narrowed):
    shirts = [{**SHIRT, "metadata": {"name": f"s{n}"}} for n in range(300)]
    report = narrowed.visit(verbs.create(), b.objects(*shirts))
    old = [path for path in narrowed.paths if path.endswith("/namespaces/default/shirts")]
    assert (report.errors, narrowed.asked, len(old)) == ((), 1, 256)


def test_an_object_that_is_not_there_is_no_reason_to_ask(tmp_path):
    server = Server(tmp_path / "kept", CRD, CRD)
    report = server.visit(verbs.get(), b.objects(SHIRT))
    assert ([error.code for error in report.errors], server.asked) == ([404], 0)
    named = server.visit(verbs.get(), b.resource_names("shirt", "none"))
    assert ([error.code for error in named.errors], server.asked) == ([404], 0)


def test_a_deletion_that_ignores_what_is_not_there_finds_what_is(narrowed):
    narrowed.write("POST", "/apis/a.b/v1/shirts", SHIRT)
    report = narrowed.visit(verbs.delete(), b.resource_names("shirt", "red"))
    assert ([outcome.action for outcome in report.outcomes], narrowed.asked) == (["deleted"], 1)


def test_what_is_selected_is_listed_where_it_is_now(narrowed):
    narrowed.write("POST", "/apis/a.b/v1/shirts", SHIRT)
    report = narrowed.visit(verbs.get(), b.resource_types("shirts"), b.select_all)
    assert ([outcome.info.name for outcome in report.outcomes], narrowed.asked) == (["red"], 1)


def test_what_is_selected_in_a_namespace_is_not_listed_in_all(widened):
    for namespace in ("default", "kube-system"):
        widened.write("POST", f"/apis/a.b/v1/namespaces/{namespace}/shirts", SHIRT)
    report = widened.visit(verbs.delete(), b.resource_types("shirts"), b.select_all)
    assert [outcome.info.namespace for outcome in report.outcomes] == ["default"]
    left = widened.cluster.send(Request("GET", "/apis/a.b/v1/shirts")).unwrap().body["items"]
    assert [item["metadata"]["namespace"] for item in left] == ["kube-system"]


def test_a_version_that_is_gone_is_named(tmp_path):
    server = Server(tmp_path / "kept", CRD, OTHER_VERSION)
    report = server.visit(verbs.get(), b.objects(SHIRT))
    assert 'no matches for kind "Shirt" in version "a.b/v1"' in str(report.errors[0])
    assert server.asked == 1


def test_a_watch_begins_where_the_kind_is_now(narrowed):
    narrowed.write("POST", "/apis/a.b/v1/shirts", SHIRT)
    for step in (b.resource_type_or_name_args("shirts", allow_empty_selector=True), b.objects(SHIRT)):
        made = pipe(b.builder(), step, b.namespace("default"), b.default_namespace, b.do)
        watch = unsafe_perform_io(watch_resources(narrowed.client, made).unwrap())
        first = next(iter(watch.events)).unwrap()
        assert ([event.object["metadata"]["name"] for event in first], watch.mapping.namespaced) == (
            ["red"],
            False,
        )


def test_a_client_without_a_cache_asks_once_before(narrowed):
    fresh = replace(narrowed.client, cache=None)
    made = pipe(b.builder(), b.objects(SHIRT), b.default_namespace, b.do)
    report = unsafe_perform_io(edge.visit(fresh, verbs.create())(made).unwrap())
    assert (report.errors, narrowed.asked) == ((), 1)
