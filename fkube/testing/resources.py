"""Hypothesis strategies for resources: where they are from, what they are, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from operator import itemgetter

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from returns.result import Failure, Success

from fkube.documents.source import Kustomization, Named, Path, Selected, Source, Stdin, Text, Url
from fkube.laws.compare import list_of
from fkube.pipeline.discovery import Mapper, Resource, mapper
from fkube.report.outcomes import Outcome, Report, report
from fkube.resource.dataclasses import replace
from fkube.resource.errors import (
    DecodeError,
    NamespaceError,
    SourceError,
    StatusError,
    TransportError,
    UsageError,
    VisitError,
)
from fkube.resource.info import NOWHERE, Info, Object, Origin, RESTMapping, with_metadata
from fkube.visitor.changing import Texts
from fkube.visitor.visits import Reached, Visited, visited_of

NAMES = st.sampled_from(("a", "b", "c"))
KINDS = (
    ("v1", "ConfigMap"),
    ("v1", "Pod"),
    ("v1", "Namespace"),
    ("apps/v1", "Deployment"),
    ("example.com/v1", "Widget"),
    ("v1", "Secret"),
)
# Pools instead of builders: drawing is most of the time that a check takes.
_LABELS = ((), (("a", "a"),), (("a", "b"), ("b", "b")), (("c", "c"),))
_MORE: tuple[Object, ...] = (
    {},
    {"data": {"a": "a"}},
    {"spec": {"replicas": 1, "template": {"spec": {"containers": [{"name": "a", "image": "nginx"}]}}}},
)
_SECRET = {"data": {"password": "c2VjcmV0LXZhbHVl"}}
_ORIGINS = (NOWHERE, Origin("a.yaml", 1, 1), Origin("a.yaml", 2, 9), Origin("STDIN"), Origin("b.json", 1))
_ERRORS: tuple[VisitError, ...] = (
    UsageError("no"),
    SourceError("no such file", Origin("c.yaml")),
    DecodeError("no YAML", Origin("a.yaml", 2, 3)),
    DecodeError("no kind", Origin("a.yaml", 3, 7)),
    NamespaceError("another namespace", Origin("a.yaml", 1, 1)),
    StatusError("exists", 409, "AlreadyExists"),
    TransportError("connection refused"),
)
_MAPPINGS = (
    RESTMapping("", "v1", "Pod", "pods"),
    RESTMapping("apps", "v1", "Deployment", "deployments"),
    RESTMapping("", "v1", "Namespace", "namespaces", namespaced=False),
)
_OWN_MAPPINGS = {
    **{mapping.kind: mapping for mapping in _MAPPINGS},
    "ConfigMap": RESTMapping("", "v1", "ConfigMap", "configmaps"),
    "Secret": RESTMapping("", "v1", "Secret", "secrets"),
    "Widget": RESTMapping("example.com", "v1", "Widget", "widgets"),
}


def namespaces() -> SearchStrategy[str]:
    """Names of namespaces."""
    return st.sampled_from(("shop", "staging"))


def origins() -> SearchStrategy[Origin]:
    """Places of documents in files."""
    return st.sampled_from(_ORIGINS)


def errors() -> SearchStrategy[VisitError]:
    """Errors of several kinds."""
    return st.sampled_from(_ERRORS)


def mappings() -> SearchStrategy[RESTMapping]:
    """Mappings of kinds that live in namespaces, and of some that do not."""
    return st.sampled_from(_MAPPINGS)


def infos() -> SearchStrategy[Info]:
    """Resources that are no lists, in a namespace or in none, some with labels and a mapping.

    >>> from hypothesis import find
    >>> find(infos(), lambda info: True)
    Info(v1 ConfigMap a)
    """
    kinds, labels, more = map(st.sampled_from, (KINDS, _LABELS, _MORE))
    namespace = st.sampled_from(("", "shop", "staging"))
    objects = st.builds(_object, kinds, NAMES, namespace, labels, more)
    return st.builds(Info, objects, origins(), st.none() | mappings())


def mapped_infos() -> SearchStrategy[Info]:
    """Resources with the mapping of their kind, as verbs are given them; some are the server's already.

    >>> from hypothesis import find
    >>> find(mapped_infos(), lambda info: True).mapping.resource
    'configmaps'
    """
    return st.builds(_give_mapping, infos(), st.booleans())


def crds() -> SearchStrategy[Info]:
    """Definitions of the custom resources in `infos`, in one version or another."""
    return st.builds(_crd, NAMES, st.sampled_from(("v1", "v2")))


def mappers() -> SearchStrategy[Mapper]:
    """Mappers of the kinds that a server offers."""
    resources = st.sampled_from(_MAPPINGS).map(Resource)
    return st.lists(resources, max_size=3).map(mapper)


def steps() -> SearchStrategy[Sequence[Reached]]:
    """Sequences of resources and errors, as a pipeline reaches them."""
    reached = st.builds(Success, infos()) | st.builds(Success, crds()) | st.builds(Failure, errors())
    return st.lists(reached, max_size=6).map(tuple)


def info_lists() -> SearchStrategy[Info]:
    """Lists of resources, nested, and a few that are broken."""
    malformed = st.sampled_from(({"kind": "List", "items": "a"}, {"kind": "List", "items": [1, {"x": 1}]}))
    leaves = _lists(infos()) | st.builds(Info, malformed)
    return st.recursive(leaves, lambda inner: _lists(infos() | inner), max_leaves=3)


def visits() -> SearchStrategy[Visited[Outcome]]:
    """Visits that left outcomes, some of them failed."""
    created = st.builds(lambda info: Success(Outcome("created", info.origin, info)), infos())
    return st.lists(created | st.builds(Failure, errors()), max_size=4).map(visited_of)


def reports() -> SearchStrategy[Report]:
    """Reports of visits."""
    return visits().map(report)


def outcomes() -> SearchStrategy[Outcome]:
    """Outcomes of resources, some of which failed."""
    return visits().map(lambda visit: report(visit).outcomes).filter(bool).map(itemgetter(0))


def sources() -> SearchStrategy[Source]:
    """Sources of manifests, of every kind. None of them need be there."""
    names = st.sampled_from(("a", "b"))
    return st.one_of(
        st.builds(Text, st.sampled_from(("", "kind: Pod", "{"))),
        st.builds(Path, names, st.booleans()),
        st.builds(Url, names.map("https://{}.example".format)),
        st.just(Stdin()),
        st.builds(Kustomization, names),
        st.builds(Named, st.just("pods"), names),
        st.builds(Selected, st.just("pods")),
    )


def _object(kind: tuple[str, str], name: str, namespace: str, labels: Texts, more: Object) -> Object:
    """An object of this kind; one in no namespace or without labels has no such fields, a Secret has data."""
    metadata = {"name": name, "namespace": namespace, "labels": dict(labels)}
    given = {key: value for key, value in metadata.items() if value}
    # A copy, as what is tested may change it.
    rest = deepcopy(_SECRET if kind[1] == "Secret" else more)
    return {"apiVersion": kind[0], "kind": kind[1], "metadata": given, **rest}


def _crd(name: str, version: str) -> Info:
    """A definition of the kind Widget, served in one version."""
    names = {"kind": "Widget", "plural": "widgets"}
    spec = {"group": "example.com", "names": names, "versions": [{"name": version, "served": True}]}
    kind = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    return Info({**kind, "metadata": {"name": name}, "spec": spec})


def _give_mapping(info: Info, live: bool) -> Info:
    """Give a resource the mapping of its kind; a live one also gets what a server sets."""
    mapping = _OWN_MAPPINGS[info.kind]
    placed = info.object if mapping.namespaced else with_metadata(info.object, namespace=None)
    served = {"uid": "1", "resourceVersion": "1"} if live else {}
    return replace(info, object=with_metadata(placed, **served), mapping=mapping, live=live)


def _lists(contents: SearchStrategy[Info]) -> SearchStrategy[Info]:
    """Lists of up to three of these resources."""
    return st.lists(contents, max_size=3).map(lambda resources: list_of(*resources))
