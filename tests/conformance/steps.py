"""What a client does: each step of the state machine is a function, and the strategies of its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from fkube.exchange import Request
from tests.conformance import objects as drawn
from tests.conformance.beside import body
from tests.conformance.objects import Kind
from tests.conformance.session import Place, Query, Session

HERE = {"kind": drawn.kinds, "namespace": drawn.namespaces, "name": drawn.names}
BACK = st.sampled_from([0, 0, 0, 1, 2])
SUB = st.sampled_from(["", "", "", "/status"])
CHANGES = [
    *("no version", "bad version", "uid", "name", "namespace", "finalizers", "same", "kind"),
    *[""] * 4,
]


def create(
    session: Session,
    kind: Kind,
    namespace: str,
    name: str,
    labels: Any,
    metadata: Any,
    query: Query,
    data: Any,
) -> None:
    """Create an object."""
    place = session.place(kind, namespace, name)
    made = place.object(data.draw(kind.fields), labels=session.own(labels), **metadata)
    session.remember(place, session.both("POST", place.collection, made, query), query)


def get(session: Session, kind: Kind, namespace: str, name: str, accept: str, sub: str) -> None:
    """Get an object, or a subresource, in one form or another."""
    session.each("GET", session.place(kind, namespace, name).path + sub, accept=accept)


def list_all(session: Session, kind: Kind, namespace: str, selectors: Query, limit: str, accept: str) -> None:
    """List objects by selectors, page by page."""
    path = session.kind(kind).collection(f"{session.prefix}-{namespace}" if namespace else "")
    own = {"labelSelector": f"machine={session.prefix}", **dict(selectors), "limit": limit}
    asked = tuple((key, value.replace("$OWN", session.prefix)) for key, value in own.items() if value)
    answers = session.each("GET", path, query=asked, accept=accept)
    for _ in range(4):
        bodies = [answer.body if isinstance(answer.body, Mapping) else {} for answer in answers]
        tokens = [body.get("metadata", {}).get("continue") for body in bodies]
        if not all(tokens):
            return
        first, second = (
            Request("GET", path, (*asked, ("continue", token)), accept=accept) for token in tokens
        )
        answers = session.send(first, second)


def update(
    session: Session,
    kind: Kind,
    namespace: str,
    name: str,
    back: int,
    labels: Any,
    change: str,
    sub: str,
    query: Query,
    data: Any,
) -> None:
    """Update an object from what is known of it: fresh or stale, and maybe with a mistake."""
    place = session.place(kind, namespace, name)
    made = place.object(data.draw(kind.fields), labels=session.own(labels))
    bodies = tuple(_updated(stored, made, change) for stored in session.seen(place, back) or (made, made))
    session.remember(place, session.each("PUT", place.path + sub, bodies, query), query)


def patch(
    session: Session, kind: Kind, namespace: str, name: str, patch: tuple[str, Any], sub: str, query: Query
) -> None:
    """Patch an object."""
    place = session.place(kind, namespace, name)
    # Null is a patch too, and none to send nothing of.
    request = Request("PATCH", place.path + sub, query, body(patch[1]), patch[0])
    session.remember(place, session.send(request), query)


def delete(session: Session, kind: Kind, namespace: str, name: str, options: Any, query: Query) -> None:
    """Delete an object."""
    session.both("DELETE", session.place(kind, namespace, name).path, options, query)


def delete_if(session: Session, kind: Kind, namespace: str, name: str, back: int, what: str) -> None:
    """Delete an object if it is still the one that is known."""
    place = session.place(kind, namespace, name)
    if pair := session.seen(place, back):
        session.each(
            "DELETE", place.path, tuple({"preconditions": {what: each["metadata"][what]}} for each in pair)
        )


def delete_collection(session: Session, kind: Kind, namespace: str, label: str, query: Query) -> None:
    """Delete what a selector chooses."""
    path = session.kind(kind).collection(f"{session.prefix}-{namespace}")
    session.both("DELETE", path, query=(*query, ("labelSelector", f"machine={session.prefix},{label}")))


def introduce(session: Session, agent: str) -> None:
    """What the client calls itself from now on; it manages the fields that it changes by that name."""
    session.beside.agent = agent


def watch(session: Session, kind: Kind, namespace: str, name: str, back: int, accept: str) -> None:
    """Watch from a version that an object had, up to a last object that is made for it."""
    pair = session.seen(session.place(kind, namespace, name), back)
    last = session.place(kind, namespace, "the-last")
    whole = last.object(drawn.LEAST.get(kind.resource, {}), labels=session.own({}))
    made = session.both("POST", last.collection, whole) if pair else ()
    if not pair or any(answer.status != 201 for answer in made):
        return
    versions = (each["metadata"]["resourceVersion"] for each in pair)
    asked = [_watching(session, last, version, accept) for version in versions]
    answers = session.beside.watched(asked[0], asked[1], made[0].body["metadata"]["resourceVersion"])
    session.judge(f"watch {asked[0]} {accept}", session.beside.differing(*answers), answers)
    session.both("DELETE", last.path)


def _watching(session: Session, place: Place, version: str, accept: str) -> Request:
    own = () if place.kind.namespaced else (("labelSelector", f"machine={session.prefix}"),)
    query = (("watch", "true"), ("resourceVersion", version), *own)
    return Request("GET", place.collection, query, accept=accept)


def _updated(stored: Mapping[str, Any], made: dict[str, Any], change: str) -> dict[str, Any]:
    """What an update sends: the stored object's identity, other fields, and maybe a mistake."""
    if change == "same":
        return {**stored}
    mistakes: dict[str, dict[str, Any]] = {
        "no version": {"resourceVersion": ""},
        "bad version": {"resourceVersion": "x"},
        "uid": {"uid": "44444444-4444-4444-4444-444444444444"},
        "name": {"name": "other"},
        "namespace": {"namespace": "other"},
        "finalizers": {"finalizers": []},
    }
    known = {key: value for key, value in stored.get("metadata", {}).items() if key != "managedFields"}
    metadata = {**known, "labels": made["metadata"]["labels"], **mistakes.get(change, {})}
    return {**made, "metadata": metadata, **({"kind": "Other"} if change == "kind" else {})}


LABELS = st.one_of(st.just(""), drawn.label_selectors).map(
    lambda text: f"machine=$OWN,{text}".rstrip(",") if text != "," else "machine=$OWN,,"
)
FIELDS = st.one_of(st.just(""), st.just(""), drawn.field_selectors)
SELECTORS = st.tuples(
    LABELS.map(lambda text: ("labelSelector", text)), FIELDS.map(lambda text: ("fieldSelector", text))
)
QUERIES = [(), (), (("propagationPolicy", "Orphan"),), (("dryRun", "All"),), (("gracePeriodSeconds", "0"),)]
STEPS = {
    create: {
        **HERE,
        "labels": drawn.labels,
        "metadata": drawn.metadata,
        "query": drawn.queries,
        "data": st.data(),
    },
    get: {
        **HERE,
        "accept": drawn.accepts,
        "sub": st.sampled_from(["", "", "", "/status", "/scale", "/nothing"]),
    },
    list_all: {
        "kind": drawn.kinds,
        "namespace": st.sampled_from(["one", "two", "missing", ""]),
        "selectors": SELECTORS,
        "limit": st.sampled_from(["", "", "1", "2", "0", "-1", "x"]),
        "accept": drawn.accepts,
    },
    update: {
        **HERE,
        "back": BACK,
        "labels": drawn.labels,
        "change": st.sampled_from(CHANGES),
        "sub": SUB,
        "query": drawn.queries,
        "data": st.data(),
    },
    patch: {**HERE, "patch": drawn.patches, "sub": SUB, "query": drawn.queries},
    delete: {**HERE, "options": drawn.delete_options, "query": st.sampled_from(QUERIES)},
    delete_if: {**HERE, "back": st.sampled_from([0, 1]), "what": st.sampled_from(["uid", "resourceVersion"])},
    delete_collection: {
        "kind": drawn.kinds,
        "namespace": drawn.namespaces,
        "label": st.one_of(st.just("app=web"), drawn.label_selectors),
        "query": drawn.dry_runs,
    },
    introduce: {"agent": drawn.agents},
    watch: {
        "kind": drawn.kinds,
        "namespace": drawn.namespaces,
        "name": drawn.names,
        "back": st.integers(0, 5),
        "accept": drawn.whole_accepts,
    },
}
