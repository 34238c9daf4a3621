"""The resource that travels through a visit, with its origin and its mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from fkube.resource.dataclasses import dataclass, field

Object: TypeAlias = Mapping[str, Any]
"""A Kubernetes object as JSON data. `Mapping` has no setters, so mypy finds code that would change one."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was written: source, document and line, both counted from 1 (0: unknown).

    >>> print(Origin("web.yaml", document=2, line=14))
    web.yaml, document 2, line 14
    """

    source: str = ""
    document: int = 0
    line: int = 0

    def __str__(self) -> str:
        numbered = (("document", self.document), ("line", self.line))
        return ", ".join([self.source, *(f"{word} {n}" for word, n in numbered if n)]).lstrip(", ")


NOWHERE = Origin()
"""The origin of what was not written anywhere: an object made in code."""


@dataclass(frozen=True, slots=True)
class RESTMapping:
    """A kind as discovery describes it: its group, version, resource and scope (`meta.RESTMapping`)."""

    group: str
    version: str
    kind: str
    resource: str
    namespaced: bool = True

    @property
    def api_version(self) -> str:
        """`version`, or `group/version` outside the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def group_version_kind(self) -> tuple[str, str, str]:
        """Such as `("apps", "v1", "Deployment")`; the core group is empty."""
        return (self.group, self.version, self.kind)

    @property
    def qualified(self) -> str:
        """The resource as kubectl prints it: `pods`, `deployments.apps`."""
        return f"{self.resource}.{self.group}" if self.group else self.resource


@dataclass(frozen=True, slots=True)
class Change:
    """The change that a user's function made to an object. No repr shows the objects: they may be Secrets."""

    function: str
    before: Object = field(repr=False)
    after: Object = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Info:
    """One resource: the object, its origin, and its mapping once discovery gave one.

    Follows `resource.Info` of cli-runtime, but reads name, namespace and version off the object.
    `live`: the object is the server's, not a manifest's. `absent`: it has only a name and must be fetched,
    or its `subresource` where one is set. `list_version`: the resourceVersion of the list that it came in.
    `warnings`: oddities of its manifest. `changes`: made by users' functions. `item_lines`: the lines of the
    items of a list. `read_as`: the object as it was before it was mapped and got its namespace.

    >>> Info({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "shop"}})
    Info(v1 ConfigMap shop/a)
    """

    object: Object
    origin: Origin = NOWHERE
    mapping: RESTMapping | None = None
    live: bool = False
    absent: bool = False
    subresource: str = ""
    list_version: str = ""
    warnings: tuple[str, ...] = ()
    changes: tuple[Change, ...] = field(default=(), compare=False)
    item_lines: tuple[int, ...] = field(default=(), compare=False)
    read_as: Object | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        # Never the object itself: it may be a Secret.
        name = "/".join(filter(None, (self.namespace, self.name or self.generate_name)))
        place = f" from {self.origin}" if self.origin.source else ""
        return f"Info({self.api_version} {self.kind} {name}{place})"

    @property
    def api_version(self) -> str:
        """The object's `apiVersion`, or empty."""
        return str(self.object.get("apiVersion") or "")

    @property
    def kind(self) -> str:
        """The object's `kind`, or empty."""
        return str(self.object.get("kind") or "")

    @property
    def metadata(self) -> Object:
        """The object's `metadata`, or an empty mapping."""
        return metadata_of(self.object)

    @property
    def name(self) -> str:
        """The object's name, or empty."""
        return str(self.metadata.get("name") or "")

    @property
    def generate_name(self) -> str:
        """The prefix from which the server makes a name, or empty."""
        return str(self.metadata.get("generateName") or "")

    @property
    def namespace(self) -> str:
        """The object's namespace, or empty."""
        return str(self.metadata.get("namespace") or "")

    @property
    def resource_version(self) -> str:
        """The resourceVersion of the list that it came in, else of the object; or empty."""
        return self.list_version or str(self.metadata.get("resourceVersion") or "")

    @property
    def object_name(self) -> str:
        """Resource or kind, and name: `pods/web`, `deployment.apps/web` (`Info.ObjectName`).

        >>> Info({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}).object_name
        'deployment.apps/web'
        """
        group = self.api_version.rpartition("/")[0]
        kind = ".".join(filter(None, (self.kind.lower(), group)))
        return f"{self.mapping.resource if self.mapping else kind}/{self.name}"

    @property
    def labels(self) -> Mapping[str, str]:
        """The object's labels."""
        labels = self.metadata.get("labels")
        return labels if isinstance(labels, dict | Mapping) else {}

    @property
    def annotations(self) -> Mapping[str, str]:
        """The object's annotations."""
        annotations = self.metadata.get("annotations")
        return annotations if isinstance(annotations, dict | Mapping) else {}

    @property
    def namespaced(self) -> bool:
        """Whether the kind lives in namespaces; True while there is no mapping."""
        return self.mapping is None or self.mapping.namespaced


def with_object(info: Info, object: Object) -> Info:
    """Replace the object of a resource.

    >>> with_object(Info({}, live=True), {"kind": "Pod"})
    Info( Pod )
    """
    return _replace_info(info, object, info.mapping, info.read_as)


def with_mapping(info: Info, mapping: RESTMapping) -> Info:
    """Replace the mapping of a resource."""
    return _replace_info(info, info.object, mapping, info.object)


def _replace_info(info: Info, object: Object, mapping: RESTMapping | None, read_as: Object | None) -> Info:
    # Not by `dataclasses.replace`, which takes three times as long: every resource comes by here.
    kept = (info.live, info.absent, info.subresource, info.list_version, info.warnings, info.changes)
    return Info(object, info.origin, mapping, *kept, info.item_lines, read_as)


def metadata_of(object: Any) -> Object:
    """The metadata of what may be an object; empty where there is none.

    >>> metadata_of({"metadata": {"name": "a"}}), metadata_of({"metadata": "a"}), metadata_of(None)
    ({'name': 'a'}, {}, {})
    """
    # Most are a dict, which is sooner told than any mapping.
    found = object.get("metadata") if isinstance(object, dict | Mapping) else None
    return found if isinstance(found, dict | Mapping) else {}


def with_metadata(object: Object, **fields: Any) -> Object:
    """Set metadata fields of an object; a field given as None is removed.

    >>> with_metadata({"kind": "Pod", "metadata": {"name": "a", "namespace": "x"}}, namespace=None)
    {'kind': 'Pod', 'metadata': {'name': 'a'}}
    """
    merged = {**metadata_of(object), **fields}
    return {**object, "metadata": {k: v for k, v in merged.items() if k not in fields or v is not None}}


def is_list(object: Object) -> bool:
    """Whether the object is a list of objects: it has `items`, whatever its kind is called.

    Follows `unstructuredJSONScheme.decode` of apimachinery.

    >>> is_list({"kind": "RoleBindingList", "items": []}), is_list({"kind": "Pod"})
    (True, False)
    """
    return "items" in object
