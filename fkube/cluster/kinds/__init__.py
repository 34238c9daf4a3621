"""The kinds that a cluster serves: the recorded ones, those that definitions add, and their rules. Pure."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TypeAlias

from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Object, RESTMapping
from fkube.resource.patterns import compile_later

_VERSION = compile_later(r"v(\d+)(?:(alpha|beta)(\d+))?")


@dataclass(frozen=True, slots=True)
class Kind:
    """A resource at one version: its entry in aggregated discovery, how its objects are written and shown.

    `prefix`: the beginning of its objects' keys, the same for all versions of a resource. `schema`: a
    reference to a recorded schema, or the structural schema of a custom resource. `facts`: what was recorded
    of a built-in kind (see `tests/conformance/record.py`), or what a definition says of a custom one.
    """

    mapping: RESTMapping
    prefix: str
    entry: Object = field(repr=False)
    schema: Object = field(repr=False)
    facts: Object = field(repr=False)
    custom: bool = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings that every response about it carries, such as that it is deprecated."""
        return tuple(json.loads(line.removeprefix("299 - ")) for line in self.facts.get("warnings", ()))

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
        """The beginning of the keys of the collection's objects, in its namespace if it has one."""
        return f"{self.kind.prefix}{self.namespace}/" if self.namespace else self.kind.prefix

    @property
    def key(self) -> str:
        """The key of the object; where the path names none, the prefix of the collection."""
        return self.prefix + self.name


def end_of_prefix(prefix: str) -> str:
    """The first key after all keys with a prefix that ends in a slash: in ASCII `0` comes after `/`."""
    return prefix[:-1] + "0"


@cache
def load_records(name: str) -> Object:
    """The JSON data in a packed file beside this package, read once."""
    packed = files("fkube.cluster").joinpath(name).read_bytes()
    records: Object = json.loads(gzip.decompress(packed))
    return records


@cache
def recorded_facts() -> Object:
    """The facts recorded from a real API server (`make record-discovery`)."""
    return load_records("facts.json.gz")


@cache
def builtin_kinds() -> Kinds:
    """The built-in resources, as they are recorded.

    >>> builtin_kinds()[("apps", "v1", "deployments")].mapping.kind
    'Deployment'
    """
    kinds = (
        _recorded_kind(group["metadata"].get("name") or "", version["version"], entry)
        for group in (*recorded_facts()["core"], *recorded_facts()["groups"])
        for version in group["versions"]
        for entry in version["resources"]
    )
    return {(kind.mapping.group, kind.mapping.version, kind.mapping.resource): kind for kind in kinds}


@cache
def builtin_groups() -> frozenset[str]:
    """The names of the built-in groups."""
    return frozenset(group for group, _, _ in builtin_kinds())


@cache
def schema_names() -> Mapping[tuple[str, str, str], str]:
    """The recorded schemas' names by group, version and kind."""
    return {
        (gvk["group"], gvk["version"], gvk["kind"]): name
        for name, schema in recorded_facts()["schemas"].items()
        for gvk in schema.get("x-kubernetes-group-version-kind") or ()
    }


def _recorded_kind(group: str, version: str, entry: Object) -> Kind:
    """The built-in kind for an entry of the recorded discovery document."""
    response, resource = entry["responseKind"], entry["resource"]
    names = response["group"] or group, response["version"] or version, response["kind"]
    schema = {"$ref": schema_names()[names]} if names in schema_names() else {}
    facts = recorded_facts()["resources"][f"{group}/{version}/{resource}"]
    mapping = RESTMapping(group, version, response["kind"], resource, entry["scope"] == "Namespaced")
    return Kind(mapping, key_prefix(mapping), entry, schema, facts)


def key_prefix(mapping: RESTMapping) -> str:
    """The beginning of the keys of a resource's objects."""
    return f"{mapping.group}/{mapping.resource}/"


def find_kind(served: Kinds, group: str, version: str, resource: str) -> Kind | None:
    """The built-in or custom resource (`served`) of that plural name, or None."""
    key = (group, version, resource)
    return builtin_kinds().get(key) or served.get(key)


def namespaced_prefixes(served: Kinds) -> frozenset[str]:
    """The beginning of the keys of each resource whose objects live in namespaces."""
    return frozenset(kind.prefix for kind in all_kinds(served) if kind.mapping.namespaced)


def all_kinds(served: Kinds) -> Iterator[Kind]:
    """The built-in kinds, then the custom ones."""
    return chain(builtin_kinds().values(), served.values())


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
