"""Templates applied to values: what each action finds. Nothing is printed.

Follows `JSONPath.FindResults` of k8s.io/client-go/util/jsonpath, its error messages included; what Go takes
from a map in random order comes here in the order of its keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import compress
from typing import Any, Final, TypeAlias

from returns.result import Failure, Result, Success

from fkube.resource.results import collected
from fkube.syntax.gotext import type_name
from fkube.syntax.jsonpath.nodes import (
    Action,
    Array,
    Field,
    Filter,
    Identifier,
    Literal,
    Node,
    Recursive,
    Text,
    Union,
    Wildcard,
)
from fkube.syntax.jsonpath.operators import compared, positions

Values: TypeAlias = tuple[Any, ...]

MAX_RANGES = 100
"""How deep ranges may be nested."""


class NoValue(Enum):
    """What stands for the object within a range over nothing, or over null."""

    NO_VALUE = "<no value>"


NO_VALUE: Final = NoValue.NO_VALUE


@dataclass(frozen=True, slots=True)
class Found:
    """What a node found, and what is wrong, which a filter that asks whether there is something ignores."""

    values: Values
    error: str = ""


@dataclass(slots=True)
class Run:
    """One evaluation: the template, and how far ranges and their ends have been met."""

    nodes: Sequence[Node]
    allow_missing_keys: bool
    begun: int = 0
    inside: int = 0
    ended: int = 0
    last_end: int = -1


def found(run: Run, at: int, value: Any) -> Result[tuple[Values, ...], str]:
    """What each node from a position on finds in a value, up to the end of the range.

    >>> found(Run((Action((Field("a"),)), Text("b")), False), 0, {"a": 1})
    <Success: ((1,), ('b',))>
    """
    results: list[Values] = []
    while at < len(run.nodes):
        step = _walk(run, run.nodes[at], (NO_VALUE if value is None else value,))
        if step.error:
            return Failure(step.error)
        if 0 < run.ended <= run.inside:
            run.ended, run.last_end = run.ended - 1, at
            break
        here, at = _ranged(run, at, step.values) if run.begun else (Success((step.values,)), at)
        if not isinstance(here, Success):
            return here
        results += here.unwrap()
        at += 1
    return Success(tuple(results))


def _ranged(run: Run, at: int, values: Values) -> tuple[Result[tuple[Values, ...], str], int]:
    """What the nodes of a range find in each of the values, and where it ends.

    Without values they are only passed over.
    """
    if run.inside == MAX_RANGES:
        return Failure(f"ranges are nested more than {MAX_RANGES} deep"), at
    run.begun, run.inside = run.begun - 1, run.inside + 1
    results: list[Values] = []
    for value in values or (NO_VALUE,):
        inner = found(run, at + 1, value)
        if not isinstance(inner, Success):
            return inner, at
        results += inner.unwrap() if values else ()
    run.inside -= 1
    return Success(tuple(results)), max(at, run.last_end)


def _walk(run: Run, node: Node, values: Values) -> Found:
    """What a node makes of what the one before it found."""
    match node:
        case Text(text):
            return Found((text,))
        case Literal(literal):
            return Found((literal,) * len(values))
        case Wildcard():
            return Found(tuple(member for value in values for member in _members(value)))
        case Recursive():
            return Found(_descended(values))
        case Identifier(name):
            return _identified(run, name, values)
        case Field(name):
            return _field(run, name, values)
        case Array():
            return _items(node, values)
    return _combined(run, node, values)


def _combined(run: Run, node: Union | Filter | Action, values: Values) -> Found:
    match node:
        case Union(actions):
            return _all(run, actions, values)
        case Filter():
            return _filtered(run, node, values)
    for inner in node.nodes:
        step = _walk(run, inner, values)
        if step.error:
            return step
        values = step.values
    return Found(values)


def _all(run: Run, actions: Sequence[Action], values: Values) -> Found:
    results: list[Any] = []
    for action in actions:
        step = _walk(run, action, values)
        if step.error:
            return Found(values, step.error)
        results += step.values
    return Found(tuple(results))


def _identified(run: Run, name: str, values: Values) -> Found:
    if name == "range":
        run.begun += 1
        return Found(values)
    if name != "end":
        return Found(values, f"unrecognized identifier {name}")
    run.ended += run.inside > 0
    return Found((), "" if run.inside else "not in range, nothing to end")


def _field(run: Run, name: str, values: Values) -> Found:
    results = tuple(value[name] for value in values if isinstance(value, dict) and name in value)
    # What is null has no fields, and none is missed where nothing else was looked at.
    missing = values and not results and not run.allow_missing_keys
    return Found(results, f"{name} is not found" if missing else "")


def _members(value: Any) -> Sequence[Any]:
    """What is in a map, in a list, or in a text, which consists of bytes."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if isinstance(value, str):
        return value.encode(errors="replace")
    return value if isinstance(value, list | tuple) else ()


def _descended(values: Values) -> Values:
    """The values that have something in them with all that is in these, each before what is in it."""
    results: list[Any] = []
    todo = list(reversed(values))
    while todo:
        value = todo.pop()
        members = _members(value)
        if members:
            results.append(value)
            todo += reversed(members)
    return tuple(results)


def _items(array: Array, values: Values) -> Found:
    results: list[Any] = []
    for value in values:
        if value is None:
            continue
        if not isinstance(value, list | tuple):
            return Found(values, f"{_named(value)} is not array or slice")
        chosen = positions(array, len(value))
        if not isinstance(chosen, Success):
            return Found(values, chosen.failure())
        if not chosen.unwrap():
            break
        results += (value[n] for n in chosen.unwrap())
    return Found(tuple(results))


def _filtered(run: Run, node: Filter, values: Values) -> Found:
    results: list[Any] = []
    for value in values:
        if not isinstance(value, list | tuple):
            return Found(values, f"{_named(value)} is not array or slice and cannot be filtered")
        verdicts = collected(_passes(run, node, item) for item in value)
        if not isinstance(verdicts, Success):
            return Found(values, verdicts.failure())
        results += compress(value, verdicts.unwrap())
    return Found(tuple(results))


def _passes(run: Run, node: Filter, item: Any) -> Result[bool, str]:
    """Whether a filter lets an item through; one that lacks what is compared does not pass."""
    left = _walk(run, node.left, (item,))
    if node.operator == "exists":
        return Success(bool(left.values))
    if left.error or len(left.values) != 1:
        return _uncompared(left)
    right = _walk(run, node.right, (item,))
    if right.error or len(right.values) != 1:
        return _uncompared(right)
    return compared(node.operator, left.values[0], right.values[0])


def _uncompared(side: Found) -> Result[bool, str]:
    if side.error or side.values:
        return Failure(side.error or "can only compare one element at a time")
    return Success(False)


def _named(value: Any) -> str:
    return "null" if value is None or value is NO_VALUE else type_name(value)
