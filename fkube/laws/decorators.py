"""Laws of our decorators, which set namespaces, labels, images, and of the lens on pod templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from returns.result import Success
from toolz import compose, identity

from fkube.laws.compare import Pair, Sides, decorate_twice, equation
from fkube.resource.info import Info, Object
from fkube.resource.podtemplate import Lens, pod_template
from fkube.visitor.changing import as_manifest, set_annotations, set_images, set_labels
from fkube.visitor.decorators import (
    check_namespace,
    filter_namespace,
    force_namespace,
    require_namespace,
    set_namespace,
)
from fkube.visitor.visits import Decorator

Texts: TypeAlias = Mapping[str, str]
SetTexts: TypeAlias = Callable[[Texts], Decorator]
"""`set_labels` and `set_annotations`."""
Rename: TypeAlias = Callable[[str], str]
"""From an image to its new one."""
SetImages: TypeAlias = Callable[[Rename], Decorator]
InNamespace: TypeAlias = Callable[[str], Decorator]
"""`set_namespace` and its like."""

_TEMPLATE = pod_template("spec.podTemplate")


@equation
def lens_get_put(workload: Info, *, lens: Lens = _TEMPLATE) -> Pair:
    """set(x, get(x)) == x, where there is a part to get"""
    return lens.over(workload.object, identity), workload.object


def lens_put_get(workload: Info, template: Object, *, lens: Lens = _TEMPLATE) -> Sides:
    """get(set(x, a)) == a, where there is a part to set; where there is none, set(x, a) == x"""
    put = lens.set(workload.object, template)
    if lens.get(workload.object) is None:
        return Sides("set(x, a) == x, where there is no part to set", put, workload.object)
    return Sides("get(set(x, a)) == a", lens.get(put), template)


@equation
def lens_put_put(workload: Info, template: Object, retemplate: Object, *, lens: Lens = _TEMPLATE) -> Pair:
    """set(set(x, a), b) == set(x, b)"""
    put = lens.set(workload.object, template)
    return lens.set(put, retemplate), lens.set(workload.object, retemplate)


@equation
def set_labels_idempotent(workload: Info, texts: Texts, *, set_labels: SetTexts = set_labels) -> Pair:
    """set_labels(l) ∘ set_labels(l) == set_labels(l)"""
    return decorate_twice(set_labels(texts), workload)


@equation
def set_annotations_idempotent(
    workload: Info, texts: Texts, *, set_annotations: SetTexts = set_annotations
) -> Pair:
    """set_annotations(a) ∘ set_annotations(a) == set_annotations(a)"""
    return decorate_twice(set_annotations(texts), workload)


def set_images_identity(workload: Info, *, set_images: SetImages = set_images) -> Sides:
    """set_images(identity)(i) is i"""
    same = set_images(identity)(workload)
    is_itself = same.map(lambda info: info is workload)
    return Sides("set_images(identity)(i) == i", same, Success(workload)) and Sides(
        "set_images(identity)(i) is i", is_itself, Success(True)
    )


@equation
def set_images_composition(
    workload: Info, rename: Rename, rerename: Rename, *, set_images: SetImages = set_images
) -> Pair:
    """set_images(g) ∘ set_images(f) == set_images(g ∘ f)"""
    one_by_one = set_images(rename)(workload).bind(set_images(rerename))
    return one_by_one, set_images(compose(rerename, rename))(workload)


@equation
def as_manifest_idempotent(workload: Info, *, as_manifest: Decorator = as_manifest) -> Pair:
    """as_manifest ∘ as_manifest == as_manifest"""
    return decorate_twice(as_manifest, workload)


@equation
def set_namespace_idempotent(
    info: Info, namespace: str, *, set_namespace: InNamespace = set_namespace
) -> Pair:
    """set_namespace(n) ∘ set_namespace(n) == set_namespace(n)"""
    return decorate_twice(set_namespace(namespace), info)


@equation
def filter_namespace_idempotent(info: Info, *, filter_namespace: Decorator = filter_namespace) -> Pair:
    """filter_namespace ∘ filter_namespace == filter_namespace"""
    return decorate_twice(filter_namespace, info)


@equation
def require_set_namespace(
    info: Info,
    namespace: str,
    *,
    set_namespace: InNamespace = set_namespace,
    require_namespace: InNamespace = require_namespace,
) -> Pair:
    """require_namespace(n) ∘ set_namespace(n) == require_namespace(n)"""
    required = require_namespace(namespace)
    return set_namespace(namespace)(info).bind(required), required(info)


@equation
def check_require_namespace(
    info: Info,
    namespace: str,
    *,
    check_namespace: InNamespace = check_namespace,
    set_namespace: InNamespace = set_namespace,
    require_namespace: InNamespace = require_namespace,
) -> Pair:
    """set_namespace(n) ∘ check_namespace(n) == require_namespace(n)"""
    checked = check_namespace(namespace)(info)
    return checked.bind(set_namespace(namespace)), require_namespace(namespace)(info)


@equation
def force_namespace_idempotent(
    info: Info, namespace: str, *, force_namespace: InNamespace = force_namespace
) -> Pair:
    """force_namespace(n) ∘ force_namespace(n) == force_namespace(n)"""
    return decorate_twice(force_namespace(namespace), info)


@equation
def require_force_namespace(
    info: Info,
    namespace: str,
    *,
    force_namespace: InNamespace = force_namespace,
    require_namespace: InNamespace = require_namespace,
) -> Pair:
    """require_namespace(n) ∘ force_namespace(n) == force_namespace(n)"""
    forced = force_namespace(namespace)(info)
    return forced.bind(require_namespace(namespace)), forced
