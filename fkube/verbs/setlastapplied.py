"""`apply set-last-applied`: say that a manifest was applied last, and change nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from fkube.exchange.conversation import MERGE_PATCH, Call, Exchange, Request, bind, done, failed
from fkube.merging.lastapplied import LAST_APPLIED, last_applied
from fkube.merging.patches import merge_difference
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object, with_metadata
from fkube.syntax.gotext import json_line
from fkube.verbs.paths import DryRun, accept, at_path
from fkube.verbs.writing import Write, check_dry_run


@dataclass(frozen=True, slots=True)
class _How:
    write: Write
    create: bool


def set_last_applied(
    dry_run: DryRun = "none", create_annotation: bool = False
) -> Callable[[Info], Exchange[Outcome]]:
    """Patch the annotation of an object that is there; `unchanged` where it says the same.

    Errors: `UsageError` for one without annotation, unless it may be made; else `StatusError`.
    Follows `SetLastAppliedOptions.Validate` and `GetApplyPatch` of kubectl.
    """
    return check_dry_run(dry_run, partial(_set, _How(Write(dry_run), create_annotation)))


def _set(how: _How, info: Info) -> Exchange[Outcome]:
    seen = at_path(info, lambda place: Call(Request("GET", place), partial(accept, info.origin)))
    return bind(seen, lambda response: _patched(how, info, response.body))


def _patched(how: _How, info: Info, live: Object) -> Exchange[Outcome]:
    if last_applied(live) is None and not how.create:
        return failed(UsageError(_MISSING.format(info.name), info.origin))
    wanted = f"{json_line(info.object)}\n"
    if last_applied(live) == wanted:
        return done(how.write.report("unchanged", info, live))
    if how.write.dry_run == "client":
        return done(how.write.report("configured", info, live))
    kept = {**(info.metadata.get("annotations") or {}), LAST_APPLIED: wanted}
    patch = merge_difference(info.object, with_metadata(info.object, annotations=kept))

    def sent(place: str) -> Exchange[Outcome]:
        request = Request("PATCH", place, body=patch, content_type=MERGE_PATCH)
        return how.write.send(request, "configured", info)

    return at_path(info, sent)


_MISSING = (
    "no last-applied-configuration annotation found on resource: {}, to create the annotation, "
    "run the command with --create-annotation"
)
