"""Scales: an object's replicas as a `Scale` shows them, at the paths that its kind has them. Data to data.

Follows `scaleFromDeployment` of the apps registry and `scaleFromCustomResource` of apiextensions.
"""

from __future__ import annotations

from typing import Any

from toolz import assoc_in, get_in

from fkube.cluster.kinds import Kind
from fkube.resource.info import Object

_PATHS = {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}


def scale_of(kind: Kind, object: Object) -> Object:
    """The `Scale` of an object."""
    metadata, selector = object["metadata"], _scale_selector(kind, object)
    own = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    wanted = get_in(_replicas_path(kind, "specReplicasPath"), object)
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: metadata[key] for key in own if key in metadata},
        "spec": {} if wanted is None else {"replicas": wanted},
        "status": {
            "replicas": get_in(_replicas_path(kind, "statusReplicasPath"), object) or 0,
            **({"selector": selector} if selector else {}),
        },
    }


def with_replicas(kind: Kind, object: Object, count: int) -> Object:
    """The object with another number of replicas."""
    scaled_to: Object = assoc_in(dict(object), _replicas_path(kind, "specReplicasPath"), count)
    return scaled_to


def _replicas_path(kind: Kind, path: str) -> list[str]:
    paths: Object = kind.facts.get("scale") or _PATHS
    return str(paths[path]).lstrip(".").split(".")


def _scale_selector(kind: Kind, object: Object) -> Any:
    """The selector in text; of a built-in kind it is written from the labels that it matches."""
    if kind.custom:
        path = (kind.facts.get("scale") or {}).get("labelSelectorPath", "")
        return get_in(path.lstrip(".").split("."), object)
    labels = get_in(["spec", "selector"], object) or {}
    matched = labels.get("matchLabels", labels if "matchExpressions" not in labels else {})
    return ",".join(f"{key}={value}" for key, value in sorted(matched.items()))
