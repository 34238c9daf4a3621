"""JSONPath templates as data: what the parser makes and the evaluator reads."""

from __future__ import annotations

from typing import TypeAlias

from fkube.resource.dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text that stands for itself: between actions, or quoted in one."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field by name: `.name`, `['name']`."""

    name: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """A bare word: `range`, `end`, or one that means nothing."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a boolean."""

    value: int | float | bool


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Everything in a map, list or text: `.*`."""


@dataclass(frozen=True, slots=True)
class Recursive:
    """A value with all that is in it, at any depth: `..`."""


@dataclass(frozen=True, slots=True)
class Array:
    """Items by position: `[start:stop:step]`; `single` where only a start was written."""

    start: int | None = None
    stop: int | None = None
    step: int | None = None
    single: bool = False


@dataclass(frozen=True, slots=True)
class Union:
    """Several actions, whose values come one after another: `['a', 'b']`, `[0, 2]`."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of a list that meet a condition: `[?(@.a == "b")]`; with `exists`, that have a field."""

    left: Action
    operator: str
    right: Action


@dataclass(frozen=True, slots=True)
class Action:
    """The nodes between braces: each is applied to the values that the one before it found."""

    nodes: tuple[Node, ...] = ()


Node: TypeAlias = Text | Field | Identifier | Literal | Wildcard | Recursive | Array | Union | Filter | Action


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its text, and the texts and actions that it consists of."""

    text: str
    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return self.text
