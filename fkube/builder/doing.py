"""From everything that was asked to a pipeline, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from returns.result import Failure, Result, Success

from fkube.arguments import chosen
from fkube.builder.request import Builder
from fkube.errors import Failures, UsageError
from fkube.names import quoted
from fkube.pipeline import Pipeline
from fkube.selectors import field_selector, label_selector
from fkube.source import Source
from fkube.visitor import Predicate


def do(b: Builder) -> Result[Pipeline, Failures[Any]]:
    """The pipeline that was asked for, or everything that is wrong with it. Nothing is read (`Do`).

    >>> do(Builder()).failure().errors[0].message.splitlines()[0]
    'You must provide one or more resources by argument or filename.'
    """
    sources = _sources(b)
    predicates = _predicates(b) if b.sources else Success(b.predicates)
    errors = (*(b.errors or _errors(sources)), *_errors(predicates))
    if errors:
        return Failure(Failures(errors))
    return Success(_pipeline(b, sources.unwrap(), predicates.unwrap()))


def _sources(b: Builder) -> Result[tuple[Source, ...], tuple[UsageError, ...]]:
    selecting = b.select_all or b.label_selector is not None or b.field_selector is not None
    found = chosen(b.sources, b.arguments, selecting)
    return found.bind(lambda sources: _allowed(b, sources)).alt(lambda error: (error,))


def _allowed(b: Builder, sources: tuple[Source, ...]) -> Result[tuple[Source, ...], UsageError]:
    """The sources, unless something else that was said forbids them."""
    if b.local and not b.sources:
        return Failure(UsageError(_LOCAL))
    if b.sources or b.arguments.objects:
        return Success(sources)
    if b.subresource and not b.arguments.names:
        return Failure(UsageError("subresource cannot be used when bulk resources are specified"))
    if b.single_resource_type and len(b.arguments.resources) > 1:
        return Failure(UsageError("you may only specify a single resource type"))
    return Success(sources)


def _pipeline(b: Builder, sources: tuple[Source, ...], predicates: tuple[Predicate, ...]) -> Pipeline:
    return Pipeline(
        sources,
        **{name: getattr(b, name) for name in _SAME},
        predicates=predicates,
        label_selector=b.label_selector or "",
        field_selector=b.field_selector or "",
    )


def _predicates(b: Builder) -> Result[tuple[Predicate, ...], tuple[UsageError, ...]]:
    """The filters for resources that were read: those given, and the selectors as predicates."""
    labels = _predicate(label_selector, b.label_selector)
    fields = _predicate(field_selector, b.field_selector)
    errors = (*_errors(labels), *_errors(fields))
    return Failure(errors) if errors else Success((*labels.unwrap(), *fields.unwrap(), *b.predicates))


def _predicate(
    parse: Callable[[str], Result[Predicate, UsageError]], selector: str | None
) -> Result[tuple[Predicate, ...], tuple[UsageError, ...]]:
    """A selector as a predicate, or in cli-runtime's words why it is none."""
    if not selector:
        return Success(())
    invalid = f"the provided selector {quoted(selector)} is not valid"
    parsed = parse(selector).alt(lambda error: (UsageError(f"{invalid}: {error.message}"),))
    return parsed.map(lambda predicate: (predicate,))


def _errors(result: Result[Any, tuple[UsageError, ...]]) -> tuple[UsageError, ...]:
    return () if isinstance(result, Success) else result.failure()


_SAME = (
    "namespace",
    "default_namespace",
    "require_namespace",
    "all_namespaces",
    "strict",
    "validators",
    "single_resource_type",
    "subresource",
    "limit",
    "transforms",
    "flatten",
    "latest",
    "arranged",
    "require_object",
    "continue_on_error",
    "local",
)
"""What a pipeline has from its builder as it is."""

_LOCAL = """error: you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'"""
