"""How laws compare: clauses with two sides, the values that visits leave, conversations turn by turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from functools import wraps
from types import UnionType
from typing import Any, ParamSpec, TypeAlias

from returns.result import Failure, Result, Success

from fkube.exchange.conversation import Call, Done, Exchange, Heard, Listen, Request, Response, succeeded
from fkube.merging.values import deep_equal
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import FunctionError, TimedOut, VisitError
from fkube.resource.guarding import exception_error
from fkube.resource.info import NOWHERE, Info, Origin
from fkube.visitor.stages import Stage
from fkube.visitor.visits import Decorator, Visited, Visitor, VisitorFunc, steps_of, visited_of

P = ParamSpec("P")

Fn: TypeAlias = VisitorFunc[Any]
"""A visitor function, whatever it leaves."""

Becomes: TypeAlias = Callable[[Info], Visitor]
"""A function from a resource to a visitor."""

Stages: TypeAlias = Callable[..., Stage]
"""`decorated`, `filtered`, `and_then`: what makes a stage of its arguments."""

Plus: TypeAlias = Callable[..., Visitor]
"""`visitor_list` and its like: one visitor of several."""

AnyExchange: TypeAlias = Exchange[Any]
"""A conversation, whatever comes of it."""

Answer: TypeAlias = Response | VisitError
"""What comes of a request: what the server answered, or why no answer came."""

Answers: TypeAlias = Sequence[Answer]
"""What comes of one request after another."""

Pair: TypeAlias = tuple[object, object]
"""The left and the right side of an equation."""


@dataclass(frozen=True, slots=True)
class Sides:
    """One clause of a law, and its two sides: it is true if they are equal.

    >>> bool(Sides("1 + 1 == 2", 1 + 1, 2) and Sides("1 + 1 == 3", 1 + 1, 3))
    False
    """

    clause: str
    left: object
    right: object

    def __bool__(self) -> bool:
        return bool(self.left == self.right)


def equation(law: Callable[P, Pair]) -> Callable[P, Sides]:
    """Make a law of a function that returns both sides; its clause is the first line of the docstring.

    >>> @equation
    ... def plus_commutes(a: int, b: int) -> Pair:
    ...     '''a + b == b + a'''
    ...     return a + b, b + a
    >>> plus_commutes(1, 2)
    Sides(clause='a + b == b + a', left=3, right=3)
    """

    @wraps(law)
    def compare_sides(*values: P.args, **named_values: P.kwargs) -> Sides:
        return Sides(first_line(law), *law(*values, **named_values))

    return compare_sides


def first_line(law: Callable[..., object]) -> str:
    """The first line of a law's docstring, which is what the law says."""
    return (law.__doc__ or "").partition("\n")[0]


def first_unequal(clauses: Iterable[Sides]) -> Sides:
    """The first clause whose sides differ; if none does, a clause that holds.

    >>> first_unequal(Sides(f"{n} == 2", n, 2) for n in (2, 3, 4)).clause
    '3 == 2'
    """
    return next((sides for sides in clauses if not sides), Sides("", None, None))


def deep_sides(clause: str, left: Any, right: Any) -> Sides:
    """A clause about JSON data, which is equal to the type, as in Go: 1 is neither 1.0 nor true.

    >>> bool(deep_sides("1 == 1.0", 1, 1.0)), deep_sides("1 == 1.0", 1, 1.0).left
    (False, 'int: 1')
    """
    alike = deep_equal(left, right) == bool(left == right)
    return Sides(clause, *((left, right) if alike else (_with_type(left), _with_type(right))))


def _with_type(value: Any) -> str:
    """A value with its type, for values which are equal but for that."""
    return f"{type(value).__name__}: {value!r}"


def call_safely(function: Callable[..., Any], *arguments: object) -> Any:
    """Call a function; an exception becomes a `FunctionError` that says what was raised.

    >>> call_safely(int, "1")
    1
    """
    try:
        return function(*arguments)
    except Exception as error:  # noqa: BLE001 - that it raises is what the law is to say
        return exception_error(function, error)


def expect_type(clause: str, is_wanted: Callable[[object], bool], wanted: str, value: object) -> Sides:
    """Compare the type of a value with the wanted one; where a function raised, what was raised with it.

    `wanted`: how the message calls the type.
    """
    if isinstance(value, FunctionError):
        return Sides(clause, value.message, wanted)
    return Sides(clause, wanted if is_wanted(value) else _type_name(value), wanted)


def _type_name(value: object) -> str:
    """The name of a value's type; of a Success, with the type of what is in it."""
    match value:
        case Success(inner):
            return f"Success of {type(inner).__name__}"
    return type(value).__name__


def is_result(value: object, success: type, failure: type | UnionType) -> bool:
    """Whether a value is a Success of one type or a Failure of another.

    >>> is_result(Success(1), int, str), is_result(Failure("a"), int, str), is_result(1, int, str)
    (True, True, False)
    """
    match value:
        case Success(inner):
            return isinstance(inner, success)
        case Failure(error):
            return isinstance(error, failure)
    return False


def map_values(visit: Visited[Any], change: Callable[[Any], Any]) -> Visited[Any]:
    """Change each value that a visit left."""
    return visited_of(step.map(change) for step in steps_of(visit))


def copy_values(visit: Visited[Any]) -> Visited[Any]:
    """Copy the values that a visit left, so that changing the originals does not change them."""
    return map_values(visit, deepcopy)


def decorate_twice(decorate: Decorator, info: Info) -> Pair:
    """The resource decorated twice, and once: the sides of idempotence."""
    once = decorate(info)
    return once.bind(decorate), once


def list_of(*resources: Info, origin: Origin = NOWHERE) -> Info:
    """A `List` of resources.

    >>> len(list_of(Info({"kind": "Pod"})).object["items"])
    1
    """
    items = [dict(resource.object) for resource in resources]
    return Info({"apiVersion": "v1", "kind": "List", "items": items}, origin)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation: a call or a listening, its request, and the delay before it."""

    kind: type
    request: Request
    delay: float


Transcript: TypeAlias = tuple[Turn | Result[Any, VisitError], ...]
"""The turns of a conversation; behind them its result, or else the turn that waits for an answer."""


def converse(exchange: AnyExchange, answers: Iterable[Answer]) -> Transcript:
    """Hold a conversation with a server that gives these answers, as far as they go.

    Every turn stands in the transcript; behind them the result, or else the turn that waits for an answer.
    A second passes with each piece that is heard, and the delays of what is asked.
    """
    turns: list[Turn] = []
    elapsed = 0.0
    for answer in answers:
        if isinstance(exchange, Done):
            break
        turns.append(_turn(exchange))
        elapsed += exchange.delay + isinstance(exchange, Listen)
        exchange = _give_answer(exchange, answer, elapsed)
    return (*turns, exchange.result if isinstance(exchange, Done) else _turn(exchange))


def transcripts(answers: Answers, one: AnyExchange, other: AnyExchange) -> Pair:
    """The transcripts of two conversations with a server that gives both of them the same answers."""
    return converse(one, answers), converse(other, answers)


def _turn(exchange: Call[Any] | Listen[Any]) -> Turn:
    """The turn that an exchange begins with."""
    return Turn(type(exchange), exchange.request, exchange.delay)


def _give_answer(exchange: Call[Any] | Listen[Any], answer: Answer, elapsed: float) -> AnyExchange:
    """How a conversation goes on from an answer: a watch hears it as an event, other listening as a body.

    `elapsed`: the second at which it comes, in which listening may have ended.
    """
    if isinstance(exchange, Call):
        return exchange.then(answer) if isinstance(answer, Response) else exchange.lost(answer)
    if elapsed >= exchange.until:
        return exchange.then(Heard(Failure(TimedOut("the time is over")), elapsed))
    response = succeeded(answer) if isinstance(answer, Response) else Failure(answer)
    body = response.map(lambda response: response.body)
    watches = "watch" in dict(exchange.request.query)
    event = body.map(lambda object: {"type": "MODIFIED", "object": object}) if watches else body
    return exchange.then(Heard(event, elapsed))
