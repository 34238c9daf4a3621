"""From everything that was asked to a pipeline, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeGuard

from returns.result import Failure, Result, Success
from toolz import concat

from fkube.builder.arguments import chosen
from fkube.builder.request import Builder
from fkube.documents.source import Named, Selected, Source
from fkube.pipeline.pipeline import Pipeline
from fkube.resource.errors import Failures, UsageError, failures
from fkube.resource.names import quoted
from fkube.resource.selectors import field_selector, label_selector
from fkube.visitor.algebra import Predicate, Transform
from fkube.visitor.stages import Stage, stage_name


def do(b: Builder) -> Result[Pipeline, Failures[Any]]:
    """The pipeline that was asked for, or everything that is wrong with it. Nothing is read (`Do`).

    >>> do(Builder()).failure().errors[0].message.splitlines()[0]
    'You must provide one or more resources by argument or filename.'
    """
    if not isinstance(b, Builder):
        return Failure(failures(UsageError(_NO_BUILDER.format(type(b).__name__))))
    sources = _sources(b)
    predicates = _predicates(b.pipeline) if b.sources else Success(())
    errors = (*(b.errors or _errors(sources)), *_errors(predicates), *_lost_changes(b.pipeline))
    if errors:
        return Failure(failures(*errors))
    asked = _by_the_latest(replace(b.pipeline, sources=sources.unwrap()))
    return Success(replace(asked, predicates=(*predicates.unwrap(), *asked.predicates)))


def _sources(b: Builder) -> Result[tuple[Source, ...], tuple[UsageError, ...]]:
    found = chosen(b.sources, b.arguments, b.select_all or b.selecting, b.apart)
    return found.bind(lambda sources: _allowed(b, sources)).alt(lambda error: (error,))


def _allowed(b: Builder, sources: tuple[Source, ...]) -> Result[tuple[Source, ...], UsageError]:
    """The sources, unless something else that was said forbids them."""
    asked = b.pipeline
    if asked.local and not b.sources:
        return Failure(UsageError(_LOCAL))
    if asked.local and any(isinstance(source, Named | Selected) for source in sources):
        return Failure(UsageError(_LOCAL_BESIDE_SERVER))
    if b.sources or b.arguments.objects:
        return Success(sources)
    if asked.subresource and not b.arguments.names:
        return Failure(UsageError("subresource cannot be used when bulk resources are specified"))
    if asked.single_resource_type and len(b.arguments.resources) > 1:
        return Failure(UsageError("you may only specify a single resource type"))
    return Success(sources)


def _lost_changes(asked: Pipeline) -> tuple[UsageError, ...]:
    """With `latest` what the server has replaces what was read: only filters make sense before that."""
    others = [stage for stage in (*asked.before, *asked.after) if not _is_filter(stage)]
    return tuple(UsageError(_REPLACED.format(stage_name(stage))) for stage in others if asked.latest)


def _by_the_latest(asked: Pipeline) -> Pipeline:
    """The pipeline, whose filters choose by what the server has where that is what it visits."""
    if not asked.latest:
        return asked
    chosen = tuple(concat(stage.arguments for stage in (*asked.before, *asked.after) if _is_filter(stage)))
    return replace(asked, before=(), after=(), predicates=chosen)


def _is_filter(stage: Stage) -> TypeGuard[Transform]:
    return isinstance(stage, Transform) and stage.name == "filtered"


def _predicates(asked: Pipeline) -> Result[tuple[Predicate, ...], tuple[UsageError, ...]]:
    """The selectors as predicates, for resources that were read."""
    labels = _predicate(label_selector, asked.label_selector)
    fields = _predicate(field_selector, asked.field_selector)
    errors = (*_errors(labels), *_errors(fields))
    return Failure(errors) if errors else Success((*labels.unwrap(), *fields.unwrap()))


def _predicate(
    parse: Callable[[str], Result[Predicate, UsageError]], selector: str
) -> Result[tuple[Predicate, ...], tuple[UsageError, ...]]:
    """A selector as a predicate, or in cli-runtime's words why it is none."""
    if not selector:
        return Success(())
    invalid = f"the provided selector {quoted(selector)} is not valid"
    parsed = parse(selector).alt(lambda error: (UsageError(f"{invalid}: {error.message}"),))
    return parsed.map(lambda predicate: (predicate,))


def _errors(result: Result[Any, tuple[UsageError, ...]]) -> tuple[UsageError, ...]:
    return () if isinstance(result, Success) else result.failure()


_REPLACED = "{} would be lost: with latest, what the server has replaces what was read; leave out one of them"

_NO_BUILDER = "a pipeline is made of a builder, and {} is none: begin with b.builder()"
_LOCAL_BESIDE_SERVER = "a local pipeline asks no server: leave out local, or what is named on the server"
_LOCAL = """error: you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'"""
