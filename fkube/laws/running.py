"""Laws of a run in chunks and on many connections: mapping chunk by chunk, and waves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from returns.result import Success

from fkube.laws.compare import Sides, Stage, first_unequal
from fkube.pipeline.order import BARRIER_GROUPS, BARRIERS, Wave, waves
from fkube.resource.info import Info
from fkube.visitor.algebra import Reached, Visitor, reached
from fkube.visitor.arranging import arranged

Steps = Sequence[Reached]
Waves = Callable[[Steps], tuple[Wave, ...]]


def arranged_permutation(visitor: Visitor, *, arranged: Stage = arranged) -> Sides:
    """arranged(v) has what v has, each once"""
    left, right = reached(visitor), reached(arranged(visitor))
    return Sides("arranged(v) has as many as v", len(right), len(left)) and first_unequal(
        Sides("arranged(v) has each as often as v", right.count(step), left.count(step)) for step in left
    )


def arranged_idempotent(visitor: Visitor, *, arranged: Stage = arranged) -> Sides:
    """arranged(arranged(v)) == arranged(v)"""
    once, twice = reached(arranged(visitor)), reached(arranged(arranged(visitor)))
    return Sides("arranged(arranged(v)) == arranged(v)", twice, once)


def arranged_stable(visitor: Visitor, *, arranged: Stage = arranged) -> Sides:
    """arranged keeps the order of what is of one kind, and of what can't be visited"""
    before, after = reached(visitor), reached(arranged(visitor))
    kinds = set(map(_kind, (*before, *after)))
    return first_unequal(
        Sides(
            f"arranged(v) has what is of the kind {kind} in the order of v",
            [step for step in after if _kind(step) == kind],
            [step for step in before if _kind(step) == kind],
        )
        for kind in sorted(kinds)
    )


def arranged_foundations(visitor: Visitor, *, arranged: Stage = arranged) -> Sides:
    """In arranged(v) no namespace and no definition of a kind comes after anything that is neither"""
    first = [
        _kind(step)[1] in ("", "Namespace", "CustomResourceDefinition") for step in reached(arranged(visitor))
    ]
    clause = "first what can't be visited, namespaces and definitions of kinds (true), then the rest (false)"
    return Sides(clause, first, sorted(first, reverse=True))


def _kind(step: Reached) -> tuple[str, str]:
    return (step.unwrap().api_version, step.unwrap().kind) if isinstance(step, Success) else ("", "")


def waves_permutation(steps: Steps, *, waves: Waves = waves) -> Sides:
    """Every step is in one group of one wave"""
    places = sorted(n for wave in waves(steps) for group in wave for n in group)
    return Sides("the places in all groups are those of the steps", places, list(range(len(steps))))


def waves_order(steps: Steps, *, waves: Waves = waves) -> Sides:
    """Of two steps that a run one at a time could tell apart, the earlier is done before the later begins"""
    place = {
        n: (w, g, i)
        for w, wave in enumerate(waves(steps))
        for g, group in enumerate(wave)
        for i, n in enumerate(group)
    }
    pairs = combinations(sorted(place), 2)
    early = [(a, b) for a, b in pairs if _dependent(steps[a], steps[b]) and not _before(place[a], place[b])]
    return Sides("the pairs of steps of which the later may begin too early are none", early, [])


def _before(earlier: tuple[int, int, int], later: tuple[int, int, int]) -> bool:
    """In an earlier wave, or earlier in the same group: groups of one wave run at the same time."""
    return earlier[0] < later[0] or (earlier[:2] == later[:2] and earlier[2] < later[2])


def _dependent(earlier: Reached, later: Reached) -> bool:
    infos = [step.unwrap() for step in (earlier, later) if isinstance(step, Success)]
    names = {(info.mapping, info.api_version, info.kind, info.namespace, info.name) for info in infos}
    return any(map(_is_barrier, infos)) or (len(infos) == 2 and infos[0].name != "" and len(names) == 1)


def _is_barrier(info: Info) -> bool:
    group = info.api_version.rpartition("/")[0]
    return group in BARRIER_GROUPS or (group, info.kind) in BARRIERS
