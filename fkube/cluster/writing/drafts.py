"""Drafts: the objects that writes bring, checked against their schemas, with their warnings. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call, check_options, with_warnings
from fkube.cluster.gojson import json_type, summarize_data
from fkube.cluster.kinds import Kind, schema_names
from fkube.cluster.kinds.gotypes import Problem, check_value
from fkube.cluster.kinds.structural import fit_value
from fkube.cluster.statuses import bad_request
from fkube.cluster.writing.bodies import Body, decode_body, no_object, strict_problems, unrecognized_body
from fkube.exchange.conversation import Response
from fkube.merging.fields.managers import Manager
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Object, with_metadata
from fkube.resource.secrets import encode_string_data

_OBJECT_META = {"$ref": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """An object that a request brings, in the form of its kind, and the warnings about it.

    `managed`: the `managedFields` that came with it, if any did; they are not in the object. `managers`:
    those of its fields, where an apply has found them.
    """

    object: Object
    warnings: tuple[str, ...] = ()
    managed: Sequence[Object] | None = None
    managers: Sequence[Manager] | None = None


def read_draft(call: Call, options: str) -> Result[Draft, Response]:
    """The object in the body of a call; `options`: the kind of its options, such as `CreateOptions`.

    Errors: 415, 422 for the options, 400 for another kind, wrong types, and strictly for unknown fields.
    """

    mapping = call.kind.mapping

    def shape(body: Body) -> Result[Draft, Response]:
        version = str(body.object.get("apiVersion") or mapping.version).rpartition("/")[2]
        given = f'{body.object.get("kind") or mapping.kind} in version "{version}"'
        what = f"{given} cannot be handled as a {mapping.kind}"
        return shape_draft(call, body, lambda why: bad_request(f"{what}: {why}"))

    return check_options(options, call).bind(lambda _: decode_body(call.request, mapping.kind)).bind(shape)


def write_draft(call: Call, write: Callable[[Draft], Answer], draft: Draft) -> Answer:
    """Write a draft if it is of the object that a call names; the answer has its warnings either way."""
    return with_warnings(draft.warnings, check_identity(call, draft).bind(write))


def check_identity(call: Call, draft: Draft) -> Result[Draft, Response]:
    """The draft in the namespace that the path names. Errors: 400 if it has another name or namespace."""
    metadata, wanted, namespace = draft.object["metadata"], call.target.name, call.target.namespace
    name, given = metadata.get("name") or "", metadata.get("namespace") or ""
    if wanted and not name:
        why = f"the name of the object ({wanted} based on URL) was undeterminable: name must be provided"
        return Failure(bad_request(why))
    if wanted and name != wanted:
        why = f"the name of the object ({name}) does not match the name on the URL ({wanted})"
        return Failure(bad_request(why))
    if given == namespace:
        return Success(draft)
    if given and namespace:
        why = "the namespace of the provided object does not match the namespace sent on the request"
        return Failure(bad_request(why))
    return Success(replace(draft, object=with_metadata(draft.object, namespace=namespace or None)))


def shape_draft(call: Call, body: Body, refuse: Callable[[str], Response]) -> Result[Draft, Response]:
    """The object of a body in the form of its kind; `refuse` makes the response for a misfit.

    Errors: that response, or 400 for an object without a kind.
    """
    kind, object = call.kind, body.object
    misfit, check = (_custom_misfit, _check_custom) if kind.custom else (_builtin_misfit, _check_builtin)
    if refusal := _type_refusal(kind, object) or misfit(kind, object, refuse):
        return Failure(refusal)
    fitted, problems = check(kind, object)
    fatal = next((str(problem) for problem in problems if problem.why), None)
    if fatal is not None:
        return Failure(refuse(fatal))
    unknown = [problem.path for problem in problems]
    warnings = strict_problems(body, unknown, written=not kind.custom)
    if warnings and call.validation == "Strict":
        return Failure(refuse(f"strict decoding error: {', '.join(warnings)}"))
    managed = (object.get("metadata") or {}).get("managedFields")
    # The kind of a custom object is validated later, as a field.
    type = object["kind"] if kind.custom else kind.mapping.kind
    typed = {**fitted, "apiVersion": kind.mapping.api_version, "kind": type}
    own = with_metadata(typed, managedFields=None, selfLink=None)
    return Success(Draft(own, () if call.validation == "Ignore" else warnings, managed))


def _type_refusal(kind: Kind, object: Object) -> Response | None:
    """The refusal of an object whose kind or version is no text."""
    for key in ("kind", "apiVersion"):
        if not isinstance(object.get(key) or "", str):
            why = f"cannot unmarshal {json_type(object[key])} into Go struct field .{key} of type string"
            return no_object(kind.mapping.kind, f"json: {why}", json.dumps(object))
    return None


def _check_builtin(kind: Kind, object: Object) -> tuple[Object, tuple[Problem, ...]]:
    """The object without unknown fields and with `stringData` encoded, and what is wrong with it."""
    checked, problems = check_value(kind.schema, object) if kind.schema else (object, ())
    fatal = any(problem.why for problem in problems)
    return (encode_string_data(checked) if "stringData" in checked and not fatal else checked), problems


def _check_custom(kind: Kind, object: Object) -> tuple[Object, tuple[Problem, ...]]:
    """The object without unknown fields and with its schema's defaults, and what is wrong with it."""
    metadata, problems = check_value(_OBJECT_META, object.get("metadata") or {})
    fitted, unknown = fit_value(kind.schema, {**object, "metadata": metadata})
    within = (replace(problem, path=f"metadata.{problem.path}") for problem in problems)
    return fitted, (*within, *map(Problem, unknown))


def _builtin_misfit(kind: Kind, object: Object, refuse: Callable[[str], Response]) -> Response | None:
    """The refusal of an object of another kind, else None; a kind or version not said is the path's."""
    mapping = kind.mapping
    version, name = object.get("apiVersion") or mapping.api_version, object.get("kind") or mapping.kind
    if (version, name) == (mapping.api_version, mapping.kind):
        return None
    group, _, number = version.rpartition("/")
    if (group, number, name) in schema_names():
        own = mapping.group.partition(".")[0] or "core"
        return refuse(f"converting ({number}.{name}) to ({own}.{mapping.kind}): unknown conversion")
    scheme = 'in scheme "pkg/runtime/scheme.go:111"'
    return refuse(f'no kind "{name}" is registered for version "{version}" {scheme}')


def _custom_misfit(kind: Kind, object: Object, _: Callable[[str], Response]) -> Response | None:
    """The refusal of a custom object without a kind or of another version, else None."""
    mapping, version = kind.mapping, object.get("apiVersion") or ""
    if not object.get("kind"):
        text = json.dumps(object)
        why = f"Object 'Kind' is missing in '{text}' ({summarize_data(text)})"
        return unrecognized_body(mapping.kind, why)
    if version == mapping.api_version:
        return None
    expected = f"does not match the expected API version ({mapping.api_version})"
    return bad_request(f"the API version in the data ({version}) {expected}")
