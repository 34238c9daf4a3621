"""What the laws compare by: both sides of a clause, what a visit left, conversations in step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeAlias

from returns.result import Failure, Success

from fkube.exchange.conversation import Call, Done, Exchange, Heard, Listen, Request, Response, succeeded
from fkube.resource.errors import FunctionError, TimedOut, VisitError
from fkube.resource.guarding import raised
from fkube.resource.info import NOWHERE, Info, Origin
from fkube.visitor.algebra import Visited, Visitor, steps_of, visited_of

Stage: TypeAlias = Callable[[Visitor], Visitor]
"""`decorated(d)`, `flattened`: from visitor to visitor."""

Stages: TypeAlias = Callable[..., Stage]
"""`decorated`, `filtered`, `and_then`: what makes a stage of its arguments."""

Plus: TypeAlias = Callable[..., Visitor]
"""`visitor_list` and its like: one visitor of several."""


@dataclass(frozen=True, slots=True)
class Sides:
    """One clause of a law, and its two sides: it is true if they are equal.

    >>> bool(Sides("1 + 1 == 2", 1 + 1, 2) and Sides("1 + 1 == 3", 1 + 1, 3))
    False
    """

    clause: str
    left: Any
    right: Any

    def __bool__(self) -> bool:
        return bool(self.left == self.right)


def first_unequal(clauses: Iterable[Sides]) -> Sides:
    """The first clause whose sides differ; if none does, a clause that holds.

    >>> first_unequal(Sides(f"{n} == 2", n, 2) for n in (2, 3, 4)).clause
    '3 == 2'
    """
    return next((sides for sides in clauses if not sides), Sides("", None, None))


def attempted(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives back, or the `FunctionError` that says what it raised.

    >>> attempted(int, "1")
    1
    """
    try:
        return function(*arguments)
    except Exception as error:  # noqa: BLE001 - that it raises is what the law is to say
        return raised(function, error)


def is_like(clause: str, value: Any, right: Callable[[Any], bool], wanted: str) -> Sides:
    """That a value is of the type that is wanted; what was raised instead, or its type, is the left side."""
    if isinstance(value, FunctionError):
        return Sides(clause, value.message, wanted)
    return Sides(clause, wanted if right(value) else _type_name(value), wanted)


def _type_name(value: Any) -> str:
    inner = value.value_or(None) if isinstance(value, Success) else None
    name = type(value).__name__
    return f"{name} of {type(inner).__name__}" if isinstance(value, Success) else name


def changed(visit: Visited[Any], change: Callable[[Any], Any]) -> Visited[Any]:
    """A visit with each value it left changed."""
    return visited_of(step.map(change) for step in steps_of(visit))


def copied(visit: Visited[Any]) -> Visited[Any]:
    """A visit whose values are copies, which stay what they are whatever is done to the others."""
    return changed(visit, deepcopy)


def list_of(*resources: Info, origin: Origin = NOWHERE) -> Info:
    """A `List` of resources.

    >>> len(list_of(Info({"kind": "Pod"})).object["items"])
    1
    """
    items = [dict(resource.object) for resource in resources]
    return Info({"apiVersion": "v1", "kind": "List", "items": items}, origin)


Answer: TypeAlias = Response | VisitError
"""What comes of a request: what the server answered, or why no answer came."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was asked of a server, each with the delay before it, and how far that led."""

    asked: tuple[tuple[type, Request, float], ...]
    end: Exchange[Any]


def converse(exchange: Exchange[Any], answers: Iterable[Answer]) -> Conversation:
    """Hold a conversation with a server that gives these answers, as far as they go.

    A second passes with each piece that is heard, and the delays of what is asked.
    """
    asked: list[tuple[type, Request, float]] = []
    elapsed = 0.0
    for answer in answers:
        if isinstance(exchange, Done):
            break
        asked.append((type(exchange), exchange.request, exchange.delay))
        elapsed += exchange.delay + isinstance(exchange, Listen)
        exchange = _go_on(exchange, answer, elapsed)
    return Conversation(tuple(asked), exchange)


def alike(clause: str, one: Exchange[Any], other: Exchange[Any], answers: Sequence[Answer]) -> Sides:
    """Whether two conversations ask the same of a server that gives these answers, and come to the same."""
    return Sides(clause, _transcript(converse(one, answers)), _transcript(converse(other, answers)))


def _transcript(held: Conversation) -> tuple[Any, ...]:
    end = held.end
    last = end.result if isinstance(end, Done) else (type(end), end.request, end.delay)
    return (*held.asked, last)


def _go_on(exchange: Call[Any] | Listen[Any], answer: Answer, elapsed: float) -> Exchange[Any]:
    """How a conversation goes on from an answer, of which it hears an event of a watch, or else the body."""
    if isinstance(exchange, Call):
        return exchange.then(answer) if isinstance(answer, Response) else exchange.lost(answer)
    if elapsed >= exchange.until:
        return exchange.then(Heard(Failure(TimedOut("the time is over")), elapsed))
    answered = succeeded(answer) if isinstance(answer, Response) else Failure(answer)
    body = answered.map(lambda response: response.body)
    watches = "watch" in dict(exchange.request.query)
    event = body.map(lambda object: {"type": "MODIFIED", "object": object}) if watches else body
    return exchange.then(Heard(event, elapsed))
