"""How schemas want fields patched: which lists are merged and by which key, which keys are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from returns.result import Failure, Result, Success

from fkube.resource.info import Object, RESTMapping

STRATEGY, MERGE_KEY = "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key"
STRATEGIC = "application/strategic-merge-patch+json"


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema of OpenAPI, and those by name that it may refer to.

    Follows `PatchMetaFromOpenAPIV3` of apimachinery.
    """

    node: Object = field(repr=False)
    schemas: Mapping[str, Object] = field(default_factory=dict, repr=False)

    def field(self, key: str) -> Result[Field, str]:
        """How a field is patched. Errors: a field that the schema does not have."""
        schema = (self._target.get("properties") or {}).get(key)
        if schema is None:
            return Failure(f'unable to find api field "{key}"')
        strategies = tuple(filter(None, str(schema.get(STRATEGY, "")).split(",")))
        others = tuple(strategy for strategy in strategies if strategy != "retainKeys")
        within = Schema(schema.get("items") or schema, self.schemas)
        return Success(Field(within, "".join(others), schema.get(MERGE_KEY, ""), strategies != others))

    @property
    def _target(self) -> Object:
        """The schema itself, or the one that it refers to."""
        target: Object = (self.node.get("allOf") or (self.node,))[0]
        name = str(target.get("$ref", "")).rpartition("/")[2]
        return self.schemas.get(name, {}) if name else target


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is patched: strategy (`merge`, `replace` or none), key of items, `$retainKeys` or not.

    `schema` is that of the field, or of the items of its list.
    """

    schema: Schema
    strategy: str = ""
    merge_key: str = ""
    retain_keys: bool = False


def patch_schema(mapping: RESTMapping, document: Object) -> Schema | None:
    """The schema of a kind in an OpenAPI v3 document; None where the server takes no strategic merge patch.

    Follows `gvkSupportsPatchOpenAPIV3` and `buildStrategicMergePatchFromOpenAPIV3` of kubectl.
    """
    kind = _kind_mark(mapping)
    patches = (path.get("patch") for path in (document.get("paths") or {}).values())
    operation: Object = next((patch for patch in patches if patch and patch.get(_KIND) == kind), {})
    if STRATEGIC not in ((operation.get("requestBody") or {}).get("content") or {}):
        return None
    return find_schema(mapping, document)


def find_schema(mapping: RESTMapping, document: Object) -> Schema | None:
    """The schema of a kind in an OpenAPI v3 document, however it is patched."""
    kind, schemas = _kind_mark(mapping), (document.get("components") or {}).get("schemas") or {}
    return next((Schema(node, schemas) for node in schemas.values() if kind in (node.get(_KIND) or ())), None)


def _kind_mark(mapping: RESTMapping) -> Object:
    """How an OpenAPI document writes a kind beside its schemas and operations."""
    return {"group": mapping.group, "version": mapping.version, "kind": mapping.kind}


_KIND = "x-kubernetes-group-version-kind"
