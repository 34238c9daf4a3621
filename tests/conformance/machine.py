"""The state machine: meaningful requests in any order, to the real API server and to the embedded cluster."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from fkube.cluster import State
from fkube.exchange import JSON, Request, Response
from tests.conformance import objects as drawn
from tests.conformance.beside import Beside, body
from tests.conformance.objects import CONFIG_MAP, Kind
from tests.conformance.server import Server

Judge: TypeAlias = Callable[[str, list[str], tuple[Response, Response]], None]
"""Told of each request: its text, the lines in which the answers differ, and both. It raises to stop."""

Query: TypeAlias = tuple[tuple[str, str], ...]
Pair: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any]]
_count = itertools.count()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object is: its kind, namespace and name."""

    kind: Kind
    namespace: str
    name: str

    @property
    def path(self) -> str:
        """Its path."""
        return f"{self.kind.collection(self.namespace)}/{self.name}"

    def object(self, fields: Mapping[str, Any], **metadata: Any) -> dict[str, Any]:
        """An object for this place."""
        within = {"namespace": self.namespace} if self.kind.namespaced and self.namespace else {}
        typed = {"apiVersion": self.kind.api_version, "kind": self.kind.kind}
        return {**typed, "metadata": {"name": self.name, **within, **metadata}, **fields}


def machine(server: Server, state: State, judge: Judge) -> type[RuleBasedStateMachine]:
    """The state machine on a server and a state that begin alike."""

    class Requests(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.beside = Beside(server, state)
            self.prefix = f"m{next(_count)}"
            self.known: dict[str, list[Pair]] = {}
            for name in ("one", "two"):
                made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": f"{self.prefix}-{name}"}}
                self.beside.send(Request("POST", "/api/v1/namespaces", body=body(made)))

        # --- what the rules are made of

        def place(self, kind: Kind, namespace: str, name: str) -> Place:
            return Place(kind, f"{self.prefix}-{namespace}", name if kind.namespaced else f"{self.prefix}-{name}")

        def send(self, real: Request, embedded: Request | None = None) -> tuple[Response, Response]:
            answers = self.beside.send(real, embedded)
            said = f"{real} {real.content_type} {real.accept} {(real.body or b'').decode(errors='replace')}"
            judge(said, self.beside.differing(*answers), answers)
            return answers

        def both(self, method: str, path: str, bodies: tuple[Any, Any] | None = None, query: Query = (), type_: str = JSON, accept: str = JSON) -> tuple[Response, Response]:
            real, embedded = (None, None) if bodies is None else map(body, bodies)
            first, second = (Request(method, path, query, data, type_, accept) for data in (real, embedded))
            return self.send(first, second)

        def remember(self, place: Place, answers: tuple[Response, Response], query: Query) -> None:
            if all(answer.status < 300 for answer in answers) and ("dryRun", "All") not in query:
                self.known.setdefault(place.path, []).append((answers[0].body, answers[1].body))

        def seen(self, place: Place, back: int) -> Pair | None:
            """Both servers' object at a place, as it was so many changes ago."""
            history = self.known.get(place.path, [])
            return history[max(0, len(history) - 1 - back)] if history else None

        # --- the rules

        @rule(kind=drawn.kinds, namespace=drawn.namespaces, name=drawn.names, labels=drawn.labels, metadata=drawn.metadata, query=drawn.queries, data=st.data())
        def create(self, kind: Kind, namespace: str, name: str, labels: Any, metadata: Any, query: Query, data: Any) -> None:
            place = self.place(kind, namespace, name)
            made = place.object(data.draw(kind.fields), labels={**labels, "machine": self.prefix}, **metadata)
            self.remember(place, self.both("POST", kind.collection(place.namespace), (made, made), query), query)

        @rule(kind=drawn.kinds, name=st.one_of(drawn.names, drawn.bad_names), labels=st.one_of(drawn.labels, drawn.bad_labels), metadata=drawn.odd_metadata, query=drawn.queries, data=st.data())
        def create_oddly(self, kind: Kind, name: Any, labels: Any, metadata: Any, query: Query, data: Any) -> None:
            place = self.place(kind, "one", "odd")
            made = place.object(data.draw(kind.fields), labels=labels, **metadata)
            made["metadata"]["name"] = name if kind.namespaced or not isinstance(name, str) else f"{self.prefix}-{name}"
            self.both("POST", kind.collection(place.namespace), (made, made), query)

        @rule(kind=drawn.kinds, change=st.sampled_from(["namespace", "missing", "kind", "version", "name", "generate", "both", "resourceVersion", "metadata", "untyped"]), data=st.data())
        def create_mistaken(self, kind: Kind, change: str, data: Any) -> None:
            place = self.place(kind, "one", "mistaken")
            made = place.object(data.draw(kind.fields), labels={"machine": self.prefix})
            metadata = made["metadata"]
            changed: dict[str, Callable[[], Any]] = {
                "namespace": lambda: metadata.update(namespace="elsewhere"),
                "kind": lambda: made.update(kind="Other"),
                "version": lambda: made.update(apiVersion="v9"),
                "name": lambda: metadata.pop("name"),
                "generate": lambda: (metadata.pop("name"), metadata.update(generateName="made-by-server-")),
                "both": lambda: metadata.update(generateName="made-by-server-"),
                "resourceVersion": lambda: metadata.update(resourceVersion="5"),
                "metadata": lambda: made.pop("metadata"),
                "untyped": lambda: (made.pop("kind"), made.pop("apiVersion")),
            }
            changed.get(change, lambda: None)()
            namespace = f"{self.prefix}-missing" if change == "missing" else place.namespace
            metadata.update({"namespace": namespace} if change == "missing" and kind.namespaced else {})
            answers = self.both("POST", kind.collection(namespace), (made, made))
            if all(answer.status == 201 for answer in answers):
                paths = [f"{kind.collection(namespace)}/{answer.body['metadata']['name']}" for answer in answers]
                self.send(*(Request("DELETE", path) for path in paths))

        @rule(kind=drawn.kinds, namespace=drawn.namespaces, name=drawn.names, accept=drawn.accepts, sub=st.sampled_from(["", "", "", "/status", "/scale", "/nothing"]))
        def get(self, kind: Kind, namespace: str, name: str, accept: str, sub: str) -> None:
            self.both("GET", self.place(kind, namespace, name).path + sub, accept=accept)

        @rule(kind=drawn.kinds, namespace=st.sampled_from(["one", "two", "missing", ""]), label=st.one_of(st.just(""), drawn.label_selectors), field=st.one_of(st.just(""), st.just(""), drawn.field_selectors), limit=st.sampled_from(["", "", "1", "2", "0", "-1", "x"]), accept=drawn.accepts)
        def list(self, kind: Kind, namespace: str, label: str, field: str, limit: str, accept: str) -> None:
            path = kind.collection(f"{self.prefix}-{namespace}" if namespace else "")
            own = ",".join(filter(None, (f"machine={self.prefix}", label)))
            asked = tuple((key, value) for key, value in (("labelSelector", own), ("fieldSelector", field), ("limit", limit)) if value)
            answers = self.both("GET", path, query=asked, accept=accept)
            for _ in range(4):
                tokens = [answer.body.get("metadata", {}).get("continue") if isinstance(answer.body, dict) else None for answer in answers]
                if not all(tokens):
                    break
                answers = self.send(*(Request("GET", path, (*asked, ("continue", token)), accept=accept) for token in tokens))

        @rule(kind=drawn.kinds, namespace=drawn.namespaces, name=drawn.names, back=st.sampled_from([0, 0, 0, 1, 2]), labels=drawn.labels, change=st.sampled_from(["", "", "", "no version", "bad version", "uid", "name", "namespace", "finalizers", "same", "kind"]), sub=st.sampled_from(["", "", "/status"]), query=drawn.queries, data=st.data())
        def update(self, kind: Kind, namespace: str, name: str, back: int, labels: Any, change: str, sub: str, query: Query, data: Any) -> None:
            place = self.place(kind, namespace, name)
            fields = data.draw(kind.fields)
            made = place.object(fields, labels={**labels, "machine": self.prefix})
            pair = self.seen(place, back) or (made, made)
            bodies = tuple(_updated(stored, made, change) for stored in pair)
            self.remember(place, self.both("PUT", place.path + sub, bodies, query), query)

        @rule(kind=drawn.kinds, namespace=drawn.namespaces, name=drawn.names, patch=drawn.patches, sub=st.sampled_from(["", "", "", "/status"]), query=drawn.queries)
        def patch(self, kind: Kind, namespace: str, name: str, patch: tuple[str, Any], sub: str, query: Query) -> None:
            place = self.place(kind, namespace, name)
            self.remember(place, self.both("PATCH", place.path + sub, (patch[1], patch[1]), query, patch[0]), query)

        @rule(kind=drawn.kinds, namespace=drawn.namespaces, name=drawn.names, options=drawn.delete_options, query=st.sampled_from([(), (), (("propagationPolicy", "Orphan"),), (("dryRun", "All"),), (("gracePeriodSeconds", "0"),)]))
        def delete(self, kind: Kind, namespace: str, name: str, options: Any, query: Query) -> None:
            given = None if options is None else ({**options},) * 2
            self.both("DELETE", self.place(kind, namespace, name).path, given, query)

        @rule(kind=drawn.kinds, namespace=drawn.namespaces, name=drawn.names, back=st.sampled_from([0, 1]), what=st.sampled_from(["uid", "resourceVersion"]))
        def delete_if(self, kind: Kind, namespace: str, name: str, back: int, what: str) -> None:
            place = self.place(kind, namespace, name)
            if pair := self.seen(place, back):
                bodies = tuple({"preconditions": {what: stored["metadata"][what]}} for stored in pair)
                self.both("DELETE", place.path, bodies)

        @rule(kind=drawn.kinds, namespace=drawn.namespaces, label=st.one_of(st.just("app=web"), drawn.label_selectors), query=drawn.dry_runs)
        def delete_collection(self, kind: Kind, namespace: str, label: str, query: Query) -> None:
            path = kind.collection(f"{self.prefix}-{namespace}")
            self.both("DELETE", path, query=(*query, ("labelSelector", f"machine={self.prefix},{label}")))

        @rule(kind=drawn.kinds, data=drawn.bad_bodies, content_type=drawn.content_types, method=st.sampled_from(["POST", "PUT", "PATCH"]), query=drawn.validations)
        def send_nonsense(self, kind: Kind, data: bytes, content_type: str, method: str, query: Query) -> None:
            place = self.place(kind, "one", "nonsense")
            path = kind.collection(place.namespace) if method == "POST" else place.path
            self.send(Request(method, path, (*query, ("dryRun", "All")), data, content_type))

        @rule(method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]), path=st.sampled_from(PATHS))
        def ask_elsewhere(self, method: str, path: str) -> None:
            data = None if method in ("GET", "HEAD", "OPTIONS", "DELETE") else b"{}"
            self.send(Request(method, path.replace("$NS", f"{self.prefix}-one"), body=data))

        @rule(namespace=drawn.namespaces, name=drawn.names, back=st.integers(0, 5), accept=drawn.accepts.filter(lambda text: "Table" not in text))
        def watch(self, namespace: str, name: str, back: int, accept: str) -> None:
            place = self.place(CONFIG_MAP, namespace, name)
            if pair := self.seen(place, back):
                versions = [stored["metadata"]["resourceVersion"] for stored in pair]
                self.told(place.namespace, versions, accept)

        def told(self, namespace: str, versions: list[str], accept: str) -> None:
            """What a watch tells from a version up to a last object that is made for it."""
            last = Place(CONFIG_MAP, namespace, "the-last").object({})
            if any(answer.status != 201 for answer in self.both("POST", CONFIG_MAP.collection(namespace), (last, last))):
                return
            asked = [Request("GET", CONFIG_MAP.collection(namespace), (("watch", "true"), ("resourceVersion", version)), accept=accept) for version in versions]
            answers = self.beside.watched(asked[0], asked[1], "the-last")
            judge(f"watch {asked[0]} {accept}", self.beside.differing(*answers), answers)
            self.both("DELETE", f"{CONFIG_MAP.collection(namespace)}/the-last")

    return Requests


PATHS = (
    "/", "/api", "/apis", "/version", "/healthz", "/api/v1", "/api/v2", "/apis/apps", "/apis/apps/v1", "/apis/none",
    "/apis/judge.example.com", "/apis/judge.example.com/v1", "/apis/judge.example.com/v0/widgets", "/api/v1/nothing",
    "/apis/judge.example.com/v1/nothing", "/api/v1/namespaces/$NS/nothing", "/api/v1/namespaces/$NS/configmaps",
    "/api/v1/namespaces/$NS/configmaps/a", "/api/v1/configmaps", "/api/v1/configmaps/a", "/api/v1/namespaces/$NS",
    "/api/v1/namespaces/$NS/status", "/api/v1/namespaces/$NS/namespaces", "/apis/apps/v1/nodes", "/api/v1/namespaces/$NS/clusterroles",
    "/apis/judge.example.com/v1/namespaces/$NS/planets", "/apis/judge.example.com/v1/widgets/a", "/api/v1/namespaces/$NS/pods/a/log",
    "/none", "/api/", "/apis/", "/api/v1/", "//api/v1", "/api/v1/namespaces/$NS/configmaps/", "/readyz", "/livez",
)


def _updated(stored: Mapping[str, Any], made: dict[str, Any], change: str) -> dict[str, Any]:
    """What an update sends: the stored object's identity, other fields, and maybe a mistake."""
    metadata = {**stored.get("metadata", {}), "labels": made["metadata"]["labels"]}
    metadata.pop("managedFields", None)
    mistakes: dict[str, dict[str, Any]] = {
        "no version": {"resourceVersion": ""},
        "bad version": {"resourceVersion": "x"},
        "uid": {"uid": "44444444-4444-4444-4444-444444444444"},
        "name": {"name": "other"},
        "namespace": {"namespace": "other"},
        "finalizers": {"finalizers": []},
    }
    if change == "same":
        return {**stored}
    sent = {**made, "metadata": {**metadata, **mistakes.get(change, {})}}
    return {**sent, "kind": "Other"} if change == "kind" else sent
