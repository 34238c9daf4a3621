"""Steps for functions of one's own: decorators, predicates, one-to-many functions, stages.

They stand behind `flatten` and before mapping and ordering, in the order given, because they say what the
manifests should have said; with `mapped=True` they stand behind mapping and the namespaces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from returns.result import Failure, Success

from fkube.builder.request import Builder, Step, makes_step, refused, with_pipeline
from fkube.resource.errors import about
from fkube.resource.guarding import attempt, function_name, returned
from fkube.resource.info import Change, Info
from fkube.visitor import combinators as visitor
from fkube.visitor.algebra import (
    Decorator,
    Predicate,
    Reached,
    Transform,
    Visited,
    Visitor,
    VisitorFunc,
    guarded,
)
from fkube.visitor.stages import Stage

T = TypeVar("T")


@makes_step
def decorated(*decorators: Decorator, mapped: bool = False) -> Step:
    """Let each resource pass through decorators, left to right; an outcome can tell what each changed.

    See also: `fkube.visitor.decorated`, `fkube.testing.check_decorator`.
    """
    return _pass_through(mapped, visitor.decorated(*map(Own, decorators)))


@makes_step
def filtered(*predicates: Predicate, mapped: bool = False) -> Step:
    """Keep the resources for which every predicate holds.

    A resource that is only named is fetched first; with `latest` predicates see what the server has.

    See also: `fkube.visitor.filtered`, `fkube.testing.check_predicate`.
    """
    return _pass_through(mapped, visitor.filtered(*predicates))


@makes_step
def and_then(function: Callable[[Info], Visitor], mapped: bool = False) -> Step:
    """Let each resource become a visitor: none, one or many. What it becomes comes from where it comes from.

    See also: `fkube.visitor.and_then`, `fkube.testing.check_function`.
    """
    return _pass_through(mapped, visitor.and_then(OwnMany(function)))


@makes_step
def through(*stages: Stage, mapped: bool = False) -> Step:
    """Pass through stages, left to right: `take(3)`, `unique(key)`, any function from visitor to visitor.

    Errors: `continue_on_error`, which is a step of its own, as no stage.

    See also: `fkube.visitor.stages`, `fkube.testing.check_stage`.
    """
    return _pass_through(mapped, *map(_own, stages))


@dataclass(frozen=True, slots=True, repr=False)
class Own:
    """A decorator of one's own: what it makes of a resource comes from where that comes from."""

    decorate: Decorator

    def __call__(self, info: Info, /) -> Reached:
        made = attempt(self.decorate, info)
        # Most decorators leave most resources as they are.
        if isinstance(made, Success) and made.unwrap() is info:
            return made
        return _inherited(made, info, self)

    def __repr__(self) -> str:
        return function_name(self.decorate)


@dataclass(frozen=True, slots=True, repr=False)
class OwnMany:
    """A one-to-many function of one's own: what it makes of a resource comes from where that comes from."""

    function: Callable[[Info], Visitor]

    def __call__(self, info: Info, /) -> Visitor:
        return Inheriting(self.function(info), info, self)

    def __repr__(self) -> str:
        return function_name(self.function)


@dataclass(frozen=True, slots=True)
class Inheriting:
    """A visitor of what a function made of a resource."""

    visitor: Visitor
    info: Info
    function: OwnMany

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        if not callable(self.visitor):
            return fn(Failure(returned(self.function, self.visitor, "a visitor, like infos(...)", self.info)))
        return guarded(self.visitor)(lambda result: fn(_inherited(result, self.info, self.function)))


def _inherited(made: Reached, info: Info, function: Own | OwnMany) -> Reached:
    """What a function made of a resource: from where that comes from, and remembering what it was made of."""
    if not isinstance(made, Success):
        return made.alt(lambda error: about(error, info))
    found = made.unwrap()
    if not isinstance(found, Info):
        return Failure(returned(function, found, "an info in its Success", info))
    change = () if found.object is info.object else (Change(repr(function), info.object, found.object),)
    origin = found.origin if found.origin.source else info.origin
    return Success(replace(found, origin=origin, changes=(*info.changes, *change)))


def _pass_through(mapped: bool, *stages: Stage) -> Step:
    place = "after" if mapped else "before"

    def step(b: Builder) -> Builder:
        problems = tuple(filter(None, map(_no_stage, stages)))
        placed = (*getattr(b.pipeline, place), *stages)
        return refused(b, *problems) if problems else with_pipeline(b, **{place: placed})

    return step


def _own(stage: Stage) -> Stage:
    """The stage; if it is one of decorators, they remember what they change."""
    if isinstance(stage, Transform) and stage.name == "decorated":
        return visitor.decorated(*map(Own, stage.arguments))
    return stage


def _no_stage(stage: Stage) -> str:
    """Why something is no stage; empty if it is one."""
    if stage is visitor.continue_on_error:
        return "continue_on_error is no stage, as it does not distribute over a list: use b.continue_on_error"
    return (
        ""
        if callable(stage)
        else f"a stage is a function from visitor to visitor, and {type(stage).__name__} is none"
    )
