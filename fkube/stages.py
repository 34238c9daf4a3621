"""Stages: functions from visitor to visitor that a pipeline is made of. Three kinds, frozen values all.

A *plain* stage distributes over the list: `decorated`, `filtered`, `flattened`, `and_then`, or a function of
one's own. A *scanned* one has a memory, which is handed on from chunk to chunk. A *whole* one must see all of
the input.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import Any, Generic, TypeAlias, TypeVar

from returns.result import Failure, Success
from toolz import compose, concat, identity

from fkube.algebra import One, PerResource, Reached, Transform, Visitor, guarded, reached
from fkube.guarding import RESULTS, attempt, function_name, raised, returned
from fkube.info import Info
from fkube.visitor import continue_on_error, flattened, nothing, visitor_list

S = TypeVar("S")

Stage: TypeAlias = Callable[[Visitor], Visitor]
"""What a pipeline is made of: a function from visitor to visitor."""

ScanStep: TypeAlias = Callable[[S, Reached], tuple[S, Visitor]]
"""What becomes of the memory, and of a resource or the reason why there is none."""

Keys: TypeAlias = tuple[frozenset[Hashable], ...]
"""Keys that were there, in sets that grow by doubling: one more costs little."""

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
        state, visitors = self.state, []
        for result in reached(visitor):
            state, found = self._take_step(state, result)
            visitors.append(found)
        return visitor_list(*visitors), replace(self, state=state)

    def _take_step(self, state: S, result: Reached) -> tuple[S, Visitor]:
        try:
            after, found = self.step(state, result)
        except Exception as error:  # noqa: BLE001 - it is the failure of this resource alone
            return state, One(Failure(raised(self.step, error, result.value_or(None))))
        return after, guarded(found)

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


def scanned(step: ScanStep[S], state: S) -> Scanned[S]:
    """Let each resource, or the reason why there is none, become a visitor by what a memory holds.

    `step(state, result)` gives the memory for the next resource and the visitor; it changes neither.
    Equation: scanned(f, s)(v) = w1 + w2 + …, where (s1, w1) = f(s, r1), (s2, w2) = f(s1, r2), …
    Law: stage_over_list, stage_composition, stage_identity, scan_pure

    >>> number = scanned(lambda n, result: (n + 1, One(result) if n % 2 else nothing), 0)
    >>> infos = visitor_list(*(One(Success(Info({"kind": kind}))) for kind in "ABCD"))
    >>> number(infos)
    VisitorList(visitors=(One(result=<Success: Info( B )>), One(result=<Success: Info( D )>)))

    See also: `take`, `unique`, `fkube.discovery.mapped`.
    """
    return Scanned(step, state)


def whole(function: Rearrange) -> Whole:
    """Let everything become what a function of all results makes of it; the input is held in memory.

    Equation: whole(f)(v) = the visitor of f(reached(v))
    Law: stage_composition, stage_identity, whole_pure

    >>> backwards = whole(lambda results: results[::-1])
    >>> backwards(visitor_list(*(One(Success(Info({"kind": kind}))) for kind in "AB")))
    VisitorList(visitors=(One(result=<Success: Info( B )>), One(result=<Success: Info( A )>)))

    See also: `sorted_by`, `fkube.arranging.arranged`.
    """
    return Whole(function)


def through(*stages: Stage) -> Through:
    """Pass through stages, left to right, as through one.

    Equation: through(s, t) = t ∘ s, each handing on its own memory;  through() = identity
    Law: stage_composition, stage_identity

    >>> through(flattened, take(2))
    take(2) ∘ flattened
    """
    return Through(tuple(concat(s.stages if isinstance(s, Through) else (s,) for s in stages)))


def take(n: int) -> Scanned[int]:
    """Keep the first n of what there is, resources and failures alike.

    Law: stage_over_list

    >>> take(1)(visitor_list(*(One(Success(Info({"kind": kind}))) for kind in "AB")))
    One(result=<Success: Info( A )>)
    """
    return Scanned(_take, n, f"take({n})")


def unique(key: Callable[[Info], Hashable]) -> Scanned[Keys]:
    """Keep the first resource of each key; failures pass.

    Law: stage_over_list

    >>> unique(lambda info: info.kind)(visitor_list(*(One(Success(Info({"kind": kind}))) for kind in "AA")))
    One(result=<Success: Info( A )>)
    """
    return Scanned(KeepNew(key), (), f"unique({function_name(key)})")


def sorted_by(key: Callable[[Info], Any]) -> Whole:
    """Put resources in the order of their keys, equal ones as they came; failures come first.

    >>> by_kind = sorted_by(lambda info: info.kind)
    >>> by_kind(visitor_list(*(One(Success(Info({"kind": kind}))) for kind in "BA")))
    VisitorList(visitors=(One(result=<Success: Info( A )>), One(result=<Success: Info( B )>)))
    """
    return Whole(SortByKey(key), f"sorted_by({function_name(key)})")


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

    >>> parts(through(take(1), through(take(2), take(3))))
    (take(1), take(2), take(3))
    """
    return tuple(concat(map(parts, stage.stages))) if isinstance(stage, Through) else (stage,)


def stage_name(stage: Stage) -> str:
    """What a stage is called, in pictures and messages."""
    return repr(stage) if isinstance(stage, Transform | Scanned | Whole | Through) else function_name(stage)


def _take(left: int, result: Reached) -> tuple[int, Visitor]:
    """The first of what there is passes."""
    return (left - 1, One(result)) if left > 0 else (0, nothing)


@dataclass(frozen=True, slots=True)
class KeepNew:
    """The step of `unique`: what has a key that was there before is left out."""

    key: Callable[[Info], Hashable]

    def __call__(self, seen: Keys, result: Reached, /) -> tuple[Keys, Visitor]:
        if not isinstance(result, Success):
            return seen, One(result)
        found = self.key(result.unwrap())
        return (
            (seen, nothing) if any(found in keys for keys in seen) else (_add_key(seen, found), One(result))
        )


def _add_key(seen: Keys, key: Hashable) -> Keys:
    """The keys and one more."""
    added = frozenset((key,))
    while seen and len(seen[-1]) <= len(added):
        seen, added = seen[:-1], seen[-1] | added
    return (*seen, added)


@dataclass(frozen=True, slots=True)
class SortByKey:
    """The function of `sorted_by`: a resource whose key can't be had is a failure."""

    key: Callable[[Info], Any]

    def __call__(self, results: tuple[Reached, ...], /) -> list[Reached]:
        keyed = [(result.bind(partial(attempt, compose(Success, self.key))), result) for result in results]
        failed = [key for key, _ in keyed if not isinstance(key, Success)]
        kept = ((key.unwrap(), result) for key, result in keyed if isinstance(key, Success))
        return [*failed, *(result for _, result in sorted(kept, key=itemgetter(0)))]
