"""The session's own kind in the state machine: it is defined, used like any other kind, and goes again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import strategies as st

from fkube.exchange import Request
from tests.conformance import objects as drawn
from tests.conformance.beside import body
from tests.conformance.session import Query, Session

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
SCHEMA = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
VERSION = {"name": "v1", "served": True, "storage": True, "schema": SCHEMA}


def define(session: Session, query: Query) -> None:
    """Define the session's own kind; once it is served, both tell the same of it."""
    answers = session.both("POST", DEFINITIONS, definition(session), query)
    if not query and answers[0].status == 201:
        gadgets = session.kind(drawn.GADGET).collection("default")
        _until(lambda: _status(session, gadgets) == 200 and session.prefix in _groups(session))
        session.both("GET", _path(session))


def retire(session: Session) -> None:
    """Leave the real server without the session's own kind: the next session begins without it."""
    if _status(session, _path(session)) == 200:
        undefine(replace(session, judge=lambda *_: None))


def look_up(session: Session, accept: str) -> None:
    """Look up the definition of the session's own kind."""
    session.each("GET", _path(session), accept=accept)


def discover(session: Session, path: str) -> None:
    """Ask what is served in the session's own group."""
    session.each("GET", f"/apis/{session.prefix}.example.org{path}")


def undefine(session: Session) -> None:
    """Delete the definition, and with it all of its objects, once nothing holds them."""
    for namespace, name in product(("one", "two"), ("a", "b", "c")):
        place = session.place(drawn.GADGET, namespace, name)
        patch = body({"metadata": {"finalizers": None}})
        session.send(Request("PATCH", place.path, (), patch, drawn.MERGE))
    if session.both("DELETE", _path(session))[0].status == 200:
        _until(lambda: _status(session, _path(session)) == 404 and session.prefix not in _groups(session))


def definition(session: Session) -> dict[str, Any]:
    """The definition of the session's own kind."""
    group = f"{session.prefix}.example.org"
    names = {"plural": "gadgets", "singular": "gadget", "kind": "Gadget", "listKind": "GadgetList"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [VERSION]}
    typed = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    return {**typed, "metadata": {"name": f"gadgets.{group}"}, "spec": spec}


def _path(session: Session) -> str:
    return f"{DEFINITIONS}/gadgets.{session.prefix}.example.org"


def _status(session: Session, path: str) -> int:
    return session.beside.server.send("GET", path).status


def _groups(session: Session) -> set[str]:
    """The sessions whose kinds discovery tells of."""
    groups = session.beside.server.send("GET", "/apis").json()["groups"]
    return {group["name"].partition(".")[0] for group in groups if group["name"].endswith(".example.org")}


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for what a server does behind its answer."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not so after {seconds} seconds"
        time.sleep(0.05)


STEPS = {
    define: {"query": st.sampled_from([(), (), (("dryRun", "All"),)])},
    undefine: {},
    look_up: {"accept": drawn.accepts},
    discover: {"path": st.sampled_from(["", "/v1", "/v2", "/v1/nothing"])},
}
