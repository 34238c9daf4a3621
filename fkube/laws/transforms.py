"""Laws of the transforms of a pipeline: `decorated`, `filtered`, `flattened`."""

from __future__ import annotations

from fkube.laws.compare import Fn, Pair, Sides, Stages, equation, list_of
from fkube.laws.monad import transform_over_list
from fkube.resource.dataclasses import replace
from fkube.resource.info import Info, Origin
from fkube.visitor.algebra import One
from fkube.visitor.combinators import and_then, decorated, filtered, flattened, infos, nothing, one
from fkube.visitor.lists import items
from fkube.visitor.stages import Stage
from fkube.visitor.visits import Decorator, Predicate, Visitor, reached


@equation
def decorated_identity(visitor: Visitor, fn: Fn, *, decorated: Stages = decorated) -> Pair:
    """decorated()(v) == v"""
    return decorated()(visitor)(fn), visitor(fn)


@equation
def decorated_composition(
    visitor: Visitor, decorate: Decorator, redecorate: Decorator, fn: Fn, *, decorated: Stages = decorated
) -> Pair:
    """decorated(f, g) == decorated(g) ∘ decorated(f)"""
    after = decorated(redecorate)(decorated(decorate)(visitor))
    return decorated(decorate, redecorate)(visitor)(fn), after(fn)


def decorated_over_list(
    a: Visitor, b: Visitor, decorate: Decorator, fn: Fn, *, decorated: Stages = decorated
) -> Sides:
    """decorated(d)(visitor_list(a, b)) == visitor_list(decorated(d)(a), decorated(d)(b))"""
    return transform_over_list(a, b, fn, transform=decorated(decorate))


@equation
def decorated_by_and_then(
    visitor: Visitor, decorate: Decorator, fn: Fn, *, decorated: Stages = decorated
) -> Pair:
    """decorated(d) == and_then(lambda i: one(j) if d(i) is Success(j), broken(e) if it is Failure(e))"""
    bound = and_then(lambda info: One(decorate(info)))
    return decorated(decorate)(visitor)(fn), bound(visitor)(fn)


@equation
def filtered_identity(visitor: Visitor, fn: Fn, *, filtered: Stages = filtered) -> Pair:
    """filtered()(v) == v"""
    return filtered()(visitor)(fn), visitor(fn)


@equation
def filtered_composition(
    visitor: Visitor, holds: Predicate, also_holds: Predicate, fn: Fn, *, filtered: Stages = filtered
) -> Pair:
    """filtered(p, q) == filtered(q) ∘ filtered(p)"""
    after = filtered(also_holds)(filtered(holds)(visitor))
    return filtered(holds, also_holds)(visitor)(fn), after(fn)


def filtered_over_list(
    a: Visitor, b: Visitor, holds: Predicate, fn: Fn, *, filtered: Stages = filtered
) -> Sides:
    """filtered(p)(visitor_list(a, b)) == visitor_list(filtered(p)(a), filtered(p)(b))"""
    return transform_over_list(a, b, fn, transform=filtered(holds))


@equation
def filtered_by_and_then(visitor: Visitor, holds: Predicate, fn: Fn, *, filtered: Stages = filtered) -> Pair:
    """filtered(p) == and_then(lambda i: one(i) if p(i) else nothing)"""
    bound = and_then(lambda info: one(info) if holds(info) else nothing)
    return filtered(holds)(visitor)(fn), bound(visitor)(fn)


def filtered_commutes(
    visitor: Visitor,
    decorate: Decorator,
    holds: Predicate,
    fn: Fn,
    *,
    decorated: Stages = decorated,
    filtered: Stages = filtered,
) -> Sides:
    """filtered(p) ∘ decorated(d) == decorated(d) ∘ filtered(p), for a d that keeps p"""
    kept = (result.map(lambda info: _keeps_predicate(decorate, holds, info)) for result in reached(visitor))
    if not all(result.value_or(True) for result in kept):
        return Sides("d keeps p", True, True)
    last, first = filtered(holds)(decorated(decorate)(visitor)), decorated(decorate)(filtered(holds)(visitor))
    return Sides("filtered(p) ∘ decorated(d) == decorated(d) ∘ filtered(p)", last(fn), first(fn))


@equation
def flattened_idempotent(visitor: Visitor, fn: Fn, *, flattened: Stage = flattened) -> Pair:
    """flattened ∘ flattened == flattened"""
    return flattened(flattened(visitor))(fn), flattened(visitor)(fn)


def flattened_over_list(a: Visitor, b: Visitor, fn: Fn, *, flattened: Stage = flattened) -> Sides:
    """flattened(visitor_list(a, b)) == visitor_list(flattened(a), flattened(b))"""
    return transform_over_list(a, b, fn, transform=flattened)


@equation
def flattened_by_and_then(visitor: Visitor, fn: Fn, *, flattened: Stage = flattened) -> Pair:
    """flattened == and_then(items)"""
    return flattened(visitor)(fn), and_then(items)(visitor)(fn)


@equation
def flattened_list(
    resources: tuple[Info, ...], origin: Origin, fn: Fn, *, flattened: Stage = flattened
) -> Pair:
    """flattened(one(list_of(xs))) == infos(*xs), in order and from where the list is"""
    from_list = (replace(resource, origin=origin, mapping=None) for resource in resources)
    return flattened(one(list_of(*resources, origin=origin)))(fn), infos(*from_list)(fn)


@equation
def flattened_nested(
    resources: tuple[Info, ...], more_resources: tuple[Info, ...], fn: Fn, *, flattened: Stage = flattened
) -> Pair:
    """flattened(one(list_of(list_of(xs), ys, list_of(xs)))) == infos(*xs, *ys, *xs)"""
    inner = list_of(*resources)
    nested = flattened(one(list_of(inner, *more_resources, inner)))
    flat = flattened(one(list_of(*resources, *more_resources, *resources)))
    return nested(fn), flat(fn)


def _keeps_predicate(decorate: Decorator, holds: Predicate, info: Info) -> bool:
    """Whether a predicate says the same of the decorated info; a failure passes every filter."""
    return decorate(info).map(holds).value_or(True) == holds(info)
