"""Laws of functions that users write: the same for the same, and the input left alone."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import partial

from returns.pipeline import is_successful
from returns.result import Failure
from toolz import identity

from fkube.laws.compare import Becomes, Fn, Sides, call_safely, copy_values, expect_type, is_result
from fkube.resource.errors import Failures, FunctionError, VisitError
from fkube.resource.info import Info
from fkube.visitor.combinators import broken
from fkube.visitor.stages import Stage
from fkube.visitor.visits import Decorator, Predicate, Visited, Visitor, reached, visited_of

_LEFT_ALONE = "i is what it was"
_A_VISIT = "Success of a tuple, or Failures"
_is_reached = partial(is_result, success=Info, failure=VisitError)
_is_visit = partial(is_result, success=tuple, failure=Failures)


def decorator_pure(info: Info, decorate: Decorator) -> Sides:
    """d(i) == d(i), which is an info or an error of fkube's; and i is what it was"""
    clause, wanted = "d(i) is an info or an error of fkube's", "Success of an info, or Failure"
    return _compare_calls(decorate, info, "d(i)", partial(expect_type, clause, _is_reached, wanted))


def predicate_pure(info: Info, holds: Predicate) -> Sides:
    """p(i) == p(i), which is a bool; and i is what it was"""
    expect_bool = partial(expect_type, "p(i) is a bool", lambda value: isinstance(value, bool), "bool")
    return _compare_calls(holds, info, "p(i)", expect_bool)


def function_pure(info: Info, becomes: Becomes, fn: Fn) -> Sides:
    """f(i) == f(i), a visitor; and i is what it was, once the visitor was visited too"""
    given = deepcopy(info)
    visitor = call_safely(becomes, given)
    is_visitor = expect_type("f(i) is a visitor", callable, "a visitor, like infos(...)", visitor) and Sides(
        _LEFT_ALONE, given, info
    )
    if not is_visitor:
        return is_visitor
    visit = call_safely(visitor, fn)
    return (
        expect_type("f(i)(fn) is what a visit leaves", _is_visit, _A_VISIT, visit)
        and Sides("i is what it was, once f(i) was visited", given, info)
        and _expect_no_exception("f(i)", visitor)
        and Sides("f(i) == f(i)", becomes(deepcopy(info))(fn), visit)
        and Sides("f(i)(fn) == f(i)(fn): it can be visited again", call_safely(visitor, fn), visit)
    )


def visitor_pure(visitor: Visitor, fn: Fn, *, transform: Stage = identity) -> Sides:
    """v(fn) == v(fn): a visitor can be visited again, raises nothing, and leaves what it is made of alone"""
    before = copy_values(_reached_visit(visitor)) if transform is not identity else None
    made = call_safely(transform, visitor)
    visit = call_safely(lambda: copy_values(_reached_visit(made))) if callable(made) else made
    once = call_safely(lambda: copy_values(made(fn)))
    return (
        expect_type("v is a visitor", _is_visit, "a visitor", visit)
        and expect_type("v(fn) is what a visit leaves", _is_visit, _A_VISIT, once)
        and Sides("v(fn) == v(fn)", made(fn), once)
        and Sides("v has the same each time", _reached_visit(made), visit)
        and Sides("t(v)(fn) == t(v)(fn)", call_safely(lambda: transform(visitor)(fn)), once)
        and Sides("what v is made of is what it was", _reached_visit(visitor) if before else None, before)
        and _expect_no_exception("v", made)
    )


def failures_stay(error: VisitError, *, transform: Stage = identity) -> Sides:
    """t(broken(e)) has a failure: none is lost without a word"""
    results = reached(transform(broken(error)))
    lost = all(map(is_successful, results))
    return Sides("t(broken(e)) has a failure", *((results, (Failure(error),)) if lost else (True, True)))


def _compare_calls(
    function: Callable[[Info], object], info: Info, call: str, expect: Callable[[object], Sides]
) -> Sides:
    """Compare two calls of a function with the same resource, which has to stay what it was."""
    given = deepcopy(info)
    once = call_safely(function, given)
    return (
        expect(once)
        and Sides(_LEFT_ALONE, given, info)
        and Sides(f"{call} == {call}", call_safely(function, deepcopy(info)), once)
    )


def _reached_visit(visitor: Visitor) -> Visited[Info]:
    """What a visitor reaches, as a visit, so that its values can be copied."""
    return visited_of(reached(visitor))


def _expect_no_exception(name: str, visitor: Visitor) -> Sides:
    """Compare what functions within a visitor raised, which are failures of resources, with nothing."""
    errors = (result.swap().value_or(None) for result in reached(visitor))
    raised = tuple(error.message for error in errors if isinstance(error, FunctionError))
    return Sides(f"no function in {name} raises", raised, ())
