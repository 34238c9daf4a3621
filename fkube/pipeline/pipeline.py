"""Pipelines: sources, the stages that each resource passes, and the settings that the edge needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from returns.result import Failure, Result, Success
from toolz import concat, merge

from fkube.documents.source import Named, Selected, Source, source_name
from fkube.exchange.conversation import JSON, Request
from fkube.pipeline.discovery import Mapper, expand_category, mapped, mapping_for
from fkube.pipeline.listkinds import lists_mapped
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.guarding import function_name
from fkube.resource.info import NOWHERE, Info, RESTMapping, is_list
from fkube.resource.results import collect_results
from fkube.visitor.algebra import Transform
from fkube.visitor.arranging import arranged
from fkube.visitor.combinators import continue_on_error, decorated, filtered, flattened
from fkube.visitor.decorators import check_namespace, filter_namespace, require_namespace, set_namespace
from fkube.visitor.stages import Scanned, Stage, needs_all, stage_name, stage_note
from fkube.visitor.visits import Decorator, Predicate, Reached

RequestTransform: TypeAlias = Callable[[Request], Request]
"""A change of a request before it is sent."""


@dataclass(frozen=True, slots=True, repr=False)
class Pipeline:
    """Sources, the stages that each resource passes, and the settings that the edge needs.

    `before` and `after`: a user's stages, before mapping and behind the namespaces; `stages` lists all stages
    in order. `predicates` choose among resources that were read (with `latest`, by the server's objects); the
    selectors, among those that the server lists. `validators` are the first to get a resource that was read;
    `strict` warns of keys that a mapping has twice, `validated` refuses documents without kind or apiVersion.
    An empty `namespace` is the client's. Lists are requested in pages of `limit` objects (0: whole), with
    `accept` as header and `query`. `transforms` change every request about the resources.
    `arranged`: foundations of other objects come first, for which the whole input is held.
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
    validated: bool = False
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
        """The pipeline as a picture, for notebooks."""
        # Pictures are rare, and they are made of pipelines.
        from fkube.pipeline.pictures import svg

        return svg(self)


@dataclass(frozen=True, slots=True, repr=False)
class OfLists:
    """A decorator of lists that are not flattened yet; it returns other resources unchanged."""

    decorate: Decorator

    def __call__(self, info: Info, /) -> Reached:
        return self.decorate(info) if is_list(info.object) else Success(info)

    def __repr__(self) -> str:
        return f"of_lists({function_name(self.decorate)})"


def stages(pipeline: Pipeline, known: Mapper | None = None, namespace: str = "") -> tuple[Stage, ...]:
    """List the stages that a pipeline's resources pass, in order; these are what runs.

    `known`: the resources of the server. `namespace`: the client's, for a pipeline that names none.
    Follows `Builder.Do` of cli-runtime.

    >>> stages(Pipeline(flatten=True))[:2] == (lists_mapped(Mapper()), flattened)
    True
    """
    all_stages = (
        *_validate_and_flatten(pipeline, known or Mapper()),
        *pipeline.before,
        *((arranged,) if pipeline.arranged else ()),
        *(() if pipeline.local else (mapped(known or Mapper()),)),
        # With `latest`, `fkube.verbs.retrieve` fetches the server's object first, and chooses by that.
        filtered(*(() if pipeline.latest else pipeline.predicates)),
        decorated(*namespace_decorators(pipeline, pipeline.namespace or namespace)),
        *pipeline.after,
        *((continue_on_error,) if pipeline.continue_on_error else ()),
    )
    return tuple(stage for stage in all_stages if not isinstance(stage, Transform) or stage.arguments)


def _validate_and_flatten(pipeline: Pipeline, known: Mapper) -> tuple[Stage, ...]:
    """Validate what was read: a list as it is written, then its kind, and then each of its items."""
    validated = decorated(*pipeline.validators)
    if not pipeline.flatten:
        return (validated,)
    mapped_first = () if pipeline.local else (lists_mapped(known),)
    return (decorated(*map(OfLists, pipeline.validators)), *mapped_first, flattened, validated)


def namespace_decorators(pipeline: Pipeline, namespace: str) -> tuple[Decorator, ...]:
    """The decorators of a pipeline's namespace, in kubectl's fixed order: set, require, filter."""
    # Without a mapping nobody knows what lives in a namespace, and so none is set.
    require = check_namespace if pipeline.local else require_namespace
    return (
        *((set_namespace(namespace),) if pipeline.default_namespace and not pipeline.local else ()),
        *((require(namespace),) if pipeline.require_namespace else ()),
        filter_namespace,
    )


def rows_of(pipeline: Pipeline, namespace: str = "") -> tuple[tuple[str, str], ...]:
    """Name each source and stage of a pipeline, in order, and say what it does."""
    sources = ((source_label(pipeline, source), _SOURCE) for source in pipeline.sources)
    rows = ((stage_name(stage), stage_note(stage)) for stage in stages(pipeline, namespace=namespace))
    return (*sources, *rows)


def source_label(pipeline: Pipeline, source: Source) -> str:
    """Name a source, with the selectors by which the server chooses."""
    selectors = (pipeline.label_selector, pipeline.field_selector) if isinstance(source, Selected) else ()
    return " ".join(filter(None, (source_name(source), *selectors)))


_SOURCE = "a source: read at the edge, as it is needed"


def mapper_of(stages: tuple[Stage, ...]) -> Mapper:
    """Find what the stages know of the server's resources, with the definitions met so far in a run.

    >>> mapper_of(stages(Pipeline())).kinds
    {}
    """
    states = [s.state for s in stages if isinstance(s, Scanned) and isinstance(s.state, Mapper)]
    return replace(states[0], kinds=merge(*(known.kinds for known in states))) if states else Mapper()


def with_mapper(stages: tuple[Stage, ...], known: Mapper) -> tuple[Stage, ...]:
    """Replace the mapper in the stages that have one."""
    return tuple(
        replace(s, state=known) if isinstance(s, Scanned) and isinstance(s.state, Mapper) else s
        for s in stages
    )


def holds_all(pipeline: Pipeline) -> bool:
    """Whether some stage must see the whole input at once."""
    return any(map(needs_all, stages(pipeline)))


def resolved(pipeline: Pipeline, known: Mapper, namespace: str) -> Result[Pipeline, VisitError]:
    """Resolve the resources that a pipeline names: categories become types, and each type is there once.

    Errors: the first name that the server does not have, or that can't be used in this way.
    Follows `Builder.resourceMappings` and `resourceTupleMappings` of cli-runtime.
    """
    if pipeline.local or not any(isinstance(source, Named | Selected) for source in pipeline.sources):
        return Success(pipeline)
    if any(_names_several_types(known, source) for source in pipeline.sources):
        return Failure(UsageError("you must specify only one resource"))
    found = collect_results(_find_types(pipeline, known, namespace, source) for source in pipeline.sources)
    return found.bind(lambda typed: _merge_types(pipeline, tuple(concat(typed))))


def _names_several_types(known: Mapper, source: Source) -> bool:
    """Whether a source names one object of a category of several types."""
    return isinstance(source, Named) and source.apart and len(expand_category(known, source.resource)) > 1


Typed: TypeAlias = tuple[RESTMapping | None, Source]
"""A source and the type that it names, if any."""


def _find_types(
    pipeline: Pipeline, known: Mapper, namespace: str, source: Source
) -> Result[tuple[Typed, ...], VisitError]:
    """Pair a source, or what it selects type by type, with the mapping; None where it names no type."""
    match source:
        case Named():
            return named(pipeline, known, namespace, source).map(lambda info: ((info.mapping, source),))
        case Selected():
            types = expand_category(known, source.resource)
            mappings = collect_results(mapping_for(known, type) for type in types)
            return mappings.map(lambda found: tuple(zip(found, map(Selected, types), strict=True)))
        case _:
            return Success(((None, source),))


def _merge_types(pipeline: Pipeline, found: tuple[Typed, ...]) -> Result[Pipeline, VisitError]:
    """Replace the sources by these, each type once; refuse several types where one is required."""
    if pipeline.single_resource_type and len({mapping for mapping, _ in found if mapping}) > 1:
        return Failure(UsageError("you may only specify a single resource type"))
    selected = {mapping: source for mapping, source in reversed(found) if isinstance(source, Selected)}
    kept = (s for mapping, s in found if not isinstance(s, Selected) or selected.get(mapping) is s)
    return Success(replace(pipeline, sources=tuple(kept)))


def named(pipeline: Pipeline, known: Mapper, namespace: str, source: Named) -> Reached:
    """Make a resource of one object on the server by type and name; its object is not fetched yet.

    Errors: `MappingError` for an unknown type, `UsageError` where its namespace is not known.
    Follows `Builder.visitByResource` and `visitByName` of cli-runtime.
    """
    within = "" if pipeline.all_namespaces else pipeline.namespace or namespace
    mapping = mapping_for(known, source.resource)
    return mapping.bind(lambda found: _absent_info(pipeline, found, within, source.name))


def _absent_info(pipeline: Pipeline, mapping: RESTMapping, namespace: str, name: str) -> Reached:
    """A resource of type and name alone; a failure where the namespace that it needs is not known."""
    if mapping.namespaced and not namespace:
        across = "a resource cannot be retrieved by name across all namespaces"
        empty = "namespace may not be empty when retrieving a resource by name"
        return Failure(UsageError(across if pipeline.all_namespaces else empty))
    metadata = {"name": name, **({"namespace": namespace} if mapping.namespaced else {})}
    partial = {"apiVersion": mapping.api_version, "kind": mapping.kind, "metadata": metadata}
    return Success(Info(partial, NOWHERE, mapping, absent=True, subresource=pipeline.subresource))
