"""What a server refuses in the schemas of definitions. Pure.

Follows `validateCustomResourceDefinitionValidation`, `ValidateCustomResourceDefinitionOpenAPISchema` of
apiextensions-apiserver. Left out: rules in CEL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fkube.cluster.kinds.goforms import schema_in_go
from fkube.cluster.kinds.structural import default_errors
from fkube.cluster.kinds.structure import (
    EMBEDDED,
    FREE,
    KEYS,
    LISTS,
    MAPS,
    junctors,
    properties,
    structure_errors,
)
from fkube.cluster.statuses import (
    FieldError,
    forbidden_field,
    invalid_field,
    required_field,
    unsupported_field,
)
from fkube.merging.schemashape import list_in, map_in
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Object

_Errors = Iterator[FieldError]
_TYPES = ("array", "boolean", "integer", "number", "object", "string")
_UNSUPPORTED = ("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")
_BESIDE_STATUS = frozenset(
    "description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength"
    " pattern maxItems minItems uniqueItems multipleOf required items properties externalDocs example"
    f" {FREE} x-kubernetes-validations".split()
)
_ONLY_OBJECT_BESIDE_STATUS = (
    'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
)
_ONLY_BESIDE_STATUS = (
    "only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength"
    " MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs"
    " Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status"
    " subresource is enabled"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a schema stands: whether at the root or within metadata, and why it may have no default."""

    root: bool = False
    metadata: bool = False
    no_default: str = ""


def definition_schema_errors(schema: Object, path: str, status: bool) -> _Errors:
    """Yield what is wrong with the schema of a kind; `status`: whether that is a subresource of its own."""
    if status and schema.get("type") != "object":
        yield invalid_field(f"{path}.type", schema.get("type") or "", _ONLY_OBJECT_BESIDE_STATUS)
    elif status and any(value and key not in _BESIDE_STATUS for key, value in schema.items()):
        yield invalid_field(path, schema_in_go(schema), _ONLY_BESIDE_STATUS)
    if schema.get("nullable"):
        yield forbidden_field(f"{path}.nullable", "nullable cannot be true at the root")
    if not any(map(_is_unreadable, inner_schemas(schema))):
        wrong = sorted(structure_errors(schema, path), key=str)
        yield from wrong or default_errors({**schema, EMBEDDED: True}, path)
    yield from _schema_errors(schema, path, _Place(root=True))


def inner_schemas(schema: Object) -> Iterator[Object]:
    """A schema, and all within it that the server looks at. Follows `SchemaHas`."""
    yield schema
    for _, inner in _inner(schema):
        yield from inner_schemas(inner)


def _inner(schema: Object) -> Iterator[tuple[str, Object]]:
    """The schemas right within a schema, each with the end of its path."""
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield key, schema[key]
    yield from ((f"items[{number}]", inner) for number, inner in enumerate(list_in(schema, "items")))
    yield from junctors(schema)
    yield from properties(schema)
    yield from ((f"definitions[{k}]", inner) for k, inner in map_in(schema, "definitions").items())


def _is_unreadable(schema: Object) -> bool:
    """Whether a schema has what no structural one can have, so that nothing more is said of structure."""
    return (
        any(schema.get(key) is not None for key in (*_UNSUPPORTED, "$schema"))
        or schema.get(FREE) is False
        or isinstance(schema.get("items"), list)
    )


def _schema_errors(schema: Object, path: str, place: _Place) -> _Errors:
    """Yield what is wrong with a schema and those within it."""
    yield from _plain_errors(schema, path, place)
    others = schema.get("additionalProperties")
    if schema.get("properties") and others is not None and others is not True:
        why = "additionalProperties and properties are mutual exclusive"
        yield forbidden_field(f"{path}.additionalProperties", why)
    for end, inner in _inner(schema):
        yield from _schema_errors(inner, f"{path}.{end}", _place_within(schema, end, place))
    yield from _collection_errors(schema, path)
    if (schema.get("type"), schema.get(LISTS)) == ("array", "set"):
        yield from _set_errors(map_in(schema, "items"), path)
    yield from _keyed_errors(schema, schema.get(LISTS), schema.get(KEYS), path)
    if schema.get(LISTS) in ("set", "map") and isinstance(schema.get("items"), dict):
        yield from _item_errors(schema, schema["items"], path)


def _place_within(schema: Object, end: str, place: _Place) -> _Place:
    """Where a schema right within another stands; `end`: the end of its path."""
    key = end.removeprefix("properties[").removesuffix("]")
    inside = replace(place, root=False)
    if end == "additionalProperties" and place.metadata:
        return replace(inside, no_default="inside additionalProperties applying to object metadata")
    if (
        key == end
        or key not in ("metadata", "kind", "apiVersion")
        or not (place.root or schema.get(EMBEDDED))
    ):
        return inside
    reason = f"in top-level {key}" if place.root else place.no_default
    return replace(inside, metadata=True, no_default=reason)


def _plain_errors(schema: Object, path: str, place: _Place) -> _Errors:
    """Yield what OpenAPI knows and a definition may not have. Follows `specStandardValidatorV3.validate`."""
    type = schema.get("type")
    if type and type not in _TYPES:
        yield unsupported_field(f"{path}.type", type, _TYPES)
    if schema.get("default") is not None and place.no_default:
        yield forbidden_field(f"{path}.default", f"must not be set {place.no_default}")
    for key in _UNSUPPORTED:
        if schema.get(key) is not None:
            yield forbidden_field(f"{path}.{key}", f"{key} is not supported")
    if place.metadata and schema.get(EMBEDDED):
        yield forbidden_field(f"{path}.{EMBEDDED}", "must not be used inside of resource meta")
    if schema.get(FREE) is False:
        yield invalid_field(f"{path}.{FREE}", False, "must be true or undefined")
    never = {"type": type == "null", "items": isinstance(schema.get("items"), list)}
    for key, why in _NEVER.items():
        if never.get(key, schema.get(key)):
            yield forbidden_field(f"{path}.{key}", why)


_NEVER = {
    "type": "type cannot be set to null, use nullable as an alternative",
    "items": "items must be a schema object and not an array",
    "uniqueItems": "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
}


_COLLECTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    MAPS: ("object", ("atomic", "granular")),
    LISTS: ("array", ("atomic", "set", "map")),
}
"""What type a schema of a collection has, and of which kinds that can be."""


def _collection_errors(schema: Object, path: str) -> _Errors:
    """Yield what is wrong with how the members of a map or a list belong together."""
    for key, (type, kinds) in _COLLECTIONS.items():
        kind, own = schema.get(key), schema.get("type")
        why = f"must be {type} if {key} is specified"
        if kind is not None and own != type:
            yield invalid_field(f"{path}.type", own, why) if own else required_field(f"{path}.type", why)
        if kind is not None and kind not in kinds:
            yield unsupported_field(f"{path}.{key}", kind, kinds)


def _keyed_errors(schema: Object, kind: str | None, keys: list[str] | None, path: str) -> _Errors:
    """Yield that a list of some kind lacks keys by which its items are told apart, or has them in vain."""
    why = f"must be map if {KEYS} is non-empty"
    if keys and kind != "map":
        place = f"{path}.{LISTS}"
        yield required_field(place, why) if kind is None else invalid_field(place, kind, why)
    if kind == "map" and not keys:
        yield required_field(f"{path}.{KEYS}", f"must not be empty if {LISTS} is map")
    if kind == "map" and schema.get("items") is None:
        yield required_field(f"{path}.items", f"must have a schema if {LISTS} is map")


def _set_errors(items: Object, path: str) -> _Errors:
    """Yield that the items of a set are more than one field each."""
    key = {"array": LISTS, "object": MAPS}.get(items.get("type") or "")
    if key and items.get(key, "atomic" if key == LISTS else None) != "atomic":
        why = f"must be atomic as item of a list with {LISTS}=set"
        yield invalid_field(f"{path}.items.{key}", items.get(LISTS), why)


def _item_errors(schema: Object, items: Object, path: str) -> _Errors:
    """Yield what is wrong with how the items of a set, or of a list that is a map, are told apart."""
    kind, type = schema[LISTS], items.get("type")
    if kind == "map" and type != "object":
        yield invalid_field(
            f"{path}.items.type", type or "", f"must be object if parent array's {LISTS} is map"
        )
    elif kind == "map":
        yield from _key_errors(list_in(schema, KEYS), items, path)
    if items.get("nullable"):
        yield forbidden_field(f"{path}.items.nullable", f"cannot be nullable when {LISTS} is {kind}")


def _key_errors(keys: list[Any], items: Object, path: str) -> _Errors:
    """Yield what is wrong with the keys by which the items of a list are told apart."""
    fields, must = map_in(items, "properties"), f"this property is in {KEYS}, so it"
    for number, key in enumerate(keys):
        found, place = fields.get(key), f"{path}.items.properties[{key}]"
        if found is None:
            yield invalid_field(f"{path}.{KEYS}", keys, "entries must all be names of item properties")
        elif found.get("type") in ("array", "object"):
            why = f"must be a scalar type if parent array's {LISTS} is map"
            yield invalid_field(f"{place}.type", items.get("type"), why)
        if key in keys[:number]:
            yield invalid_field(f"{path}.{KEYS}", keys, "must not contain duplicate entries")
        if found is not None and key not in list_in(items, "required") and found.get("default") is None:
            yield required_field(f"{place}.default", f"{must} must have a default or be a required property")
        if found is not None and found.get("nullable"):
            yield forbidden_field(f"{place}.nullable", f"{must} cannot be nullable")
