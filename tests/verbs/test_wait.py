"""Waiting: what a wait comes to over any history and any cuts, and when it ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success
from toolz import pipe

from fkube import builder as b
from fkube import edge
from fkube.cli.wait import wait_until_found
from fkube.cluster.respond import respond
from fkube.edge.client import Client
from fkube.edge.line import Line
from fkube.edge.running import hold as run
from fkube.exchange import Call, Listen, Request, Response, done
from fkube.resource.errors import ConditionError, StatusError, TimedOut, TransportError, UsageError
from fkube.resource.info import Info, RESTMapping
from fkube.syntax.jsonpath import parse
from fkube.verbs.conditions import (
    Met,
    NotYet,
    Snapshot,
    all_of,
    any_of,
    created,
    deleted,
    fail_if,
    jsonpath,
    within,
)
from fkube.verbs.plan import planned
from fkube.verbs.wait import wait
from tests.worlds import BOOKMARK, COMPACT, HOW, MAPS, OVER, Cut, World, after, create, delete, relabel

CONFIG_MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")


def named(name="a", mapping=CONFIG_MAPS):
    metadata = {"name": name, "namespace": "default"}
    return Info({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}, mapping=mapping)


def labelled(value):
    return jsonpath(parse("{.metadata.labels.app}").unwrap(), value)


def waited(world, condition, timeout=600.0, info=None):
    """What a wait in a world comes to."""
    line = Line(world.client(), lambda: world.time, world.sleep)
    return line.hold(wait(condition, timeout)(info or named()))


# What it comes to

HISTORIES = [
    # condition, what was before, what happens, what the object's label is when the condition is met
    (created, (), [create("a")], "x"),
    (created, (create("a"),), [], "x"),
    (created, (create("b"),), [create("c"), create("a", "y")], "y"),
    (deleted, (), [], None),
    (deleted, (create("a"),), [relabel("a", "y"), delete("a")], "y"),
    (deleted, (create("a"),), [delete("a"), create("a", "y")], "x"),
    (labelled("y"), (create("a"),), [relabel("a", "y"), relabel("a", "z")], "y"),
    (labelled("y"), (), [create("a"), delete("a"), create("a", "y")], "y"),
    (any_of(deleted, labelled("y")), (create("a"),), [relabel("a", "y"), delete("a")], "y"),
    (all_of(created, labelled("y")), (), [create("a"), relabel("a", "y")], "y"),
    (all_of(labelled("y"), fail_if(labelled("z"))), (create("a"),), [relabel("a", "y")], "y"),
]


@pytest.mark.parametrize(("condition", "before", "script", "label"), HISTORIES)
@pytest.mark.parametrize("broken", [None, Cut("reset"), Cut("silent", 0), Cut("end", 1)])
def test_what_a_wait_comes_to(condition, before, script, label, broken):
    script = [*script, *([broken] if broken else [])]
    outcome = waited(World(script, after(*before)), condition).unwrap()
    assert outcome.action == "met"
    assert outcome.object["metadata"]["name"] == "a"
    assert outcome.object["metadata"].get("labels", {}).get("app") == label


CHANGES = st.one_of(
    st.builds(create, st.sampled_from("ab"), st.sampled_from("xyz")),
    st.builds(relabel, st.sampled_from("ab"), st.sampled_from("xyz")),
    st.builds(delete, st.sampled_from("ab")),
)
CUTS = st.builds(Cut, st.sampled_from(HOW), st.sampled_from((0, 1, 9)))
CONDITIONS = st.sampled_from(
    [
        created,
        deleted,
        labelled("y"),
        all_of(labelled("y"), fail_if(deleted, "gone")),
        any_of(all_of(labelled("z"), fail_if(labelled("y"), "late")), deleted),
    ]
)


def found(state):
    response = respond(state, Request("GET", f"{MAPS}/a"))[1]
    return response.body if response.status == 200 else None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(CHANGES, max_size=4), st.lists(st.one_of(CHANGES, CHANGES, CUTS, st.just(BOOKMARK))), CONDITIONS
)
def test_a_wait_ends_with_the_first_verdict_of_the_history_over_any_cuts(before, script, condition):
    start = after(*before)
    history = [found(start)]
    state = start
    for step in script:
        if isinstance(step, Request):
            state, _ = respond(state, step)
            history.append(found(state))
    decided = (v for o in history if not isinstance(v := condition(Snapshot(o)), NotYet))
    expected = next(decided, None)
    result = waited(World(list(script), start), condition, timeout=1e9)
    if expected is None:
        assert result == Failure(OVER)
    elif expected == Met():
        assert result.unwrap().action == "met"
    else:
        assert result.failure() == expected.reasons[0]


def test_history_that_is_forgotten_costs_no_more_than_its_edges():
    world = World([relabel("a", "y"), delete("a"), COMPACT, create("a", "z")], after(create("a")))
    assert waited(world, deleted).unwrap().action == "met"


# When it ends


def test_a_wait_that_looks_once_asks_once():
    world = World([create("a")])
    result = waited(world, created, timeout=0)
    assert result.failure() == TimedOut("condition not met for configmaps/a: it is not there")
    assert ["watch" in dict(request.query) for request in world.asked] == [False]


def test_time_is_over_when_it_is_and_not_before():
    world = World([relabel("a", "y"), Cut("silent")], after(create("a")))
    assert waited(world, deleted, timeout=20).failure() == TimedOut(
        "timed out waiting for the condition on configmaps/a: it is not being deleted"
    )
    assert world.time == pytest.approx(20)
    assert dict(world.asked[1].query)["timeoutSeconds"] == "20"


def test_a_pause_does_not_outlast_the_time():
    world = World([Cut("busy")] * 9, after(create("a")))
    assert isinstance(waited(world, deleted, timeout=7).failure(), TimedOut)
    assert world.time == pytest.approx(7)
    assert world.slept == [5, pytest.approx(2)]


def test_a_limit_within_another_is_kept_too():
    world = World([Cut("silent"), Cut("silent")], after(create("a")))
    condition = any_of(deleted, within(3, labelled("y")))
    assert isinstance(waited(world, condition, timeout=9).failure(), TimedOut)
    assert world.time == pytest.approx(9)


def test_nothing_is_judged_before_it_was_listed():
    refused = Client(lambda _: Failure(TransportError("refused")))
    assert run(refused, wait(deleted)(named())) == Failure(TransportError("refused"))
    asked = []
    forbidden = Client(lambda request: asked.append(request) or Success(Response(403, {"code": 403})))
    assert isinstance(run(forbidden, wait(deleted)(named())).failure(), StatusError)
    assert [str(request) for request in asked] == [f"GET {MAPS}?fieldSelector=metadata.name=a"]


def test_reasons_are_told_together():
    both = all_of(fail_if(created, "it is there"), fail_if(labelled("x"), "it is x"), created)
    result = waited(World([], after(create("a"))), both)
    assert result.failure() == ConditionError("it is there; it is x")
    assert waited(World([]), any_of()).failure() == ConditionError("there is nothing to wait for")
    other = fail_if(created, "only this")
    assert waited(World([], after(create("a"))), other).failure() == ConditionError("only this")


@pytest.mark.parametrize("info", [named(mapping=None), named(""), named("a/b")])
def test_what_can_not_be_asked_for_is_not(info):
    assert isinstance(run(Client(lambda _: Failure(OVER)), wait(created)(info)).failure(), UsageError)


def test_a_name_is_no_selector():
    world = World([])
    waited(world, deleted, info=named("a,b=c\\d"))
    assert dict(world.asked[0].query)["fieldSelector"] == "metadata.name=a\\,b\\=c\\\\d"


# Conversations that listen


def listening(*pieces, calls=0):
    """A client whose streams have these pieces, and what becomes of them."""
    log = []

    def stream(request, patience=0.0):
        log.append("open")
        try:
            yield from map(Success, pieces)
        finally:
            log.append("closed")

    return Client(lambda _: Success(Response(200, {})), stream=stream), log


WATCH = Request("GET", MAPS, (("watch", "true"),))


def heard_twice(request, again):
    return Listen(request, lambda first: Listen(again, lambda second: done((first.piece, second.piece))))


def test_one_stream_is_heard_piece_by_piece_and_closed_in_the_end():
    client, log = listening({"n": 1}, {"n": 2}, {"n": 3})
    assert run(client, heard_twice(WATCH, WATCH)).unwrap() == (Success({"n": 1}), Success({"n": 2}))
    assert log == ["open", "closed"]


def test_another_request_closes_the_stream_before_it():
    client, log = listening({"n": 1}, {"n": 2})
    other = Request("GET", MAPS, (("watch", "true"), ("resourceVersion", "7")))
    assert run(client, heard_twice(WATCH, other)).unwrap() == (Success({"n": 1}), Success({"n": 1}))
    assert log == ["open", "closed", "open", "closed"]


def test_the_end_of_a_stream_is_heard_and_a_stream_can_be_opened_again():
    client, log = listening()
    assert run(client, heard_twice(WATCH, WATCH)).unwrap() == (None, None)
    assert log == ["open", "closed", "open", "closed"]


def test_what_comes_too_late_is_not_sent():
    client, log = listening({"n": 1})
    late = Listen(WATCH, lambda heard: done(heard.piece), until=5.0, delay=9.0)
    slept = []
    assert isinstance(Line(client, lambda: 0.0, slept.append).hold(late).unwrap().failure(), TimedOut)
    assert (log, slept) == ([], [5.0])


def test_a_call_between_is_answered_and_its_delay_slept():
    client, _ = listening({"n": 1})
    slept = []
    calls = Call(
        Request("GET", "/version"), lambda r: Listen(WATCH, lambda heard: done((r.status, heard.piece))), 2.0
    )
    assert Line(client, lambda: 0.0, slept.append).hold(calls).unwrap() == (200, Success({"n": 1}))
    assert slept == [2.0]


def test_a_silent_embedded_watch_is_left():
    times = iter(range(10**6))
    client = edge.embedded(clock=lambda: datetime.fromtimestamp(next(times), UTC))
    *_, last = client.stream(Request("GET", MAPS, (("watch", "true"), ("resourceVersion", "5"))), 2.0)
    assert isinstance(last.failure(), TimedOut)


def test_a_plan_of_a_wait_listens():
    world = World([create("b"), create("a")])
    outcome = run(world.client(), planned(wait(created))(named())).unwrap()
    assert (outcome.action, outcome.object) == ("met", {"requests": []})


def test_visits_wait_for_every_object_at_once():
    client = edge.embedded(after(create("a"), create("b")))
    pipeline = pipe(
        b.builder(), b.resource_type_or_name_args("configmaps", "a", "b", "c"), b.default_namespace,
        b.continue_on_error, b.do,
    )  # fmt: skip
    report = pipeline.bind(edge.visit(client, wait(created, 0))).unwrap()._inner_value
    assert str(report) == "2 met, 1 failed"


# What is looked for until it is there


def selection(*words):
    return pipe(
        b.builder(), b.resource_type_or_name_args(*words), b.default_namespace, b.continue_on_error, b.do
    ).unwrap()


def appearing(given, *script):
    """Whether what is asked for appears while a script is played, a step each pause, and the pauses."""
    world = World([])
    steps, slept = list(script), []

    def sleep(seconds):
        slept.append(seconds)
        world.sleep(seconds)
        if steps:
            world.happens(steps.pop(0))

    return wait_until_found(world.client(), given, 2.0, lambda: world.time, sleep), len(slept)


APPEARING = [
    (("configmaps", "a"), [create("b"), create("a")], (True, 2)),
    (("configmaps", "a", "b"), [create("b"), create("a")], (True, 2)),
    (("configmaps", "a"), [], (False, 4)),
    (("nonsense", "a"), [], (True, 0)),
]


@pytest.mark.parametrize(("words", "script", "expected"), APPEARING)
def test_what_is_not_there_yet_is_looked_for_twice_a_second(words, script, expected):
    assert appearing(selection(*words), *script) == expected


def test_a_server_that_is_not_there_is_not_waited_for():
    refused = Client(lambda _: Failure(TransportError("refused")))
    assert wait_until_found(refused, selection("configmaps", "a"), 9.0, lambda: 0.0, lambda _: None)
