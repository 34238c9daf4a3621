"""What a client should not do: the steps of the state machine that go wrong, or go nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fkube.exchange import Request
from tests.conformance import objects as drawn
from tests.conformance.objects import Kind
from tests.conformance.session import Place, Query, Session

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"]
PATHS = (Path(__file__).parent / "paths.txt").read_text().split()


def create_oddly(
    session: Session, kind: Kind, name: Any, labels: Any, metadata: Any, query: Query, data: Any
) -> None:
    """Create an object whose metadata may break a rule."""
    place = session.place(kind, "one", "odd")
    made = place.object(data.draw(kind.fields), labels=labels, **metadata)
    made["metadata"]["name"] = (
        name if kind.namespaced or not isinstance(name, str) else f"{session.prefix}-{name}"
    )
    session.both("POST", place.collection, made, query)


def create_mistaken(session: Session, kind: Kind, change: str, data: Any) -> None:
    """Create an object with a mistake in it; what is made after all is deleted."""
    namespace = "missing" if change == "missing" else "one"
    place = session.place(kind, namespace, "mistaken")
    made = place.object(data.draw(kind.fields), labels=session.own({}))
    answers = session.both("POST", place.collection, CHANGES[change](made))
    if all(answer.status == 201 for answer in answers):
        _delete(session, place, [answer.body["metadata"]["name"] for answer in answers])


def send_nonsense(
    session: Session, kind: Kind, data: bytes, content_type: str, method: str, query: Query
) -> None:
    """Send what is no object."""
    place = session.place(kind, "one", "nonsense")
    path = place.collection if method == "POST" else place.path
    session.send(Request(method, path, (*query, ("dryRun", "All")), data, content_type))


def ask_elsewhere(session: Session, method: str, path: str) -> None:
    """Ask for what is not there, or in a way that it can't be asked for."""
    data = None if method in ("GET", "OPTIONS", "DELETE") else b"{}"
    # No controller would end a namespace that is deleted on the real server.
    query = (("dryRun", "All"),) if method == "DELETE" else ()
    session.send(Request(method, path.replace("$NS", f"{session.prefix}-one"), query, data))


def _delete(session: Session, place: Place, names: list[str]) -> None:
    first, second = (Request("DELETE", f"{place.collection}/{name}") for name in names)
    session.send(first, second)


def _metadata(made: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The object with other metadata; a field given as None is left out."""
    merged = {**made["metadata"], **fields}
    return {**made, "metadata": {key: value for key, value in merged.items() if value is not None}}


CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "missing": lambda made: made,
    "namespace": lambda made: _metadata(made, namespace="elsewhere"),
    "kind": lambda made: {**made, "kind": "Other"},
    "version": lambda made: {**made, "apiVersion": "v9"},
    "name": lambda made: _metadata(made, name=None),
    "generate": lambda made: _metadata(made, name=None, generateName="made-by-server-"),
    "both": lambda made: _metadata(made, generateName="made-by-server-"),
    "resourceVersion": lambda made: _metadata(made, resourceVersion="5"),
    "metadata": lambda made: {key: value for key, value in made.items() if key != "metadata"},
    "untyped": lambda made: {key: value for key, value in made.items() if key not in ("kind", "apiVersion")},
}
MISTAKES = {
    create_oddly: {
        "kind": drawn.kinds,
        "name": st.one_of(drawn.names, drawn.bad_names),
        "labels": st.one_of(drawn.labels, drawn.bad_labels),
        "metadata": drawn.odd_metadata,
        "query": drawn.queries,
        "data": st.data(),
    },
    create_mistaken: {"kind": drawn.kinds, "change": st.sampled_from([*CHANGES]), "data": st.data()},
    send_nonsense: {
        "kind": drawn.kinds,
        "data": drawn.bad_bodies,
        "content_type": drawn.content_types,
        "method": st.sampled_from(["POST", "PUT", "PATCH"]),
        "query": drawn.validations,
    },
    ask_elsewhere: {"method": st.sampled_from(METHODS), "path": st.sampled_from(PATHS)},
}
