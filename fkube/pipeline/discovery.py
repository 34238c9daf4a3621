"""What a server offers, as data: discovery documents in, mappings of kinds, resources and short names out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from returns.result import Failure, Result, Success
from toolz import unique

from fkube.resource.errors import MappingError, VisitError
from fkube.resource.info import Info, Object, RESTMapping, is_list, with_mapping
from fkube.visitor.algebra import One, Reached, Visitor
from fkube.visitor.stages import Scanned

GroupVersionKind: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Resource:
    """One row of `kubectl api-resources`."""

    mapping: RESTMapping
    singular: str = ""
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapper:
    """All resources of a server by kind, first the preferred: core group first, preferred version first.

    `missing`: the group versions that the server has, but could not tell the resources of.

    >>> len(Mapper().kinds)
    0
    """

    kinds: Mapping[GroupVersionKind, Resource] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The resources in the order in which names are looked up."""
        return tuple(self.kinds.values())


def mapper(resources: Iterable[Resource]) -> Mapper:
    """A mapper of resources given in order of preference; the first of a kind wins.

    >>> pods = Resource(RESTMapping("", "v1", "Pod", "pods"), "pod", ("po",))
    >>> mapping_for(mapper([pods]), "po").unwrap().kind
    'Pod'
    """
    found: dict[GroupVersionKind, Resource] = {}
    for resource in resources:
        found.setdefault(_key(resource.mapping), resource)
    return Mapper(found)


def aggregated(*documents: Object) -> Mapper:
    """A mapper from aggregated discovery: `APIGroupDiscoveryList`s of `/api` and `/apis`.

    What is said of a version that is stale does not count. Follows `SplitGroupsAndResources` of client-go.
    """
    versions = tuple(
        (group["metadata"].get("name", ""), version)
        for document in documents
        for group in document.get("items") or ()
        for version in group.get("versions") or ()
    )
    stale = [(group, v["version"]) for group, v in versions if v.get("freshness") == "Stale"]
    found = mapper(
        resource
        for group, version in versions
        if (group, version["version"]) not in stale
        for item in version.get("resources") or ()
        for resource in _aggregated(group, version["version"], item)
    )
    return replace(found, missing=tuple(map("/".join, stale)))


def legacy(lists: Iterable[Object]) -> Mapper:
    """A mapper from `APIResourceList`s, given core first and each group's preferred version first.

    One without `resources` says that they are missing.

    >>> rows = [{"name": "pods", "kind": "Pod", "namespaced": True}, {"name": "pods/log", "kind": "Pod"}]
    >>> [r.mapping.resource for r in legacy([{"groupVersion": "v1", "resources": rows}]).resources]
    ['pods']
    """
    documents = tuple(lists)
    found = mapper(
        _legacy(document["groupVersion"], item)
        for document in documents
        for item in document.get("resources") or ()
        if "/" not in item["name"]
    )
    missing = (document["groupVersion"] for document in documents if "resources" not in document)
    return replace(found, missing=tuple(missing))


def extended(known: Mapper, crd: Object) -> Mapper:
    """The mapper once a CustomResourceDefinition is there too: its served versions, after what is known.

    >>> names = {"kind": "Shirt", "plural": "shirts"}
    >>> crd = {"spec": {"group": "a.b", "names": names, "versions": [{"name": "v1", "served": True}]}}
    >>> mapping_for(extended(Mapper(), crd), "shirts").unwrap().api_version
    'a.b/v1'
    """
    spec = crd.get("spec") or {}
    served = (v["name"] for v in spec.get("versions") or () if v.get("served"))
    added = (_custom(spec, version) for version in served) if spec.get("names") else ()
    return replace(known, kinds=mapper((*known.resources, *added)).kinds)


def is_crd(info: Info) -> bool:
    """Whether the resource defines a kind of custom resources."""
    return info.kind == "CustomResourceDefinition" and info.api_version.startswith("apiextensions.k8s.io/")


def kind_for(known: Mapper, api_version: str, kind: str) -> Result[RESTMapping, VisitError]:
    """The mapping of exactly this version of a kind.

    Errors: `MappingError` in the words of `meta.NoKindMatchError`. Follows `RESTMapper.RESTMapping`.

    >>> print(kind_for(Mapper(), "a.b/v1", "Shirt").failure())
    no matches for kind "Shirt" in version "a.b/v1"
    """
    group, _, version = api_version.rpartition("/")
    found = known.kinds.get((group, version, kind))
    if found is None:
        return Failure(MappingError(f'no matches for kind "{kind}" in version "{api_version}"'))
    return Success(found.mapping)


def mapping_for(known: Mapper, argument: str) -> Result[RESTMapping, VisitError]:
    """The mapping a user means: plural, singular, short name or kind, `.group` or `.version.group` after it.

    Errors: `MappingError` in kubectl's words. Follows `Builder.mappingFor` of cli-runtime.

    >>> print(mapping_for(Mapper(), "shirts.a.b").failure())
    the server doesn't have a resource type "shirts" in group "a.b"
    """
    found = next(_meant(known, argument), None)
    if found is not None:
        return Success(found.mapping)
    resource, _, group = argument.partition(".")
    within = f' in group "{group}"' if group else ""
    return Failure(MappingError(f'the server doesn\'t have a resource type "{resource}"{within}'))


def expanded(known: Mapper, argument: str) -> tuple[str, ...]:
    """The resources of a category (`all`), or the argument itself where it is none.

    Follows `Builder.ReplaceAliases` of cli-runtime.

    >>> expanded(Mapper(), "pods")
    ('pods',)
    """
    members = (r.mapping.qualified for r in known.resources if argument in r.categories)
    return tuple(unique(members)) or (argument,)


def mapped(known: Mapper) -> Scanned[Mapper]:
    """Give each resource its mapping; a definition of a kind extends what is known for what comes after it.

    Law: stage_over_list
    Errors: `MappingError` in kubectl's words, with the resource's origin. Follows `mapper.infoForData`.
    """
    return Scanned(map_next, known, "mapped")


def map_next(known: Mapper, result: Reached) -> tuple[Mapper, Visitor]:
    """Each kind is looked up in what the server offers."""
    if not isinstance(result, Success):
        return known, One(result)
    info = result.unwrap()
    return (extended(known, info.object) if is_crd(info) else known), One(map_info(known, info))


def map_info(known: Mapper, info: Info) -> Result[Info, VisitError]:
    """Give a resource its mapping, unless it has one; its scope is known from here on."""
    if info.mapping is not None:
        return Success(info)
    found = kind_for(known, info.api_version, info.kind)
    if isinstance(found, Success):
        return Success(with_mapping(info, found.unwrap()))
    return Failure(_unmapped(info, found.failure()))


def _unmapped(info: Info, error: VisitError) -> VisitError:
    found = f'resource mapping not found for name: "{info.name}" namespace: "{info.namespace}"'
    listed = "; it is a list: open it with flatten" if is_list(info.object) else ""
    return MappingError(f"{found}: {error.message}; ensure CRDs are installed first{listed}", info.origin)


def _meant(known: Mapper, argument: str) -> Iterator[Resource]:
    """What an argument may mean, the likeliest first."""
    head, _, tail = argument.partition(".")
    version, _, group = tail.partition(".")
    if group:
        yield from (r for r in _called(known, head, group) if r.mapping.version == version)
        yield from _short(known, head, group)
    yield from _called(known, head, tail)
    yield from _short(known, head, tail)
    if group:
        yield from (r for r in known.resources if _key(r.mapping) == (group, version, head))
    yield from (r for r in known.resources if r.mapping.kind == head and r.mapping.group == tail)


def _called(known: Mapper, name: str, group: str) -> Iterator[Resource]:
    """Resources of this plural or singular, exact groups before groups that only begin so.

    Follows `DefaultRESTMapper.ResourcesFor`.
    """
    return (r for r in _grouped(known, group) if name.lower() in (r.mapping.resource, r.singular))


def _short(known: Mapper, name: str, group: str) -> Iterator[Resource]:
    """Resources of this short name; the version is the preferred one. Follows `expandResourceShortcut`."""
    return (r for r in _grouped(known, group) if name in r.short_names)


def _grouped(known: Mapper, group: str) -> Iterator[Resource]:
    yield from (r for r in known.resources if not group or r.mapping.group == group)
    yield from (r for r in known.resources if group and r.mapping.group.startswith(group))


def _key(mapping: RESTMapping) -> GroupVersionKind:
    return (mapping.group, mapping.version, mapping.kind)


def _aggregated(group: str, version: str, item: Object) -> Iterator[Resource]:
    """One resource of aggregated discovery; one without a kind has only subresources and is left out."""
    kind = item.get("responseKind") or {}
    if kind.get("kind"):
        namespaced = item.get("scope") == "Namespaced"
        mapping = RESTMapping(group, version, kind["kind"], item["resource"], namespaced)
        yield _resource(mapping, item, item.get("singularResource"))


def _legacy(group_version: str, item: Object) -> Resource:
    group, _, version = group_version.rpartition("/")
    mapping = RESTMapping(group, version, item["kind"], item["name"], bool(item.get("namespaced")))
    return _resource(mapping, item, item.get("singularName"))


def _custom(spec: Object, version: str) -> Resource:
    names = spec["names"]
    scoped = spec.get("scope") == "Namespaced"
    mapping = RESTMapping(
        spec.get("group", ""), version, names.get("kind", ""), names.get("plural", ""), scoped
    )
    return _resource(mapping, names, names.get("singular"))


def _resource(mapping: RESTMapping, item: Object, singular: str | None) -> Resource:
    several = (tuple(item.get(key) or ()) for key in ("shortNames", "categories", "verbs"))
    return Resource(mapping, singular or mapping.kind.lower(), *several)
