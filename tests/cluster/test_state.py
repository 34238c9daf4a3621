"""The persistent map, the state and its log: laws against plain data."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure

from fkube.cluster import State, at, empty, respond, since
from fkube.cluster.sortedmap import CHUNK, SortedMap
from fkube.cluster.state import record_change, state_at_version
from fkube.exchange import Request

KEYS = st.text(alphabet="abc/", min_size=1, max_size=4)
CHANGES = st.lists(st.tuples(KEYS, st.none() | st.integers(0, 9)), max_size=60)


def built(changes: list[tuple[str, int | None]]) -> tuple[SortedMap[str, int], dict[str, int]]:
    """The same changes made to a persistent map and to a dict."""
    ours: SortedMap[str, int] = SortedMap()
    model: dict[str, int] = {}
    for key, value in changes:
        ours = ours.without(key) if value is None else ours.with_(key, value)
        model = {k: v for k, v in model.items() if k != key} | ({} if value is None else {key: value})
    return ours, model


@given(CHANGES, KEYS, KEYS)
@settings(max_examples=50, deadline=None)
def test_a_map_reads_as_a_sorted_dict(changes: list[tuple[str, int | None]], one: str, other: str) -> None:
    ours, model = built(changes)
    low, high = sorted((one, other))
    within = [(key, model[key]) for key in sorted(model) if low <= key < high]
    assert list(ours.items()) == sorted(model.items())
    assert list(ours.items(low, high)) == within
    assert ours.count(low, high) == len(within)
    assert (len(ours), ours.get(one)) == (len(model), model.get(one))


@given(st.permutations(range(40)), st.integers(0, 3 * CHUNK))
@settings(max_examples=10, deadline=None)
def test_a_map_of_many_chunks_reads_as_a_sorted_dict(order: list[int], start: int) -> None:
    numbers = [number + 40 * block for block in range(CHUNK // 12) for number in order]
    ours: SortedMap[int, int] = SortedMap()
    for number in numbers:
        ours = ours.with_(number, -number)
    assert list(ours.items(start)) == [(n, -n) for n in sorted(numbers) if n >= start]
    assert ours.count(start, start + 700) == sum(start <= n < start + 700 for n in numbers)
    assert len(ours.chunks) > 1
    assert all(len(keys) <= CHUNK for keys, _ in ours.chunks)


@given(CHANGES, KEYS)
@settings(max_examples=50, deadline=None)
def test_a_change_leaves_the_map_it_was_made_to(changes: list[tuple[str, int | None]], key: str) -> None:
    before, model = built(changes)
    assert list(before.with_(key, 7).items()) == sorted((model | {key: 7}).items())
    assert list(before.without(key).items()) == sorted((k, v) for k, v in model.items() if k != key)
    assert list(before.items()) == sorted(model.items())


@given(CHANGES, st.integers(0, 60))
@settings(max_examples=50, deadline=None)
def test_rewinding_undoes_the_changes(changes: list[tuple[str, int | None]], version: int) -> None:
    states = [State()]
    for key, value in changes:
        states.append(record_change(states[-1], key, None if value is None else {"value": value}))
    version = min(version, len(changes))
    past = state_at_version(states[-1], version).unwrap()
    assert list(past.objects.items()) == list(states[version].objects.items())
    assert past.version == version
    assert [event.version for event in since(states[-1], version).unwrap()] == list(
        range(version + 1, len(states))
    )


def test_the_log_forgets_its_beginning_and_says_so() -> None:
    state = State(window=CHUNK)
    for number in range(5 * CHUNK):
        state = record_change(state, f"key-{number}", {})
    assert CHUNK <= len(state.log) <= 2 * CHUNK + 1
    assert since(state, state.forgotten).unwrap()[0].version == state.forgotten + 1
    assert since(state, state.forgotten - 1) == Failure(state.forgotten)


def test_a_state_shows_no_object() -> None:
    secret = {"metadata": {"name": "s"}, "stringData": {"password": "hunter2"}}
    state, _ = respond(empty(), Request("POST", "/api/v1/namespaces/default/secrets", body=secret))
    event = since(state, 0).unwrap()[-1]
    assert "hunter2" not in repr(state) + repr(event) + repr(state.objects)


def test_time_is_what_the_caller_says() -> None:
    later = at(empty(), datetime(2030, 5, 6, 7, 8, 9, tzinfo=UTC))
    _, response = respond(later, Request("POST", "/api/v1/namespaces", body={"metadata": {"name": "x"}}))
    assert response.body["metadata"]["creationTimestamp"] == "2030-05-06T07:08:09Z"


@given(st.text(max_size=5))
@settings(max_examples=20, deadline=None)
def test_the_same_seed_and_requests_give_the_same_cluster(seed: str) -> None:
    request = Request(
        "POST", "/api/v1/namespaces/default/configmaps", body={"metadata": {"generateName": "a-"}}
    )
    answers = [respond(empty(seed), request)[1] for _ in range(2)]
    assert answers[0] == answers[1]
