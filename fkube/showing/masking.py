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


def hide_secrets(body: Any, of_secrets: bool = False) -> Any:
    """Hide in the JSON of a request or an answer what Secrets keep, tokens, and what was applied last.

    `of_secrets`: what says nothing of its kind is about Secrets: a patch, the items of a list. Of Secrets all
    annotations are hidden, and what they should not have: fields, texts in place of objects. Keys, names and
    types stay.
    Equation: hide_secrets(hide_secrets(x)) = hide_secrets(x)

    >>> hide_secrets({"kind": "Secret", "data": {"a": "MQ=="}, "type": "Opaque"})
    {'kind': 'Secret', 'data': {'a': '***'}, 'type': 'Opaque'}
    >>> hide_secrets([{"op": "replace", "path": "/data/a", "value": "MQ=="}], of_secrets=True)
    [{'op': 'replace', 'path': '/data/a', 'value': '***'}]
    >>> hide_secrets({"kind": "SecretList", "metadata": "hunter2", "items": ["hunter2"]})
    {'kind': 'SecretList', 'metadata': '***', 'items': ['***']}
    """
    return _hide_body(_hide_loose(body) if of_secrets and isinstance(body, list) else body, of_secrets)


def _hide_loose(holder: Any) -> Any:
    """What should be an object or a list of them, with anything else hidden."""
    if isinstance(holder, list):
        return [_hide_loose(one) for one in holder]
    return holder if holder is None or isinstance(holder, Mapping) else MASK


def _hide_body(body: Any, of_secrets: bool) -> Any:
    """A body, or a part of one, without what is secret, as `hide_secrets` says."""
    if isinstance(body, list):
        return [_hide_body(one, of_secrets) for one in body]
    if not isinstance(body, Mapping):
        return body
    kind = body.get("kind")
    within = kind in ("Secret", "SecretList") or (of_secrets and kind != "Status")
    secret = kind == "Secret" or (within and not isinstance(kind, str))
    return {key: _hide_field(key, value, within, secret) for key, value in body.items()}


def _hide_field(key: str, value: Any, within: bool, secret: bool) -> Any:
    """The field of a body, hidden where it may keep a secret.

    `secret`: the field is of a Secret or of a patch of one, `within`: there may be Secrets in it.
    """
    if key == "metadata" and isinstance(value, Mapping):
        return _hide_annotations(value, within)
    odd = key == "immutable" and not isinstance(value, bool)
    if (secret and (odd or key not in _OPEN)) or (key in (LAST_APPLIED, "token") and isinstance(value, str)):
        return _hide_values(value, {}, MASK) if value is not None else None
    part = _hide_loose(value) if within and key in _HOLDERS else value
    return _hide_body(part, within and key != "columnDefinitions")


def _hide_annotations(metadata: Object, all: bool) -> Object:
    """Metadata with what was applied last hidden, or with all annotations hidden."""
    annotations = metadata.get("annotations")
    if not isinstance(annotations, Mapping):
        return metadata
    hidden = {key: MASK if all or key == LAST_APPLIED else value for key, value in annotations.items()}
    return {**metadata, "annotations": hidden}


_HOLDERS = ("metadata", "object", "items", "rows")
"""The fields that have an object, or several."""
_OPEN = (
    "apiVersion",
    "kind",
    "type",
    "immutable",
    "op",
    "path",
    "from",
    *_HOLDERS,
    "cells",
)
"""The fields that say what a body is, and those in which objects are."""
