"""What a builder comes to: sources, and the one way that every resource goes. Nothing is read here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from returns.result import Failure, Result, Success
from toolz import compose_left, concat, identity

from fkube.algebra import One
from fkube.arranging import arranged
from fkube.decorators import filter_namespace, require_namespace, set_namespace
from fkube.discovery import Mapper, expanded, extended, is_crd, mapped, mapping_for
from fkube.errors import UsageError, VisitError
from fkube.exchange import JSON, Request
from fkube.info import NOWHERE, Info, RESTMapping
from fkube.results import collected
from fkube.source import Named, Selected, Source
from fkube.visitor import (
    Decorator,
    Predicate,
    Visitor,
    continue_on_error,
    decorated,
    filtered,
    flattened,
    visitor_list,
)

VisitorTransform: TypeAlias = Callable[[Visitor], Visitor]
RequestTransform: TypeAlias = Callable[[Request], Request]
Reached: TypeAlias = Result[Info, VisitError]
"""A resource, or why there is none, at some point of its way."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Sources, and what happens to each resource between being read and being sent.

    `predicates` choose among resources that were read (with `latest`, by what the server has of them); the
    selectors, among those the server lists. `validators` see what was read before anything else does;
    `strict` warns of keys that a mapping in it has twice.
    An empty `namespace` is the client's. Lists come in pages of `limit` objects (0: whole), in the form that
    `accept` asks for, and `query` with it. `transforms` change every request about the resources.
    `arranged`: what others stand on comes first, for which the whole input is held.
    """

    sources: tuple[Source, ...]
    namespace: str = ""
    default_namespace: bool = False
    require_namespace: bool = False
    all_namespaces: bool = False
    flatten: bool = False
    latest: bool = False
    require_object: bool = True
    continue_on_error: bool = False
    local: bool = False
    single_resource_type: bool = False
    subresource: str = ""
    strict: bool = False
    validators: tuple[Decorator, ...] = ()
    transforms: tuple[RequestTransform, ...] = ()
    arranged: bool = False
    predicates: tuple[Predicate, ...] = ()
    label_selector: str = ""
    field_selector: str = ""
    limit: int = 500
    accept: str = JSON
    query: tuple[tuple[str, str], ...] = ()


def opened(pipeline: Pipeline) -> VisitorTransform:
    """What comes before a resource has its mapping: it is validated, lists are opened, order is made.

    >>> from fkube.visitor import nothing
    >>> opened(Pipeline((), flatten=True))(nothing)
    Flattened(visitor=VisitorList(visitors=()))
    """
    validated: VisitorTransform = decorated(*pipeline.validators)
    listed = flattened if pipeline.flatten else identity
    transform: VisitorTransform = compose_left(validated, listed, arranged if pipeline.arranged else identity)
    return transform


def placed(pipeline: Pipeline, namespace: str) -> VisitorTransform:
    """What comes after: kubectl's fixed order of filter, set, require and filter namespace.

    Follows `Builder.Do` of cli-runtime; `namespace` is the client's, for a pipeline that names none.
    """
    within = pipeline.namespace or namespace
    # Without a mapping nobody knows what lives in a namespace.
    decorators = (
        *((set_namespace(within),) if pipeline.default_namespace and not pipeline.local else ()),
        *((require_namespace(within),) if pipeline.require_namespace and not pipeline.local else ()),
        filter_namespace,
    )
    last = continue_on_error if pipeline.continue_on_error else identity
    # What the server has of a resource is not there yet: `fkube.verbs.retrieve` chooses by that.
    now = () if pipeline.latest else pipeline.predicates
    transform: VisitorTransform = compose_left(filtered(*now), decorated(*decorators), last)
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


def resolved(pipeline: Pipeline, known: Mapper, namespace: str) -> Result[Pipeline, VisitError]:
    """The pipeline, once all that it names is known: categories are their types, each type is there once.

    Errors: the first thing named that the server does not have, or that can't be asked for in this way.
    Follows `Builder.resourceMappings` and `resourceTupleMappings` of cli-runtime.
    """
    asked = [source for source in pipeline.sources if isinstance(source, Named | Selected)]
    if pipeline.local or not asked:
        return Success(pipeline)
    if any(_several(known, source) for source in asked):
        return Failure(UsageError("you must specify only one resource"))
    return collected(_typed(pipeline, known, namespace, source) for source in asked).bind(
        lambda found: _single(pipeline, tuple(concat(found)))
    )


def _several(known: Mapper, source: Named | Selected) -> bool:
    """Whether one name is asked for of several types."""
    return isinstance(source, Named) and source.apart and len(expanded(known, source.resource)) > 1


Typed: TypeAlias = tuple[RESTMapping, Source]


def _typed(
    pipeline: Pipeline, known: Mapper, namespace: str, source: Named | Selected
) -> Result[tuple[Typed, ...], VisitError]:
    """What a source names, each with its mapping."""
    if isinstance(source, Selected):
        types = expanded(known, source.resource)
        mappings = collected(mapping_for(known, type) for type in types)
        return mappings.map(lambda found: tuple(zip(found, map(Selected, types), strict=True)))
    within = "" if pipeline.all_namespaces else pipeline.namespace or namespace
    mapping = mapping_for(known, source.resource)
    return mapping.bind(
        lambda found: _named(pipeline, found, within, source.name).map(lambda _: ((found, source),))
    )


def _single(pipeline: Pipeline, found: tuple[Typed, ...]) -> Result[Pipeline, VisitError]:
    """The pipeline of these sources, types each once, if it may have so many types."""
    if pipeline.single_resource_type and len({mapping for mapping, _ in found}) > 1:
        return Failure(UsageError("you may only specify a single resource type"))
    selected = {mapping: source for mapping, source in reversed(found) if isinstance(source, Selected)}
    kept = (s for mapping, s in found if not isinstance(s, Selected) or selected.get(mapping) is s)
    return Success(replace(pipeline, sources=tuple(kept)))


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
    return Success(Info(partial, NOWHERE, mapping, absent=True, subresource=pipeline.subresource))
