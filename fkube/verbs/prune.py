"""`apply --prune`: delete objects that were applied before and are applied no more."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from returns.result import Failure, Result

from fkube.exchange.conversation import Exchange, bind, done, fmap
from fkube.merging.lastapplied import last_applied
from fkube.pipeline.discovery import Mapper, kind_for
from fkube.resource.dataclasses import replace
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info, RESTMapping
from fkube.resource.results import collect_results
from fkube.verbs.delete import delete
from fkube.verbs.naming import Verb
from fkube.verbs.paging import Page, list_request, page
from fkube.verbs.paths import DryRun

Owned = Callable[[Info], bool]
"""Whether a live object was applied before."""

DEFAULT = (
    *("core/v1/ConfigMap", "core/v1/Endpoints", "core/v1/PersistentVolumeClaim", "core/v1/Pod"),
    *("core/v1/ReplicationController", "core/v1/Secret", "core/v1/Service", "batch/v1/Job"),
    *("batch/v1/CronJob", "networking.k8s.io/v1/Ingress", "apps/v1/DaemonSet", "apps/v1/Deployment"),
    *("apps/v1/ReplicaSet", "apps/v1/StatefulSet", "core/v1/Namespace", "core/v1/PersistentVolume"),
)
"""The kinds that may be pruned where none are named (`GetRESTMappings` of kubectl)."""


def find_prunable_kinds(known: Mapper, names: Collection[str]) -> Result[tuple[RESTMapping, ...], VisitError]:
    """Find the kinds that may be pruned, by group, version and kind.

    Errors: in kubectl's words. Follows `ParseResources` of kubectl.

    >>> print(find_prunable_kinds(Mapper(), ["ConfigMap"]).failure())
    invalid GroupVersionKind format: ConfigMap, please follow <group/version/kind>
    """
    return collect_results(_find_kind(known, name) for name in names or DEFAULT)


def _find_kind(known: Mapper, name: str) -> Result[RESTMapping, VisitError]:
    """Find the kind that `GROUP/VERSION/KIND` names; `core` or nothing is the core group."""
    match name.split("/"):
        case [group, version, kind]:
            api_version = version if group in ("core", "") else f"{group}/{version}"
            return kind_for(known, api_version, kind)
        case _:
            wrong = f"invalid GroupVersionKind format: {name}, please follow <group/version/kind>"
            return Failure(UsageError(wrong))


def list_candidates(
    mapping: RESTMapping, namespace: str, selector: str, kept: Collection[str], owned: Owned | None = None
) -> Exchange[tuple[Info, ...]]:
    """List the objects of a kind that were applied, and whose uid is not among those kept.

    `kept`: the uids of what is applied now. `owned` says which were applied: without it, those with the
    annotation of apply. Errors: `StatusError`. Follows `pruner.prune` of kubectl.

    >>> print(list_candidates(RESTMapping("", "v1", "Pod", "pods"), "shop", "app=web", ()).request)
    GET /api/v1/namespaces/shop/pods?labelSelector=app=web&limit=500
    """
    ours = owned or (lambda info: last_applied(info.object) is not None)

    def is_candidate(info: Info) -> bool:
        return ours(info) and str(info.metadata.get("uid") or "") not in kept

    first = page(mapping, list_request(mapping, namespace, selector))
    every = bind(first, partial(_read_rest, mapping))
    return fmap(every, lambda found: tuple(filter(is_candidate, found)))


def _read_rest(mapping: RESTMapping, first: Page) -> Exchange[tuple[Info, ...]]:
    """The objects of a page and of all pages behind it."""
    if first.next is None:
        return done(first.infos)
    behind = bind(page(mapping, first.next, first.last), partial(_read_rest, mapping))
    return fmap(behind, lambda others: (*first.infos, *others))


def prune(dry_run: DryRun = "none", cascade: str = "Background", grace_period: int = -1) -> Verb:
    """Delete an object that was listed, unless another has taken its name since; the outcome is `pruned`.

    Errors: `StatusError`. Follows `runDelete` of kubectl, which does not look at the uid.
    """
    remove = delete(dry_run, cascade, grace_period, same=True)
    return lambda info: fmap(remove(info), lambda end: replace(end, action="pruned", object=info.object))


def pruning_error(mapping: RESTMapping, error: VisitError) -> VisitError:
    """The error of pruning a kind, saying so. Follows `pruner.pruneAll` of kubectl."""
    scope = "namespaced" if mapping.namespaced else "nonNamespaced"
    gvk = f"{mapping.group}/{mapping.version}, Kind={mapping.kind}"
    return UsageError(f"error pruning {scope} object {gvk}: {error.message}")
