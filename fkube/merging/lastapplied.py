"""The annotation in which apply keeps what it applied last. Objects to objects; nothing is sent."""

from __future__ import annotations

from returns.result import Failure, Result, Success

from fkube.merging.schemashape import map_in
from fkube.resource.info import Object, with_metadata
from fkube.syntax.gotext import json_line
from fkube.syntax.jsontext import load

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def last_applied(object: Object) -> str | None:
    """The text of the annotation, or None. Follows `GetOriginalConfiguration` of kubectl.

    >>> last_applied({"kind": "Pod", "metadata": {"annotations": {LAST_APPLIED: "{}"}}})
    '{}'
    """
    return _annotations(object).get(LAST_APPLIED)


def configuration(object: Object) -> str:
    """The text that is kept of a manifest: its JSON in one line, without the annotation itself.

    Follows `GetModifiedConfiguration` of kubectl, for which an object without annotations has empty ones.

    >>> configuration({"kind": "Pod", "metadata": {"name": "<a>"}})
    '{"kind":"Pod","metadata":{"annotations":{},"name":"\\\\u003ca\\\\u003e"}}\\n'
    """
    others = {key: value for key, value in _annotations(object).items() if key != LAST_APPLIED}
    return f"{json_line(with_metadata(object, annotations=others))}\n"


def saved(object: Object) -> Object:
    """Write the object's configuration into its annotation. Follows `CreateApplyAnnotation` of kubectl.

    Law: saved_keeps_the_configuration

    >>> last_applied(saved({"kind": "Pod"})) == configuration({"kind": "Pod"})
    True
    """
    kept = {**_annotations(object), LAST_APPLIED: configuration(object)}
    return with_metadata(object, annotations=kept)


def annotated(object: Object, save: bool) -> Object:
    """Write the annotation if `save` says so, or if there is one already.

    Equation: annotated(annotated(x, save), save) == annotated(x, save)
    Follows `CreateOrUpdateAnnotation` of kubectl.

    >>> annotated({"kind": "Pod"}, save=False)
    {'kind': 'Pod'}
    """
    return saved(object) if save or last_applied(object) else object


def original(object: Object) -> Result[Object, str]:
    """The configuration that was applied last; empty without annotation. Errors: one that is no object.

    >>> original({"metadata": {"annotations": {LAST_APPLIED: "[]"}}}).failure()
    'invalid JSON document'
    """
    text = last_applied(object) or "{}"
    match load(text):
        case Success((dict(value), _)):
            return Success(value)
    return Failure("invalid JSON document")


def _annotations(object: Object) -> dict[str, str]:
    """The annotations, none at all where one of them is no text (`NestedStringMap` of apimachinery)."""
    annotations = map_in(object, "metadata", "annotations")
    return dict(annotations) if all(isinstance(value, str) for value in annotations.values()) else {}
