"""Watches: nothing told twice and nothing lost, however a connection is cut; when they ask again, and how."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success

from fkube.cluster.respond import respond
from fkube.cluster.watch import next_events, open_watch
from fkube.edge.client import Client
from fkube.edge.line import Line, watch
from fkube.exchange import TABLE, Heard, Request, Response
from fkube.exchange import watching as machine
from fkube.exchange.watching import LASTING, SILENCE, Watching, heard
from fkube.resource.errors import StatusError, TransportError
from tests.worlds import BOOKMARK, COMPACT, HOW, MAPS, OVER, Cut, World, after, create, delete, relabel


def seen_by(world, request):
    """What a watch tells of a world until its script is over."""
    *events, last = watch(Line(world.client(), lambda: world.time, world.sleep), Watching(request))
    assert last == Failure(OVER)
    return [event.unwrap() for event in events]


def metadata(object):
    return object["rows"][0]["object"]["metadata"] if object["kind"] == "Table" else object["metadata"]


def row(type, object):
    found = metadata(object)
    return type, found.get("name"), found.get("uid"), found["resourceVersion"]


def replayed(events):
    """What a client knows after these events, or the first event that does not fit what it knew."""
    known = {}
    for type, name, uid, version in events:
        was, seen = known.pop(name, (None, "0"))
        fits = was is None if type == "ADDED" else was == uid
        if not fits or (type == "MODIFIED" and int(version) <= int(seen)):
            return type, name
        if type != "DELETED":
            known[name] = (uid, version)
    return known


def listed(state, request):
    whole = replace(request, query=tuple(pair for pair in request.query if pair[0] != "limit"))
    body = respond(state, whole)[1].body
    kind = {"kind": "ConfigMap"}
    found = (
        [metadata({**body, "rows": [r]}) for r in body["rows"]]
        if body["kind"] == "Table"
        else [metadata({**kind, **item}) for item in body["items"]]
    )
    return {m["name"]: (m["uid"], m["resourceVersion"]) for m in found}


NAMES, LABELS = st.sampled_from("abc"), st.sampled_from("xy")
CHANGES = st.one_of(
    st.builds(create, NAMES, LABELS), st.builds(relabel, NAMES, LABELS), st.builds(delete, NAMES)
)
CUTS = st.builds(Cut, st.sampled_from(HOW), st.sampled_from((0, 1, 2, 9)))
REQUESTS = st.sampled_from(
    [
        Request("GET", MAPS),
        Request("GET", "/api/v1/configmaps", (("limit", "1"),)),
        Request("GET", MAPS, (("labelSelector", "app=x"), ("limit", "2"))),
        Request("GET", MAPS, (("fieldSelector", "metadata.name=a"),)),
        Request("GET", MAPS, accept=TABLE),
    ]
)


def scripts(*others):
    return st.lists(st.one_of(CHANGES, CHANGES, CHANGES, CUTS, *map(st.just, others)), max_size=16)


def told_exactly(before, script, request):
    """What is there is told, then every change, once and in order: what an uncut watch would have told."""
    world = World(list(script), before)
    events = [row(event.type, event.object) for event in seen_by(world, request)]
    first = next(asked for asked in world.asked if "watch" in dict(asked.query))
    uncut = next_events(open_watch(world.state, first).unwrap(), world.state)[1]
    there = [("ADDED", name, *found) for name, found in listed(before, request).items()]
    return events == there + [row(e["type"], e["object"]) for e in uncut if e["type"] != "BOOKMARK"]


def state_told(before, script, request):
    """Nothing is told twice, what is told fits what was, and in the end it adds up to what is there."""
    world = World(list(script), before)
    events = [row(event.type, event.object) for event in seen_by(world, request)]
    return max(Counter(events).values(), default=1) == 1 and replayed(events) == listed(world.state, request)


STARTS = st.lists(CHANGES, max_size=5).map(lambda requests: after(*requests))


@settings(max_examples=150, deadline=None)
@given(STARTS, scripts(BOOKMARK), REQUESTS)
def test_every_change_is_told_once_and_in_order_over_any_cuts(before, script, request):
    assert told_exactly(before, script, request)


@settings(max_examples=150, deadline=None)
@given(STARTS, scripts(BOOKMARK, COMPACT), REQUESTS)
def test_nothing_is_told_twice_or_lost_where_history_is_forgotten(before, script, request):
    assert state_told(before, script, request)


# Wrong machines, each of which one of the two laws has to catch


def moved(exchange, version):
    """What was told, and a watch that goes on from another version."""
    return replace(
        exchange,
        result=exchange.result.map(lambda t: replace(t, watching=replace(t.watching, version=version))),
    )


def goes_on_from_the_list(watching, event, right=machine._take_event):
    """Asks again behind the last list instead of the last event."""
    return moved(right(watching, event), watching.version)


def skips_one(watching, event, right=machine._take_event):
    """Asks again one version too late."""
    exchange = right(watching, event)
    return moved(exchange, str(int(exchange.result.unwrap().watching.version) + 1))


def forgets_deletions(before, after, right=machine._list_changes):
    """Takes what is not listed any more for unchanged."""
    return (event for event in right(before, after) if event.type != "DELETED")


def starts_afresh(before, after, right=machine._list_changes):
    """Tells a second list as if it were the first."""
    return right({}, after)


def blind_for_uids(before, after, right=machine._list_changes):
    """Takes an object that has the name of another for that one."""
    alike = {
        key: {**object, "metadata": {**object["metadata"], "uid": after[key]["metadata"]["uid"]}}
        for key, object in before.items()
        if key in after and object["kind"] != "Table"
    }
    return right({**before, **alike}, after)


def keeps_old_pages(watching, failed, retry_after=0.0, right=machine._end_answer):
    """Adds the pages of a list to those of the one before it that expired."""
    return replace(right(watching, failed, retry_after), listed=watching.listed)


def tells_bookmarks(watching, event, right=machine._take_event):
    """Tells a bookmark as a change."""
    as_change = {**event, "type": "MODIFIED"} if event["type"] == "BOOKMARK" else event
    return right(watching, as_change)


ALL, ONE, PAGES = Request("GET", MAPS), (create("a"),), Request("GET", MAPS, (("limit", "1"),))
WRONG = [
    (told_exactly, "_take_event", goes_on_from_the_list, (), [create("a"), Cut("end"), create("b")], ALL),
    (told_exactly, "_take_event", skips_one, (), [create("a"), Cut("reset"), create("b"), create("c")], ALL),
    (told_exactly, "_take_event", tells_bookmarks, (), [create("a"), BOOKMARK], ALL),
    (state_told, "_list_changes", forgets_deletions, ONE, [delete("a"), COMPACT], ALL),
    (state_told, "_list_changes", starts_afresh, ONE, [create("b"), COMPACT], ALL),
    (state_told, "_list_changes", blind_for_uids, ONE, [delete("a"), create("a"), COMPACT], ALL),
    (
        state_told,
        "_end_answer",
        keeps_old_pages,
        (*ONE, create("b"), create("c")),
        [delete("a"), COMPACT],
        PAGES,
    ),
]


@pytest.mark.parametrize(("law", "name", "wrong", "before", "script", "request_"), WRONG)
def test_a_wrong_machine_is_found_out(law, name, wrong, before, script, request_, monkeypatch):
    assert law(after(*before), script, request_)
    monkeypatch.setattr(machine, name, wrong)
    assert not law(after(*before), script, request_)


# When it asks again


def world_after(*cuts):
    """A world in which a watch was cut so; one change was told before."""
    world = World([create("a"), create("b"), *cuts])
    seen_by(world, ALL)
    return world


BACKOFF = [
    ([], []),
    ([Cut("end")], []),
    ([Cut("end"), Cut("end")], [0.8]),
    ([Cut("reset")], [0.8]),
    ([Cut("reset"), Cut("reset"), Cut("reset")], [0.8, 1.6, 3.2]),
    ([Cut("reset"), Cut("reset"), create("c"), Cut("reset")], [0.8, 1.6, 0.8]),
    ([Cut("silent")], [0.8]),
    ([Cut("end", 0)] * 9, [0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30]),
    ([Cut("broken")], [0.8]),
]


@pytest.mark.parametrize(("cuts", "pauses"), BACKOFF)
def test_pauses_double_with_jitter_until_something_is_heard(cuts, pauses):
    slept = world_after(*cuts).slept
    assert len(slept) == len(pauses)
    assert all(least <= pause < 2 * least for pause, least in zip(slept, pauses, strict=True))


@pytest.mark.parametrize(("cut", "least"), [(Cut("busy"), 5), (Cut("error"), 7)])
def test_the_server_says_how_long_to_wait(cut, least):
    assert world_after(cut).slept == [least]


def test_a_stream_that_is_silent_for_long_is_taken_for_dead():
    world = world_after(Cut("silent"), create("b"))
    assert world.time == pytest.approx(SILENCE + sum(world.slept))


def test_others_pause_for_another_while():
    def pauses(seed):
        failed = Watching(ALL, seed, version="7", failures=3)
        return heard(failed).delay, dict(heard(failed).request.query)["timeoutSeconds"]

    delays, lasting = zip(*map(pauses, "abcdefgh"), strict=True)
    assert len(set(delays)) == len(set(lasting)) == 8
    assert all(LASTING <= float(seconds) <= 2 * LASTING + 1 for seconds in lasting)


def test_a_selector_that_is_no_text_has_its_pause_too():
    odd = Request("GET", "/api/v1/pods", (("labelSelector", "a=\udcff"),))
    assert heard(Watching(odd, "a", version="7", failures=3)).delay > 0


def test_a_watch_asks_behind_the_last_change_and_for_bookmarks_but_not_for_pages():
    before = after(create("a"))
    world = World([BOOKMARK, create("b"), Cut("reset")], before)
    seen_by(world, Request("GET", MAPS, (("labelSelector", "app=x"), ("limit", "1"))))
    first, again = (dict(request.query) for request in world.asked[1:])
    assert [asked["resourceVersion"] for asked in (first, again)] == ["6", "7"]
    assert {"watch": "true", "allowWatchBookmarks": "true", "labelSelector": "app=x"}.items() <= again.items()
    assert "limit" not in again


def test_a_bookmark_is_where_it_goes_on_from():
    other = Request("POST", "/api/v1/namespaces", body={"metadata": {"name": "shop"}})
    world = World([other, BOOKMARK, Cut("reset")])
    assert seen_by(world, ALL) == []
    assert dict(world.asked[-1].query)["resourceVersion"] == str(world.state.version)


def test_pages_that_went_stale_are_asked_for_again_in_one():
    world = World([delete("a"), COMPACT], after(create("a"), create("b"), create("c")))
    seen = seen_by(world, PAGES)
    assert [(event.type, event.object["metadata"]["name"]) for event in seen] == [
        ("ADDED", "b"),
        ("ADDED", "c"),
    ]
    assert ["limit" in dict(request.query) for request in world.asked] == [True, True, True, False, False]


def test_an_old_version_is_listed_again_after_a_pause():
    world = World([create("a"), create("b"), COMPACT])
    assert [event.type for event in seen_by(world, ALL)] == ["ADDED", "ADDED"]
    assert ["watch" in dict(request.query) for request in world.asked] == [False, True, False, True]
    assert len(world.slept) == 1


# What ends it

LISTED = {"kind": "ConfigMapList", "metadata": {"resourceVersion": "5"}, "items": []}


def answering(*answers):
    """A watch of a server that gives these answers, a list each or the pieces of a stream."""
    given = iter(answers)
    client = Client(lambda _: next(given), stream=lambda *_: (piece for piece in next(given)))
    return list(watch(Line(client, lambda: 0.0, lambda _: None), Watching(ALL)))


def status(code):
    return Success(Response(code, {"kind": "Status", "message": "no", "code": code}))


@pytest.mark.parametrize(
    "answer",
    [Failure(TransportError("refused")), status(403), status(404), status(410), status(500), status(429)],
)
def test_what_the_first_list_fails_for_is_told(answer):
    [failure] = answering(answer)
    assert (
        failure.failure() == answer.failure()
        if isinstance(answer, Failure)
        else failure.failure().message == "no"
    )


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405])
def test_a_watch_that_is_refused_ends(code):
    [failure] = answering(Success(Response(200, LISTED)), [Failure(StatusError("no", code))])
    assert failure.failure().code == code


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ({"type": "SYNCED", "object": {"metadata": {"resourceVersion": "6"}}}, "an event that is none"),
        ({"type": "ADDED", "object": {"metadata": {"name": "a"}}}, "an event that is none"),
        ({}, "an event that is none"),
    ],
)
def test_a_stream_that_speaks_of_something_else_ends(event, what):
    [failure] = answering(Success(Response(200, LISTED)), [Success(event)])
    assert what in failure.failure().message


def test_a_list_that_cannot_be_watched_ends():
    ended = heard(Watching(ALL)).then(Heard(Success({"kind": "Status"}), 0.0))
    assert str(ended.result.failure()).endswith("with something that is no list: it can't be watched")
    [failure] = answering(Success(Response(200, {"kind": "Status"})))
    assert str(failure.failure()).endswith("kind is not as asked")


def test_a_list_without_a_version_is_told_before_the_server_says_that_it_cannot_be_watched():
    refused = StatusError('watch is not supported on resources of kind "s"', 405, "MethodNotAllowed")
    listed = Success(Response(200, {"kind": "SList", "items": [{"metadata": {"name": "a"}}]}))
    event, failure = answering(listed, [Failure(refused)])
    assert event.unwrap().type == "ADDED"
    assert failure == Failure(refused)


def test_secrets_are_in_no_repr():
    secret = {"kind": "Secret", "metadata": {"name": "s", "resourceVersion": "6"}, "data": {"k": "aHVzaA=="}}
    watching = Watching(ALL, version="5", asked=ALL, synced=True)
    found = heard(watching).then(Heard(Success({"type": "ADDED", "object": secret}), 1.0))
    assert "aHVzaA" not in repr(
        (found, Heard(Success(secret), 1.0), machine._take_page(watching, {"items": [secret]}))
    )
