"""What every server looks like to the rest of fkube: a value of functions, and clients made of others."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from returns.result import Failure, Result
from toolz import compose_left

from fkube.exchange.conversation import Request, Response, warnings
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import TransportError, VisitError
from fkube.resource.info import Object

if TYPE_CHECKING:
    from fkube.cluster import State
    from fkube.edge.livecluster import Clock as ClusterClock

Send: TypeAlias = Callable[[Request], Result[Response, VisitError]]
"""Send one request; every answer is a Success whatever its status, a Failure means that no answer came."""

Events: TypeAlias = Generator[Result[Object, VisitError], None, None]
"""Newline-delimited JSON objects as they arrive; a failure is the last of them."""


Clock: TypeAlias = Callable[[], float]
"""The time, in seconds."""

Warned: TypeAlias = Callable[[Sequence[str]], object]
"""What is told of warnings, by any thread; the same may come again."""


class Cache(Protocol):
    """A store for what a server offers between commands: bodies by path. `read` gives None if it has none.

    `beside` is the store of something else that the same server said, by a name.
    """

    def read(self) -> Mapping[str, Any] | None: ...
    def write(self, answers: Mapping[str, Any], /) -> None: ...
    def beside(self, name: str, /) -> Cache: ...


class Stream(Protocol):
    """Send a request and yield the objects of its answer; a silence of `patience` seconds is a `TimedOut`."""

    def __call__(self, request: Request, patience: float = math.inf, /) -> Events: ...


def no_stream(request: Request, patience: float = math.inf) -> Events:  # noqa: ARG001
    """Yield one failure: the stream of a client that can't watch.

    >>> next(no_stream(Request("GET", "/api/v1/pods"))).failure().message
    'this client cannot watch: GET /api/v1/pods'
    """
    yield Failure(TransportError(f"this client cannot watch: {request}"))


def endless() -> float:
    """The seconds that are left of a run whose time is not limited."""
    return math.inf


def nothing_halts() -> VisitError | None:
    """Why nothing more should begin on a client: nothing is in the way."""
    return None


def warn_nobody(warnings: Sequence[str]) -> None:
    """Do nothing: what hears the warnings of a client that nobody listens to."""


def nothing_to_close() -> None:
    """Do nothing: the `close` of a client that holds nothing open."""


@dataclass(frozen=True, slots=True)
class Client:
    """A way to an API server: `send` may be called from many threads at once.

    `namespace` is the one to use where nothing else says, from the kubeconfig or a flag; `server` its URL,
    for messages and caches; `cluster` what outcomes call it; `cache` keeps what it offers. `seconds_left`:
    until its time is over; `halt`: why nothing more should begin on it (`fkube.edge.limits`). `warned`: what
    is told the warnings of documents that are read, and after `listen_for_warnings` those of answers.
    No credential is in the repr: functions hold them.

    >>> Client(lambda request: Failure(TransportError("gone")), server="https://example.org").namespace
    'default'
    """

    send: Send = field(repr=False)
    namespace: str = "default"
    server: str = ""
    stream: Stream = field(default=no_stream, repr=False)
    close: Callable[[], None] = field(default=nothing_to_close, repr=False)
    cache: Cache | None = field(default=None, repr=False)
    cluster: str = ""
    seconds_left: Callable[[], float] = field(default=endless, repr=False)
    halt: Callable[[], VisitError | None] = field(default=nothing_halts, repr=False)
    warned: Warned = field(default=warn_nobody, repr=False)


def embedded(state: State | None = None, clock: ClusterClock | None = None, cluster: str = "") -> Client:
    """A client of a new cluster in this process's memory, which starts from `state` or empty.

    The cluster lives as long as the client does. `cluster` is what outcomes call it.

    >>> embedded().send(Request("GET", "/api/v1/namespaces/default")).unwrap().body["kind"]
    'Namespace'
    """
    # Imported here: who talks to a real server should not wait for one of ours.
    from fkube.edge.livecluster import host_cluster

    return host_cluster(state, clock, cluster)


def transform_requests(client: Client, transforms: Sequence[Callable[[Request], Request]]) -> Client:
    """The client with each request changed by these functions before it is sent, the first of them first.

    Follows `NewClientWithOptions` of cli-runtime.
    """
    if not transforms:
        return client
    change: Callable[[Request], Request] = compose_left(*transforms)

    def stream(request: Request, patience: float = math.inf) -> Events:
        yield from client.stream(change(request), patience)

    return replace(client, send=lambda request: client.send(change(request)), stream=stream)


def listen_for_warnings(client: Client, warned: Warned) -> Client:
    """The client whose warnings are told, those of every answer: also of reads before a verb, and between.

    Follows `SetDefaultWarningHandler` of client-go.

    >>> from returns.result import Success
    >>> client = Client(lambda request: Success(Response(200, headers=(("warning", '299 - "old"'),))))
    >>> _ = listen_for_warnings(client, print).send(Request("GET", "/api"))
    ('old',)
    """

    def send(request: Request) -> Result[Response, VisitError]:
        answer = client.send(request)
        answer.map(warnings).map(warned)
        return answer

    return replace(client, send=send, warned=warned)
