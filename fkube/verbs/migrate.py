"""Ownership by client-side apply, and how it becomes ownership by server-side apply.

Follows `csaupgrade` of client-go, and `apply` of kubectl.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from returns.result import Result, Success

from fkube.exchange.conversation import Exchange, Request, Response, conclude, done, send, succeeded
from fkube.exchange.messages import APPLY_PATCH, JSON_PATCH
from fkube.exchange.subjects import kind_wanted
from fkube.merging.fields.managers import Manager, read_managers, write_managers
from fkube.merging.lastapplied import LAST_APPLIED, last_applied
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.errors import VisitError
from fkube.resource.info import Object
from fkube.verbs.settling import settle
from fkube.verbs.writing import KUBECTL, Write, add_warnings

Step: TypeAlias = Callable[[Outcome], Exchange[Outcome]]
"""What follows an outcome."""

_ANNOTATION = ("f:metadata", "f:annotations", f"f:{LAST_APPLIED}")


def migrate(write: Write, apply_again: Request, place: str, applied: Outcome) -> Exchange[Outcome]:
    """Take over what client-side apply owned of an object just applied; where that fails, warn.

    `apply_again`: the request to repeat after the migration.
    Follows `saveLastApplyAnnotationIfNecessary` and `migrateToSSAIfNecessary` of kubectl.
    """

    def repeat_apply(migrated: Outcome) -> Exchange[Outcome]:
        return _go_on_or_warn(settle(send(apply_again), apply_again), migrated, _FAILED[2], done)

    def migrate_managers(saved: Outcome) -> Exchange[Outcome]:
        patch = migration_patch(saved.object, write.field_manager)
        if patch is None:
            return done(saved)
        request = Request("PATCH", place, body=patch, content_type=JSON_PATCH, kind=kind_wanted(apply_again))
        return _go_on_or_warn(write.send(request, saved.object), saved, _FAILED[1], repeat_apply)

    kept = annotation_to_keep(applied.object) if write.field_manager == KUBECTL else None
    if kept is None:
        return migrate_managers(applied)
    saving = replace(write, field_manager="kubectl-last-applied")
    answer = saving.send(Request("PATCH", place, body=kept, content_type=APPLY_PATCH), applied.object)
    return _go_on_or_warn(answer, applied, _FAILED[0], migrate_managers)


def _go_on_or_warn(
    answer: Exchange[Response], before: Outcome, message: str, then: Step
) -> Exchange[Outcome]:
    """Go on with the object of an answer; a refusal, or none, ends with the outcome `before`, and a warning.

    The object is applied in any case. `message`: how the warning begins.
    """

    def judge(answer: Result[Response, VisitError]) -> Exchange[Outcome]:
        match answer.bind(succeeded):
            case Success(response):
                return then(replace(before, object=response.body))
            case refused:
                why = refused.failure().message
                return done(add_warnings(before, f"{message} {_RETRIED} Error: {why}"))

    return conclude(answer, judge)


def owners(object: Object, operation: str) -> tuple[Manager, ...]:
    """The managers that own the last-applied annotation by an operation. Follows `FindFieldsOwners`."""
    known = read_managers(object.get("metadata") or {}).value_or(())
    return tuple(one for one in known if one.operation == operation and _ANNOTATION in one.fields)


def annotation_to_keep(object: Object) -> Object | None:
    """The configuration to apply so that the last-applied annotation stays; None where nothing is to do.

    That is where there is no such annotation, or a manager has applied it.

    >>> annotation_to_keep({"kind": "Pod", "metadata": {"name": "a"}}) is None
    True
    """
    text = last_applied(object)
    if text is None or owners(object, "Apply"):
        return None
    named = {key: object["metadata"][key] for key in ("name", "namespace") if key in object["metadata"]}
    typed = {"apiVersion": object.get("apiVersion"), "kind": object.get("kind")}
    return {**typed, "metadata": {**named, "annotations": {LAST_APPLIED: text}}}


def migration_patch(object: Object, manager: str) -> Sequence[Object] | None:
    """The JSON patch that hands the fields of client-side apply to `manager`; None for nothing to do.

    It also sets the resourceVersion that the object had: the server refuses it where that has changed.
    Follows `UpgradeManagedFieldsPatch`.
    """
    before = read_managers(object.get("metadata") or {}).value_or(())
    after = before
    for name in sorted({one.name for one in owners(object, "Update")}):
        after = _hand_over(after, name, manager)
    if after == before:
        return None
    entries = [entry for one in after for entry in write_managers((one,))]
    changes = (("managedFields", entries), ("resourceVersion", object["metadata"].get("resourceVersion", "")))
    return [{"op": "replace", "path": f"/metadata/{key}", "value": value} for key, value in changes]


def _hand_over(managers: Sequence[Manager], client: str, server: str) -> tuple[Manager, ...]:
    """The managers, with what `client` owns by updates handed to `server`, which owns it by apply."""
    theirs = [one for one in managers if _is_manager(one, client, "Update")]
    mine = [one for one in managers if _is_manager(one, server, "Apply")]
    if not (mine or theirs):
        return tuple(managers)
    first = (mine or theirs)[0]
    same = [one.fields for one in theirs if one.version == first.version]
    whole = replace(first, name=server, operation="Apply", fields=first.fields.union(*same[:1]))
    return tuple(whole if one is first else one for one in managers if one is first or one not in theirs)


def _is_manager(manager: Manager, name: str, operation: str) -> bool:
    """Whether a manager has this name and operation, and manages the object itself, no subresource."""
    return (manager.name, manager.operation, manager.subresource) == (name, operation, "")


_RETRIED = "This is non-fatal and will be retried next time you apply."
_FAILED = (
    "failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply.",
    "server rejected managed fields migration to Server-Side Apply.",
    "failed to re-apply configuration after performing Server-Side Apply migration.",
)
