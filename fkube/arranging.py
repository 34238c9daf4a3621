"""The order in which a batch can be created: what others stand on first. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from returns.result import Result, Success

from fkube.algebra import One
from fkube.errors import VisitError
from fkube.info import Info
from fkube.visitor import Visitor, visitor_list

FOUNDATIONS = (
    (("", "Namespace"),),
    (("apiextensions.k8s.io", "CustomResourceDefinition"),),
    (
        ("scheduling.k8s.io", "PriorityClass"),
        ("node.k8s.io", "RuntimeClass"),
        ("storage.k8s.io", "StorageClass"),
        ("networking.k8s.io", "IngressClass"),
    ),
    (("", "ResourceQuota"), ("", "LimitRange"), ("networking.k8s.io", "NetworkPolicy")),
    (("", "ServiceAccount"), ("", "Secret"), ("", "ConfigMap")),
    (("", "PersistentVolume"),),
    (("", "PersistentVolumeClaim"),),
    (("rbac.authorization.k8s.io", "ClusterRole"), ("rbac.authorization.k8s.io", "Role")),
    (("rbac.authorization.k8s.io", "ClusterRoleBinding"), ("rbac.authorization.k8s.io", "RoleBinding")),
    (("", "Service"),),
)
"""Groups and kinds that others stand on, in the order in which they come before all else."""

LAST = (frozenset({"apiregistration.k8s.io"}), frozenset({"admissionregistration.k8s.io"}))
"""Groups that come after all else: what answers for them has to be there first."""

_RANKS = {kind: rank for rank, kinds in enumerate(FOUNDATIONS) for kind in kinds}


def arranged(visitor: Visitor) -> Visitor:
    """The same resources, those first that others stand on: namespaces, definitions, accounts.

    Else order is kept. What can't be visited comes before all. The whole input is held at once.
    Law: arranged_permutation, arranged_idempotent, arranged_stable, arranged_foundations

    >>> from fkube.visitor import infos
    >>> kinds = (("v1", "Pod"), ("v1", "Namespace"), ("v1", "ConfigMap"))
    >>> pods = infos(*(Info({"apiVersion": version, "kind": kind}) for version, kind in kinds))
    >>> [one.result.unwrap().kind for one in arranged(pods).visitors]
    ['Namespace', 'ConfigMap', 'Pod']
    """
    steps: Iterable[Result[Info, VisitError]] = visitor(lambda result: Success((result,))).unwrap()
    return visitor_list(*map(One, sorted(steps, key=_rank)))


def _rank(step: Result[Info, VisitError]) -> int:
    if not isinstance(step, Success):
        return -1
    info = step.unwrap()
    group = info.api_version.rpartition("/")[0]
    last = next((n for n, groups in enumerate(LAST, 1) if group in groups), 0)
    return _RANKS.get((group, info.kind), len(FOUNDATIONS)) + last
