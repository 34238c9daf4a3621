"""Hypothesis strategies for conversations with a server: what is asked, answered and replied."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from returns.result import Failure

from fkube.exchange import Call, Done, Exchange, Listen, Request, Response, done
from fkube.testing import functions as f
from fkube.testing.strategies import errors

_NAMES = st.sampled_from(("a", "b", "c"))
_DELAYS = st.sampled_from((0.0, 1.0))


def requests() -> SearchStrategy[Request]:
    """Requests that read and requests that write."""
    methods = st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE"))
    return st.builds(Request, methods, st.sampled_from(("/api", "/version")))


def responses() -> SearchStrategy[Response]:
    """What a server may answer."""
    return st.builds(Response, st.sampled_from((200, 201, 404, 500)), st.none() | _NAMES)


def exchanges() -> SearchStrategy[Exchange[Any]]:
    """Conversations that are over, or go on one way or another as the server answers.

    >>> from hypothesis import find
    >>> find(exchanges(), lambda exchange: True)
    Done(result=<Success: 0>)
    """
    over = st.builds(done, st.integers(0, 3)) | st.builds(Done, st.builds(Failure, errors()))
    return st.recursive(
        over | _asking(st.builds(f.Echo, _NAMES)),
        lambda inner: _asking(st.builds(f.Answered, inner, inner)),
        max_leaves=4,
    )


def _asking(then: SearchStrategy[Any]) -> SearchStrategy[Exchange[Any]]:
    """Conversations that send something first, or listen."""
    lost = st.builds(f.Echo, _NAMES) | st.builds(f.Hang, errors())
    listening = st.builds(Listen, requests(), then, st.sampled_from((1.0, math.inf)), _DELAYS)
    return st.builds(Call, requests(), then, _DELAYS, lost) | listening


def replies() -> SearchStrategy[Any]:
    """Functions from what was said to the conversation that follows."""
    return st.one_of(st.builds(f.Echo, _NAMES), st.builds(f.Hang, errors()), st.builds(f.Always, exchanges()))


def repetitions() -> SearchStrategy[Any]:
    """Predicates that say of some ends of a conversation that it should be held again."""
    return st.builds(f.Among, st.lists(st.integers(0, 3) | _NAMES, max_size=4).map(tuple))


def verbs() -> SearchStrategy[Any]:
    """Verbs that send requests one after another, up to the first that is answered ill."""
    return st.builds(f.Send, st.lists(requests(), max_size=4).map(tuple))
