"""`patch`: change fields of an object by a JSON patch, a JSON merge patch or a strategic merge patch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, TypeAlias

from returns.result import Failure, Result, Success

from fkube.exchange.conversation import MERGE_PATCH, Done, Exchange, Response, bind, failed, fmap
from fkube.exchange.messages import JSON_PATCH
from fkube.merging.patches import json_patched, merged
from fkube.merging.patches.schema import STRATEGIC
from fkube.merging.values import deep_equal
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import DryRun, naming_subresource, outcome
from fkube.verbs.retrieve import retrieve_lazy
from fkube.verbs.unchanged import mark_unchanged
from fkube.verbs.writing import Write, check_dry_run

PatchType: TypeAlias = Literal["json", "merge", "strategic"]
Strategic: TypeAlias = Callable[[Info, Object], Result[Object, str]]
"""A strategic merge patch applied here, by the schema of the resource's kind; or why it can't be."""


def refuse_strategic(info: Info, patch: Object) -> Result[Object, str]:  # noqa: ARG001
    """Refuse a strategic merge patch, as there are no schemas here."""
    return Failure(f"strategic merge patch is not supported for {_full_kind(info)} locally, try --type merge")


@dataclass(frozen=True, slots=True)
class PatchOptions:
    """The patch, and how to apply it: see `patch`."""

    patch: Any = field(repr=False)
    type: PatchType
    subresource: str
    write: Write
    local: bool
    strategic: Strategic


@makes_verb
def patch(
    patch: Any,
    type: PatchType = "strategic",
    subresource: str = "",
    dry_run: DryRun = "none",
    field_manager: str = "kubectl-patch",
    local: bool = False,
    strategic: Strategic = refuse_strategic,
) -> Verb:
    """Patch an object; one that stays as it was is `unchanged`.

    `local` patches what the manifest says, and asks no server; for that and a client-side dry run `strategic`
    says how. Errors: `UsageError` for a patch that can't be applied here, or is of a type that the kind does
    not have; `StatusError` as the server has it. Follows `PatchOptions.RunPatch` of kubectl.

    >>> pod = Info({"kind": "Pod", "metadata": {"name": "web"}})
    >>> patch({"spec": {"a": 1}}, "merge", local=True)(pod).result.unwrap().object["spec"]
    {'a': 1}
    """
    how = PatchOptions(patch, type, subresource, Write(dry_run, field_manager), local, strategic)
    return check_dry_run(dry_run, partial(_patch, how))


def _patch(how: PatchOptions, info: Info) -> Exchange[Outcome]:
    """Patch an object here or on the server; one that has only a name is read first, unless `local`."""
    if how.local:
        return _patch_here(how, info)
    apply = _patch_here if how.write.dry_run == "client" else _send_patch
    return bind(retrieve_lazy(info), partial(apply, how))


def _patch_here(how: PatchOptions, info: Info) -> Exchange[Outcome]:
    """Apply the patch without a server."""
    patched = _patched_object(how, info).alt(lambda why: UsageError(why, info.origin))

    def report(object: Object) -> Outcome:
        return how.write.report("unchanged" if deep_equal(info.object, object) else "patched", info, object)

    return Done(patched.map(report))


def _patched_object(how: PatchOptions, info: Info) -> Result[Object, str]:
    """The object with the patch applied. Follows `getPatchedJSON` of kubectl."""
    patch = how.patch
    if how.type == "json":
        operations = isinstance(patch, list) and all(isinstance(one, dict) for one in patch)
        return json_patched(info.object, patch) if operations else Failure(_NO_OPERATIONS)
    if not isinstance(patch, dict):
        return Failure("Invalid JSON Patch: it must be an object")
    return Success(merged(info.object, patch)) if how.type == "merge" else how.strategic(info, patch)


def _send_patch(how: PatchOptions, info: Info) -> Exchange[Outcome]:
    """Send the patch to the server."""
    # A body that is None is no body at all.
    body = "null" if how.patch is None else how.patch
    answer = how.write.send_to(info, "PATCH", body, _MEDIA[how.type], how.subresource)
    return naming_subresource(bind(answer, partial(_end_patch, how, info)), info, how.subresource)


def _end_patch(how: PatchOptions, info: Info, response: Response) -> Exchange[Outcome]:
    """The outcome by the answer to a patch; after a 415 the error names the kind and the type of patch."""
    if response.status == 415:
        why = response.body.get("message") if isinstance(response.body, dict) else "unsupported media type"
        return failed(
            UsageError(f"{_MEDIA[how.type]} is not supported by {_full_kind(info)}: {why}", info.origin)
        )
    end = outcome("patched", info, response, how.write.dry_run)
    return fmap(end, partial(mark_unchanged, info.object))


def _full_kind(info: Info) -> str:
    """The kind as Go prints it with group and version: `apps/v1, Kind=Deployment`."""
    return f"{'' if '/' in info.api_version else '/'}{info.api_version}, Kind={info.kind}"


_NO_OPERATIONS = "json: cannot unmarshal the patch into a list of operations"
_MEDIA = {"json": JSON_PATCH, "merge": MERGE_PATCH, "strategic": STRATEGIC}
