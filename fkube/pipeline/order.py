"""The resources that can be sent at the same time, as waves of groups. Pure.

Theory of operation. The report of a concurrent run has to be that of a run one at a time, so what could tell
the two apart is kept in order, and nothing else is:

    steps     Namespace  ConfigMap a  ConfigMap b  ConfigMap a  Role  Pod
    waves     [[0]]      [[1, 3], [2]]                          [[4]] [[5]]

A kind that others depend on (a barrier) is a wave of its own: everything before it is done, and nothing after
it has begun. Between two barriers, steps about one object make a group, which runs in order; groups run side
by side. Names are compared behind the last stage, since a stage may rename objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TypeAlias

from returns.result import Success
from toolz import groupby as grouped

from fkube.resource.info import Info
from fkube.visitor.visits import Reached

Wave: TypeAlias = tuple[tuple[int, ...], ...]
"""Groups of positions in the input: groups run at the same time, the positions of a group in order."""

BARRIERS = frozenset(
    {
        ("", "Namespace"),
        ("", "ServiceAccount"),
        ("", "ResourceQuota"),
        ("", "LimitRange"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("node.k8s.io", "RuntimeClass"),
        ("storage.k8s.io", "StorageClass"),
        ("networking.k8s.io", "IngressClass"),
    }
)
BARRIER_GROUPS = frozenset({"rbac.authorization.k8s.io", "admissionregistration.k8s.io"})
"""Kinds and groups on which later objects may depend: rights, defaults, limits, kinds, webhooks."""


def waves(steps: Sequence[Reached]) -> tuple[Wave, ...]:
    """Divide the positions of steps into waves, to be run one after another.

    A barrier is a wave of its own; objects of one name stay in one group, and so in order.
    Law: waves_permutation, waves_order

    >>> pods = [Success(Info({"kind": "Pod", "metadata": {"name": n}})) for n in "aba"]
    >>> waves([Success(Info({"kind": "Namespace", "apiVersion": "v1"})), *pods])
    (((0,),), ((1, 3), (2,)))
    """
    runs = groupby(range(len(steps)), key=lambda position: _is_barrier(steps[position]))
    return tuple(
        wave for barrier, positions in runs for wave in _waves_of_run(steps, barrier, tuple(positions))
    )


def _waves_of_run(steps: Sequence[Reached], barrier: bool, positions: tuple[int, ...]) -> tuple[Wave, ...]:
    """Make one wave of each barrier, or one wave of all other steps, grouped by their objects."""
    if barrier:
        return tuple(((position,),) for position in positions)
    by_object = grouped(lambda position: _object_key(steps[position]) or position, positions)
    return (tuple(map(tuple, by_object.values())),)


def _is_barrier(step: Reached) -> bool:
    """Whether nothing else may run beside this step; never so for a failure."""
    if not isinstance(step, Success):
        return False
    info: Info = step.unwrap()
    group = info.api_version.rpartition("/")[0]
    return group in BARRIER_GROUPS or (group, info.kind) in BARRIERS


def _object_key(step: Reached) -> tuple[str, ...]:
    """The kind, namespace and name that tell which object a step is about; empty without a name."""
    if not isinstance(step, Success) or not step.unwrap().name:
        return ()
    info: Info = step.unwrap()
    return (info.mapping.qualified if info.mapping else info.kind, info.namespace, info.name)
