"""The loopback server: HTTP as clients speak it, clients that vanish, and a clean end."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3
import yaml
from returns.io import IOFailure, IOSuccess
from returns.result import Failure, Result

from fkube.cluster.respond import empty
from fkube.edge.client import embedded
from fkube.edge.serve import foreground, kubeconfig, serve
from fkube.edge.serverhttp import HEAD_LIMIT, LIMIT, Peer, read_requests, send_response
from fkube.exchange import Request, Response

MAPS = "/api/v1/namespaces/default/configmaps"


@contextmanager
def connected() -> Iterator[http.client.HTTPConnection]:
    """A connection to a cluster of its own."""
    with serve(empty()) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        try:
            yield connection
        finally:
            connection.close()


def configmap(name: str) -> bytes:
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}).encode()


def asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None
) -> tuple[int, bytes]:
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    response = connection.getresponse()
    return response.status, response.read()


def raw(url: str, sent: bytes) -> bytes:
    """Everything that the server says to these bytes until it closes."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read()


def read(*pieces: bytes, said: list[bytes] | None = None) -> list[Result[Request, Response]]:
    """What is read of these pieces, each request answered with nothing, to where no more is read."""
    peer = Peer(iter((*pieces, b"")).__next__, ([] if said is None else said).append)
    readings = []
    for reading in read_requests(peer):
        readings.append(reading)
        send_response(peer, reading.failure() if isinstance(reading, Failure) else Response(200))
    return readings


def chunk(data: bytes) -> bytes:
    """A chunk of a body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def test_one_connection_serves_many_requests() -> None:
    with connected() as connection:
        created = [asked(connection, "POST", MAPS, configmap(f"m{n}"))[0] for n in range(20)]
        port = connection.sock.getsockname()[1]
        status, body = asked(connection, "GET", MAPS)
        assert created == [201] * 20
        assert status == 200
        assert {item["metadata"]["name"] for item in json.loads(body)["items"]} >= {
            f"m{n}" for n in range(20)
        }
        assert connection.sock.getsockname()[1] == port


def test_many_connections_at_once_lose_nothing() -> None:
    with serve(empty()) as url, urllib3.PoolManager(maxsize=8) as pool:
        answers: list[int] = []

        def create(worker: int) -> None:
            for number in range(10):
                body = configmap(f"w{worker}-{number}")
                headers = {"Content-Type": "application/json"}
                answers.append(pool.request("POST", url + MAPS, body=body, headers=headers).status)

        workers = [threading.Thread(target=create, args=(worker,)) for worker in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert answers == [201] * 80
        versions = [i["metadata"]["resourceVersion"] for i in pool.request("GET", url + MAPS).json()["items"]]
        assert len(set(versions)) == len(versions) >= 80


HOST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = HOST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        (b"nonsense\r\n\r\n", 400, b"no HTTP"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, b"this machine"),
        (b"GET / HTTP/1.1\r\nHost: evil@localhost\r\n\r\n", 403, b"this machine"),
        (b"GET / HTTP/1.1\r\nHost: localhost:x\r\n\r\n", 403, b"this machine"),
        (b"GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", 403, b"this machine"),
        (b"GET @evil/api HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, b"no path"),
        (b"GET http://evil/api HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, b"no path"),
        (b"CONNECT evil:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, b"no path"),
        (HOST + b"Origin: http://evil.example\r\n\r\n", 403, b"another origin"),
        (HOST + b"Origin: http://localhost\r\nOrigin: http://evil\r\n\r\n", 403, b"another origin"),
        (HOST + b"Origin: http://localhost:3000\r\n\r\n", 403, b"another origin"),
        (HOST + b"Origin: null\r\n\r\n", 403, b"another origin"),
        (b"DELETE" + HOST[4:] + b"Origin: https://localhost\r\n\r\n", 403, b"another origin"),
        (b"GET / HTTP/1.0\r\n\r\n", 403, b"this machine"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, b"Host"),
        (HOST + b"Host: localhost\r\n\r\n", 400, b"Host"),
        (b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, b"Invalid IPv6"),
        (HOST + b"Content-Length: many\r\n\r\n", 400, b"Content-Length"),
        (HOST + b"Content-Length: +2\r\n\r\nab", 400, b"Content-Length"),
        (HOST + b"Content-Length: 0_2\r\n\r\nab", 400, b"Content-Length"),
        (HOST + b"Content-Length: -1\r\n\r\n", 400, b"Content-Length"),
        (HOST + b"Content-Length: %b\r\n\r\n" % (b"9" * 5000), 400, b"Content-Length"),
        (HOST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc", 400, b"Content-Length"),
        (HOST + b"Content-Length: 5\r\n\r\nab", 400, b"complete message body"),
        (HOST + b"Content-Length: 4000000\r\n\r\n", 413, b"limit is 3145728"),
        (CHUNKED + b"zz\r\n", 400, b"chunk header"),
        (CHUNKED + b"+5\r\nhello\r\n0\r\n\r\n", 400, b"chunk header"),
        (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", 400, b"chunk header"),
        (CHUNKED + b"0_5\r\nhello\r\n0\r\n\r\n", 400, b"chunk header"),
        (CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n", 400, b"chunk header"),
        (CHUNKED + b" 5\r\nhello\r\n0\r\n\r\n", 400, b"chunk header"),
        (CHUNKED + b"5\r\nhelloXX0\r\n\r\n", 400, b"chunk footer"),
        (CHUNKED + b"5\r\nhello, and more\r\n0\r\n\r\n", 400, b"chunk footer"),
        (CHUNKED + b"5\r\nhello\r\n", 400, b"complete message body"),
        (CHUNKED + b"0\r\nno trailer\r\n\r\n", 400, b"header line"),
        (HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, b"in chunks"),
        (HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501, b"Transfer-Encoding"),
        (HOST + b"Transfer-Encoding: identity\r\n\r\n", 501, b"Transfer-Encoding"),
        (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, b"no HTTP"),
        (b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400, b"header line"),
        (b"GET / HTTP/1.1\r\n Host: localhost\r\n\r\n", 400, b"continuation line"),
        (HOST + b"A: b\0c\r\n\r\n", 400, b"header line"),
        (HOST + b"no header\r\n\r\n", 400, b"header line"),
        (HOST + b"A: b\r\n" * (HEAD_LIMIT // 3), 431, b"RequestHeaderFieldsTooLarge"),
        (b"\x16\x03\x01\x02\0", 400, b"request line"),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_closed(
    sent: bytes, status: int, said: bytes
) -> None:
    with serve(empty()) as url:
        answer = raw(url, sent)
        assert answer.startswith(b"HTTP/1.1 %d " % status)
        assert b"connection: close" in answer.lower()
        assert said in answer


def test_a_body_over_the_limit_is_answered_although_it_is_still_being_sent() -> None:
    with connected() as connection:
        status, body = asked(connection, "POST", MAPS, b"x" * (LIMIT + 1))
        assert (status, json.loads(body)["reason"]) == (413, "RequestEntityTooLarge")


def test_a_chunked_body_over_the_limit_is_refused() -> None:
    (refused,) = read(CHUNKED, *[chunk(b"x" * (LIMIT // 2))] * 3)
    assert refused.failure().status == 413


def test_a_chunked_body_and_a_body_with_a_length_are_the_same_request() -> None:
    start = b"POST /a%20b?x=1&y= HTTP/1.1\r\nHost: [::1]:80\r\nAccept: a\r\nAccept: b\r\n"
    sized = read(start + b"Content-Length: 5\r\n\r\nhello")
    pieces = chunk(b"hel") + b"2;ext=1\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n"
    chunked = read(start + b"Transfer-Encoding: chunked\r\n\r\n" + pieces)
    assert sized == chunked
    request = sized[0].unwrap()
    assert (request.path, request.query, request.accept) == ("/a b", (("x", "1"), ("y", "")), "a,b")
    assert request.body == b"hello"


def test_a_client_that_waits_is_told_to_continue() -> None:
    said: list[bytes] = []
    sent = HOST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert read(sent, b"ab", said=said)[0].unwrap().body == b"ab"
    assert said.pop(0) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert len(said) == 1
    large = sent.replace(b": 2", b": 9999999")
    assert isinstance(read(large, said=said)[0], Failure)
    assert [answer[:12] for answer in said] == [b"HTTP/1.1 200", b"HTTP/1.1 413"]


@pytest.mark.parametrize(
    ("version", "header", "stays"),
    [
        ("1.1", b"", True),
        ("1.1", b"Connection: close\r\n", False),
        ("1.1", b"Connection: foo, Close\r\n", False),
        ("1.1", b"Connection: Upgrade\r\nUpgrade: websocket\r\n", True),
        ("1.0", b"", False),
    ],
)
def test_who_closes_is_left_to_the_client(version: str, header: bytes, stays: bool) -> None:
    said: list[bytes] = []
    sent = f"GET / HTTP/{version}\r\nHost: localhost\r\n".encode() + header + b"\r\n"
    assert len(read(sent * 2, said=said)) == (2 if stays else 1)
    assert (b"close" in said[0]) is not stays


def test_the_end_of_the_stream_is_no_request() -> None:
    assert read() == []


def test_where_a_request_is_cut_is_nothing_to_it() -> None:
    sent = HOST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b"hel") + chunk(b"lo") + b"0\r\n\r\n"
    whole = read(sent)
    assert whole[0].unwrap().body == b"hello"
    for cut in range(1, len(sent)):
        assert read(sent[:cut], sent[cut:]) == whole
    assert read(*(bytes([byte]) for byte in sent)) == whole


def test_requests_sent_at_once_are_answered_in_their_order() -> None:
    first = b"POST %b HTTP/1.1\r\nHost: localhost\r\n" % MAPS.encode()
    first += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(configmap("a"))
    then = b"GET %b/a HTTP/1.1\r\nHost: localhost\r\n\r\n" % MAPS.encode()
    last = b"GET /nonsense HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with serve(empty()) as url:
        answers = raw(url, first + configmap("a") + then * 2 + last + then)
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"201", b"200", b"200", b"404"]


def test_what_follows_a_refused_request_is_not_read() -> None:
    smuggled = b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n"
    refused = read(HOST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled)
    assert [reading.failure().status for reading in refused] == [400]


def test_head_is_answered_without_a_body_and_the_connection_goes_on() -> None:
    with connected() as connection:
        assert asked(connection, "HEAD", "/version")[1] == b""
        assert asked(connection, "GET", "/version")[0] == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"HEAD / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        CHUNKED.replace(b"POST", b"HEAD") + b"zz\r\n",
    ],
)
def test_a_head_that_is_refused_is_told_so_without_a_body(sent: bytes) -> None:
    with serve(empty()) as url:
        head, _, body = raw(url, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 40")
    assert b"content-length: 0" not in head
    assert body == b""


@pytest.mark.parametrize(
    "value", ['299 - "a\r\nx: y"', "a\nx: y", "a\0\x0b\x85b\ud800", " é ", "\r\n\r\nx: y", ""]
)
def test_a_header_can_not_begin_another(value: str) -> None:
    said: list[bytes] = []
    send_response(Peer(bytes, said.append), Response(200, None, (("warning", value),)))
    head, _, body = b"".join(said).partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.splitlines()]
    assert names == [b"HTTP/1.1 200 OK", b"content-length", b"content-type", b"warning"]
    assert body == b""


def test_a_header_asked_for_in_a_path_is_not_sent() -> None:
    path = "/api/v1/namespaces/default/configmaps/a%0d%0aSet-Cookie:%20a=b"
    with serve(empty()) as url:
        head, _, _ = raw(url, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()).partition(
            b"\r\n\r\n"
        )
    assert b"\r\nset-cookie" not in head.lower()


def test_a_watch_tells_what_happens_while_it_lasts_and_ends_after_its_timeout() -> None:
    with serve(empty()) as url, urllib3.PoolManager() as pool:
        before = pool.request("GET", url + MAPS).json()["metadata"]["resourceVersion"]
        path = f"{url}{MAPS}?watch=true&resourceVersion={before}&timeoutSeconds=2"
        with pool.request("GET", path, preload_content=False) as watch:
            headers = {"Content-Type": "application/json"}
            pool.request("POST", url + MAPS, body=configmap("a"), headers=headers)
            pool.request("DELETE", f"{url}{MAPS}/a")
            lines = watch.read().splitlines()
        assert watch.headers["Transfer-Encoding"] == "chunked"
        assert [json.loads(line)["type"] for line in lines] == ["ADDED", "DELETED"]


def test_a_watch_that_is_refused_is_an_answer_like_any_other() -> None:
    with connected() as connection:
        status, body = asked(connection, "GET", f"{MAPS}?watch=true&labelSelector=a+b+c")
        assert (status, json.loads(body)["reason"]) == (400, "BadRequest")
        assert asked(connection, "GET", "/version")[0] == 200


def test_a_client_that_vanishes_ends_its_watch_and_nobody_elses() -> None:
    with serve(empty()) as url, urllib3.PoolManager() as pool:
        address = urlsplit(url)
        before = threading.active_count()
        with socket.create_connection((address.hostname, address.port)) as gone:
            gone.sendall(f"GET {MAPS}?watch=true HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert gone.recv(12) == b"HTTP/1.1 200"
            vanishing = [t for t in threading.enumerate() if "_converse" in t.name]
        assert threading.active_count() >= before
        for thread in vanishing:
            thread.join(timeout=30)
            assert not thread.is_alive()
        headers = {"Content-Type": "application/json"}
        assert pool.request("POST", url + MAPS, body=configmap("a"), headers=headers).status == 201


def test_the_end_of_the_server_ends_watches_and_connections() -> None:
    with urllib3.PoolManager() as pool:
        with serve(empty()) as url:
            watch = pool.request("GET", f"{url}{MAPS}?watch=true", preload_content=False)
            idle = pool.request("GET", f"{url}/version")
            assert idle.status == 200
        assert not [t for t in threading.enumerate() if "_converse" in t.name or "_accept" in t.name]
        with pytest.raises(urllib3.exceptions.MaxRetryError):
            pool.request("GET", f"{url}/version", retries=0)
        watch.close()


def test_the_embedded_client_watches_as_the_served_one_does() -> None:
    client = embedded()
    query = (("watch", "true"), ("resourceVersion", "5"))
    client.send(Request("POST", MAPS, body=json.loads(configmap("a"))))
    events = client.stream(Request("GET", MAPS, query))
    assert next(events).unwrap()["object"]["metadata"]["name"] == "a"
    client.close()
    assert list(events) == []
    (refused,) = client.stream(Request("GET", "/api/v1/nonsense", query))
    assert refused.failure().code == 404


def test_the_kubeconfig_names_the_server_and_nothing_secret() -> None:
    config = yaml.safe_load(kubeconfig("http://127.0.0.1:1", "shop"))
    assert config["clusters"][0]["cluster"] == {"server": "http://127.0.0.1:1"}
    assert config["contexts"][0]["context"]["namespace"] == "shop"
    assert config["users"] == [{"name": "fkube", "user": {}}]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground_until_a_signal(number: int, tmp_path: Path) -> None:
    said: list[str] = []

    def then(line: str) -> None:
        said.append(line)
        os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    assert foreground(empty(), tmp_path / "config", say=then) == IOSuccess(None)
    assert signal.getsignal(number) is before
    assert str(tmp_path / "config") in said[0]
    server = yaml.safe_load((tmp_path / "config").read_text())["clusters"][0]["cluster"]["server"]
    assert server in said[0]


PROGRAM = """
import sys
from pathlib import Path
from fkube.cluster.respond import empty
from fkube.edge.serve import foreground

foreground(empty(), Path(sys.argv[1]), say=lambda line: print(line, flush=True))
"""


def test_a_signal_ends_the_server_whatever_its_clients_do(tmp_path: Path) -> None:
    program = [sys.executable, "-c", PROGRAM, str(tmp_path / "config")]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as server:
        said = server.stdout.readline() if server.stdout else ""
        address = urlsplit(said.split()[-1])
        with socket.create_connection((address.hostname, address.port), timeout=30) as half:
            half.sendall(b"POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nab")
            with urllib3.PoolManager() as pool:
                watch = pool.request("GET", f"{address.geturl()}{MAPS}?watch=true", preload_content=False)
                server.send_signal(signal.SIGTERM)
                assert server.wait(timeout=30) == 0
                watch.close()


def test_a_page_of_its_own_may_write() -> None:
    body = configmap("a")
    head = b"POST %b HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n" % MAPS.encode()
    with serve(empty()) as url:
        assert raw(url, head + b"Content-Length: %d\r\n\r\n" % len(body) + body).startswith(b"HTTP/1.1 201")


BROKEN = "/configmaps/default/broken"


def test_a_mistake_of_the_cluster_is_an_answer_and_it_goes_on() -> None:
    broken = replace(empty(), objects=empty().objects.with_(BROKEN, {"kind": "ConfigMap"}))
    with serve(broken) as url, urllib3.PoolManager() as pool:
        answer = pool.request("DELETE", f"{url}{MAPS}/broken")
        assert (answer.status, answer.json()["reason"]) == (500, "InternalError")
        assert "raised KeyError: this is a mistake in fkube" in answer.json()["message"]
        assert pool.request("POST", url + MAPS, body=configmap("a")).status == 201


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with serve(empty()) as url:
        port = urlsplit(url).port or 0
        refused = foreground(empty(), tmp_path / "config", port)
    assert isinstance(refused, IOFailure)
    assert "can't be served" in str(refused)


def test_who_names_no_field_manager_is_known_by_its_user_agent() -> None:
    made = json.dumps({"metadata": {"name": "a"}, "data": {"a": "1"}}).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "kubectl/v1.37.1 (linux/amd64)"}
    with connected() as connection:
        connection.request("POST", MAPS, made, headers)
        (entry,) = json.load(connection.getresponse())["metadata"]["managedFields"]
    assert (entry["manager"], entry["operation"]) == ("kubectl", "Update")


def test_only_serving_needs_h11() -> None:
    program = """
import io, sys
sys.modules["h11"] = None
from fkube.cli import program
sys.stdin = io.TextIOWrapper(io.BytesIO(b"{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"))
assert program.run(["create", "--embedded", "-f", "-"], {}) == 0
assert program.run(["get", "--embedded", "--raw", "/version"], {}) == 0
import fkube.edge.serve"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "configmap/a created" in run.stdout
    assert run.stderr.endswith("the server needs h11: pip install 'fkube[cli]'\n")


def test_a_watch_by_http_1_0_is_not_in_chunks() -> None:
    with serve(empty()) as url:
        asked = b"GET /api/v1/namespaces?watch=true&timeoutSeconds=1 HTTP/1.0\r\nHost: localhost\r\n\r\n"
        address = urlsplit(url)
        with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
            connection.sendall(asked)
            head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    assert b"chunked" not in head.lower()
    assert all(json.loads(line)["type"] == "ADDED" for line in body.splitlines())
    assert body
