"""Writes whose answer was lost, settled by reading: nothing is sent a second time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from returns.result import Success

from fkube.exchange.conversation import Call, Exchange, Request, Response, done, failed
from fkube.report.outcomes import Outcome
from fkube.resource.errors import (
    DOUBT,
    StatusError,
    TimedOut,
    TransportError,
    VisitError,
    doubtful,
    harmless,
    located,
)
from fkube.resource.info import Info, Object
from fkube.verbs.paths import path

_ELSEWHERE = ("status", "stringData")
"""What a server does not keep where it was sent."""


def settled(info: Info, sent: Request, error: VisitError) -> Exchange[Outcome]:
    """What became of an object whose creation got no answer, or none that says whether it is there.

    It is looked for, and is `created` where it is as it was sent, else `unknown`: so is one to be named by
    the server. Errors: why there is no answer, where it is not there.
    """
    if not doubtful(error) and not isinstance(error, StatusError):
        return failed(error)
    unknown = Outcome("unknown", info.origin, info, error=located(error, info.origin))
    place = path(info)
    if not isinstance(place, Success):
        return done(unknown)
    then = partial(_looked, sent.body, error, unknown)
    return Call(Request("GET", place.unwrap()), then, lost=lambda _: done(unknown))


def _looked(body: Object, error: VisitError, unknown: Outcome, response: Response) -> Exchange[Outcome]:
    if response.status == 404:
        return failed(_not_done(error))
    if response.status == 200 and holds({**body, **dict.fromkeys(_ELSEWHERE)}, response.body):
        return done(replace(unknown, action="created", object=response.body, error=None))
    return done(unknown)


def _not_done(error: VisitError) -> VisitError:
    """The error, once it is known that nothing came of what was asked."""
    if not isinstance(error, TransportError | TimedOut):
        return error
    said = error.message.removesuffix(DOUBT)
    return harmless(replace(error, message=f"{said}; it was not created"))


def holds(sent: Any, live: Any) -> bool:
    """Whether what was sent is in what is there, to which a server may have added.

    >>> holds({"spec": {"ports": [{"port": 80}]}}, {"spec": {"ports": [{"port": 80, "protocol": "TCP"}]}})
    True
    >>> holds({"data": {"k": "v"}}, {"data": {"k": "other"}})
    False
    """
    if isinstance(sent, dict) and isinstance(live, dict):
        return all(holds(value, live.get(key)) for key, value in sent.items())
    if isinstance(sent, list) and isinstance(live, list):
        return len(sent) == len(live) and all(map(holds, sent, live))
    return bool(sent == live or not (sent or live))
