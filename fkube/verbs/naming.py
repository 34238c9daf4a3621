"""Verbs as values: they compare by their arguments, and print as the call that made them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeAlias

from fkube.exchange.conversation import Exchange
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Info

P = ParamSpec("P")

Verb: TypeAlias = Callable[[Info], Exchange[Outcome]]
"""What to do with a resource, as a conversation with its server."""


@dataclass(frozen=True, slots=True, repr=False)
class NamedVerb:
    """A verb, `step`, with its name and arguments; its repr shows only arguments that can't be secrets."""

    name: str
    arguments: tuple[tuple[str, Any], ...]
    step: Verb = field(compare=False)

    def __call__(self, info: Info, /) -> Exchange[Outcome]:
        return self.step(info)

    def __repr__(self) -> str:
        shown = (f"{name}={_show_argument(name, value)}" for name, value in self.arguments)
        return f"{self.name}({', '.join(shown)})"


def makes_verb(maker: Callable[P, Verb]) -> Callable[P, NamedVerb]:
    """Turn a function that makes a verb into one that makes a `NamedVerb`.

    >>> from fkube.verbs import create, patch
    >>> create(dry_run="server"), patch({"data": {"key": "secret"}})
    (create(dry_run='server'), patch(patch=…))
    >>> create() == create() != create("server")
    True
    """
    parameters = signature(maker)

    @wraps(maker)
    def make_named(*args: P.args, **kwargs: P.kwargs) -> NamedVerb:
        arguments = parameters.bind(*args, **kwargs).arguments
        return NamedVerb(maker.__name__, tuple(arguments.items()), maker(*args, **kwargs))

    return make_named


def _show_argument(name: str, value: object) -> str:
    """The repr of an argument's value, or `…` where it may hold a secret."""
    plain = isinstance(value, bool | int | float) or value is None or name in _PLAIN
    return repr(value) if plain else "…"


_PLAIN = ("dry_run", "field_manager", "field_validation", "type", "accept", "cascade")
"""The arguments whose texts are no secrets."""
