"""The three kinds of stages as frozen values, and how a chunk goes through them.

A *plain* stage distributes over the list: `decorated`, `filtered`, `flattened`, `and_then`, or a function of
one's own. A *scanned* one has a memory, which is handed on from chunk to chunk. A *whole* one must see all of
the input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar

from returns.result import Failure
from toolz import concat, identity

from fkube.resource.guarding import RESULTS, function_name, raised, returned
from fkube.visitor.algebra import One, PerResource, Reached, Transform, Visitor, guarded, reached
from fkube.visitor.combinators import continue_on_error, flattened, visitor_list

S = TypeVar("S")

Stage: TypeAlias = Callable[[Visitor], Visitor]
"""What a pipeline is made of: a function from visitor to visitor."""

ScanStep: TypeAlias = Callable[[S, Reached], tuple[S, Visitor]]
"""What becomes of the memory, and of a resource or the reason why there is none."""

Rearrange: TypeAlias = Callable[[tuple[Reached, ...]], Iterable[Reached]]
"""From everything that there is to what there is then, in which order."""


@dataclass(frozen=True, slots=True, repr=False)
class Scanned(Generic[S]):
    """A stage with a memory, as `scanned` makes it."""

    step: ScanStep[S]
    state: S
    name: str = ""

    def __call__(self, visitor: Visitor, /) -> Visitor:
        return self.over(visitor)[0]

    def over(self, visitor: Visitor) -> tuple[Visitor, Scanned[S]]:
        """What a chunk becomes, and the stage for the chunk that comes next."""
        state: S = self.state
        visitors: list[Visitor] = []
        for result in reached(visitor):
            try:
                state, found = self.step(state, result)
            except Exception as error:  # noqa: BLE001 - it is the failure of this resource alone
                found = One(Failure(raised(self.step, error, result.value_or(None))))
            visitors.append(guarded(found))
        return visitor_list(*visitors), replace(self, state=state)

    def __repr__(self) -> str:
        return self.name or f"scanned({function_name(self.step)})"


@dataclass(frozen=True, slots=True, repr=False)
class Whole:
    """A stage that must see all of the input first, as `whole` makes it."""

    function: Rearrange
    name: str = ""

    def __call__(self, visitor: Visitor, /) -> Visitor:
        results = reached(visitor)
        try:
            found = tuple(self.function(results))
        except Exception as error:  # noqa: BLE001 - all went into the function, so all fail with it
            reasons = (raised(self.function, error, result.value_or(None)) for result in results)
            return visitor_list(*(One(Failure(reason)) for reason in reasons))
        return visitor_list(
            *(One(result) if isinstance(result, RESULTS) else self._refuse(result) for result in found)
        )

    def _refuse(self, value: object) -> One:
        return One(Failure(returned(self.function, value, "Success or Failure of each resource")))

    def __repr__(self) -> str:
        return self.name or f"whole({function_name(self.function)})"


@dataclass(frozen=True, slots=True, repr=False)
class Through:
    """Stages one after another, as one stage: as `through` makes it."""

    stages: tuple[Stage, ...]

    def __call__(self, visitor: Visitor, /) -> Visitor:
        return self.over(visitor)[0]

    def over(self, visitor: Visitor) -> tuple[Visitor, Through]:
        """What a chunk becomes, and the stages for the chunk that comes next."""
        visitor, after = advance(self.stages, visitor)
        return visitor, Through(after)

    def __repr__(self) -> str:
        return " ∘ ".join(map(stage_name, reversed(self.stages))) or "identity"


def over(stage: Stage, visitor: Visitor) -> tuple[Visitor, Stage]:
    """What a stage makes of a chunk, and the stage for the chunk that comes next.

    Law: stage_over_list
    """
    if isinstance(stage, Scanned | Through):
        return stage.over(visitor)
    if isinstance(stage, Transform | Whole) or stage in (flattened, continue_on_error, identity):
        return stage(visitor), stage
    # A function that is not ours distributes over the list, so it may be asked of one resource at a time.
    return PerResource(visitor, stage), stage


def advance(stages: Iterable[Stage], visitor: Visitor) -> tuple[Visitor, tuple[Stage, ...]]:
    """What stages, left to right, make of a chunk, and the stages for the chunk that comes next."""
    after: list[Stage] = []
    for stage in stages:
        visitor, next_stage = over(stage, visitor)
        after.append(next_stage)
    return visitor, tuple(after)


def needs_all(stage: Stage) -> bool:
    """Whether a stage must see all of the input at once."""
    return any(isinstance(part, Whole) for part in parts(stage))


def parts(stage: Stage) -> tuple[Stage, ...]:
    """The stages that a stage is made of, itself if it is no row of them.

    >>> parts(Through((flattened, Through((len,)))))[1]
    <built-in function len>
    """
    return tuple(concat(map(parts, stage.stages))) if isinstance(stage, Through) else (stage,)


def stage_name(stage: Stage) -> str:
    """What a stage is called, in pictures and messages."""
    return repr(stage) if isinstance(stage, Transform | Scanned | Whole | Through) else function_name(stage)


def stage_note(stage: Stage) -> str:
    """What a stage does, by the docstring of what runs; empty where there is none.

    >>> stage_note(flattened)
    'visit the items of a list in its place, and those of lists within it, in order'
    """
    match stage:
        case Scanned():
            says: Any = stage.step
        case Whole():
            says = stage.function
        case Transform():
            says = stage.rule
        case _:
            says = stage
    line = (says.__doc__ or "").strip().partition("\n")[0]
    sentence = re.sub(r" \(`\w+`\)", "", line).removesuffix(".")
    return sentence[:1].lower() + sentence[1:]
