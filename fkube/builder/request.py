"""The builder as a value, and how a step refuses. What each step does is for the rooms beside this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from fkube.arguments import NO_ARGUMENTS, Arguments
from fkube.errors import UsageError
from fkube.pipeline import RequestTransform
from fkube.source import Source
from fkube.visitor import Decorator, Predicate


@dataclass(frozen=True, slots=True)
class Builder:
    """A request for resources as far as it has been said. Selectors are None until one is given."""

    sources: tuple[Source, ...] = ()
    namespace: str = ""
    default_namespace: bool = False
    require_namespace: bool = False
    all_namespaces: bool = False
    label_selector: str | None = None
    field_selector: str | None = None
    select_all: bool = False
    predicates: tuple[Predicate, ...] = ()
    strict: bool = False
    validators: tuple[Decorator, ...] = ()
    arguments: Arguments = NO_ARGUMENTS
    single_resource_type: bool = False
    subresource: str = ""
    limit: int = 500
    transforms: tuple[RequestTransform, ...] = ()
    flatten: bool = False
    latest: bool = False
    require_object: bool = True
    continue_on_error: bool = False
    local: bool = False
    arranged: bool = False
    stdin_in_use: bool = False
    errors: tuple[UsageError, ...] = ()


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
