"""Laws of what users write: the same for the same, the input left alone; and of the namespace decorators."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any, TypeAlias

from returns.pipeline import is_successful
from returns.result import Failure
from toolz import identity

from fkube.laws.compare import (
    Becomes,
    Fn,
    Pair,
    Sides,
    call_safely,
    copy_values,
    decorate_twice,
    equation,
    expect_type,
    is_result,
)
from fkube.resource.errors import Failures, FunctionError, VisitError
from fkube.resource.info import Info
from fkube.visitor.algebra import Decorator, Predicate, Visited, Visitor, reached, visited_of
from fkube.visitor.combinators import broken
from fkube.visitor.decorators import filter_namespace, force_namespace, require_namespace, set_namespace
from fkube.visitor.stages import Stage

InNamespace: TypeAlias = Callable[[str], Decorator]

_LEFT_ALONE = "i is what it was"
_A_VISIT = "Success of a tuple, or Failures"
_is_reached = partial(is_result, success=Info, failure=VisitError)
_is_visit = partial(is_result, success=tuple, failure=Failures)


def decorator_pure(info: Info, decorate: Decorator) -> Sides:
    """d(i) == d(i), which is an info or an error of fkube's; and i is what it was"""
    clause, wanted = "d(i) is an info or an error of fkube's", "Success of an info, or Failure"
    return _is_pure("d(i)", decorate, info, lambda value: expect_type(clause, value, _is_reached, wanted))


def predicate_pure(info: Info, holds: Predicate) -> Sides:
    """p(i) == p(i), which is a bool; and i is what it was"""

    def expect_bool(value: object) -> Sides:
        return expect_type("p(i) is a bool", value, lambda answer: isinstance(answer, bool), "bool")

    return _is_pure("p(i)", holds, info, expect_bool)


def function_pure(info: Info, becomes: Becomes, fn: Fn) -> Sides:
    """f(i) == f(i), a visitor; and i is what it was, once the visitor was visited too"""
    given = deepcopy(info)
    visitor = call_safely(becomes, given)
    is_visitor = expect_type("f(i) is a visitor", visitor, callable, "a visitor, like infos(...)") and Sides(
        _LEFT_ALONE, given, info
    )
    if not is_visitor:
        return is_visitor
    visit = call_safely(visitor, fn)
    return (
        expect_type("f(i)(fn) is what a visit leaves", visit, _is_visit, _A_VISIT)
        and Sides("i is what it was, once f(i) was visited", given, info)
        and _raises_nothing("f(i)", visitor)
        and Sides("f(i) == f(i)", becomes(deepcopy(info))(fn), visit)
        and Sides("f(i)(fn) == f(i)(fn): it can be visited again", call_safely(visitor, fn), visit)
    )


def visitor_pure(visitor: Visitor, fn: Fn, *, transform: Stage = identity) -> Sides:
    """v(fn) == v(fn): a visitor can be visited again, raises nothing, and leaves what it is made of alone"""
    before = copy_values(_results(visitor)) if transform is not identity else None
    made = call_safely(transform, visitor)
    visit = call_safely(lambda: copy_values(_results(made))) if callable(made) else made
    once = call_safely(lambda: copy_values(made(fn)))
    return (
        expect_type("v is a visitor", visit, _is_visit, "a visitor")
        and expect_type("v(fn) is what a visit leaves", once, _is_visit, _A_VISIT)
        and Sides("v(fn) == v(fn)", made(fn), once)
        and Sides("v has the same each time", _results(made), visit)
        and Sides("t(v)(fn) == t(v)(fn)", call_safely(lambda: transform(visitor)(fn)), once)
        and Sides("what v is made of is what it was", _results(visitor) if before else None, before)
        and _raises_nothing("v", made)
    )


def failures_stay(error: VisitError, *, transform: Stage = identity) -> Sides:
    """t(broken(e)) has a failure: none is lost without a word"""
    results = reached(transform(broken(error)))
    lost = all(map(is_successful, results))
    return Sides("t(broken(e)) has a failure", *((results, (Failure(error),)) if lost else (True, True)))


@equation
def set_namespace_idempotent(
    info: Info, namespace: str, *, set_namespace: InNamespace = set_namespace
) -> Pair:
    """set_namespace(n) ∘ set_namespace(n) == set_namespace(n)"""
    return decorate_twice(set_namespace(namespace), info)


@equation
def filter_namespace_idempotent(info: Info, *, filter_namespace: Decorator = filter_namespace) -> Pair:
    """filter_namespace ∘ filter_namespace == filter_namespace"""
    return decorate_twice(filter_namespace, info)


@equation
def require_set_namespace(
    info: Info,
    namespace: str,
    *,
    set_namespace: InNamespace = set_namespace,
    require_namespace: InNamespace = require_namespace,
) -> Pair:
    """require_namespace(n) ∘ set_namespace(n) == require_namespace(n)"""
    required = require_namespace(namespace)
    return set_namespace(namespace)(info).bind(required), required(info)


@equation
def force_namespace_idempotent(
    info: Info, namespace: str, *, force_namespace: InNamespace = force_namespace
) -> Pair:
    """force_namespace(n) ∘ force_namespace(n) == force_namespace(n)"""
    return decorate_twice(force_namespace(namespace), info)


@equation
def require_force_namespace(
    info: Info,
    namespace: str,
    *,
    force_namespace: InNamespace = force_namespace,
    require_namespace: InNamespace = require_namespace,
) -> Pair:
    """require_namespace(n) ∘ force_namespace(n) == force_namespace(n)"""
    forced = force_namespace(namespace)(info)
    return forced.bind(require_namespace(namespace)), forced


def _is_pure(
    call: str, function: Callable[[Info], Any], info: Info, expect: Callable[[object], Sides]
) -> Sides:
    """Compare two calls of a function with the same resource, which has to stay what it was."""
    given = deepcopy(info)
    once = call_safely(function, given)
    return (
        expect(once)
        and Sides(_LEFT_ALONE, given, info)
        and Sides(f"{call} == {call}", call_safely(function, deepcopy(info)), once)
    )


def _results(visitor: Visitor) -> Visited[Info]:
    return visited_of(reached(visitor))


def _raises_nothing(name: str, visitor: Visitor) -> Sides:
    """That no function within a visitor raised an exception, which is a failure of its resource."""
    errors = (result.swap().value_or(None) for result in reached(visitor))
    raised = tuple(error.message for error in errors if isinstance(error, FunctionError))
    return Sides(f"no function in {name} raises", raised, ())
