"""Hypothesis strategies for conversations with a server: requests, answers, and what follows from them."""

from __future__ import annotations

import math
from copy import deepcopy

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fkube.exchange.conversation import Call, Listen, Request, Response, done, failed, with_query
from fkube.laws.compare import Answer, AnyExchange
from fkube.laws.exchanges import Again, Reply
from fkube.laws.verbs import Verb
from fkube.resource.errors import TransportError
from fkube.resource.info import Object
from fkube.testing import functions as f
from fkube.testing.resources import NAMES, errors

_OBJECT = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "uid": "1"}}
_OBJECTS: tuple[Object, ...] = (
    _OBJECT,
    {**_OBJECT, "metadata": {"name": "a", "uid": "2", "resourceVersion": "7", "labels": {"a": "b"}}},
    {**_OBJECT, "metadata": {"name": "a", "uid": "1", "deletionTimestamp": "2026-01-01T00:00:00Z"}},
)
_REFUSED = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
_STATUSES: tuple[Object, ...] = (
    {**_REFUSED, "message": "not found", "reason": "NotFound", "code": 404},
    {**_REFUSED, "message": "exists", "reason": "AlreadyExists", "code": 409},
    {**_REFUSED, "message": "changed", "reason": "Conflict", "code": 409},
    {**_REFUSED, "message": "forbidden", "reason": "Forbidden", "code": 403},
    {**_REFUSED, "message": "down", "reason": "InternalError", "code": 500},
)
_DELAYS = st.sampled_from((0.0, 1.0))


def requests() -> SearchStrategy[Request]:
    """Requests that read and requests that write."""
    methods = st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE"))
    return st.builds(Request, methods, st.sampled_from(("/api", "/version")))


def responses() -> SearchStrategy[Response]:
    """Responses of a server: an object, a text, nothing, or the reason why it refused."""
    return st.sampled_from((200, 201, 404, 500)).flatmap(_response)


def _response(status: int) -> SearchStrategy[Response]:
    """Responses with this status: a text, nothing, or a body that fits it."""
    bodies = st.sampled_from(_STATUSES if status >= 400 else _OBJECTS).map(deepcopy)
    return st.builds(Response, st.just(status), st.none() | NAMES | bodies)


def server_answers() -> SearchStrategy[Answer]:
    """Answers of an API server to a verb: an object, a `Status`, or none as the connection is lost."""
    done = st.builds(Response, st.sampled_from((200, 201)), st.sampled_from(_OBJECTS).map(deepcopy))
    refused = st.sampled_from(_STATUSES).map(lambda status: Response(status["code"], deepcopy(status)))
    return done | refused | st.just(TransportError("reset", sent=True))


def exchanges() -> SearchStrategy[AnyExchange]:
    """Conversations that are over, and conversations that go on as the server answers.

    >>> from hypothesis import find
    >>> find(exchanges(), lambda exchange: True)
    Done(result=<Success: 0>)
    """
    return st.recursive(
        st.builds(done, st.integers(0, 3)) | _failed_exchanges() | _open_exchanges(st.builds(f.Echo, NAMES)),
        lambda inner: _open_exchanges(st.builds(f.Branch, inner, inner)),
        max_leaves=4,
    )


def _failed_exchanges() -> SearchStrategy[AnyExchange]:
    return errors().map(failed)


def _open_exchanges(then: SearchStrategy[Reply]) -> SearchStrategy[AnyExchange]:
    """Conversations that begin with a call or with listening, and go on by one of these replies."""
    lost = st.builds(f.Echo, NAMES) | st.builds(f.Always, _failed_exchanges())
    listening = st.builds(Listen, requests(), then, st.sampled_from((1.0, math.inf)), _DELAYS)
    return st.builds(Call, requests(), then, _DELAYS, lost) | listening


def replies() -> SearchStrategy[Reply]:
    """Functions from a result to the conversation that follows."""
    return st.builds(f.Echo, NAMES) | st.builds(f.Always, _failed_exchanges() | exchanges())


def repetitions() -> SearchStrategy[Again]:
    """Predicates that say of some results of a conversation to hold it again."""
    return st.builds(f.Among, st.lists(st.integers(0, 3) | NAMES, max_size=4).map(tuple))


def verbs() -> SearchStrategy[Verb]:
    """Verbs that send requests one after another, up to the first failure."""
    return st.builds(f.Send, st.lists(requests(), max_size=4).map(tuple))


def dry_runs() -> SearchStrategy[Verb]:
    """Verbs of a dry run: what they write says dryRun=All."""
    dry = requests().map(lambda request: with_query(request, dryRun="All"))
    reading = st.just(Request("GET", "/api"))
    return st.builds(f.Send, st.lists(dry | reading, max_size=4).map(tuple))
