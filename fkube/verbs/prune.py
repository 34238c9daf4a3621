"""`apply --prune`: delete what was applied before and is applied no more."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

from returns.result import Failure, Result

from fkube.exchange.conversation import Exchange, bind, done, fmap
from fkube.merging.lastapplied import last_applied
from fkube.pipeline.discovery import Mapper, kind_for
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info, RESTMapping
from fkube.resource.results import collected
from fkube.verbs.delete import delete
from fkube.verbs.paging import Page, page, selected
from fkube.verbs.paths import DryRun

Owned = Callable[[Info], bool]

DEFAULT = (
    *("core/v1/ConfigMap", "core/v1/Endpoints", "core/v1/PersistentVolumeClaim", "core/v1/Pod"),
    *("core/v1/ReplicationController", "core/v1/Secret", "core/v1/Service", "batch/v1/Job"),
    *("batch/v1/CronJob", "networking.k8s.io/v1/Ingress", "apps/v1/DaemonSet", "apps/v1/Deployment"),
    *("apps/v1/ReplicaSet", "apps/v1/StatefulSet", "core/v1/Namespace", "core/v1/PersistentVolume"),
)
"""The kinds that may be pruned where none are named (`GetRESTMappings` of kubectl)."""


def prunable(known: Mapper, names: Collection[str]) -> Result[tuple[RESTMapping, ...], VisitError]:
    """The kinds that may be pruned, by group, version and kind.

    Errors: in kubectl's words. Follows `ParseResources` of kubectl.

    >>> print(prunable(Mapper(), ["ConfigMap"]).failure())
    invalid GroupVersionKind format: ConfigMap, please follow <group/version/kind>
    """
    return collected(_kind(known, name) for name in names or DEFAULT)


def _kind(known: Mapper, name: str) -> Result[RESTMapping, VisitError]:
    match name.split("/"):
        case [group, version, kind]:
            within = "" if group in ("core", "") else f"{group}/"
            found: Result[RESTMapping, VisitError] = kind_for(known, within + version, kind)
            return found
        case _:
            wrong = f"invalid GroupVersionKind format: {name}, please follow <group/version/kind>"
            return Failure(UsageError(wrong))


def candidates(
    mapping: RESTMapping, namespace: str, selector: str, kept: Collection[str], owned: Owned | None = None
) -> Exchange[tuple[Info, ...]]:
    """The objects of a kind that were applied, and whose uid is not among those kept.

    `owned` says whose they are: without it, those with the annotation of apply. Errors: `StatusError`.
    Follows `pruner.prune` of kubectl.

    >>> print(candidates(RESTMapping("", "v1", "Pod", "pods"), "shop", "app=web", ()).request)
    GET /api/v1/namespaces/shop/pods?labelSelector=app=web&limit=500
    """
    ours = owned or _applied
    first = page(mapping, selected(mapping, namespace, selector))
    every = bind(first, partial(_rest, mapping))
    return fmap(every, lambda found: tuple(i for i in found if ours(i) and _uid(i) not in kept))


def _rest(mapping: RESTMapping, read: Page) -> Exchange[tuple[Info, ...]]:
    """What was read, and what is on the pages behind."""
    if read.next is None:
        return done(read.infos)
    behind = bind(page(mapping, read.next, read.last), partial(_rest, mapping))
    return fmap(behind, lambda others: (*read.infos, *others))


def _applied(info: Info) -> bool:
    return last_applied(info.object) is not None


def _uid(info: Info) -> str:
    return str(info.metadata.get("uid") or "")


def prune(
    dry_run: DryRun = "none", cascade: str = "Background", grace_period: int = -1
) -> Callable[[Info], Exchange[Outcome]]:
    """Delete an object that was listed, unless another has taken its name since.

    Errors: `StatusError`. Follows `runDelete` of kubectl, which does not look at the uid.
    """
    gone = delete(dry_run, cascade, grace_period, same=True)
    return lambda info: fmap(gone(info), lambda left: replace(left, action="pruned", object=info.object))


def why(mapping: RESTMapping, error: VisitError) -> VisitError:
    """The error, saying what was being pruned. Follows `pruner.pruneAll` of kubectl."""
    scope = "namespaced" if mapping.namespaced else "nonNamespaced"
    gvk = f"{mapping.group}/{mapping.version}, Kind={mapping.kind}"
    return UsageError(f"error pruning {scope} object {gvk}: {error.message}")
