"""The three kinds of stages as frozen values, and how a chunk passes through stages.

A *plain* stage distributes over the list: `decorated`, `filtered`, `flattened`, `and_then`, or a user's
function. A *scanned* one has a memory, which is handed on from chunk to chunk. A *whole* one must see all of
the input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Generic, TypeAlias, TypeVar

from returns.result import Failure
from toolz import concat, identity

from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.guarding import RESULTS, exception_error, function_name, wrong_type_error
from fkube.visitor.algebra import One, PerResource, Transform, guarded
from fkube.visitor.combinators import continue_on_error, flattened, visitor_list
from fkube.visitor.visits import Reached, Visitor, reached

S = TypeVar("S")

Stage: TypeAlias = Callable[[Visitor], Visitor]
"""A part of a pipeline: a function from visitor to visitor."""

ScanStep: TypeAlias = Callable[[S, Reached], tuple[S, Visitor]]
"""From a memory and a result to the next memory and the visitor that replaces the result."""

Rearrange: TypeAlias = Callable[[tuple[Reached, ...]], Iterable[Reached]]
"""From all results to those that are kept, in their new order."""


@dataclass(frozen=True, slots=True, repr=False)
class Scanned(Generic[S]):
    """A stage with a memory, made by `scanned`.

    `state`: the memory before the next resource. `name`: what pictures call it.
    """

    step: ScanStep[S]
    state: S
    name: str = ""

    def __call__(self, visitor: Visitor, /) -> Visitor:
        return self.over(visitor)[0]

    def over(self, visitor: Visitor) -> tuple[Visitor, Scanned[S]]:
        """Pass a chunk; return its visitor, and the stage for the next chunk."""
        state: S = self.state
        visitors: list[Visitor] = []
        for result in reached(visitor):
            try:
                state, found = self.step(state, result)
            except Exception as error:  # noqa: BLE001 - it is the failure of this resource alone
                found = One(Failure(exception_error(self.step, error, result.value_or(None))))
            visitors.append(guarded(found))
        return visitor_list(*visitors), replace(self, state=state)

    def __repr__(self) -> str:
        return self.name or f"scanned({function_name(self.step)})"


@dataclass(frozen=True, slots=True, repr=False)
class Whole:
    """A stage that must see all of the input first, made by `whole`."""

    function: Rearrange
    name: str = ""

    def __call__(self, visitor: Visitor, /) -> Visitor:
        results = reached(visitor)
        try:
            found = tuple(self.function(results))
        except Exception as error:  # noqa: BLE001 - all went into the function, so all fail with it
            reasons = (exception_error(self.function, error, result.value_or(None)) for result in results)
            return visitor_list(*(One(Failure(reason)) for reason in reasons))
        refuse = partial(wrong_type_error, self.function, wanted="Success or Failure of each resource")
        return visitor_list(*(One(r if isinstance(r, RESULTS) else Failure(refuse(r))) for r in found))

    def __repr__(self) -> str:
        return self.name or f"whole({function_name(self.function)})"


@dataclass(frozen=True, slots=True, repr=False)
class Through:
    """Stages one after another as one stage, made by `through`."""

    stages: tuple[Stage, ...]

    def __call__(self, visitor: Visitor, /) -> Visitor:
        return self.over(visitor)[0]

    def over(self, visitor: Visitor) -> tuple[Visitor, Through]:
        """Pass a chunk; return its visitor, and the stages for the next chunk."""
        visitor, after = advance(self.stages, visitor)
        return visitor, Through(after)

    def __repr__(self) -> str:
        return " ∘ ".join(map(stage_name, reversed(self.stages))) or "identity"


def over(stage: Stage, visitor: Visitor) -> tuple[Visitor, Stage]:
    """Pass a chunk through a stage; return its visitor, and the stage for the next chunk.

    Law: stage_over_list
    """
    if isinstance(stage, Scanned | Through):
        return stage.over(visitor)
    if isinstance(stage, Transform | Whole) or stage in (flattened, continue_on_error, identity):
        return stage(visitor), stage
    # A user's function distributes over the list, so it can be applied to one resource at a time.
    return PerResource(visitor, stage), stage


def advance(stages: Iterable[Stage], visitor: Visitor) -> tuple[Visitor, tuple[Stage, ...]]:
    """Pass a chunk through stages, left to right; return its visitor, and the stages for the next chunk."""
    after: list[Stage] = []
    for stage in stages:
        visitor, next_stage = over(stage, visitor)
        after.append(next_stage)
    return visitor, tuple(after)


def needs_all(stage: Stage) -> bool:
    """Whether a stage must see all of the input at once."""
    return any(isinstance(part, Whole) for part in parts(stage))


def parts(stage: Stage) -> tuple[Stage, ...]:
    """List the stages that `through` made one of; any other stage is its own only part.

    >>> parts(Through((flattened, Through((len,)))))[1]
    <built-in function len>
    """
    return tuple(concat(map(parts, stage.stages))) if isinstance(stage, Through) else (stage,)


def stage_name(stage: Stage) -> str:
    """The name of a stage in pictures and messages."""
    return repr(stage) if isinstance(stage, Transform | Scanned | Whole | Through) else function_name(stage)


def stage_note(stage: Stage) -> str:
    """Describe a stage by the docstring of the function that runs; empty without one.

    >>> stage_note(flattened)
    'visit the items of a list in its place, and those of lists within it, in order'
    """
    part = {Scanned: "step", Whole: "function", Transform: "rule"}.get(type(stage))
    runs = getattr(stage, part) if part else stage
    line = (runs.__doc__ or "").strip().partition("\n")[0]
    sentence = re.sub(r" \(`\w+`\)", "", line).removesuffix(".")
    return sentence[:1].lower() + sentence[1:]
