"""Discovery kept on disk: as old as kubectl's may be, asked anew on a miss, safe and private."""

from __future__ import annotations

import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from returns.result import Failure, Success
from returns.unsafe import unsafe_perform_io
from toolz import pipe

from fkube import builder as b
from fkube import edge
from fkube.edge.offers import (
    OLDEST,
    Discovery,
    DiskCache,
    ask_discovery,
    open_cache,
    read_discovery,
)
from fkube.edge.renewing import Offers
from fkube.edge.result import infos
from fkube.exchange import Request, Response
from fkube.pipeline.discovery import mapping_for
from fkube.resource.errors import TransportError

ANSWERS = {"/api": {"kind": "APIGroupDiscoveryList", "items": []}, "/apis": {"items": []}}
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "shirts.a.b"},
    "spec": {
        "group": "a.b", "scope": "Namespaced", "names": {"plural": "shirts", "kind": "Shirt"},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {
            "type": "object", "x-kubernetes-preserve-unknown-fields": True}}}],
    },
}  # fmt: skip
SHIRT = {"apiVersion": "a.b/v1", "kind": "Shirt", "metadata": {"name": "s"}}


class Server:
    """An embedded cluster with a cache, and how often it was asked what it offers."""

    def __init__(self, folder):
        self.cluster, self.asked = edge.embedded(), 0
        self.cache = DiskCache(str(folder), time.time)
        self.client = replace(self.cluster, send=self.send, cache=self.cache)

    def send(self, request):
        self.asked += request.path == "/apis"
        return self.cluster.send(request)

    def define(self):
        path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        assert self.cluster.send(Request("POST", path, body=CRD)).unwrap().status == 201

    def visited(self, *steps):
        return infos(self.client)(pipe(b.builder(), *steps, b.default_namespace, b.do).unwrap())


@pytest.fixture
def server(tmp_path):
    return Server(tmp_path / "kept")


def test_what_was_asked_once_is_kept(server):
    for _ in range(3):
        assert isinstance(read_discovery(server.client), Success)
    assert server.asked == 1
    assert [read_discovery(server.client).unwrap().fresh, ask_discovery(server.client).unwrap().fresh] == [
        False,
        True,
    ]
    other = Server(server.cache.folder)
    assert read_discovery(other.client).unwrap().mapper == read_discovery(server.client).unwrap().mapper
    assert other.asked == 0


def test_aggregated_and_legacy_discovery_are_kept_alike(server):
    def legacy(request):
        return server.send(replace(request, accept="application/json"))

    old = replace(server.client, send=legacy)
    first, second = ask_discovery(old).unwrap().mapper, read_discovery(old).unwrap().mapper
    assert first == second
    assert "/apis/apps/v1" in server.cache.read()
    assert mapping_for(second, "deploy").unwrap().kind == "Deployment"


# What lies on the disk, and what is read of it.
LYING = {
    "nothing": (None, None),
    "whole": (json.dumps({"version": 1, "answers": ANSWERS}), ANSWERS),
    "cut": (json.dumps({"version": 1, "answers": ANSWERS})[:-5], None),
    "empty": ("", None),
    "binary": ("\udcff\udcfe", None),
    "of another version": (json.dumps({"version": 2, "answers": ANSWERS}), None),
    "no object": ("[1]", None),
    "no answers": (json.dumps({"version": 1, "answers": 5}), None),
    "nested too deeply": ("[" * 100_000, None),
}


@pytest.mark.parametrize("case", LYING)
def test_what_is_corrupt_is_not_there(case, server):
    text, expected = LYING[case]
    path = Path(server.cache.path)
    if text is not None:
        path.parent.mkdir()
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert server.cache.read() == expected


def test_corrupt_answers_are_asked_for_again(server):
    server.cache.write({"/api": {"kind": "APIGroupDiscoveryList"}})
    assert read_discovery(server.client).unwrap().fresh
    assert (server.asked, server.cache.read().keys()) == (1, {"/api", "/apis"})


@pytest.mark.parametrize(
    ("age", "believed"), [(0, True), (OLDEST - 60, True), (OLDEST + 1, False), (-3600, False)]
)
def test_what_is_old_or_from_the_future_is_not_believed(age, believed, server):
    ask_discovery(server.client).unwrap()
    written = time.time() - age
    os.utime(server.cache.path, (written, written))
    assert (server.cache.read() is not None) == believed


def test_a_kind_that_is_not_found_is_asked_for_once_more(server):
    read_discovery(server.client)
    server.define()
    (found,) = unsafe_perform_io(server.visited(b.objects(SHIRT)).unwrap())
    assert (found.mapping.resource, server.asked) == ("shirts", 2)
    unsafe_perform_io(server.visited(b.objects(SHIRT)).unwrap())
    assert server.asked == 2


def test_a_type_that_is_not_found_is_asked_for_once_more(server):
    read_discovery(server.client)
    listing = (b.select_all, b.resource_types("shirts"))
    missing = unsafe_perform_io(server.visited(*listing).failure()).errors[0]
    assert (str(missing), server.asked) == ('the server doesn\'t have a resource type "shirts"', 2)
    server.define()
    assert unsafe_perform_io(server.visited(*listing).unwrap()) == ()
    assert server.asked == 3


def test_a_kind_that_nobody_has_is_asked_for_once_in_a_visit(server):
    read_discovery(server.client)
    many = [{**SHIRT, "metadata": {"name": f"s{n}"}} for n in range(600)]
    failed = server.visited(b.objects(*many), b.continue_on_error).failure()
    assert (len(unsafe_perform_io(failed).errors), server.asked) == (600, 2)


def test_definitions_in_the_batch_are_still_known_after_asking_again(server):
    read_discovery(server.client)
    other = {**SHIRT, "kind": "Sock"}
    found = server.visited(b.objects(CRD, other, SHIRT), b.continue_on_error).failure()
    failures = unsafe_perform_io(found)
    assert [info.kind for info in failures.visited] == ["CustomResourceDefinition", "Shirt"]


def test_where_the_server_does_not_answer_again_what_was_known_stays(server):
    first = read_discovery(server.client).unwrap()
    down = replace(server.client, send=lambda request: Failure(TransportError("gone")))
    offers = Offers(down, first)
    assert offers.renew() == first.mapper
    assert offers.discovery == Discovery(first.mapper, fresh=True)
    assert read_discovery(replace(down, cache=None)) == Failure(TransportError("gone"))


def test_what_was_not_told_in_full_is_not_kept(server):
    def half(request):
        if request.path == "/apis/apps/v1":
            return Success(Response(503, {}))
        return server.send(replace(request, accept="application/json"))

    assert ask_discovery(replace(server.client, send=half)).unwrap().mapper.missing == ("apps/v1",)
    assert server.cache.read() is None


SECRET = {"kind": "Secret", "metadata": {"name": "a"}, "data": {"k": "hunter2"}}
# What /api answers, and whether it is kept.
NONSENSE = (
    (SECRET, False),
    ({"versions": ["v1"]}, False),
    ({"kind": "APIVersions", "versions": [], "data": {"k": "hunter2"}}, True),
    ({"kind": "APIGroupDiscoveryList", "items": [{**SECRET, "versions": []}]}, True),
)


@pytest.mark.parametrize(("body", "kept"), NONSENSE)
def test_only_what_discovery_reads_is_kept(body, kept, server):
    def odd(request):
        return Success(Response(200, body)) if request.path == "/api" else server.send(request)

    ask_discovery(replace(server.client, send=odd))
    there = Path(server.cache.path)
    assert there.exists() == kept
    assert "hunter2" not in (there.read_text() if kept else "")


@pytest.mark.parametrize("accept", ["", "application/json"])
def test_what_is_kept_says_all_that_was_asked(accept, server):
    def send(request):
        return server.send(replace(request, accept=accept or request.accept))

    asked = ask_discovery(replace(server.client, send=send)).unwrap().mapper
    kept = read_discovery(server.client).unwrap()
    assert (kept.mapper, kept.fresh) == (asked, False)


def test_it_is_private_and_leaves_no_half_written_file(server):
    ask_discovery(server.client)
    folder = Path(server.cache.folder)
    assert [path.name for path in folder.iterdir()] == [Path(server.cache.path).name]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(server.cache.path).stat().st_mode) == 0o600


def test_many_may_write_and_read_at_once(server):
    """Every reader sees one whole write or another."""
    versions = [{"/api": {"number": n, "filling": "x" * 50_000}} for n in range(8)]
    server.cache.write(versions[0])

    def use(n):
        server.cache.write(versions[n % 8])
        return server.cache.read()

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(use, range(200)))
    assert all(one in versions for one in seen)
    assert len(list(Path(server.cache.folder).iterdir())) == 1


def test_a_folder_that_can_not_be_made_costs_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    server = Server(tmp_path / "file" / "below")
    assert read_discovery(server.client).unwrap().fresh
    assert read_discovery(server.client).unwrap().fresh
    assert read_discovery(Server(tmp_path / "a\0b").client).unwrap().fresh


def test_a_file_that_can_not_take_its_place_is_removed(server):
    Path(server.cache.path).mkdir(parents=True)
    server.cache.write(ANSWERS)
    assert [path.name for path in Path(server.cache.folder).iterdir()] == [Path(server.cache.path).name]


# The flag, the environment, and the folder of a server.
PLACES = (
    (None, {"HOME": "/h"}, "/h/.kube/cache/discovery/10.0.0.1_6443"),
    (None, {"HOME": "/h", "KUBECACHEDIR": "/k"}, "/k/discovery/10.0.0.1_6443"),
    ("/f", {"HOME": "/h", "KUBECACHEDIR": "/k"}, "/f/discovery/10.0.0.1_6443"),
    (None, {"USERPROFILE": "/u"}, "/u/.kube/cache/discovery/10.0.0.1_6443"),
    (None, {}, None),
    ("", {"HOME": "/h"}, None),
)


@pytest.mark.parametrize(("flag", "environ", "folder"), PLACES)
def test_where_it_is_kept(flag, environ, folder):
    found = open_cache("https://10.0.0.1:6443", flag, environ, time.time)
    assert (found.folder if found else None) == folder


def test_a_connected_client_keeps_it_and_an_embedded_one_does_not(tmp_path):
    config = tmp_path / "config"
    config.write_text(
        "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {cluster: c}}]\n"
        "clusters: [{name: c, cluster: {server: 'http://a.example:80/base'}}]\n"
    )
    environ = {"HOME": str(tmp_path)}
    client = unsafe_perform_io(edge.connect(str(config), environ=environ).unwrap())
    assert client.cache.folder == str(tmp_path / ".kube/cache/discovery/a.example_80/base")
    assert edge.embedded().cache is None
