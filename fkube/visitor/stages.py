"""Functions that make stages with a memory, stages that see the whole input, and one stage of several.

See also: `fkube.visitor`, which has the plain ones; `fkube.visitor.scans`, how a chunk passes through each.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

from returns.result import Failure, Success
from toolz import compose, concat

from fkube.resource.dataclasses import dataclass
from fkube.resource.guarding import attempt, function_name
from fkube.resource.info import Info
from fkube.resource.results import partition
from fkube.visitor.algebra import One
from fkube.visitor.combinators import nothing
from fkube.visitor.scans import (
    Rearrange,
    Scanned,
    ScanStep,
    Stage,
    Through,
    Whole,
    advance,
    needs_all,
    over,
    parts,
    stage_name,
    stage_note,
)
from fkube.visitor.visits import Reached, Visitor

__all__ = [
    "Scanned",
    "Stage",
    "Through",
    "Whole",
    "advance",
    "needs_all",
    "over",
    "parts",
    "scanned",
    "sorted_by",
    "stage_name",
    "stage_note",
    "take",
    "through",
    "unique",
    "whole",
]

S = TypeVar("S")

Keys: TypeAlias = tuple[frozenset[Hashable], ...]
"""Keys that were seen, in sets that grow by doubling, so that adding one costs little."""


def scanned(step: ScanStep[S], state: S) -> Scanned[S]:
    """Replace each resource or failure by a visitor, with a memory from one to the next.

    `step(state, result)` gives the memory for the next resource and the visitor; it changes neither.
    Equation: scanned(f, s)(v) = w1 + w2 + …, where (s1, w1) = f(s, r1), (s2, w2) = f(s1, r2), …
    Law: stage_over_list, stage_composition, stage_identity, scan_pure

    >>> from fkube.visitor.combinators import infos
    >>> number = scanned(lambda n, result: (n + 1, One(result) if n % 2 else nothing), 0)
    >>> number(infos(*(Info({"kind": kind}) for kind in "ABCD")))
    VisitorList(visitors=(One(result=<Success: Info( B )>), One(result=<Success: Info( D )>)))

    See also: `take`, `unique`, `fkube.pipeline.discovery.mapped`.
    """
    return Scanned(step, state)


def whole(function: Rearrange) -> Whole:
    """Apply a function to all results at once; the whole input is held in memory.

    Equation: whole(f)(v) = the visitor of f(reached(v))
    Law: stage_composition, stage_identity, whole_pure

    >>> from fkube.visitor.combinators import infos
    >>> backwards = whole(lambda results: results[::-1])
    >>> backwards(infos(*(Info({"kind": kind}) for kind in "AB")))
    VisitorList(visitors=(One(result=<Success: Info( B )>), One(result=<Success: Info( A )>)))

    See also: `sorted_by`, `fkube.visitor.arranging.arranged`.
    """
    return Whole(function)


def through(*stages: Stage) -> Through:
    """Pass through stages, left to right, as through one.

    Equation: through(s, t) = t ∘ s, each handing on its own memory;  through() = identity
    Law: stage_composition, stage_identity

    >>> through(take(2), take(1))
    take(1) ∘ take(2)
    """
    return Through(tuple(concat(s.stages if isinstance(s, Through) else (s,) for s in stages)))


def take(n: int) -> Scanned[int]:
    """Keep the first n results, resources and failures alike.

    Law: stage_over_list

    >>> from fkube.visitor.combinators import infos
    >>> take(1)(infos(*(Info({"kind": kind}) for kind in "AB")))
    One(result=<Success: Info( A )>)
    """
    return Scanned(_take, n, f"take({n})")


def unique(key: Callable[[Info], Hashable]) -> Scanned[Keys]:
    """Keep the first resource of each key; failures pass.

    Law: stage_over_list

    >>> from fkube.visitor.combinators import infos
    >>> unique(lambda info: info.kind)(infos(*(Info({"kind": kind}) for kind in "AA")))
    One(result=<Success: Info( A )>)
    """
    return Scanned(KeepNew(key), (), f"unique({function_name(key)})")


def sorted_by(key: Callable[[Info], Any]) -> Whole:
    """Sort resources by a key; equal ones keep their order, failures come first.

    >>> from fkube.visitor.combinators import infos
    >>> by_kind = sorted_by(lambda info: info.kind)
    >>> by_kind(infos(*(Info({"kind": kind}) for kind in "BA")))
    VisitorList(visitors=(One(result=<Success: Info( A )>), One(result=<Success: Info( B )>)))
    """
    return Whole(SortByKey(key), f"sorted_by({function_name(key)})")


def _take(left: int, result: Reached) -> tuple[int, Visitor]:
    """The first of what there is passes."""
    return (left - 1, One(result)) if left > 0 else (0, nothing)


@dataclass(frozen=True, slots=True)
class KeepNew:
    """What has a key that was there before is left out."""

    key: Callable[[Info], Hashable]

    def __call__(self, seen: Keys, result: Reached, /) -> tuple[Keys, Visitor]:
        if not isinstance(result, Success):
            return seen, One(result)
        key = self.key(result.unwrap())
        return (seen, nothing) if any(key in keys for keys in seen) else (_add_key(seen, key), One(result))


def _add_key(seen: Keys, key: Hashable) -> Keys:
    """Add a key; sets of equal size become one."""
    added = frozenset((key,))
    while seen and len(seen[-1]) <= len(added):
        seen, added = seen[:-1], seen[-1] | added
    return (*seen, added)


@dataclass(frozen=True, slots=True)
class SortByKey:
    """Put resources in the order of their keys; one whose key can't be had is a failure."""

    key: Callable[[Info], Any]

    def __call__(self, results: tuple[Reached, ...], /) -> list[Reached]:
        key_of = partial(attempt, compose(Success, self.key))
        keyed, errors = partition(
            result.bind(lambda info: key_of(info).map(lambda key: (key, info))) for result in results
        )
        return [*map(Failure, errors), *(Success(info) for _, info in sorted(keyed, key=itemgetter(0)))]
