"""The report names each object once and agrees with the server, whatever befalls requests."""

import json
import socket
import threading
from collections import Counter
from contextlib import contextmanager

from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure
from returns.unsafe import unsafe_perform_io
from toolz import pipe

from fkube import builder as b
from fkube import edge
from fkube.cluster import empty
from fkube.edge.connecting import connect
from fkube.edge.serve import serve
from fkube.exchange import Request
from fkube.report.ledger import row
from fkube.resource.errors import TimedOut, TransportError
from fkube.verbs.apply import apply
from fkube.verbs.create import create
from fkube.verbs.delete import delete
from fkube.verbs.serverside import server_side

STATUS = {code: f"HTTP/1.1 {code} X\r\nContent-Type: application/json\r\n" for code in (409, 429, 500, 503)}
BODY = {
    code: json.dumps({"kind": "Status", "reason": reason, "code": code, "message": reason}).encode()
    for code, reason in ((409, "Conflict"), (429, "TooManyRequests"), (500, "InternalError"), (503, "Down"))
}
FAULTS = ["ok", "reset", "lost", "half", "late", "refused", 409, 429, 500, 503]
VERBS = {
    "create": create(),
    "apply": apply(),
    "server-side": server_side(),
    "delete": delete(),
}


class Proxy:
    """What stands between a client and a server, one connection a request: a fault for each in turn."""

    def __init__(self, upstream):
        host, port = upstream.removeprefix("http://").split(":")
        self.upstream, self.script, self.lock = (host, int(port)), [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with connection:
            asked = self.request(connection)
            if not asked:
                return
            with self.lock:
                fault = self.script.pop(0) if self.script else "ok"
            if fault == "reset":
                return
            if isinstance(fault, int):
                again = b"Retry-After: 0\r\n" if fault == 429 else b""
                head = f"Content-Length: {len(BODY[fault])}\r\nConnection: close\r\n\r\n".encode()
                connection.sendall(STATUS[fault].encode() + again + head + BODY[fault])
                return
            answer = self.forwarded(asked)
            if fault == "half":
                connection.sendall(answer[: len(answer) - 5])
            elif fault == "ok":
                connection.sendall(answer)

    def request(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return b""
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(lengths[0].partition(b":")[2]) if lengths else 0
        while len(body) < length:
            body += connection.recv(65536)
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"accept-encoding")]
        return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body

    def forwarded(self, asked):
        with socket.create_connection(self.upstream) as server:
            server.sendall(asked)
            answer = b""
            while more := server.recv(65536):
                answer += more
            head, _, body = answer.partition(b"\r\n\r\n")
            kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection")]
            return b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n" + body


@contextmanager
def between():
    with serve(empty()) as url:
        proxy = Proxy(url)
        client = unsafe_perform_io(
            connect(None, 4, {}, sleep=lambda _: None, cache_dir="", server=proxy.url).unwrap()
        )
        direct = unsafe_perform_io(connect(None, 4, {}, cache_dir="", server=url).unwrap())
        try:
            yield client, direct, proxy
        finally:
            client.close()
            direct.close()
            proxy.listener.close()


def unlucky(client, faults):
    """The client, whose requests are refused or time out where the faults say so, else go to the proxy."""
    left = iter(faults)

    def send(request):
        fault = next(left, "ok") if "/configmaps" in request.path else "ok"
        if fault == "refused":
            return Failure(TransportError("connection refused"))
        if fault == "late":
            client.send(request)
            return Failure(TimedOut("too late", sent=request.method != "GET"))
        return client.send(request)

    return edge.Client(send, "default", "faulty", client.stream)


def manifest(name):
    """A ConfigMap, or one whose name the server makes."""
    metadata = {"name": name} if name else {"generateName": "g-"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"k": name}}


def there(direct):
    items = direct.send(Request("GET", "/api/v1/namespaces/default/configmaps")).unwrap().body["items"]
    return {item["metadata"]["name"]: item for item in items}


def run(verb, names, before, faults, wire):
    """The rows of a report, and what is on the server then."""
    with between() as (client, direct, proxy):
        for name in before:
            direct.send(Request("POST", "/api/v1/namespaces/default/configmaps", body=manifest(name)))
        rows = []
        pipeline = pipe(
            b.builder(), b.objects(*map(manifest, names)), b.default_namespace, b.continue_on_error, b.do
        ).unwrap()
        proxy.script = ["ok"] * 2
        visit = edge.visit(unlucky(client, faults), VERBS[verb], 1, ended=lambda o: rows.append(row(o)))
        client.send(Request("GET", "/api"))
        client.send(Request("GET", "/apis"))
        proxy.script = ["ok"] * 2 + wire
        report = unsafe_perform_io(visit(pipeline).unwrap())
        return rows, report, there(direct)


def disagreements(verb, names, before, rows, left):
    """What a report says that the server does not."""
    told = Counter(found["document"] for found in rows)
    if told != Counter(range(1, len(names) + 1)):
        yield f"told {told}"
    for found in rows:
        name, action = found["key"].rpartition("/")[2], found["action"]
        if action in ("created", "configured", "unchanged", "serverside-applied") and name not in left:
            yield f"{name} is {action} and not there"
        if action == "deleted" and name in left and not left[name]["metadata"].get("deletionTimestamp"):
            yield f"{name} is deleted and there"
        if (
            action == "failed"
            and verb == "create"
            and name not in before
            and name in left
            and "*" not in name
        ):
            yield f"{name} failed and is there"
        if action == "failed" and verb == "delete" and name in before and name not in left:
            yield f"{name} failed to go and is gone"
    generated = [found for found in rows if "/g-" in found["key"]]
    made = sum(name.startswith("g-") for name in left)
    sure, unsure = (sum(f["action"] == action for f in generated) for action in ("created", "unknown"))
    if not sure <= made <= sure + unsure:
        yield f"{made} names were made, {sure} told of and {unsure} in doubt"


CASES = st.tuples(
    st.sampled_from(sorted(VERBS)),
    st.lists(st.sampled_from(["a", "b", "c", "d", "e", ""]), min_size=1, max_size=5).map(
        lambda names: [n for i, n in enumerate(names) if not n or n not in names[:i]]
    ),
    st.sets(st.sampled_from(["a", "b"])),
    st.lists(st.sampled_from(["ok", "ok", "refused", "late"]), max_size=8),
    st.lists(st.sampled_from(FAULTS[:4] + FAULTS[6:]), max_size=10),
)


@settings(max_examples=40, deadline=None)
@given(CASES)
def test_a_report_names_each_object_once_and_agrees_with_the_server(case):
    verb, names, before, faults, wire = case
    names = [name for name in names if name or verb == "create"] or ["a"]
    rows, report, left = run(verb, names, before, faults, wire)
    assert [o.origin.document for o in report.outcomes] == list(range(1, len(names) + 1))
    assert list(disagreements(verb, names, before, rows, left)) == []


def test_a_lost_answer_is_settled_by_reading():
    rows, _, left = run("create", ["a", "b", ""], set(), [], ["lost", "ok", "reset", "ok", "lost"])
    assert [(found["key"], found["action"]) for found in rows] == [
        ("configmap/default/a", "created"),
        ("configmap/default/b", "failed"),
        ("configmap/default/g-*", "unknown"),
    ]
    assert [name[:2] for name in left] == ["a", "g-"]


def test_a_report_that_lies_is_found_out():
    rows, _, left = run("create", ["a", "b"], set(), [], [])
    assert list(disagreements("create", ["a", "b"], set(), rows, left)) == []
    for planted in (
        rows[:1],
        [*rows, rows[0]],
        [{**rows[0], "action": "failed"}, rows[1]],
        [{**rows[0], "key": "configmap/default/z"}, rows[1]],
    ):
        assert list(disagreements("create", ["a", "b"], set(), planted, left))
