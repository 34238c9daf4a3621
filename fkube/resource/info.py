"""What travels through a visit: one resource, where it came from, and what the server calls its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Object: TypeAlias = Mapping[str, Any]
"""A Kubernetes object as JSON data. `Mapping` has no setters: mypy holds that nothing changes it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was written: its source, document and line, both counted from 1 (0: unknown).

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
    """What discovery says of a kind: where its objects live, and in which scope (meta.RESTMapping)."""

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
    def qualified(self) -> str:
        """The resource as kubectl prints it: `pods`, `deployments.apps`."""
        return f"{self.resource}.{self.group}" if self.group else self.resource


@dataclass(frozen=True, slots=True)
class Change:
    """What a function of a pipeline made of an object. The objects are in no repr: they may be Secrets."""

    function: str
    before: Object = field(repr=False)
    after: Object = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Info:
    """One resource on its way: the object, its origin, and its mapping once discovery has given one.

    Follows `resource.Info` of cli-runtime; name, namespace and version are read off the object instead of
    being kept beside it. `live` says that the object is the server's, not a manifest's; `absent`, that it is
    still to be fetched, and only what names it is there: its `subresource`, where one is meant.
    `list_version` is the resourceVersion of the list that it came in, `warnings` what is odd in its manifest,
    `changes` what functions of a pipeline made of it, `item_lines` on which lines the items of a list are.

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
        return self.object.get("metadata") or {}

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
        """The version that the server gave the list it came in, else the object; or empty."""
        return self.list_version or str(self.metadata.get("resourceVersion") or "")

    @property
    def object_name(self) -> str:
        """The resource or kind, and the name: `pods/web`, `deployment.apps/web` (`Info.ObjectName`).

        >>> Info({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}).object_name
        'deployment.apps/web'
        """
        group = self.api_version.rpartition("/")[0]
        kind = ".".join(filter(None, (self.kind.lower(), group)))
        return f"{self.mapping.resource if self.mapping else kind}/{self.name}"

    @property
    def labels(self) -> Mapping[str, str]:
        """The object's labels."""
        return self.metadata.get("labels") or {}

    @property
    def namespaced(self) -> bool:
        """Whether the kind lives in namespaces; taken to be so until a mapping says otherwise."""
        return self.mapping is None or self.mapping.namespaced


def with_object(info: Info, object: Object) -> Info:
    """The resource, whose object is this one.

    >>> with_object(Info({}, live=True), {"kind": "Pod"})
    Info( Pod )
    """
    return _rebuilt(info, object, info.mapping)


def with_mapping(info: Info, mapping: RESTMapping) -> Info:
    """The resource, with its mapping."""
    return _rebuilt(info, info.object, mapping)


def _rebuilt(info: Info, object: Object, mapping: RESTMapping | None) -> Info:
    # Not by `dataclasses.replace`, which takes three times as long: every resource comes by here.
    kept = (info.live, info.absent, info.subresource, info.list_version, info.warnings, info.changes)
    return Info(object, info.origin, mapping, *kept, info.item_lines)


def with_metadata(object: Object, **fields: Any) -> Object:
    """The object with metadata fields set; a field given as None is left out.

    >>> with_metadata({"kind": "Pod", "metadata": {"name": "a", "namespace": "x"}}, namespace=None)
    {'kind': 'Pod', 'metadata': {'name': 'a'}}
    """
    merged = {**(object.get("metadata") or {}), **fields}
    return {**object, "metadata": {k: v for k, v in merged.items() if k not in fields or v is not None}}


def is_list(object: Object) -> bool:
    """Whether the object is a list of objects, whatever its kind is called: it has `items`.

    Follows `unstructuredJSONScheme.decode` of apimachinery.

    >>> is_list({"kind": "RoleBindingList", "items": []}), is_list({"kind": "Pod"})
    (True, False)
    """
    return "items" in object
