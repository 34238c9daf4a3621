"""Steps for a user's functions: decorators, predicates, one-to-many functions, stages.

They come after `flatten` and before mapping and ordering, in the order given, because they correct the
manifests; with `mapped=True` they come after mapping and the namespace decorators.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from returns.result import Failure, Success

from fkube.builder.request import Builder, Step, makes_step, refuse, with_pipeline
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import about
from fkube.resource.guarding import attempt, function_name, wrong_type_error
from fkube.resource.info import Change, Info
from fkube.visitor import combinators as visitor
from fkube.visitor.algebra import Transform, guarded
from fkube.visitor.stages import Stage
from fkube.visitor.visits import Decorator, Predicate, Reached, Visited, Visitor, VisitorFunc

T = TypeVar("T")


@makes_step
def decorated(*decorators: Decorator, mapped: bool = False) -> Step:
    """Let each resource pass through decorators, left to right; its outcome tells what each changed.

    See also: `fkube.visitor.decorated`, `fkube.testing.check_decorator`.
    """
    return _pass_through(mapped, visitor.decorated(*map(UserDecorator, decorators)))


@makes_step
def filtered(*predicates: Predicate, mapped: bool = False) -> Step:
    """Keep the resources for which every predicate holds.

    A resource that is only named is fetched first; with `latest` predicates see what the server has.

    See also: `fkube.visitor.filtered`, `fkube.testing.check_predicate`.
    """
    return _pass_through(mapped, visitor.filtered(*predicates))


@makes_step
def and_then(function: Callable[[Info], Visitor], mapped: bool = False) -> Step:
    """Replace each resource by a visitor of none, one or many, which inherit its origin.

    See also: `fkube.visitor.and_then`, `fkube.testing.check_function`.
    """
    return _pass_through(mapped, visitor.and_then(UserFunction(function)))


@makes_step
def through(*stages: Stage, mapped: bool = False) -> Step:
    """Pass through stages, left to right: `take(3)`, `unique(key)`, any function from visitor to visitor.

    Errors: `continue_on_error`, which is a step of its own, as no stage.

    See also: `fkube.visitor.stages`, `fkube.testing.check_stage`.
    """
    return _pass_through(mapped, *map(_record_changes, stages))


@dataclass(frozen=True, slots=True, repr=False)
class UserDecorator:
    """A user's decorator; its results inherit the origin of the resource and record the change."""

    decorate: Decorator

    def __call__(self, info: Info, /) -> Reached:
        result = attempt(self.decorate, info)
        # Most decorators leave most resources as they are.
        if isinstance(result, Success) and result.unwrap() is info:
            return result
        return _inherit(result, info, self)

    def __repr__(self) -> str:
        return function_name(self.decorate)


@dataclass(frozen=True, slots=True, repr=False)
class UserFunction:
    """A user's one-to-many function; its results inherit the origin of the resource."""

    function: Callable[[Info], Visitor]

    def __call__(self, info: Info, /) -> Visitor:
        visitor = self.function(info)
        # Anything else is refused by `AndThen`, which names this function.
        return InheritingVisitor(visitor, info, self) if callable(visitor) else visitor

    def __repr__(self) -> str:
        return function_name(self.function)


@dataclass(frozen=True, slots=True)
class InheritingVisitor:
    """The visitor that a user's function made of a resource, whose origin it inherits."""

    visitor: Visitor
    info: Info
    function: UserFunction

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return guarded(self.visitor)(lambda result: fn(_inherit(result, self.info, self.function)))


def _inherit(result: Reached, info: Info, function: UserDecorator | UserFunction) -> Reached:
    """Give the result of a user's function the origin and the changes of the resource that it was made of.

    An origin of its own is kept; a result that is no info becomes an error.
    """
    match result:
        case Success(Info() as made):
            change = () if made.object is info.object else (Change(repr(function), info.object, made.object),)
            origin = made.origin if made.origin.source else info.origin
            return Success(replace(made, origin=origin, changes=(*info.changes, *change)))
        case Success(other):
            return Failure(wrong_type_error(function, other, "an info in its Success", info))
        case _:
            return result.alt(lambda error: about(error, info))


def _pass_through(mapped: bool, *stages: Stage) -> Step:
    """Make the step that adds stages before mapping, or after it if `mapped`; it refuses what is no stage."""
    place = "after" if mapped else "before"

    def step(b: Builder) -> Builder:
        problems = tuple(filter(None, map(_stage_problem, stages)))
        all_stages = (*getattr(b.pipeline, place), *stages)
        return refuse(b, *problems) if problems else with_pipeline(b, **{place: all_stages})

    return step


def _record_changes(stage: Stage) -> Stage:
    """Let the decorators of a stage record what they change; return any other stage as it is."""
    if isinstance(stage, Transform) and stage.name == "decorated":
        return visitor.decorated(*map(UserDecorator, stage.arguments))
    return stage


def _stage_problem(stage: Stage) -> str:
    """Say why something is no stage; empty if it is one."""
    if stage is visitor.continue_on_error:
        return "continue_on_error is no stage, as it does not distribute over a list: use b.continue_on_error"
    no_function = f"a stage is a function from visitor to visitor, and {type(stage).__name__} is none"
    return "" if callable(stage) else no_function
