"""Strategic merge patches applied to objects, and put together with other patches. Pure.

The directives are `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.merging.patches.items import merged_items, misordered, ordered, without
from fkube.merging.patches.schema import Field, Schema
from fkube.merging.patches.values import kind, same
from fkube.resource.info import Object
from fkube.resource.results import collected

RETAIN, ORDER, DELETE = "$retainKeys", "$setElementOrder/", "$deleteFromPrimitiveList/"
Fields: TypeAlias = Result[dict[str, Any], str]
"""Fields that are set; those that are `_GONE` are taken away."""


def strategic_merged(schema: Schema, object: Object, patch: Object) -> Result[Object, str]:
    """The object with a strategic merge patch applied.

    Law: strategic_merged_twice
    Errors: a directive that is none, a field that the schema does not have, an item without its merge key.
    Follows `StrategicMergeMapPatchUsingLookupPatchMeta` of apimachinery.

    >>> merging = {"x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "n"}
    >>> before, patch = {"l": [{"n": "a", "v": 1}]}, {"l": [{"n": "a", "v": 2}]}
    >>> strategic_merged(Schema({"properties": {"l": merging}}), before, patch).unwrap()
    {'l': [{'n': 'a', 'v': 2}]}
    """
    return _Merge(final=True).maps(schema, object, patch)


def patches_merged(schema: Schema, first: Object, second: Object) -> Result[Object, str]:
    """Two strategic merge patches as one, the second after the first; nulls and directives stay.

    Errors: as `strategic_merged`. Follows `mergeMap` of apimachinery with none of its options.
    """
    return _Merge(final=False).maps(schema, first, second)


@dataclass(frozen=True, slots=True)
class _Merge:
    """What becomes of directives and nulls: in the end they are obeyed, until then kept."""

    final: bool

    def maps(self, schema: Schema, old: Object, patch: Object) -> Result[Object, str]:
        """Two maps as one."""
        if "$patch" in patch:
            return _directed(patch)
        names = dict.fromkeys(
            key.partition("/")[2] if key.startswith((ORDER, DELETE)) else key for key in patch
        )
        names.pop(RETAIN, None)
        return self._base(old, patch).bind(
            lambda base: collected(self._field(schema, base, patch, name) for name in names).map(
                lambda changes: _changed(base, changes)
            )
        )

    def _base(self, old: Object, patch: Object) -> Result[Object, str]:
        """What stays of the old map before it is patched."""
        retained = patch.get(RETAIN)
        if RETAIN not in patch:
            return Success(old)
        if not self.final:
            unlike = not same(old.get(RETAIN, retained), retained)
            return (
                Failure(f"{RETAIN} is not the same in both patches")
                if unlike
                else Success({**old, RETAIN: retained})
            )
        set_keys = [key for key, value in patch.items() if value is not None and not key.startswith("$")]
        if not isinstance(retained, list) or any(key not in retained for key in set_keys):
            return Failure(f"invalid patch format of {RETAIN}")
        return Success({key: value for key, value in old.items() if key in retained})

    def _field(self, schema: Schema, base: Object, patch: Object, name: str) -> Fields:
        """What becomes of one field: its order, what goes from its list, and its patch all speak of it."""
        if ORDER + name in patch:
            return self._ordered(schema, base, patch, name).bind(
                lambda found: self._less(schema, {**base, **found}, patch, name).map(
                    lambda less: {**found, **less}
                )
            )
        less = self._less(schema, base, patch, name)
        if name not in patch:
            return less
        return less.bind(
            lambda found: self._value(schema, {**base, **found}.get(name, _GONE), patch[name], name).map(
                lambda value: {**found, name: value}
            )
        )

    def _less(self, schema: Schema, base: Object, patch: Object, name: str) -> Fields:
        """The field without what `$deleteFromPrimitiveList` names."""
        gone, old = patch.get(DELETE + name), base.get(name)
        if DELETE + name not in patch or (
            self.final and not (isinstance(gone, list) and isinstance(old, list))
        ):
            return Success({})
        if not self.final:
            return Success({DELETE + name: gone})
        return schema.field(name).map(lambda _: {name: without(old or (), gone or ())})

    def _ordered(self, schema: Schema, base: Object, patch: Object, name: str) -> Fields:
        """The field with its list merged and in the order of `$setElementOrder`."""
        order, old, new = patch[ORDER + name], base.get(name, _GONE), patch.get(name, _GONE)
        if not isinstance(order, list) or any(
            value is not _GONE and not isinstance(value, list) for value in (old, new)
        ):
            return Failure(f"invalid patch format of {ORDER}{name}: it must be a list, for a list")
        told = {} if self.final else {ORDER + name: order}
        if not same(base.get(ORDER + name, order), order) and not self.final:
            return Failure(f"{ORDER}{name} is not the same in both patches")
        return schema.field(name).bind(
            lambda field: self._in_order(field, old, new, order).map(
                lambda value: {**told, **({} if value is _GONE else {name: value})}
            )
        )

    def _in_order(self, field: Field, old: Any, new: Any, order: list[Any]) -> Result[Any, str]:
        if new is not _GONE and (wrong := misordered(new, order, field.merge_key)):
            return Failure(wrong)
        before = [] if old is _GONE else old
        if new is _GONE or old is _GONE:
            found: Result[Any, str] = Success(old if new is _GONE else self._taken(new))
        else:
            found = self._list(field, old, new)
        return found.map(
            lambda items: items if items is _GONE else ordered(items, order, before, field.merge_key)
        )

    def _value(self, schema: Schema, old: Any, new: Any, name: str) -> Result[Any, str]:
        """What a field becomes by its patch."""
        if new is None or (self.final and kind(new) == "map" and new.get("$patch") == "delete"):
            return Success(_GONE if self.final else None)
        if old is _GONE or kind(old) != kind(new) or not isinstance(new, dict | list):
            return Success(self._taken(new))
        within = self._map if isinstance(new, dict) else self._list
        return schema.field(name).bind(lambda field: within(field, old, new))

    def _map(self, field: Field, old: Any, new: Any) -> Result[Any, str]:
        return Success(new) if field.strategy == "replace" else self.maps(field.schema, old, new)

    def _list(self, field: Field, old: Any, new: Any) -> Result[Any, str]:
        if field.strategy != "merge":
            return Success(new)
        return merged_items(
            old, new, field.merge_key, lambda item, change: self.maps(field.schema, item, change)
        ).map(lambda items: [self._taken(item) for item in items] if self.final else items)

    def _taken(self, value: Any) -> Any:
        """A value of a patch where there is nothing that it changes: without what only makes sense for that.

        Follows `removeDirectives` and `discardNullValuesFromPatch` of apimachinery.
        """
        if isinstance(value, dict):
            if "$patch" in value:
                return _GONE
            pairs = ((key, self._taken(inner)) for key, inner in value.items() if not self._idle(key, inner))
            return {key: inner for key, inner in pairs if inner is not _GONE}
        if isinstance(value, list):
            return [inner for inner in map(self._taken, value) if inner is not _GONE]
        return value

    def _idle(self, key: str, value: Any) -> bool:
        return self.final and (value is None or key.startswith((RETAIN, ORDER, DELETE)))


def _directed(patch: Object) -> Result[Object, str]:
    """What `$patch` leaves of a map."""
    if patch["$patch"] == "replace":
        return Success({key: value for key, value in patch.items() if key != "$patch"})
    return Success({}) if patch["$patch"] == "delete" else Failure(f"unknown patch type: {patch['$patch']}")


def _changed(base: Object, changes: tuple[dict[str, Any], ...]) -> Object:
    every = {key: value for change in changes for key, value in change.items()}
    return {key: value for key, value in {**base, **every}.items() if value is not _GONE}


_GONE: Any = object()
