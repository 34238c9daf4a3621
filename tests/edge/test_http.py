"""Requests over real sockets: a scripted server on loopback answers, stalls, lies and hangs up."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from returns.result import Success
from urllib3 import exceptions

from fkube.edge.attempt import Http
from fkube.edge.credentials import Credential, fixed_source
from fkube.edge.http import send
from fkube.edge.httperrors import explain_no_answer
from fkube.edge.line import Line, watch
from fkube.edge.pools import Pools
from fkube.exchange import Request
from fkube.exchange.watching import Watching
from fkube.kubeconfig.connection import Connection
from fkube.resource.errors import TimedOut, TransportError, UsageError
from tests.edge import stub
from tests.edge.stub import PODS, POST, Entry, Last, Serving, World, answer, bad, good

serving, world = pytest.fixture(stub.serving), pytest.fixture(stub.world)


def test_a_request_on_the_wire(serving: Serving, world: World) -> None:
    stub = serving(answer({"items": [1, 1.5]}, 201, Warning='299 - "old"', X_Other="1"))
    client = world.plain(stub)
    request = Request(
        "POST",
        "/api/v1/namespaces/a/pods/system:x y?",
        (("dryRun", "All"), ("q", "a b")),
        {"x": "é", "n": [1, 1.5]},
    )
    response = good(client, request)
    assert (response.status, response.body) == (201, {"items": [1, 1.5]})
    assert response.header("warning") == '299 - "old"'
    seen = stub.seen[0]
    assert seen.line == "POST /api/v1/namespaces/a/pods/system:x%20y%3F?dryRun=All&q=a+b HTTP/1.1"
    assert seen.body == '{"x":"é","n":[1,1.5]}'.encode()
    assert seen.all("content-type") == seen.all("accept") == ["application/json"]
    assert seen.all("user-agent")[0].startswith("fkube/")
    assert seen.all("authorization") == []
    assert good(client, Request("PATCH", "/a", body="kind: Pod", content_type="application/apply-patch+yaml"))
    assert (stub.seen[1].body, stub.seen[1].all("content-type")) == (
        b"kind: Pod",
        ["application/apply-patch+yaml"],
    )
    assert good(client).status == 201
    assert (stub.seen[2].body, stub.seen[2].all("content-type")) == (b"", [])


def test_many_requests_are_one_connection(serving: Serving, world: World) -> None:
    stub = serving(answer())
    client = world.plain(stub)
    assert [good(client, request).status for request in (PODS, POST, PODS, POST)] == [200] * 4
    assert stub.connections == 1


def test_the_path_of_the_server_is_kept(serving: Serving, world: World) -> None:
    stub = serving(answer())
    good(world.connected(f"http://127.0.0.1:{stub.port}/k8s/c-1/"))
    assert stub.seen[0].line == "GET /k8s/c-1/api/v1/pods HTTP/1.1"


BODIES = [
    (answer(b"ok", kind="text/plain; charset=utf-8"), PODS, "ok"),
    (answer(b"", kind="text/plain"), PODS, None),
    (answer(b'{"a":9223372036854775808}'), PODS, {"a": 9.223372036854775808e18}),
    (answer(b'{"a":1}', kind="application/apply-patch+json"), PODS, {"a": 1}),
    (answer(b"<html>", kind="text/html"), Request("GET", "/", accept="*/*"), "<html>"),
    (answer(b"<html>", 502, kind="text/html"), PODS, "<html>"),
    (answer(b"{", 500), PODS, "{"),
    (Last(b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\n\r\n[1]"), PODS, [1]),
    (b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n", PODS, [1]),
]


@pytest.mark.parametrize(("wire", "request_", "body"), BODIES)
def test_bodies_are_data_or_text(
    wire: Entry, request_: Request, body: Any, serving: Serving, world: World
) -> None:
    assert good(world.plain(serving(wire)), request_).body == body


BROKEN: list[tuple[Entry, Request, str, bool]] = [
    (answer(b"{"), PODS, "no JSON: it ends or breaks at character 1", True),
    (answer(b'{"a":NaN}'), PODS, "no JSON", True),
    (answer(b'{"a":1e999}'), PODS, "no JSON", True),
    (answer(b"\xff"), PODS, "no JSON: it is no UTF-8 text", True),
    (answer(b"[" * 100_000), PODS, "nested too deeply", True),
    (answer(b"<html>", kind="text/html"), PODS, "text/html instead of JSON", True),
    (Last(answer(b"x" * 9)[:-4]), PODS, "lost during GET /api/v1/pods: unexpected EOF", True),
    (Last(answer(b"x" * 9)[:-4]), POST, "may have been done, so look before you try again", True),
    (Last(answer().replace(b"Content-Length: 2", b"Transfer-Encoding: chunked")), PODS, "lost during", True),
    (Last(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n[1"), PODS, "unexpected EOF", True),
    (answer(b""), PODS, "no JSON: it ends or breaks at character 0", True),
    (answer(b"x" * 99, Content_Encoding="gzip"), PODS, "can't be decompressed", True),
    (Last(b"SSH-2.0-OpenSSH\r\n\r\n"), POST, "malformed HTTP response", True),
    ("close", POST, "lost during POST /api/v1/pods: EOF", True),
    ("reset", POST, "lost during POST /api/v1/pods: connection reset by peer", True),
]


@pytest.mark.parametrize(("wire", "request_", "words", "sent"), BROKEN)
def test_half_and_wrong_answers_are_errors(
    wire: Entry, request_: Request, words: str, sent: bool, serving: Serving, world: World
) -> None:
    stub = serving(wire, answer())
    error = bad(client := world.plain(stub), request_)
    assert isinstance(error, TransportError)
    assert words in error.message
    assert error.sent is sent
    assert world.slept == []
    assert good(client).status == 200


@pytest.mark.parametrize("end", ["close", "reset"])
def test_a_get_whose_connection_is_lost_is_sent_again(end: str, serving: Serving, world: World) -> None:
    stub = serving(end, end, answer())
    assert good(world.plain(stub)).status == 200
    assert (len(stub.seen), world.slept) == (3, [1, 1])


def test_a_get_is_given_up_after_ten_more_tries(serving: Serving, world: World) -> None:
    stub = serving("close")
    assert "EOF" in bad(world.plain(stub)).message
    assert (len(stub.seen), len(world.slept)) == (11, 10)


@pytest.mark.parametrize("request_", [PODS, POST])
def test_retry_after_is_honoured(request_: Request, serving: Serving, world: World) -> None:
    stub = serving(answer(status=429, Retry_After="7"), answer(status=503, Retry_After="2"), answer())
    client = world.plain(stub)
    assert good(client, request_).status == 200
    assert world.slept == [7, 2]
    assert stub.connections == 1
    assert len({seen.body for seen in stub.seen}) == 1


def test_a_date_is_read_by_our_own_clock_where_the_answer_has_none(serving: Serving, world: World) -> None:
    past = answer(status=503, Retry_After="Fri, 31 Dec 1999 23:59:59 GMT")
    stub = serving(past, answer(status=503, Retry_After="Fri, 31 Dec 2100 23:59:59 GMT"), answer())
    assert good(world.plain(stub), POST).status == 200
    assert world.slept == [0, 60]


@pytest.mark.parametrize(
    "refusal",
    [
        answer(status=429),
        answer(status=503, Retry_After="soon"),
        answer(status=404, Retry_After="1"),
    ],
)
def test_without_seconds_to_wait_there_is_no_other_try(
    refusal: bytes, serving: Serving, world: World
) -> None:
    stub = serving(refusal, answer())
    assert good(world.plain(stub)).status >= 400
    assert len(stub.seen) == 1


def test_the_eleventh_refusal_is_the_answer(serving: Serving, world: World) -> None:
    stub = serving(answer({"message": "busy"}, 429, Retry_After="1"))
    response = good(world.plain(stub), POST)
    assert (response.status, response.body) == (429, {"message": "busy"})
    assert len(stub.seen) == 11


def test_a_refused_connection_is_told_in_kubectls_words(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error = bad(world.connected(f"https://127.0.0.1:{port}", {"insecure-skip-tls-verify": True}))
    host = f"127.0.0.1:{port}"
    assert error == TransportError(
        f"The connection to the server {host} was refused - did you specify the right host or port?"
    )
    assert world.slept == []


def test_an_unknown_host_is_told(world: World) -> None:
    error = bad(world.connected("http://nowhere.invalid:1"), POST)
    assert error == TransportError(
        "Unable to connect to the server: dial tcp: lookup nowhere.invalid: no such host"
    )


def test_a_slow_answer_times_out(serving: Serving, world: World) -> None:
    stub = serving("stall")
    client = world.plain(stub, flags={"request_timeout": "50ms"})
    assert bad(client) == TimedOut(
        f"the server 127.0.0.1:{stub.port} did not answer GET /api/v1/pods in the time of --request-timeout"
    )
    assert "may have been done" in bad(client, POST).message


def test_an_answer_that_stalls_half_way_times_out(serving: Serving, world: World) -> None:
    stub = serving(answer(b"x" * 100)[:-50])
    assert isinstance(bad(world.plain(stub, flags={"request_timeout": "50ms"})), TimedOut)


def test_a_wait_beyond_the_timeout_is_not_waited(serving: Serving, world: World) -> None:
    stub = serving(answer(status=429, Retry_After="60"))
    assert isinstance(bad(world.plain(stub, flags={"request_timeout": "30s"})), TimedOut)
    assert world.slept == []


def test_redirects_stay_on_the_server(serving: Serving, world: World) -> None:
    stub = serving(answer(status=302, Location="/else"), answer({"at": "else"}))
    assert good(world.plain(stub)).body == {"at": "else"}
    assert stub.seen[1].line == "GET /else HTTP/1.1"


REFUSED = [
    (answer(status=302, Location="https://login.example/?secret=1"), PODS,
     "redirects GET /api/v1/pods to https://"),
    (answer(status=301, Location="https://127.0.0.1:1/"), PODS, "redirects GET /api/v1/pods to https://"),
    (answer(status=307, Location="/else"), POST, "redirects POST"),
    (answer(status=302, Location="/api/v1/pods?"), PODS, "redirects GET"),
    (answer(status=302, Location="https://me:secret@login.example/"), PODS, "to https://login.example:"),
    (answer(status=302, Location="http://secret@[::1"), PODS, "redirects GET /api/v1/pods to what is no URL"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "request_", "words"), REFUSED)
def test_redirects_that_are_refused(
    script: Entry, request_: Request, words: str, serving: Serving, world: World
) -> None:
    error = bad(world.plain(serving(script), user={"token": "secret"}), request_)
    assert words in error.message
    assert "secret" not in error.message


ODD = [
    (Request("GET", "/a\udcff"), "the path or the query of a GET is no UTF-8 text"),
    (Request("DELETE", "/a", (("labelSelector", "a=\ud800"),)), "the query of a DELETE is no UTF-8 text"),
    (Request("GET\r\nX:", "/"), "can't be sent: its method is none"),
    (Request("GET", ".evil.example/"), "the path of GET '.evil.example/' must begin with a slash"),
]


@pytest.mark.parametrize(("request_", "words"), ODD)
def test_what_is_no_url_is_not_sent(request_: Request, words: str, serving: Serving, world: World) -> None:
    stub = serving(answer())
    error = bad(world.plain(stub), request_)
    assert isinstance(error, UsageError)
    assert words in error.message
    assert stub.seen == []


@pytest.mark.parametrize("timeout", ["9223372036", "600h", "2147484"])
def test_a_timeout_that_no_socket_takes_is_one(timeout: str, serving: Serving, world: World) -> None:
    assert good(world.plain(serving(answer()), flags={"request_timeout": timeout})).status == 200


@pytest.mark.parametrize("body", [{"a": float("nan")}, {"a": object()}, {"a": "\ud800"}])
def test_a_body_that_is_no_json_is_not_sent(body: Any, serving: Serving, world: World) -> None:
    stub = serving(answer())
    error = bad(world.plain(stub), Request("POST", "/a", body=body))
    assert isinstance(error, UsageError)
    assert stub.seen == []


def test_events_come_one_a_line(serving: Serving, world: World) -> None:
    head = b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\n\r\n"
    stub = serving(Last(head + b'{"type":"ADDED"}\n\n{"type":"DELETED"}\n'))
    client = world.plain(stub)
    assert [event.unwrap()["type"] for event in client.stream(PODS)] == ["ADDED", "DELETED"]
    stub.script = (Last(head + b'{"type":"ADDED"}\n{"type":'),)
    first, last = client.stream(PODS)
    assert first.unwrap() == {"type": "ADDED"}
    assert "no JSON object" in last.failure().message
    stub.script = (Last(answer(b'{"type":"ADDED"}\n{"type":"DELETED"}\n')[:-9]),)
    *_, last = client.stream(PODS)
    assert "unexpected EOF" in last.failure().message
    stub.script = (answer({"kind": "Status", "message": "too old", "code": 410}, 410),)
    assert [event.failure().message for event in client.stream(PODS)] == ["too old"]


@pytest.mark.parametrize("size", [1, 7, 40])
def test_a_line_may_come_in_any_pieces(size: int, serving: Serving, world: World) -> None:
    body = b'{"n":1}\n\n{"n":2,"long":"%b"}\n{"n":3}' % (b"x" * 99)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    stub = serving(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
    assert [event.unwrap()["n"] for event in world.plain(stub).stream(PODS)] == [1, 2, 3]


def test_a_line_without_end_is_not_read(
    serving: Serving, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fkube.edge.http.LONGEST_LINE", 1 << 20)
    line = b'{"a":"' + b"x" * (1 << 19) + b'"}\n'
    stub = serving(Last(b"HTTP/1.1 200 X\r\n\r\n" + line * 3 + b"x" * (1 << 22)))
    *lines, last = world.plain(stub).stream(PODS)
    assert [len(line.unwrap()["a"]) for line in lines] == [1 << 19] * 3
    assert last.failure().message.endswith(
        "answered GET /api/v1/pods with a line of over 1 MiB: does it come from a Kubernetes API server?"
    )


BLANKS = gzip.compress(b"[" + b" " * (1 << 26) + b"]")
"""64 MiB in 64 KiB: four of them are the bomb of which the issue tells."""
WHOLE = b"[" + b" " * (1 << 22) + b"]"
EXCESS = [
    (answer(BLANKS, Content_Encoding="gzip"), PODS, "with what unpacks to over 200 times its length"),
    (answer(BLANKS, 500, Content_Encoding="gzip"), PODS, "with what unpacks to over 200 times its length"),
    (answer(BLANKS, Content_Encoding="gzip"), POST, "may have been done, so look before you try again"),
    (answer(WHOLE), PODS, "with over 2 MiB: ask for less"),
    (Last(b"HTTP/1.1 200 X\r\n\r\n" + WHOLE), PODS, "with over 2 MiB: ask for less"),
    (answer(gzip.compress(WHOLE), Content_Encoding="gzip"), PODS, "with over 2 MiB: ask for less"),
]


@pytest.mark.parametrize(("wire", "request_", "words"), EXCESS)
def test_an_answer_has_a_bound(
    wire: Entry,
    request_: Request,
    words: str,
    serving: Serving,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "2 MiB" in words:
        monkeypatch.setattr("fkube.edge.http.LONGEST_ANSWER", 2 << 20)
    stub = serving(wire, answer())
    client = world.plain(stub)
    error = bad(client, request_)
    assert isinstance(error, TransportError)
    assert words in error.message
    assert error.sent
    assert good(client).status == 200


def test_what_is_within_the_bounds_is_unpacked(serving: Serving, world: World) -> None:
    """Below 16 MiB nothing is too well packed."""
    stub = serving(answer(gzip.compress(WHOLE), Content_Encoding="gzip"))
    assert good(world.plain(stub)).body == []


def _fail(*_: object) -> Any:
    raise ZeroDivisionError


def _clock(ticks: int) -> Any:
    """A clock that fails after so many ticks."""
    left = iter(range(ticks))
    return lambda: _fail() if next(left, None) is None else 0.0


REFUSAL = answer(status=429, Retry_After="1")
WAYS: dict[str, tuple[Entry, Any, Any, Any]] = {
    # What is answered, and the credentials, the clock and the sleep that fail while it is open.
    "the plugin": (answer(status=401), lambda refused: _fail() if refused else SHOWN, None, None),
    "the clock, at the refusal": (REFUSAL, None, _clock(2), None),
    "the clock, at the answer": (answer(), None, _clock(2), None),
    "the sleep": (REFUSAL, None, None, _fail),
}
SHOWN = Success(Credential())


@pytest.mark.parametrize("way", WAYS)
def test_an_exception_does_not_keep_a_connection(way: str, serving: Serving) -> None:
    wire, credentials, now, sleep = WAYS[way]
    made = Connection(f"http://127.0.0.1:{serving(wire).port}", timeout=5.0)
    pools = Pools(made, {}, 1)
    free = pools({}).unwrap().connection_from_url(made.server).pool
    http = Http(made, credentials or (lambda _: SHOWN), pools, now or (lambda: 0.0), sleep or _fail)
    assert free is not None
    assert free.qsize() == 1
    with pytest.raises(ZeroDivisionError):
        send(http, PODS)
    assert free.qsize() == 1
    pools.close()


def test_the_rest_of_a_refusal_is_not_waited_for(serving: Serving, world: World) -> None:
    refusals = (answer(status=429, Retry_After="1"), answer(status=302, Location="/b"))
    endless = (refusal.replace(b"Length: 2", b"Length: 1000000000") for refusal in refusals)
    stub = serving(*endless, answer())
    client = world.plain(stub, flags={"request_timeout": "5s"})
    assert good(client).status == 200
    assert (len(stub.seen), stub.connections, world.slept) == (3, 3, [1])


def test_a_silent_stream_times_out(serving: Serving, world: World) -> None:
    stub = serving(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n")
    first, silence = world.plain(stub).stream(PODS, 0.05)
    assert first == Success({})
    assert isinstance(silence.failure(), TimedOut)


def test_a_watch_goes_on_after_an_end_a_refusal_and_a_silence(
    serving: Serving, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def event(version: str) -> bytes:
        return json.dumps({"type": "ADDED", "object": {"metadata": {"resourceVersion": version}}}).encode()

    monkeypatch.setattr("fkube.exchange.watching.SILENCE", 0.5)
    head, silent = b"HTTP/1.1 200 X\r\n", f"{len(event('7')) + 1:x}\r\n".encode() + event("7") + b"\n\r\n"
    stub = serving(
        answer({"kind": "PodList", "metadata": {"resourceVersion": "5"}, "items": []}),
        Last(head + b"\r\n" + event("6") + b"\n"),
        answer(status=429, Retry_After="7"),
        head + b"Transfer-Encoding: chunked\r\n\r\n" + silent,
        Last(head + b"\r\n" + event("8") + b"\n"),
    )
    pauses: list[float] = []
    events = watch(Line(world.plain(stub), sleep=pauses.append), Watching(PODS))
    told = [next(events).unwrap().object["metadata"]["resourceVersion"] for _ in range(3)]
    asked = [dict(parse_qsl(urlsplit(seen.line.split()[1]).query)) for seen in stub.seen]
    assert told == ["6", "7", "8"]
    assert [query.get("resourceVersion") for query in asked] == [None, "5", "6", "6", "7"]
    assert world.slept == [7]
    assert len(pauses) == 1


def test_a_stream_left_early_is_closed_and_does_not_hold_up_others(serving: Serving, world: World) -> None:
    stub = serving(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n")
    client = world.plain(stub)
    streams = [client.stream(PODS) for _ in range(20)]
    assert [next(stream).unwrap() for stream in streams] == [{}] * 20
    for stream in streams:
        stream.close()  # type: ignore[attr-defined]  # a generator
    assert stub.connections == 20
    again = client.stream(PODS)
    assert next(again).unwrap() == {}
    again.close()  # type: ignore[attr-defined]  # a generator
    assert stub.connections == 21


def test_a_stream_from_nowhere_is_a_failure(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    (only,) = world.connected(f"http://127.0.0.1:{port}").stream(PODS)
    assert "was refused" in only.failure().message


def test_an_answer_that_drips_times_out(serving: Serving, world: World) -> None:
    stub = serving(answer([1]))
    made = Connection(f"http://127.0.0.1:{stub.port}", timeout=5.0)
    times = iter([0.0, 0.0, 9.0])
    pools = Pools(made, {}, 1)
    http = Http(made, fixed_source(Credential()), pools, lambda: next(times), world.slept.append)
    assert isinstance(send(http, PODS).failure(), TimedOut)
    pools.close()


WORDS: list[tuple[exceptions.HTTPError, str, bool]] = [
    (
        exceptions.ConnectTimeoutError(None, "", ""),
        "Unable to connect to the server: dial tcp h:1: i/o timeout",
        False,
    ),
    (
        exceptions.ProtocolError("", OSError(32, "Broken pipe")),
        "lost during POST /api/v1/pods: broken pipe",
        True,
    ),
    (exceptions.ProtocolError("", BrokenPipeError()), "lost during POST /api/v1/pods: brokenpipeerror", True),
    (exceptions.ProxyError("", OSError("secret")), "proxyconnect: the proxy hung up; check proxy-url", False),
    (
        exceptions.SSLError(ssl.SSLError(1, "secret")),
        "Unable to connect to the server: tls: handshake failure",
        True,
    ),
    (exceptions.LocationParseError("secret"), "dial tcp: lookup h: no such host", False),
    (exceptions.PoolError(None, "secret"), "Unable to connect to the server: PoolError", False),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("error", "words", "sent"), WORDS)
def test_every_exception_has_words(error: exceptions.HTTPError, words: str, sent: bool) -> None:
    found = explain_no_answer(error, POST, "h:1")
    assert isinstance(found.error, TransportError)
    assert words in found.error.message
    assert (found.error.sent, found.transient) == (sent, False)
    assert "secret" not in found.error.message
