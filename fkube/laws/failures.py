"""Laws of failure: fail-fast and eager visits, and that nothing is lost in either."""

from __future__ import annotations

from typing import Any

from returns.pipeline import is_successful

from fkube.laws.compare import Fn, Pair, Plus, Sides, equation, first_unequal
from fkube.visitor.combinators import continue_on_error, decorated, eager_visitor_list, filtered, visitor_list
from fkube.visitor.stages import Stage
from fkube.visitor.visits import Decorator, Predicate, Visited, Visitor, append_visits, reached, steps_of


@equation
def eager_agrees(
    a: Visitor,
    b: Visitor,
    fn: Fn,
    *,
    eager_visitor_list: Plus = eager_visitor_list,
    visitor_list: Plus = visitor_list,
) -> Pair:
    """eager_visitor_list(a, b) == visitor_list(a, b), where nothing fails"""
    visit = visitor_list(a, b)(fn)
    return eager_visitor_list(a, b)(fn) if is_successful(visit) else visit, visit


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
    clause = "The steps of visitor_list(a, b) begin those of eager_visitor_list(a, b)"
    return Sides(clause, *_first_steps(visit, whole)) and Sides(
        "both succeed or neither", is_successful(visit), is_successful(whole)
    )


@equation
def continue_on_error_idempotent(
    visitor: Visitor, fn: Fn, *, continue_on_error: Stage = continue_on_error
) -> Pair:
    """continue_on_error ∘ continue_on_error == continue_on_error"""
    return continue_on_error(continue_on_error(visitor))(fn), continue_on_error(visitor)(fn)


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


@equation
def continue_on_error_over_list(
    a: Visitor,
    b: Visitor,
    fn: Fn,
    *,
    continue_on_error: Stage = continue_on_error,
    eager_visitor_list: Plus = eager_visitor_list,
) -> Pair:
    """continue_on_error(visitor_list(a, b)) == eager_visitor_list(a, b)"""
    return continue_on_error(visitor_list(a, b))(fn), eager_visitor_list(a, b)(fn)


def conservation(visitor: Visitor, fn: Fn, *, continue_on_error: Stage = continue_on_error) -> Sides:
    """visited + failed + skipped is all that went in, each once, in its place; eagerly none is skipped"""
    whole = append_visits(map(fn, reached(visitor)))
    visit, eager = visitor(fn), continue_on_error(visitor)(fn)
    return (
        Sides("v(fn) begins with what fn leaves of each, in order", *_first_steps(visit, whole))
        and Sides("v(fn) succeeds if fn does for each", is_successful(visit), is_successful(whole))
        and Sides("continue_on_error(v)(fn) is what fn leaves of each, in order", eager, whole)
    )


def _first_steps(visit: Visited[Any], whole: Visited[Any]) -> Pair:
    """The steps of one visit, and as many from the beginning of another."""
    steps = steps_of(visit)
    return steps, steps_of(whole)[: len(steps)]
