"""Decorators that set labels, annotations and images, and one that removes what only a server writes. Pure.

Those with arguments are frozen values: they compare, pickle, and print like the call which made them. An info
that needs no change is returned itself, so `is` tells whether a decorator changed it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, reduce
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.merging.lastapplied import LAST_APPLIED
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import DecodeError, VisitError
from fkube.resource.guarding import function_name
from fkube.resource.info import Info, Object, with_metadata
from fkube.resource.podtemplate import FieldPath, pod_templates

Texts: TypeAlias = tuple[tuple[str, str], ...]
"""Names and their values, sorted by name."""


@dataclass(frozen=True, slots=True, repr=False)
class SetLabels:
    """The decorator that `set_labels` makes."""

    labels: Texts

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        return _set_texts(info, "labels", self.labels)

    def __repr__(self) -> str:
        return f"set_labels({', '.join(f'{key}={value}' for key, value in self.labels)})"


@dataclass(frozen=True, slots=True, repr=False)
class SetAnnotations:
    """The decorator that `set_annotations` makes."""

    annotations: Texts

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        return _set_texts(info, "annotations", self.annotations)

    def __repr__(self) -> str:
        # Never the values: people keep secrets in annotations.
        return f"set_annotations({', '.join(f'{key}=…' for key, _ in self.annotations)})"


@dataclass(frozen=True, slots=True, repr=False)
class SetImages:
    """The decorator that `set_images` makes.

    `change`: from an image to its new one. `paths`: where further kinds have their pod templates.
    """

    change: Callable[[str], str]
    paths: tuple[FieldPath, ...] = ()

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        change = partial(_change_images, self.change)
        lenses = pod_templates(*self.paths)
        changed = reduce(lambda object, lens: lens.over(object, change), lenses, info.object)
        # Equal is enough: only what is below a template was made anew.
        return Success(info if changed == info.object else replace(info, object=changed))

    def __repr__(self) -> str:
        paths = (path if isinstance(path, str) else ".".join(path) for path in self.paths)
        return f"set_images({', '.join((function_name(self.change), *paths))})"


def set_labels(labels: Mapping[str, str] | None = None, /, **more: str) -> SetLabels:
    """Set these labels of each resource, and keep its others.

    Law: set_labels_idempotent
    Errors: `DecodeError` where the labels of an object are no mapping.

    >>> set_labels({"app.kubernetes.io/name": "web"}, team="shop")
    set_labels(app.kubernetes.io/name=web, team=shop)
    >>> set_labels(team="shop")(Info({"kind": "Pod", "metadata": {"labels": {"a": "b"}}})).unwrap().labels
    {'a': 'b', 'team': 'shop'}
    """
    return SetLabels(_sorted_texts(labels, more))


def set_annotations(annotations: Mapping[str, str] | None = None, /, **more: str) -> SetAnnotations:
    """Set these annotations of each resource, and keep its others.

    Law: set_annotations_idempotent
    Errors: `DecodeError` where the annotations of an object are no mapping.

    >>> set_annotations(note="secret")
    set_annotations(note=…)
    >>> set_annotations(note="secret")(Info({"kind": "Pod"})).unwrap().metadata
    {'annotations': {'note': 'secret'}}
    """
    return SetAnnotations(_sorted_texts(annotations, more))


def set_images(change: Callable[[str], str], *paths: FieldPath) -> SetImages:
    """Change the image of every container in every pod template.

    So also of init and ephemeral containers; a container without image is left alone. Kubernetes' own
    workloads are known; the paths say where other kinds have their templates (`pod_templates`).
    Law: set_images_identity, set_images_composition

    >>> pod = Info({"kind": "Pod", "spec": {"containers": [{"name": "a", "image": "nginx"}]}})
    >>> set_images("mirror.example.com/{}".format)(pod).unwrap().object["spec"]
    {'containers': [{'name': 'a', 'image': 'mirror.example.com/nginx'}]}
    >>> set_images(str.strip)(pod).unwrap() is pod
    True
    """
    return SetImages(change, paths)


def as_manifest(info: Info) -> Result[Info, VisitError]:
    """Remove what only a server writes, so that a live object can be applied again.

    It removes the status, the metadata that identifies one life of an object, and the annotations of apply
    and of rollouts. What a server fills in elsewhere, such as `clusterIP`, stays.
    Law: as_manifest_idempotent
    Follows `WipeObjectMetaSystemFields` of apiserver, `structuredMergeManager.Apply` of apimachinery (for
    which `managedFields` must be nil), and `GetModifiedConfiguration` of kubectl.

    >>> live = {"kind": "Pod", "metadata": {"name": "a", "uid": "1", "managedFields": []}, "status": {}}
    >>> as_manifest(Info(live, live=True)).unwrap().object
    {'kind': 'Pod', 'metadata': {'name': 'a'}}
    """
    given = {key: value for key, value in info.object.items() if key != "status"}
    metadata = given.get("metadata")
    written = (
        {**given, "metadata": _without_servers_fields(metadata)} if isinstance(metadata, Mapping) else given
    )
    manifest = replace(info, object=written, live=False, list_version="")
    return Success(info if manifest == info else manifest)


_SERVERS_FIELDS = frozenset(
    (
        *("managedFields", "resourceVersion", "uid", "generation", "selfLink"),
        *("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"),
    )
)
_SERVERS_ANNOTATIONS = frozenset((LAST_APPLIED, "deployment.kubernetes.io/revision"))
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def _sorted_texts(given: Mapping[str, str] | None, more: Mapping[str, str]) -> Texts:
    """Put both together, sorted by name; `more` counts where both have a name."""
    # By name, so that two which do the same are equal.
    return tuple(sorted({**(given or {}), **more}.items()))


def _set_texts(info: Info, field: str, texts: Texts) -> Result[Info, VisitError]:
    """Set texts in the labels or annotations (`field`) of a resource; fail where these are no mapping."""
    metadata = _or_empty(info.object.get("metadata"))
    there = _or_empty(metadata.get(field)) if isinstance(metadata, Mapping) else metadata
    if not isinstance(there, Mapping):
        place = f"metadata.{field}" if isinstance(metadata, Mapping) else "metadata"
        message = f"{place} is no mapping, so no {field} can be set: correct it in the manifest"
        return Failure(DecodeError(message, info.origin))
    if all(there.get(key) == value for key, value in texts):
        return Success(info)
    return Success(replace(info, object=with_metadata(info.object, **{field: {**there, **dict(texts)}})))


def _or_empty(value: Any) -> Any:
    """An empty mapping instead of None; any other value as it is."""
    return {} if value is None else value


def _change_images(change: Callable[[str], str], template: Object) -> Object:
    """Change the image of each container in a pod template; what is malformed stays as it is."""
    spec = template.get("spec")
    if not isinstance(spec, Mapping):
        return template
    lists = {key: spec[key] for key in _CONTAINERS if isinstance(spec.get(key), list)}
    changed = {key: [_change_image(change, item) for item in items] for key, items in lists.items()}
    return {**template, "spec": {**spec, **changed}}


def _change_image(change: Callable[[str], str], container: Any) -> Any:
    """Change the image of a container; what has no image stays as it is."""
    image = container.get("image") if isinstance(container, Mapping) else None
    return {**container, "image": change(image)} if isinstance(image, str) else container


def _without_servers_fields(metadata: Object) -> Object:
    """Remove metadata that only a server writes; also the annotations, if none of them is left."""
    kept = {key: value for key, value in metadata.items() if key not in _SERVERS_FIELDS}
    annotations = metadata.get("annotations")
    if not isinstance(annotations, Mapping) or not _SERVERS_ANNOTATIONS & annotations.keys():
        return kept
    ours = {key: value for key, value in annotations.items() if key not in _SERVERS_ANNOTATIONS}
    others = {key: value for key, value in kept.items() if key != "annotations"}
    return {**kept, "annotations": ours} if ours else others
