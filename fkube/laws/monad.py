"""Laws of visitors as a monad with a plus: lists, eager lists, `and_then`, and of every transform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from returns.result import Failure, Result, Success
from toolz import compose, identity

from fkube.laws.compare import Becomes, Fn, Pair, Plus, Sides, Stages, equation, first_unequal, map_values
from fkube.resource.errors import VisitError, failures
from fkube.resource.info import Info
from fkube.visitor.combinators import (
    and_then,
    broken,
    continue_on_error,
    decorated,
    each,
    eager_visitor_list,
    filtered,
    flattened,
    nothing,
    one,
    visitor_list,
)
from fkube.visitor.stages import Stage
from fkube.visitor.visits import Decorator, Predicate, Visited, Visitor


def list_associative(
    a: Visitor, b: Visitor, c: Visitor, fn: Fn, *, visitor_list: Plus = visitor_list
) -> Sides:
    """visitor_list(a, visitor_list(b, c)) == visitor_list(a, b, c) == visitor_list(visitor_list(a, b), c)"""
    return _compare_groupings("visitor_list", visitor_list, (a, b, c), fn)


def list_unit(a: Visitor, fn: Fn, *, visitor_list: Plus = visitor_list, nothing: Visitor = nothing) -> Sides:
    """visitor_list(nothing, a) == a == visitor_list(a, nothing); visitor_list() == nothing"""
    return (
        Sides("nothing(fn) == Success(())", nothing(fn), Success(()))
        and Sides("visitor_list() == nothing", visitor_list()(fn), Success(()))
        and Sides("visitor_list(nothing, a) == a", visitor_list(nothing, a)(fn), a(fn))
        and Sides("visitor_list(a, nothing) == a", visitor_list(a, nothing)(fn), a(fn))
    )


@equation
def list_singleton(a: Visitor, fn: Fn, *, visitor_list: Plus = visitor_list) -> Pair:
    """visitor_list(a) == a"""
    return visitor_list(a)(fn), a(fn)


def eager_associative(
    a: Visitor, b: Visitor, c: Visitor, fn: Fn, *, eager_visitor_list: Plus = eager_visitor_list
) -> Sides:
    """eager(a, eager(b, c)) == eager(a, b, c) == eager(eager(a, b), c), for eager_visitor_list"""
    return _compare_groupings("eager", eager_visitor_list, (a, b, c), fn)


@equation
def eager_singleton(
    a: Visitor,
    fn: Fn,
    *,
    eager_visitor_list: Plus = eager_visitor_list,
    continue_on_error: Stage = continue_on_error,
) -> Pair:
    """eager_visitor_list(a) == continue_on_error(a)"""
    return eager_visitor_list(a)(fn), continue_on_error(a)(fn)


@equation
def left_unit(
    info: Info, becomes: Becomes, fn: Fn, *, one: Becomes = one, and_then: Stages = and_then
) -> Pair:
    """and_then(f)(one(i)) == f(i)"""
    return and_then(becomes)(one(info))(fn), becomes(info)(fn)


@equation
def right_unit(visitor: Visitor, fn: Fn, *, one: Becomes = one, and_then: Stages = and_then) -> Pair:
    """and_then(one)(v) == v"""
    return and_then(one)(visitor)(fn), visitor(fn)


@equation
def and_then_associative(
    visitor: Visitor, becomes: Becomes, rebecomes: Becomes, fn: Fn, *, and_then: Stages = and_then
) -> Pair:
    """and_then(g)(and_then(f)(v)) == and_then(lambda i: and_then(g)(f(i)))(v)"""
    outside = and_then(rebecomes)(and_then(becomes)(visitor))
    inside = and_then(compose(and_then(rebecomes), becomes))(visitor)
    return outside(fn), inside(fn)


def and_then_over_list(
    a: Visitor, b: Visitor, becomes: Becomes, fn: Fn, *, and_then: Stages = and_then
) -> Sides:
    """and_then(f)(visitor_list(a, b)) == visitor_list(and_then(f)(a), and_then(f)(b))"""
    return transform_over_list(a, b, fn, transform=and_then(becomes))


def transform_over_list(a: Visitor, b: Visitor, fn: Fn, *, transform: Stage = identity) -> Sides:
    """t(visitor_list(a, b)) == visitor_list(t(a), t(b)): a stream may be visited in chunks"""
    whole, chunks = transform(visitor_list(a, b))(fn), visitor_list(transform(a), transform(b))(fn)
    return Sides("t(visitor_list(a, b)) == visitor_list(t(a), t(b))", whole, chunks)


def naturality(
    visitor: Visitor, fn: Fn, change: Callable[[Any], Any], *, transform: Stage = identity
) -> Sides:
    """v(map h ∘ fn) == map h (v(fn)): a visitor does not look at what its function leaves"""
    visit = transform(visitor)
    inside, outside = visit(lambda result: map_values(fn(result), change)), map_values(visit(fn), change)
    return Sides("v(map h ∘ fn) == map h (v(fn))", inside, outside)


def failures_pass(
    error: VisitError,
    becomes: Becomes,
    decorate: Decorator,
    holds: Predicate,
    fn: Fn,
    *,
    and_then: Stages = and_then,
    decorated: Stages = decorated,
    filtered: Stages = filtered,
    flattened: Stage = flattened,
) -> Sides:
    """t(broken(e)) == broken(e), for every t made of and_then, decorated, filtered, flattened"""
    stages = {
        "and_then(f)": and_then(becomes),
        "decorated(d)": decorated(decorate),
        "filtered(p)": filtered(holds),
        "flattened": flattened,
    }
    return first_unequal(
        Sides(f"{name}(broken(e)) == broken(e)", stage(broken(error))(fn), fn(Failure(error)))
        for name, stage in stages.items()
    )


def each_lifts(
    info: Info,
    error: VisitError,
    decorate: Decorator,
    *,
    each: Callable[[Callable[[Info], Result[Any, VisitError]]], Fn] = each,
) -> Sides:
    """each(s)(r) == r.bind(s), a success as a tuple of one, a failure as `Failures` of one"""
    lifted: Visited[Any] = decorate(info).map(lambda value: (value,)).alt(failures)
    failed: Visited[Any] = Failure(failures(error))
    return Sides("each(s)(Success(i)) == s(i)", each(decorate)(Success(info)), lifted) and Sides(
        "each(s)(Failure(e)) == Failure(failures(e))", each(decorate)(Failure(error)), failed
    )


def _compare_groupings(name: str, plus: Plus, visitors: tuple[Visitor, Visitor, Visitor], fn: Fn) -> Sides:
    """Compare a plus of three visitors with both ways of putting two of them together first."""
    a, b, c = visitors
    flat = plus(a, b, c)(fn)
    return Sides(f"{name}(a, {name}(b, c)) == {name}(a, b, c)", plus(a, plus(b, c))(fn), flat) and Sides(
        f"{name}({name}(a, b), c) == {name}(a, b, c)", plus(plus(a, b), c)(fn), flat
    )
