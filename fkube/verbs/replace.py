"""`replace`: make an object all that a manifest says, and nothing else."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import partial

from fkube.exchange.conversation import Exchange, Response, bind, done, failed, fmap, lash
from fkube.merging.lastapplied import annotated
from fkube.report.outcomes import Outcome
from fkube.resource.errors import while_doing
from fkube.resource.info import Info, Object, with_metadata
from fkube.verbs.create import create_as_is
from fkube.verbs.delete import delete
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import DryRun, get_at_path, outcome
from fkube.verbs.recreate import Recreation, wait_until_gone
from fkube.verbs.writing import Write, check_dry_run

PATIENCE = 300.0
"""Seconds to wait for an object to go, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class ReplaceOptions:
    """How to replace: see `replace`; `force` says how the old object is deleted first, if it is."""

    write: Write
    save_config: bool
    subresource: str
    force: Recreation | None


@makes_verb
def replace(
    dry_run: DryRun = "none",
    field_manager: str = "kubectl-replace",
    field_validation: str = "Strict",
    save_config: bool = False,
    subresource: str = "",
    force: Recreation | None = None,
) -> Verb:
    """Replace an object by the one given, whatever its version is unless that is given too.

    With `force` the old one is deleted and has gone before the new one is created; the outcome's info is then
    `live` if there was one. `save_config` keeps the object in the annotation that `apply` reads.
    Errors: `StatusError` as the server has it; `TimedOut` for one that does not go.
    Follows `ReplaceOptions.Run` and `Helper.Replace`.

    >>> from fkube.resource.info import RESTMapping
    >>> shop = {"kind": "Namespace", "metadata": {"name": "shop", "resourceVersion": "7"}}
    >>> info = Info(shop, mapping=RESTMapping("", "v1", "Namespace", "namespaces", False))
    >>> print(replace()(info).request)
    PUT /api/v1/namespaces/shop?fieldManager=kubectl-replace&fieldValidation=Strict
    """
    write = Write(dry_run, field_manager, field_validation)
    return check_dry_run(dry_run, partial(_replace, ReplaceOptions(write, save_config, subresource, force)))


def _replace(how: ReplaceOptions, given: Info) -> Exchange[Outcome]:
    info = dataclasses.replace(given, object=annotated(given.object, how.save_config))
    if how.force is not None:
        return _delete_and_create(how.write, how.force, info)
    if how.write.dry_run == "client":
        return done(how.write.report("replaced", info, info.object))
    if info.metadata.get("resourceVersion"):
        return _put(how, info, info.object)
    return bind(get_at_path(info, how.subresource), partial(_put_over, how, info))


def _put_over(how: ReplaceOptions, info: Info, response: Response) -> Exchange[Outcome]:
    """Put the object with the version that is there."""
    # What can't be read may still be written: the server says why not.
    live = response.body if response.status < 400 else {}
    version = (live.get("metadata") or {}).get("resourceVersion")
    return _put(how, info, with_metadata(info.object, resourceVersion=version))


def _put(how: ReplaceOptions, info: Info, body: Object) -> Exchange[Outcome]:
    answer = how.write.send_to(info, "PUT", body, subresource=how.subresource)
    return bind(answer, partial(outcome, "replaced", info, dry_run=how.write.dry_run))


def _delete_and_create(write: Write, force: Recreation, info: Info) -> Exchange[Outcome]:
    """Delete the object, wait until it has gone, and create it. Follows `forceReplace` of kubectl."""
    deletion = delete(cascade=force.cascade, grace_period=force.grace_period, ignore_not_found=True)(info)
    deleted = lash(deletion, lambda error: failed(while_doing(error, "deleting")))
    create = create_as_is(dataclasses.replace(write, dry_run="none"))

    def create_after(deletion: Outcome) -> Exchange[Outcome]:
        before = dataclasses.replace(info, live=deletion.action == "deleted")
        created = bind(wait_until_gone(info, force.timeout or PATIENCE), lambda _: create(info))
        return fmap(created, lambda end: dataclasses.replace(end, action="replaced", info=before))

    return bind(deleted, create_after)
