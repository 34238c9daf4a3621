"""Laws of the order of a run: arranging by kinds, and the waves of a concurrent run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, product
from typing import TypeAlias

from toolz import concat, groupby

from fkube.laws.compare import Pair, Sides, equation, first_unequal
from fkube.pipeline.order import BARRIER_GROUPS, BARRIERS, Wave, waves
from fkube.resource.info import Info
from fkube.visitor.arranging import arranged
from fkube.visitor.stages import Stage
from fkube.visitor.visits import Reached, Visitor, reached

Steps: TypeAlias = Sequence[Reached]
Waves: TypeAlias = Callable[[Steps], tuple[Wave, ...]]


def arranged_permutation(visitor: Visitor, *, arranged: Stage = arranged) -> Sides:
    """arranged(v) has what v has, each once"""
    left, right = reached(visitor), reached(arranged(visitor))
    return Sides("arranged(v) has as many as v", len(right), len(left)) and first_unequal(
        Sides("arranged(v) has each as often as v", right.count(step), left.count(step)) for step in left
    )


@equation
def arranged_idempotent(visitor: Visitor, *, arranged: Stage = arranged) -> Pair:
    """arranged(arranged(v)) == arranged(v)"""
    return reached(arranged(arranged(visitor))), reached(arranged(visitor))


def arranged_stable(visitor: Visitor, *, arranged: Stage = arranged) -> Sides:
    """arranged keeps the order of what is of one kind, and of what can't be visited"""
    before, after = groupby(_kind, reached(visitor)), groupby(_kind, reached(arranged(visitor)))
    return first_unequal(
        Sides(
            f"arranged(v) has what is of the kind {kind} in the order of v", after.get(kind), before.get(kind)
        )
        for kind in sorted({*before, *after})
    )


def arranged_foundations(visitor: Visitor, *, arranged: Stage = arranged) -> Sides:
    """In arranged(v) no namespace and no definition of a kind comes after anything that is neither"""
    foundations = ("", "Namespace", "CustomResourceDefinition")
    first = [_kind(step)[1] in foundations for step in reached(arranged(visitor))]
    clause = "first what can't be visited, namespaces and definitions of kinds (true), then the rest (false)"
    return Sides(clause, first, sorted(first, reverse=True))


def waves_permutation(steps: Steps, *, waves: Waves = waves) -> Sides:
    """Every step is in one group of one wave"""
    places = sorted(n for wave in waves(steps) for group in wave for n in group)
    return Sides("the places in all groups are those of the steps", places, list(range(len(steps))))


def waves_order(steps: Steps, *, waves: Waves = waves) -> Sides:
    """Of two steps that a run one at a time could tell apart, the earlier is done before the later begins"""
    done = waves(steps)
    # Groups of a wave run together: only what is in the same group or in an earlier wave is done before.
    in_groups = concat(combinations(group, 2) for group in concat(done))
    in_waves = concat(product(concat(wave), concat(later)) for wave, later in combinations(done, 2))
    in_order = {*in_groups, *in_waves}
    early = [
        (a, b)
        for a, b in combinations(sorted(concat(concat(done))), 2)
        if _are_dependent(steps[a], steps[b]) and (a, b) not in in_order
    ]
    return Sides("the pairs of steps of which the later may begin too early are none", early, [])


def _kind(step: Reached) -> tuple[str, str]:
    """API version and kind of a step's resource; both empty for a failure."""
    return step.map(lambda info: (info.api_version, info.kind)).value_or(("", ""))


def _are_dependent(earlier: Reached, later: Reached) -> bool:
    """Whether the order of two steps matters: they name the same object, or others depend on one of them."""
    infos = [info for step in (earlier, later) if (info := step.value_or(None)) is not None]
    names = {(info.mapping, info.api_version, info.kind, info.namespace, info.name) for info in infos}
    return any(map(_is_barrier, infos)) or (len(infos) == 2 and infos[0].name != "" and len(names) == 1)


def _is_barrier(info: Info) -> bool:
    """Whether later objects may depend on one of this kind."""
    group = info.api_version.rpartition("/")[0]
    return group in BARRIER_GROUPS or (group, info.kind) in BARRIERS
