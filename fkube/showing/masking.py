"""What Secrets keep, hidden from who compares them: objects to objects. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fkube.merging.lastapplied import LAST_APPLIED
from fkube.merging.values import same
from fkube.resource.info import Object, with_metadata

MASK, BEFORE, AFTER = "***", "*** (before)", "*** (after)"
"""What stands for a value: one that stays, or is only on one side; one that changes, on each side."""


def masked(before: Object, after: Object) -> tuple[Object, Object]:
    """Two versions of an object without what they keep, if it is a Secret; what differs still differs.

    Not only `data` is hidden, but `stringData` and the annotation with what was applied last too.
    Equation: of Secrets, the two sides of masked(a, b) are equal exactly where a and b are.
    Follows `Masker` of kubectl, which leaves the last two.

    >>> old = {"kind": "Secret", "apiVersion": "v1", "data": {"a": "MQ=="}}
    >>> [side["data"] for side in masked(old, {**old, "data": {"a": "Mg=="}})]
    [{'a': '*** (before)'}, {'a': '*** (after)'}]
    """
    if (after.get("kind"), after.get("apiVersion")) != ("Secret", "v1"):
        return before, after
    return _hide_values(before, after, BEFORE), _hide_values(after, before, AFTER)


def _hide_values(object: Object, other: Object, changed: str) -> Object:
    """One side with its values hidden."""
    fields = {
        field: _mask_values(object[field], other.get(field), changed)
        for field in ("data", "stringData")
        if object.get(field) is not None
    }
    mine, theirs = _annotations(object), _annotations(other)
    whole = {**object, **fields}
    if LAST_APPLIED not in mine:
        return whole
    value = _mask_value(mine[LAST_APPLIED], theirs.get(LAST_APPLIED, _ABSENT), changed)
    return with_metadata(whole, annotations={**mine, LAST_APPLIED: value})


def _mask_values(values: Any, others: Any, changed: str) -> Any:
    if not isinstance(values, Mapping):
        return MASK
    beside = others if isinstance(others, Mapping) else {}
    return {key: _mask_value(value, beside.get(key, _ABSENT), changed) for key, value in values.items()}


def _mask_value(value: Any, other: Any, changed: str) -> str:
    return MASK if other is _ABSENT or same(value, other) else changed


def _annotations(object: Object) -> Mapping[str, Any]:
    found = (object.get("metadata") or {}).get("annotations")
    return found if isinstance(found, Mapping) else {}


_ABSENT = object()
