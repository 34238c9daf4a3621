"""The report names each object once and agrees with the server, whatever befalls requests: `make faults`."""

from __future__ import annotations

import gzip
import json
import threading
import tracemalloc
from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
import urllib3
from hypothesis import HealthCheck, Phase, given, settings
from returns.result import Failure

from fkube.edge import visiting
from fkube.edge.client import Client
from fkube.exchange import Request
from fkube.exchange.conversation import Call, done
from fkube.report.outcomes import Outcome
from fkube.resource.errors import doubtful
from fkube.verbs.paths import collection
from tests.faults import behaviour, faults, wire
from tests.faults.driving import COMMANDS, REPORTED, Planted, Run, drive, embedded_upstream
from tests.faults.faults import OK, Fault
from tests.faults.invariant import violations
from tests.faults.proxy import Proxy, Script
from tests.faults.schedules import BATCH, VERBS, Item, Schedule, schedules
from tests.faults.upstream import Answer, Upstream
from tests.faults.whole import kind_of, reduced


@pytest.fixture(scope="module")
def upstream():
    with embedded_upstream() as served:
        yield served


SHARE = settings(
    max_examples=100,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""The share of every test run; hypothesis does not shrink, as `reduced` knows better what may be left out."""


@SHARE
@given(schedule=schedules())
def test_a_report_agrees_with_the_server_whatever_befalls_requests(upstream, schedule):
    found = violations(schedule, drive(schedule, upstream))
    if found:
        least, sentence = reduced(schedule, kind_of(found[0]), upstream)
        raise AssertionError(f"{sentence}\n{least}")


CALM = Schedule("create", (Item(), Item("Secret"), Item(named=False), Item("Deployment")), concurrency=2)


def test_a_calm_run_keeps_the_invariant(upstream):
    for verb in VERBS:
        calm = replace(CALM, verb=verb, items=tuple(replace(item, named=True) for item in CALM.items))
        assert violations(calm, drive(calm, upstream)) == []
    run = drive(CALM, upstream)
    assert [outcome.action for outcome in run.outcomes] == ["created"] * 4
    assert violations(CALM, run) == []


@pytest.mark.parametrize("verb", COMMANDS)
def test_a_calm_command_keeps_the_invariant(upstream, verb):
    items = (Item(), Item("Secret", "same"), Item("Deployment", "other"), Item(before="applied"))
    calm = Schedule(verb, items, command=True)
    run = drive(calm, upstream)
    assert violations(calm, run) == []
    if verb in REPORTED:
        assert len(run.rows) == 4
        for planted in (
            run.rows[1:],
            (*run.rows, run.rows[0]),
            ({**run.rows[0], "action": "failed"}, *run.rows[1:]),
        ):
            assert violations(calm, replace(run, rows=tuple(planted)))
        assert violations(calm, replace(run, code=1 - run.code))


# The instrument is seen to fail: what each of these plants is a mistake that fkube might make.

DROPPED = {
    "the first": lambda run: replace(run, outcomes=run.outcomes[1:]),
    "the last": lambda run: replace(run, outcomes=run.outcomes[:-1]),
    "doubled": lambda run: replace(run, outcomes=(*run.outcomes, run.outcomes[0])),
    "out of place": lambda run: replace(run, outcomes=(run.outcomes[1], run.outcomes[0], *run.outcomes[2:])),
    "a row is missing": lambda run: replace(run, rows=run.rows[1:]),
    "a row is doubled": lambda run: replace(run, rows=(*run.rows, run.rows[0])),
    "a row says otherwise": lambda run: replace(
        run, rows=({**run.rows[0], "action": "failed"}, *run.rows[1:])
    ),
}


@pytest.mark.parametrize("planted", DROPPED.values(), ids=DROPPED)
def test_a_report_without_a_row_or_with_one_twice_is_found_out(upstream, planted):
    run = drive(CALM, upstream)
    assert violations(CALM, planted(run))


def says(run: Run, number: int, action: str) -> Run:
    """The run, whose report and rows say something else of one object."""
    outcomes, rows = list(run.outcomes), list(run.rows)
    outcomes[number] = replace(outcomes[number], action=action)
    rows = [{**found, "action": action} if found["document"] == number + 1 else found for found in rows]
    return replace(run, outcomes=tuple(outcomes), rows=tuple(rows))


LIES = {
    ("create", "none"): ("failed", "skipped", "unknown", "configured-anew"),
    ("create", "same"): ("created", "unknown"),
    ("apply", "other"): ("failed", "unchanged", "created", "unknown"),
    ("server-side", "none"): ("failed", "skipped"),
    ("delete", "same"): ("failed", "unknown"),
    ("delete", "none"): ("deleted",),
    ("get", "none"): ("got", "unknown"),
    ("wait-deleted", "same"): ("met",),
    ("wait-data", "none"): ("met", "unknown"),
}


@pytest.mark.parametrize(("verb", "before", "lie"), [(*of, lie) for of, lies in LIES.items() for lie in lies])
def test_a_report_that_lies_is_found_out(upstream, verb, before, lie):
    schedule = Schedule(verb, (Item(before=before),))
    run = drive(schedule, upstream)
    assert violations(schedule, run) == []
    assert violations(schedule, says(run, 0, lie))


SETTLED = [
    ("create", "none", "reset-after", "created"),
    ("create", "same", "reset-after", "failed"),
    ("apply", "other", "late", "configured"),
    ("server-side", "same", "late", "serverside-applied"),
    ("delete", "same", "late", "deleted"),
]


@pytest.mark.parametrize(("verb", "before", "kind", "word"), SETTLED)
def test_a_doubt_that_a_look_would_settle_is_found_out(upstream, verb, before, kind, word):
    row = (OK, Fault(kind)) if verb == "apply" else (Fault(kind),)
    schedule = Schedule(verb, (Item(before=before),), (row,))
    run = drive(schedule, upstream)
    assert ([outcome.action for outcome in run.outcomes], violations(schedule, run)) == ([word], [])
    # A dry run is no write: the one that was lost is the only one.
    assert sum(seen.method != "GET" for seen in run.seen) == 1
    (found,) = violations(schedule, says(run, 0, "unknown"))
    assert "unknown though a look would tell" in found


@pytest.mark.parametrize("verb", ["create", "apply", "server-side", "get"])
@pytest.mark.parametrize("object", [{}, {"kind": "ConfigMap", "metadata": {"name": "another"}}])
def test_an_outcome_with_another_object_is_found_out(upstream, verb, object):
    schedule = Schedule(verb, (Item(before="same" if verb == "get" else "none"),))
    run = drive(schedule, upstream)
    planted = replace(run, outcomes=(replace(run.outcomes[0], object=object),))
    (found,) = violations(schedule, planted)
    assert "with another object" in found


def repeating(client: Client) -> Client:
    """A client that sends again what was lost, a POST too."""

    def send(request):
        answer = client.send(request)
        lost = isinstance(answer, Failure) and doubtful(answer.failure())
        return client.send(request) if lost else answer

    return replace(client, send=send)


@pytest.mark.parametrize("named", [True, False])
def test_a_client_that_sends_a_lost_post_twice_is_found_out(upstream, named):
    schedule = Schedule("create", (Item(named=named),), ((Fault("reset-after"),),))
    kinds = {kind_of(one) for one in violations(schedule, drive(schedule, upstream, Planted(repeating)))}
    assert "a POST was sent again" in kinds
    assert ("a POST was carried out more than once" in kinds) is not named
    assert "a POST was sent again" not in {
        kind_of(one) for one in violations(schedule, drive(schedule, upstream))
    }


def credulous(info):
    """A verb that takes any answer for success."""
    place = collection(info.mapping, info.namespace)
    end = Outcome("created", info.origin, info, info.object)
    return Call(Request("POST", place, body=info.object), lambda _: done(end), lost=lambda _: done(end))


@pytest.mark.parametrize("body", ["[]", '{"metadata":null}', ""])
def test_a_verb_that_takes_nonsense_for_success_is_found_out(upstream, body):
    schedule = Schedule("create", faults=((Fault("nonsense", choice=body),),))
    found = violations(schedule, drive(schedule, upstream, Planted(verb=credulous)))
    assert [kind_of(one) for one in found] == ["created and not there (create)"]


def raising(path: str, client: Client) -> Client:
    """A client that raises an exception at a path."""

    def send(request):
        if path in request.path:
            raise LookupError(path)
        return client.send(request)

    return replace(client, send=send)


@pytest.mark.parametrize(
    ("path", "kind"), [("/api", "an exception left"), ("/configmaps", "the last net caught")]
)
def test_an_exception_that_leaves_is_found_out(upstream, path, kind):
    run = drive(Schedule("create"), upstream, Planted(partial(raising, path)))
    assert any(
        found.startswith(kind) and "LookupError" in found for found in violations(Schedule("create"), run)
    )


def test_a_run_that_does_not_end_is_found_out(upstream):
    freed = threading.Event()

    def stuck(info):
        freed.wait()
        return credulous(info)

    run = drive(Schedule("create"), upstream, Planted(verb=stuck, hang=1.0))
    freed.set()
    assert [kind_of(one) for one in violations(Schedule("create"), run)] == ["the run did not end"]


def test_a_pause_of_a_day_is_found_out(upstream):
    schedule = Schedule("get", (Item(before="same"),))
    run = replace(drive(schedule, upstream), pauses=(86400.0,))
    assert [kind_of(one) for one in violations(schedule, run)] == ["a pause is too long"]


DEATHS = {
    "refuses": Fault("refuse"),
    "accepts and closes": Fault("close"),
    "resets": Fault("reset-before"),
    "is busy": Fault("status", status=503, retry="1"),
    "is away": Fault("status", status=503, choice="text"),
}


@pytest.mark.parametrize("command", [False, True], ids=["visit", "command"])
@pytest.mark.parametrize("verb", ["create", "apply", "server-side", "delete", "get"])
@pytest.mark.parametrize("rest", DEATHS.values(), ids=DEATHS)
def test_a_dead_server_costs_a_few_objects_and_half_a_minute(upstream, verb, rest, command):
    offers = (OK,) * 40
    dead = Schedule(verb, (Item(),) * BATCH, (), offers, offers, rest=rest, concurrency=8, command=command)
    run = drive(dead, upstream)
    assert violations(dead, run) == []
    # Pauses are of eight threads at once.
    assert sum(run.pauses) / 8 <= 30
    if not command:
        assert Counter(outcome.action for outcome in run.outcomes)["skipped"] >= BATCH - 16


def test_a_dead_server_that_is_asked_on_and_on_is_found_out(upstream, monkeypatch):
    monkeypatch.setattr(visiting, "stop_when_dead", lambda client: client)
    offers = (OK,) * 40
    dying = Schedule("create", (Item(),) * BATCH, (), offers, offers, rest=Fault("refuse"))
    assert {kind_of(one) for one in violations(dying, drive(dying, upstream))} == {
        "a dead server was asked on and on (refuse)"
    }


@pytest.mark.parametrize("verb", ["create", "apply", "server-side", "delete", "get", "wait-deleted", "watch"])
@pytest.mark.parametrize("time", [0.5, 4.0])
def test_a_run_whose_time_is_over_keeps_the_invariant(upstream, verb, time):
    busy = Fault("status", status=429, retry="3")
    schedule = Schedule(verb, (Item(),) * 6, ((OK, busy), (OK, OK, busy)) * 3, time=time)
    run = drive(schedule, upstream)
    assert violations(schedule, run) == []


def test_a_run_that_does_nothing_is_found_out(upstream):
    lazy = Planted(verb=lambda info: done(Outcome("failed", info.origin, info)))
    found = violations(Schedule("create"), drive(Schedule("create"), upstream, lazy))
    assert [kind_of(one) for one in found] == ["a calm run did not do its work"]


# The proxy itself.


class Talk:
    """A proxy before the embedded cluster with one row of faults, and a client without any sense."""

    def __init__(self, upstream: Upstream, *row: Fault) -> None:
        self.proxy = Proxy(upstream, Script({"o0": row}))
        self.pool = urllib3.PoolManager(retries=False, timeout=0.5)

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.clear()
        self.proxy.settle()
        self.proxy.close()
        assert self.proxy.problems == []

    def ask(self, method: str = "POST", place: str = "", body: bytes | None = None, **options):
        new = {"metadata": {"name": "o0", "labels": {"n": "o0"}}} if method == "POST" else None
        data = body or (json.dumps(new).encode() if new else None)
        url = f"{self.proxy.url}/api/v1/namespaces/default/configmaps{place}"
        return self.pool.request(method, url, body=data, redirect=False, headers=JSON, **options)

    @property
    def carried(self) -> list[int]:
        self.proxy.settle()
        return [seen.carried for seen in self.proxy.seen]


JSON = {"Content-Type": "application/json"}


@pytest.fixture
def clean(upstream):
    yield upstream
    upstream.send("DELETE", "/api/v1/namespaces/default/configmaps/o0")


ANSWERED = {
    OK: (201, 201),
    Fault("drip"): (201, 201),
    Fault("status", status=503): (503, 0),
    Fault("status", acted=True, status=504, choice="none"): (504, 201),
    Fault("redirect", status=307, choice="http://[::1"): (307, 0),
    Fault("nonsense", choice="[]"): (201, 0),
    Fault("nonsense", acted=True, choice="[]"): (201, 201),
    Fault("wrong-kind"): (201, 201),
    Fault("other-object"): (201, 201),
    Fault("deform", place=(2, 0), value="null"): (201, 201),
}
CUT = {
    Fault("close"): 0,
    Fault("close", acted=True): 201,
    Fault("reset-before"): 0,
    Fault("reset-during"): 201,
    Fault("reset-after"): 201,
    Fault("late"): 201,
    Fault("truncate"): 201,
    Fault("silence"): 0,
    Fault("silence", acted=True): 201,
    Fault("length-long"): 201,
    Fault("gzip-nonsense", choice="plain"): 201,
    **{Fault("chunks", choice=form): 201 for form in faults.CHUNKS},
}


@pytest.mark.parametrize(("fault", "said"), ANSWERED.items(), ids=repr)
def test_a_fault_that_answers_says_one_thing_and_does_another(clean, fault, said):
    with Talk(clean, fault) as talk:
        assert talk.ask().status == said[0]
        assert talk.carried == [said[1]]


@pytest.mark.parametrize(("fault", "carried"), CUT.items(), ids=repr)
def test_a_fault_that_cuts_leaves_no_whole_answer(clean, fault, carried):
    with Talk(clean, fault) as talk:
        # Sizes of chunks that are none go through urllib3 as what Python says of them.
        with pytest.raises((urllib3.exceptions.HTTPError, ValueError, OverflowError)):
            talk.ask()
        assert talk.carried == [carried]


def test_every_kind_of_fault_is_played():
    assert {*behaviour.BEHAVIOUR, "refuse"} == {*faults.KINDS}
    played = {fault.kind for fault in (*ANSWERED, *CUT)}
    assert {*faults.KINDS} - played == {"refuse", "gzip-bomb", "length-short"}


def test_a_length_that_is_too_short_leaves_a_torn_body(clean):
    with Talk(clean, Fault("length-short")) as talk, pytest.raises(ValueError):
        talk.ask().json()


@pytest.mark.parametrize("after", range(faults.LATEST + 1))
def test_a_late_write_lands_once_so_many_requests_have_passed(clean, after):
    with Talk(clean, Fault("late", after=after)) as talk:
        with pytest.raises(urllib3.exceptions.ProtocolError):
            talk.ask()
        looked = [talk.ask("GET", "/o0").status for _ in range(after + 1)]
        assert looked == [404] * after + [200]


def test_a_late_write_lands_at_the_end_where_nobody_looks(clean):
    with Talk(clean, Fault("late", after=2)) as talk:
        with pytest.raises(urllib3.exceptions.ProtocolError):
            talk.ask()
        assert talk.carried == [201]


def test_requests_go_on_after_a_fault_on_connections_that_are_kept(clean):
    with Talk(clean, OK, Fault("status", status=500), OK) as talk:
        assert [talk.ask().status, talk.ask("GET", "/o0").status, talk.ask("GET", "/o0").status] == [
            201,
            500,
            200,
        ]
        assert talk.pool.connection_from_url(talk.proxy.url).num_connections == 1


def test_an_answer_is_deformed_at_its_place():
    assert faults.deform(b'{"a": [1, 2], "b": 3}', (0, 1), "huge") == b'{"a": [1, 1%b], "b": 3}' % (
        b"0" * 400
    )
    assert len(faults.deform(b"{}", (), "vast")) == 5000
    assert faults.deform(b"[1, 2]", (5,), "missing") == b"[1]"
    assert faults.deform(b"no JSON", (1, 2), "null") == b"null"
    for value in faults.VALUES:
        assert faults.deform(b'{"a": {"b": [1]}}', (0, 0), value) != b'{"a": {"b": [1]}}'


@pytest.mark.parametrize("kind", ["ok", "drip", "deform", "other-object", "truncate", "reset-after"])
def test_a_watch_is_passed_on_but_for_its_first_event(clean, kind):
    with Talk(clean, OK, Fault(kind, place=(0,), value="text")) as talk:
        talk.ask()
        watch = "?watch=true&fieldSelector=metadata.name=o0&timeoutSeconds=1&resourceVersion=0"
        lines = b""
        try:
            answer = talk.ask("GET", watch, preload_content=False)
            for piece in answer.stream():
                lines += piece
        except urllib3.exceptions.HTTPError:
            pass
        whole = [json.loads(line) for line in lines.split(b"\n") if line.endswith(b"}")]
        names = [event["object"]["metadata"]["name"] for event in whole if "object" in event]
        assert names == {"truncate": [], "other-object": ["another"]}.get(kind, ["o0"])
        assert (Counter(event["type"] for event in whole)["nonsense"] == 1) == (kind == "deform")


def test_each_kind_of_connection_to_the_dead_is_refused_without_doubt(upstream):
    schedule = Schedule("create", (Item(),), ((Fault("refuse"),),))
    run = drive(schedule, upstream)
    assert [outcome.action for outcome in run.outcomes] == ["failed"]
    assert "was refused" in run.outcomes[0].error.message
    assert violations(schedule, run) == []


# What is not seen by a report.


def test_a_gzip_bomb_is_not_opened(upstream):
    schedule = Schedule("get", (Item(before="same"),), ((Fault("gzip-bomb"),),))
    tracemalloc.start()
    try:
        run = drive(schedule, upstream)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert violations(schedule, run) == []
    assert peak < behaviour.BOMB


def test_a_gzip_bomb_opens_to_the_answer_and_much_more():
    packed = gzip.compress(b'{"a": 1}') + behaviour.PADDING
    assert len(packed) < 1 << 17
    assert len(gzip.decompress(packed)) == behaviour.BOMB + 8
    assert wire.render(Answer(200, (), b"ok"), 1) == b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok"
