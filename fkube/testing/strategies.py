"""Hypothesis strategies for functions, visitors and stages. Every value prints, compares and pickles."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from returns.result import Failure, Success

from fkube.laws.compare import Becomes, Fn
from fkube.pipeline.discovery import mapped
from fkube.testing import functions as f
from fkube.testing.resources import KINDS, NAMES, errors, info_lists, infos, mappers, namespaces
from fkube.visitor.algebra import EagerVisitorList, VisitorList
from fkube.visitor.arranging import arranged
from fkube.visitor.combinators import (
    and_then,
    broken,
    continue_on_error,
    decorated,
    eager_visitor_list,
    filtered,
    flattened,
    nothing,
    one,
    visitor_list,
)
from fkube.visitor.combinators import infos as visitor_of_infos
from fkube.visitor.decorators import filter_namespace, require_namespace, set_namespace
from fkube.visitor.stages import Stage, scanned, sorted_by, take, through, unique
from fkube.visitor.visits import Decorator, Predicate, Visitor


def predicates() -> SearchStrategy[Predicate]:
    """Predicates by label and kind, and constant ones."""
    kinds = st.sampled_from([kind for _, kind in KINDS])
    return st.builds(f.Always, st.booleans()) | st.builds(f.Labelled, NAMES) | st.builds(f.OfKind, kinds)


def decorators() -> SearchStrategy[Decorator]:
    """Decorators that label, rename, refuse, and those of namespaces."""
    return st.one_of(
        st.builds(f.Label, NAMES, NAMES),
        st.builds(f.Suffix, NAMES),
        st.builds(f.Refuse, predicates(), errors()),
        st.builds(set_namespace, namespaces()),
        st.builds(require_namespace, namespaces()),
        st.just(filter_namespace),
    )


def visitor_functions() -> SearchStrategy[Fn]:
    """Visitor functions that leave up to two values of each resource, fail on some, may forgive errors."""
    reasons = st.lists(errors(), max_size=2).map(tuple)
    return st.builds(f.Tell, NAMES, st.integers(0, 2), predicates(), reasons, st.booleans())


def info_functions() -> SearchStrategy[Becomes]:
    """Functions from a resource to a visitor."""
    return st.one_of(
        st.builds(f.Repeat, decorators(), st.integers(0, 2)),
        st.builds(f.Break, predicates(), errors()),
        st.builds(f.Always, _leaves()),
    )


def visitors() -> SearchStrategy[Visitor]:
    """Trees of visitors, of every combinator and of visitors that are not ours.

    >>> from hypothesis import find
    >>> find(visitors(), lambda visitor: True)
    VisitorList(visitors=())
    """
    return st.recursive(_leaves(), _branches, max_leaves=4)


def stages() -> SearchStrategy[Stage]:
    """Stages that may be visited in chunks: plain ones, ones with a memory, several as one."""
    single = st.one_of(
        _plain_stages(),
        st.builds(take, st.integers(0, 4)),
        st.builds(unique, st.sampled_from((f.OfKind("Pod"), f.Labelled("a")))),
        st.builds(scanned, st.just(f.number_resource), st.integers(0, 3)),
        st.builds(mapped, mappers()),
    )
    return single | st.lists(single, max_size=3).map(lambda row: through(*row))


def whole_stages() -> SearchStrategy[Stage]:
    """Stages that must see all of the input first."""
    keys = st.sampled_from((f.OfKind("Pod"), f.Labelled("a")))
    return st.builds(sorted_by, keys) | st.just(arranged)


def changes() -> SearchStrategy[Callable[[object], object]]:
    """Changes of the values that a visit leaves."""
    return st.builds(f.Tag, NAMES) | st.builds(f.Always, NAMES)


def _plain_stages() -> SearchStrategy[Stage]:
    """Stages that distribute over the list."""
    return st.one_of(
        st.builds(decorated, decorators()),
        st.builds(filtered, predicates()),
        st.builds(and_then, info_functions()),
        st.just(flattened),
    )


def _leaves() -> SearchStrategy[Visitor]:
    """Visitors that are made of no other visitor."""
    results = st.builds(Success, infos()) | st.builds(Failure, errors())
    return st.one_of(
        st.just(nothing),
        st.builds(one, infos() | info_lists()),
        st.builds(broken, errors()),
        st.lists(infos(), max_size=3).map(lambda resources: visitor_of_infos(*resources)),
        st.builds(f.HandmadeVisitor, st.lists(results, max_size=3).map(tuple)),
    )


def _branches(children: SearchStrategy[Visitor]) -> SearchStrategy[Visitor]:
    """Visitors that are made of these visitors, by every combinator."""
    several = st.lists(children, max_size=3)
    transforms = _plain_stages() | st.just(continue_on_error)
    return st.one_of(
        several.map(lambda visitors: visitor_list(*visitors)),
        several.map(lambda visitors: eager_visitor_list(*visitors)),
        # Lists in lists as they are, which `visitor_list` would splice.
        several.map(tuple).map(VisitorList),
        several.map(tuple).map(EagerVisitorList),
        st.builds(lambda transform, visitor: transform(visitor), transforms, children),
    )
