"""`apply set-last-applied`: say that a manifest was applied last, and change nothing else."""

from __future__ import annotations

from functools import partial

from fkube.exchange.conversation import MERGE_PATCH, Exchange, Response, bind, done, failed
from fkube.merging.lastapplied import LAST_APPLIED, last_applied
from fkube.merging.patches import merge_difference
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, with_metadata
from fkube.syntax.gotext import json_line
from fkube.verbs.naming import Verb
from fkube.verbs.paths import DryRun, outcome, read_at_path
from fkube.verbs.writing import Write, check_dry_run


def set_last_applied(dry_run: DryRun = "none", create_annotation: bool = False) -> Verb:
    """Patch the annotation of an object that is there; `unchanged` where it says the same.

    Errors: `UsageError` for one without annotation, unless it may be made; else `StatusError`.
    Follows `SetLastAppliedOptions.Validate` and `GetApplyPatch` of kubectl.
    """
    set_annotation = partial(_set_annotation, Write(dry_run), create_annotation)
    return check_dry_run(dry_run, lambda info: bind(read_at_path(info), partial(set_annotation, info)))


def _set_annotation(write: Write, create: bool, info: Info, response: Response) -> Exchange[Outcome]:
    """Patch the annotation of the object just read; `create`: even where there is none yet."""
    live = response.body
    if last_applied(live) is None and not create:
        return failed(UsageError(_MISSING.format(info.name), info.origin))
    wanted = f"{json_line(info.object)}\n"
    if last_applied(live) == wanted:
        return done(write.report("unchanged", info, live))
    if write.dry_run == "client":
        return done(write.report("configured", info, live))
    kept = {**(info.metadata.get("annotations") or {}), LAST_APPLIED: wanted}
    patch = merge_difference(info.object, with_metadata(info.object, annotations=kept))
    answer = write.send_to(replace(info, object=live), "PATCH", patch, MERGE_PATCH)
    return bind(answer, partial(outcome, "configured", info, dry_run=write.dry_run))


_MISSING = (
    "no last-applied-configuration annotation found on resource: {}, to create the annotation, "
    "run the command with --create-annotation"
)
