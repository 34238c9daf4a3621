"""A verb in a batch: wait for definitions, and assume in a dry run what the batch would have created."""

from __future__ import annotations

from typing import TypeAlias

from fkube.exchange.conversation import (
    Call,
    Done,
    Exchange,
    Listen,
    Lost,
    Request,
    Response,
    Then,
    bind,
    done,
    failed,
    fold,
    lash,
    status_error,
)
from fkube.pipeline.discovery import is_crd
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.errors import StatusError, VisitError
from fkube.resource.info import Info, with_metadata
from fkube.resource.patterns import compile_later
from fkube.verbs.naming import Verb
from fkube.verbs.writing import add_warnings

PATIENCE = 60.0
"""Seconds to wait for a definition."""

End: TypeAlias = Exchange[Outcome]
"""The conversation of a verb about one resource."""

STAND_IN = "default"
"""The namespace in which to try objects whose own namespace is not there yet."""


def wait_for_definitions(verb: Verb) -> Verb:
    """Make the verb wait after a CustomResourceDefinition until its resources are served.

    One not established within `PATIENCE` seconds gets a warning, no error.
    Follows `crdReadyForApply` of Helm in purpose.
    """
    return lambda info: bind(verb(info), lambda end: _wait_for(info, end)) if is_crd(info) else verb(info)


def _wait_for(info: Info, outcome: Outcome) -> Exchange[Outcome]:
    """Wait until a definition is established, unless it is already, has failed, or was only a dry run."""
    # Imported here, as few batches have definitions that are waited for.
    from fkube.verbs.conditions import Met, Snapshot, condition
    from fkube.verbs.wait import wait

    established = condition("Established")
    if outcome.dry_run != "none" or outcome.error or established(Snapshot(outcome.object)) == Met():
        return done(outcome)

    def warn(error: VisitError) -> Exchange[Outcome]:
        late = f"customresourcedefinition/{info.name} is not established: {error.message}"
        return done(add_warnings(outcome, late))

    return lash(bind(wait(established, PATIENCE)(info), lambda _: done(outcome)), warn)


def promises(outcome: Outcome) -> frozenset[str]:
    """What a dry run on the server would have created for others: a namespace, or the kind of a definition.

    A namespace is `namespaces/NAME`, a kind the name of its definition.

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


def assume_promised(info: Info, promised: frozenset[str], error: VisitError) -> Exchange[Outcome]:
    """Turn the failure of a dry run into an outcome with a warning, if it only lacks what was promised.

    `promised`: what the batch would have created before, as `promises` says it.

    Errors: the given one, where something else is wrong.
    """
    missing = _missing(info, error)
    if missing not in promised or info.mapping is None:
        return failed(error)
    what = f"namespace {info.namespace}" if "/" in missing else f"the definition of {info.mapping.qualified}"
    checked = f"checked in namespace {STAND_IN}" if "/" in missing else "not checked"
    warning = f"{what} is assumed to be there, as this batch creates it; what depends on it was {checked}"
    return done(Outcome("created", info.origin, info, info.object, warnings=(warning,), dry_run="server"))


def _missing(info: Info, error: VisitError) -> str:
    """What the server lacks according to its error, as `promises` says it; empty for any other error."""
    if not isinstance(error, StatusError) or error.code != 404 or info.mapping is None:
        return ""
    if error.message.endswith(f'namespaces "{info.namespace}" not found'):
        return f"namespaces/{info.namespace}"
    return info.mapping.qualified if error.message.endswith(_NO_SUCH_PATH) else ""


def try_in_stand_in(verb: Verb) -> Verb:
    """Make a dry run in a missing namespace try its requests in the namespace `default` instead.

    Only a refusal of the object as invalid is taken from there; else the first answer counts.
    """
    return lambda info: fold(verb(info), Done, _try_elsewhere, Listen)


def _try_elsewhere(request: Request, then: Then[End], delay: float, lost: Lost[End]) -> End:
    """Send a request; if its namespace is not there, send it in the stand-in namespace too.

    The second answer counts only if it refuses the object (400 or 422), else the first one does.
    """

    def try_if_homeless(response: Response) -> Exchange[Outcome]:
        if not _lacks_namespace(request, response):
            return then(response)
        refused, elsewhere = (400, 422), _in_stand_in(request)
        return Call(elsewhere, lambda other: then(other if other.status in refused else response), lost=lost)

    return Call(request, try_if_homeless, delay, lost)


def _lacks_namespace(request: Request, response: Response) -> bool:
    """Whether a dry run failed only because its namespace is not there."""
    namespaced = _NAMESPACED.match(request.path)
    if not namespaced or response.status != 404 or ("dryRun", "All") not in request.query:
        return False
    return status_error(response).message == f'namespaces "{namespaced[2]}" not found'


def _in_stand_in(request: Request) -> Request:
    """The request with its path, and the object in its body, moved to the stand-in namespace."""
    place = _NAMESPACED.sub(rf"\1{STAND_IN}/", request.path)
    return replace(request, path=place, body=with_metadata(request.body, namespace=STAND_IN))


_NAMESPACED = compile_later(r"(/api(?:s/[^/]+)?/[^/]+/namespaces/)([^/]+)/")
_NO_SUCH_PATH = "the server could not find the requested resource"
