"""`apply --server-side`: send a configuration for the server to merge with those of other managers."""

from __future__ import annotations

from functools import partial

from fkube.exchange.conversation import Exchange, Request, Response, bind, failed, fmap, status_error
from fkube.exchange.messages import APPLY_PATCH
from fkube.merging.fields.paths import value_at
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import ConflictError, UsageError
from fkube.resource.info import Info, Object
from fkube.verbs.apply import at_given_name, warn_of_deletion
from fkube.verbs.attempts import ATTEMPTS, send_until_served
from fkube.verbs.migrate import migrate
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.ownconflicts import field_conflicts, force_over_own
from fkube.verbs.paths import DryRun, get_at_path, naming_subresource, outcome
from fkube.verbs.settling import settle
from fkube.verbs.unchanged import object_before
from fkube.verbs.writing import KUBECTL, Write, check_dry_run


@dataclass(frozen=True, slots=True)
class ServerSideOptions:
    """How to apply on the server's side: see `server_side`."""

    write: Write
    force: bool
    subresource: str

    def request(self, place: str, body: Object, force: bool = False) -> Request:
        """The request that applies a configuration to an object, or to its subresource."""
        under = f"{place}/{self.subresource}" if self.subresource else place
        patch = Request("PATCH", under, body=body, content_type=APPLY_PATCH)
        return self.write.prepare(patch, force=str(force).lower())

    def send(self, place: str, body: Object, force: bool = False, attempts: int = 0) -> Exchange[Response]:
        """Send that request, up to `attempts` times more until the kind is served. Errors: as `settle`."""
        request = self.request(place, body, force)
        return settle(send_until_served(request, attempts), request)


@makes_verb
def server_side(
    field_manager: str = KUBECTL,
    force: bool = False,
    dry_run: DryRun = "none",
    field_validation: str = "Strict",
    subresource: str = "",
) -> Verb:
    """Apply an object on the server's side.

    With `force` the fields of other managers are taken over, and the outcome tells which. What client-side
    apply owned is migrated: a conflict with that about the same value, written otherwise, is none. A custom
    resource may follow its definition: it is tried until it is served.
    Errors: `ConflictError` with every field, its manager, their value and ours; `StatusError` as the server
    has it. Follows `applyOneObject` and `migrateToSSAIfNecessary` of kubectl.

    >>> from fkube.resource.info import RESTMapping
    >>> shop = {"kind": "Namespace", "metadata": {"name": "shop"}}
    >>> info = Info(shop, mapping=RESTMapping("", "v1", "Namespace", "namespaces", False))
    >>> print(server_side()(info).request)
    PATCH /api/v1/namespaces/shop?fieldManager=kubectl&fieldValidation=Strict&force=false
    """
    how = ServerSideOptions(Write(dry_run, field_manager, field_validation), force, subresource)
    return check_dry_run(dry_run, lambda info: at_given_name(info, partial(_apply, how, info)))


def server_side_as_is(write: Write, force: bool = False, subresource: str = "") -> Verb:
    """Apply an object on the server's side by one request: nothing is read before or migrated after.

    Errors: `StatusError` as the server has it. Follows `Helper.Patch` as `applyOneObject` calls it.

    >>> from fkube.resource.info import RESTMapping
    >>> shop = {"kind": "Namespace", "metadata": {"name": "shop"}}
    >>> info = Info(shop, mapping=RESTMapping("", "v1", "Namespace", "namespaces", False))
    >>> print(server_side_as_is(Write(field_manager="me"), force=True)(info).request)
    PATCH /api/v1/namespaces/shop?fieldManager=me&force=true
    """
    how = ServerSideOptions(write, force, subresource)

    def apply_once(info: Info) -> Exchange[Outcome]:
        answer = at_given_name(info, lambda place: how.send(place, info.object, force))
        return bind(answer, partial(outcome, "serverside-applied", info, dry_run=write.dry_run))

    return check_dry_run(write.dry_run, apply_once)


def _apply(how: ServerSideOptions, info: Info, place: str) -> Exchange[Outcome]:
    """Apply without force first; on conflicts repeat with force, so that the fields taken can be reported."""

    def repeat_with_force(response: Response) -> Exchange[Outcome]:
        conflicts = field_conflicts(response, info.object)
        if not conflicts:
            return _end_apply(how, info, place, response)
        if not how.force:
            return bind(object_before(get_at_path(info)), partial(_end_refused, how, info, place, response))
        forced = bind(how.send(place, info.object, True), partial(_end_apply, how, info, place))
        return fmap(forced, lambda came: replace(came, taken=conflicts))

    return bind(how.send(place, info.object, attempts=ATTEMPTS), repeat_with_force)


def _end_apply(how: ServerSideOptions, info: Info, place: str, response: Response) -> Exchange[Outcome]:
    """Migrate the object after an apply that succeeded; explain one that was refused."""
    if response.status == 409:
        return _fail_with_conflicts(info, response, {})
    if response.status == 415:
        message = f"Server-side apply not available on the server: ({status_error(response).message})"
        return failed(UsageError(message, info.origin))
    # The object is applied again, even where a subresource of it was applied.
    again = replace(how, subresource="").request(place, info.object, how.force)
    end = outcome("serverside-applied", info, response, how.write.dry_run)
    applied = naming_subresource(end, info, how.subresource)
    migrated = bind(applied, partial(migrate, how.write, again, place))
    return fmap(migrated, warn_of_deletion)


def _end_refused(
    how: ServerSideOptions, info: Info, place: str, refused: Response, live: Object
) -> Exchange[Outcome]:
    """End an apply with conflicts: by force where they are none but in writing, else with their values."""

    def end(response: Response) -> Exchange[Outcome]:
        if response is refused:
            return _fail_with_conflicts(info, refused, live)
        # What a dry run has taken over is not taken over for the next one.
        again = replace(how, force=how.write.dry_run == "server")
        return _end_apply(again, info, place, response)

    return bind(force_over_own(how.request(place, info.object), live, refused), end)


def _fail_with_conflicts(info: Info, refused: Response, live: Object) -> Exchange[Outcome]:
    """Fail with the conflicts, and the present values of their fields."""
    error, conflicts = status_error(refused), field_conflicts(refused, info.object)
    valued = tuple(replace(one, theirs=value_at(live, one.field)) for one in conflicts)
    return failed(ConflictError(f"{error.message}\n{_REVIEW}", valued, error.warnings, info.origin))


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
