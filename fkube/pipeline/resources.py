"""The types of resources that a server offers, each read from the document that says so. Pure.

The documents have their shape (`fkube.exchange.offers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fkube.resource.info import Object, RESTMapping


@dataclass(frozen=True, slots=True)
class Resource:
    """A type of resource that a server offers: one row of `kubectl api-resources`."""

    mapping: RESTMapping
    singular: str = ""
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()


def aggregated_resources(group: str, version: str, item: Object) -> Iterator[Resource]:
    """Read one item of aggregated discovery; one without a kind has only subresources and is left out."""
    if kind := (item.get("responseKind") or {}).get("kind"):
        mapping = RESTMapping(group, version, kind, item["resource"], item.get("scope") == "Namespaced")
        yield _resource(mapping, item, item.get("singularResource"))


def legacy_resource(group_version: str, item: Object) -> Resource:
    """Read one row of an `APIResourceList`."""
    group, _, version = group_version.rpartition("/")
    mapping = RESTMapping(group, version, item["kind"], item["name"], bool(item.get("namespaced")))
    return _resource(mapping, item, item.get("singularName"))


def custom_resource(spec: Object, version: str) -> Resource:
    """The resource that a CustomResourceDefinition's spec makes a server offer in one version."""
    names, namespaced = spec["names"], spec.get("scope") == "Namespaced"
    kind, plural = names.get("kind", ""), names.get("plural", "")
    mapping = RESTMapping(spec.get("group", ""), version, kind, plural, namespaced)
    return _resource(mapping, names, names.get("singular"))


def _resource(mapping: RESTMapping, item: Object, singular: str | None) -> Resource:
    """Make a resource of a mapping and an item of discovery; without a singular, the kind in lower case."""
    several = (tuple(item.get(key) or ()) for key in ("shortNames", "categories", "verbs"))
    return Resource(mapping, singular or mapping.kind.lower(), *several)
