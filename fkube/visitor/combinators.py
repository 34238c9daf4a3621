"""The algebra of visitors: functions that make visitors, and functions from visitor to visitor.

A `Visitor` is a list of resources, or of reasons why there is none, in continuation form: it is given what
to do with each, and returns the outcomes. `one` is its return, `and_then` its bind, `nothing` its zero
and `visitor_list` its plus. Every visitor made here is a frozen value that is also a function, so it can be
compared, printed, pickled and drawn; any plain function of the right type is a visitor too.

Follows `k8s.io/cli-runtime/pkg/resource/visitor.go`; the laws are functions in `fkube.laws`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import TypeVar

from returns.result import Failure, Result, Success  # noqa: F401 - the last is in the examples

from fkube.resource.errors import VisitError
from fkube.resource.info import Info
from fkube.resource.results import make_success
from fkube.visitor.algebra import (
    AndThen,
    ContinueOnError,
    Decorated,
    Each,
    EagerVisitorList,
    Filtered,
    One,
    Transform,
    VisitorList,
)
from fkube.visitor.lists import Flattened
from fkube.visitor.visits import Decorator, Predicate, Reached, Visitor

T = TypeVar("T")


def one(info: Info) -> Visitor:
    """Visit one resource: the return of the monad (`Info.Visit`).

    Equation: one(i)(fn) = fn(Success(i))
    Law: left_unit, right_unit

    >>> one(Info({"kind": "Pod"}))(each(lambda info: Success(info.kind)))
    <Success: ('Pod',)>

    See also: `infos`, `broken`.
    """
    return One(make_success(info))


def broken(error: VisitError) -> Visitor:
    """Visit the reason why there is no resource, such as a document that can't be read.

    Equation: broken(e)(fn) = fn(Failure(e))
    Law: failures_pass

    >>> from fkube.resource.errors import DecodeError
    >>> broken(DecodeError("not YAML"))(each(Success)).failure().errors[0].message
    'not YAML'
    """
    return One(Failure(error))


def from_result(result: Reached) -> Visitor:
    """Visit one resource, or the reason why there is none, given as a Result.

    Equation: from_result(r)(fn) = fn(r), and so one(i) = from_result(Success(i))

    >>> from_result(Success(Info({"kind": "Pod"}))) == one(Info({"kind": "Pod"}))
    True
    """
    return One(result)


nothing: Visitor = VisitorList(())
"""Visit nothing: the zero. Equation: nothing(fn) = Success(()). Law: list_unit."""


def infos(*resources: Info) -> Visitor:
    """Visit resources in order.

    Equation: infos(*xs) = visitor_list(*map(one, xs))

    >>> infos(Info({"kind": "A"}), Info({"kind": "B"}))(each(lambda info: Success(info.kind)))
    <Success: ('A', 'B')>
    """
    return visitor_list(*map(one, resources))


def visitor_list(*visitors: Visitor) -> Visitor:
    """Visit visitors in turn and stop at the first failure: the plus (`VisitorList`).

    Equation: visitor_list(*vs)(fn) = vs[0](fn) + vs[1](fn) + … up to the first failure; both sides are kept
    Law: list_associative, list_unit, list_singleton

    >>> visitor_list() == nothing
    True
    >>> from fkube.resource.errors import DecodeError
    >>> stopped = visitor_list(one(Info({"kind": "A"})), broken(DecodeError("b")), one(Info({"kind": "C"})))
    >>> stopped(each(lambda info: Success(info.kind))).failure().visited
    ('A',)

    See also: `eager_visitor_list`, which does not stop.
    """
    all_visitors = _splice_lists(VisitorList, visitors)
    return all_visitors[0] if len(all_visitors) == 1 else VisitorList(all_visitors)


def eager_visitor_list(*visitors: Visitor) -> Visitor:
    """Visit every visitor and every resource, whichever fail (`EagerVisitorList`).

    Equation: eager_visitor_list(*vs)(fn) = continue_on_error(vs[0])(fn) + continue_on_error(vs[1])(fn) + …
    Law: eager_associative, eager_singleton, eager_agrees, fail_fast_prefix, continue_on_error_over_list

    >>> from fkube.resource.errors import DecodeError
    >>> visit = eager_visitor_list(broken(DecodeError("b")), one(Info({"kind": "C"})))(each(Success))
    >>> len(visit.failure().errors), visit.failure().visited
    (1, (Info( C ),))
    """
    return EagerVisitorList(_splice_lists(EagerVisitorList, visitors))


def and_then(function: Callable[[Info], Visitor]) -> Transform:
    """Replace each resource by the visitor that a function makes of it: the bind. Failures pass.

    Equation: and_then(f)(v)(fn) = v(lambda r: f(i)(fn) if r is Success(i) else fn(r))
    Law: left_unit, right_unit, and_then_associative, and_then_over_list, failures_pass

    >>> and_then(lambda info: infos(info, info))(one(Info({"kind": "A"})))(each(lambda i: Success(i.kind)))
    <Success: ('A', 'A')>
    """
    return Transform("and_then", AndThen, (function,))


def decorated(*decorators: Decorator) -> Transform:
    """Let each resource pass through decorators, left to right, before it is visited (`DecoratedVisitor`).

    Equation: decorated(d)(v)(fn) = v(lambda r: fn(r.bind(d)));  decorated(f, g) = decorated(g) ∘ decorated(f)
    Law: decorated_identity, decorated_composition, decorated_over_list, decorated_by_and_then

    >>> from dataclasses import replace
    >>> upper = lambda info: Success(replace(info, object={"kind": info.kind.upper()}))
    >>> decorated(upper)(one(Info({"kind": "pod"})))(each(lambda info: Success(info.kind)))
    <Success: ('POD',)>
    """
    return Transform("decorated", _add_decorators, decorators)


def filtered(*predicates: Predicate) -> Transform:
    """Keep the resources for which every predicate holds (`FilteredVisitor`).

    Equation: filtered(*ps) = and_then(lambda i: one(i) if all(p(i) for p in ps) else nothing)
    Law: filtered_identity, filtered_composition, filtered_over_list, filtered_commutes, filtered_by_and_then

    >>> pods = filtered(lambda info: info.kind == "Pod")
    >>> pods(infos(Info({"kind": "Pod"}), Info({"kind": "Node"})))(each(lambda i: Success(i.kind)))
    <Success: ('Pod',)>
    """
    return Transform("filtered", _add_predicates, predicates)


def flattened(visitor: Visitor) -> Visitor:
    """Visit the items of a list in its place, and those of lists within it, in order (`FlattenListVisitor`).

    Equation: flattened = and_then(lambda i: infos(*items(i)))
    Law: flattened_idempotent, flattened_over_list, flattened_list, flattened_nested, flattened_by_and_then

    >>> pods = Info({"kind": "PodList", "items": [{"kind": "Pod", "apiVersion": "v1"}]})
    >>> flattened(one(pods))(each(lambda info: Success(info.kind)))
    <Success: ('Pod',)>
    """
    return visitor if isinstance(visitor, Flattened) else Flattened(visitor)


def continue_on_error(visitor: Visitor) -> Visitor:
    """Visit everything whatever fails; tell the visitor function of each failure (`ContinueOnErrorVisitor`).

    Equation: continue_on_error(v)(fn) = the visits fn(r) for each r of v, all of them, appended
    Law: continue_on_error_idempotent, continue_on_error_commutes, continue_on_error_over_list, conservation

    >>> from fkube.resource.errors import DecodeError
    >>> both = continue_on_error(visitor_list(broken(DecodeError("b")), one(Info({"kind": "C"}))))
    >>> both(each(lambda info: Success(info.kind))).failure().visited
    ('C',)
    """
    return visitor if isinstance(visitor, ContinueOnError) else ContinueOnError(visitor)


def each(step: Callable[[Info], Result[T, VisitError]]) -> Each[T]:
    """Make a visitor function of a step for one resource.

    Equation: each(s)(r) = r.bind(s), a success as a tuple of one, a failure as `Failures` of one
    Law: each_lifts, naturality

    >>> from fkube.resource.errors import DecodeError
    >>> each(Success)(Failure(DecodeError("b"))).failure().visited
    ()
    """
    return Each(step)


def _add_decorators(visitor: Visitor, *decorators: Decorator) -> Visitor:
    """Let each resource pass through decorators, left to right."""
    # Decorators over decorators are one row: ten thousand need no deeper stack than one.
    if isinstance(visitor, Decorated):
        return Decorated(visitor.visitor, (*visitor.decorators, *decorators))
    return Decorated(visitor, decorators) if decorators else visitor


def _add_predicates(visitor: Visitor, *predicates: Predicate) -> Visitor:
    """Keep the resources for which every predicate holds."""
    if isinstance(visitor, Filtered):
        return Filtered(visitor.visitor, (*visitor.predicates, *predicates))
    return Filtered(visitor, predicates) if predicates else visitor


def _splice_lists(
    kind: type[VisitorList] | type[EagerVisitorList], visitors: tuple[Visitor, ...]
) -> tuple[Visitor, ...]:
    """Replace each visitor list of this kind by its visitors: a list in a list is one list."""
    return tuple(chain.from_iterable(v.visitors if isinstance(v, kind) else (v,) for v in visitors))
