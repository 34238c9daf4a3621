"""Values of Secrets hidden in comparisons: objects to objects. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fkube.merging.lastapplied import LAST_APPLIED
from fkube.merging.values import deep_equal
from fkube.resource.info import Object, metadata_of, with_metadata

MASK, BEFORE, AFTER = "***", "*** (before)", "*** (after)"
"""The texts in place of values: one that stays or is only on one side; one that changes, on each side."""


def masked(before: Object, after: Object) -> tuple[Object, Object]:
    """Hide the values of a Secret in two versions of it; where they differ stays visible.

    Not only `data` is hidden, but `stringData` and the annotation with what was applied last too.
    Equation: of Secrets, the two sides of masked(a, b) are equal exactly where a and b are.
    Follows `Masker` of kubectl, which leaves the last two.

    >>> old = {"kind": "Secret", "apiVersion": "v1", "data": {"a": "MQ=="}}
    >>> [side["data"] for side in masked(old, {**old, "data": {"a": "Mg=="}})]
    [{'a': '*** (before)'}, {'a': '*** (after)'}]
    """
    if (after.get("kind"), after.get("apiVersion")) != ("Secret", "v1"):
        return before, after
    return _hide_side(before, after, BEFORE), _hide_side(after, before, AFTER)


def _hide_side(object: Object, other: Object, changed: str) -> Object:
    """Hide the values of one side; those that differ on the `other` become the text `changed`."""
    fields = {
        field: _hide_values(object[field], other.get(field), changed)
        for field in ("data", "stringData")
        if object.get(field) is not None
    }
    whole, annotations = {**object, **fields}, _annotations(object)
    if LAST_APPLIED not in annotations:
        return whole
    hidden = _hide_values({LAST_APPLIED: annotations[LAST_APPLIED]}, _annotations(other), changed)
    return with_metadata(whole, annotations={**annotations, **hidden})


def _hide_values(values: object, others: object, changed: str) -> Any:
    """Replace each value by the mask, or by `changed` if the other side has it differently.

    What is no map becomes the mask as a whole.
    """
    if not isinstance(values, Mapping):
        return MASK
    beside = others if isinstance(others, Mapping) else {}
    return {
        key: MASK if deep_equal(value, beside.get(key, value)) else changed for key, value in values.items()
    }


def _annotations(object: Object) -> Object:
    """The annotations of an object, empty if it has none."""
    annotations = metadata_of(object).get("annotations")
    return annotations if isinstance(annotations, Mapping) else {}
