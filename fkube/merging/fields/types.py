"""Types: what an OpenAPI schema says of a value. Pure.

Follows `ToSchemaFromOpenAPI` of kube-openapi.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.merging.fields.paths import item_by_keys, item_by_value, value_text
from fkube.merging.schemashape import list_in, map_in, reference
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.info import Object

T = TypeVar("T")

Form: TypeAlias = Literal["map", "scalar", "list"]
"""What a value is treated as."""

_FREE = "x-kubernetes-preserve-unknown-fields"
_MERGES = ("merge", "merge,retainKeys")
_FORMS: dict[str, tuple[Form, ...]] = {"": ("map", "scalar", "list"), "object": ("map",), "array": ("list",)}
_SCALAR: tuple[Form, ...] = ("scalar",)
_CLASSES = {"string": str, "integer": int, "boolean": bool}
_MOST_REFERENCES = 10
_TARGET, _ITEMS, _REST, _KEYS, _IS_SCALAR, _PLAIN = range(6)
"""What is known of a type besides its fields, which are known by their names."""
_QUANTITY, _RAW = ".pkg.api.resource.Quantity", ".pkg.runtime.RawExtension"


@dataclass(frozen=True, slots=True)
class Type:
    """The type that a schema describes; `names` are the schemas that its references mean.

    What of a schema has not the shape of one says nothing.
    `free`: fields that no schema knows are kept. `atomic`: the place where the type stands makes its map one
    field. `untyped`: no schema says anything of what is here. `known`: the types of its fields and what else
    was asked of it, for the next object of the kind; as large as what of the schema is used.
    """

    schema: Object
    names: Mapping[str, Object] = field(default_factory=dict, repr=False)
    free: bool = False
    atomic: bool | None = None
    untyped: bool = False
    known: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def target(self) -> Type:
        """The type itself, or the one that its schema refers to."""
        schema = self.schema
        if "$ref" in schema or "allOf" in schema:
            # Here and below, every field of every object comes by: a schema is read once for all of them.
            return self._know(_TARGET, Type._follow_references)
        free = self.free or schema.get(_FREE) is True
        return self if free == self.free else replace(self, free=free, known={})

    def _know(self, what: int, find: Callable[[Type], T]) -> T:
        """Find something of the type, once."""
        known = self.known
        if what not in known:
            known[what] = find(self)
        found: T = known[what]
        return found

    def _follow_references(self) -> Type:
        """The type that a schema refers to, if it does. One that leads back to itself alone says nothing."""
        type = self
        for _ in range(_MOST_REFERENCES):
            schema, name = type.schema, reference(type.schema)
            if not name:
                free = type.free or schema.get(_FREE) is True
                return type if free == type.free else replace(type, free=free, known={})
            if name.endswith(_RAW):
                return replace(type, schema={}, untyped=True, known={})
            if name.endswith(_QUANTITY):
                return replace(type, schema={"type": "string", "format": "quantity"}, known={})
            type = type._refer_to(name)
        return replace(type, schema={}, known={})

    def _refer_to(self, name: str) -> Type:
        """The type under a name, in the place of this one."""
        beside, found = self.schema.get("x-kubernetes-map-type"), self.names.get(name)
        atomic = self.atomic if beside is None else beside == "atomic"
        return Type(found if isinstance(found, dict) else {}, self.names, False, atomic, self.untyped)

    def form(self, value: object) -> Form:
        """The form of a value (`deduceAtom`); a null has the first that the type may have."""
        kind = self.schema.get("type") or ""
        forms = _FORMS.get(kind, _SCALAR) if kind.__class__ is str else _SCALAR
        wanted: Form = "map" if isinstance(value, dict) else "list" if isinstance(value, list) else "scalar"
        return wanted if value is not None and wanted in forms else forms[0]

    @property
    def is_scalar(self) -> bool:
        """Whether every value of the type is one field: most are, and need no more of this."""
        # Not by `_know`: it is asked of every field of every object.
        known = self.known
        if _IS_SCALAR not in known:
            known[_IS_SCALAR] = self._find_scalar()
        found: bool = known[_IS_SCALAR]
        return found

    def _find_scalar(self) -> bool:
        kind = self.target.schema.get("type") or ""
        return not isinstance(kind, str) or _FORMS.get(kind, _SCALAR) == _SCALAR

    @property
    def plain(self) -> object:
        """The class of the values against which the type certainly says nothing; None where there is none."""
        return self._know(_PLAIN, Type._find_plain)

    def _find_plain(self) -> object:
        kind = self.target.schema.get("type")
        return _CLASSES.get(kind) if isinstance(kind, str) else None

    def is_atomic(self, form: Form) -> bool:
        """Whether a value of this form is one field as a whole, whatever is in it."""
        if form == "map":
            own = self.schema.get("x-kubernetes-map-type") == "atomic"
            return self.untyped or (own if self.atomic is None else self.atomic)
        return form == "scalar" or self.list_atomic

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
        return self._know(_KEYS, Type._find_keys)

    def _find_keys(self) -> tuple[str, ...]:
        if "x-kubernetes-list-type" in self.schema:
            return tuple(map(str, list_in(self.schema, "x-kubernetes-list-map-keys")))
        key = self.schema.get("x-kubernetes-patch-merge-key")
        return (str(key),) if key else ()

    def field(self, name: str) -> Type | None:
        """The type of a field that the schema names."""
        if name in self.known:
            found: Type | None = self.known[name]
            return found
        fields = self.schema.get("properties")
        schema = fields.get(name) if isinstance(fields, dict) else None
        # A name that no schema has is anybody's: there is no end of them.
        if not isinstance(schema, dict):
            return None
        known: Type = self.known.setdefault(name, Type(schema, self.names, self.free))
        return known

    @property
    def rest(self) -> Type | None:
        """The type of the fields that the schema does not name; None where there may be none."""
        return self._know(_REST, Type._find_rest)

    def _find_rest(self) -> Type | None:
        other = self.schema.get("additionalProperties")
        if isinstance(other, Mapping):
            return Type(other, self.names, self.free)
        if other is None and not self.untyped:
            return _DEDUCED if self.free or not self.schema.get("properties") else None
        return _UNTYPED if self.untyped else _DEDUCED if other else None

    def member(self, name: str) -> Type:
        """The type of any field; of one that may not be there, the type of the map itself."""
        return self.field(name) or self.rest or self

    @property
    def items(self) -> Type:
        """The type of the items of a list."""
        return self._know(_ITEMS, Type._find_items)

    def _find_items(self) -> Type:
        schema = self.schema.get("items")
        return Type(schema, self.names, self.free) if isinstance(schema, dict) else _UNTYPED

    def within(self, element: str) -> Type | None:
        """The type of what a path element leads to; None where the schema says nothing of it."""
        target = self.target
        form = target.form(None)
        if form == "list":
            return target.items
        if form == "scalar" or (target.rest is _DEDUCED and not target.schema.get("properties")):
            return None
        return (target.field(element[2:]) if element.startswith("f:") else None) or target.rest

    def element(self, item: object) -> Result[str, str]:
        """The path element of an item of a list. Errors: why it has none.

        Follows `listItemToPathElement` of structured-merge-diff.
        """
        names = self.keys
        if not names:
            wrong = _NO_MEMBER.get(item.__class__)
            return Failure(wrong) if wrong else Success(item_by_value(item))
        if not isinstance(item, dict):
            what = "a null element" if item is None else "non-map elements"
            return Failure(f"associative list with keys may not have {what}")
        known = map_in(self.items.target.schema, "properties")
        keys = {name: item.get(name, map_in(known, name).get("default")) for name in names}
        given = {name: value for name, value in keys.items() if value is not None or name in item}
        if not given:
            return Failure(_KEYLESS.format(" ".join(map(value_text, names))))
        return Success(item_by_keys(given))


_NO_MEMBER: Mapping[object, str] = {
    dict: "associative list without keys has an element that's a map type",
    list: "not supported: associative list with lists as elements",
    None.__class__: "associative list without keys has an element that's an explicit null",
}
_KEYLESS = (
    "associative list with keys has an element that omits all key fields [{}]"
    " (and doesn't have default values for any key fields)"
)


_DEDUCED = Type({})
_UNTYPED = Type({}, untyped=True)
