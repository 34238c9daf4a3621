"""The resources of a server as data: discovery documents are read to a mapper, which maps names to kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from returns.result import Failure, Result, Success
from toolz import unique

from fkube.exchange.offers import DEFINITION, GROUPS, RESOURCES
from fkube.pipeline.resources import Resource as Resource
from fkube.pipeline.resources import aggregated_resources, custom_resource, find_named, legacy_resource
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import MappingError, VisitError
from fkube.resource.info import Info, Object, RESTMapping, is_list, with_mapping
from fkube.syntax.misfits import find_misfit
from fkube.visitor.algebra import One
from fkube.visitor.stages import Scanned
from fkube.visitor.visits import Reached, Visitor

GroupVersionKind: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Mapper:
    """All resources of a server by kind, in order of preference: core group first, preferred version first.

    `missing`: the group versions whose resources the server could not list.
    """

    kinds: Mapping[GroupVersionKind, Resource] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The resources, in the order in which names are looked up."""
        return tuple(self.kinds.values())


def mapper(resources: Iterable[Resource]) -> Mapper:
    """Make a mapper of resources in order of preference; the first of a kind counts.

    >>> pods = Resource(RESTMapping("", "v1", "Pod", "pods"), "pod", ("po",))
    >>> mapping_for(mapper([pods]), "po").unwrap().kind
    'Pod'
    """
    chosen = unique(resources, key=lambda resource: resource.mapping.group_version_kind)
    return Mapper({resource.mapping.group_version_kind: resource for resource in chosen})


def aggregated_mapper(*documents: Object) -> Mapper:
    """Make a mapper of aggregated discovery: `APIGroupDiscoveryList`s of `/api` and `/apis`.

    The resources of a stale version are missing. A document of another shape adds nothing.
    Follows `SplitGroupsAndResources` of client-go.
    """
    versions = tuple(
        (group["metadata"].get("name", ""), version)
        for document in documents
        if find_misfit(document, GROUPS) is None
        for group in document.get("items") or ()
        for version in group.get("versions") or ()
    )
    stale = [(group, v["version"]) for group, v in versions if v.get("freshness") == "Stale"]
    found = mapper(
        resource
        for group, version in versions
        if (group, version["version"]) not in stale
        for item in version.get("resources") or ()
        for resource in aggregated_resources(group, version["version"], item)
    )
    return replace(found, missing=tuple(map("/".join, stale)))


def legacy_mapper(lists: Iterable[Object]) -> Mapper:
    """Make a mapper of `APIResourceList`s, core group first and each group's preferred version first.

    The resources of a list without `resources` are missing. A list of another shape adds nothing.

    >>> rows = [{"name": "pods", "kind": "Pod", "namespaced": True}, {"name": "pods/log", "kind": "Pod"}]
    >>> [r.mapping.resource for r in legacy_mapper([{"groupVersion": "v1", "resources": rows}]).resources]
    ['pods']
    """
    documents = tuple(one for one in lists if find_misfit(one, RESOURCES) is None)
    found = mapper(
        legacy_resource(document["groupVersion"], item)
        for document in documents
        for item in document.get("resources") or ()
        if "/" not in item["name"]
    )
    missing = (document["groupVersion"] for document in documents if "resources" not in document)
    return replace(found, missing=tuple(missing))


def add_definition(known: Mapper, crd: Object) -> Mapper:
    """Add the served versions of a CustomResourceDefinition to a mapper, behind what it has.

    One of another shape adds nothing.

    >>> names = {"kind": "Shirt", "plural": "shirts"}
    >>> crd = {"spec": {"group": "a.b", "names": names, "versions": [{"name": "v1", "served": True}]}}
    >>> mapping_for(add_definition(Mapper(), crd), "shirts").unwrap().api_version
    'a.b/v1'
    """
    spec = (crd.get("spec") or {}) if isinstance(crd, Mapping) else None
    if find_misfit(spec, DEFINITION) is not None:
        # The server will say what is wrong with it.
        return known
    served = (v["name"] for v in spec.get("versions") or () if v.get("served"))
    added = (custom_resource(spec, version) for version in served) if spec.get("names") else ()
    return replace(known, kinds=mapper((*known.resources, *added)).kinds)


def add_known(now: Mapper, last: Mapper) -> Mapper:
    """Add to what a server offers now the kinds that only an earlier mapper has."""
    rest = {kind: found for kind, found in last.kinds.items() if kind not in now.kinds}
    return replace(now, kinds={**now.kinds, **rest})


def is_crd(info: Info) -> bool:
    """Whether a resource is a CustomResourceDefinition."""
    return info.kind == "CustomResourceDefinition" and info.api_version.startswith("apiextensions.k8s.io/")


def kind_for(known: Mapper, api_version: str, kind: str) -> Result[RESTMapping, VisitError]:
    """Look up the mapping of exactly this version of a kind; the kind may be written in lower case too.

    Errors: `MappingError` in the words of `meta.NoKindMatchError`.
    Follows `RESTMapper.RESTMapping` and `NewDiscoveryRESTMapper` of client-go.

    >>> print(kind_for(Mapper(), "a.b/v1", "Shirt").failure())
    no matches for kind "Shirt" in version "a.b/v1"
    """
    group, _, version = api_version.rpartition("/")
    found = known.kinds.get((group, version, kind)) or next(_lower_kinds(known, group, version, kind), None)
    missing = f'no matches for kind "{kind}" in version "{api_version}"'
    untold = (one for one in known.missing if one == api_version)
    return (
        Success(found.mapping) if found else Failure(MappingError(missing, warnings=warn_of_missing(untold)))
    )


def _lower_kinds(known: Mapper, group: str, version: str, kind: str) -> Iterator[Resource]:
    """List the resources of exactly this version whose kind is this one in lower case."""
    named = (r for r in known.resources if r.mapping.kind.lower() == kind)
    return (r for r in named if (r.mapping.group, r.mapping.version) == (group, version))


def mapping_for(known: Mapper, argument: str) -> Result[RESTMapping, VisitError]:
    """Look up a plural, singular, short name or kind, with `.group` or `.version.group` after it.

    A kind is written as it is or in lower case, as `-o name` prints it; of the core group `.v1.` is enough.
    Errors: `MappingError` in kubectl's words. Follows `Builder.mappingFor` of cli-runtime.

    >>> print(mapping_for(Mapper(), "shirts.a.b").failure())
    the server doesn't have a resource type "shirts" in group "a.b"
    """
    for found in find_named(known.resources, argument):
        return Success(found.mapping)
    resource, _, group = argument.partition(".")
    within = f' in group "{group}"' if group else ""
    # What stands before the first dot may be a version.
    meant = (group, group.partition(".")[2] or group)
    untold = (one for one in known.missing if one.startswith(meant))
    unknown = f'the server doesn\'t have a resource type "{resource}"{within}'
    return Failure(MappingError(unknown, warnings=warn_of_missing(untold)))


def warn_of_missing(versions: Iterable[str]) -> tuple[str, ...]:
    """A warning for each group version that may have what is not found, but could not be told of.

    Follows `memCacheClient.refreshLocked` of client-go, which writes them to its log.
    """
    return tuple(f"couldn't get the resource list for {version}: {_DOWN}" for version in versions)


def expand_category(known: Mapper, argument: str) -> tuple[str, ...]:
    """List the names of the types in a category such as `all`; any other name is its own.

    Follows `Builder.ReplaceAliases` of cli-runtime.

    >>> expand_category(Mapper(), "pods")
    ('pods',)
    """
    members = (r.mapping.qualified for r in known.resources if argument in r.categories)
    return tuple(unique(members)) or (argument,)


def mapped(known: Mapper) -> Scanned[Mapper]:
    """Give each resource its mapping; a definition of a kind is known to the resources after it.

    Law: stage_over_list
    Errors: `MappingError` in kubectl's words, with the resource's origin. Follows `mapper.infoForData`.
    """
    return Scanned(map_next, known, "mapped")


def map_next(known: Mapper, result: Reached) -> tuple[Mapper, Visitor]:
    """Each kind is looked up in what the server offers."""
    # By `isinstance`, which is faster than `match`: every resource comes by here.
    if not isinstance(result, Success):
        return known, One(result)
    info = result.unwrap()
    return (add_definition(known, info.object) if is_crd(info) else known), One(map_info(known, info))


def map_info(known: Mapper, info: Info) -> Result[Info, VisitError]:
    """Give a resource its mapping, unless it has one already; a `MappingError` for an unknown kind."""
    if info.mapping is not None:
        return Success(info)
    listed = "; it is a list: open it with flatten" if is_list(info.object) else ""
    found = kind_for(known, info.api_version, info.kind)
    return found.map(partial(with_mapping, info)).alt(partial(mapping_error, info, hint=listed))


def mapping_error(info: Info, error: VisitError, hint: str = "") -> VisitError:
    """Add to an error which resource has no mapping, and what to do about it."""
    found = f'resource mapping not found for name: "{info.name}" namespace: "{info.namespace}"'
    message = f"{found}: {error.message}; ensure CRDs are installed first{hint}"
    return replace(error, message=message, origin=info.origin)


_DOWN = "the server is currently unable to handle the request"
