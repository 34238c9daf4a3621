"""What a write brings: an object decoded, checked against its schema, and the warnings about it. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.kinds import Kind, schema_names
from fkube.cluster.kinds.gotypes import Problem, check_value
from fkube.cluster.kinds.structural import fit_value
from fkube.cluster.statuses import bad_request
from fkube.cluster.writing.bodies import Body, json_type, strict_problems, summarize_data
from fkube.exchange.conversation import Response
from fkube.resource.info import Object

OBJECT_META = {"$ref": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """An object that a request brings, in the form of its kind, and the warnings about it.

    `managed`: the `managedFields` that came with it, if any did; they are not in the object.
    """

    object: Object
    warnings: tuple[str, ...] = ()
    managed: Sequence[Object] | None = None


def read_draft(kind: Kind, body: Body, validation: str) -> Result[Draft, Response]:
    """The object of a body. Errors: 400 for another kind, wrong types, strictly unknown fields."""
    return shape_draft(kind, body, validation).alt(
        lambda why: (
            why if isinstance(why, Response) else bad_request(_unhandled_message(kind, body.object, why))
        )
    )


def shape_draft(kind: Kind, body: Body, validation: str) -> Result[Draft, str | Response]:
    """The object in the form of its kind, or why it can't have it (or at once the response that says so)."""
    misfits, checked = (_custom_misfit, _check_custom) if kind.custom else (_builtin_misfit, _check_builtin)
    misfit = _type_misfit(kind, body.object) or misfits(kind, body.object)
    if misfit is not None:
        return Failure(misfit)
    object, problems = checked(kind, body.object)
    fatal = next((problem for problem in problems if problem.why), None)
    if fatal is not None:
        return Failure(str(fatal))
    unknown = [problem.path for problem in problems]
    told = strict_problems(body, unknown, written=not kind.custom) if problems or body.duplicates else ()
    if told and validation == "Strict":
        return Failure(f"strict decoding error: {', '.join(told)}")
    managers = (body.object.get("metadata") or {}).get("managedFields")
    return Success(Draft(_with_type(kind, object), () if validation == "Ignore" else told, managers))


def _with_type(kind: Kind, object: Object) -> Object:
    """The object with the type that it is stored as, and metadata without what the server keeps itself."""
    metadata = object.get("metadata") or {}
    if "managedFields" in metadata or "selfLink" in metadata:
        metadata = {key: value for key, value in metadata.items() if key not in ("managedFields", "selfLink")}
    # The kind of a custom object is validated later, as a field.
    named = object["kind"] if kind.custom else kind.mapping.kind
    return {**object, "apiVersion": kind.mapping.api_version, "kind": named, "metadata": metadata}


def _type_misfit(kind: Kind, object: Object) -> Response | None:
    """What a kind or version gets that is no text."""
    for key in ("kind", "apiVersion"):
        if not isinstance(object.get(key) or "", str):
            why = f"cannot unmarshal {json_type(object[key])} into Go struct field .{key} of type string"
            told = f"couldn't get version/kind; json parse error: json: {why} ({summarize_data(json.dumps(object))})"
            return bad_request(
                f"the object provided is unrecognized (must be of type {kind.mapping.kind}): {told}"
            )
    return None


def _check_builtin(kind: Kind, object: Object) -> tuple[Object, tuple[Problem, ...]]:
    found, problems = check_value(kind.schema, object) if kind.schema else (object, ())
    fatal = any(problem.why for problem in problems)
    return (_encode_string_data(found) if "stringData" in found and not fatal else found), problems


def _encode_string_data(secret: Object) -> Object:
    """A Secret with what it gives in plain text as data. Follows the conversion of `v1.Secret`."""
    plain = {key: base64.b64encode(value.encode()).decode() for key, value in secret["stringData"].items()}
    rest = {key: value for key, value in secret.items() if key != "stringData"}
    return {**rest, "data": {**(secret.get("data") or {}), **plain}}


def _check_custom(kind: Kind, object: Object) -> tuple[Object, tuple[Problem, ...]]:
    metadata, problems = check_value(OBJECT_META, object.get("metadata") or {})
    told = tuple(_in_metadata(problem) for problem in problems)
    found, unknown = fit_value(kind.schema, {**object, "metadata": metadata})
    return found, (*told, *map(Problem, unknown))


def _in_metadata(problem: Problem) -> Problem:
    return Problem(f"metadata.{problem.path}", problem.why, problem.got, problem.field, problem.struct)


def _builtin_misfit(kind: Kind, object: Object) -> str | None:
    """Why an object can't be decoded as this kind; where it says no kind or version, the path does."""
    mapping = kind.mapping
    given = object.get("apiVersion") or mapping.api_version, object.get("kind") or mapping.kind
    if given == (mapping.api_version, mapping.kind):
        return None
    group, _, version = str(given[0]).rpartition("/")
    if (group, version, given[1]) in schema_names():
        own = mapping.group.partition(".")[0] or "core"
        return f"converting ({version}.{given[1]}) to ({own}.{mapping.kind}): unknown conversion"
    return (
        f'no kind "{given[1]}" is registered for version "{given[0]}" in scheme "pkg/runtime/scheme.go:111"'
    )


def _custom_misfit(kind: Kind, object: Object) -> Response | None:
    mapping = kind.mapping
    if not object.get("kind"):
        text = json.dumps(object)
        why = f"Object 'Kind' is missing in '{text}' ({summarize_data(text)})"
        return bad_request(f"the object provided is unrecognized (must be of type {mapping.kind}): {why}")
    given = object.get("apiVersion") or ""
    if given == mapping.api_version:
        return None
    expected = f"does not match the expected API version ({mapping.api_version})"
    return bad_request(f"the API version in the data ({given}) {expected}")


def _unhandled_message(kind: Kind, object: Object, why: str) -> str:
    given: Any = object.get("kind") or kind.mapping.kind
    version = str(object.get("apiVersion") or kind.mapping.version).rpartition("/")[2]
    return f'{given} in version "{version}" cannot be handled as a {kind.mapping.kind}: {why}'
