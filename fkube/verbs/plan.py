"""`plan`: a verb told what it asks for instead of sending it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from fkube.exchange import Call, Done, Exchange, Listen, Request, Response, fmap
from fkube.info import Info, Object
from fkube.report import Outcome

Said: TypeAlias = tuple[Outcome, tuple[Request, ...]]


def planned(
    verb: Callable[[Info], Exchange[Outcome]], bodies: bool = False
) -> Callable[[Info], Exchange[Outcome]]:
    """The verb without its writes: each counts as done, and the outcome's object lists them as `requests`.

    Reads are sent. Bodies are left out unless asked for, as there may be Secrets among them.

    >>> from fkube.info import RESTMapping
    >>> from fkube.verbs.create import create
    >>> pod = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web"}}
    >>> outcome = planned(create())(Info(pod, mapping=RESTMapping("", "v1", "Pod", "pods"))).result.unwrap()
    >>> outcome.object["requests"][0]["path"]
    '/api/v1/pods'
    """
    return partial(_planned, verb, bodies)


def _planned(verb: Callable[[Info], Exchange[Outcome]], bodies: bool, info: Info) -> Exchange[Outcome]:
    return fmap(_unsent(verb(info), ()), partial(_outcome, bodies))


def _unsent(exchange: Exchange[Outcome], requests: tuple[Request, ...]) -> Exchange[Said]:
    """The conversation with its writes answered here, and what they were."""
    if isinstance(exchange, Done):
        return Done(exchange.result.map(lambda outcome: (outcome, requests)))
    if isinstance(exchange, Listen):
        said, until, delay = exchange.then, exchange.until, exchange.delay
        return Listen(exchange.request, lambda heard: _unsent(said(heard), requests), until, delay)
    request, then = exchange.request, exchange.then
    if request.method == "GET":
        lost = exchange.lost
        return Call(
            request,
            lambda response: _unsent(then(response), requests),
            exchange.delay,
            lambda error: _unsent(lost(error), requests),
        )
    return _unsent(then(Response(200, request.body)), (*requests, request))


def _outcome(bodies: bool, said: Said) -> Outcome:
    outcome, requests = said
    return replace(outcome, object={"requests": [_row(request, bodies) for request in requests]})


def _row(request: Request, bodies: bool) -> Object:
    row = {"method": request.method, "path": request.path, "query": dict(request.query)}
    return {**row, "contentType": request.content_type, "body": request.body} if bodies else row
