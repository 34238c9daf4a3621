"""`apply set-last-applied`: say that a manifest was applied last, and change nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from fkube.errors import UsageError
from fkube.exchange import Call, Done, Exchange, Request, Response, bind, done, failed
from fkube.gotext import json_line
from fkube.info import Info, Object, with_metadata
from fkube.lastapplied import LAST_APPLIED, last_applied
from fkube.patches import merge_difference
from fkube.report import Outcome
from fkube.verbs.paths import DryRun, misunderstood, outcome, path


@dataclass(frozen=True, slots=True)
class _How:
    dry_run: DryRun
    create: bool


def set_last_applied(
    dry_run: DryRun = "none", create_annotation: bool = False
) -> Callable[[Info], Exchange[Outcome]]:
    """Patch the annotation of an object that is there; `unchanged` where it says the same.

    Errors: `UsageError` for one without annotation, unless it may be made; else `StatusError`.
    Follows `SetLastAppliedOptions.Validate` and `GetApplyPatch` of kubectl.
    """
    return partial(_set, _How(dry_run, create_annotation))


def _set(how: _How, info: Info) -> Exchange[Outcome]:
    if problem := misunderstood(how.dry_run, info):
        return failed(problem)

    def then(response: Response) -> Exchange[Outcome]:
        if response.status >= 400:
            return outcome("got", info, response)
        return _patched(how, info, response.body)

    return bind(Done(path(info)), lambda place: Call(Request("GET", place), then))


def _patched(how: _How, info: Info, live: Object) -> Exchange[Outcome]:
    if last_applied(live) is None and not how.create:
        return failed(UsageError(_MISSING.format(info.name), info.origin))
    wanted = f"{json_line(info.object)}\n"
    if last_applied(live) == wanted:
        return done(Outcome("unchanged", info.origin, info, live, dry_run=how.dry_run))
    if how.dry_run == "client":
        return done(Outcome("configured", info.origin, info, live, dry_run=how.dry_run))
    kept = {**(info.metadata.get("annotations") or {}), LAST_APPLIED: wanted}
    patch = merge_difference(info.object, with_metadata(info.object, annotations=kept))
    return bind(Done(path(info)), lambda place: _sent(how, info, place, patch))


def _sent(how: _How, info: Info, place: str, patch: Object) -> Exchange[Outcome]:
    query = (("dryRun", "All"),) if how.dry_run == "server" else ()
    request = Request("PATCH", place, query, patch, "application/merge-patch+json")
    return Call(request, lambda response: outcome("configured", info, response, how.dry_run))


_MISSING = (
    "no last-applied-configuration annotation found on resource: {}, to create the annotation, "
    "run the command with --create-annotation"
)
