"""Conflicts of a server-side apply with client-side apply before it, where only the writing differs.

A server compares values as they are written: a manifest's `1000m` with the `1` that it has made of that
itself, when it was applied on the client's side. What client-side apply owns is migrated next, so that such a
conflict is one with ourselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from fkube.exchange.conversation import (
    Exchange,
    Request,
    Response,
    bind,
    done,
    fmap,
    send,
    status_error,
    with_query,
)
from fkube.exchange.messages import without_query
from fkube.merging.fields.managers import read_managers
from fkube.merging.fields.paths import value_at
from fkube.merging.lastapplied import original
from fkube.merging.values import deep_equal
from fkube.resource.dataclasses import replace
from fkube.resource.errors import FieldConflict
from fkube.resource.info import Object, with_metadata
from fkube.verbs.evidence import version_of
from fkube.verbs.migrate import owners
from fkube.verbs.settling import settle
from fkube.verbs.unchanged import object_before
from fkube.verbs.writing import KUBECTL


def field_conflicts(response: Response, ours: Object) -> tuple[FieldConflict, ...]:
    """List the fields of other managers that a 409 names, with our values; none for any other answer."""
    causes = status_error(response).causes if response.status == 409 else ()
    named = ((one.field, one.message) for one in causes if one.reason == "FieldManagerConflict")
    return tuple(
        FieldConflict(field, message.removeprefix("conflict with "), None, value_at(ours, field))
        for field, message in named
    )


def force_over_own(request: Request, live: Object, refused: Response) -> Exchange[Response]:
    """Repeat a refused apply by force if it is in conflict with nobody else; else end with the refusal.

    So it is where client-side apply owns every field in conflict, and the live value is what the server makes
    of ours, or, for the manager `kubectl`, of what was applied last. The server is asked by dry runs; what
    others change meanwhile is not taken from them: a resourceVersion goes with it.
    Follows `lastAppliedManager.Apply` of apimachinery, which allows such conflicts where the texts are equal.
    """
    conflicts = field_conflicts(refused, request.body)
    own = _migrating(live)
    if not conflicts or not all(conflict.manager in own for conflict in conflicts):
        return done(refused)
    fields = frozenset(conflict.field for conflict in conflicts)
    ours = _differing(request, live, fields, request.body)
    left = bind(ours, partial(_differing, request, live, config=_applied_last(request, live)))
    return bind(left, lambda others: done(refused) if others else _by_force(request, live, refused))


def _migrating(live: Object) -> frozenset[str]:
    """The managers whose fields a migration takes over, as conflicts name them."""
    names = {one.name for one in owners(live, "Update")}
    known = read_managers(live.get("metadata") or {}).value_or(())
    return frozenset(str(one) for one in known if one.name in names and not (one.applies or one.subresource))


def _applied_last(request: Request, live: Object) -> Object:
    """What was applied last, if it is `kubectl` that applies now; else nothing."""
    return original(live).value_or({}) if ("fieldManager", KUBECTL) in request.query else {}


def _differing(
    request: Request, live: Object, fields: Iterable[str], config: Object
) -> Exchange[frozenset[str]]:
    """Those of these fields to which a configuration would give another value than the live one."""
    left = frozenset(fields)
    if not left or not config:
        return done(left)
    trial = with_query(_force_request(replace(request, body=config)), dryRun="All")

    def differ(answer: Object) -> frozenset[str]:
        return frozenset(
            field for field in left if not deep_equal(value_at(answer, field), value_at(live, field))
        )

    return fmap(object_before(send(trial)), differ)


def _by_force(request: Request, live: Object, refused: Response) -> Exchange[Response]:
    """Apply by force what is still there as it was read; the refusal, where it has been changed since."""
    if ("dryRun", "All") in request.query:
        return send(with_query(_force_request(request), dryRun="All"))
    version = version_of(request.body) or version_of(live)
    forced = _force_request(replace(request, body=with_metadata(request.body, resourceVersion=version)))

    def apply_again(response: Response) -> Exchange[Response]:
        """Apply as it was meant, now without conflict: the version must not be kept as applied last."""
        if response.status >= 400:
            return done(refused if response.status == 409 else response)
        return settle(send(request), request, response.body)

    return bind(settle(send(forced), forced, live), apply_again)


def _force_request(request: Request) -> Request:
    """The same request by force, and for real."""
    return with_query(without_query(request, "force", "dryRun"), force="true")
