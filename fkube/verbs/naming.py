"""Verbs as values: they compare by how they were made, and print as the call that made them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec

from fkube.exchange.conversation import Exchange
from fkube.report.outcomes import Outcome
from fkube.resource.info import Info

P = ParamSpec("P")


@dataclass(frozen=True, slots=True, repr=False)
class NamedVerb:
    """A verb, and how it was made. Of its arguments the repr shows only what can't be a secret."""

    name: str
    arguments: tuple[tuple[str, Any], ...]
    step: Callable[[Info], Exchange[Outcome]] = field(compare=False)

    def __call__(self, info: Info, /) -> Exchange[Outcome]:
        return self.step(info)

    def __repr__(self) -> str:
        given = (f"{name}={_show(name, value)}" for name, value in self.arguments)
        return f"{self.name}({', '.join(given)})"


def makes_verb(maker: Callable[P, Callable[[Info], Exchange[Outcome]]]) -> Callable[P, NamedVerb]:
    """Let a function that makes a verb make one that knows its name.

    >>> from fkube.verbs import create, patch
    >>> create(dry_run="server"), patch({"data": {"key": "secret"}})
    (create(dry_run='server'), patch(patch=…))
    >>> create() == create() != create("server")
    True
    """
    parameters = signature(maker)

    @wraps(maker)
    def made(*args: P.args, **kwargs: P.kwargs) -> NamedVerb:
        given = parameters.bind(*args, **kwargs).arguments
        return NamedVerb(maker.__name__, tuple(given.items()), maker(*args, **kwargs))

    return made


def _show(name: str, value: object) -> str:
    plain = isinstance(value, bool | int | float) or value is None or name in _PLAIN
    return repr(value) if plain else "…"


_PLAIN = ("dry_run", "field_manager", "field_validation", "type", "accept", "cascade")
"""The arguments whose texts are no secrets."""
