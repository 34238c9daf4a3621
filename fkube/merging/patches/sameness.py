"""Whether a live object certainly has all of a manifest, so that no patch is to be made of the two. Pure.

Theory of operation. A manifest that is applied again mostly changes nothing. To see that, both are walked
through once, and nothing is made of them, as `difference` and `merge_losses` do. What is not understood at a
glance (a null, a float, a list in another order) is left to those.
"""

from __future__ import annotations

from typing import Any

from returns.result import Failure

from fkube.merging.patches.items import Items
from fkube.merging.patches.losses import repeated_items
from fkube.merging.patches.schema import Field, Schema
from fkube.merging.values import deep_equal
from fkube.resource.info import Object

_SCALARS = (str, int, bool)


def changes_nothing(schema: Schema, wanted: Object, live: Object) -> bool:
    """Whether to apply again what was applied last certainly changes nothing, and may lose nothing.

    Equation: changes_nothing(s, y, l) implies three_way_difference(s, y, y, l) == Success({}), and that
      merge_losses has nothing to say of both
    Law: sameness_is_no_patch

    >>> live = {"a": 1, "b": 2}
    >>> changes_nothing(Schema({}), {"a": 1}, live), changes_nothing(Schema({}), {"a": 2}, live)
    (True, False)
    """
    return _has_fields(schema, wanted, live, False) and next(repeated_items(schema, live), None) is None


def _has_fields(schema: Schema, wanted: Object, live: Object, retain: bool) -> bool:
    """Whether a live map has all fields of a wanted one; with `retain`, no others either."""
    if retain and live.keys() != wanted.keys():
        return False
    for key, value in wanted.items():
        there = live.get(key)
        if value.__class__ in _SCALARS:
            if there.__class__ is not value.__class__ or there != value:
                return False
        elif there.__class__ is not value.__class__ or not _has_collection(schema, key, value, there):
            return False
    return True


def _has_collection(schema: Schema, key: str, wanted: Any, live: Any) -> bool:
    """Whether a live map or list has all of a wanted one, in its order."""
    if wanted.__class__ not in (dict, list):
        return False
    found = schema.field(key)
    if isinstance(found, Failure):
        return deep_equal(wanted, live)
    field = found.unwrap()
    if wanted.__class__ is dict and field.strategy != "replace":
        return _has_fields(field.schema, wanted, live, field.retain_keys)
    if wanted.__class__ is list and field.strategy == "merge":
        return _has_items(field, wanted, live)
    return deep_equal(wanted, live)


def _has_items(field: Field, wanted: Items, live: Items) -> bool:
    """Whether a live list that is merged has just the wanted items, in their order, each once."""
    if not field.merge_key or not all(item.__class__ is dict for item in (*wanted, *live)):
        return _are_apart(wanted) and deep_equal(wanted, live)
    names, others = ([item.get(field.merge_key) for item in items] for items in (wanted, live))
    if not _are_apart(names) or not deep_equal(names, others):
        return False
    pairs = zip(wanted, live, strict=True)
    return all(_has_fields(field.schema, *pair, field.retain_keys) for pair in pairs)


def _are_apart(names: Items) -> bool:
    """Whether names are all texts, or all integers, and none is there twice."""
    return {name.__class__ for name in names} in ({str}, {int}) and len(set(names)) == len(names)
