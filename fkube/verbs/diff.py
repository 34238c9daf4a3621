"""`diff`: what an object would be if it were applied, and what it is now. Nothing is changed."""

from __future__ import annotations

from functools import partial

from fkube.exchange.conversation import Exchange, Request, Response, bind, done, fmap, send
from fkube.exchange.messages import APPLY_PATCH
from fkube.merging.lastapplied import LAST_APPLIED
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Info, Object, with_metadata
from fkube.verbs.apply import deletion_warnings, warn_of_deletion
from fkube.verbs.attempts import Attempt, end_at_once, end_attempts, retry_conflicts
from fkube.verbs.create import create_as_is
from fkube.verbs.livepatch import LivePatch, patch_of, warn_attempt
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.ownconflicts import force_over_own
from fkube.verbs.paths import at_path, get_at_path, kind_at, outcome
from fkube.verbs.unchanged import mark_unchanged
from fkube.verbs.writing import Write, add_warnings

ATTEMPTS = 4
"""How often to look at an object that others change meanwhile; the last time its version does not count."""


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """How the object would be applied: see `diff`."""

    server_side: bool
    write: Write
    force_conflicts: bool


@makes_verb
def diff(
    server_side: bool = False,
    field_manager: str = "kubectl-client-side-apply",
    force_conflicts: bool = False,
) -> Verb:
    """Ask, by a dry run on the server, what an object would be after apply.

    The outcome's object is that; its info has the object as it is now, `live` if there is one. Neither is
    masked: see `fkube.showing.masking`.
    Errors: `UsageError` for an annotation or a patch that makes no sense,
    `StatusError` as the server has it. Follows `InfoObject.Merged` of kubectl's diff.

    >>> from fkube.resource.info import RESTMapping
    >>> shop = {"kind": "Namespace", "metadata": {"name": "shop"}}
    >>> info = Info(shop, mapping=RESTMapping("", "v1", "Namespace", "namespaces", False))
    >>> first = diff()(info)
    >>> print(first.request)
    GET /api/v1/namespaces/shop
    >>> print(first.then(Response(404)).request)
    POST /api/v1/namespaces?dryRun=All&fieldManager=kubectl-client-side-apply
    """
    return partial(_diff, DiffOptions(server_side, Write("server", field_manager), force_conflicts))


def _diff(how: DiffOptions, info: Info) -> Exchange[Outcome]:
    """Try the apply by a dry run; while others change the object, read it and try again."""
    locked, free = (bind(get_at_path(info), partial(_try_apply, how, info, lock)) for lock in (True, False))
    return end_attempts(retry_conflicts(locked, ATTEMPTS - 2, 0.0), free)


def _try_apply(how: DiffOptions, info: Info, locked: bool, response: Response) -> Exchange[Attempt]:
    """Try to apply over what a GET has answered; `locked`: a patch only over the version read."""
    if response.status >= 400 and response.status != 404:
        return end_at_once(outcome("got", info, response))
    live: Object | None = response.body if response.status < 400 else None
    seen = info if live is None else replace(info, object=live, live=True)
    if how.server_side:
        answer = at_path(info, partial(_try_server_side, how, info, live))
        return fmap(answer, partial(_end_attempt, seen))
    if live is None:
        return end_at_once(create_as_is(how.write)(info))
    annotations = info.metadata.get("annotations") or {}
    kept = {key: value for key, value in annotations.items() if key != LAST_APPLIED}
    patch = patch_of(info, live, with_metadata(info.object, annotations=kept))
    return bind(patch, lambda found: warn_attempt(found, _try_patch(how.write, info, seen, locked, found)))


def _try_server_side(how: DiffOptions, info: Info, live: Object | None, place: str) -> Exchange[Response]:
    """Ask the server by a dry run what an apply on its side would make of the live object."""
    patch = Request("PATCH", place, body=info.object, content_type=APPLY_PATCH, kind=kind_at(info))
    request = how.write.prepare(patch, force=str(how.force_conflicts).lower())
    return bind(send(request), partial(force_over_own, request, live or {}))


def _try_patch(write: Write, info: Info, seen: Info, locked: bool, patch: LivePatch) -> Exchange[Attempt]:
    """Send a patch as a dry run, unless it is empty; `info` has the manifest, `seen` the live object."""
    if not patch.body:
        same = Outcome("unchanged", seen.origin, seen, seen.object)
        return end_at_once(done(warn_of_deletion(same)))
    version = seen.metadata.get("resourceVersion")
    body = with_metadata(patch.body, resourceVersion=version) if locked and version else patch.body
    return fmap(write.send_to(info, "PATCH", body, patch.media), partial(_end_attempt, seen))


def _end_attempt(seen: Info, response: Response) -> Attempt:
    """The attempt by the answer to a dry run; a 409 may be tried again.

    The outcome warns of a live object that is being deleted.
    """
    made = outcome("configured", seen, response, "server")
    end = fmap(made, partial(mark_unchanged, seen.object)) if seen.live else made
    warned = deletion_warnings(seen.object) if seen.live else ()
    return Attempt(response.status == 409, fmap(end, lambda came: add_warnings(came, *warned)))
