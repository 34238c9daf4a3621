"""Types: what an OpenAPI schema says of a value's fields, its lists and maps above all. Pure.

Follows `ToSchemaFromOpenAPI` of kube-openapi.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from fkube.resource.info import Object

Form: TypeAlias = Literal["map", "scalar", "list"]
"""As what a value is seen."""

_FREE = "x-kubernetes-preserve-unknown-fields"
_MERGES = {"merge": True, "merge,retainKeys": True}
_FORMS: Mapping[str, tuple[Form, ...]] = {
    "": ("map", "scalar", "list"),
    "object": ("map",),
    "array": ("list",),
}
_QUANTITY, _RAW = ".pkg.api.resource.Quantity", ".pkg.runtime.RawExtension"


@dataclass(frozen=True, slots=True)
class Type:
    """The type that a schema describes; `names` are the schemas that its references mean.

    `free`: fields that no schema knows are kept. `atomic`: the place where the type stands makes its map one
    field. `untyped`: no schema says anything of what is here.
    """

    schema: Object
    names: Mapping[str, Object] = field(default_factory=dict, repr=False)
    free: bool = False
    atomic: bool | None = None
    untyped: bool = False

    @property
    def opened(self) -> Type:
        """The type that is meant, where this one only refers to another."""
        schema = self.schema
        name = reference(schema) if "$ref" in schema or "allOf" in schema else ""
        if not name:
            free = self.free or schema.get(_FREE) is True
            return self if free == self.free else replace(self, free=free)
        if name.endswith(_RAW):
            return replace(self, schema={}, untyped=True)
        if name.endswith(_QUANTITY):
            return replace(self, schema={"type": "string", "format": "quantity"})
        beside = self.schema.get("x-kubernetes-map-type")
        atomic = self.atomic if beside is None else beside == "atomic"
        return replace(self, schema=self.names.get(name, {}), free=False, atomic=atomic).opened

    @property
    def forms(self) -> tuple[Form, ...]:
        """As what its values may be seen, in the order in which a null is."""
        return _FORMS.get(self.schema.get("type") or "", ("scalar",))

    def form(self, value: Any) -> Form:
        """As what a value is seen (`deduceAtom`)."""
        wanted: Form = "map" if isinstance(value, dict) else "list" if isinstance(value, list) else "scalar"
        return wanted if value is not None and wanted in self.forms else self.forms[0]

    @property
    def map_atomic(self) -> bool:
        """Whether a map is one field, whatever is in it."""
        own = self.schema.get("x-kubernetes-map-type") == "atomic"
        return self.untyped or (own if self.atomic is None else self.atomic)

    @property
    def list_atomic(self) -> bool:
        """Whether a list is one field, whatever is in it."""
        kind = self.schema.get("x-kubernetes-list-type")
        if kind is not None:
            return kind not in ("set", "map")
        return self.schema.get("x-kubernetes-patch-strategy") not in _MERGES

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields that tell items of a list apart; none for a set."""
        if "x-kubernetes-list-type" in self.schema:
            return tuple(self.schema.get("x-kubernetes-list-map-keys") or ())
        key = self.schema.get("x-kubernetes-patch-merge-key")
        return (key,) if key else ()

    def field(self, name: str) -> Type | None:
        """The type of a field that the schema names."""
        schema = (self.schema.get("properties") or {}).get(name)
        return None if schema is None else self._inner(schema)

    @property
    def rest(self) -> Type | None:
        """The type of the fields that the schema does not name; None where there may be none."""
        other = self.schema.get("additionalProperties")
        if isinstance(other, Mapping):
            return self._inner(other)
        if other is None and not self.untyped:
            return _DEDUCED if self.free or not self.schema.get("properties") else None
        return _UNTYPED if self.untyped else _DEDUCED if other else None

    @property
    def items(self) -> Type:
        """The type of the items of a list."""
        schema = self.schema.get("items")
        return _UNTYPED if schema is None else self._inner(schema)

    def default(self, name: str) -> Any:
        """What a key of an item is where the item does not say it."""
        schema = (self.schema.get("properties") or {}).get(name) or {}
        return schema.get("default")

    def _inner(self, schema: Object) -> Type:
        return Type(schema, self.names, self.free)


def reference(schema: Object) -> str:
    """The name of the schema that another one refers to, maybe wrapped in an `allOf`.

    >>> reference({"allOf": [{"$ref": "#/components/schemas/io.k8s.api.core.v1.Pod"}], "default": {}})
    'io.k8s.api.core.v1.Pod'
    """
    wrapped: Any = schema.get("allOf") or ()
    only: Object = wrapped[0] if len(wrapped) == 1 else {}
    return str(schema.get("$ref") or only.get("$ref") or "").rpartition("/")[2]


_DEDUCED = Type({})
_UNTYPED = Type({}, untyped=True)
