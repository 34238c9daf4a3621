"""Hypothesis strategies for workloads of every kind, malformed ones too, and for what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fkube.merging.lastapplied import LAST_APPLIED
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Info, Object
from fkube.testing.functions import Always

_NOTHING: SearchStrategy[object] = st.sampled_from((None, [], "a", 1))
_IMAGES = st.sampled_from(("nginx", "nginx:1.27", "mirror.example.com/nginx", ""))
_TEXTS = st.dictionaries(st.sampled_from(("a", "b", "c")), st.sampled_from(("a", "b")), max_size=2)
_SERVERS = {"deployment.kubernetes.io/revision": "1", LAST_APPLIED: "{}"}
# Where each kind has its template; the last is of no kind that is built in.
_KINDS = (
    ("apps/v1", "Deployment", ("spec", "template")),
    ("batch/v1", "Job", ("spec", "template")),
    ("batch/v1", "CronJob", ("spec", "jobTemplate", "spec", "template")),
    ("v1", "PodTemplate", ("template",)),
    ("v1", "Pod", ()),
    ("v1", "ConfigMap", ("data",)),
    ("example.com/v1", "Widget", ("spec", "podTemplate")),
)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A change of images: put something before each."""

    prefix: str

    def __call__(self, image: str, /) -> str:
        return self.prefix + image


def image_changes() -> SearchStrategy[Callable[[str], str]]:
    """Changes of images, of which it matters how often and in which order they are made."""
    return st.builds(Prefix, st.sampled_from(("a/", "b/"))) | st.builds(Always, _IMAGES)


def texts() -> SearchStrategy[Mapping[str, str]]:
    """A few labels or annotations."""
    return _TEXTS


def templates() -> SearchStrategy[Object]:
    """Pod templates, some without a spec, or with malformed containers.

    >>> from hypothesis import find
    >>> find(templates(), lambda template: "spec" in template)["spec"]
    {}
    """
    container = st.fixed_dictionaries({}, optional={"name": st.just("a"), "image": _IMAGES}) | _NOTHING
    containers = st.lists(container, max_size=2) | _NOTHING
    kinds = ("containers", "initContainers", "ephemeralContainers")
    spec = st.fixed_dictionaries({}, optional=dict.fromkeys(kinds, containers))
    metadata = st.fixed_dictionaries({}, optional={"labels": _TEXTS})
    return st.fixed_dictionaries({}, optional={"metadata": metadata, "spec": spec})


def workloads() -> SearchStrategy[Info]:
    """Resources with a pod template, and some that have none: of other kinds, or malformed. Some are live.

    >>> from hypothesis import find
    >>> find(workloads(), lambda info: True).object["spec"]
    {'more': 1, 'template': {}}
    """
    return st.builds(_workload, st.sampled_from(_KINDS), templates() | _NOTHING, _metadata(), st.booleans())


def _metadata() -> SearchStrategy[Object]:
    """Metadata with what a server writes, and labels and annotations that may be malformed."""
    annotations = st.dictionaries(st.sampled_from(("a", *_SERVERS)), st.just("1"), max_size=2)
    fields: Mapping[str, SearchStrategy[object]] = {
        "name": st.just("a"),
        "uid": st.just("1"),
        "managedFields": st.just([]),
        "labels": _TEXTS | _NOTHING,
        "annotations": annotations | _NOTHING,
    }
    return st.fixed_dictionaries({}, optional={**fields})


def _workload(kind: tuple[str, str, tuple[str, ...]], template: object, metadata: Object, live: bool) -> Info:
    """A resource of a kind (version, kind, place of the template), with this template at its place."""
    version, name, place = kind
    object = {"apiVersion": version, "kind": name, "metadata": metadata}
    status = {"status": {"replicas": 1}} if live else {}
    return Info({**object, **_put_template(place, template), **status}, live=live)


def _put_template(place: tuple[str, ...], template: object) -> Object:
    """Put a template at its place, with something beside it that has to stay there."""
    if not place:
        return template if isinstance(template, Mapping) else {"spec": template}
    key, *rest = place
    return {"more": 1, key: _put_template(tuple(rest), template) if rest else template}
