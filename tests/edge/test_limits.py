"""When a run stops by itself: its server gives no answers any more, or its time is over."""

from __future__ import annotations

import math
import threading
from collections import Counter
from dataclasses import dataclass, field, replace

import pytest
from returns.result import Failure, Success
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.edge.client import Client, transform_requests
from fkube.edge.limits import ENOUGH, PROBE, UNANSWERED, limit_time, stop_when_dead
from fkube.edge.line import Line
from fkube.edge.remembering import Schemas
from fkube.exchange import Call, Done, Request, Response
from fkube.exchange.conversation import Listen
from fkube.exchange.offers import OPENAPI
from fkube.report.ledger import row
from fkube.resource.errors import TimedOut, TransportError
from fkube.verbs import settling
from fkube.verbs.conditions import deleted
from tests.edge.stub import POST, answer, bad, serving, world

stub = pytest.fixture(serving)
place = pytest.fixture(world)
GET = Request("GET", "/api/v1/namespaces/shop")
LOST = Failure(TransportError("connection reset", sent=True))
FINE = Success(Response(200, {}))


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    """What is settled is looked at once: nothing here is about the pauses between looks."""
    monkeypatch.setattr(settling, "PAUSES", (0.0,))


def refused(status):
    return Success(Response(status, {"kind": "Status", "message": "not now", "code": status}))


@dataclass
class Server:
    """A server that answers by a function of how many requests it had, and notes what it was asked."""

    answers: object
    asked: list = field(default_factory=list)

    def __call__(self, request):
        self.asked.append(request)
        return self.answers(len(self.asked), request)


def halted_after(answers, most=100):
    """How many requests end before nothing more should begin; None if that never comes."""
    client = stop_when_dead(Client(Server(answers), server="https://user:pw@h:6443"))
    for sent in range(most):
        if client.halt():
            return sent
        client.send(GET)
    return None


DEAD = {"lost": LOST, **{str(status): refused(status) for status in UNANSWERED}}


@pytest.mark.parametrize("end", DEAD.values(), ids=DEAD)
def test_a_server_without_answers_is_dead_after_some_ends_and_a_probe(end):
    server = Server(lambda *_: end)
    client = stop_when_dead(Client(server, server="https://user:pw@h:6443"))
    for _ in range(ENOUGH):
        assert client.halt() is None
        client.send(GET)
    cause = client.halt()
    assert [request.path for request in server.asked] == [GET.path] * ENOUGH + ["/version"]
    assert (server.asked[-1].timeout, server.asked[-1].again) == (10.0, False)
    assert isinstance(cause, TransportError)
    assert not cause.sent
    assert "the server h:6443 gives no answers any more: 5 requests in a row had none" in cause.message
    assert "pw" not in cause.message
    # What is under way is sent all the same, and no other probe follows.
    assert client.send(GET) == end
    assert client.halt() is cause
    assert len(server.asked) == ENOUGH + 2


ALIVE = {
    "always": lambda *_: FINE,
    "refuses": lambda *_: refused(403),
    "breaks": lambda *_: refused(500),
    "now and then": lambda n, _: FINE if n % ENOUGH == 0 else LOST,
    "only the probe": lambda _, request: FINE if request.path == "/version" else LOST,
    "the probe is refused": lambda _, request: refused(403) if request.path == "/version" else LOST,
}


@pytest.mark.parametrize("answers", ALIVE.values(), ids=ALIVE)
def test_a_server_with_answers_is_alive(answers):
    assert halted_after(answers) is None


def manifests(count):
    return [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{n:03}"}} for n in range(count)]


def visited(client, count, *steps, **settings):
    """The outcomes of creating so many objects, and the rows that were told of them."""
    rows = []
    given = pipe(b.builder(), b.objects(*manifests(count)), b.default_namespace, *steps, b.do)
    visit = edge.visit(client, verbs.create(), ended=lambda one: rows.append(row(one)), **settings)
    return visit(given).unwrap()._inner_value, rows


def dying(after, end=LOST):
    """A client of a cluster that is gone after so many writes, and what was asked after that."""
    inner, lock, writes, asked = edge.embedded(), threading.Lock(), [], []

    def send(request):
        with lock:
            writes.extend([request] * (request.method != "GET"))
            gone = len(writes) > after
            asked.extend([request] * gone)
        return end if gone else inner.send(request)

    return replace(inner, send=send), asked


@pytest.mark.parametrize("end", DEAD.values(), ids=DEAD)
@pytest.mark.parametrize(("concurrency", "chunk"), [(1, 7), (8, 256), (8, 30)])
def test_the_rest_of_a_batch_is_skipped_once_its_server_is_dead(end, concurrency, chunk):
    client, asked = dying(20, end)
    report, rows = visited(client, 300, b.continue_on_error, concurrency=concurrency, chunk=chunk)
    assert [o.info.name for o in report.outcomes] == [f"c{n:03}" for n in range(300)]
    actions = Counter(o.action for o in report.outcomes)
    assert actions["created"] == 20
    assert actions["skipped"] >= 300 - 20 - 2 * ENOUGH - 2 * concurrency
    assert len(asked) <= 4 * (ENOUGH + 2 * concurrency)
    causes = {o.error for o in report.outcomes if o.action == "skipped"}
    assert ["the server gives no answers any more" in cause.message for cause in causes] == [True]
    assert Counter(one["action"] for one in rows) == actions
    assert not report.ok


def test_a_rehearsal_on_a_dead_server_skips_the_rest_and_nothing_is_written():
    client, asked = dying(20)
    report, _ = visited(client, 300, b.continue_on_error, rehearsal=verbs.create(dry_run="server"))
    assert {o.action for o in report.outcomes} == {"skipped", "failed"}
    assert len(report.outcomes) == 300
    assert all(("dryRun", "All") in request.query for request in asked if request.method == "POST")


def test_the_probe_is_changed_as_other_requests_are():
    server = Server(lambda _, request: FINE if request.path == "/proxy/version" else LOST)
    moved = transform_requests(
        Client(server), [lambda request: replace(request, path=f"/proxy{request.path}")]
    )
    client = stop_when_dead(moved)
    for _ in range(2 * ENOUGH):
        client.send(GET)
    assert client.halt() is None


class Noted(dict):
    """How readings ended; each look at it is counted."""

    def __init__(self):
        super().__init__()
        self.looks = threading.Semaphore(0)

    def get(self, key, default=None):
        self.looks.release()
        return super().get(key, default)


def test_whoever_waits_for_a_schema_that_could_not_be_read_has_the_same_end():
    noted, ends = Noted(), []

    def send(n, _):
        # The first answers once all four have come.
        for _ in range(5 if n == 1 else 0):
            noted.looks.acquire()
        return Failure(TransportError(f"lost {n}"))

    schemas, schema = Schemas(Server(send), ends=noted), Request("GET", OPENAPI)
    readers = [
        threading.Thread(target=lambda: ends.append(schemas.send_or_remember(schema))) for _ in range(4)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(10)
    assert ends == [Failure(TransportError("lost 1"))] * 4
    assert schemas.send_or_remember(schema) == Failure(TransportError("lost 2"))


@dataclass
class Time:
    """A time that nobody waits for."""

    now: float = 0.0
    slept: list = field(default_factory=list)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def limited(send, seconds=10.0, **fields):
    time = Time()
    return limit_time(Client(send, **fields), seconds, lambda: time.now), time


def test_requests_have_what_is_left_of_the_time_and_none_is_sent_after_it():
    server = Server(lambda *_: FINE)
    client, time = limited(server)
    client.send(GET)
    time.now = 7.0
    client.send(GET)
    client.send(replace(GET, timeout=1.0))
    assert client.halt() is None
    time.now = 10.0
    error = client.send(GET).failure()
    assert [request.timeout for request in server.asked] == [10.0, 3.0, 1.0]
    assert isinstance(error, TimedOut)
    assert not error.sent
    assert "GET /api/v1/namespaces/shop was not sent: the time of --timeout-run was over" in error.message
    assert client.halt() == TimedOut("the time of --timeout-run was over (10 s)")
    assert [event.failure().message for event in client.stream(GET)] == [error.message]


def test_a_time_without_an_end_changes_nothing():
    client = Client(lambda _: FINE)
    assert limit_time(client, math.inf) is client


def test_a_stream_is_silent_no_longer_than_there_is_time():
    heard = []

    def stream(request, patience):
        heard.append((request.timeout, patience))
        yield Success({"type": "BOOKMARK"})

    client, time = limited(lambda _: FINE, stream=stream)
    time.now = 4.0
    assert len(list(client.stream(GET))) == 1
    list(client.stream(GET, 2.0))
    assert heard == [(6.0, 6.0), (6.0, 2.0)]


def test_pauses_are_cut_and_what_follows_is_not_sent():
    server = Server(lambda *_: FINE)
    client, time = limited(server)
    late = Call(GET, lambda response: Done(Success(response.status)), delay=60.0)
    ended = Line(client, lambda: time.now, time.sleep).hold(late)
    assert (time.slept, server.asked) == ([10.0], [])
    assert isinstance(ended.failure(), TimedOut)


@pytest.mark.parametrize(("method", "sent"), [("GET", False), ("POST", True)])
def test_listening_ends_with_the_time_however_often_it_would_begin_again(method, sent):
    client, time = limited(lambda _: LOST)
    listens = Listen(replace(GET, path="/again"), lambda _: listens, delay=4.0)
    begin = Call(replace(GET, method=method), lambda _: listens, lost=lambda _: listens)
    ended = Line(client, lambda: time.now, time.sleep).hold(begin).failure()
    assert (time.slept, ended.sent, type(ended)) == ([4.0, 4.0, 2.0], sent, TimedOut)
    assert "--timeout-run" in ended.message


@pytest.mark.parametrize("steps", [(b.continue_on_error,), ()], ids=["eager", "fail fast"])
def test_what_has_not_begun_when_the_time_is_over_is_skipped(steps):
    time, inner = Time(), edge.embedded()

    def send(request):
        time.now += request.method == "POST"
        return inner.send(request)

    client = limit_time(replace(inner, send=send), 20.0, lambda: time.now)
    report, rows = visited(client, 50, *steps, concurrency=1, chunk=6)
    assert [o.action for o in report.outcomes] == ["created"] * 20 + ["skipped"] * 30
    assert {o.error for o in report.outcomes[20:]} == {TimedOut("the time of --timeout-run was over (20 s)")}
    assert [one["action"] for one in rows] == [o.action for o in report.outcomes]


def test_a_write_that_the_time_cuts_off_is_unknown():
    inner = edge.embedded()
    cut = TimedOut("no answer in time", sent=True)

    def send(request):
        return Failure(cut) if request.method == "POST" else inner.send(request)

    time = Time()

    def late(request):
        time.now += 30.0 * (request.method == "POST")
        return send(request)

    client = limit_time(replace(inner, send=late), 20.0, lambda: time.now)
    report, _ = visited(client, 3, b.continue_on_error, concurrency=1)
    assert [o.action for o in report.outcomes] == ["unknown", "skipped", "skipped"]


def test_a_visit_has_a_time_of_its_own_which_begins_with_it():
    report, _ = visited(edge.embedded(), 3, b.continue_on_error, timeout=3600.0)
    assert [o.action for o in report.outcomes] == ["created"] * 3
    given = pipe(b.builder(), b.objects(*manifests(1)), b.default_namespace, b.do)
    refused = edge.visit(edge.embedded(), verbs.create(), timeout=1e-9)(given).failure()._inner_value
    assert [type(error) for error in refused.errors] == [TimedOut]


@pytest.mark.parametrize("timeout", [0, -1.0, math.nan])
def test_no_time_at_all_is_refused(timeout):
    given = pipe(b.builder(), b.objects(*manifests(1)), b.default_namespace, b.do)
    refused = edge.visit(edge.embedded(), verbs.create(), timeout=timeout)(given)
    assert "the timeout must be more than 0 seconds" in str(refused.failure()._inner_value)


def test_waiting_ends_with_the_time_of_the_run():
    time, inner = Time(), edge.embedded()
    inner.send(Request("POST", "/api/v1/namespaces/default/configmaps", body=manifests(1)[0]))
    given = pipe(b.builder(), b.resource_type_or_name_args("configmap/c000"), b.default_namespace, b.do)
    client = limit_time(inner, 0.05)
    report = edge.visit(client, verbs.wait(deleted, 3600.0))(given).unwrap()._inner_value
    [outcome] = report.outcomes
    assert (outcome.action, time.slept) == ("failed", [])
    assert "--timeout-run" in str(outcome.error)


BUSY = answer({"kind": "Status"}, 503, Retry_After="1")


def test_on_the_wire_the_time_of_a_request_is_its_own_where_that_is_nearer(stub, place):
    client = place.plain(stub("stall"), flags={"request_timeout": "30s"})
    error = bad(client, replace(POST, timeout=0.05))
    assert isinstance(error, TimedOut)
    assert error.sent
    assert "in the time of --timeout-run" in error.message
    near = place.plain(stub("stall"), flags={"request_timeout": "50ms"})
    assert "in the time of --request-timeout" in bad(near, replace(POST, timeout=30.0)).message


def test_on_the_wire_a_pause_is_not_begun_that_ends_after_the_time(stub, place):
    busy = stub(BUSY)
    error = bad(place.plain(busy), replace(POST, timeout=0.5))
    assert (type(error), error.sent, len(busy.seen), place.slept) == (TimedOut, False, 1, [])


@pytest.mark.parametrize("entry", [BUSY, "hang up"], ids=["busy", "lost"])
def test_on_the_wire_a_probe_is_sent_once(stub, place, entry):
    served = stub(entry)
    place.plain(served).send(PROBE)
    assert (len(served.seen), place.slept) == (1, [])


def test_on_the_wire_a_dead_server_costs_ten_seconds_and_not_ten_for_each_object(stub, place):
    served = stub("hang up")
    guarded = stop_when_dead(place.plain(served))
    for _ in range(100):
        if guarded.halt() is None:
            guarded.send(GET)
    assert sum(place.slept) == 10 * ENOUGH
    assert len(served.seen) == 11 * ENOUGH + 1
