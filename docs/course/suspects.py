"""Functions that say they are `visitor_list`. Do not read on: ask the laws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from itertools import takewhile
from typing import TypeVar

from returns.pipeline import is_successful

from fkube.visitor import Visited, Visitor, VisitorFunc, visitor_list
from fkube.visitor.visits import append_visits, steps_of, visited_of

T = TypeVar("T")


def _pairwise(*visitors: Visitor) -> Visitor:
    """Two at a time."""
    return reduce(visitor_list, visitors, visitor_list())


def _until_empty(*visitors: Visitor) -> Visitor:
    """What leaves nothing is taken for the end."""

    def visit(fn: VisitorFunc[T]) -> Visited[T]:
        kept = takewhile(lambda visitor: steps_of(visitor(fn)), visitors)
        return visitor_list(*kept)(fn)

    return visit


def _last_error(*visitors: Visitor) -> Visitor:
    """It goes on after a failure, and tells of the last."""

    def visit(fn: VisitorFunc[T]) -> Visited[T]:
        steps = steps_of(append_visits(visitor(fn) for visitor in visitors))
        failed = [step for step in steps if not is_successful(step)]
        return visited_of((*filter(is_successful, steps), *failed[-1:]))

    return visit


def _head_and_tail(*visitors: Visitor) -> Visitor:
    """The first, and then the list of the others."""
    return visitor_list(visitors[0], _head_and_tail(*visitors[1:])) if visitors else visitor_list()


SUSPECTS: Mapping[str, Callable[..., Visitor]] = {
    "A": _pairwise,
    "B": _until_empty,
    "C": _last_error,
    "D": _head_and_tail,
}
GUILTY = ("B", "C")


def distinct(visitor: Visitor) -> Visitor:
    """A visitor that looks at what its function leaves, and leaves equal things once."""

    def visit(fn: VisitorFunc[T]) -> Visited[T]:
        return visited_of({repr(step): step for step in steps_of(visitor(fn))}.values())

    return visit
