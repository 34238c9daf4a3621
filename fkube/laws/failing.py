"""Laws of failure: fail-fast and eager visits, and that nothing is lost in either."""

from __future__ import annotations

from typing import Any

from returns.result import Success

from fkube.algebra import Decorator, Predicate, Visitor, VisitorFunc, append_visits, reached, steps_of
from fkube.laws.compare import Plus, Stage, is_prefix
from fkube.visitor import continue_on_error, decorated, eager_visitor_list, filtered, visitor_list

Fn = VisitorFunc[Any]


def eager_agrees(
    a: Visitor,
    b: Visitor,
    fn: Fn,
    *,
    visitor_list: Plus = visitor_list,
    eager_visitor_list: Plus = eager_visitor_list,
) -> bool:
    """eager_visitor_list(a, b) == visitor_list(a, b), where nothing fails"""
    visit = visitor_list(a, b)(fn)
    return not isinstance(visit, Success) or eager_visitor_list(a, b)(fn) == visit


def fail_fast_prefix(
    a: Visitor,
    b: Visitor,
    fn: Fn,
    *,
    visitor_list: Plus = visitor_list,
    eager_visitor_list: Plus = eager_visitor_list,
) -> bool:
    """The steps of visitor_list(a, b) begin those of eager_visitor_list(a, b), and both fail or neither"""
    visit, whole = visitor_list(a, b)(fn), eager_visitor_list(a, b)(fn)
    return is_prefix(steps_of(visit), steps_of(whole)) and isinstance(visit, Success) == isinstance(
        whole, Success
    )


def continue_on_error_idempotent(
    visitor: Visitor, fn: Fn, *, continue_on_error: Stage = continue_on_error
) -> bool:
    """continue_on_error ∘ continue_on_error == continue_on_error"""
    return continue_on_error(continue_on_error(visitor))(fn) == continue_on_error(visitor)(fn)


def continue_on_error_commutes(
    visitor: Visitor,
    decorate: Decorator,
    holds: Predicate,
    fn: Fn,
    *,
    continue_on_error: Stage = continue_on_error,
) -> bool:
    """continue_on_error ∘ t == t ∘ continue_on_error, for decorated(d) and filtered(p)"""
    return all(
        continue_on_error(stage(visitor))(fn) == stage(continue_on_error(visitor))(fn)
        for stage in (decorated(decorate), filtered(holds))
    )


def continue_on_error_over_list(
    a: Visitor,
    b: Visitor,
    fn: Fn,
    *,
    continue_on_error: Stage = continue_on_error,
    eager_visitor_list: Plus = eager_visitor_list,
) -> bool:
    """continue_on_error(visitor_list(a, b)) == eager_visitor_list(a, b)"""
    return continue_on_error(visitor_list(a, b))(fn) == eager_visitor_list(a, b)(fn)


def conservation(visitor: Visitor, fn: Fn, *, continue_on_error: Stage = continue_on_error) -> bool:
    """visited + failed + skipped is all that went in, each once, in its place; eagerly none is skipped"""
    whole = append_visits(fn(result) for result in reached(visitor))
    return is_prefix(steps_of(visitor(fn)), steps_of(whole)) and continue_on_error(visitor)(fn) == whole
