"""`apply`: make an object what a manifest says, and keep what others say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from returns.result import Result, Success

from fkube.exchange.conversation import (
    MERGE_PATCH,
    Call,
    Done,
    Exchange,
    Request,
    Response,
    bind,
    done,
    failed,
    fmap,
    lash,
    status_error,
    warnings,
)
from fkube.merging.lastapplied import LAST_APPLIED, last_applied, original, saved
from fkube.merging.patches import Schema, merged, strategic_merged, three_way_difference, three_way_merge
from fkube.merging.patches.schema import STRATEGIC
from fkube.merging.values import without_nulls
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError, while_doing
from fkube.resource.info import Info, Object
from fkube.verbs.attempts import Attempt, end_at_once, end_attempts, retry_conflicts
from fkube.verbs.create import create_as_is
from fkube.verbs.naming import makes_verb
from fkube.verbs.paths import DryRun, at_path, outcome
from fkube.verbs.recreate import Recreation, recreated
from fkube.verbs.schemas import schema_of
from fkube.verbs.writing import Write, check_dry_run

RETRIES, PAUSE = 5, 1.0
"""How often a patch that met a change is made again, and after how many seconds from the second time on."""


@dataclass(frozen=True, slots=True)
class How:
    """How to apply: what is sent with each write, and what of the live object may be overwritten."""

    write: Write
    overwrite: bool
    force: Recreation | None

    def create(self, info: Info) -> Exchange[Outcome]:
        """Create an object, with itself in the annotation."""
        new = replace(info, object=without_nulls(saved(info.object)))
        return fmap(create_as_is(self.write)(new), lambda came: replace(came, info=info))


@makes_verb
def apply(
    dry_run: DryRun = "none",
    field_manager: str = "kubectl-client-side-apply",
    field_validation: str = "Strict",
    overwrite: bool = True,
    force: Recreation | None = None,
) -> Callable[[Info], Exchange[Outcome]]:
    """Create an object, or patch it by what was applied last, what is there, and what the manifest says now.

    What is there already is `unchanged`, and nothing is sent. A patch that meets a change is made again.
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
    how = How(Write(dry_run, field_manager, field_validation), overwrite, force)
    return check_dry_run(dry_run, lambda info: at_given_name(info, partial(_begin, how, info)))


def at_given_name(info: Info, function: Callable[[str], Exchange[Outcome]]) -> Exchange[Outcome]:
    """Go on with the path of what is applied. Errors: `UsageError` for a name to be generated."""
    if not info.name and info.generate_name:
        wrong = f"from {info.generate_name}: cannot use generate name with apply"
        return failed(UsageError(wrong, info.origin))
    return at_path(info, function)


def _begin(how: How, info: Info, place: str) -> Exchange[Outcome]:
    return Call(Request("GET", place), partial(_found, how, info, place))


def _found(how: How, info: Info, place: str, response: Response) -> Exchange[Outcome]:
    """Go on from what is there."""
    if response.status == 404:
        return _doing("creating", how.create(info))
    if response.status >= 400:
        return _doing("retrieving", outcome("got", info, response))
    said = (*warnings(response), *_remarks(info, response.body))
    look = Call(Request("GET", place), partial(_looked, how, info))
    again = retry_conflicts(look, RETRIES - 1, PAUSE)
    return fmap(
        end_attempts(_patched(how, info, response.body), again),
        lambda came: replace(came, warnings=(*said, *came.warnings, *leaving(came.object))),
    )


def _looked(how: How, info: Info, response: Response) -> Exchange[Attempt]:
    """Patch what another has changed meanwhile."""
    if response.status >= 400:
        return end_at_once(outcome("got", info, response))
    return _patched(how, info, response.body)


def _doing(what: str, exchange: Exchange[Outcome]) -> Exchange[Outcome]:
    return lash(exchange, lambda error: failed(while_doing(error, what)))


def _remarks(info: Info, live: Object) -> tuple[str, ...]:
    """What is said of an object that nothing was applied to yet."""
    if last_applied(live) is not None or info.mapping is None:
        return ()
    return (_UNKNOWN.format(name=f"{info.mapping.resource}/{info.name}", annotation=LAST_APPLIED),)


def leaving(object: Object) -> tuple[str, ...]:
    """What is said of an object that is being deleted. Follows `WarnIfDeleting` of kubectl."""
    metadata = object.get("metadata") or {}
    if not metadata.get("deletionTimestamp"):
        return ()
    return (f"Detected changes to resource {metadata.get('name')} which is currently being deleted.",)


def _patched(how: How, info: Info, live: Object) -> Exchange[Attempt]:
    """Patch a live object, unless it is what is wanted."""
    before = original(live)
    if not isinstance(before, Success):
        return failed(UsageError(f"{LAST_APPLIED} of {info.name}: {before.failure()}", info.origin))
    if info.mapping is None:
        return failed(UsageError("the resource has no mapping: it can't be applied", info.origin))
    asked = schema_of(info.mapping)
    return bind(asked, lambda schema: _changed(_Change(how, info, live, schema), before.unwrap()))


@dataclass(frozen=True, slots=True)
class _Change:
    """A live object to be changed, and by which schema."""

    how: How
    info: Info
    live: Object
    schema: Schema | None


def _changed(change: _Change, before: Object) -> Exchange[Attempt]:
    write, info = change.how.write, change.info
    found = _patch(change, before)
    if not isinstance(found, Success):
        return failed(UsageError(f"creating patch for {info.name}: {found.failure()}", info.origin))
    patch = found.unwrap()
    if not patch:
        return end_at_once(done(write.report("unchanged", info, change.live)))
    if write.dry_run == "client":
        return end_at_once(_locally(change, patch))
    kind = STRATEGIC if change.schema else MERGE_PATCH
    return at_path(info, lambda place: _sent(change, Request("PATCH", place, (), patch, kind)))


def _patch(change: _Change, before: Object) -> Result[Object, str]:
    """What is to be sent; nothing where the object is as wanted. Follows `Patcher.patchSimple` of kubectl."""
    wanted, overwrite = saved(change.info.object), change.how.overwrite
    if change.schema is None:
        return Success(three_way_merge(before, wanted, change.live))
    return three_way_difference(change.schema, before, wanted, change.live, overwrite)


def _locally(change: _Change, patch: Object) -> Exchange[Outcome]:
    """The outcome of a patch that is not sent."""
    info, live, schema = change.info, change.live, change.schema
    after = strategic_merged(schema, live, patch) if schema else Success(merged(live, patch))
    whole = after.alt(lambda why: UsageError(f"applying patch locally: {why}", info.origin))
    return Done(whole.map(partial(change.how.write.report, "configured", info)))


def _sent(change: _Change, request: Request) -> Exchange[Attempt]:
    """Send a patch; where the server does not take it, the object may be made anew."""
    how, info = change.how, change.info

    def then(response: Response) -> Exchange[Attempt]:
        reason = status_error(response).reason if response.status >= 400 else ""
        if how.force and reason in ("Conflict", "Invalid"):
            end = fmap(recreated(how.force, info, change.live, how.create), _configured)
        else:
            end = _doing("patching", outcome("configured", info, response, how.write.dry_run))
        return done(Attempt(reason == "Conflict", end))

    return Call(how.write.ask(request), then)


def _configured(created: Outcome) -> Outcome:
    return replace(created, action="configured")


_UNKNOWN = (
    "resource {name} is missing the {annotation} annotation which is required by kubectl apply. "
    "kubectl apply should only be used on resources created declaratively by either "
    "kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically."
)
