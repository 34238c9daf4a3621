"""Laws of what changes objects: the lens on pod templates, and the decorators of `fkube.visitor.changing`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from returns.result import Success
from toolz import identity

from fkube.resource.info import Info, Object
from fkube.resource.podtemplate import Lens, pod_template
from fkube.visitor.algebra import Decorator
from fkube.visitor.changing import as_manifest, set_annotations, set_images, set_labels

SetTexts = Callable[[Mapping[str, str]], Decorator]
SetImages = Callable[[Callable[[str], str]], Decorator]

_TEMPLATE = pod_template("spec.podTemplate")


def lens_get_put(workload: Info, *, lens: Lens = _TEMPLATE) -> bool:
    """set(x, get(x)) == x, where there is a part to get"""
    part = lens.get(workload.object)
    return part is None or lens.set(workload.object, part) == workload.object


def lens_put_get(workload: Info, template: Object, *, lens: Lens = _TEMPLATE) -> bool:
    """get(set(x, a)) == a, where there is a part to set; where there is none, set(x, a) == x"""
    put = lens.set(workload.object, template)
    return put == workload.object if lens.get(workload.object) is None else lens.get(put) == template


def lens_put_put(workload: Info, template: Object, retemplate: Object, *, lens: Lens = _TEMPLATE) -> bool:
    """set(set(x, a), b) == set(x, b)"""
    twice = lens.set(lens.set(workload.object, template), retemplate)
    return twice == lens.set(workload.object, retemplate)


def set_labels_idempotent(
    workload: Info, texts: Mapping[str, str], *, set_labels: SetTexts = set_labels
) -> bool:
    """set_labels(l) ∘ set_labels(l) == set_labels(l)"""
    once = set_labels(texts)(workload)
    return once.bind(set_labels(texts)) == once


def set_annotations_idempotent(
    workload: Info, texts: Mapping[str, str], *, set_annotations: SetTexts = set_annotations
) -> bool:
    """set_annotations(a) ∘ set_annotations(a) == set_annotations(a)"""
    once = set_annotations(texts)(workload)
    return once.bind(set_annotations(texts)) == once


def set_images_identity(workload: Info, *, set_images: SetImages = set_images) -> bool:
    """set_images(identity)(i) is i"""
    same = set_images(identity)(workload)
    return isinstance(same, Success) and same.unwrap() is workload


def set_images_composition(
    workload: Info,
    rename: Callable[[str], str],
    rerename: Callable[[str], str],
    *,
    set_images: SetImages = set_images,
) -> bool:
    """set_images(g) ∘ set_images(f) == set_images(g ∘ f)"""
    one_by_one = set_images(rename)(workload).bind(set_images(rerename))
    return one_by_one == set_images(lambda image: rerename(rename(image)))(workload)


def as_manifest_idempotent(workload: Info, *, as_manifest: Decorator = as_manifest) -> bool:
    """as_manifest ∘ as_manifest == as_manifest"""
    once = as_manifest(workload)
    return once.bind(as_manifest) == once
