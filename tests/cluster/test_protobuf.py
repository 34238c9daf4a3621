"""Protobuf bodies: what the real kubectl sends, and a writer beside the reader."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful

from fkube.cluster.respond import empty, respond
from fkube.cluster.writing.protobuf import CONTENT_TYPE, MAGIC, decode_protobuf
from fkube.exchange import Request

TABLES = json.loads(gzip.decompress(files("fkube.cluster").joinpath("messages.json.gz").read_bytes()))


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    head = b""
    while value > 0x7F:
        head, value = head + bytes([value & 0x7F | 0x80]), value >> 7
    return head + bytes([value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def written(type: str, value: Any) -> int | bytes:
    """A value as Kubernetes writes it: the decoder's other half."""
    if type == "int" or type == "bool":
        return int(value)
    if type == "string":
        return str(value).encode()
    if type == "bytes":
        return base64.b64decode(value)
    if type == "apimachinery/pkg/util/intstr.IntOrString":
        return (
            field(1, 0) + field(2, value)
            if isinstance(value, int)
            else field(1, 1) + field(3, value.encode())
        )
    if type == "apimachinery/pkg/api/resource.Quantity":
        return field(1, value.encode())
    return message(type, value)


def message(name: str, value: Mapping[str, Any]) -> bytes:
    parts = b""
    for number, (key, type, _) in TABLES["messages"][name].items():
        if not key:
            parts += field(int(number), message(type, value))
        for item in items(type, value.get(key)):
            parts += field(int(number), item)
    return parts


def items(type: str, value: Any) -> list[int | bytes]:
    if value is None:
        return []
    if type[0] == "[":
        return [written(type[1:], item) for item in value]
    if type[0] == "{":
        return [field(1, key.encode()) + field(2, written(type[1:], item)) for key, item in value.items()]
    return [written(type, value)]


def envelope(version: str, kind: str, raw: bytes) -> bytes:
    return MAGIC + field(1, field(1, version.encode()) + field(2, kind.encode())) + field(2, raw)


words = st.text(min_size=1, max_size=5)
maps = st.dictionaries(words, words, min_size=1, max_size=3)
containers = st.fixed_dictionaries(
    {"name": words, "image": words},
    optional={
        "args": st.lists(words, min_size=1, max_size=2),
        "env": st.just([{"name": "A", "value": "b"}]),
        "resources": st.builds(lambda q: {"limits": {"cpu": q}}, words),
        "livenessProbe": st.builds(
            lambda port: {"httpGet": {"path": "/", "port": port}}, st.one_of(st.integers(-9, 9), words)
        ),
    },
)
pods = st.fixed_dictionaries(
    {"containers": st.lists(containers, min_size=1, max_size=2)},
    optional={
        "nodeSelector": maps,
        "terminationGracePeriodSeconds": st.integers(-(2**63), 2**63 - 1),
        "automountServiceAccountToken": st.booleans(),
        "volumes": st.just([{"name": "v", "emptyDir": {}}, {"name": "w", "secret": {"secretName": "s"}}]),
    },
)


@given(pods, maps)
@settings(max_examples=50)
def test_what_is_written_is_read(spec: dict[str, Any], labels: dict[str, str]) -> None:
    metadata = {"name": "web", "labels": labels}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
    body = envelope("v1", "Pod", message("api/core/v1.Pod", pod))
    assert decode_protobuf(body).unwrap() == pod


KUBECTL = (
    "6b3873000a0f0a02763112094e616d657370616365121b0a130a03666f6f12001a002200"
    "2a00320038004200"
    "12001a020a001a002200"
)
"""What `kubectl create namespace foo` sent."""


def test_what_kubectl_sent_is_read() -> None:
    body = bytes.fromhex(KUBECTL)
    assert decode_protobuf(body).unwrap() == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "foo"},
    }
    _, response = respond(empty(), Request("POST", "/api/v1/namespaces", (), body, CONTENT_TYPE))
    assert (response.status, response.body["metadata"]["name"]) == (201, "foo")


def test_times_and_raw_objects() -> None:
    lease = field(2, field(3, field(1, 1700000000) + field(2, 5000)))
    spec = decode_protobuf(envelope("coordination.k8s.io/v1", "Lease", lease)).unwrap()["spec"]
    assert spec == {"acquireTime": "2023-11-14T22:13:20.000005Z"}
    dated = field(1, field(1, b"a") + field(9, field(1, 1700000000)) + field(8, b""))
    assert decode_protobuf(envelope("v1", "Secret", dated)).unwrap()["metadata"] == {
        "name": "a",
        "deletionTimestamp": "2023-11-14T22:13:20Z",
    }
    revision = field(2, field(1, b'{"a": [1]}')) + field(3, 2)
    assert decode_protobuf(envelope("apps/v1", "ControllerRevision", revision)).unwrap()["data"] == {"a": [1]}


def test_wrapped_lists_and_fields_that_nobody_knows() -> None:
    extra = field(5, field(1, b"k") + field(2, field(1, b"a") + field(1, b"b")))
    review = field(2, extra + field(99, b"later"))
    found = decode_protobuf(envelope("authorization.k8s.io/v1", "SubjectAccessReview", review)).unwrap()
    assert found["spec"] == {"extra": {"k": ["a", "b"]}}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{}", "does not appear to be a protobuf message"),
        (envelope("v1", "Nonsense", b""), 'no kind "Nonsense" is registered for version "v1"'),
        (MAGIC + b"\x0a\xff", "unexpected EOF"),
        (MAGIC + b"\x0a\xff\x01", "unexpected EOF"),
        (MAGIC + b"\x0d\x00\x00\x00\x00", "illegal wireType 5"),
        (MAGIC, 'no kind "" is registered for version ""'),
        (envelope("v1", "Pod", field(1, 7)), "wrong wireType 0"),
        (envelope("v1", "ConfigMap", field(4, b"x")), "wrong wireType 2"),
        (envelope("v1", "Pod", field(1, field(1, b"\xff"))), "utf-8"),
    ],
)
def test_what_is_no_object_is_refused(body: bytes, why: str) -> None:
    found = decode_protobuf(body)
    assert not is_successful(found)
    assert why in found.failure()
    _, response = respond(empty(), Request("POST", "/api/v1/namespaces/default/pods", (), body, CONTENT_TYPE))
    assert (response.status, response.body["reason"]) == (400, "BadRequest")


@given(st.binary(max_size=40))
@settings(max_examples=100)
def test_no_bytes_raise(data: bytes) -> None:
    for body in (MAGIC + data, envelope("v1", "Pod", data)):
        assert decode_protobuf(body) is not None
