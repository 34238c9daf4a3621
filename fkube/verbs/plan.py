"""`plan`: a verb told what it asks for instead of sending it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from toolz import concat

from fkube.exchange.conversation import Call, Done, Exchange, Listen, Listened, Request, Response, fmap, fold
from fkube.report.outcomes import Outcome, Report
from fkube.resource.errors import VisitError
from fkube.resource.info import Info, Object
from fkube.syntax.html import html_table

Said: TypeAlias = tuple[Outcome, tuple[Request, ...]]


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """What would be sent, in order, and what keeps the rest from it; no body is in its repr."""

    requests: tuple[Request, ...] = ()
    errors: tuple[VisitError, ...] = ()

    def __str__(self) -> str:
        return "\n".join(map(str, (*self.requests, *self.errors))) or "nothing to do"

    def __repr__(self) -> str:
        return f"Plan({len(self.requests)} requests, {len(self.errors)} errors)"

    def _repr_html_(self) -> str:
        sent = ((request.method, str(request).partition(" ")[2]) for request in self.requests)
        return html_table(("method", "what"), (*sent, *(("", str(error)) for error in self.errors)))


def recording(verb: Callable[[Info], Exchange[Outcome]]) -> Callable[[Info], Exchange[Outcome]]:
    """The verb without its writes: each counts as done, and the outcome's object has them as `requests`."""
    return lambda info: fmap(_unsent(verb(info)), _recorded)


def plan_of(report: Report) -> Plan:
    """The plan that a report of a `recording` verb holds."""
    requests = concat(outcome.object.get("requests", ()) for outcome in report.outcomes)
    return Plan(tuple(requests), report.errors)


def _recorded(said: Said) -> Outcome:
    outcome, requests = said
    return replace(outcome, object={"requests": requests})


def planned(
    verb: Callable[[Info], Exchange[Outcome]], bodies: bool = False
) -> Callable[[Info], Exchange[Outcome]]:
    """The verb without its writes: each counts as done, and the outcome's object lists them as `requests`.

    Reads are sent. Bodies are left out unless asked for, as there may be Secrets among them.

    >>> from fkube.resource.info import RESTMapping
    >>> from fkube.verbs.create import create
    >>> pod = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web"}}
    >>> outcome = planned(create())(Info(pod, mapping=RESTMapping("", "v1", "Pod", "pods"))).result.unwrap()
    >>> outcome.object["requests"][0]["path"]
    '/api/v1/pods'
    """
    return partial(_planned, verb, bodies)


def _planned(verb: Callable[[Info], Exchange[Outcome]], bodies: bool, info: Info) -> Exchange[Outcome]:
    return fmap(_unsent(verb(info)), partial(_outcome, bodies))


def _unsent(exchange: Exchange[Outcome]) -> Exchange[Said]:
    """The conversation with its writes answered here, and what they were."""
    hear: Listened[Exchange[Said]] = Listen
    return fold(exchange, lambda result: Done(result.map(lambda outcome: (outcome, ()))), _answered, hear)


def _answered(
    request: Request,
    then: Callable[[Response], Exchange[Said]],
    delay: float,
    lost: Callable[[VisitError], Exchange[Said]],
) -> Exchange[Said]:
    """A read as it is; a write as if the server had taken what is sent for what it has."""
    if request.method == "GET":
        return Call(request, then, delay, lost)
    return fmap(then(Response(200, request.body)), lambda said: (said[0], (request, *said[1])))


def _outcome(bodies: bool, said: Said) -> Outcome:
    outcome, requests = said
    return replace(outcome, object={"requests": [_row(request, bodies) for request in requests]})


def _row(request: Request, bodies: bool) -> Object:
    row = {"method": request.method, "path": request.path, "query": dict(request.query)}
    return {**row, "contentType": request.content_type, "body": request.body} if bodies else row
