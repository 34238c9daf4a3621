"""PATCH with a configuration to apply: server-side apply, its conflicts, what client-side apply left. Pure.

Follows `applyPatcher` of apiserver, `structuredMergeManager.Apply` and `lastAppliedManager` of apimachinery.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Call, check_options
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.objectmeta import ANNOTATIONS_LIMIT
from fkube.cluster.state import State
from fkube.cluster.statuses import bad_request, failure_status, invalid_options, required_field
from fkube.cluster.writing.managedfields import (
    blank_object,
    calling_manager,
    current_managers,
    management_rules,
    object_type,
)
from fkube.exchange.conversation import Response
from fkube.merging.fields import FieldSet, Path, compared, fields_of, ordered, problems, shown
from fkube.merging.fields.managers import Manager
from fkube.merging.fields.updating import Applied, Conflicts, Rules, applied, updated
from fkube.resource.info import Object, with_metadata
from fkube.syntax import yamljson

APPLY = "application/apply-patch+yaml"
KUBECTL = "kubectl"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
FIRST = "before-first-apply"
"""Who owns the fields that an object had before anybody was known to manage it."""


def check_apply_options(call: Call) -> Result[Call, Response]:
    """The call, if its options are those of an apply. Errors: 422."""
    if not call.query.get("fieldManager"):
        missing = required_field("fieldManager", "is required for apply patch")
        return Failure(invalid_options("PatchOptions", missing))
    others = {key: value for key, value in call.query.items() if key != "force"}
    return check_options("PatchOptions", replace(call, query=others)).map(lambda _: call)


def apply_configuration(state: State, call: Call, live: Object | None) -> Result[Applied, Response]:
    """What is left of the live object (None: there is none) once the configuration of the call is applied.

    Errors: 400 for a configuration that can't be read, 409 for fields that others manage, 500 for one that
    has not the form of its kind.
    """
    return (
        _read_configuration(call)
        .bind(lambda config: _check_configuration(call, config))
        .bind(lambda config: _apply_fields(state, call, live, config))
    )


def _read_configuration(call: Call) -> Result[Object, Response]:
    body = call.request.body
    if isinstance(body, dict):
        return Success(body)
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
    found = yamljson.load(text)
    if isinstance(found, Failure):
        why, line = found.failure()
        return Failure(
            bad_request(f"error decoding patch: error converting YAML to JSON: yaml: line {line + 1}: {why}")
        )
    value = found.unwrap()[0]
    return Success(value or {}) if isinstance(value, dict | None) else Failure(_not_a_map(value))


def _not_a_map(value: Any) -> Response:
    what = {bool: "bool", str: "string", list: "array"}.get(value.__class__, "number")
    why = f"json: cannot unmarshal {what} into Go value of type map[string]interface {{}}"
    return bad_request(f"error decoding patch: error unmarshaling JSON: while decoding JSON: {why}")


def _check_configuration(call: Call, config: Object) -> Result[Object, Response]:
    """The configuration, if it is one of the kind. Errors: 400, 500."""
    kind, mapping = call.target.kind, call.target.kind.mapping
    given = str(config.get("apiVersion") or ""), str(config.get("kind") or "")
    if given != (mapping.api_version, mapping.kind):
        return Failure(bad_request(f"invalid object type: {_gvk_text(*given)}"))
    metadata = config.get("metadata") or {}
    if isinstance(metadata, dict) and metadata.get("managedFields") is not None:
        return Failure(bad_request("metadata.managedFields must be nil"))
    wrong = problems(object_type(kind), config)
    if not wrong:
        return Success(config)
    told = wrong[0] if len(wrong) == 1 else "\n  ".join(("errors:", *wrong))
    named = metadata if isinstance(metadata, dict) else {}
    place = f"{named.get('namespace', '')}/{named.get('name', '')}"
    what = f"{place}; {_gvk_text(mapping.api_version, mapping.kind)}"
    return Failure(failure_status(500, "", f"failed to create typed patch object ({what}): {told}"))


def _gvk_text(version: str, kind: str) -> str:
    """A kind as Go prints it."""
    group, _, number = version.rpartition("/")
    return f"{group}/{number}, Kind={kind}"


@dataclass(frozen=True, slots=True)
class _Apply:
    """An apply to be made: how fields are managed, on what, by whom, and of what."""

    rules: Rules
    live: Object
    managers: tuple[Manager, ...]
    who: Manager
    config: Object

    def made(self, force: bool) -> Result[Applied, Conflicts]:
        """What it leaves."""
        return applied(self.rules, self.live, self.config, self.managers, self.who, force)


def _apply_fields(state: State, call: Call, live: Object | None, config: Object) -> Result[Applied, Response]:
    kind, own = call.target.kind, management_rules(state.served, call.target)
    who = calling_manager(state, call, "Apply")
    start = blank_object(kind) if live is None else with_metadata(live, managedFields=None)
    before = current_managers(live or {})
    if not before:
        first = replace(calling_manager(state, call), name=FIRST)
        before = updated(own, blank_object(kind), start, (), first)
    wanted = _Apply(own, start, before, who, config)
    force = call.query.get("force", "false").lower() not in ("false", "0")
    return (
        wanted.made(force)
        .lash(lambda conflicts: _take_over_fields(kind, wanted, conflicts))
        .map(lambda left: _refresh_annotation(wanted, left))
        .alt(_conflict_response)
    )


def _take_over_fields(kind: Kind, wanted: _Apply, conflicts: Conflicts) -> Result[Applied, Conflicts]:
    """kubectl takes over what it has applied from the client's side, if nobody changed it since."""
    allowed = _client_side_fields(kind, wanted.live) if wanted.who.name == KUBECTL else frozenset()
    left = tuple((who, fields - allowed) for who, fields in conflicts if fields - allowed)
    return Failure(left) if left else wanted.made(force=True)


def _client_side_fields(kind: Kind, live: Object) -> FieldSet:
    """The fields that the last-applied annotation tells of and that are still so.

    Follows `allowedConflictsFromLastApplied`.
    """
    try:
        last = json.loads(_last_applied_of(live))
    except ValueError:
        return frozenset()
    type = object_type(kind)
    if (
        not isinstance(last, dict)
        or last.get("apiVersion") != kind.mapping.api_version
        or problems(type, last)
    ):
        return frozenset()
    change = compared(type, last, live)
    return fields_of(type, last) - change.modified - change.added - change.removed


def _last_applied_of(object: Object) -> str:
    return str((object["metadata"].get("annotations") or {}).get(LAST_APPLIED) or "")


def _refresh_annotation(wanted: _Apply, left: Applied) -> Applied:
    """What is left, its last-applied annotation kept up to date where kubectl applies.

    Follows `lastAppliedUpdater` of apimachinery.
    """
    if wanted.who.name != KUBECTL or not _last_applied_of(left.object):
        return left
    annotations = {**left.object["metadata"]["annotations"], LAST_APPLIED: _annotation_text(wanted.config)}
    if sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items()) > ANNOTATIONS_LIMIT:
        del annotations[LAST_APPLIED]
    return replace(left, object=with_metadata(left.object, annotations=annotations))


def _annotation_text(config: Object) -> str:
    """A configuration as the annotation has it: without the annotation, and as Go writes it."""
    given = (config.get("metadata") or {}).get("annotations")
    others = {key: value for key, value in (given or {}).items() if key != LAST_APPLIED}
    told = with_metadata(config, annotations=None if given is None else others)
    text = json.dumps(told, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return text.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}) + "\n"


def _conflict_response(conflicts: Conflicts) -> Response:
    """409, with each field that somebody else manages as a cause. Follows `NewConflictError`."""
    found = [(str(who), path) for who, fields in conflicts for path in ordered(fields)]
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {who}", "field": shown(path)}
        for who, path in found
    ]
    return failure_status(409, "Conflict", _conflict_message(conflicts, found), {"causes": causes})


def _conflict_message(conflicts: Conflicts, found: list[tuple[str, Path]]) -> str:
    if len(found) == 1:
        who, path = found[0]
        return f"Apply failed with 1 conflict: conflict with {who}: {shown(path)}"
    by_name = sorted(conflicts, key=lambda conflict: conflict[0].identity)
    lines = [line for who, fields in by_name for line in _conflict_lines(who, ordered(fields))]
    return f"Apply failed with {len(found)} conflicts: " + "\n".join(lines)


def _conflict_lines(who: Manager, paths: Iterable[Path]) -> list[str]:
    return [f"conflicts with {who}:", *(f"- {shown(path)}" for path in paths)]
