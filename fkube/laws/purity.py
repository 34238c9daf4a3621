"""Laws of what users write: the same for the same, the input left alone; and of the namespace decorators."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from returns.result import Result, Success
from toolz import identity

from fkube.algebra import Decorator, Predicate, Visitor, VisitorFunc
from fkube.decorators import filter_namespace, force_namespace, require_namespace, set_namespace
from fkube.errors import VisitError
from fkube.info import Info
from fkube.laws.compare import Stage

InNamespace = Callable[[str], Decorator]


def decorator_pure(info: Info, decorate: Decorator) -> bool:
    """d(i) == d(i), which is an info or an error of fkube's; and i is what it was"""
    given = deepcopy(info)
    once = decorate(given)
    typed = isinstance(once, Result) and _is_typed(once)
    return typed and given == info and decorate(given) == once


def predicate_pure(info: Info, holds: Predicate) -> bool:
    """p(i) == p(i), which is a bool; and i is what it was"""
    given = deepcopy(info)
    once = holds(given)
    return isinstance(once, bool) and given == info and holds(given) == once


def visitor_pure(visitor: Visitor, fn: VisitorFunc[Any], *, transform: Stage = identity) -> bool:
    """v(fn) == v(fn): a visitor can be visited again"""
    visit = transform(visitor)
    return visit(fn) == visit(fn)


def set_namespace_idempotent(
    info: Info, namespace: str, *, set_namespace: InNamespace = set_namespace
) -> bool:
    """set_namespace(n) ∘ set_namespace(n) == set_namespace(n)"""
    once = set_namespace(namespace)(info)
    return once.bind(set_namespace(namespace)) == once


def filter_namespace_idempotent(info: Info, *, filter_namespace: Decorator = filter_namespace) -> bool:
    """filter_namespace ∘ filter_namespace == filter_namespace"""
    once = filter_namespace(info)
    return once.bind(filter_namespace) == once


def require_set_namespace(
    info: Info,
    namespace: str,
    *,
    set_namespace: InNamespace = set_namespace,
    require_namespace: InNamespace = require_namespace,
) -> bool:
    """require_namespace(n) ∘ set_namespace(n) == require_namespace(n)"""
    required = require_namespace(namespace)
    return set_namespace(namespace)(info).bind(required) == required(info)


def force_namespace_idempotent(
    info: Info, namespace: str, *, force_namespace: InNamespace = force_namespace
) -> bool:
    """force_namespace(n) ∘ force_namespace(n) == force_namespace(n)"""
    once = force_namespace(namespace)(info)
    return once.bind(force_namespace(namespace)) == once


def require_force_namespace(
    info: Info,
    namespace: str,
    *,
    force_namespace: InNamespace = force_namespace,
    require_namespace: InNamespace = require_namespace,
) -> bool:
    """require_namespace(n) ∘ force_namespace(n) == force_namespace(n)"""
    forced = force_namespace(namespace)(info)
    return forced.bind(require_namespace(namespace)) == forced


def _is_typed(decorated: Result[Info, VisitError]) -> bool:
    if isinstance(decorated, Success):
        return isinstance(decorated.unwrap(), Info)
    return isinstance(decorated.failure(), VisitError)
