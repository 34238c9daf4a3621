"""What `-v` tells of requests: by the level what, and of nothing a credential or what a Secret keeps."""

import json
import re

import pytest
from returns.result import Failure, Success

from fkube.edge.client import Client
from fkube.edge.tracing import Trace, read_trace, trace_client
from fkube.exchange import Request, Response
from fkube.resource.errors import TransportError

PATH = "/api/v1/namespaces/shop/secrets/keys"
SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {
        "name": "keys",
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "hunter2", "note": "hunter2"},
    },
    "data": {"a": "aHVudGVyMg=="},
    "stringData": {"b": "hunter2"},
}
HEADERS = (
    ("Authorization", "Bearer hunter2"),
    ("Accept", "application/json"),
    ("Set-Cookie", "hunter2"),
    ("Proxy-Authorization", "hunter2"),
    ("Location", "https://me:hunter2@a.example"),
    ("Impersonate-Extra-Key", "hunter2"),
)


def _told(level, request, response):
    lines = []
    client = Client(lambda _: response, server="https://a.example")
    trace_client(client, read_trace(level, "", lines.append)).send(request)
    return lines


def _kind(line):
    plain = re.sub(r'"(?:[^"\\]|\\.)*"', "", re.sub(r"=<\n(?:\t.*\n)* >", "=", line[line.index("]") :]))
    return (re.search(r'\] "([^"]*)"', line)[1], *re.findall(r" (\w+)=", plain))


@pytest.mark.parametrize(
    ("level", "kinds"),
    [
        (0, []),
        (5, []),
        (6, [("Response", "verb", "url", "status", "milliseconds")]),
        (7, [("Request", "verb", "url", "headers"), ("Response", "status", "milliseconds")]),
        (
            8,
            [
                ("Request Body", "body"),
                ("Request", "verb", "url", "headers"),
                ("Response", "status", "milliseconds"),
                ("Response Body", "body"),
            ],
        ),
        (
            9,
            [
                ("Request Body", "body"),
                ("Request", "curlCommand"),
                ("Response", "verb", "url", "status", "milliseconds"),
                ("Response Body", "body"),
            ],
        ),
    ],
)
def test_what_is_told_by_the_level(level, kinds):
    assert list(map(_kind, _told(level, Request("GET", "/api"), Success(Response(200, {}))))) == kinds


def test_headers_of_answers_are_told_from_8_on():
    for level, shown in ((6, False), (7, False), (8, True), (9, True)):
        lines = []
        Trace(level, 0, lines.append).tell_response("GET", "https://a", 200, (("date", "now"),), 0.25)
        assert ("Date: now" in lines[0]) == shown
        assert "milliseconds=250" in lines[0]


@pytest.mark.parametrize("level", [7, 8, 9, 10])
def test_no_credential_is_told(level):
    lines = []
    trace = Trace(level, level, lines.append)
    trace.tell_request("GET", "https://a.example/api", HEADERS)
    trace.tell_response("GET", "https://a.example/api", 200, HEADERS, 0.0)
    assert "hunter2" not in "".join(lines)
    assert "Authorization: Bearer <masked>" in "".join(lines)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PATH, SECRET),
        ("/api/v1/namespaces/shop/secrets", {"kind": "SecretList", "items": [{"data": {"a": "hunter2"}}]}),
        ("/api/v1/secrets", {"items": [SECRET]}),
        ("/apis/a.b/v1/lists", {"kind": "List", "items": [{"kind": "ConfigMap", "data": {}}, SECRET]}),
        (PATH, {"data": {"a": "hunter2"}}),
        (PATH, {"stringDatb": {"a": "hunter2"}}),
        ("/a", {"kind": "Secret", "more": "hunter2"}),
        (PATH, {"rows": [{"object": {"kind": "PartialObjectMetadata", "metadata": SECRET["metadata"]}}]}),
        (PATH, {"metadata": {"annotations": {"note": "hunter2"}}}),
        (PATH, [{"op": "add", "path": "/data/a", "value": "hunter2"}]),
        (PATH, [{"op": "add", "path": "/data", "value": {"a": "hunter2"}}]),
        (PATH, json.dumps(SECRET).encode()),
        (PATH, "data: {a: hunter2}"),
        ("/a", "kind: Secret\ndata: {a: hunter2}"),
        ("/a", {"kind": "TokenReview", "spec": {"token": "hunter2"}}),
        ("/a", {"type": "ADDED", "object": SECRET}),
        ("/a", {"kind": "Table", "rows": [{"object": SECRET}]}),
        (
            "/api/v1/namespaces/shop/configmaps/a",
            {"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "hunter2"}}},
        ),
    ],
)
def test_nothing_that_a_secret_keeps_is_told(path, body):
    told = "".join(_told(10, Request("PATCH", path, body=body), Success(Response(200, body))))
    assert "hunter2" not in told
    assert "aHVudGVyMg" not in told
    assert "***" in told


def test_a_refusal_does_not_tell_what_was_sent():
    request = Request("POST", "/api/v1/namespaces/shop/secrets", body={"stringData": {"a": "hunter2hunter2"}})
    refusal = Response(400, {"kind": "Status", "message": 'invalid value "hunter2hunter2"'})
    assert "hunter2" not in "".join(_told(10, request, Success(refusal)))


def test_other_bodies_are_told_as_they_are():
    body = {"kind": "ConfigMap", "data": {"a": "b"}}
    told = _told(8, Request("POST", "/a", body=body), Success(Response(201, "ok")))
    assert told[0].endswith('body="{\\"data\\":{\\"a\\":\\"b\\"},\\"kind\\":\\"ConfigMap\\"}"')
    assert told[-1].endswith('body="ok"')


@pytest.mark.parametrize(("level", "most"), [(8, 1024), (9, 10240), (10, 20000)])
def test_long_bodies_are_cut(level, most):
    told = _told(level, Request("GET", "/a"), Success(Response(200, "a" * 20000)))[-1]
    assert told.count("a" * most) == 1
    assert ("[truncated" in told) == (most < 20000)


def test_what_gets_no_answer_is_told_too():
    (line,) = _told(6, Request("GET", "/a"), Failure(TransportError("gone")))
    assert 'url="https://a.example/a" status=""' in line


def test_patterns_of_files_raise_the_level():
    lines = []
    trace = read_trace(2, "round*=6,helper=9", lines.append)
    assert (trace.requests, trace.bodies) == (6, 9)
