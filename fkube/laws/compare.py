"""What the laws compare by: what a visit left, values changed, conversations in step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from fkube.algebra import Visited, Visitor, steps_of, visited_of
from fkube.errors import TransportError
from fkube.exchange import Call, Done, Exchange, Heard, Listen, Response, succeeded
from fkube.info import NOWHERE, Info, Origin

Stage: TypeAlias = Callable[[Visitor], Visitor]
"""`decorated(d)`, `flattened`: from visitor to visitor."""

Stages: TypeAlias = Callable[..., Stage]
"""`decorated`, `filtered`, `and_then`: what makes a stage of its arguments."""

Plus: TypeAlias = Callable[..., Visitor]
"""`visitor_list` and its like: one visitor of several."""


def changed(visit: Visited[Any], change: Callable[[Any], Any]) -> Visited[Any]:
    """A visit with each value it left changed."""
    return visited_of(step.map(change) for step in steps_of(visit))


def is_prefix(short: Sequence[Any], long: Sequence[Any]) -> bool:
    """Whether the first sequence begins the second."""
    return tuple(long[: len(short)]) == tuple(short)


def list_of(*resources: Info, origin: Origin = NOWHERE) -> Info:
    """A `List` of resources.

    >>> len(list_of(Info({"kind": "Pod"})).object["items"])
    1
    """
    items = [dict(resource.object) for resource in resources]
    return Info({"apiVersion": "v1", "kind": "List", "items": items}, origin)


def alike(one: Exchange[Any], other: Exchange[Any], answers: Sequence[Response]) -> bool:
    """Whether two conversations ask the same of a server that gives these answers, and come to the same.

    They go on alike as well where an answer is lost.
    """
    if isinstance(one, Done) or isinstance(other, Done):
        return one == other
    if type(one) is not type(other) or _sent(one) != _sent(other):
        return False
    pairs = zip(_ways(one, answers[:1]), _ways(other, answers[:1]), strict=True)
    return all(alike(left, right, answers[1:]) for left, right in pairs)


def _sent(exchange: Call[Any] | Listen[Any]) -> tuple[Any, ...]:
    return exchange.request, exchange.delay, exchange.until if isinstance(exchange, Listen) else None


def _ways(exchange: Call[Any] | Listen[Any], answers: Sequence[Response]) -> tuple[Exchange[Any], ...]:
    """How a conversation goes on from an answer, and from the loss of one."""
    lost = (exchange.lost(_LOST),) if isinstance(exchange, Call) and answers else ()
    return (*(_on(exchange, answer) for answer in answers), *lost)


def _on(exchange: Call[Any] | Listen[Any], answer: Response) -> Exchange[Any]:
    """How a conversation goes on from an answer, heard as its body where it listens."""
    if isinstance(exchange, Call):
        return exchange.then(answer)
    return exchange.then(Heard(succeeded(answer).map(lambda response: {"body": response.body}), 0.0))


_LOST = TransportError("the answer was lost")
