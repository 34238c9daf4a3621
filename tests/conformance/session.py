"""One run of the state machine: what has been said to both servers, and what each of them knows it by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from fkube.exchange import JSON, Request, Response
from tests.conformance.beside import Beside, body
from tests.conformance.objects import Kind

Judge: TypeAlias = Callable[[str, list[str], tuple[Response, Response]], None]
"""Told of each request: its text, the lines in which the answers differ, and both. It raises to stop."""

Query: TypeAlias = tuple[tuple[str, str], ...]
Answers: TypeAlias = tuple[Response, Response]
Pair: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any]]
"""The same object as the real server has it, and as the embedded one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object is: its kind, namespace and name."""

    kind: Kind
    namespace: str
    name: str

    @property
    def path(self) -> str:
        """Its path."""
        return f"{self.collection}/{self.name}"

    @property
    def collection(self) -> str:
        """The path of the objects beside it."""
        return self.kind.collection(self.namespace)

    def object(self, fields: Mapping[str, Any], **metadata: Any) -> dict[str, Any]:
        """An object for this place."""
        within = {"namespace": self.namespace} if self.kind.namespaced else {}
        typed = {"apiVersion": self.kind.api_version, "kind": self.kind.kind}
        return {**typed, "metadata": {"name": self.name, **within, **metadata}, **fields}


@dataclass(frozen=True, slots=True)
class Session:
    """Both servers, and the history of what was made there; every name bears the session's prefix."""

    beside: Beside
    prefix: str
    judge: Judge
    history: dict[str, list[Pair]] = field(default_factory=dict)

    def place(self, kind: Kind, namespace: str, name: str) -> Place:
        """A place of this session's own."""
        return Place(
            self.kind(kind),
            f"{self.prefix}-{namespace}",
            name if kind.namespaced else f"{self.prefix}-{name}",
        )

    def kind(self, kind: Kind) -> Kind:
        """The kind, in a group of this session's own if it has none that all share."""
        return replace(kind, prefix=kind.prefix.replace("$OWN", self.prefix))

    def own(self, labels: Mapping[str, Any]) -> dict[str, Any]:
        """Labels with the one by which lists find the objects of this session."""
        return {**labels, "machine": self.prefix}

    def send(self, real: Request, embedded: Request | None = None) -> Answers:
        """Send a request to both and let it be judged."""
        answers = self.beside.send(real, embedded)
        asked = f"{real} {real.content_type} {real.accept} {(real.body or b'').decode(errors='replace')}"
        self.judge(asked, self.beside.differing(*answers), answers)
        return answers

    def each(
        self,
        method: str,
        path: str,
        bodies: tuple[Any, ...] = (None, None),
        query: Query = (),
        content_type: str = JSON,
        accept: str = JSON,
    ) -> Answers:
        """Send a request whose bodies are two, JSON data, for each server has its own names for things."""
        real, embedded = (None if data is None else body(data) for data in bodies)
        first, second = (
            Request(method, path, query, data, content_type, accept) for data in (real, embedded)
        )
        return self.send(first, second)

    def both(
        self, method: str, path: str, data: Any = None, query: Query = (), content_type: str = JSON
    ) -> Answers:
        """Send one request to both."""
        return self.each(method, path, (data, data), query, content_type)

    def remember(self, place: Place, answers: Answers, query: Query) -> None:
        """Keep what both servers made of an object, for later updates and watches."""
        if all(answer.status < 300 for answer in answers) and ("dryRun", "All") not in query:
            self.history.setdefault(place.path, []).append((answers[0].body, answers[1].body))

    def seen(self, place: Place, back: int) -> Pair | None:
        """Both servers' object at a place, as it was so many changes ago."""
        found = self.history.get(place.path, [])
        return found[max(0, len(found) - 1 - back)] if found else None
