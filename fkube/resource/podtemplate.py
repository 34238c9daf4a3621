"""The pod template of a workload as a lens: get it, or set another in its place.

Pure and total: an object that is no workload, or a malformed one, has no template and stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from toolz import assoc_in, get_in, unique

from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Object

FieldPath: TypeAlias = str | tuple[str, ...]
"""The path of a field: `"spec.podTemplate"`, or `("spec", "podTemplate")` where a key has dots."""


@dataclass(frozen=True, slots=True)
class Lens:
    """A part of an object: `get` returns it or None, `set` puts another in its place.

    `set` does not add a part that is missing: it returns the object as it is.
    Law: lens_get_put, lens_put_get, lens_put_put
    """

    get: Callable[[Object], Object | None]
    set: Callable[[Object, Object], Object]

    def over(self, object: Object, function: Callable[[Object], Object]) -> Object:
        """Apply a function to the part; an object without it stays as it is.

        >>> pod_template().over({"kind": "Job", "spec": {"template": {"a": 1}}}, lambda template: {})
        {'kind': 'Job', 'spec': {'template': {}}}
        """
        part = self.get(object)
        return object if part is None else self.set(object, function(part))


def pod_template(*paths: FieldPath) -> Lens:
    """Make a lens for the pod template of a workload.

    Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, ReplicationController, PodTemplate and Pod
    are known; the template of a Pod is its metadata and spec. In an object of another kind it is at the first
    of the paths that leads to a mapping; the path "" stands for metadata and spec.
    Law: lens_get_put, lens_put_get, lens_put_put
    Follows `updatePodSpecForObject` of kubectl, which knows the same kinds but for PodTemplate.

    >>> pod_template().get({"kind": "Job", "spec": {"template": {"spec": {}}}})
    {'spec': {}}
    >>> pod_template().get({"kind": "Pod", "metadata": {"name": "a"}, "spec": {}})
    {'metadata': {'name': 'a'}, 'spec': {}}
    >>> pod_template("spec.podTemplate").set({"kind": "Widget", "spec": {"podTemplate": {}}}, {"spec": {}})
    {'kind': 'Widget', 'spec': {'podTemplate': {'spec': {}}}}
    """
    return _lens(_Get(tuple(map(_path_keys, paths))))


def pod_templates(*paths: FieldPath) -> tuple[Lens, ...]:
    """Make lenses for all pod templates of an object: that of a known workload, or one at each path.

    No two of them get the same template.

    >>> widget = {"kind": "Widget", "spec": {"driver": {"spec": {}}, "worker": {"metadata": {}}}}
    >>> [lens.get(widget) for lens in pod_templates("spec.driver", "spec.worker")]
    [None, {'spec': {}}, {'metadata': {}}]
    """
    others = (_lens(_Get((path,), built_in=False)) for path in unique(map(_path_keys, paths)))
    return (pod_template(), *others)


_Keys: TypeAlias = tuple[str, ...]

_PARTS = ("metadata", "spec")
# "" is there for objects made in code, which often have no apiVersion.
_GROUPS = ("", "apps", "batch", "extensions")
_PLACES: Mapping[str, _Keys] = {
    **dict.fromkeys(("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"), ("spec", "template")),
    "ReplicationController": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "PodTemplate": ("template",),
    "Pod": (),
}


@dataclass(frozen=True, slots=True)
class _Get:
    """How to get the template of an object: by kind if `built_in`, for other kinds at these paths."""

    paths: tuple[_Keys, ...] = ()
    built_in: bool = True

    def __call__(self, object: Object, /) -> Object | None:
        place = self.find_place(object)
        return None if place is None else _part_at(object, place)

    def find_place(self, object: Object) -> _Keys | None:
        """Find the path of the template; None where there is none."""
        group = str(object.get("apiVersion") or "").rpartition("/")[0]
        known = _PLACES.get(str(object.get("kind"))) if group in _GROUPS else None
        places = self.paths if known is None else (known,) * self.built_in
        return next((place for place in places if _part_at(object, place) is not None), None)


@dataclass(frozen=True, slots=True)
class _Set:
    """How to set another template in an object, where `get` finds one."""

    get: _Get

    def __call__(self, object: Object, template: Object, /) -> Object:
        place = self.get.find_place(object)
        if place is None:
            return object
        if place:
            return {**assoc_in(object, place, template)}
        # The fields keep their order.
        kept = {key: value for key, value in object.items() if key not in _PARTS or key in template}
        return {**kept, **{key: template[key] for key in _PARTS if key in template}}


def _lens(get: _Get) -> Lens:
    return Lens(get, _Set(get))


def _path_keys(path: FieldPath) -> _Keys:
    """The keys of a path; the path "" has none."""
    return tuple(filter(None, path.split("."))) if isinstance(path, str) else path


def _part_at(object: Object, place: _Keys) -> Object | None:
    """The mapping at a place, or None; at the empty one the metadata and spec of the object itself."""
    if not place:
        parts = {key: object[key] for key in _PARTS if key in object}
        return parts if isinstance(parts.get("spec", {}), Mapping) else None
    found: Any = get_in(place, object)
    return found if isinstance(found, Mapping) else None
