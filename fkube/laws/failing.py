"""Laws of failure: fail-fast and eager visits, and that nothing is lost in either."""

from __future__ import annotations

from typing import Any

from returns.result import Success

from fkube.laws.compare import Plus, Sides, Stage, first_unequal
from fkube.visitor.algebra import (
    Decorator,
    Predicate,
    Visited,
    Visitor,
    VisitorFunc,
    append_visits,
    reached,
    steps_of,
)
from fkube.visitor.combinators import continue_on_error, decorated, eager_visitor_list, filtered, visitor_list

Fn = VisitorFunc[Any]


def eager_agrees(
    a: Visitor,
    b: Visitor,
    fn: Fn,
    *,
    visitor_list: Plus = visitor_list,
    eager_visitor_list: Plus = eager_visitor_list,
) -> Sides:
    """eager_visitor_list(a, b) == visitor_list(a, b), where nothing fails"""
    visit = visitor_list(a, b)(fn)
    eager = eager_visitor_list(a, b)(fn) if isinstance(visit, Success) else visit
    return Sides("eager_visitor_list(a, b) == visitor_list(a, b)", eager, visit)


def fail_fast_prefix(
    a: Visitor,
    b: Visitor,
    fn: Fn,
    *,
    visitor_list: Plus = visitor_list,
    eager_visitor_list: Plus = eager_visitor_list,
) -> Sides:
    """The steps of visitor_list(a, b) begin those of eager_visitor_list(a, b), and both fail or neither"""
    visit, whole = visitor_list(a, b)(fn), eager_visitor_list(a, b)(fn)
    begins = _begins("The steps of visitor_list(a, b) begin those of eager_visitor_list(a, b)", visit, whole)
    both = isinstance(visit, Success), isinstance(whole, Success)
    return begins and Sides("both succeed or neither", *both)


def continue_on_error_idempotent(
    visitor: Visitor, fn: Fn, *, continue_on_error: Stage = continue_on_error
) -> Sides:
    """continue_on_error ∘ continue_on_error == continue_on_error"""
    twice, once = continue_on_error(continue_on_error(visitor)), continue_on_error(visitor)
    return Sides("continue_on_error ∘ continue_on_error == continue_on_error", twice(fn), once(fn))


def continue_on_error_commutes(
    visitor: Visitor,
    decorate: Decorator,
    holds: Predicate,
    fn: Fn,
    *,
    continue_on_error: Stage = continue_on_error,
) -> Sides:
    """continue_on_error ∘ t == t ∘ continue_on_error, for decorated(d) and filtered(p)"""
    return first_unequal(
        Sides(
            f"continue_on_error ∘ {name} == {name} ∘ continue_on_error",
            continue_on_error(stage(visitor))(fn),
            stage(continue_on_error(visitor))(fn),
        )
        for name, stage in (("decorated(d)", decorated(decorate)), ("filtered(p)", filtered(holds)))
    )


def continue_on_error_over_list(
    a: Visitor,
    b: Visitor,
    fn: Fn,
    *,
    continue_on_error: Stage = continue_on_error,
    eager_visitor_list: Plus = eager_visitor_list,
) -> Sides:
    """continue_on_error(visitor_list(a, b)) == eager_visitor_list(a, b)"""
    going_on, eager = continue_on_error(visitor_list(a, b)), eager_visitor_list(a, b)
    return Sides("continue_on_error(visitor_list(a, b)) == eager_visitor_list(a, b)", going_on(fn), eager(fn))


def conservation(visitor: Visitor, fn: Fn, *, continue_on_error: Stage = continue_on_error) -> Sides:
    """visited + failed + skipped is all that went in, each once, in its place; eagerly none is skipped"""
    whole = append_visits(fn(result) for result in reached(visitor))
    visit, eager = visitor(fn), continue_on_error(visitor)(fn)
    return (
        _begins("v(fn) begins with what fn leaves of each, in order", visit, whole)
        and Sides(
            "v(fn) succeeds if fn does for each", isinstance(visit, Success), isinstance(whole, Success)
        )
        and Sides("continue_on_error(v)(fn) is what fn leaves of each, in order", eager, whole)
    )


def _begins(clause: str, visit: Visited[Any], whole: Visited[Any]) -> Sides:
    """That the steps of one visit begin those of another."""
    steps = steps_of(visit)
    return Sides(clause, steps, steps_of(whole)[: len(steps)])
