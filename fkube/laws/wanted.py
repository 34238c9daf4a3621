"""Whether an object has what is wanted, and nothing that is wanted no more; for the laws of patches."""

from __future__ import annotations

from functools import partial
from typing import Any

from fkube.laws.compare import Sides
from fkube.merging.patches import Schema
from fkube.merging.patches.items import item_name
from fkube.merging.patches.schema import Field
from fkube.merging.values import deep_equal

NO_SCHEMA = Schema({})


def _field(schema: Schema, key: str) -> Field:
    """How the schema says that a field is patched; the default where it says nothing."""
    return schema.field(key).value_or(Field(NO_SCHEMA))


def compare_with_wanted(schema: Schema, after: Any, before: Any, wanted: Any) -> Sides:
    """Compare whether what is wanted is there, and what is wanted no more is not."""
    return Sides("all of y is there", has_wanted(schema, after, wanted) or after, True) and Sides(
        "nothing of x - y is there", _lacks_removed(schema, after, before, wanted) or after, True
    )


def has_wanted(schema: Schema, after: Any, wanted: Any) -> bool:
    """Whether all that is wanted is there: in a merged list each item, in the order wanted."""
    if not isinstance(wanted, dict):
        return deep_equal(after, wanted)
    return isinstance(after, dict) and all(
        key in after and _field_has_wanted(_field(schema, key), after[key], value)
        for key, value in wanted.items()
    )


def _field_has_wanted(field: Field, after: Any, wanted: Any) -> bool:
    """Whether a field has all that is wanted of it; the items of a merged list, in the order wanted."""
    if not isinstance(wanted, list) or field.strategy != "merge":
        return has_wanted(field.schema, after, wanted)
    names = [item_name(item, field.merge_key) for item in wanted]
    items = [item for item in after if item_name(item, field.merge_key) in names]
    return len(items) == len(wanted) and all(map(partial(has_wanted, field.schema), items, wanted))


def has_repeated(schema: Schema, value: Any) -> bool:
    """Whether a merged list in a value has several items of one name, at any depth."""
    if not isinstance(value, dict):
        return False
    fields = [(_field(schema, key), inner) for key, inner in value.items()]
    lists = [pair for pair in fields if isinstance(pair[1], list) and pair[0].strategy == "merge"]
    names = [[item_name(item, field.merge_key) for item in items] for field, items in lists]
    below = [(field.schema, item) for field, items in lists for item in items]
    below += [(field.schema, inner) for field, inner in fields if field.strategy != "replace"]
    return any(len(set(one)) < len(one) for one in names) or any(has_repeated(*each) for each in below)


def _lacks_removed(schema: Schema, after: Any, before: Any, wanted: Any) -> bool:
    """Whether all is gone that was there `before` and is not wanted any more."""
    if not all(isinstance(value, dict) for value in (after, before, wanted)):
        return True
    gone = all(key not in after for key in before if key not in wanted)
    shared = (key for key, value in before.items() if isinstance(value, dict | list))
    return gone and all(
        _field_lacks_removed(_field(schema, key), after[key], before[key], wanted[key])
        for key in shared
        if key in wanted and key in after
    )


def _field_lacks_removed(field: Field, after: Any, before: Any, wanted: Any) -> bool:
    """Whether a field lacks what was removed from it; of a merged list, its items by their names."""
    if isinstance(before, dict) or field.strategy != "merge":
        return _lacks_removed(field.schema, after, before, wanted)
    kept = {item_name(item, field.merge_key) for item in wanted}
    removed = {item_name(item, field.merge_key) for item in before} - kept
    return not any(item_name(item, field.merge_key) in removed for item in after)
