"""An object's replicas: the fields where its kind keeps them, and the `Scale` that shows them. Pure.

Follows `scaleFromDeployment` of the apps registry and `scaleFromCustomResource` of apiextensions.
"""

from __future__ import annotations

from toolz import assoc_in, get_in

from fkube.cluster.kinds import Kind
from fkube.resource.info import Object

_PATHS = {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}
_SCALE_METADATA = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


def scale_of(kind: Kind, object: Object) -> Object:
    """The `Scale` that shows an object's replicas, wanted and present."""
    metadata, selector = object["metadata"], _scale_selector(kind, object)
    wanted = get_in(_field_path(kind, "specReplicasPath"), object)
    present = get_in(_field_path(kind, "statusReplicasPath"), object) or 0
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: metadata[key] for key in _SCALE_METADATA if key in metadata},
        "spec": {} if wanted is None else {"replicas": wanted},
        "status": {"replicas": present, **({"selector": selector} if selector else {})},
    }


def with_replicas(kind: Kind, object: Object, count: int) -> Object:
    """The object with another number of replicas."""
    scaled: Object = assoc_in(dict(object), _field_path(kind, "specReplicasPath"), count)
    return scaled


def _field_path(kind: Kind, name: str) -> list[str]:
    """The keys to the field that a path of the kind points to; `name`: such as `specReplicasPath`."""
    path = (kind.facts.get("scale") or _PATHS).get(name, "")
    return str(path).lstrip(".").split(".")


def _scale_selector(kind: Kind, object: Object) -> str | None:
    """The selector of an object as text, None for a custom one that has none.

    That of a built-in kind is written from the labels that it matches.
    """
    if kind.custom:
        text: str | None = get_in(_field_path(kind, "labelSelectorPath"), object)
        return text
    labels = get_in(["spec", "selector"], object) or {}
    matched = labels.get("matchLabels", labels if "matchExpressions" not in labels else {})
    return ",".join(f"{key}={value}" for key, value in sorted(matched.items()))
