"""Hypothesis strategies for everything the laws quantify over. Every value prints, compares and pickles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from returns.result import Failure, Success

from fkube.algebra import (
    Decorator,
    EagerVisitorList,
    Predicate,
    Reached,
    Visited,
    Visitor,
    VisitorFunc,
    VisitorList,
    visited_of,
)
from fkube.decorators import filter_namespace, require_namespace, set_namespace
from fkube.discovery import Mapper, Resource, mapped, mapper
from fkube.errors import (
    DecodeError,
    NamespaceError,
    SourceError,
    StatusError,
    TransportError,
    UsageError,
    VisitError,
)
from fkube.info import NOWHERE, Info, Origin, RESTMapping
from fkube.laws.compare import list_of
from fkube.report import Outcome, Report, report
from fkube.stages import Stage, scanned, take, through, unique
from fkube.testing import functions as f
from fkube.visitor import (
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
from fkube.visitor import infos as visitor_of_infos

_NAMES = st.sampled_from(("a", "b", "c"))
_KINDS = (
    ("v1", "ConfigMap"),
    ("v1", "Pod"),
    ("v1", "Namespace"),
    ("apps/v1", "Deployment"),
    ("example.com/v1", "Widget"),
)
# Pools instead of builders: drawing is most of the time that a check takes.
_LABELS = ((), (("a", "a"),), (("a", "b"), ("b", "b")), (("c", "c"),))
_ORIGINS = (NOWHERE, Origin("a.yaml", 1, 1), Origin("a.yaml", 2, 9), Origin("STDIN"), Origin("b.json", 1))
_ERRORS: tuple[VisitError, ...] = (
    UsageError("no"),
    SourceError("no such file", Origin("c.yaml")),
    DecodeError("no YAML", Origin("a.yaml", 2, 3)),
    DecodeError("no kind", Origin("a.yaml", 3, 7)),
    NamespaceError("another namespace", Origin("a.yaml", 1, 1)),
    StatusError("exists", 409, "AlreadyExists"),
    TransportError("connection refused"),
)
_MAPPINGS = (
    RESTMapping("", "v1", "Pod", "pods"),
    RESTMapping("apps", "v1", "Deployment", "deployments"),
    RESTMapping("", "v1", "Namespace", "namespaces", namespaced=False),
)


def namespaces() -> SearchStrategy[str]:
    """Names of namespaces."""
    return st.sampled_from(("shop", "staging"))


def origins() -> SearchStrategy[Origin]:
    """Where something may have been written."""
    return st.sampled_from(_ORIGINS)


def errors() -> SearchStrategy[VisitError]:
    """Errors of several kinds."""
    return st.sampled_from(_ERRORS)


def mappings() -> SearchStrategy[RESTMapping]:
    """Mappings of kinds that live in namespaces, and of some that do not."""
    return st.sampled_from(_MAPPINGS)


def infos() -> SearchStrategy[Info]:
    """Resources that are no lists, in a namespace or in none, some with labels and a mapping.

    >>> from hypothesis import find
    >>> find(infos(), lambda info: True)
    Info(v1 ConfigMap a)
    """
    kinds, labels = st.sampled_from(_KINDS), st.sampled_from(_LABELS)
    namespace = st.sampled_from(("", "shop", "staging"))
    return st.builds(_info, kinds, _NAMES, namespace, labels, origins(), st.none() | mappings())


def crds() -> SearchStrategy[Info]:
    """Definitions of the custom resources that `infos` has, in one version or another."""
    typed = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    named = {"group": "example.com", "names": {"kind": "Widget", "plural": "widgets"}}
    versions = st.sampled_from(("v1", "v2")).map(lambda version: [{"name": version, "served": True}])
    return st.builds(
        lambda name, served: Info(
            {**typed, "metadata": {"name": name}, "spec": {**named, "versions": served}}
        ),
        _NAMES,
        versions,
    )


def mappers() -> SearchStrategy[Mapper]:
    """What servers offer."""
    resources = st.sampled_from(_MAPPINGS).map(Resource)
    return st.lists(resources, max_size=3).map(mapper)


def steps() -> SearchStrategy[Sequence[Reached]]:
    """Resources, and reasons why there are none, as a pipeline reaches them in order."""
    reached = st.builds(Success, infos()) | st.builds(Success, crds()) | st.builds(Failure, errors())
    return st.lists(reached, max_size=6).map(tuple)


def info_lists() -> SearchStrategy[Info]:
    """Lists of resources, nested, and a few that are broken."""
    malformed = st.sampled_from(({"kind": "List", "items": "a"}, {"kind": "List", "items": [1, {"x": 1}]}))
    return st.recursive(
        _list(infos()) | st.builds(Info, malformed), lambda inner: _list(infos() | inner), max_leaves=3
    )


def predicates() -> SearchStrategy[Predicate]:
    """Predicates by label and kind, and constant ones."""
    kinds = st.sampled_from([kind for _, kind in _KINDS])
    return st.builds(f.Constantly, st.booleans()) | st.builds(f.Labelled, _NAMES) | st.builds(f.OfKind, kinds)


def decorators() -> SearchStrategy[Decorator]:
    """Decorators that label, rename, refuse, and those of namespaces."""
    return st.one_of(
        st.builds(f.Label, _NAMES, _NAMES),
        st.builds(f.Suffix, _NAMES),
        st.builds(f.Refuse, predicates(), errors()),
        st.builds(set_namespace, namespaces()),
        st.builds(require_namespace, namespaces()),
        st.just(filter_namespace),
    )


def visitor_functions() -> SearchStrategy[VisitorFunc[Any]]:
    """Visitor functions that leave up to two values of each resource, fail on some, and may forgive."""
    reasons = st.lists(errors(), max_size=2).map(tuple)
    return st.builds(f.Tell, _NAMES, st.integers(0, 2), predicates(), reasons, st.booleans())


def info_functions() -> SearchStrategy[Any]:
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
        st.builds(decorated, decorators()),
        st.builds(filtered, predicates()),
        st.builds(and_then, info_functions()),
        st.just(flattened),
        st.builds(take, st.integers(0, 4)),
        st.builds(unique, st.sampled_from((f.OfKind("Pod"), f.Labelled("a")))),
        st.builds(scanned, st.just(f.number), st.integers(0, 3)),
        st.builds(mapped, mappers()),
    )
    return single | st.lists(single, max_size=3).map(lambda row: through(*row))


def visits() -> SearchStrategy[Visited[Outcome]]:
    """What visits leave that end in outcomes, some of them failed."""
    done = st.builds(lambda info: Success(Outcome("created", info.origin, info)), infos())
    return st.lists(done | st.builds(Failure, errors()), max_size=4).map(visited_of)


def reports() -> SearchStrategy[Report]:
    """Reports of visits."""
    return visits().map(report)


def changes() -> SearchStrategy[Any]:
    """Changes of the values that a visit leaves."""
    return st.builds(f.Tag, _NAMES) | st.builds(f.Replace, _NAMES)


def _info(
    kind: tuple[str, str],
    name: str,
    namespace: str,
    labels: tuple[tuple[str, str], ...],
    origin: Origin,
    mapping: RESTMapping | None,
) -> Info:
    metadata = {"name": name, "namespace": namespace, "labels": dict(labels)}
    given = {key: value for key, value in metadata.items() if value}
    return Info({"apiVersion": kind[0], "kind": kind[1], "metadata": given}, origin, mapping)


def _list(contents: SearchStrategy[Info]) -> SearchStrategy[Info]:
    return st.lists(contents, max_size=3).map(lambda resources: list_of(*resources))


def _leaves() -> SearchStrategy[Visitor]:
    results = st.builds(Success, infos()) | st.builds(Failure, errors())
    return st.one_of(
        st.just(nothing),
        st.builds(one, infos() | info_lists()),
        st.builds(broken, errors()),
        st.lists(infos(), max_size=3).map(lambda resources: visitor_of_infos(*resources)),
        st.builds(f.Handmade, st.lists(results, max_size=3).map(tuple)),
    )


def _branches(children: SearchStrategy[Visitor]) -> SearchStrategy[Visitor]:
    several = st.lists(children, max_size=3)
    transforms = st.one_of(
        st.builds(decorated, decorators()),
        st.builds(filtered, predicates()),
        st.builds(and_then, info_functions()),
        st.just(flattened),
        st.just(continue_on_error),
    )
    return st.one_of(
        several.map(lambda visitors: visitor_list(*visitors)),
        several.map(lambda visitors: eager_visitor_list(*visitors)),
        # Lists in lists as they are, which `visitor_list` would splice.
        several.map(tuple).map(VisitorList),
        several.map(tuple).map(EagerVisitorList),
        st.builds(lambda transform, visitor: transform(visitor), transforms, children),
    )
