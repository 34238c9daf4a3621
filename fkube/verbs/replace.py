"""`replace`: make an object all that a manifest says, and nothing else."""

from __future__ import annotations

from functools import partial

from fkube.exchange.conversation import Exchange, Response, bind, done, failed, fmap, lash
from fkube.merging.lastapplied import annotated
from fkube.report.outcomes import Outcome
from fkube.resource import dataclasses
from fkube.resource.errors import while_doing
from fkube.resource.info import Info, Object, metadata_of, with_metadata
from fkube.verbs.create import create_as_is
from fkube.verbs.delete import delete
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import DryRun, get_at_path, naming_subresource, outcome
from fkube.verbs.recreate import Recreation, wait_until_gone
from fkube.verbs.unchanged import mark_unchanged
from fkube.verbs.writing import Write, check_dry_run

PATIENCE = 300.0
"""Seconds to wait for an object to go, where nothing else is said."""


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
    One that was all of that before is `unchanged`.
    Errors: `StatusError` as the server has it; `TimedOut` for one that does not go.
    Follows `ReplaceOptions.Run` and `Helper.Replace`.

    >>> from fkube.resource.info import RESTMapping
    >>> shop = {"kind": "Namespace", "metadata": {"name": "shop", "resourceVersion": "7"}}
    >>> info = Info(shop, mapping=RESTMapping("", "v1", "Namespace", "namespaces", False))
    >>> print(replace()(info).request)
    PUT /api/v1/namespaces/shop?fieldManager=kubectl-replace&fieldValidation=Strict
    """
    write = Write(dry_run, field_manager, field_validation)

    def replace_one(given: Info) -> Exchange[Outcome]:
        info = dataclasses.replace(given, object=annotated(given.object, save_config))
        if force is not None:
            return _delete_and_create(write, force, info)
        if dry_run == "client":
            return done(write.report("replaced", info, info.object))
        if info.metadata.get("resourceVersion"):
            return fmap(_put(write, subresource, info, info.object), partial(mark_unchanged, info.object))
        return bind(get_at_path(info, subresource), partial(_put_over, write, subresource, info))

    return check_dry_run(dry_run, replace_one)


def _put_over(write: Write, subresource: str, info: Info, response: Response) -> Exchange[Outcome]:
    """Put the object with the resourceVersion of the live one, which a GET has answered."""
    # What can't be read may still be written: the server says why not.
    live = response.body if response.status < 400 else {}
    version = metadata_of(live).get("resourceVersion")
    put = _put(write, subresource, info, with_metadata(info.object, resourceVersion=version))
    return fmap(put, partial(mark_unchanged, live))


def _put(write: Write, subresource: str, info: Info, body: Object) -> Exchange[Outcome]:
    """Send a body by PUT to the path of the resource, or of its subresource."""
    answer = write.send_to(info, "PUT", body, subresource=subresource)
    put = bind(answer, partial(outcome, "replaced", info, dry_run=write.dry_run))
    return naming_subresource(put, info, subresource)


def _delete_and_create(write: Write, force: Recreation, info: Info) -> Exchange[Outcome]:
    """Delete the object, wait until it has gone, and create it. Follows `forceReplace` of kubectl."""
    deletion = delete(cascade=force.cascade, grace_period=force.grace_period, ignore_not_found=True)(info)
    deleted = lash(deletion, lambda error: failed(while_doing(error, "deleting")))
    create = create_as_is(dataclasses.replace(write, dry_run="none"))

    def create_after(deletion: Outcome) -> Exchange[Outcome]:
        """Create the new object once the old one is gone; its info is `live` if there was one."""
        before = dataclasses.replace(info, live=deletion.action == "deleted")
        created = bind(wait_until_gone(info, force.timeout or PATIENCE), lambda _: create(info))
        return fmap(created, lambda end: dataclasses.replace(end, action="replaced", info=before))

    return bind(deleted, create_after)
