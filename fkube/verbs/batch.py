"""What a verb does about the batch around it: waiting for definitions, assuming what a dry run leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from fkube.exchange.conversation import (
    Call,
    Done,
    Exchange,
    Listen,
    Request,
    Response,
    bind,
    done,
    failed,
    fold,
    lash,
    status_error,
)
from fkube.pipeline.discovery import is_crd
from fkube.report.outcomes import Outcome
from fkube.resource.errors import StatusError, VisitError
from fkube.resource.info import Info, with_metadata
from fkube.verbs.conditions import Met, Snapshot, condition
from fkube.verbs.wait import wait

Verb: TypeAlias = Callable[[Info], Exchange[Outcome]]

ESTABLISHED = condition("Established")
PATIENCE = 60.0
"""Seconds for which a definition is waited for."""

STAND_IN = "default"
"""The namespace in which is tried what can't be tried in one that is not there yet."""


def establishing(verb: Verb) -> Verb:
    """The verb, which after a CustomResourceDefinition waits until its resources are served.

    One that does not come to it is an outcome with a warning. Follows `crdReadyForApply` of Helm in purpose.
    """
    return lambda info: bind(verb(info), partial(_established, info)) if is_crd(info) else verb(info)


def _established(info: Info, outcome: Outcome) -> Exchange[Outcome]:
    there = ESTABLISHED(Snapshot(outcome.object))
    if outcome.dry_run != "none" or outcome.error or isinstance(there, Met):
        return done(outcome)
    awaited: Exchange[Outcome] = bind(wait(ESTABLISHED, PATIENCE)(info), lambda _: done(outcome))
    return lash(
        awaited, lambda error: done(replace(outcome, warnings=(*outcome.warnings, _late(info, error))))
    )


def _late(info: Info, error: VisitError) -> str:
    return f"customresourcedefinition/{info.name} is not established: {error.message}"


def promises(outcome: Outcome) -> frozenset[str]:
    """What would be there after this outcome of a dry run: a namespace, or the resource of a definition.

    >>> shop = Info({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    >>> sorted(promises(Outcome("created", shop.origin, shop, dry_run="server")))
    ['namespaces/shop']
    """
    info = outcome.info
    if info is None or outcome.error is not None or outcome.dry_run != "server":
        return frozenset()
    if (info.api_version, info.kind) == ("v1", "Namespace"):
        return frozenset({f"namespaces/{info.name}"})
    return frozenset({info.name}) if is_crd(info) else frozenset()


def assumed(info: Info, promised: frozenset[str], error: VisitError) -> Exchange[Outcome]:
    """What a dry run comes to that failed only because what the batch would create before is not there.

    Errors: the same, where it failed of anything else.
    """
    missing = _missing(info, error)
    if missing not in promised or info.mapping is None:
        return failed(error)
    what = f"namespace {info.namespace}" if "/" in missing else f"the definition of {info.mapping.qualified}"
    checked = f"checked in namespace {STAND_IN}" if "/" in missing else "not checked"
    said = f"{what} is assumed to be there, as this batch creates it; what depends on it was {checked}"
    return done(Outcome("created", info.origin, info, info.object, warnings=(said,), dry_run="server"))


def _missing(info: Info, error: VisitError) -> str:
    """What the server missed when it was asked about a resource: a namespace, a kind, or nothing."""
    if not isinstance(error, StatusError) or error.code != 404 or info.mapping is None:
        return ""
    if error.message.endswith(f'namespaces "{info.namespace}" not found'):
        return f"namespaces/{info.namespace}"
    return info.mapping.qualified if error.message.endswith(_NO_SUCH_PATH) else ""


def standing_in(verb: Verb) -> Verb:
    """The verb, which tries in another namespace what a dry run can't try in one that is not there.

    Only that the server finds an object invalid is taken from there.
    """
    return lambda info: fold(verb(info), Done, _try_elsewhere, Listen)


def _try_elsewhere(
    request: Request,
    then: Callable[[Response], Exchange[Outcome]],
    delay: float,
    lost: Callable[[VisitError], Exchange[Outcome]],
) -> Exchange[Outcome]:
    def answered(response: Response) -> Exchange[Outcome]:
        if not _homeless(request, response):
            return then(response)
        other = _elsewhere(request)
        return Call(other, lambda found: then(found if _invalid(found) else response), lost=lost)

    return Call(request, answered, delay, lost)


def _homeless(request: Request, response: Response) -> bool:
    """Whether a dry run failed for want of its namespace."""
    found = _NAMESPACED.match(request.path)
    missing = f'namespaces "{found[1]}" not found' if found else ""
    tried = ("dryRun", "All") in request.query and response.status == 404
    return tried and bool(found) and status_error(response).message == missing


def _elsewhere(request: Request) -> Request:
    path = _NAMESPACED.sub(
        lambda m: m[0].replace(f"/namespaces/{m[1]}", f"/namespaces/{STAND_IN}"), request.path
    )
    return replace(request, path=path, body=with_metadata(request.body, namespace=STAND_IN))


def _invalid(response: Response) -> bool:
    return response.status in (400, 422)


_NAMESPACED = re.compile(r"/api(?:s/[^/]+)?/[^/]+/namespaces/([^/]+)/")
_NO_SUCH_PATH = "the server could not find the requested resource"
