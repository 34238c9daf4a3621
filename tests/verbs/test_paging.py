"""Lists in pages: nothing is listed twice and nothing left out, even where the pages go stale meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Success
from toolz import pipe

from fkube import builder as b
from fkube import edge
from fkube.edge.client import Client
from fkube.edge.running import hold as run
from fkube.exchange import JSON, TABLE, Request, Response
from fkube.resource.info import RESTMapping
from fkube.verbs.get import get
from fkube.verbs.paging import list_request, page
from tests.worlds import COMPACT, MAPS, World, after, create, delete, relabel

CONFIG_MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
NAMES = st.sampled_from("abcdefgh")
CHANGES = st.one_of(
    st.builds(create, NAMES),
    st.builds(delete, NAMES),
    st.builds(relabel, NAMES, st.just("y")),
    st.just(COMPACT),
)


def without_tokens(client):
    """The same server, but one that does not say how a list that expired goes on."""

    def send(request):
        response = client.send(request).unwrap()
        expired = response.status == 410
        return Success(Response(410, {**response.body, "metadata": {}}) if expired else response)

    return Client(send, stream=client.stream)


def pages(client, limit, accept=JSON):
    """The rows or objects of a list in pages, by name."""
    request, last, names = list_request(CONFIG_MAPS, "default", limit=limit), "", []
    while request is not None:
        found = run(client, page(CONFIG_MAPS, replace(request, accept=accept), last)).unwrap()
        for info in found.infos:
            rows = info.object.get("rows")
            objects = [row["object"] for row in rows] if rows is not None else [info.object]
            names += [object["metadata"]["name"] for object in objects]
        request, last = found.next, found.last
    return names


def names(state):
    return {key.rpartition("/")[2] for key, _ in state.objects.items("", "~") if "/configmaps/" in key}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(NAMES, max_size=8),
    st.lists(CHANGES, max_size=10),
    st.integers(1, 3),
    st.sampled_from((JSON, TABLE)),
    st.booleans(),
)
def test_what_is_there_all_the_while_is_listed_once(before, script, limit, accept, tokens):
    start = after(*map(create, before))
    world = World(list(script), start)
    client = world.client() if tokens else without_tokens(world.client())
    listed = pages(client, limit, accept)
    touched = {step.path.rpartition("/")[2] for step in script if getattr(step, "method", "") == "DELETE"}
    assert len(listed) == len(set(listed))
    assert listed == sorted(listed)
    assert names(start) - touched <= set(listed)
    assert set(listed) <= names(start) | {"abcdefgh"[i] for i in range(8)}


STALE = [delete("a"), COMPACT, create("bb")]


@pytest.mark.parametrize(
    ("tokens", "asked"),
    [
        # The token of the server goes on behind `c`, at the present version.
        (True, ["limit", "limit continue", "limit continue", "limit continue"]),
        (False, ["limit", "limit continue", "limit continue", ""]),
    ],
)
def test_pages_that_went_stale_go_on_behind_what_was_listed(tokens, asked):
    world = World(list(STALE), after(*map(create, "abcde")))
    client = world.client() if tokens else without_tokens(world.client())
    assert pages(client, 2) == ["a", "b", "c", "d", "e"]
    assert [" ".join(key for key, _ in request.query) for request in world.asked] == asked


def test_a_visit_reads_on():
    world = World(list(STALE), after(*map(create, "abcde")))
    named = b.resource_type_or_name_args("configmaps", allow_empty_selector=True)
    made = replace(pipe(b.builder(), named, b.default_namespace, b.do).unwrap(), limit=2)
    report = edge.visit(world.client(), get())(made).unwrap()._inner_value
    assert [outcome.info.name for outcome in report.outcomes if outcome.info.name in "abcde"] == list("abcde")


def test_a_first_page_that_expired_is_an_error():
    gone = Client(lambda _: Success(Response(410, {"kind": "Status", "message": "old", "reason": "Expired"})))
    old = Request("GET", MAPS, (("resourceVersion", "1"), ("resourceVersionMatch", "Exact")))
    assert run(gone, page(CONFIG_MAPS, old)).failure().message == "old"


def test_a_whole_list_that_fails_too_is_an_error():
    answers = iter([Response(410, {}), Response(500, {})])
    client = Client(lambda _: Success(next(answers)))
    stale = Request("GET", MAPS, (("limit", "2"), ("continue", "x")))
    assert run(client, page(CONFIG_MAPS, stale, "default/a")).failure().code == 500


def test_an_empty_page_in_between_forgets_nothing():
    empty = Response(200, {"items": None, "metadata": {"continue": "x"}})
    found = run(
        Client(lambda _: Success(empty)), page(CONFIG_MAPS, Request("GET", MAPS), "default/b")
    ).unwrap()
    assert (found.infos, found.last) == ((), "default/b")
    assert str(found.next) == f"GET {MAPS}?continue=x"


NODE = RESTMapping("apps", "v1", "Node", "nodes", namespaced=False)
LISTS = {
    (400, "BadRequest", "l"): 'Unable to find "apps/v1, Resource=nodes" that match label selector "l", '
    'field selector "": bad',
    (404, "NotFound", ""): 'Unable to list "apps/v1, Resource=nodes": bad',
    (403, "Forbidden", "l"): "bad",
}


@pytest.mark.parametrize("asked", LISTS)
def test_a_list_that_is_refused_says_what_was_asked_for(asked):
    code, reason, labels = asked
    body = {"kind": "Status", "message": "bad", "reason": reason, "code": code}
    answered = page(NODE, list_request(NODE, labels=labels)).then(Response(code, body))
    assert answered.result.failure().message == LISTS[asked]
