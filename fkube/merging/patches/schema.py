"""How schemas want fields patched: which lists are merged and by which key, which keys are kept."""

from __future__ import annotations

from collections.abc import Mapping

from returns.result import Failure, Result, Success

from fkube.merging.schemashape import KIND, list_in, map_in
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Object, RESTMapping

STRATEGY, MERGE_KEY = "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key"
STRATEGIC = "application/strategic-merge-patch+json"


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema of OpenAPI, and those by name that it may refer to. What has not a schema's shape is no part.

    `known`: the fields that were asked for, for the next object of the kind.
    Follows `PatchMetaFromOpenAPIV3` of apimachinery.
    """

    node: Object = field(repr=False)
    schemas: Mapping[str, Object] = field(default_factory=dict, repr=False)
    known: dict[str, Success[Field]] = field(default_factory=dict, repr=False, compare=False)

    def field(self, key: str) -> Result[Field, str]:
        """How a field is patched. Errors: a field that the schema does not have."""
        if key in self.known:
            return self.known[key]
        schema = map_in(self._target, "properties").get(key)
        if not isinstance(schema, dict):
            return Failure(f'unable to find api field "{key}"')
        strategies = tuple(filter(None, str(schema.get(STRATEGY, "")).split(",")))
        others = tuple(strategy for strategy in strategies if strategy != "retainKeys")
        within = Schema(map_in(schema, "items") or schema, self.schemas)
        merge_key = str(schema.get(MERGE_KEY) or "")
        found = Field(within, "".join(others), merge_key, strategies != others)
        return self.known.setdefault(key, Success(found))

    @property
    def _target(self) -> Object:
        """The schema itself, or the one that it refers to."""
        target = next((one for one in list_in(self.node, "allOf") if isinstance(one, dict)), self.node)
        name = str(target.get("$ref") or "").rpartition("/")[2]
        return map_in(self.schemas, name) if name else target


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
    patches = (map_in(path, "patch") for path in map_in(document, "paths").values())
    operation = next((patch for patch in patches if patch.get(KIND) == kind), {})
    patched = STRATEGIC in map_in(operation, "requestBody", "content")
    return find_schema(mapping, document) if patched else None


def find_schema(mapping: RESTMapping, document: Object) -> Schema | None:
    """The schema of a kind in an OpenAPI v3 document, however it is patched."""
    kind, schemas = _kind_mark(mapping), map_in(document, "components", "schemas")
    nodes = (node for node in schemas.values() if isinstance(node, dict))
    return next((Schema(node, schemas) for node in nodes if kind in list_in(node, KIND)), None)


def _kind_mark(mapping: RESTMapping) -> Object:
    """How an OpenAPI document writes a kind beside its schemas and operations."""
    return {"group": mapping.group, "version": mapping.version, "kind": mapping.kind}
