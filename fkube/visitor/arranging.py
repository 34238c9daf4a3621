"""The order in which a batch can be created: foundations of other objects first. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from returns.result import Success

from fkube.visitor.stages import Whole
from fkube.visitor.visits import Reached

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
"""Groups and kinds on which others depend, in the order in which they come before all else."""

LAST = (frozenset({"apiregistration.k8s.io"}), frozenset({"admissionregistration.k8s.io"}))
"""Groups that come after all else: the objects that serve them must exist first."""

_RANKS = {kind: rank for rank, kinds in enumerate(FOUNDATIONS) for kind in kinds}


def arrange(results: Iterable[Reached]) -> list[Reached]:
    """Put first what others stand on: namespaces, definitions, accounts.

    Other objects keep their order. Failures come first of all.
    """
    return sorted(results, key=_rank)


arranged = Whole(arrange, "arranged")
"""The stage that puts the foundations of other objects first; it holds the whole input at once.

Law: arranged_permutation, arranged_idempotent, arranged_stable, arranged_foundations

>>> from fkube.resource.info import Info
>>> from fkube.visitor.combinators import infos
>>> kinds = (("v1", "Pod"), ("v1", "Namespace"), ("v1", "ConfigMap"))
>>> pods = infos(*(Info({"apiVersion": version, "kind": kind}) for version, kind in kinds))
>>> [one.result.unwrap().kind for one in arranged(pods).visitors]
['Namespace', 'ConfigMap', 'Pod']
"""


def _rank(result: Reached) -> int:
    """The place of a result in the order: failures, foundations, other objects, then `LAST`."""
    if not isinstance(result, Success):
        return -1
    info = result.unwrap()
    group = info.api_version.rpartition("/")[0]
    last = next((n for n, groups in enumerate(LAST, 1) if group in groups), 0)
    return _RANKS.get((group, info.kind), len(FOUNDATIONS)) + last
