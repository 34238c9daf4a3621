"""The loopback server: HTTP as clients speak it, clients that vanish, and a clean end."""

from __future__ import annotations

import http.client
import io
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3
import yaml
from returns.io import IOFailure, IOSuccess
from returns.result import Failure

from fkube.cluster.respond import empty
from fkube.edge.embedded import embedded
from fkube.edge.serve import foreground, kubeconfig, serve
from fkube.edge.wire import LIMIT, chunk, head, receive, whole
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


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        (b"nonsense\r\n\r\n", 400, b"no HTTP"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, b"this machine"),
        (b"GET / HTTP/1.1\r\n\r\n", 403, b"this machine"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n", 400, b"many"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab", 400, b"ends early"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, b"zz"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n", 413, b"limit is 3145728"),
        (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, b"no HTTP"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 200 + b"\r\n", 400, b"headers"),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_closed(
    sent: bytes, status: int, said: bytes
) -> None:
    with serve(empty()) as url:
        answer = raw(url, sent)
        assert answer.startswith(b"HTTP/1.1 %d " % status)
        assert b"connection: close" in answer
        assert said in answer


def test_a_body_over_the_limit_is_answered_although_it_is_still_being_sent() -> None:
    with connected() as connection:
        status, body = asked(connection, "POST", MAPS, b"x" * (LIMIT + 1))
        assert (status, json.loads(body)["reason"]) == (413, "RequestEntityTooLarge")


def test_a_chunked_body_over_the_limit_is_refused() -> None:
    sent = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = chunk(b"x" * (LIMIT // 2)) * 3
    assert receive(io.BytesIO(sent + pieces), print).failure().status == 413


def test_a_chunked_body_and_a_body_with_a_length_are_the_same_request() -> None:
    start = b"POST /a%20b?x=1&y= HTTP/1.1\r\nHost: [::1]:80\r\nAccept: a\r\nAccept: b\r\n"
    sized = receive(io.BytesIO(start + b"Content-Length: 5\r\n\r\nhello"), print)
    pieces = chunk(b"hel") + b"2;ext=1\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n"
    chunked = receive(io.BytesIO(start + b"Transfer-Encoding: chunked\r\n\r\n" + pieces), print)
    assert sized == chunked
    request = sized.unwrap().request
    assert (request.path, request.query, request.accept) == ("/a b", (("x", "1"), ("y", "")), "a,b")
    assert request.body == b"hello"


def test_a_client_that_waits_is_told_to_continue() -> None:
    said: list[bytes] = []
    sent = b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab"
    assert receive(io.BytesIO(sent), said.append).unwrap().keep_alive
    assert said == [b"HTTP/1.1 100 Continue\r\n\r\n"]
    large = sent.replace(b": 2", b": 9999999")
    assert isinstance(receive(io.BytesIO(large), said.append), Failure)
    assert len(said) == 1


@pytest.mark.parametrize(
    ("version", "header", "stays"),
    [("1.1", b"", True), ("1.1", b"Connection: close\r\n", False), ("1.0", b"", False)],
)
def test_who_closes_is_left_to_the_client(version: str, header: bytes, stays: bool) -> None:
    sent = f"GET / HTTP/{version}\r\nHost: localhost\r\n".encode() + header + b"\r\n"
    received = receive(io.BytesIO(sent), print).unwrap()
    assert received.keep_alive is stays


def test_the_end_of_the_stream_is_no_request() -> None:
    assert receive(io.BytesIO(), print) is None


def test_head_is_answered_without_a_body_and_the_connection_goes_on() -> None:
    with connected() as connection:
        assert asked(connection, "HEAD", "/version")[1] == b""
        assert asked(connection, "GET", "/version")[0] == 200


def test_a_header_can_not_begin_another() -> None:
    written = head(Response(200, None, (("warning", '299 - "a\r\nx: y"'),)), ())
    assert b"\r\nx: y" not in written
    assert whole(Response(200)).endswith(b"connection: keep-alive\r\n\r\n")


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
