"""Parts of definitions in the form that Go's own structs have, as which messages show them. Pure.

Follows `CustomResourceDefinitionVersion` and `JSONSchemaProps` of apiextensions, whose fields have no other
names in JSON than in Go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fkube.merging.schemashape import map_in
from fkube.resource.info import Object

_TEXTS = ("ID", "Schema", "Description", "Type", "Format", "Title", "Pattern")
_FLAGS = ("Nullable", "ExclusiveMaximum", "ExclusiveMinimum", "UniqueItems", "XEmbeddedResource")
_LISTS, _MAPS = ("AllOf", "OneOf", "AnyOf"), ("Properties", "PatternProperties", "Definitions")
_FIELDS = (
    *("ID", "Schema", "Ref", "Description", "Type", "Nullable", "Format", "Title", "Default", "Maximum"),
    *("ExclusiveMaximum", "Minimum", "ExclusiveMinimum", "MaxLength", "MinLength", "Pattern", "MaxItems"),
    *("MinItems", "UniqueItems", "MultipleOf", "Enum", "MaxProperties", "MinProperties", "Required"),
    *("Items", *_LISTS, "Not", "Properties", "AdditionalProperties", "PatternProperties", "Dependencies"),
    *("AdditionalItems", "Definitions", "ExternalDocs", "Example", "XPreserveUnknownFields"),
    *("XEmbeddedResource", "XIntOrString", "XListMapKeys", "XListType", "XMapType", "XValidations"),
)
_ODD = {
    "ID": "id",
    "Schema": "$schema",
    "Ref": "$ref",
    "XPreserveUnknownFields": "x-kubernetes-preserve-unknown-fields",
    "XEmbeddedResource": "x-kubernetes-embedded-resource",
    "XIntOrString": "x-kubernetes-int-or-string",
    "XListMapKeys": "x-kubernetes-list-map-keys",
    "XListType": "x-kubernetes-list-type",
    "XMapType": "x-kubernetes-map-type",
    "XValidations": "x-kubernetes-validations",
}
_ZEROS: Mapping[str, object] = {
    **dict.fromkeys(_TEXTS, ""),
    **dict.fromkeys((*_FLAGS, "XIntOrString"), False),
}
_JSON_NAMES = {name: _ODD.get(name, name[:1].lower() + name[1:]) for name in _FIELDS}


def schema_in_go(schema: Object) -> Object:
    """A schema with all its fields, in Go's order and under Go's names.

    >>> schema_in_go({"type": "object", "items": {}})["Type"], len(schema_in_go({}))
    ('object', 44)
    """
    return {name: _field_in_go(name, schema.get(key)) for name, key in _JSON_NAMES.items()}


def _field_in_go(name: str, value: Any) -> object:
    """The value of a field of a schema: its zero where there is none."""
    if value is None:
        return _ZEROS.get(name)
    if name in ("AdditionalProperties", "AdditionalItems"):
        inner = schema_in_go(value) if isinstance(value, dict) else None
        return {"Allows": inner is not None or value, "Schema": inner}
    if name in _LISTS:
        return [*map(schema_in_go, value)]
    if name in _MAPS:
        return {key: schema_in_go(value[key]) for key in sorted(value)}
    if name == "Items":
        many = isinstance(value, list)
        return {"Schema": None if many else schema_in_go(value), "JSONSchemas": value if many else None}
    return schema_in_go(value) if name == "Not" else value


def versions_in_go(versions: Sequence[Object]) -> list[Object]:
    """The versions of a definition; what all have alike is not theirs but the definition's."""
    shared = [key for key in _PARTS.values() if all(one.get(key) == versions[0].get(key) for one in versions)]
    return [_version_in_go(version, shared) for version in versions]


def _version_in_go(version: Object, shared: Sequence[str]) -> Object:
    """One version of a definition without the parts that are shared."""
    parts = {name: None if key in shared else version.get(key) for name, key in _PARTS.items()}
    if parts["Schema"] is not None:
        parts["Schema"] = {"OpenAPIV3Schema": schema_in_go(map_in(version, "schema", "openAPIV3Schema"))}
    return {
        "Name": version.get("name") or "",
        **{name: bool(version.get(name.lower())) for name in ("Served", "Storage", "Deprecated")},
        "DeprecationWarning": version.get("deprecationWarning"),
        **parts,
    }


_PARTS = {
    "Schema": "schema",
    "Subresources": "subresources",
    "AdditionalPrinterColumns": "additionalPrinterColumns",
    "SelectableFields": "selectableFields",
}
