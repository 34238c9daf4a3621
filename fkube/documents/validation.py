"""Validators for `schema` of the builder, which refuse invalid objects: by schemas, or by their keys.

Schemas are checked by `jsonschema`, and offline by `kubernetes-validate` (the extra `validate`), which are
imported when they are first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success
from toolz import mapcat, merge

from fkube.resource.errors import ValidationError, VisitError
from fkube.resource.info import Info, Object
from fkube.resource.names import quote_text

Check: TypeAlias = Callable[[Object], Iterable[str]]
"""The problems of an object, a clear sentence each; never with a value of it, which may be a secret."""

KIND = "x-kubernetes-group-version-kind"


@dataclass(frozen=True, slots=True)
class Validator:
    """The decorator that `validator` makes."""

    check: Check = field(repr=False)

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        problems = tuple(self.check(info.object))
        return Failure(_validation_error(info, problems)) if problems else Success(info)


def validator(check: Check) -> Validator:
    """Refuse an object in which a check finds a problem.

    Errors: `ValidationError` in cli-runtime's words. Follows `ValidateSchema`.

    >>> no_data = validator(lambda object: [] if object.get("data") else ["there is no data in it"])
    >>> print(no_data(Info({"kind": "ConfigMap"})).failure().message)
    error validating data: there is no data in it; if you choose to ignore these errors, turn validation \
off with --validate=false
    """
    return Validator(check)


def unique_keys(info: Info) -> Result[Info, VisitError]:
    """Refuse a manifest in which a mapping has a key twice: `strict` of the builder tells them, with lines.

    >>> unique_keys(Info({"kind": "Pod"}))
    <Success: Info( Pod )>
    """
    return Failure(_validation_error(info, info.warnings)) if info.warnings else Success(info)


def openapi(documents: Iterable[Object], strict: bool = True) -> Check:
    """Check against OpenAPI v3 documents of a server, those of `/openapi/v3/...`; unknown kinds pass.

    `strict`: a field that a schema does not know is wrong too.

    >>> fields = {"apiVersion": {}, "kind": {}, "data": {"type": "object"}}
    >>> schema = {"properties": fields, KIND: [{"version": "v1", "kind": "A"}]}
    >>> check = openapi([{"components": {"schemas": {"A": schema}}}])
    >>> list(check({"apiVersion": "v1", "kind": "A", "data": 1, "x": 2}))
    ['data: must be of type object', 'unknown field "x"']
    """
    schemas = merge({}, *((document.get("components") or {}).get("schemas") or {} for document in documents))
    prepared = {name: _to_json_schema(schema, strict) for name, schema in schemas.items()}
    kinds = {key: name for name, schema in schemas.items() for key in _schema_kinds(schema)}
    return partial(_check_by_openapi, {"components": {"schemas": prepared}}, kinds)


def offline(version: str, strict: bool = True) -> Check:
    """Check against the schemas of a Kubernetes version as `kubernetes-validate` has them.

    Unknown kinds pass. Needs the extra `validate`.
    """
    return partial(_check_by_version, version, strict)


def _check_by_openapi(root: Object, kinds: Mapping[tuple[str, str], str], object: Object) -> list[str]:
    """The problems of an object by its kind's schema; `root` has the schemas, `kinds` their names."""
    from jsonschema import Draft202012Validator

    name = kinds.get((str(object.get("apiVersion") or ""), str(object.get("kind") or "")))
    if name is None:
        return []
    schema = {**root, "$ref": f"#/components/schemas/{name}"}
    return list(mapcat(_error_sentences, Draft202012Validator(schema).iter_errors(object)))


def _check_by_version(version: str, strict: bool, object: Object) -> list[str]:
    """The problems of an object by the schemas of a Kubernetes version; none for an unknown kind."""
    from kubernetes_validate import utils as known

    if not object.get("apiVersion"):
        return ["apiVersion not set"]
    try:
        known.validate(dict(object), version, strict)
    except known.ValidationError as error:
        return _error_sentences(error)
    except known.SchemaNotFoundError:
        return []
    except known.VersionNotSupportedError as error:
        return [str(error.message)]
    return []


def _to_json_schema(schema: object, strict: bool) -> Any:
    """Convert an OpenAPI v3.0 schema to JSON Schema, in which any value may be null.

    `strict`: a schema with properties forbids other fields, unless it says that it allows them.
    """
    if isinstance(schema, list):
        return [_to_json_schema(part, strict) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    parts = {key: _convert_part(key, part, strict) for key, part in schema.items()}
    # Any field may be null: the server takes that for a field that is not there.
    types = ["integer", "string"] if schema.get("x-kubernetes-int-or-string") else parts.get("type")
    nullable = {"type": [*([types] if isinstance(types, str) else types), "null"]} if types else {}
    # A schema with properties allows no other fields, unless it says so.
    closed = strict and "properties" in schema and not any(map(schema.get, _OPENING))
    return {**parts, **nullable, **({"additionalProperties": False} if closed else {})}


def _convert_part(key: str, part: Any, strict: bool) -> Any:
    """Convert a part of a schema; `properties` is no schema, but has one for each field."""
    if key == "properties":
        return {name: _to_json_schema(field, strict) for name, field in part.items()}
    return part if key in ("default", "enum", "example") else _to_json_schema(part, strict)


_OPENING = ("additionalProperties", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource")


def _schema_kinds(schema: Object) -> Iterable[tuple[str, str]]:
    """The apiVersion and kind of each kind that a schema is of."""
    for kind in schema.get(KIND) or ():
        yield "/".join(filter(None, (kind.get("group"), kind["version"]))), kind["kind"]


def _error_sentences(error: Any) -> list[str]:
    """Describe an error of jsonschema, without the values."""
    place, wanted = ".".join(map(str, error.absolute_path)), error.validator_value
    at = f"{place}: " if place else ""
    match error.validator:
        case "additionalProperties" if isinstance(error.instance, Mapping):
            unknown = sorted(error.instance.keys() - error.schema.get("properties", {}).keys())
            return [f"unknown field {quote_text('.'.join(filter(None, (place, key))))}" for key in unknown]
        case "type":
            names = [wanted] if isinstance(wanted, str) else [name for name in wanted if name != "null"]
            return [f"{at}must be of type {' or '.join(names)}"]
        case "required":
            missing = [key for key in wanted if key not in error.instance]
            return [f"{at}missing required field {quote_text(key)}" for key in missing]
    return [f"{at}must keep {error.validator} of its schema"]


def _validation_error(info: Info, problems: tuple[str, ...]) -> ValidationError:
    """The error for an object with problems, in cli-runtime's words."""
    listed = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
    where = f"error validating {quote_text(info.origin.source)}: " if info.origin.source else ""
    return ValidationError(f"{where}error validating data: {listed}; {_STOP}", info.origin)


_STOP = "if you choose to ignore these errors, turn validation off with --validate=false"
