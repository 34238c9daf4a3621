"""What a builder comes to: sources, and the one way that every resource goes. Nothing is read here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from returns.result import Failure, Result, Success
from toolz import compose_left, identity

from fkube.algebra import One
from fkube.decorators import filter_namespace, require_namespace, set_namespace
from fkube.discovery import Mapper, extended, is_crd, mapped, mapping_for
from fkube.errors import UsageError, VisitError
from fkube.exchange import JSON
from fkube.info import NOWHERE, Info, RESTMapping
from fkube.source import Named, Source
from fkube.visitor import (
    Predicate,
    Visitor,
    continue_on_error,
    decorated,
    filtered,
    flattened,
    visitor_list,
)

VisitorTransform: TypeAlias = Callable[[Visitor], Visitor]
Reached: TypeAlias = Result[Info, VisitError]
"""A resource, or why there is none, at some point of its way."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Sources, and what happens to each resource between being read and being sent.

    `predicates` choose among resources that were read; the selectors, among those the server lists.
    An empty `namespace` is the client's. Lists come in pages of `limit` objects (0: whole), in the form that
    `accept` asks for, and `query` with it.
    """

    sources: tuple[Source, ...]
    namespace: str = ""
    default_namespace: bool = False
    require_namespace: bool = False
    all_namespaces: bool = False
    flatten: bool = False
    continue_on_error: bool = False
    local: bool = False
    predicates: tuple[Predicate, ...] = ()
    label_selector: str = ""
    field_selector: str = ""
    limit: int = 500
    accept: str = JSON
    query: tuple[tuple[str, str], ...] = ()


def opened(pipeline: Pipeline) -> VisitorTransform:
    """What comes before a resource has its mapping: lists are opened.

    >>> opened(Pipeline((), flatten=True)) is flattened
    True
    """
    return flattened if pipeline.flatten else identity


def placed(pipeline: Pipeline, namespace: str) -> VisitorTransform:
    """What comes after: kubectl's fixed order of filter, set, require and filter namespace.

    Follows `Builder.Do` of cli-runtime; `namespace` is the client's, for a pipeline that names none.
    """
    within = pipeline.namespace or namespace
    decorators = (
        *((set_namespace(within),) if pipeline.default_namespace else ()),
        *((require_namespace(within),) if pipeline.require_namespace else ()),
        filter_namespace,
    )
    last = continue_on_error if pipeline.continue_on_error else identity
    transform: VisitorTransform = compose_left(filtered(*pipeline.predicates), decorated(*decorators), last)
    return transform


def reached(visitor: Visitor) -> tuple[Reached, ...]:
    """The list that a visitor stands for: each resource, or the reason why there is none, in order.

    Equation: reached(v) = v(lambda r: Success((r,)))

    >>> reached(visitor_list())
    ()
    """
    return visitor(lambda result: Success((result,))).unwrap()


def mapped_in_order(known: Mapper, steps: Iterable[Reached]) -> tuple[Mapper, tuple[Reached, ...]]:
    """Map resources in order; a CustomResourceDefinition extends the mapper for those after it.

    Law: mapping_in_chunks
    """
    found: list[Reached] = []
    for step in steps:
        found.append(step.bind(mapped(known)))
        if isinstance(step, Success) and is_crd(step.unwrap()):
            known = extended(known, step.unwrap().object)
    return known, tuple(found)


def planned(
    pipeline: Pipeline, known: Mapper, namespace: str, visitor: Visitor
) -> tuple[Mapper, tuple[Reached, ...]]:
    """The whole way of a chunk of documents, from visitor to what there is to send, in order."""
    steps = reached(opened(pipeline)(visitor))
    known, steps = (known, steps) if pipeline.local else mapped_in_order(known, steps)
    return known, reached(placed(pipeline, namespace)(visitor_list(*map(One, steps))))


def named(pipeline: Pipeline, known: Mapper, namespace: str, source: Named) -> Reached:
    """One object on the server by resource and name: a resource whose object is still to be fetched.

    Errors: `MappingError` for an unknown resource, `UsageError` where its namespace is not known.
    Follows `Builder.visitByResource` and `visitByName` of cli-runtime.
    """
    within = "" if pipeline.all_namespaces else pipeline.namespace or namespace
    return mapping_for(known, source.resource).bind(
        lambda mapping: _named(pipeline, mapping, within, source.name)
    )


def _named(pipeline: Pipeline, mapping: RESTMapping, namespace: str, name: str) -> Reached:
    if mapping.namespaced and not namespace:
        across = "a resource cannot be retrieved by name across all namespaces"
        empty = "namespace may not be empty when retrieving a resource by name"
        return Failure(UsageError(across if pipeline.all_namespaces else empty))
    metadata = {"name": name, **({"namespace": namespace} if mapping.namespaced else {})}
    partial = {"apiVersion": mapping.api_version, "kind": mapping.kind, "metadata": metadata}
    return Success(replace(Info(partial, NOWHERE), mapping=mapping))
