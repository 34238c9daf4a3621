"""The server behind the proxy, and what goes to and fro as data."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import urllib3

from tests.faults.faults import Fault

HOP = ("connection", "transfer-encoding", "content-length", "keep-alive")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the upstream."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came, and what it is about: an object's label, or `discovery`, `openapi`, `other`."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    about: str

    @property
    def watches(self) -> bool:
        return "watch=true" in self.target

    @property
    def verb(self) -> str:
        """What it asks for: its method, and GET for a dry run, which changes nothing."""
        return method_of(self.method, self.target)


@dataclass(frozen=True, slots=True)
class Seen:
    """What befell a request: its fault, and the status with which the upstream carried it out or refused it.

    `carried` is 0 where the upstream was never asked; a late request has its status once it has landed.
    """

    about: str
    method: str
    fault: Fault
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Upstream:
    """A server: its URL, the headers that open it, and how its certificate is known.

    `age` lets some time pass on it, by which what was put there is older than what a run makes.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    authority: str | None = None
    age: Callable[[], object] = lambda: None
    pool: urllib3.PoolManager = field(init=False, repr=False)

    def __post_init__(self) -> None:
        made = urllib3.PoolManager(maxsize=16, ca_certs=self.authority, retries=False, timeout=30)
        object.__setattr__(self, "pool", made)

    def send(
        self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request, and read the answer as it is."""
        given = {"Accept": "application/json", **(headers or {}), **self.headers}
        answer = self.pool.request(
            method, self.url + target, body=body or None, headers=given, redirect=False, decode_content=False
        )
        return Answer(answer.status, kept(answer.headers.items()), answer.data)

    def open(self, asked: Asked) -> tuple[http.client.HTTPResponse, socket.socket]:
        """Begin an answer that has no end, and give its socket too."""
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=self.authority)
            line: http.client.HTTPConnection = http.client.HTTPSConnection(parts.netloc, context=context)
        else:
            line = http.client.HTTPConnection(parts.netloc)
        line.connect()
        wire = line.sock
        line.request(asked.method, asked.target, headers={**forwarded(asked), **self.headers})
        return line.getresponse(), wire

    def close(self) -> None:
        self.pool.clear()


def kept(headers: Iterator[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if name.lower() not in HOP)


def forwarded(asked: Asked) -> dict[str, str]:
    dropped = (*HOP, "host", "accept-encoding")
    return {name: value for name, value in asked.headers if name.lower() not in dropped}


def method_of(method: str, target: str) -> str:
    """The method of a request; a dry run counts as a GET, as it changes nothing."""
    return "GET" if "dryRun=All" in target else method


def about(target: str, body: bytes) -> str:
    """What a request is about: the label of its object, or which part of the server."""
    path = unquote(target)
    found = re.search(r"/namespaces/[^/]+/[a-z]+/(o\d+)\b|metadata\.name=(o\d+)\b", path)
    if found:
        return found[1] or found[2]
    if path.startswith("/openapi"):
        return "openapi"
    if path.partition("?")[0] == "/version":
        return "version"
    if "/namespaces" not in path:
        return "discovery"
    with contextlib.suppress(ValueError, AttributeError, TypeError, KeyError):
        return str(json.loads(body)["metadata"]["labels"]["n"])
    return "other"
