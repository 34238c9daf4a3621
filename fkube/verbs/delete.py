"""`delete`: ask for an object to go, and wait until it has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fkube.exchange.conversation import Call, Exchange, Request, Response, done, fmap, send
from fkube.exchange.repeating import polling
from fkube.report.outcomes import Outcome
from fkube.resource.errors import TimedOut
from fkube.resource.info import Info, Object
from fkube.verbs.naming import makes_verb
from fkube.verbs.paths import DryRun, at_path, outcome
from fkube.verbs.writing import check_dry_run

PAUSE = 0.2
"""Seconds between two looks at an object that is going."""


@makes_verb
def delete(
    dry_run: DryRun = "none",
    cascade: str = "Background",
    grace_period: int = -1,
    ignore_not_found: bool = False,
    same: bool = False,
) -> Callable[[Info], Exchange[Outcome]]:
    """Delete an object; `cascade` says what becomes of its dependents, `grace_period` is in seconds.

    With `ignore_not_found` an object that is not there is `unchanged`. Errors: `StatusError` as the server
    has it. Follows `DeleteOptions.DeleteResult` and `Helper.DeleteWithOptions`.
    """
    grace = {"gracePeriodSeconds": grace_period} if grace_period >= 0 else {}
    server = {"dryRun": ["All"]} if dry_run == "server" else {}
    options = {"propagationPolicy": cascade, **grace, **server}
    return check_dry_run(dry_run, partial(_delete, dry_run, options, ignore_not_found, same))


def _delete(dry_run: DryRun, options: Object, ignore: bool, same: bool, info: Info) -> Exchange[Outcome]:
    if dry_run == "client":
        return done(Outcome("deleted", info.origin, info, dry_run=dry_run))

    def then(response: Response) -> Exchange[Outcome]:
        if ignore and response.status == 404:
            return done(Outcome("unchanged", info.origin, info))
        return outcome("deleted", info, response, dry_run)

    only = {"preconditions": {"uid": info.metadata.get("uid")}} if same else {}
    body = {"kind": "DeleteOptions", "apiVersion": "v1", **options, **only}
    return at_path(info, lambda place: Call(Request("DELETE", place, body=body), then))


def gone(outcome: Outcome, patience: float) -> Exchange[Outcome]:
    """Wait until a deleted object is gone, or another has taken its name; `patience` is in seconds.

    One that the server deleted at once needs no look. Errors: `TimedOut`. Follows `IsDeleted` of kubectl.
    """
    info = outcome.info
    metadata = outcome.object.get("metadata") or {}
    if info is None or not metadata.get("deletionTimestamp"):
        return done(outcome)
    look = at_path(info, lambda place: send(Request("GET", place)))
    late = TimedOut(f"timed out waiting for the deletion of {info.name}", info.origin)
    seen = polling(look, partial(_is_away, str(metadata.get("uid"))), patience, PAUSE, late)
    return fmap(seen, lambda _: outcome)


def _is_away(uid: str, response: Response) -> bool:
    return response.status != 200 or response.body["metadata"].get("uid") != uid
