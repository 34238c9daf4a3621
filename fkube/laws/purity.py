"""Laws of what users write: the same for the same, the input left alone; and of the namespace decorators."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from returns.result import Failure, Success
from toolz import identity

from fkube.laws.compare import Sides, Stage, attempted, copied, is_like
from fkube.resource.errors import Failures, FunctionError, VisitError
from fkube.resource.info import Info
from fkube.visitor.algebra import Decorator, Predicate, Visited, Visitor, VisitorFunc, reached, visited_of
from fkube.visitor.combinators import broken
from fkube.visitor.decorators import filter_namespace, force_namespace, require_namespace, set_namespace

InNamespace = Callable[[str], Decorator]
Becomes = Callable[[Info], Visitor]

_LEFT_ALONE = "i is what it was"


def decorator_pure(info: Info, decorate: Decorator) -> Sides:
    """d(i) == d(i), which is an info or an error of fkube's; and i is what it was"""
    given = deepcopy(info)
    once = attempted(decorate, given)
    return (
        is_like("d(i) is an info or an error of fkube's", once, _is_reached, "Success of an info, or Failure")
        and Sides(_LEFT_ALONE, given, info)
        and Sides("d(i) == d(i)", attempted(decorate, deepcopy(info)), once)
    )


def predicate_pure(info: Info, holds: Predicate) -> Sides:
    """p(i) == p(i), which is a bool; and i is what it was"""
    given = deepcopy(info)
    once = attempted(holds, given)
    return (
        is_like("p(i) is a bool", once, lambda value: isinstance(value, bool), "bool")
        and Sides(_LEFT_ALONE, given, info)
        and Sides("p(i) == p(i)", attempted(holds, deepcopy(info)), once)
    )


def function_pure(info: Info, becomes: Becomes, fn: VisitorFunc[Any]) -> Sides:
    """f(i) == f(i), a visitor; and i is what it was, once the visitor was visited too"""
    given = deepcopy(info)
    visitor = attempted(becomes, given)
    left_alone = is_like("f(i) is a visitor", visitor, callable, "a visitor, like infos(...)") and Sides(
        _LEFT_ALONE, given, info
    )
    if not left_alone:
        return left_alone
    visit = attempted(visitor, fn)
    return (
        is_like("f(i)(fn) is what a visit leaves", visit, _is_visit, "Success of a tuple, or Failures")
        and Sides("i is what it was, once f(i) was visited", given, info)
        and _nothing_raised("f(i)", visitor)
        and Sides("f(i) == f(i)", becomes(deepcopy(info))(fn), visit)
        and Sides("f(i)(fn) == f(i)(fn): it can be visited again", attempted(visitor, fn), visit)
    )


def visitor_pure(visitor: Visitor, fn: VisitorFunc[Any], *, transform: Stage = identity) -> Sides:
    """v(fn) == v(fn): a visitor can be visited again, raises nothing, and leaves what it is made of alone"""
    before = copied(_results(visitor)) if transform is not identity else None
    made = attempted(transform, visitor)
    visit = attempted(lambda: copied(_results(made))) if callable(made) else made
    once = attempted(lambda: copied(made(fn)))
    return (
        is_like("v is a visitor", visit, _is_visit, "a visitor")
        and is_like("v(fn) is what a visit leaves", once, _is_visit, "Success of a tuple, or Failures")
        and Sides("v(fn) == v(fn)", made(fn), once)
        and Sides("v has the same each time", _results(made), visit)
        and Sides("t(v)(fn) == t(v)(fn)", attempted(lambda: transform(visitor)(fn)), once)
        and Sides("what v is made of is what it was", _results(visitor) if before else None, before)
        and _nothing_raised("v", made)
    )


def failures_stay(error: VisitError, *, transform: Stage = identity) -> Sides:
    """t(broken(e)) has a failure: none is lost without a word"""
    found = reached(transform(broken(error)))
    kept = any(not isinstance(result, Success) for result in found)
    clause = "t(broken(e)) has a failure"
    return Sides(clause, True, True) if kept else Sides(clause, found, (Failure(error),))


def _is_reached(decorated: Any) -> bool:
    if isinstance(decorated, Success):
        return isinstance(decorated.unwrap(), Info)
    return isinstance(decorated, Failure) and isinstance(decorated.failure(), VisitError)


def _is_visit(visit: Any) -> bool:
    if isinstance(visit, Success):
        return isinstance(visit.unwrap(), tuple)
    return isinstance(visit, Failure) and isinstance(visit.failure(), Failures)


def _results(visitor: Visitor) -> Visited[Info]:
    return visited_of(reached(visitor))


def _nothing_raised(name: str, visitor: Visitor) -> Sides:
    """That no function within a visitor raised an exception, which is a failure of its resource."""
    failed = (result.failure() for result in reached(visitor) if not isinstance(result, Success))
    raised = tuple(error.message for error in failed if isinstance(error, FunctionError))
    return Sides(f"no function in {name} raises", raised, ())


def set_namespace_idempotent(
    info: Info, namespace: str, *, set_namespace: InNamespace = set_namespace
) -> Sides:
    """set_namespace(n) ∘ set_namespace(n) == set_namespace(n)"""
    once = set_namespace(namespace)(info)
    return Sides(
        "set_namespace(n) ∘ set_namespace(n) == set_namespace(n)", once.bind(set_namespace(namespace)), once
    )


def filter_namespace_idempotent(info: Info, *, filter_namespace: Decorator = filter_namespace) -> Sides:
    """filter_namespace ∘ filter_namespace == filter_namespace"""
    once = filter_namespace(info)
    return Sides("filter_namespace ∘ filter_namespace == filter_namespace", once.bind(filter_namespace), once)


def require_set_namespace(
    info: Info,
    namespace: str,
    *,
    set_namespace: InNamespace = set_namespace,
    require_namespace: InNamespace = require_namespace,
) -> Sides:
    """require_namespace(n) ∘ set_namespace(n) == require_namespace(n)"""
    required = require_namespace(namespace)
    both = set_namespace(namespace)(info).bind(required)
    return Sides("require_namespace(n) ∘ set_namespace(n) == require_namespace(n)", both, required(info))


def force_namespace_idempotent(
    info: Info, namespace: str, *, force_namespace: InNamespace = force_namespace
) -> Sides:
    """force_namespace(n) ∘ force_namespace(n) == force_namespace(n)"""
    once = force_namespace(namespace)(info)
    twice = once.bind(force_namespace(namespace))
    return Sides("force_namespace(n) ∘ force_namespace(n) == force_namespace(n)", twice, once)


def require_force_namespace(
    info: Info,
    namespace: str,
    *,
    force_namespace: InNamespace = force_namespace,
    require_namespace: InNamespace = require_namespace,
) -> Sides:
    """require_namespace(n) ∘ force_namespace(n) == force_namespace(n)"""
    forced = force_namespace(namespace)(info)
    both = forced.bind(require_namespace(namespace))
    return Sides("require_namespace(n) ∘ force_namespace(n) == force_namespace(n)", both, forced)
