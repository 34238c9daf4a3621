"""The builder as a value, and what all steps are made of. The steps are in the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeAlias

from fkube.builder.arguments import NO_ARGUMENTS, Arguments
from fkube.documents.source import Source
from fkube.pipeline.pipeline import Pipeline
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import UsageError

P = ParamSpec("P")


@dataclass(frozen=True, slots=True, repr=False)
class Builder:
    """A request for resources so far: its pipeline, and what `do` must check.

    `arguments`: names and types on the server. `selecting`: a selector was given, maybe an empty one.
    `apart`: resources that are read and resources that are named exclude each other.
    """

    pipeline: Pipeline = field(default_factory=Pipeline)
    arguments: Arguments = NO_ARGUMENTS
    selecting: bool = False
    select_all: bool = False
    stdin_in_use: bool = False
    apart: bool = False
    errors: tuple[UsageError, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that are read."""
        return self.pipeline.sources

    def __repr__(self) -> str:
        wrong = f", {len(self.errors)} wrong" if self.errors else ""
        return f"Builder({self.pipeline!r}{wrong})"


Step: TypeAlias = Callable[[Builder], Builder]
"""A step of a request: it returns the builder with something added or set."""


def builder() -> Builder:
    """Make an empty builder (`NewBuilder`).

    >>> builder().sources
    ()
    """
    return Builder()


def add_error(message: str) -> Step:
    """Add an error of the user's request, which `do` returns with all others (`AddError`)."""
    return lambda b: refuse(b, message)


def refuse(b: Builder, *messages: str) -> Builder:
    """Add usage errors to a builder, which `do` returns with all others."""
    return replace(b, errors=(*b.errors, *map(UsageError, messages)))


def with_pipeline(b: Builder, **fields: Any) -> Builder:
    """Set fields of the pipeline of a builder."""
    return replace(b, pipeline=replace(b.pipeline, **fields))


def makes_step(maker: Callable[P, Step]) -> Callable[P, Step]:
    """Decorate a function that makes a step: passed as a step itself, uncalled, it adds an error."""

    @wraps(maker)
    def make(*args: P.args, **kwargs: P.kwargs) -> Step:
        given = args[0] if len(args) == 1 and not kwargs else None
        if isinstance(given, Builder):
            name = maker.__name__
            uncalled = f"{name} was passed without being called: write b.{name}(...), which makes the step"
            # A caller that passes the maker as a step expects a builder back, as of any step.
            return refuse(given, uncalled)  # type: ignore[return-value]
        return maker(*args, **kwargs)

    return make
