"""Validators for `schema` of the builder, which refuse invalid objects: by schemas, or by their keys.

Schemas are checked by `jsonschema`, and offline by `kubernetes-validate` (the extra `validate`), which are
imported when they are first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success
from toolz import mapcat, merge

from fkube.documents.jsonschemas import to_json_schema
from fkube.merging.schemashape import KIND, document_problem, list_in
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import ValidationError, VisitError
from fkube.resource.info import Info, Object, Origin
from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later

Check: TypeAlias = Callable[[Object], Iterable[str]]
"""The problems of an object, a clear sentence each; never with a value of it, which may be a secret."""


@dataclass(frozen=True, slots=True)
class Validator:
    """The decorator that `validator` makes."""

    check: Check = field(repr=False)

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        problems = tuple(self.check(info.object))
        return Failure(validation_error(info.origin, problems)) if problems else Success(info)


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
    """Refuse a manifest of which something does not count, as its warnings tell.

    That is a key that a mapping has twice (which `strict` of the builder looks for), a value that a merge key
    replaces, and text behind the end of its document.

    >>> unique_keys(Info({"kind": "Pod"}))
    <Success: Info( Pod )>
    """
    repeated = tuple(warning for warning in info.warnings if not warning.startswith("#"))
    return Failure(validation_error(info.origin, repeated)) if repeated else Success(info)


def openapi(documents: Iterable[Object], strict: bool = True) -> Check:
    """Check against OpenAPI v3 documents of a server, those of `/openapi/v3/...`; unknown kinds pass.

    `strict`: a field that a schema does not know is wrong too. By a document that is none, every object is.

    >>> fields = {"apiVersion": {}, "kind": {}, "data": {"type": "object"}}
    >>> schema = {"properties": fields, KIND: [{"version": "v1", "kind": "A"}]}
    >>> check = openapi([{"components": {"schemas": {"A": schema}}}])
    >>> list(check({"apiVersion": "v1", "kind": "A", "data": 1, "x": 2}))
    ['data: must be of type object', 'unknown field "x"']
    """
    given = tuple(documents)
    if wrong := next(filter(None, map(document_problem, given)), ""):
        return lambda _: [f"an OpenAPI document can't be used: {wrong}"]
    schemas = merge({}, *((document.get("components") or {}).get("schemas") or {} for document in given))
    known = {name: schema for name, schema in schemas.items() if schema}
    places = {name: f"#/components/schemas/{number}" for number, name in enumerate(known)}
    prepared = {str(number): to_json_schema(known[name], places, strict) for number, name in enumerate(known)}
    kinds = {key: places[name] for name, schema in known.items() for key in _schema_kinds(schema)}
    return partial(_check_by_openapi, {"components": {"schemas": prepared}}, kinds)


def offline(version: str, strict: bool = True) -> Check:
    """Check against the schemas of a Kubernetes version as `kubernetes-validate` has them.

    Unknown kinds pass. Needs the extra `validate`.
    """
    return partial(_check_by_version, version, strict)


def _check_by_openapi(root: Object, kinds: Mapping[tuple[str, str], str], object: Object) -> list[str]:
    """The problems of an object by its kind's schema; `root` has the schemas, `kinds` their places."""
    from jsonschema import Draft202012Validator

    place = kinds.get((str(object.get("apiVersion") or ""), str(object.get("kind") or "")))
    if place is None:
        return []
    schema = {**root, "$ref": place}
    return list(mapcat(_error_sentences, Draft202012Validator(schema).iter_errors(object)))


def _check_by_version(version: str, strict: bool, object: Object) -> list[str]:
    """The problems of an object by the schemas of a Kubernetes version; none for an unknown kind."""
    from kubernetes_validate import utils as known

    if (problems := _kind_problems(object)) is not None:
        return problems
    if not _is_supported(version):
        return [f"kubernetes-validate does not support version {quote_text(version)}"]
    try:
        known.validate(dict(object), version, strict)
    except known.ValidationError as error:
        return _error_sentences(error)
    except known.SchemaNotFoundError:
        return []
    except known.VersionNotSupportedError as error:
        return [str(error.message)]
    return []


def _kind_problems(object: Object) -> list[str] | None:
    """What is wrong with the apiVersion and kind, nothing for one that nobody knows; None to look for it."""
    version, kind = object.get("apiVersion"), object.get("kind")
    if not version:
        return ["apiVersion not set"]
    if not isinstance(version, str) or not isinstance(kind, str):
        return ["apiVersion and kind must be texts"]
    # They become the name of a file there: no other text is a kind that it knows.
    return None if _VERSION.fullmatch(version) and _KIND.fullmatch(kind) else []


@cache
def _is_supported(version: str) -> bool:
    """Whether `kubernetes-validate` can look for a version: it takes the last that is no newer."""
    from kubernetes_validate import utils as known

    wanted = _RELEASE.fullmatch(version)
    return wanted is not None and any(known.major_minor(one) <= wanted[1] for one in known.all_versions())


_RELEASE = compile_later(r"v?([0-9]{1,3}\.[0-9]{1,3})(\.[-+.0-9A-Za-z]{1,99})?")
_VERSION = compile_later(r"([a-z0-9][-a-z0-9.]{0,252}/)?[a-z0-9]{1,63}")
_KIND = compile_later(r"[A-Za-z0-9]{1,63}")


def _schema_kinds(schema: Object) -> Iterable[tuple[str, str]]:
    """The apiVersion and kind of each kind that a schema is of."""
    for kind in list_in(schema, KIND):
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


def validation_error(origin: Origin, problems: tuple[str, ...]) -> ValidationError:
    """The error for an object with problems, in the words of `ValidateSchema` and `StreamVisitor`."""
    listed = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
    where = f"error validating {quote_text(origin.source)}: " if origin.source else ""
    return ValidationError(f"{where}error validating data: {listed}; {_STOP}", origin)


_STOP = "if you choose to ignore these errors, turn validation off with --validate=false"
