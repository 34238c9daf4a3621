"""Templates applied to values: each action finds some. Nothing is printed.

Follows `JSONPath.FindResults` of k8s.io/client-go/util/jsonpath, its error messages included; what Go takes
from a map in random order comes here in the order of its keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import partial
from itertools import compress
from typing import Any, Final, TypeAlias

from returns.result import Failure, Result, Success
from toolz import concat

from fkube.resource.dataclasses import dataclass, field
from fkube.resource.results import collect_results
from fkube.syntax.gotext import type_name
from fkube.syntax.jsonpath import nodes
from fkube.syntax.jsonpath.operators import compare_values, item_positions

Values: TypeAlias = tuple[Any, ...]
"""The values that one text or action of a template finds."""

MAX_RANGES = 100
"""How deep ranges may be nested."""


class NoValue(Enum):
    """The object within a range over nothing, or over null."""

    NO_VALUE = "<no value>"


NO_VALUE: Final = NoValue.NO_VALUE


@dataclass(frozen=True, slots=True)
class NodeResult:
    """The values that a node finds, and an error, which a filter that only asks for existence ignores."""

    values: Values = field(repr=False)
    error: str = ""


@dataclass(slots=True)
class Run:
    """One evaluation of a template; it changes as it goes.

    `begun`: ranges whose values are found and whose nodes come next. `inside`: how many ranges are open.
    `ended`: how many `end`s still have a range to close. `last_end`: the position of the last `end`.
    """

    nodes: Sequence[nodes.Node]
    allow_missing_keys: bool
    begun: int = 0
    inside: int = 0
    ended: int = 0
    last_end: int = -1


def find_values(run: Run, at: int, value: object) -> Result[tuple[Values, ...], str]:
    """Find the values of each node from position `at` on, up to the end of the range.

    >>> find_values(Run((nodes.Action((nodes.Field("a"),)), nodes.Text("b")), False), 0, {"a": 1})
    <Success: ((1,), ('b',))>
    """
    results: list[Values] = []
    while at < len(run.nodes):
        if (step := _apply_node(run, run.nodes[at], (NO_VALUE if value is None else value,))).error:
            return Failure(step.error)
        if 0 < run.ended <= run.inside:
            run.ended, run.last_end = run.ended - 1, at
            break
        if not run.begun:
            results.append(step.values)
        else:
            match _repeat_range(run, at, step.values):
                case Success((inner, at)):
                    results += inner
                case Failure(why):
                    return Failure(why)
        at += 1
    return Success(tuple(results))


def _repeat_range(run: Run, at: int, values: Values) -> Result[tuple[Iterable[Values], int], str]:
    """Evaluate the nodes of a range for each value; the values found, and the position of its end.

    Without values its nodes are passed over. `at`: the position where it begins.
    """
    if run.inside == MAX_RANGES:
        return Failure(f"ranges are nested more than {MAX_RANGES} deep")
    run.begun, run.inside = run.begun - 1, run.inside + 1
    inner = collect_results(find_values(run, at + 1, value) for value in values or (NO_VALUE,))
    run.inside -= 1
    return inner.map(lambda found: (concat(found) if values else (), max(at, run.last_end)))


def _apply_node(run: Run, node: nodes.Node, values: Values) -> NodeResult:
    """Apply a node to the values that the node before it found."""
    # The most frequent come first.
    match node:
        case nodes.Field(name):
            return _find_field(run, name, values)
        case nodes.Action(inner):
            return _apply_action(run, inner, values)
        case nodes.Text(text):
            return NodeResult((text,))
        case nodes.Array():
            return _select_items(node, values)
        case nodes.Filter():
            return _concat_results(values, (_filter_items(run, node, value) for value in values))
        case nodes.Identifier(name):
            return _apply_identifier(run, name, values)
        case nodes.Literal(literal):
            return NodeResult((literal,) * len(values))
        case nodes.Wildcard():
            return NodeResult(tuple(member for value in values for member in _members(value)))
        case nodes.Union(actions):
            made = (_apply_node(run, action, values) for action in actions)
            return _concat_results(values, (Failure(s.error) if s.error else Success(s.values) for s in made))
    return NodeResult(_descendants(values))


def _apply_action(run: Run, inner: Sequence[nodes.Node], values: Values) -> NodeResult:
    """Apply the nodes of an action in turn, each to what the one before found, up to an error."""
    for node in inner:
        step = _apply_node(run, node, values)
        if step.error:
            return step
        values = step.values
    return NodeResult(values)


def _concat_results(values: Values, results: Iterable[Result[Iterable[object], str]]) -> NodeResult:
    """Join the values of all results; at an error, keep the `values` that the node was applied to."""
    found = collect_results(results)
    match found:
        case Failure(why):
            return NodeResult(values, why)
    return NodeResult(tuple(concat(found.value_or(()))))


def _apply_identifier(run: Run, name: str, values: Values) -> NodeResult:
    """Begin or end a range; any other word is an error."""
    if name == "range":
        run.begun += 1
        return NodeResult(values)
    if name != "end":
        return NodeResult(values, f"unrecognized identifier {name}")
    run.ended += run.inside > 0
    return NodeResult((), "" if run.inside else "not in range, nothing to end")


def _find_field(run: Run, name: str, values: Values) -> NodeResult:
    """The values of a field in each map that has it; an error if none has and keys may not be missing."""
    results = tuple(value[name] for value in values if isinstance(value, dict) and name in value)
    # What is null has no fields, and none is missed where nothing else was looked at.
    missing = values and not results and not run.allow_missing_keys
    return NodeResult(results, f"{name} is not found" if missing else "")


def _members(value: object) -> Sequence[object]:
    """The members of a map or list, or the bytes of a text."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if isinstance(value, str):
        return value.encode(errors="replace")
    return value if isinstance(value, list | tuple) else ()


def _descendants(values: Values) -> Values:
    """The values and all that is below them, each before its members; empty ones and scalars left out."""
    results: list[object] = []
    todo = list(reversed(values))
    while todo:
        value = todo.pop()
        members = _members(value)
        if members:
            results.append(value)
            todo += reversed(members)
    return tuple(results)


def _select_items(array: nodes.Array, values: Values) -> NodeResult:
    """The items of each list at the array's positions; null has none, other values are an error."""
    results: list[object] = []
    for value in values:
        if value is None:
            continue
        if not isinstance(value, list | tuple):
            return NodeResult(values, f"{_type_name(value)} is not array or slice")
        match item_positions(array, len(value)):
            case Success(chosen):
                # Kubectl looks at no further value where one has nothing to choose.
                if not chosen:
                    break
                results += (value[n] for n in chosen)
            case Failure(why):
                return NodeResult(values, why)
    return NodeResult(tuple(results))


def _filter_items(run: Run, node: nodes.Filter, value: object) -> Result[Iterable[object], str]:
    """The items of a list that a filter lets through. Errors: where the value is no list."""
    if not isinstance(value, list | tuple):
        return Failure(f"{_type_name(value)} is not array or slice and cannot be filtered")
    return collect_results(_item_passes(run, node, item) for item in value).map(partial(compress, value))


def _item_passes(run: Run, node: nodes.Filter, item: object) -> Result[bool, str]:
    """Whether a filter lets an item through; one that lacks what is compared does not pass."""
    if node.operator == "exists":
        return Success(bool(_apply_node(run, node.left, (item,)).values))
    compared: list[object] = []
    for side in (node.left, node.right):
        step = _apply_node(run, side, (item,))
        if step.error or len(step.values) > 1:
            return Failure(step.error or "can only compare one element at a time")
        if not step.values:
            return Success(False)
        compared += step.values
    return compare_values(node.operator, *compared)


def _type_name(value: object) -> str:
    """Go's name for the type of a value, `null` for null and for no value."""
    return "null" if value is None or value is NO_VALUE else type_name(value)
