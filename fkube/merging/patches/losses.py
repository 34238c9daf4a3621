"""What client-side apply can lose of lists that are merged by a key, told by paths. Pure.

Items are told apart by their merge key alone. Where two have the same, as the ports 53 of TCP and of UDP, a
patch can't say which of them it means, and takes one for the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from toolz import concat, unique

from fkube.merging.patches.items import Items, is_deletion, item_name
from fkube.merging.patches.schema import Field, Schema
from fkube.merging.values import deep_equal, without_nulls
from fkube.resource.info import Object
from fkube.syntax.gotext import go_text

_PLAIN = Field(Schema({}))
"""How a field is patched of which the schema says nothing."""


def merge_losses(
    schema: Schema, sides: Mapping[str, Object], wanted: Object, after: Object
) -> tuple[str, ...]:
    """Say what of a manifest an object lacks after a patch, and what of its lists may get lost.

    `sides`: what the patch was made of, by its name; `wanted`: what the manifest says; `after`: the live
    object with the patch applied.

    Law: losses_told

    >>> merging = {"x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "n"}
    >>> schema, twice = Schema({"properties": {"l": merging}}), {"l": [{"n": 1, "v": 1}, {"n": 1, "v": 2}]}
    >>> for loss in merge_losses(schema, {"the manifest": twice}, twice, {"l": [{"n": 1, "v": 1}]}):
    ...     print(loss)
    l has several items with the n 1 in the manifest, of which client-side apply may lose one
    l is not left as the manifest has it
    """
    found = {name: tuple(unique(repeated_items(schema, side))) for name, side in sides.items()}
    places = {it: " and ".join(name for name in found if it in found[name]) for it in concat(found.values())}
    repeated = (f"{it} in {where}, of which client-side apply may lose one" for it, where in places.items())
    missing = unique(missing_fields(schema, without_nulls(after), without_nulls(wanted)))
    return (*repeated, *(f"{path} is not left as the manifest has it" for path in missing))


def repeated_items(schema: Schema, object: Object, path: str = "") -> Iterator[str]:
    """Name each merged list of an object, at any depth, in which several items have the same merge key."""
    for key, value in object.items():
        if value.__class__ is str:
            # Most values are texts, which have no items.
            continue
        field = schema.field(key).value_or(_PLAIN)
        if isinstance(value, dict) and field.strategy != "replace":
            yield from repeated_items(field.schema, value, f"{path}{key}.")
        elif isinstance(value, list) and field.strategy == "merge":
            yield from _repeated_in(field, value, path + key)


def _repeated_in(field: Field, items: Items, path: str) -> Iterator[str]:
    """Name a merged list if several of its items have the same merge key, and such lists in the items."""
    names = [go_text(item_name(item, field.merge_key)) for item in items]
    kind = f"the {field.merge_key}" if field.merge_key else "the value"
    yield from (f"{path} has several items with {kind} {it}" for it, n in Counter(names).items() if n > 1)
    for name, item in zip(names, items, strict=True):
        yield from repeated_items(field.schema, item, f"{path}[{name}].") if isinstance(item, dict) else ()


def missing_fields(schema: Schema, after: Object, wanted: Object, path: str = "") -> Iterator[str]:
    """The paths of the fields of a manifest that an object has not, or has otherwise; it may have more.

    Of a merged list it has the items by their merge key, in the manifest's order.

    >>> list(missing_fields(Schema({}), {"a": {"b": 1, "d": 1}}, {"a": {"b": 2, "c": 1}}))
    ['a.b', 'a.c']
    """
    for key, value in wanted.items():
        if key not in after:
            # A directive of a patch is no field.
            yield from () if key.startswith("$") else (path + key,)
        else:
            yield from _missing_in(schema.field(key).value_or(_PLAIN), after[key], value, path + key)


def _missing_in(field: Field, after: Any, wanted: Any, path: str) -> Iterator[str]:
    """The paths of what a field lacks of what the manifest has there."""
    if isinstance(wanted, dict) and isinstance(after, dict):
        yield from missing_fields(field.schema, after, wanted, f"{path}.")
    elif isinstance(wanted, list) and isinstance(after, list) and field.strategy == "merge":
        yield from _missing_items(field, after, wanted, path)
    elif not deep_equal(after, wanted):
        yield path


def _missing_items(field: Field, after: Items, wanted: Items, path: str) -> Iterator[str]:
    """The path of a merged list that lacks an item, or those of what its items lack."""
    kept = [item for item in wanted if not is_deletion(item)]
    names = [item_name(item, field.merge_key) for item in kept]
    items = [item for item in after if item_name(item, field.merge_key) in names]
    if [item_name(item, field.merge_key) for item in items] != names:
        yield path
        return
    within = Field(field.schema)
    for name, item, mine in zip(names, items, kept, strict=True):
        yield from _missing_in(within, item, mine, f"{path}[{go_text(name)}]")
