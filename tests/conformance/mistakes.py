"""What a client should not do: the steps of the state machine that go wrong, or go nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from fkube.exchange import Request
from tests.conformance import objects as drawn
from tests.conformance.objects import Kind
from tests.conformance.session import Place, Query, Session

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]
PATHS = """
/ /api /apis /version /healthz /api/v1 /api/v2 /apis/apps /apis/apps/v1 /apis/none /apis/judge.example.com
/apis/judge.example.com/v1 /apis/judge.example.com/v0/widgets /api/v1/nothing /apis/judge.example.com/v1/nothing
/api/v1/namespaces/$NS/nothing /api/v1/namespaces/$NS/configmaps /api/v1/namespaces/$NS/configmaps/a
/api/v1/configmaps /api/v1/configmaps/a /api/v1/namespaces/$NS /api/v1/namespaces/$NS/status
/api/v1/namespaces/$NS/namespaces /apis/apps/v1/nodes /api/v1/namespaces/$NS/clusterroles
/apis/judge.example.com/v1/namespaces/$NS/planets /apis/judge.example.com/v1/widgets/a
/api/v1/namespaces/$NS/pods/a/log /none /api/ /apis/ /api/v1/ //api/v1 /api/v1/namespaces/$NS/configmaps/
/readyz /livez
""".split()


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
    """Create an object in the wrong place, of the wrong kind or without a name; what is made after all is deleted."""
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
    data = None if method in ("GET", "HEAD", "OPTIONS", "DELETE") else b"{}"
    session.send(Request(method, path.replace("$NS", f"{session.prefix}-one"), body=data))


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
