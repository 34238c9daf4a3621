"""`do`: from a builder to a pipeline, or to all that is wrong with the request."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, TypeGuard

from returns.result import Failure, Result
from toolz import concat

from fkube.builder.arguments import check_usage, choose_sources
from fkube.builder.request import Builder
from fkube.documents.source import Named, Selected, Source
from fkube.pipeline.pipeline import Pipeline
from fkube.resource.dataclasses import replace
from fkube.resource.errors import Failures, UsageError, failures
from fkube.resource.names import quote_text
from fkube.resource.results import partition
from fkube.resource.selectors import field_selector, label_selector
from fkube.visitor.algebra import Transform
from fkube.visitor.stages import Stage, stage_name
from fkube.visitor.visits import Predicate


def do(b: Builder) -> Result[Pipeline, Failures[Any]]:
    """Make the pipeline that a builder asks for, or list all that is wrong with it. Nothing is read (`Do`).

    >>> do(Builder()).failure().errors[0].message.splitlines()[0]
    'You must provide one or more resources by argument or filename.'
    """
    if not isinstance(b, Builder):
        return Failure(failures(UsageError(_NO_BUILDER.format(type(b).__name__))))
    chosen = choose_sources(b.sources, b.arguments, b.select_all or b.selecting, b.apart)
    sources = chosen.bind(partial(_check_sources, b))
    predicates, invalid = partition(_selector_predicates(b.pipeline) if b.sources else ())
    errors = (*(b.errors or partition([sources])[1]), *invalid, *_lost_changes(b.pipeline))
    if errors:
        return Failure(failures(*errors))
    return sources.map(partial(_make_pipeline, b.pipeline, predicates)).alt(failures)


def _check_sources(b: Builder, sources: tuple[Source, ...]) -> Result[tuple[Source, ...], UsageError]:
    """Refuse sources that `local`, `subresource` or `single_resource_type` forbid."""
    asked, types = b.pipeline, b.arguments.resources
    on_server = any(isinstance(source, Named | Selected) for source in sources)
    by_type = not b.sources and not b.arguments.objects
    bulk = by_type and not b.arguments.names
    return check_usage(
        sources,
        (asked.local and not b.sources, _LOCAL),
        (asked.local and on_server, _LOCAL_BESIDE_SERVER),
        (bulk and asked.subresource, "subresource cannot be used when bulk resources are specified"),
        (
            by_type and asked.single_resource_type and len(types) > 1,
            "you may only specify a single resource type",
        ),
    )


def _lost_changes(asked: Pipeline) -> tuple[UsageError, ...]:
    """An error for each stage whose work `latest` would undo: all but filters.

    The server's objects replace what those stages made.
    """
    others = [stage for stage in (*asked.before, *asked.after) if not _is_filter(stage)]
    return tuple(UsageError(_REPLACED.format(stage_name(stage))) for stage in others if asked.latest)


def _make_pipeline(asked: Pipeline, predicates: list[Predicate], sources: tuple[Source, ...]) -> Pipeline:
    """Set sources and predicates; with `latest`, filters become predicates on the server's objects.

    `predicates` are those of the selectors.
    """
    pipeline = replace(asked, sources=sources, predicates=(*predicates, *asked.predicates))
    if not asked.latest:
        return pipeline
    filters = concat(stage.arguments for stage in (*asked.before, *asked.after) if _is_filter(stage))
    return replace(pipeline, before=(), after=(), predicates=(*predicates, *filters))


def _is_filter(stage: Stage) -> TypeGuard[Transform]:
    """Whether a stage is `filtered`, whose arguments are predicates."""
    return isinstance(stage, Transform) and stage.name == "filtered"


def _selector_predicates(asked: Pipeline) -> Iterator[Result[Predicate, UsageError]]:
    """Parse the selectors to predicates on resources that were read."""
    if asked.label_selector:
        yield label_selector(asked.label_selector).alt(partial(_selector_error, asked.label_selector))
    if asked.field_selector:
        yield field_selector(asked.field_selector).alt(partial(_selector_error, asked.field_selector))


def _selector_error(selector: str, error: UsageError) -> UsageError:
    """The error of a selector that can't be parsed, in cli-runtime's words."""
    return UsageError(f"the provided selector {quote_text(selector)} is not valid: {error.message}")


_REPLACED = "{} would be lost: with latest, what the server has replaces what was read; leave out one of them"

_NO_BUILDER = "a pipeline is made of a builder, and {} is none: begin with b.builder()"
_LOCAL_BESIDE_SERVER = "a local pipeline asks no server: leave out local, or what is named on the server"
_LOCAL = """error: you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'"""
