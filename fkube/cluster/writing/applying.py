"""Server-side apply: a configuration applied, its conflicts, and what client-side apply left. Pure.

Follows `applyPatcher` of apiserver, `structuredMergeManager.Apply` and `lastAppliedManager` of apimachinery.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Call, check_options, refuse_options
from fkube.cluster.gojson import parse_json
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.objectmeta import ANNOTATIONS_LIMIT, annotations_size
from fkube.cluster.state import State
from fkube.cluster.statuses import bad_request, failure_status, required_field
from fkube.cluster.writing.managedfields import (
    blank_object,
    calling_manager,
    current_managers,
    management_rules,
    object_type,
)
from fkube.exchange.conversation import Response
from fkube.merging.fields import FieldSet, compared, fields_of, ordered, problems, shown
from fkube.merging.fields.updating import ApplyResult, Conflicts, apply_configuration, update_managers
from fkube.resource.dataclasses import replace
from fkube.resource.info import Object, with_metadata
from fkube.syntax import yamltext

APPLY = "application/apply-patch+yaml"
_KUBECTL = "kubectl"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_Applied: TypeAlias = Result[ApplyResult, Conflicts]
"""What an apply leaves, or the fields of others that it would change."""
_FIRST = "before-first-apply"
"""The owner of the fields that an object had before anybody was known to manage it."""


def check_apply_options(call: Call) -> Result[Call, Response]:
    """The call, if its options are those of an apply. Errors: 422."""
    if not call.query.get("fieldManager"):
        missing = required_field("fieldManager", "is required for apply patch")
        return refuse_options("PatchOptions", (missing,), call)
    others = {key: value for key, value in call.query.items() if key != "force"}
    return check_options("PatchOptions", replace(call, query=others)).map(lambda _: call)


def apply_request(state: State, call: Call, live: Object | None) -> Result[ApplyResult, Response]:
    """Apply the configuration of a call to the live object (None: there is none).

    Errors: 400 for a configuration that can't be read, 409 for fields that others manage, 500 for one that
    has not the form of its kind.
    """
    return (
        _read_configuration(call)
        .bind(partial(_check_configuration, call))
        .bind(lambda config: _run_apply(state, call, live, config).alt(_conflict_response))
    )


def _read_configuration(call: Call) -> Result[Object, Response]:
    """The configuration in the body of a call, read as YAML unless it is data. Errors: 400."""
    body = call.request.body
    if isinstance(body, dict):
        return Success(body)
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
    return (
        yamltext.load(text)
        .alt(lambda why: f"error converting YAML to JSON: yaml: line {why[1] + 1}: {why[0]}")
        .bind(lambda loaded: _require_map(loaded[0]))
        .alt(lambda why: bad_request(f"error decoding patch: {why}"))
    )


def _require_map(value: object) -> Result[Object, str]:
    """The value, if it is a map; null is an empty one. Errors: what it is instead, in Go's words."""
    if isinstance(value, dict | None):
        return Success(value or {})
    type = {bool: "bool", str: "string", list: "array"}.get(value.__class__, "number")
    why = f"json: cannot unmarshal {type} into Go value of type map[string]interface {{}}"
    return Failure(f"error unmarshaling JSON: while decoding JSON: {why}")


def _check_configuration(call: Call, config: Object) -> Result[Object, Response]:
    """The configuration, if it is of the call's kind and fits its types. Errors: 400, 500."""
    kind, mapping = call.kind, call.kind.mapping
    given = str(config.get("apiVersion") or ""), str(config.get("kind") or "")
    if given != (mapping.api_version, mapping.kind):
        return Failure(bad_request(f"invalid object type: {_gvk_text(*given)}"))
    metadata = config["metadata"] if isinstance(config.get("metadata"), dict) else {}
    if metadata.get("managedFields") is not None:
        return Failure(bad_request("metadata.managedFields must be nil"))
    wrong = problems(object_type(kind), config)
    if not wrong:
        return Success(config)
    why = wrong[0] if len(wrong) == 1 else "\n  ".join(("errors:", *wrong))
    place = f"{metadata.get('namespace', '')}/{metadata.get('name', '')}"
    what = f"{place}; {_gvk_text(mapping.api_version, mapping.kind)}"
    return Failure(failure_status(500, "", f"failed to create typed patch object ({what}): {why}"))


def _gvk_text(version: str, kind: str) -> str:
    """A kind as Go prints it."""
    group, _, number = version.rpartition("/")
    return f"{group}/{number}, Kind={kind}"


def _run_apply(state: State, call: Call, live: Object | None, config: Object) -> _Applied:
    """Apply; for kubectl again by force if all conflicts are about fields that it applied client-side."""
    blank, rules = blank_object(call.kind), management_rules(state.served, call.target)
    start = blank if live is None else with_metadata(live, managedFields=None)
    managers = current_managers(live or {})
    if not managers:
        first = replace(calling_manager(state, call), name=_FIRST)
        managers = update_managers(rules, blank, start, (), first)
    who = calling_manager(state, call, "Apply")
    attempt = partial(apply_configuration, rules, start, config, managers, who)

    def take_over(conflicts: Conflicts) -> _Applied:
        """Apply by force if all conflicts are about fields that kubectl applied client-side."""
        own = _client_side_fields(call.kind, start)
        left = tuple((who, fields - own) for who, fields in conflicts if fields - own)
        return Failure(left) if left else attempt(force=True)

    result = attempt(force=call.query.get("force", "false").lower() not in ("false", "0"))
    if who.name != _KUBECTL:
        return result
    return result.lash(take_over).map(partial(_refresh_annotation, config))


def _client_side_fields(kind: Kind, live: Object) -> FieldSet:
    """The fields of kubectl's last-applied annotation whose values nobody has changed since.

    Follows `allowedConflictsFromLastApplied`.
    """
    last, type = parse_json(_last_applied_of(live)).value_or(None), object_type(kind)
    version = kind.mapping.api_version
    if not isinstance(last, dict) or last.get("apiVersion") != version or problems(type, last):
        return frozenset()
    change = compared(type, last, live)
    return fields_of(type, last) - change.modified - change.added - change.removed


def _last_applied_of(object: Object) -> str:
    """The last-applied annotation of an object, empty if it has none."""
    return str((object["metadata"].get("annotations") or {}).get(_LAST_APPLIED) or "")


def _refresh_annotation(config: Object, result: ApplyResult) -> ApplyResult:
    """The result of an apply by kubectl, with its last-applied annotation, if it has one, kept up to date.

    Follows `lastAppliedUpdater` of apimachinery.
    """
    if not _last_applied_of(result.object):
        return result
    annotations = {**result.object["metadata"]["annotations"], _LAST_APPLIED: _annotation_text(config)}
    if annotations_size(annotations) > ANNOTATIONS_LIMIT:
        annotations = {key: value for key, value in annotations.items() if key != _LAST_APPLIED}
    return replace(result, object=with_metadata(result.object, annotations=annotations))


def _annotation_text(config: Object) -> str:
    """A configuration as the annotation has it: without the annotation, and as Go writes it."""
    given = (config.get("metadata") or {}).get("annotations")
    others = {key: value for key, value in (given or {}).items() if key != _LAST_APPLIED}
    bare = with_metadata(config, annotations=None if given is None else others)
    text = json.dumps(bare, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return text.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}) + "\n"


def _conflict_response(conflicts: Conflicts) -> Response:
    """409, with each field that somebody else manages as a cause. Follows `NewConflictError`."""
    pairs = [(who, shown(path)) for who, fields in conflicts for path in ordered(fields)]
    reason = "FieldManagerConflict"
    causes = [{"reason": reason, "message": f"conflict with {who}", "field": path} for who, path in pairs]
    if len(pairs) == 1:
        message = f"Apply failed with 1 conflict: conflict with {pairs[0][0]}: {pairs[0][1]}"
    else:
        by_name = sorted(conflicts, key=lambda conflict: conflict[0].identity)
        listed = ("\n- ".join((f"conflicts with {who}:", *map(shown, ordered(own)))) for who, own in by_name)
        message = f"Apply failed with {len(pairs)} conflicts: " + "\n".join(listed)
    return failure_status(409, "Conflict", message, {"causes": causes})
