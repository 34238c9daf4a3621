"""What a server refuses in the versions of definitions. Pure.

Follows `validateCustomResourceDefinitionVersion` of apiextensions-apiserver, and how it converts definitions:
what all versions have alike is one thing for the server, in the spec itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from fkube.cluster.kinds.goforms import versions_in_go
from fkube.cluster.kinds.schemachecks import definition_schema_errors
from fkube.cluster.statuses import FieldError, invalid_field, required_field
from fkube.merging.schemashape import list_in, map_in
from fkube.resource.info import Object
from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later

_Errors: TypeAlias = Iterator[FieldError]
_Check: TypeAlias = Callable[[Object, str, bool], _Errors]
_COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
_COLUMN_FORMATS = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
_SELECTABLE = 8
"""How many fields of a kind can be selected by."""
_LABEL = compile_later(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_NO_LABEL = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
    " character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for"
    f" validation is '{_LABEL.pattern}')"
)


def label_problem(text: str) -> str:
    """Why a text is no DNS label that begins with a letter; empty if it is one. Follows `IsDNS1035Label`."""
    long = ("must be no more than 63 characters",) if len(text) > 63 else ()
    return ",".join((*long, *(() if _LABEL.fullmatch(text) else (_NO_LABEL,))))


def find_schema(version: Object) -> Object | None:
    """The schema of a version; None where it has none."""
    found = map_in(version, "schema").get("openAPIV3Schema")
    return found if isinstance(found, dict) else None


def version_errors(versions: Sequence[Object]) -> _Errors:
    """Yield what is wrong with the versions of a definition."""
    names = [version.get("name") or "" for version in versions]
    for number, version in enumerate(versions):
        yield from _own_errors(version, f"spec.versions[{number}]")
    if names and names[0] and (problem := label_problem(names[0])):
        yield invalid_field("spec.version", names[0], problem)
    if len({*names}) < len(names):
        yield invalid_field("spec.versions", versions_in_go(versions), "must contain unique version names")
    if sum(bool(version.get("storage")) for version in versions) != 1:
        why = "must have exactly one version marked as storage version"
        yield invalid_field("spec.versions", versions_in_go(versions), why)
    for key, (own, check) in _PARTS.items():
        yield from _part_errors(versions, key, own, check)


def _own_errors(version: Object, path: str) -> _Errors:
    """Yield what is wrong with a version, whatever the others have."""
    name = version.get("name") or ""
    if find_schema(version) is None:
        yield required_field(f"{path}.schema.openAPIV3Schema")
    if problem := label_problem(name):
        yield invalid_field(f"{path}.name", name, problem)
    yield from _deprecation_errors(version, f"{path}.deprecationWarning")


def _deprecation_errors(version: Object, path: str) -> _Errors:
    """Yield what is wrong with the warning of a version. Follows `validateDeprecationWarning`."""
    warning = version.get("deprecationWarning")
    if warning is None:
        return
    if not version.get("deprecated"):
        yield invalid_field(path, warning, "can only be set for deprecated versions")
        return
    if len(warning.encode(errors="surrogatepass")) > _LONGEST_WARNING:
        yield invalid_field(path, warning, f"must be <= {_LONGEST_WARNING} characters long")
    if not warning:
        yield invalid_field(path, warning, "must not be an empty string")
    odd = next((number for number, letter in enumerate(warning) if not letter.isprintable()), None)
    if odd is not None:
        at = len(warning[:odd].encode(errors="surrogatepass"))
        why = f"must only contain printable UTF-8 characters; non-printable character found at index {at}"
        yield invalid_field(path, warning, why)


_LONGEST_WARNING = 256


def _part_errors(versions: Sequence[Object], key: str, own: str, check: _Check) -> _Errors:
    """Yield what is wrong with one part of the versions, said of the spec where it is the same in all.

    `own`: the name of the part in the spec.
    """
    parts = [version.get(key) for version in versions]
    if parts and all(part == parts[0] for part in parts):
        yield from check(versions[0], f"spec.{own}", any(map(_has_status, versions)))
        return
    for number, version in enumerate(versions):
        yield from check(version, f"spec.versions[{number}].{key}", _has_status(version))


def _has_status(version: Object) -> bool:
    """Whether the status of a version is a subresource of its own."""
    return map_in(version, "subresources").get("status") is not None


def _schema_part(version: Object, path: str, status: bool) -> _Errors:
    """Yield what is wrong with the schema of a version."""
    schema = find_schema(version)
    return iter(()) if schema is None else definition_schema_errors(schema, f"{path}.openAPIV3Schema", status)


def _scale_part(version: Object, path: str, _: bool) -> _Errors:
    """Yield what is wrong with the subresource for scaling of a version."""
    scale = map_in(version, "subresources", "scale")
    for key, roots in _SCALED.items() if "scale" in map_in(version, "subresources") else ():
        found, place = scale.get(key) or "", f"{path}.scale.{key}"
        if not found and key != "labelSelectorPath":
            yield required_field(place)
        elif found and not found.startswith("."):
            yield invalid_field(place, found, _NO_PATH)
        elif found and not found.startswith(roots):
            either = "either .spec or .status" if len(roots) > 1 else roots[0].rstrip(".")
            yield invalid_field(place, found, f"should be a json path under {either}")


_NO_PATH = "must be a simple json path starting with ."
_SCALED: Mapping[str, tuple[str, ...]] = {
    "specReplicasPath": (".spec.",),
    "statusReplicasPath": (".status.",),
    "labelSelectorPath": (".spec.", ".status."),
}


def _columns_part(version: Object, path: str, _: bool) -> _Errors:
    """Yield what is wrong with the columns of a version."""
    for number, column in enumerate(list_in(version, "additionalPrinterColumns")):
        place, (name, type, format, at) = f"{path}[{number}]", _column_texts(column)
        types = f"must be one of {','.join(_COLUMN_TYPES)}"
        if not name:
            yield required_field(f"{place}.name")
        if type not in _COLUMN_TYPES:
            yield (
                invalid_field(f"{place}.type", type, types)
                if type
                else required_field(f"{place}.type", types)
            )
        if format and format not in _COLUMN_FORMATS:
            yield invalid_field(f"{place}.format", format, f"must be one of {','.join(_COLUMN_FORMATS)}")
        if not at.startswith("."):
            yield (
                invalid_field(f"{place}.JSONPath", at, _NO_PATH)
                if at
                else required_field(f"{place}.JSONPath")
            )


def _column_texts(column: Object) -> list[str]:
    """Name, type, format and path of a column."""
    return [column.get(key) or "" for key in ("name", "type", "format", "jsonPath")]


def _selectable_part(version: Object, path: str, _: bool) -> _Errors:
    """Yield what is wrong with the fields of a version that can be selected by."""
    paths = [field.get("jsonPath") or "" for field in list_in(version, "selectableFields")]
    for number, at in enumerate(paths):
        place, found = f"{path}[{number}].jsonPath", _find_schema(find_schema(version) or {}, at)
        if not at:
            yield required_field(place)
        elif found is None:
            yield invalid_field(place, at, "is an invalid path: does not refer to a valid field")
        elif found.get("type") not in ("string", "boolean", "integer"):
            yield invalid_field(place, at, _NOT_SELECTABLE)
        elif at in paths[:number]:
            yield FieldError(place, "FieldValueDuplicate", f"Duplicate value: {quote_text(at)}")
    if len({*paths}) > _SELECTABLE:
        many = f"Too many: {len({*paths})}: must have at most {_SELECTABLE} items"
        yield FieldError(path, "FieldValueTooMany", many)


_NOT_SELECTABLE = (
    "must point to a field of type string, boolean or integer."
    " Enum string fields and strings with formats are allowed."
)


def _find_schema(schema: Object, path: str) -> Object | None:
    """The schema of the field at a path with dots; None where there is none."""
    for name in path.split(".")[1:]:
        found = map_in(schema, "properties").get(name)
        if not isinstance(found, dict):
            return None
        schema = found
    return schema if path.startswith(".") else None


_PARTS: Mapping[str, tuple[str, _Check]] = {
    "schema": ("validation", _schema_part),
    "subresources": ("subresources", _scale_part),
    "additionalPrinterColumns": ("additionalPrinterColumns", _columns_part),
    "selectableFields": ("selectableFields", _selectable_part),
}
"""The parts that versions have: where errors are if all versions have the same, and how it is checked."""
