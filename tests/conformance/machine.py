"""The state machine: meaningful requests in any order, to the real API server and to the embedded cluster."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, rule

from fkube.cluster import State
from fkube.exchange import Request
from tests.conformance.beside import Beside, body
from tests.conformance.definitions import STEPS as DEFINITIONS
from tests.conformance.definitions import retire
from tests.conformance.mistakes import MISTAKES
from tests.conformance.server import Server
from tests.conformance.session import Judge, Session
from tests.conformance.steps import STEPS

_sessions = itertools.count()


def machine(server: Server, state: State, judge: Judge) -> type[RuleBasedStateMachine]:
    """The state machine on a server and a state that begin alike."""

    def begin(self: Any) -> None:
        RuleBasedStateMachine.__init__(self)
        self.session = session(server, state, judge)

    def end(self: Any) -> None:
        retire(self.session)

    # Strategies by name: none is called target or targets, which `rule` has a meaning for.
    steps: dict[Any, Any] = STEPS | MISTAKES | DEFINITIONS
    rules = {step.__name__: rule(**drawn)(_ruled(step)) for step, drawn in steps.items()}
    return type("Requests", (RuleBasedStateMachine,), {"__init__": begin, "teardown": end, **rules})


def session(server: Server, state: State, judge: Judge) -> Session:
    """A session with two namespaces of its own on both servers."""
    begun = Session(Beside(server, state), f"m{next(_sessions)}", judge)
    for name in ("one", "two"):
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": f"{begun.prefix}-{name}"}}
        begun.beside.send(Request("POST", "/api/v1/namespaces", body=body(made)))
    return begun


def _ruled(step: Any) -> Any:
    """A step as a method of the machine."""

    def run(self: Any, **arguments: Any) -> None:
        step(self.session, **arguments)

    return run
