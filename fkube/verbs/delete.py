"""`delete`: ask for an object to go, and wait until it has."""

from __future__ import annotations

from functools import partial

from fkube.exchange.conversation import Exchange, Request, Response, bind, done, fmap, send
from fkube.exchange.repeating import polling
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import TimedOut, VisitError
from fkube.resource.info import Info, Object, metadata_of
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import DryRun, accept, at_path, get_at_path, kind_at, outcome
from fkube.verbs.settling import settle
from fkube.verbs.unmet import describe_deletion
from fkube.verbs.writing import check_dry_run

PAUSE = 0.2
"""Seconds between two looks at an object that is going."""
_NOT_THERE = (404, 403, 405)
"""The statuses after which an object is not waited for: it is gone, or may not be read."""


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """How to delete: see `delete`; `same` deletes only the object with the uid of the resource."""

    dry_run: DryRun
    cascade: str
    grace_period: int
    ignore_not_found: bool
    same: bool

    def body(self, info: Info) -> Object:
        """The body of the request (`metav1.DeleteOptions`)."""
        return {
            "kind": "DeleteOptions",
            "apiVersion": "v1",
            "propagationPolicy": self.cascade,
            **({"gracePeriodSeconds": self.grace_period} if self.grace_period >= 0 else {}),
            **({"dryRun": ["All"]} if self.dry_run == "server" else {}),
            **({"preconditions": {"uid": info.metadata.get("uid")}} if self.same else {}),
        }


@makes_verb
def delete(
    dry_run: DryRun = "none",
    cascade: str = "Background",
    grace_period: int = -1,
    ignore_not_found: bool = False,
    same: bool = False,
) -> Verb:
    """Delete an object; `cascade` says what becomes of its dependents, `grace_period` is in seconds.

    A negative grace period is left to the server. With `ignore_not_found` an object that is not there is
    `unchanged`; with `same` another object that has taken the name is left alone. Errors: `StatusError` as
    the server has it. Follows `DeleteOptions.DeleteResult` and `Helper.DeleteWithOptions`.
    """
    how = DeleteOptions(dry_run, cascade, grace_period, ignore_not_found, same)
    return check_dry_run(dry_run, partial(_delete, how))


def _delete(how: DeleteOptions, info: Info) -> Exchange[Outcome]:
    """Send the deletion, or only report it in a client-side dry run."""
    if how.dry_run == "client":
        return done(Outcome("deleted", info.origin, info, dry_run=how.dry_run))

    def send_deletion(place: str) -> Exchange[Response]:
        request = Request("DELETE", place, body=how.body(info), kind=kind_at(info))
        return settle(send(request), request)

    return bind(at_path(info, send_deletion), partial(_end_deletion, how, info))


def _end_deletion(how: DeleteOptions, info: Info, response: Response) -> Exchange[Outcome]:
    """The outcome by the answer to a deletion; a 404 is `unchanged` with `ignore_not_found`."""
    if how.ignore_not_found and response.status == 404:
        return done(Outcome("unchanged", info.origin, info))
    return outcome("deleted", info, response, how.dry_run)


def gone(outcome: Outcome, patience: float) -> Exchange[Outcome]:
    """Wait until a deleted object is gone, or another has taken its name; `patience` is in seconds.

    `outcome`: of the deletion; it is the value in the end. An object deleted at once is not looked at, and
    one that may not be read is not waited for. Errors: `TimedOut`, else `StatusError` as the server has it.
    Follows `IsDeleted` and `DeleteResult` of kubectl.
    """
    info = outcome.info
    metadata = metadata_of(outcome.object)
    if info is None or not metadata.get("deletionTimestamp"):
        return done(outcome)

    def read_what_is_left(response: Response) -> Exchange[Object | None]:
        """The object, while it is still there; None once it is gone, or another has its name."""
        if response.status in _NOT_THERE:
            return done(None)
        read = fmap(accept(info.origin, response), lambda live: live.body)
        return fmap(read, lambda live: live if metadata_of(live).get("uid") in (uid, None, "") else None)

    uid = metadata.get("uid")
    look = bind(get_at_path(info), read_what_is_left)
    return fmap(poll_until_gone(info, look, patience, PAUSE), lambda _: outcome)


def poll_until_gone(
    info: Info, look: Exchange[Object | None], patience: float, pause: float
) -> Exchange[Object | None]:
    """Look at an object again and again until it is None, for `patience` seconds, with pauses between.

    Errors: `TimedOut`, which says what holds the object; those of `look`.
    """

    def describe(live: Object | None) -> VisitError:
        late = f"timed out waiting for the deletion of {info.name}: {describe_deletion(live or {})}"
        return TimedOut(late, info.origin)

    return polling(look, lambda live: live is None, patience, pause, describe)
