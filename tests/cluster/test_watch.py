"""Watches: the laws that tie them to lists, and each kind of event beside what the real server sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful

from fkube.cluster.respond import empty, respond
from fkube.cluster.state import State, at
from fkube.cluster.watch import Watch, asks_to_watch, next_events, open_watch
from fkube.exchange import JSON, TABLE, Request

MAPS = "/api/v1/namespaces/default/configmaps"
MERGE = "application/merge-patch+json"
METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
START = empty()


def configmap(name: str, labels: Mapping[str, str], **fields: Any) -> Request:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": labels, **fields}}
    return Request("POST", MAPS, body=body)


def label(name: str, labels: Mapping[str, str | None]) -> Request:
    return Request("PATCH", f"{MAPS}/{name}", body={"metadata": {"labels": labels}}, content_type=MERGE)


def delete(name: str) -> Request:
    return Request("DELETE", f"{MAPS}/{name}")


def after(state: State, *requests: Request) -> State:
    """The state that these requests leave, each of which succeeds."""
    for request in requests:
        state, response = respond(state, request)
        assert response.status < 300, response.body
    return state


def watch(state: State, path: str = MAPS, accept: str = JSON, **query: str) -> Watch:
    return open_watch(
        state, Request("GET", path, (("watch", "true"), *query.items()), accept=accept)
    ).unwrap()


def heard(watch: Watch, state: State) -> list[tuple[str, str]]:
    return [
        (event["type"], event["object"]["metadata"].get("name", "")) for event in next_events(watch, state)[1]
    ]


def later(state: State, seconds: float) -> State:
    return at(state, state.now + timedelta(seconds=seconds))


# Laws

changes = st.one_of(
    st.builds(lambda n, v: configmap(n, {"app": v}), st.sampled_from("abc"), st.sampled_from("xy")),
    st.builds(lambda n, v: label(n, {"app": v}), st.sampled_from("abc"), st.sampled_from(["x", "y", None])),
    st.builds(delete, st.sampled_from("abc")),
)
selections = st.sampled_from(
    [{}, {"labelSelector": "app=x"}, {"labelSelector": "app"}, {"fieldSelector": "metadata.name=a"}]
)


def tried(state: State, requests: Sequence[Request]) -> State:
    """The state that these requests leave, whether they succeed or not."""
    for request in requests:
        state, _ = respond(state, request)
    return state


def listed(state: State, query: Mapping[str, str]) -> dict[str, Any]:
    _, response = respond(state, Request("GET", MAPS, tuple(query.items())))
    return {item["metadata"]["name"]: item["metadata"] for item in response.body["items"]}


def replayed(known: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a client that knew a list knows after these events; an event that does not fit is an error."""
    cache = dict(known)
    for event in events:
        metadata = event["object"]["metadata"]
        assert (event["type"] == "ADDED") is (metadata["name"] not in cache)
        cache.pop(metadata["name"], None)
        if event["type"] != "DELETED":
            cache[metadata["name"]] = metadata
    return cache


@given(st.lists(changes, max_size=8), st.lists(changes, max_size=8), selections)
@settings(max_examples=60)
def test_a_list_and_the_events_since_are_the_list_now(
    before: list[Request], since: list[Request], query: dict[str, str]
) -> None:
    then = tried(START, before)
    now = tried(then, since)
    _, events = next_events(watch(now, resourceVersion=str(then.version), **query), now)
    assert replayed(listed(then, query), events) == listed(now, query)


@given(st.lists(changes, max_size=8), st.lists(changes, max_size=8), selections, st.booleans())
@settings(max_examples=60)
def test_told_twice_is_told_once(
    before: list[Request], since: list[Request], query: dict[str, str], table: bool
) -> None:
    then, now = (middle := tried(START, before)), tried(middle, since)
    begun = watch(START, accept=TABLE if table else JSON, resourceVersion=str(START.version), **query)
    once, all_events = next_events(begun, now)
    halfway, first = next_events(begun, then)
    twice, second = next_events(halfway, now)
    assert (*first, *second) == all_events
    assert twice.version == once.version


@given(st.lists(changes, max_size=8), selections)
@settings(max_examples=40)
def test_without_a_version_what_is_there_comes_first(before: list[Request], query: dict[str, str]) -> None:
    now = tried(START, before)
    _, events = next_events(watch(now, **query), now)
    assert replayed({}, events) == listed(now, query)


def test_the_replay_catches_a_watch_that_forgets_who_leaves() -> None:
    then = after(START, configmap("a", {"app": "x"}))
    now = after(then, label("a", {"app": "y"}))
    query = {"labelSelector": "app=x"}
    _, events = next_events(watch(now, resourceVersion=str(then.version), **query), now)
    assert replayed(listed(then, query), events) == listed(now, query)
    assert replayed(listed(then, query), events[1:]) != listed(now, query)


# Events


def test_each_change_is_an_event_with_its_version() -> None:
    state = after(START, configmap("a", {}), label("a", {"x": "1"}), delete("a"))
    _, events = next_events(watch(state, resourceVersion=str(START.version)), state)
    assert [event["type"] for event in events] == ["ADDED", "MODIFIED", "DELETED"]
    versions = [event["object"]["metadata"]["resourceVersion"] for event in events]
    assert versions == [str(START.version + n) for n in (1, 2, 3)]
    assert events[2]["object"]["metadata"]["labels"] == {"x": "1"}


def test_entering_a_selection_is_added_and_leaving_it_deleted() -> None:
    state = after(START, configmap("a", {"app": "y"}))
    begun = watch(state, resourceVersion=str(state.version), labelSelector="app=x")
    state = after(state, label("a", {"app": "x"}), label("a", {"n": "1"}), label("a", {"app": "y"}))
    _, events = next_events(begun, state)
    assert [event["type"] for event in events] == ["ADDED", "MODIFIED", "DELETED"]
    left = events[2]["object"]["metadata"]
    assert (left["labels"], left["resourceVersion"]) == ({"app": "x", "n": "1"}, str(state.version))


def test_other_namespaces_and_kinds_are_not_told_of() -> None:
    elsewhere = Request("POST", MAPS.replace("default", "kube-system"), body=configmap("a", {}).body)
    secret = Request(
        "POST",
        MAPS.replace("configmaps", "secrets"),
        body={"metadata": {"name": "a"}, "kind": "Secret", "apiVersion": "v1"},
    )
    state = after(START, elsewhere, secret)
    assert heard(watch(START, resourceVersion=str(START.version)), state) == []
    everywhere = watch(START, "/api/v1/configmaps", resourceVersion=str(START.version))
    assert heard(everywhere, state) == [("ADDED", "a")]


def test_a_namespace_that_does_not_exist_has_nothing_to_tell() -> None:
    assert heard(watch(START, MAPS.replace("default", "nope")), START) == []


def test_a_finalizer_that_holds_an_object_is_a_modification() -> None:
    state = after(START, configmap("a", {}, finalizers=["example.org/hold"]))
    held = after(state, delete("a"))
    freed = after(
        held, Request("PATCH", f"{MAPS}/a", body={"metadata": {"finalizers": None}}, content_type=MERGE)
    )
    begun = watch(state, resourceVersion=str(state.version))
    assert [type for type, _ in heard(begun, held)] == ["MODIFIED"]
    assert [type for type, _ in heard(begun, freed)][-1] == "DELETED"


def test_a_version_that_is_yet_to_come_is_waited_for() -> None:
    begun = watch(START, resourceVersion=str(START.version + 1))
    early, events = next_events(begun, START)
    assert events == ()
    assert heard(early, after(START, configmap("a", {}), configmap("b", {}))) == [("ADDED", "b")]


# Tables and metadata


def test_only_the_first_table_of_a_watch_names_its_columns() -> None:
    begun = watch(START, accept=TABLE, resourceVersion=str(START.version))
    one = after(START, configmap("a", {}), configmap("b", {}))
    halfway, events = next_events(begun, one)
    _, more = next_events(halfway, after(one, configmap("c", {})))
    tables = [event["object"] for event in (*events, *more)]
    assert [table["kind"] for table in tables] == ["Table"] * 3
    assert [bool(table["columnDefinitions"]) for table in tables] == [True, False, False]
    assert [table["rows"][0]["cells"][0] for table in tables] == ["a", "b", "c"]


def test_metadata_alone_can_be_watched() -> None:
    begun = watch(START, accept=METADATA, resourceVersion=str(START.version))
    _, events = next_events(begun, after(START, configmap("a", {})))
    assert events[0]["object"]["kind"] == "PartialObjectMetadata"
    assert "data" not in events[0]["object"]


# Bookmarks and ends


def test_a_bookmark_is_due_each_minute_and_before_the_end() -> None:
    begun = watch(START, resourceVersion=str(START.version), allowWatchBookmarks="true", timeoutSeconds="100")
    moments, found = [], begun
    for second in range(1, 101):
        found, events = next_events(found, later(START, second))
        moments += [(second, event["type"]) for event in events]
    assert moments == [(60, "BOOKMARK"), (98, "BOOKMARK")]
    assert found.over


def test_a_bookmark_names_the_version_and_nothing_else() -> None:
    begun = watch(START, resourceVersion=str(START.version), allowWatchBookmarks="1")
    elsewhere = after(
        START, Request("POST", MAPS.replace("default", "kube-public"), body=configmap("a", {}).body)
    )
    _, events = next_events(begun, later(elsewhere, 60))
    bookmark = {
        "kind": "ConfigMap",
        "apiVersion": "v1",
        "metadata": {"resourceVersion": str(elsewhere.version)},
    }
    assert events == ({"type": "BOOKMARK", "object": bookmark},)


def test_without_being_asked_for_there_are_no_bookmarks() -> None:
    begun = watch(START, resourceVersion=str(START.version), timeoutSeconds="1000")
    assert next_events(begun, later(START, 61)) == (next_events(begun, later(START, 61))[0], ())


def test_the_end_of_the_initial_events_is_a_bookmark_for_who_wants_them() -> None:
    state = after(START, configmap("a", {}))
    query = {
        "sendInitialEvents": "true",
        "resourceVersionMatch": "NotOlderThan",
        "allowWatchBookmarks": "true",
    }
    found, events = next_events(watch(state, fieldSelector="metadata.name=a", **query), state)
    assert [event["type"] for event in events] == ["ADDED", "BOOKMARK"]
    metadata = events[1]["object"]["metadata"]
    assert metadata["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert metadata["resourceVersion"] == str(state.version)
    assert next_events(found, state)[1] == ()


def test_initial_events_can_be_declined() -> None:
    state = after(START, configmap("a", {}))
    declined = watch(
        state, sendInitialEvents="false", resourceVersionMatch="NotOlderThan", resourceVersion="0"
    )
    assert heard(declined, after(state, configmap("b", {}))) == [("ADDED", "b")]


def test_initial_events_from_the_future_end_in_a_timeout() -> None:
    future = str(START.version + 1)
    begun = watch(
        START, sendInitialEvents="true", resourceVersionMatch="NotOlderThan", resourceVersion=future
    )
    found, (event,) = next_events(begun, START)
    assert found.over
    assert (event["type"], event["object"]["code"]) == ("ERROR", 504)
    assert (
        event["object"]["message"]
        == f"Timeout: Too large resource version: {future}, current: {START.version}"
    )


def test_a_version_that_the_log_has_forgotten_is_expired() -> None:
    state = State(START.objects, START.log, START.version, window=300)
    for number in range(1200):
        state = after(state, configmap(f"m{number}", {}))
    assert state.forgotten > START.version
    found, (event,) = next_events(watch(state, resourceVersion=str(START.version or 1)), state)
    assert found.over
    assert event == {
        "type": "ERROR",
        "object": {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": f"too old resource version: {START.version or 1} ({state.forgotten})",
            "reason": "Expired",
            "code": 410,
        },
    }


def test_the_last_changes_are_told_before_the_end() -> None:
    begun = watch(START, resourceVersion=str(START.version), timeoutSeconds="5")
    found, events = next_events(begun, later(after(START, configmap("a", {})), 5))
    assert found.over
    assert len(events) == 1


# Requests


@pytest.mark.parametrize(
    ("value", "is_watch"),
    [("true", True), ("1", True), ("", True), ("no", True), ("false", False), ("FALSE", False), ("0", False)],
)
def test_what_asks_to_watch(value: str, is_watch: bool) -> None:
    assert asks_to_watch(START, Request("GET", MAPS, (("watch", value),))) is is_watch
    assert not asks_to_watch(START, Request("DELETE", MAPS, (("watch", value),)))
    assert not asks_to_watch(START, Request("GET", f"{MAPS}/one", (("watch", value),)))
    assert not asks_to_watch(START, Request("GET", MAPS))


REFUSED = [
    ({"timeoutSeconds": "abc"}, 400, 'strconv.ParseInt: parsing "abc": invalid syntax'),
    (
        {"resourceVersion": "abc"},
        500,
        'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ),
    (
        {"resourceVersion": "-1"},
        500,
        'resourceVersion: Invalid value: "-1": strconv.ParseUint: parsing "-1": invalid syntax',
    ),
    (
        {"labelSelector": "a b c"},
        400,
        "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
    ),
    (
        {"fieldSelector": "data.x=1"},
        400,
        '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ),
    (
        {"sendInitialEvents": "true"},
        422,
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: '
        "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    ),
    (
        {"resourceVersionMatch": "Exact", "continue": "x"},
        422,
        'ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: '
        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided, "
        'resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan", '
        "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided]",
    ),
]


@pytest.mark.parametrize(("query", "code", "message"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_what_the_real_server_refuses_is_refused_in_its_words(
    query: dict[str, str], code: int, message: str
) -> None:
    refused = open_watch(START, Request("GET", MAPS, (("watch", "true"), *query.items())))
    assert not is_successful(refused)
    assert (refused.failure().status, refused.failure().body["message"]) == (code, message)


@pytest.mark.parametrize(
    ("path", "code"), [("/api/v1/foos", 404), ("/apis/authentication.k8s.io/v1/tokenreviews", 405)]
)
def test_what_can_not_be_watched(path: str, code: int) -> None:
    assert open_watch(START, Request("GET", path, (("watch", "true"),))).failure().status == code


def test_ages_are_those_at_the_time_of_the_event():
    begun = watch(START, accept=TABLE)
    created = after(later(START, 60), configmap("a", {}))
    ages = {
        seconds: next_events(begun, later(created, seconds))[1][-1]["object"]["rows"][0]["cells"][-1]
        for seconds in (0, 30, 7200)
    }
    assert ages == {0: "0s", 30: "30s", 7200: "120m"}
