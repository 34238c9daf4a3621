"""Worlds for tests of watches: a cluster, connections that break by a script, a time nobody waits for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from returns.result import Failure, Success

from fkube.cluster.respond import empty, respond
from fkube.cluster.state import State, at
from fkube.cluster.watch import next_events, open_watch
from fkube.edge.client import Client
from fkube.exchange import Request, Response, status_error
from fkube.resource.errors import StatusError, TimedOut, TransportError

MAPS = "/api/v1/namespaces/default/configmaps"
MERGE = "application/merge-patch+json"


def create(name, label="x"):
    metadata = {"name": name, "labels": {"app": label}}
    return Request("POST", MAPS, body={"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})


def relabel(name, label):
    body = {"metadata": {"labels": {"app": label}}}
    return Request("PATCH", f"{MAPS}/{name}", body=body, content_type=MERGE)


def delete(name):
    return Request("DELETE", f"{MAPS}/{name}")


@dataclass(frozen=True, slots=True)
class Cut:
    """An answer ends in this way, after so many of the events that were due."""

    how: str
    after: int = 9


COMPACT, BOOKMARK, OVER = "compact", "bookmark", StatusError("the script is over", 403)
FAILURES = {
    "reset": TransportError("connection reset"),
    "silent": TimedOut("silence"),
    "busy": StatusError("busy", 429, retry_after=5),
    "broken": StatusError("broken", 500),
}
HOW = ("end", "error", *FAILURES)


@dataclass(slots=True)
class World:
    """A cluster, a script of what happens to it and its connections, and the time, which nobody waits for."""

    script: list
    state: State = field(default_factory=empty)
    time: float = 0.0
    slept: list = field(default_factory=list)
    asked: list = field(default_factory=list)

    def client(self):
        return Client(self.send, stream=self.stream)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds

    def happens(self, step):
        """One step of the script that is no cut."""
        if step == COMPACT:
            self.state = replace(self.state, forgotten=self.state.version)
        elif step == BOOKMARK:
            self.state = at(self.state, self.state.now + timedelta(seconds=61))
        else:
            self.state, _ = respond(self.state, step)

    def send(self, request):
        """A list: something may happen before the next page; what was listed once may fail to be again."""
        if not request.path.endswith("/configmaps"):
            return Success(respond(self.state, request)[1])
        again = any("watch" in dict(before.query) for before in self.asked)
        self.asked.append(request)
        step = self.script[0] if self.script else None
        if isinstance(step, Cut) and again:
            return self.refused(self.script.pop(0))
        self.state, response = respond(self.state, request)
        if step is not None and not isinstance(step, Cut):
            self.happens(self.script.pop(0))
        return Success(response)

    def refused(self, cut):
        failure = FAILURES.get(cut.how, FAILURES["reset"])
        if isinstance(failure, StatusError):
            return Success(Response(failure.code, {}, (("retry-after", str(failure.retry_after)),)))
        return Failure(failure)

    def stream(self, request, patience=0.0):
        self.asked.append(request)
        begun = open_watch(self.state, request)
        if not isinstance(begun, Success):
            yield Failure(status_error(begun.failure()))
            return
        watched = begun.unwrap()
        while self.script:
            step = self.script.pop(0)
            if isinstance(step, Cut):
                yield from map(Success, next_events(watched, self.state)[1][: step.after])
                yield from self.end(step, patience)
                return
            self.happens(step)
            if step == BOOKMARK:
                watched, events = next_events(watched, self.state)
                yield from map(Success, events)
        events = next_events(watched, self.state)[1]
        yield from map(Success, events)
        if not any(event["type"] == "ERROR" for event in events):
            yield Failure(OVER)

    def end(self, cut, patience):
        if cut.how == "error":
            yield Success({"type": "ERROR", "object": {"code": 500, "details": {"retryAfterSeconds": 7}}})
        elif cut.how != "end":
            self.time += patience if cut.how == "silent" else 0
            yield Failure(FAILURES[cut.how])


def after(*requests):
    """The cluster that these requests leave, whether they succeed or not."""
    state = empty()
    for request in requests:
        state, _ = respond(state, request)
    return state
