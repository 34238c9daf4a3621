"""Strategic merge patches applied to objects, and put together with other patches. Pure.

The directives are `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder`.
"""

from __future__ import annotations

from functools import partial
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success
from toolz import valfilter

from fkube.merging.patches.items import arrange_items, merge_items, order_problem, overwritten, without_items
from fkube.merging.patches.schema import Field, Schema
from fkube.merging.values import MISSING, deep_equal, is_there, kind
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Object

RETAIN, ORDER, DELETE = "$retainKeys", "$setElementOrder/", "$deleteFromPrimitiveList/"
Fields: TypeAlias = Result[Object, str]
"""Fields that are set; those that are `MISSING` are taken away."""


def strategic_merged(schema: Schema, object: Object, patch: Object) -> Result[Object, str]:
    """Apply a strategic merge patch to an object.

    Law: strategic_merged_twice
    Errors: a directive that is none, a field that the schema does not have, an item without its merge key.
    Follows `StrategicMergeMapPatchUsingLookupPatchMeta` of apimachinery.

    >>> merging = {"x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "n"}
    >>> before, patch = {"l": [{"n": "a", "v": 1}]}, {"l": [{"n": "a", "v": 2}]}
    >>> strategic_merged(Schema({"properties": {"l": merging}}), before, patch).unwrap()
    {'l': [{'n': 'a', 'v': 2}]}
    """
    return _Merge(final=True).merge_map(schema, object, patch)


def patches_merged(schema: Schema, first: Object, second: Object) -> Result[Object, str]:
    """Combine two strategic merge patches, the second after the first; nulls and directives stay.

    Errors: as `strategic_merged`. Follows `mergeMap` of apimachinery with none of its options.
    """
    return _Merge(final=False).merge_map(schema, first, second)


@dataclass(frozen=True, slots=True)
class _Merge:
    """A merge of patches: the `final` one into an object obeys directives and nulls, others keep them."""

    final: bool

    def merge_map(self, schema: Schema, old: Object, patch: Object) -> Result[Object, str]:
        """Merge a patch into a map."""
        if "$patch" in patch:
            return _obey_directive(patch)
        names = dict.fromkeys(key.removeprefix(ORDER).removeprefix(DELETE) for key in patch if key != RETAIN)
        kept = self._retain_keys(old, patch)
        if isinstance(kept, Failure):
            return kept
        base = kept.unwrap()
        merged = dict(base)
        # A loop here and below, not `bind`: that takes twice as much of the stack for each map in a map.
        for name in names:
            changes = self._merge_field(schema, base, patch, name)
            if isinstance(changes, Failure):
                return changes
            merged.update(changes.unwrap())
        return Success(valfilter(is_there, merged))

    def _retain_keys(self, old: Object, patch: Object) -> Result[Object, str]:
        """The part of the old map that stays before it is patched."""
        if RETAIN not in patch:
            return Success(old)
        retained = patch[RETAIN]
        if not self.final:
            if not deep_equal(old.get(RETAIN, retained), retained):
                return Failure(f"{RETAIN} is not the same in both patches")
            return Success({**old, RETAIN: retained})
        set_keys = [key for key, value in patch.items() if value is not None and not key.startswith("$")]
        if not isinstance(retained, list) or any(key not in retained for key in set_keys):
            return Failure(f"invalid patch format of {RETAIN}")
        return Success({key: value for key, value in old.items() if key in retained})

    def _merge_field(self, schema: Schema, base: Object, patch: Object, name: str) -> Fields:
        """Merge all that a patch says of one field: its order, what goes from its list, its value.

        The fields returned are those that change; the others of the object are left out.
        """
        steps = (self._order_list, self._delete_items, self._merge_value)
        changes: Object = {}
        for step in steps[:2] if ORDER + name in patch else steps[1:]:
            more = step(schema, {**base, **changes} if changes else base, patch, name)
            if isinstance(more, Failure):
                return more
            changes = {**changes, **more.unwrap()}
        return Success(changes)

    def _delete_items(self, schema: Schema, base: Object, patch: Object, name: str) -> Fields:
        """Remove the items that `$deleteFromPrimitiveList` names."""
        gone, old = patch.get(DELETE + name), base.get(name)
        if DELETE + name in patch and not self.final:
            return Success({DELETE + name: gone})
        if not (isinstance(gone, list) and isinstance(old, list)):
            return Success({})
        return schema.field(name).map(lambda _: {name: without_items(old, gone)})

    def _order_list(self, schema: Schema, base: Object, patch: Object, name: str) -> Fields:
        """Merge the list and put it in the order of `$setElementOrder`."""
        order, old, new = patch[ORDER + name], base.get(name, MISSING), patch.get(name, MISSING)
        if not all(isinstance(one, list) for one in (order, old, new) if one is not MISSING):
            return Failure(f"invalid patch format of {ORDER}{name}: it must be a list, for a list")
        kept = {} if self.final else {ORDER + name: order}
        if kept and not deep_equal(base.get(ORDER + name, order), order):
            return Failure(f"{ORDER}{name} is not the same in both patches")
        field = schema.field(name)
        if isinstance(field, Failure):
            return field
        merged = self._merge_in_order(field.unwrap(), old, new, order)
        return merged.map(lambda value: kept if value is MISSING else {**kept, name: value})

    def _merge_in_order(self, field: Field, old: Any, new: Any, order: list[object]) -> Result[Any, str]:
        """Merge two lists, each of which may be `MISSING`, and put the items in this order."""
        if new is not MISSING and (problem := order_problem(new, order, field.merge_key)):
            return Failure(problem)
        given = [one for one in (old, new) if one is not MISSING]
        if given and not any(given):
            return Failure("no elements in any of the given slices")
        if old is MISSING:
            lists = self._clean(new)
            return Success(lists if lists is MISSING else arrange_items(lists, order, (), field.merge_key))
        if new is MISSING:
            return Success(arrange_items(old, order, old, field.merge_key))
        before = overwritten(old, new, field.merge_key)
        merged = self._merge_collections(field, old, new)
        return merged.map(lambda items: arrange_items(items, order, before, field.merge_key))

    def _merge_value(self, schema: Schema, base: Object, patch: Object, name: str) -> Fields:
        """Merge the value of a field, if the patch has one."""
        old, new = base.get(name, MISSING), patch.get(name, MISSING)
        if new is MISSING:
            return Success({})
        if new is None:
            return Success({name: MISSING if self.final else None})
        if kind(old) != kind(new) or not isinstance(new, dict | list):
            return Success({name: self._clean(new)})
        field = schema.field(name)
        if isinstance(field, Failure):
            return field
        return self._merge_collections(field.unwrap(), old, new).map(lambda value: {name: value})

    def _merge_collections(self, field: Field, old: Any, new: Any) -> Result[Any, str]:
        """Merge two maps or two lists as their field says."""
        if isinstance(new, dict):
            return Success(new) if field.strategy == "replace" else self.merge_map(field.schema, old, new)
        if field.strategy != "merge":
            return Success(new)
        merged = merge_items(old, new, field.merge_key, partial(self.merge_map, field.schema))
        return merged.map(lambda items: [self._clean(item) for item in items] if self.final else items)

    def _clean(self, value: Any) -> Any:
        """A value of a patch where there is nothing to change: without its directives and nulls.

        Follows `removeDirectives` and `discardNullValuesFromPatch` of apimachinery.
        """
        if isinstance(value, dict):
            if "$patch" in value:
                return MISSING
            members = {key: self._clean(one) for key, one in value.items() if not self._is_dropped(key, one)}
            return valfilter(is_there, members)
        return [*filter(is_there, map(self._clean, value))] if isinstance(value, list) else value

    def _is_dropped(self, key: str, value: object) -> bool:
        """Whether a field of a patch sets nothing: in the end a null or a directive does not."""
        return self.final and (value is None or key.startswith((RETAIN, ORDER, DELETE)))


def _obey_directive(patch: Object) -> Result[Object, str]:
    """The map that a patch with `$patch` puts in place of any: its own fields, or an empty one."""
    if patch["$patch"] == "replace":
        return Success({key: value for key, value in patch.items() if key != "$patch"})
    return Success({}) if patch["$patch"] == "delete" else Failure(f"unknown patch type: {patch['$patch']}")
