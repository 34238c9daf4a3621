"""The patch of client-side apply for a live object, and what the object may lose by it."""

from __future__ import annotations

from functools import partial

from returns.result import Result, Success

from fkube.exchange.conversation import MERGE_PATCH, Done, Exchange, bind, done, failed, fmap, lash
from fkube.merging.lastapplied import LAST_APPLIED, original
from fkube.merging.patches import (
    Schema,
    changes_nothing,
    merge_losses,
    merged,
    strategic_merged,
    three_way_difference,
    three_way_merge,
)
from fkube.merging.patches.schema import STRATEGIC
from fkube.merging.values import deep_equal
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import StatusError, UsageError, VisitError
from fkube.resource.info import Info, Object, metadata_of, with_metadata
from fkube.verbs.attempts import Attempt
from fkube.verbs.schemas import schema_of
from fkube.verbs.writing import add_warnings


@dataclass(frozen=True, slots=True)
class LivePatch:
    """The patch of client-side apply for a live object; its `body` is empty where nothing changes.

    `schema`: that of the kind, for a strategic merge patch; None for a JSON merge patch. `warnings`: of what
    it may lose, or does.
    """

    body: Object = field(repr=False)
    schema: Schema | None
    warnings: tuple[str, ...] = ()

    def apply_to(self, live: Object) -> Result[Object, str]:
        """Apply the patch here."""
        return (
            strategic_merged(self.schema, live, self.body)
            if self.schema
            else Success(merged(live, self.body))
        )

    @property
    def media(self) -> str:
        """The content type of the patch."""
        return STRATEGIC if self.schema else MERGE_PATCH


def patch_of(info: Info, live: Object, wanted: Object, overwrite: bool = True) -> Exchange[LivePatch]:
    """Compute the patch from what was applied last, what is there, and what is wanted now.

    It follows the schema of the kind, where there is one. Without `overwrite` a field that others
    have changed is an error.

    Errors: `UsageError` for an annotation that makes no sense, or a patch that can't be made.
    Follows `Patcher.patchSimple` of kubectl.
    """

    def patch_by(schema: Schema | None, before: Object) -> Exchange[LivePatch]:
        """The patch from what was applied `before`: strategic by a schema, JSON merge without one."""
        warn = partial(_warn_of_losses, info, before, wanted, live)
        if schema is not None and overwrite and _is_applied_again(schema, before, wanted, live):
            return done(LivePatch({}, schema))
        if schema is None:
            return done(warn(LivePatch(three_way_merge(before, wanted, live), None)))
        body = three_way_difference(schema, before, wanted, live, overwrite)
        patch = body.map(lambda difference: warn(LivePatch(difference, schema)))
        return Done(patch.alt(lambda why: UsageError(f"creating patch for {info.name}: {why}", info.origin)))

    before = original(live).alt(lambda why: UsageError(f"{LAST_APPLIED} of {info.name}: {why}", info.origin))
    schema = done(None) if info.mapping is None else schema_of(info.mapping)
    return bind(Done(before), lambda last: bind(schema, lambda found: patch_by(found, last)))


def _is_applied_again(schema: Schema, before: Object, wanted: Object, live: Object) -> bool:
    """Whether what was applied last is applied again, to an object that certainly has all of it still."""
    annotations = metadata_of(wanted).get("annotations") or {}
    others = {key: value for key, value in annotations.items() if key != LAST_APPLIED}
    again = deep_equal(before, with_metadata(wanted, annotations=others))
    return again and changes_nothing(schema, wanted, live)


def _warn_of_losses(info: Info, before: Object, wanted: Object, live: Object, patch: LivePatch) -> LivePatch:
    """Add to a patch a warning for each thing that the object may lose by it, or does."""
    sides = {"the manifest": wanted, "the live object": live, "what was applied last": before}
    after = patch.apply_to(live).value_or(wanted)
    losses = merge_losses(patch.schema or Schema({}), sides, wanted, after)
    place = f"{info.origin}: " if info.origin.source else ""
    told = (f"{place}{info.object_name}: {loss}: use --server-side" for loss in losses)
    return replace(patch, warnings=tuple(told))


def warn_attempt(patch: LivePatch, attempt: Exchange[Attempt]) -> Exchange[Attempt]:
    """The attempt whose outcome has the warnings of its patch; so has a refusal, which they may explain."""

    def explain(error: VisitError) -> Exchange[Outcome]:
        if isinstance(error, StatusError):
            return failed(replace(error, warnings=(*patch.warnings, *error.warnings)))
        return failed(error)

    def warn(tried: Attempt) -> Attempt:
        warned = fmap(tried.end, lambda end: add_warnings(end, *patch.warnings))
        return replace(tried, end=lash(warned, explain))

    return fmap(attempt, warn) if patch.warnings else attempt
