"""Where the pod template of a workload is, as a lens: how to look at it, and how to put another in its place.

Pure, and total: what is no workload, or a malformed one, has no template, and nothing is put into it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from toolz import assoc_in, get_in, unique

from fkube.resource.info import Object

FieldPath: TypeAlias = str | tuple[str, ...]
"""Where a field is: `"spec.podTemplate"`, or `("spec", "podTemplate")` where a key has dots."""


@dataclass(frozen=True, slots=True)
class Lens:
    """A part of an object: `get` gives it, None where there is none, `set` puts another in its place.

    A part that is missing is not made: there `set` gives the object back as it is.
    Law: lens_get_put, lens_put_get, lens_put_put
    """

    get: Callable[[Object], Object | None]
    set: Callable[[Object, Object], Object]

    def over(self, object: Object, function: Callable[[Object], Object]) -> Object:
        """The object with a function applied to the part; as it is where there is none.

        >>> pod_template().over({"kind": "Job", "spec": {"template": {"a": 1}}}, lambda template: {})
        {'kind': 'Job', 'spec': {'template': {}}}
        """
        part = self.get(object)
        return object if part is None else self.set(object, function(part))


def pod_template(*paths: FieldPath) -> Lens:
    """Look at the pod template of a workload of any kind.

    Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, ReplicationController, PodTemplate and Pod
    are known. Of a Pod it is its metadata and spec; so it is of other kinds at the path "". Else these have a
    template only where one of the paths leads to a mapping, and the first that does counts.
    Law: lens_get_put, lens_put_get, lens_put_put
    Follows `updatePodSpecForObject` of kubectl, which knows the same kinds but for PodTemplate.

    >>> pod_template().get({"kind": "Job", "spec": {"template": {"spec": {}}}})
    {'spec': {}}
    >>> pod_template().get({"kind": "Pod", "metadata": {"name": "a"}, "spec": {}})
    {'metadata': {'name': 'a'}, 'spec': {}}
    >>> pod_template("spec.podTemplate").set({"kind": "Widget", "spec": {"podTemplate": {}}}, {"spec": {}})
    {'kind': 'Widget', 'spec': {'podTemplate': {'spec': {}}}}
    """
    return _lens(_Find(tuple(map(_keys, paths))))


def pod_templates(*paths: FieldPath) -> tuple[Lens, ...]:
    """Look at each of several pod templates: a workload's own, and for other kinds one at each path.

    No two of them look at the same template.

    >>> widget = {"kind": "Widget", "spec": {"driver": {"spec": {}}, "worker": {"metadata": {}}}}
    >>> [lens.get(widget) for lens in pod_templates("spec.driver", "spec.worker")]
    [None, {'spec': {}}, {'metadata': {}}]
    """
    others = (_lens(_Find((path,), built_in=False)) for path in unique(map(_keys, paths)))
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
class _Find:
    """Where an object has a template: by its kind where `built_in`, by these paths for other kinds."""

    paths: tuple[_Keys, ...] = ()
    built_in: bool = True

    def __call__(self, object: Object, /) -> _Keys | None:
        own = _own(object)
        own_only = (own,) if own is not None and self.built_in else ()
        places = self.paths if own is None else own_only
        return next((place for place in places if _at(object, place) is not None), None)


@dataclass(frozen=True, slots=True)
class _Get:
    """How to look at a template."""

    find: _Find

    def __call__(self, object: Object, /) -> Object | None:
        place = self.find(object)
        return None if place is None else _at(object, place)


@dataclass(frozen=True, slots=True)
class _Set:
    """How to put another template in the place of one."""

    find: _Find

    def __call__(self, object: Object, template: Object, /) -> Object:
        place = self.find(object)
        if place is None:
            return object
        if not place:
            return _with_parts(object, template)
        replaced: Object = assoc_in(object, place, template)
        return replaced


def _lens(find: _Find) -> Lens:
    return Lens(_Get(find), _Set(find))


def _keys(path: FieldPath) -> _Keys:
    return tuple(filter(None, path.split("."))) if isinstance(path, str) else path


def _own(object: Object) -> _Keys | None:
    """Where the template of a kind of Kubernetes' own is; None of another kind."""
    group, _, _ = str(object.get("apiVersion") or "").rpartition("/")
    return _PLACES.get(str(object.get("kind"))) if group in _GROUPS else None


def _at(object: Object, place: _Keys) -> Object | None:
    if not place:
        parts = {key: object[key] for key in _PARTS if key in object}
        return parts if isinstance(parts.get("spec", {}), Mapping) else None
    found: Any = get_in(place, object)
    return found if isinstance(found, Mapping) else None


def _with_parts(object: Object, template: Object) -> Object:
    """The object with the metadata and spec of a template, which keep their places among its fields."""
    kept = {key: value for key, value in object.items() if key not in _PARTS or key in template}
    return {**kept, **{key: template[key] for key in _PARTS if key in template}}
