"""One request to both API servers, the real one and the embedded, and where their answers differ."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import urllib3
from returns.result import Success

from fkube.cluster import State, at, respond
from fkube.cluster.watch import next_events, open_watch
from fkube.exchange import Request, Response
from tests.conformance.compare import differences
from tests.conformance.server import Server

HEADERS = ("content-type", "warning", "retry-after", "location", "allow", "cache-control", "www-authenticate")
"""The headers that clients use."""

DEFINITIONS = "/customresourcedefinitions"
UID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
VERSION_IN_TEXT = re.compile(
    r"(?<=ResourceVersion in precondition: )\d+|(?<=ResourceVersion in object meta: )\d+"
)
TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
GENERATED = re.compile(r"\b(made-by-server-)[a-z0-9]{5}\b")
CAUSES = re.compile(r"(is invalid: )\[(.*)\]$", re.DOTALL)
AGE = re.compile(r"^\d+s$")


@dataclass(slots=True)
class Aliases:
    """Names for what a server makes up, in the order in which they are met: both sides must agree on them.

    While `trying`, nothing new is learnt: what a dry run makes, or a deletion, is not there afterwards.
    """

    uids: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    trying: bool = False

    def plain(self, body: Any, key: str = "") -> Any:
        """A body with aliases for uids and resourceVersions, and without times."""
        if isinstance(body, Mapping):
            named = {**body, "metadata": _page(body)} if "items" in body or "rows" in body else body
            return {name: self.plain(named[name], name) for name in sorted(named)}
        if isinstance(body, list):
            return _ordered([self.plain(each, key) for each in body], key)
        if key == "resourceVersion" and isinstance(body, str):
            return self._alias(self.versions, body, "version")
        return self._text(body) if isinstance(body, str) else body

    def _text(self, text: str) -> str:
        text = CAUSES.sub(_sorted_causes, text)
        text = UID.sub(lambda found: self._alias(self.uids, found.group(), "uid"), text)
        text = VERSION_IN_TEXT.sub(lambda found: self.versions.get(found.group(), "unknown version"), text)
        return AGE.sub("AGE", GENERATED.sub(r"\1xxxxx", TIME.sub("TIME", text)))

    def _alias(self, known: dict[str, str], name: str, what: str) -> str:
        new = f"tried {what}" if self.trying else f"{what} {len(known)}"
        return known.get(name, new) if self.trying else known.setdefault(name, new)


def _ordered(values: list[Any], key: str) -> list[Any]:
    """Values as they are; those sorted that Go finds in the order of a map, which is none, or of time."""
    return sorted(values, key=str) if key in ("causes", "resources", "managedFields") else values


def _sorted_causes(found: re.Match[str]) -> str:
    """The same for the message that names them all."""
    return f"{found[1]}[{', '.join(sorted(found[2].split(', ')))}]"


def _page(body: Mapping[str, Any]) -> Any:
    """The metadata of a list: its version is the whole server's, and its token is opaque."""
    given = body.get("metadata")
    if not isinstance(given, Mapping):
        return given
    token = {"continue": "TOKEN"} if given.get("continue") else {}
    return {**{key: value for key, value in given.items() if key != "resourceVersion"}, **token}


@dataclass(slots=True)
class Beside:
    """Both servers, and what has been learnt of their names for things."""

    server: Server
    state: State
    theirs: Aliases = field(default_factory=Aliases)
    ours: Aliases = field(default_factory=Aliases)
    agent: str = "judge"

    def send(self, real: Request, embedded: Request | None = None) -> tuple[Response, Response]:
        """The answers of both; the requests differ only where each server has its own uids and versions."""
        # Of what is deleted or defined, too, one server may write a version that the other does not.
        trying = real.method == "DELETE" or ("dryRun", "All") in real.query or DEFINITIONS in real.path
        self.theirs.trying = self.ours.trying = trying
        first, second = (replace(each, agent=self.agent) for each in (real, embedded or real))
        self.state, answer = respond(at(self.state, datetime.now(UTC)), second)
        return asked(self.server, first), answer

    def watched(self, real: Request, embedded: Request, last: str) -> tuple[Response, Response]:
        """What a watch tells, up to the event that has the real server's version `last`."""
        found = open_watch(self.state, embedded).map(lambda watch: next_events(watch, self.state)[1])
        ours = Response(200, [*found.unwrap()]) if isinstance(found, Success) else found.failure()
        return _streamed(self.server, real, last), replace(ours, headers=())

    def differing(self, real: Response, embedded: Response) -> list[str]:
        """Where two answers differ, one line each."""
        return unlike(real, embedded, self.theirs, self.ours)


def unlike(real: Response, embedded: Response, theirs: Aliases, ours: Aliases) -> list[str]:
    """Where two answers differ, in what each side knows its objects by."""
    return list(differences(_comparable(real, theirs), _comparable(embedded, ours)))


def asked(server: Server, request: Request) -> Response:
    """The real server's answer to a request."""
    path = request.path + (f"?{urlencode(request.query)}" if request.query else "")
    headers = {
        "User-Agent": request.agent,
        "Accept": request.accept,
        **({"Content-Type": request.content_type} if request.body is not None else {}),
    }
    answer = server.send(request.method, path, request.body, **headers)
    while answer.status == 429:  # It asks to be asked again: after a definition has changed, say.
        time.sleep(0.1)
        answer = server.send(request.method, path, request.body, **headers)
    pairs = tuple((name.lower(), value) for name, value in answer.headers.items())
    json_data = answer.data and "json" in answer.headers.get("content-type", "")
    return Response(answer.status, json.loads(answer.data) if json_data else answer.data.decode(), pairs)


def _streamed(server: Server, request: Request, last: str) -> Response:
    """The real server's watch events up to the one of a version."""
    events: list[Any] = []
    headers = {"Authorization": f"Bearer {server.token}", "Accept": request.accept}
    path = f"{server.url}{request.path}?{urlencode((*request.query, ('timeoutSeconds', '5')))}"
    later = urllib3.Retry(20, status_forcelist=[429], backoff_factor=0.1, raise_on_status=False)
    stream = server.pool.request("GET", path, headers=headers, preload_content=False, retries=later)
    if stream.status != 200:
        return Response(stream.status, stream.json())
    for line in stream:
        events.append(json.loads(line))
        if f'"resourceVersion":"{last}"' in line.decode():
            break
    stream.close()
    return Response(200, events)


def body(data: Any) -> bytes:
    """A body as it goes over the wire."""
    return json.dumps(data).encode()


def _comparable(response: Response, aliases: Aliases) -> Mapping[str, Any]:
    return {
        "status": response.status,
        "headers": dict(_headers(response)),
        "body": aliases.plain(response.body),
    }


def _headers(response: Response) -> Iterator[tuple[str, list[str]]]:
    for name in HEADERS:
        values = sorted(value for key, value in response.headers if key == name)
        if values:
            yield name, values
