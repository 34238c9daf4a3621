"""What a builder comes to: sources, the stages that every resource goes through, what the edge needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from returns.result import Failure, Result, Success
from toolz import concat

from fkube.documents.source import Named, Selected, Source, source_name
from fkube.exchange.conversation import JSON, Request
from fkube.pipeline.discovery import Mapper, expanded, mapped, mapping_for
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.guarding import function_name
from fkube.resource.info import NOWHERE, Info, RESTMapping, is_list
from fkube.resource.results import collected
from fkube.syntax.html import html_table
from fkube.visitor.algebra import Decorator, Predicate, Reached, Transform
from fkube.visitor.arranging import arranged
from fkube.visitor.combinators import continue_on_error, decorated, filtered, flattened
from fkube.visitor.decorators import filter_namespace, require_namespace, set_namespace
from fkube.visitor.stages import Scanned, Stage, needs_all, stage_name, stage_note

RequestTransform: TypeAlias = Callable[[Request], Request]


@dataclass(frozen=True, slots=True, repr=False)
class Pipeline:
    """Sources, the stages that each resource goes through, and what the edge needs to know.

    `before` and `after` are stages of one's own, before mapping and behind the namespaces; `stages` gives all
    of them in order. `predicates` choose among resources that were read (with `latest`, by what the server
    has of them); the selectors, among those the server lists. `validators` see what was read before anything
    else does; `strict` warns of keys that a mapping in it has twice.
    An empty `namespace` is the client's. Lists come in pages of `limit` objects (0: whole), in the form that
    `accept` asks for, and `query` with it. `transforms` change every request about the resources.
    `arranged`: what others stand on comes first, for which the whole input is held.
    """

    sources: tuple[Source, ...] = ()
    before: tuple[Stage, ...] = ()
    after: tuple[Stage, ...] = ()
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

    def __repr__(self) -> str:
        made_of = ", ".join(map(source_name, self.sources))
        return f"Pipeline({' → '.join((made_of, *map(stage_name, stages(self))))})"

    def _repr_html_(self) -> str:
        return html_table(("what", "and what it does"), rows_of(self))


@dataclass(frozen=True, slots=True, repr=False)
class OfLists:
    """A decorator for lists that are not opened yet; it leaves everything else alone."""

    decorate: Decorator

    def __call__(self, info: Info, /) -> Reached:
        return self.decorate(info) if is_list(info.object) else Success(info)

    def __repr__(self) -> str:
        return f"of_lists({function_name(self.decorate)})"


def stages(pipeline: Pipeline, known: Mapper | None = None, namespace: str = "") -> tuple[Stage, ...]:
    """The stages that a pipeline's resources go through, in order: all there are, and what runs.

    `known` is what the server offers, `namespace` the client's, for a pipeline that names none.
    Follows `Builder.Do` of cli-runtime.

    >>> stages(Pipeline(flatten=True, continue_on_error=True))[0] is flattened
    True
    """
    asked = (
        *_open_lists(pipeline),
        *pipeline.before,
        *((arranged,) if pipeline.arranged else ()),
        *(() if pipeline.local else (mapped(known or Mapper()),)),
        # What the server has of a resource is not there yet: `fkube.verbs.retrieve` chooses by that.
        filtered(*(() if pipeline.latest else pipeline.predicates)),
        decorated(*_namespaces(pipeline, pipeline.namespace or namespace)),
        *pipeline.after,
        *((continue_on_error,) if pipeline.continue_on_error else ()),
    )
    return tuple(stage for stage in asked if not isinstance(stage, Transform) or stage.arguments)


def _open_lists(pipeline: Pipeline) -> tuple[Stage, ...]:
    """What was read is validated: a list before it is opened, and then each of its items."""
    validated = decorated(*pipeline.validators)
    if not pipeline.flatten:
        return (validated,)
    return (decorated(*map(OfLists, pipeline.validators)), flattened, validated)


def _namespaces(pipeline: Pipeline, namespace: str) -> tuple[Decorator, ...]:
    """Kubectl's fixed order of set, require and filter namespace."""
    # Without a mapping nobody knows what lives in a namespace.
    return (
        *((set_namespace(namespace),) if pipeline.default_namespace and not pipeline.local else ()),
        *((require_namespace(namespace),) if pipeline.require_namespace and not pipeline.local else ()),
        filter_namespace,
    )


def rows_of(pipeline: Pipeline, namespace: str = "") -> tuple[tuple[str, str], ...]:
    """What a pipeline is made of, in order: the name of each source and stage, and what it does."""
    sources = ((source_label(pipeline, source), _SOURCE) for source in pipeline.sources)
    way = ((stage_name(stage), stage_note(stage)) for stage in stages(pipeline, namespace=namespace))
    return (*sources, *way)


def source_label(pipeline: Pipeline, source: Source) -> str:
    """What a source is called, with the selectors by which the server chooses."""
    chosen = (pipeline.label_selector, pipeline.field_selector) if isinstance(source, Selected) else ()
    return " ".join(filter(None, (source_name(source), *chosen)))


_SOURCE = "a source: read at the edge, as it is needed"


def mapper_of(stages: tuple[Stage, ...]) -> Mapper:
    """What is known of the server at this point of a run, definitions among the resources included.

    >>> mapper_of(stages(Pipeline())).kinds
    {}
    """
    return next((s.state for s in stages if isinstance(s, Scanned) and isinstance(s.state, Mapper)), Mapper())


def with_mapper(stages: tuple[Stage, ...], known: Mapper) -> tuple[Stage, ...]:
    """The stages, of which the one that maps knows this."""
    return tuple(
        replace(s, state=known) if isinstance(s, Scanned) and isinstance(s.state, Mapper) else s
        for s in stages
    )


def holds_all(pipeline: Pipeline) -> bool:
    """Whether the whole input has to be held, because a stage must see all of it."""
    return any(map(needs_all, stages(pipeline)))


def resolved(pipeline: Pipeline, known: Mapper, namespace: str) -> Result[Pipeline, VisitError]:
    """The pipeline, once all that it names is known: categories are their types, each type is there once.

    Errors: the first thing named that the server does not have, or that can't be asked for in this way.
    Follows `Builder.resourceMappings` and `resourceTupleMappings` of cli-runtime.
    """
    if pipeline.local or not any(isinstance(source, Named | Selected) for source in pipeline.sources):
        return Success(pipeline)
    if any(_several(known, source) for source in pipeline.sources):
        return Failure(UsageError("you must specify only one resource"))
    return collected(_typed(pipeline, known, namespace, source) for source in pipeline.sources).bind(
        lambda found: _single(pipeline, tuple(concat(found)))
    )


def _several(known: Mapper, source: Source) -> bool:
    """Whether one name is asked for of several types."""
    return isinstance(source, Named) and source.apart and len(expanded(known, source.resource)) > 1


Typed: TypeAlias = tuple[RESTMapping | None, Source]
"""A source, and its type if it names one."""


def _typed(
    pipeline: Pipeline, known: Mapper, namespace: str, source: Source
) -> Result[tuple[Typed, ...], VisitError]:
    """What a source names, each with its mapping."""
    if not isinstance(source, Named | Selected):
        return Success(((None, source),))
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
    if pipeline.single_resource_type and len({mapping for mapping, _ in found if mapping}) > 1:
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
