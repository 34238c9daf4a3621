"""The builder as a value, and how a step refuses. What each step does is for the rooms beside this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, ParamSpec, TypeAlias

from fkube.builder.arguments import NO_ARGUMENTS, Arguments
from fkube.documents.source import Source
from fkube.pipeline.pipeline import Pipeline
from fkube.resource.errors import UsageError

P = ParamSpec("P")


@dataclass(frozen=True, slots=True, repr=False)
class Builder:
    """A request for resources as far as it has been said: the pipeline so far, and what is to be settled.

    `arguments` are what was named on the server, `selecting` that a selector was given, an empty one too;
    `apart` that what is read and what is named may not stand side by side.
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
        """What is read, so far."""
        return self.pipeline.sources

    def __repr__(self) -> str:
        wrong = f", {len(self.errors)} wrong" if self.errors else ""
        return f"Builder({self.pipeline!r}{wrong})"


Step: TypeAlias = Callable[[Builder], Builder]


def builder() -> Builder:
    """The builder of which nothing has been asked yet (`NewBuilder`).

    >>> builder().sources
    ()
    """
    return Builder()


def add_error(message: str) -> Step:
    """Keep what is wrong with what was asked, for `do` to tell with all else that is (`AddError`)."""
    return lambda b: refused(b, message)


def refused(b: Builder, *messages: str) -> Builder:
    """The builder with these errors too."""
    return replace(b, errors=(*b.errors, *map(UsageError, messages)))


def with_pipeline(b: Builder, **fields: Any) -> Builder:
    """The builder, in whose pipeline these fields are set."""
    return replace(b, pipeline=replace(b.pipeline, **fields))


def makes_step(maker: Callable[P, Step]) -> Callable[P, Step]:
    """Let a function that makes a step say so, in one sentence, where it is passed uncalled as a step."""

    @wraps(maker)
    def made(*args: P.args, **kwargs: P.kwargs) -> Step:
        given = args[0] if len(args) == 1 and not kwargs else None
        if isinstance(given, Builder):
            # Whoever passes the maker as a step gets a builder back, as of any step.
            return _uncalled(maker.__name__, given)  # type: ignore[return-value]
        return maker(*args, **kwargs)

    return made


def _uncalled(name: str, b: Builder) -> Builder:
    return refused(b, f"{name} was passed without being called: write b.{name}(...), which makes the step")
