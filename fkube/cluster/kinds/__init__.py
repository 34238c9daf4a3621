"""The resources that the cluster serves: the recorded ones, and what definitions add. Data and look-ups."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from fkube.resource.info import Object, RESTMapping

_VERSION = re.compile(r"v(\d+)(?:(alpha|beta)(\d+))?")


@dataclass(frozen=True, slots=True)
class Kind:
    """A resource at one version: its entry in aggregated discovery, how its objects are written and shown.

    `prefix` is what the keys of its objects begin with: versions of a resource share them. `schema` names a
    recorded schema, or is the structural schema of a custom resource; `facts` are the
    recorded habits of a built-in kind (see `tests/conformance/record.py`) or those of custom resources.
    """

    mapping: RESTMapping
    prefix: str
    entry: Object = field(repr=False)
    schema: Object = field(repr=False)
    facts: Object = field(repr=False)
    custom: bool = False

    @property
    def namespaced(self) -> bool:
        """Whether its objects live in namespaces."""
        return self.mapping.namespaced

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the server says of it in every answer: that it is deprecated."""
        return tuple(json.loads(told.removeprefix("299 - ")) for told in self.facts.get("warnings", ()))

    @property
    def subresources(self) -> Mapping[str, Object]:
        """Its subresources by name."""
        return {sub["subresource"]: sub for sub in self.entry.get("subresources") or ()}


Kinds: TypeAlias = Mapping[tuple[str, str, str], Kind]
"""Resources by group, version and plural name."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a path points to: a resource, or one object of it, or a subresource of that."""

    kind: Kind
    namespace: str = ""
    name: str = ""
    subresource: str = ""

    @property
    def prefix(self) -> str:
        """What the keys of the objects begin with."""
        return f"{self.kind.prefix}{self.namespace}/" if self.namespace else self.kind.prefix

    @property
    def key(self) -> str:
        """The key of the object."""
        return self.prefix + self.name


def end_of_prefix(prefix: str) -> str:
    """The first key behind all keys with a prefix that ends in a slash: in ASCII `0` comes after `/`."""
    return prefix[:-1] + "0"


@cache
def recorded() -> Object:
    """The facts recorded from a real API server (`make record-discovery`)."""
    packed = files("fkube.cluster").joinpath("facts.json.gz").read_bytes()
    facts: Object = json.loads(gzip.decompress(packed))
    return facts


@cache
def builtin() -> Kinds:
    """The recorded resources.

    >>> builtin()[("apps", "v1", "deployments")].mapping.kind
    'Deployment'
    """
    return {
        (kind.mapping.group, kind.mapping.version, kind.mapping.resource): kind for kind in _recorded_kinds()
    }


@cache
def builtin_groups() -> frozenset[str]:
    """The names of the recorded groups."""
    return frozenset(group for group, _, _ in builtin())


@cache
def schema_names() -> Mapping[tuple[str, str, str], str]:
    """The recorded schemas' names by group, version and kind."""
    found: dict[tuple[str, str, str], str] = {}
    for name, schema in recorded()["schemas"].items():
        for gvk in schema.get("x-kubernetes-group-version-kind") or ():
            found[(gvk["group"], gvk["version"], gvk["kind"])] = name
    return found


def _recorded_kinds() -> Iterator[Kind]:
    facts = recorded()
    for group in (*facts["core"], *facts["groups"]):
        name = group["metadata"].get("name") or ""
        for version in group["versions"]:
            for entry in version["resources"]:
                yield _recorded_kind(name, version["version"], entry)


def _recorded_kind(group: str, version: str, entry: Object) -> Kind:
    shown = entry["responseKind"]
    kind, resource = shown["kind"], entry["resource"]
    schema = schema_names().get((shown["group"] or group, shown["version"] or version, kind), "")
    habits = recorded()["resources"][f"{group}/{version}/{resource}"]
    mapping = RESTMapping(group, version, kind, resource, entry["scope"] == "Namespaced")
    return Kind(mapping, key_prefix(mapping), entry, {"$ref": schema} if schema else {}, habits)


def key_prefix(mapping: RESTMapping) -> str:
    """What the keys of a resource's objects begin with."""
    return f"{mapping.group}/{mapping.resource}/"


def find_kind(served: Kinds, group: str, version: str, resource: str) -> Kind | None:
    """The resource of that name, custom ones included."""
    key = (group, version, resource)
    return builtin().get(key) or served.get(key)


def namespaced_prefixes(served: Kinds) -> frozenset[str]:
    """What the keys of objects in namespaces begin with, for each resource."""
    return frozenset(kind.prefix for kind in (*builtin().values(), *served.values()) if kind.namespaced)


def version_order(version: str) -> tuple[int, int, int, str]:
    """A key that sorts versions by priority: v2, v1, v1beta2, v1beta1, v1alpha1, and others by name.

    Follows `version.CompareKubeAwareVersionStrings` of apimachinery.

    >>> sorted(["v1beta1", "foo", "v1", "v10"], key=version_order)
    ['v10', 'v1', 'v1beta1', 'foo']
    """
    match = _VERSION.fullmatch(version)
    if match is None:
        return 3, 0, 0, version
    stage = {None: 0, "beta": 1, "alpha": 2}[match[2]]
    return stage, -int(match[1]), -int(match[3] or 0), ""
