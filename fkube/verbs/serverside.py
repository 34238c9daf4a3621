"""`apply --server-side`: send a configuration for the server to merge, and take over what clients applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from fkube.exchange.conversation import (
    Call,
    Exchange,
    Request,
    Response,
    bind,
    done,
    failed,
    fmap,
    status_error,
)
from fkube.merging.fields.paths import at
from fkube.report.outcomes import Outcome
from fkube.resource.errors import ConflictError, FieldConflict, UsageError
from fkube.resource.info import Info, Object
from fkube.verbs.apply import at_given_name, leaving
from fkube.verbs.attempts import send_until_served
from fkube.verbs.migrate import annotation_kept, upgraded
from fkube.verbs.naming import makes_verb
from fkube.verbs.paths import DryRun, outcome
from fkube.verbs.writing import Write, check_dry_run

APPLY = "application/apply-patch+yaml"
KUBECTL = "kubectl"


@dataclass(frozen=True, slots=True)
class How:
    """How to apply: what is sent with each write, with what force, and what of the object (`subresource`)."""

    write: Write
    force: bool
    subresource: str

    def under(self, place: str) -> str:
        """The path of what is applied to, of an object at a path."""
        return f"{place}/{self.subresource}" if self.subresource else place

    def request(self, place: str, body: Object, force: bool = False) -> Request:
        """The request that applies a configuration."""
        asked = Request("PATCH", place, body=body, content_type=APPLY)
        return self.write.ask(asked, force=str(force).lower())


@makes_verb
def server_side(
    field_manager: str = KUBECTL,
    force: bool = False,
    dry_run: DryRun = "none",
    field_validation: str = "Strict",
    subresource: str = "",
) -> Callable[[Info], Exchange[Outcome]]:
    """Apply an object on the server's side.

    With `force` the fields of other managers are taken over, and the outcome tells which. What client-side
    apply owned is migrated. A custom resource may follow its definition: it is tried until it is served.
    Errors: `ConflictError` with every field, its manager, their value and ours; `StatusError` as the server
    has it. Follows `applyOneObject` and `migrateToSSAIfNecessary` of kubectl.

    >>> from fkube.resource.info import RESTMapping
    >>> shop = {"kind": "Namespace", "metadata": {"name": "shop"}}
    >>> info = Info(shop, mapping=RESTMapping("", "v1", "Namespace", "namespaces", False))
    >>> print(server_side()(info).request)
    PATCH /api/v1/namespaces/shop?fieldManager=kubectl&fieldValidation=Strict&force=false
    """
    return _begin(Write(dry_run, field_manager, field_validation), force, subresource, _sent)


def server_side_as_is(
    field_manager: str = KUBECTL,
    force: bool = False,
    dry_run: DryRun = "none",
    field_validation: str = "Strict",
    subresource: str = "",
) -> Callable[[Info], Exchange[Outcome]]:
    """Apply an object on the server's side by one request: nothing is read before or migrated after.

    Errors: `StatusError` as the server has it. Follows `Helper.Patch` as `applyOneObject` calls it.

    >>> from fkube.resource.info import RESTMapping
    >>> shop = {"kind": "Namespace", "metadata": {"name": "shop"}}
    >>> info = Info(shop, mapping=RESTMapping("", "v1", "Namespace", "namespaces", False))
    >>> print(server_side_as_is("me", force=True)(info).request)
    PATCH /api/v1/namespaces/shop?fieldManager=me&fieldValidation=Strict&force=true
    """
    return _begin(Write(dry_run, field_manager, field_validation), force, subresource, _once)


def _begin(
    write: Write, force: bool, subresource: str, send: Callable[[How, Info, str], Exchange[Outcome]]
) -> Callable[[Info], Exchange[Outcome]]:
    how = How(write, force, subresource)
    return check_dry_run(write.dry_run, lambda info: at_given_name(info, partial(send, how, info)))


def _once(how: How, info: Info, place: str) -> Exchange[Outcome]:
    request = how.request(how.under(place), info.object, how.force)
    return Call(request, partial(outcome, "serverside-applied", info, dry_run=how.write.dry_run))


def _sent(how: How, info: Info, place: str) -> Exchange[Outcome]:
    """Apply; by force only where there is something to be taken, so that it is known what."""
    under = how.under(place)

    def then(response: Response) -> Exchange[Outcome]:
        conflicts = _conflicts(response, info.object)
        if not conflicts or not how.force:
            return _applied(how, info, place, response)
        forced = Call(how.request(under, info.object, True), partial(_applied, how, info, place))
        return fmap(forced, lambda came: replace(came, taken=conflicts))

    return bind(send_until_served(how.request(under, info.object)), then)


def _conflicts(response: Response, ours: Object) -> tuple[FieldConflict, ...]:
    """The fields that others own, as a refusal tells of them."""
    causes = status_error(response).causes if response.status == 409 else ()
    return tuple(
        FieldConflict(cause.field, cause.message.removeprefix("conflict with "), None, at(ours, cause.field))
        for cause in causes
        if cause.reason == "FieldManagerConflict"
    )


def _applied(how: How, info: Info, place: str, response: Response) -> Exchange[Outcome]:
    """Go on from the answer to an apply."""
    if response.status == 409:
        return _refused(info, place, response)
    if response.status == 415:
        message = f"Server-side apply not available on the server: ({status_error(response).message})"
        return failed(UsageError(message, info.origin))
    end = outcome("serverside-applied", info, response, how.write.dry_run)
    return bind(end, lambda came: fmap(_migrated(how, info, place, came), _warned))


def _warned(came: Outcome) -> Outcome:
    return replace(came, warnings=(*came.warnings, *leaving(came.object)))


def _refused(info: Info, place: str, response: Response) -> Exchange[Outcome]:
    """The conflicts as an error, with what the fields are now."""
    error = status_error(response)
    conflicts = _conflicts(response, info.object)

    def then(live: Response) -> Exchange[Outcome]:
        known = live.body if live.status < 400 and isinstance(live.body, dict) else {}
        told = tuple(replace(one, theirs=at(known, one.field)) for one in conflicts)
        return failed(ConflictError(f"{error.message}\n{_REVIEW}", told, error.warnings, info.origin))

    return Call(Request("GET", place), then) if conflicts else then(Response(404))


def _migrated(how: How, info: Info, place: str, came: Outcome) -> Exchange[Outcome]:
    """What client-side apply owned taken over; where that fails, a warning says so.

    Follows `saveLastApplyAnnotationIfNecessary` and `migrateToSSAIfNecessary` of kubectl.
    """
    kept = annotation_kept(came.object) if how.write.field_manager == KUBECTL else None
    if kept is None:
        return _upgraded(how, info, place, came)
    write = replace(how.write, field_manager="kubectl-last-applied")
    request = write.ask(Request("PATCH", place, body=kept, content_type=APPLY))
    return Call(request, _else(came, _FAILED[0], lambda body: _upgraded(how, info, place, _now(came, body))))


def _upgraded(how: How, info: Info, place: str, came: Outcome) -> Exchange[Outcome]:
    patch = upgraded(came.object, how.write.field_manager)
    if patch is None:
        return done(came)
    asked = Request("PATCH", place, body=patch, content_type="application/json-patch+json")
    again = how.request(place, info.object, how.force)

    def then(body: Object) -> Exchange[Outcome]:
        left = _now(came, body)
        return Call(again, _else(left, _FAILED[2], lambda last: done(_now(left, last))))

    return Call(how.write.ask(asked), _else(came, _FAILED[1], then))


def _else(
    came: Outcome, failure: str, then: Callable[[Object], Exchange[Outcome]]
) -> Callable[[Response], Exchange[Outcome]]:
    """Go on from an answer; from a refusal with what there was, and a warning."""

    def answered(response: Response) -> Exchange[Outcome]:
        if response.status < 400:
            return then(response.body)
        why = status_error(response).message
        return done(replace(came, warnings=(*came.warnings, f"{failure} {_RETRIED} Error: {why}")))

    return answered


def _now(came: Outcome, body: Object) -> Outcome:
    return replace(came, object=body)


_RETRIED = "This is non-fatal and will be retried next time you apply."
_FAILED = (
    "failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply.",
    "server rejected managed fields migration to Server-Side Apply.",
    "failed to re-apply configuration after performing Server-Side Apply migration.",
)
_REVIEW = """\
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"""
