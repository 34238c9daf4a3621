"""What a schema says of patching: which lists are merged and by which key, which keys are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
        """What is said of a field. Errors: a field that the schema does not have."""
        found = (self._resolved.get("properties") or {}).get(key)
        if found is None:
            return Failure(f'unable to find api field "{key}"')
        strategies = tuple(filter(None, str(found.get(STRATEGY, "")).split(",")))
        others = tuple(strategy for strategy in strategies if strategy != "retainKeys")
        within = Schema(found.get("items") or found, self.schemas)
        return Success(Field(within, "".join(others), found.get(MERGE_KEY, ""), strategies != others))

    @property
    def _resolved(self) -> Object:
        """The schema, or the one that it refers to."""
        target: Object = (self.node.get("allOf") or (self.node,))[0]
        name = str(target.get("$ref", "")).rpartition("/")[2]
        return self.schemas.get(name, {}) if name else target


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is patched: `merge`, `replace` or as ever, lists by a key, and perhaps with `$retainKeys`.

    `schema` is that of the field, or of the items of its list.
    """

    schema: Schema
    strategy: str = ""
    merge_key: str = ""
    retain_keys: bool = False


def patch_schema(mapping: RESTMapping, document: Object) -> Schema | None:
    """The schema of a kind in a document of OpenAPI v3; None where the server takes no strategic merge patch.

    Follows `gvkSupportsPatchOpenAPIV3` and `buildStrategicMergePatchFromOpenAPIV3` of kubectl.
    """
    kind = {"group": mapping.group, "version": mapping.version, "kind": mapping.kind}
    patches = (path.get("patch") for path in (document.get("paths") or {}).values())
    asked: Object = next((patch for patch in patches if patch and patch.get(_KIND) == kind), {})
    if STRATEGIC not in ((asked.get("requestBody") or {}).get("content") or {}):
        return None
    schemas: Mapping[str, Any] = (document.get("components") or {}).get("schemas") or {}
    return next((Schema(node, schemas) for node in schemas.values() if kind in (node.get(_KIND) or ())), None)


_KIND = "x-kubernetes-group-version-kind"
