"""Decorators that change what objects say: labels, annotations, images, and what only a server writes. Pure.

Those with arguments are frozen values: they compare, pickle, and print like the call which made them. An info
in which nothing has to change comes back itself, so `is` tells whether a decorator changed one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.merging.lastapplied import LAST_APPLIED
from fkube.resource.errors import DecodeError, VisitError
from fkube.resource.guarding import function_name
from fkube.resource.info import Info, Object, with_metadata
from fkube.resource.podtemplate import FieldPath, pod_templates

Texts: TypeAlias = tuple[tuple[str, str], ...]
"""Names and what each of them gets, by name."""


@dataclass(frozen=True, slots=True, repr=False)
class SetLabels:
    """The decorator that `set_labels` makes."""

    labels: Texts

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        return _with_texts(info, "labels", self.labels)

    def __repr__(self) -> str:
        return f"set_labels({', '.join(f'{key}={value}' for key, value in self.labels)})"


@dataclass(frozen=True, slots=True, repr=False)
class SetAnnotations:
    """The decorator that `set_annotations` makes."""

    annotations: Texts

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        return _with_texts(info, "annotations", self.annotations)

    def __repr__(self) -> str:
        # Never the values: people keep secrets in annotations.
        return f"set_annotations({', '.join(f'{key}=…' for key, _ in self.annotations)})"


@dataclass(frozen=True, slots=True, repr=False)
class SetImages:
    """The decorator that `set_images` makes."""

    change: Callable[[str], str]
    paths: tuple[FieldPath, ...] = ()

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        change = partial(_with_images, self.change)
        lenses = pod_templates(*self.paths)
        changed = reduce(lambda object, lens: lens.over(object, change), lenses, info.object)
        # Equal is enough: only what is below a template was made anew.
        return Success(info if changed == info.object else replace(info, object=changed))

    def __repr__(self) -> str:
        paths = (path if isinstance(path, str) else ".".join(path) for path in self.paths)
        return f"set_images({', '.join((function_name(self.change), *paths))})"


def set_labels(labels: Mapping[str, str] | None = None, /, **more: str) -> SetLabels:
    """Set labels of each resource, and keep its others.

    Law: set_labels_idempotent
    Errors: `DecodeError` where the labels of an object are no mapping.

    >>> set_labels({"app.kubernetes.io/name": "web"}, team="shop")
    set_labels(app.kubernetes.io/name=web, team=shop)
    >>> set_labels(team="shop")(Info({"kind": "Pod", "metadata": {"labels": {"a": "b"}}})).unwrap().labels
    {'a': 'b', 'team': 'shop'}
    """
    return SetLabels(_texts(labels, more))


def set_annotations(annotations: Mapping[str, str] | None = None, /, **more: str) -> SetAnnotations:
    """Set annotations of each resource, and keep its others.

    Law: set_annotations_idempotent
    Errors: `DecodeError` where the annotations of an object are no mapping.

    >>> set_annotations(note="secret")
    set_annotations(note=…)
    >>> set_annotations(note="secret")(Info({"kind": "Pod"})).unwrap().metadata
    {'annotations': {'note': 'secret'}}
    """
    return SetAnnotations(_texts(annotations, more))


def set_images(change: Callable[[str], str], *paths: FieldPath) -> SetImages:
    """Change the image of every container in every pod template.

    Init and ephemeral containers have images too. A container without one is left alone. Kubernetes' own
    workloads are known; the paths say where those of other kinds have their templates (`pod_templates`).
    Law: set_images_identity, set_images_composition

    >>> pod = Info({"kind": "Pod", "spec": {"containers": [{"name": "a", "image": "nginx"}]}})
    >>> set_images("mirror.example.com/{}".format)(pod).unwrap().object["spec"]
    {'containers': [{'name': 'a', 'image': 'mirror.example.com/nginx'}]}
    >>> set_images(str.strip)(pod).unwrap() is pod
    True
    """
    return SetImages(change, paths)


def as_manifest(info: Info) -> Result[Info, VisitError]:
    """Take off what only a server writes, so that a live object can be applied again.

    The status goes, of the metadata all that identifies one life of an object, and the annotations of apply
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
    written = {**given, "metadata": _as_written(metadata)} if isinstance(metadata, Mapping) else given
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


def _texts(given: Mapping[str, str] | None, more: Mapping[str, str]) -> Texts:
    # By name, so that two which do the same are equal.
    return tuple(sorted({**(given or {}), **more}.items()))


def _with_texts(info: Info, field: str, texts: Texts) -> Result[Info, VisitError]:
    """The resource with texts set in its labels or annotations."""
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
    return {} if value is None else value


def _with_images(change: Callable[[str], str], template: Object) -> Object:
    spec = template.get("spec")
    if not isinstance(spec, Mapping):
        return template
    lists = {key: spec[key] for key in _CONTAINERS if isinstance(spec.get(key), list)}
    changed = {key: [_with_image(change, item) for item in items] for key, items in lists.items()}
    return {**template, "spec": {**spec, **changed}}


def _with_image(change: Callable[[str], str], container: Any) -> Any:
    image = container.get("image") if isinstance(container, Mapping) else None
    return {**container, "image": change(image)} if isinstance(image, str) else container


def _as_written(metadata: Object) -> Object:
    """Metadata without what only a server writes; nothing stays of annotations that were all a server's."""
    kept = {key: value for key, value in metadata.items() if key not in _SERVERS_FIELDS}
    annotations = metadata.get("annotations")
    if not isinstance(annotations, Mapping) or not _SERVERS_ANNOTATIONS & annotations.keys():
        return kept
    ours = {key: value for key, value in annotations.items() if key not in _SERVERS_ANNOTATIONS}
    return {**kept, "annotations": ours} if ours else _without(kept, "annotations")


def _without(fields: Object, name: str) -> Object:
    return {key: value for key, value in fields.items() if key != name}
