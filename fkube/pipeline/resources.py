"""The types of resources that a server offers: read from the documents that say so, found by name. Pure.

The documents have their shape (`fkube.exchange.offers`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolz import unique

from fkube.resource.dataclasses import dataclass
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


def find_named(known: Sequence[Resource], argument: str) -> Iterator[Resource]:
    """List the resources that a command's argument can mean, the preferred first.

    Follows `ParseResourceArg` and `ParseKindArg` of apimachinery.
    """
    head, _, tail = argument.partition(".")
    version, full, group = tail.partition(".")
    if full:
        yield from _by_name(known, head, group, version)
    yield from _by_name(known, head, tail)
    if full:
        yield from _by_kind(known, head, group, version)
    yield from _by_kind(known, head, tail)


def warn_of_ambiguity(known: Sequence[Resource], argument: str) -> tuple[str, ...]:
    """A warning for each other resource that a short name could mean.

    Follows `shortcutExpander.expandResourceShortcut` of client-go.

    >>> two = [Resource(RESTMapping(group, "v1", "Shirt", "shirts"), "shirt", ("sh",)) for group in "ab"]
    >>> warn_of_ambiguity(two, "sh")
    ('short name "sh" could also match lower priority resource shirts.b',)
    >>> warn_of_ambiguity(two, "sh.b"), warn_of_ambiguity(two, "shirts")
    ((), ())
    """
    name, _, group = argument.partition(".")
    within = [r for r in known if not group or r.mapping.group in (group, group.partition(".")[2])]
    if any(name in (r.mapping.resource, r.singular) for r in within):
        return ()
    _, *others = [*unique(r.mapping.qualified for r in within if name in r.short_names)] or [""]
    return tuple(f'short name "{name}" could also match lower priority resource {other}' for other in others)


def _by_kind(known: Sequence[Resource], kind: str, group: str, version: str = "") -> Iterator[Resource]:
    """List resources of exactly this group, and version if one is given, by kind or kind in lower case."""
    for r in known:
        if kind in (r.mapping.kind, r.mapping.kind.lower()) and r.mapping.group == group:
            yield from (r,) if version in ("", r.mapping.version) else ()


def _by_name(known: Sequence[Resource], name: str, group: str, version: str = "") -> Iterator[Resource]:
    """List resources by plural or singular, of this version if one is given; then those by short name.

    Follows `DefaultRESTMapper.ResourcesFor`, which with a version wants the whole name of the group, and
    `expandResourceShortcut`, which heeds no version.
    """
    for r in _in_group(known, group):
        whole = not version or not group or r.mapping.group == group
        if name.lower() in (r.mapping.resource, r.singular) and whole and version in ("", r.mapping.version):
            yield r
    yield from (r for r in _in_group(known, group) if name in r.short_names)


def _in_group(known: Sequence[Resource], group: str) -> Iterator[Resource]:
    """List the resources of a group, then those of groups whose names only begin so; without a group all."""
    yield from (r for r in known if not group or r.mapping.group == group)
    yield from (r for r in known if group and r.mapping.group.startswith(group))
