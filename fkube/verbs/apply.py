"""`apply`: make an object what a manifest says, and keep what others say of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from fkube.exchange.conversation import (
    Done,
    Exchange,
    Request,
    Response,
    bind,
    done,
    failed,
    fmap,
    lash,
    send,
    status_error,
    warnings,
)
from fkube.merging.lastapplied import LAST_APPLIED, last_applied, saved
from fkube.merging.values import without_nulls
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import UsageError, while_doing
from fkube.resource.info import Info, Object, metadata_of
from fkube.verbs.attempts import Attempt, end_at_once, end_attempts, retry_conflicts
from fkube.verbs.create import create_as_is
from fkube.verbs.livepatch import LivePatch, patch_of, warn_attempt
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import DryRun, at_path, get_at_path, kind_at, outcome
from fkube.verbs.recreate import Recreation, recreate
from fkube.verbs.unchanged import mark_unchanged
from fkube.verbs.writing import Write, add_warnings, check_dry_run

T = TypeVar("T")

RETRIES, PAUSE = 5, 1.0
"""How often to repeat a patch that met a change, and the seconds before it from the second time on."""


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How to apply: see `apply`."""

    write: Write
    overwrite: bool
    force: Recreation | None

    def create(self, info: Info) -> Exchange[Outcome]:
        """Create an object that keeps its own configuration in the annotation of apply."""
        new = replace(info, object=without_nulls(saved(info.object)))
        return fmap(create_as_is(self.write)(new), lambda end: replace(end, info=info))


@makes_verb
def apply(
    dry_run: DryRun = "none",
    field_manager: str = "kubectl-client-side-apply",
    field_validation: str = "Strict",
    overwrite: bool = True,
    force: Recreation | None = None,
) -> Verb:
    """Create an object, or patch it by what was applied last, what is there, and what the manifest says now.

    What is there already is `unchanged`, and nothing is sent; so is what the server has left as it was after
    a patch (`1000m` for `1`, a null for nothing). A patch that meets a change is made again.
    With `force` an object is deleted and created where the server does not take its patch.
    Errors: `UsageError` for a name to be generated, else `StatusError` as the server has it.
    Follows `ApplyOptions.applyOneObject` and `Patcher.Patch` of kubectl.

    >>> from fkube.resource.info import RESTMapping
    >>> shop = {"kind": "Namespace", "metadata": {"name": "shop"}}
    >>> info = Info(shop, mapping=RESTMapping("", "v1", "Namespace", "namespaces", False))
    >>> first = apply()(info)
    >>> print(first.request)
    GET /api/v1/namespaces/shop
    >>> print(first.then(Response(404)).request.method)
    POST
    """
    how = ApplyOptions(Write(dry_run, field_manager, field_validation), overwrite, force)

    def apply_one(info: Info) -> Exchange[Outcome]:
        live = at_given_name(info, lambda place: send(Request("GET", place, kind=kind_at(info))))
        return bind(live, partial(_create_or_patch, how, info))

    return check_dry_run(dry_run, apply_one)


def at_given_name(info: Info, function: Callable[[str], Exchange[T]]) -> Exchange[T]:
    """Call a function with the path of an object to be applied.

    Errors: `UsageError` for a name to be generated; as `path`.
    """
    if not info.name and info.generate_name:
        wrong = f"from {info.generate_name}: cannot use generate name with apply"
        return failed(UsageError(wrong, info.origin))
    return at_path(info, function)


def _create_or_patch(how: ApplyOptions, info: Info, response: Response) -> Exchange[Outcome]:
    """Create the object where its GET found none; else patch it, again while others change it."""
    if response.status == 404:
        return _say_doing("creating", how.create(info))
    if response.status >= 400:
        return _say_doing("retrieving", outcome("got", info, response))
    before = (*warnings(response), *_missing_annotation(info, response.body))
    again = bind(get_at_path(info), partial(_try_patch, how, info))
    end = end_attempts(_try_patch(how, info, response), retry_conflicts(again, RETRIES - 1, PAUSE))
    warned = fmap(end, warn_of_deletion)
    return fmap(warned, lambda came: replace(came, warnings=(*before, *came.warnings)))


def _say_doing(doing: str, exchange: Exchange[Outcome]) -> Exchange[Outcome]:
    """Name a step, such as `creating`, in the refusal with which a conversation fails."""
    return lash(exchange, lambda error: failed(while_doing(error, doing)))


def _missing_annotation(info: Info, live: Object) -> tuple[str, ...]:
    """The warning about a live object without the annotation of apply; empty if it has one."""
    if last_applied(live) is not None or info.mapping is None:
        return ()
    return (_UNKNOWN.format(name=f"{info.mapping.resource}/{info.name}", annotation=LAST_APPLIED),)


def deletion_warnings(object: Object) -> tuple[str, ...]:
    """The warning about an object that is being deleted, if it is. Follows `WarnIfDeleting` of kubectl."""
    metadata = metadata_of(object)
    if not metadata.get("deletionTimestamp"):
        return ()
    return (f"Detected changes to resource {metadata.get('name')} which is currently being deleted.",)


def warn_of_deletion(outcome: Outcome) -> Outcome:
    """Add a warning to an outcome, if its object is being deleted."""
    return add_warnings(outcome, *deletion_warnings(outcome.object))


def _try_patch(how: ApplyOptions, info: Info, response: Response) -> Exchange[Attempt]:
    """Try once to patch the object that a GET has answered; a refused GET ends all attempts."""
    if response.status >= 400:
        return end_at_once(outcome("got", info, response))
    patch = patch_of(info, response.body, saved(info.object), how.overwrite)
    return bind(patch, lambda found: warn_attempt(found, _send_patch(how, info, response.body, found)))


def _send_patch(how: ApplyOptions, info: Info, live: Object, patch: LivePatch) -> Exchange[Attempt]:
    """Send a patch; an empty one ends as `unchanged`, one of a client-side dry run is applied here."""
    if not patch.body:
        return end_at_once(done(how.write.report("unchanged", info, live)))
    if how.write.dry_run == "client":
        return end_at_once(_patch_here(how.write, info, live, patch))
    answer = how.write.send_to(replace(info, object=live), "PATCH", patch.body, patch.media)
    return bind(answer, partial(_end_patch, how, info, live))


def _patch_here(write: Write, info: Info, live: Object, patch: LivePatch) -> Exchange[Outcome]:
    """Apply a patch to the live object here, and report it as a dry run."""
    whole = patch.apply_to(live).alt(lambda why: UsageError(f"applying patch locally: {why}", info.origin))
    patched = whole.map(partial(write.report, "configured", info))
    return Done(patched.map(partial(mark_unchanged, live)))


def _end_patch(how: ApplyOptions, info: Info, live: Object, response: Response) -> Exchange[Attempt]:
    """The attempt by the answer to a patch; with `force`, a patch refused ends by recreating the object.

    Only the reasons `Conflict` and `Invalid` do so.
    """
    reason = status_error(response).reason if response.status >= 400 else ""
    if how.force and reason in ("Conflict", "Invalid"):
        created = recreate(how.force, info, live, how.create)
        end = fmap(created, lambda came: replace(came, action="configured"))
    else:
        patched = outcome("configured", info, response, how.write.dry_run)
        end = _say_doing("patching", fmap(patched, partial(mark_unchanged, live)))
    return done(Attempt(reason == "Conflict", end))


_UNKNOWN = (
    "resource {name} is missing the {annotation} annotation which is required by kubectl apply. "
    "kubectl apply should only be used on resources created declaratively by either "
    "kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically."
)
