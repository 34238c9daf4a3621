"""`fkube api-resources`: the resources that a server has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from operator import attrgetter

from toolz import unique

from fkube.cli.checks import Checked, first_broken
from fkube.cli.command import Call, Command, managed_fields_flag, no_headers_flag, output_flag
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.kyamlprinter import kyaml_text
from fkube.cli.objectprinter import read_format
from fkube.cli.session import use_client, value_or_report
from fkube.cli.tableprinter import align_rows, column_widths
from fkube.cli.yamlprinter import yaml_text
from fkube.edge import Client
from fkube.edge.offers import ask_discovery, read_discovery
from fkube.pipeline.discovery import Mapper, Resource, warn_of_missing
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import failures
from fkube.resource.info import Object

FORMATS = ("json", "yaml", "kyaml", "name", "wide")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcesOptions:
    """Which resources to print, and how."""

    call: Call = group(Call)
    api_group: str = flag("Only resources of this group.", "")
    namespaced: bool = flag("Only resources that live in namespaces, or with =false in none.", True)
    verbs: tuple[str, ...] = flag("Only resources with all of these verbs.", ())
    categories: tuple[str, ...] = flag("Only resources of all of these categories.", ())
    sort_by: str = flag("What to sort by: name or kind; else by group.", "", choices=("name", "kind"))
    cached: bool = flag("Take what is kept of an earlier command, where there is something.", False)
    no_headers: bool = no_headers_flag()
    output: str = output_flag(*FORMATS)
    show_managed_fields: bool = managed_fields_flag()


def run(console: Console, options: ResourcesOptions) -> None:
    """Print the resources. Follows `APIResourceOptions.RunAPIResources` of kubectl."""
    checked = _check(options).alt(failures)
    action = checked.map(lambda format: partial(print_resources, console, options, format))
    use_client(console, options.call, action)


def _check(options: ResourcesOptions) -> Checked[str]:
    """Refuse arguments and an unknown `--sort-by`, and read the value of `--output`."""
    found, hint = " ".join(options.call.arguments), "See 'fkube api-resources -h' for help and examples"
    return first_broken(
        (options.call.arguments, f"unexpected arguments: [{found}]\n{hint}"),
        (options.sort_by not in ("", "name", "kind"), "--sort-by accepts only name or kind"),
    ).bind(lambda _: read_format(options.output, *FORMATS))


def print_resources(console: Console, options: ResourcesOptions, format: str, client: Client) -> None:
    """Print the resources that the flags ask for, and warn of versions that could not be read among them.

    `format` is one of `FORMATS` or empty.
    """
    read = read_discovery if options.cached else ask_discovery
    known = value_or_report(console, read(client).map(lambda found: found.mapper)) or Mapper()
    found = [resource for resource in preferred_versions(known) if _is_chosen(options, resource)]
    by = {"": "group", "name": "resource"}.get(options.sort_by, options.sort_by)
    order = attrgetter(f"mapping.{by}", "mapping.resource")
    _print_all(console, options, format, sorted(found, key=order))
    groups = {version: version.rpartition("/")[0] for version in known.missing}
    asked = "api-group" in options.call.given
    console.warn(warn_of_missing(v for v in groups if not asked or groups[v] == options.api_group))


def _print_all(console: Console, options: ResourcesOptions, format: str, found: Sequence[Resource]) -> None:
    """Print resources as a table, as names or as one document."""
    if format in ("json", "yaml", "kyaml"):
        return console.say(_document_text(format, found), end="")
    rows = [_resource_cells(resource, format) for resource in found]
    header = _HEADER if format == "wide" else _HEADER[:_NARROW]
    shown = rows if format == "name" or options.no_headers else [header, *rows]
    text = align_rows(shown, column_widths([len(cell) for cell in row] for row in shown))
    return console.say("".join(f"{line}\n" for line in text), end="")


def _document_text(format: str, found: Sequence[Resource]) -> str:
    """Resources as the text of an `APIResourceList`, in JSON and KYAML in the order of Go's type."""
    rows = [*map(_resource_fields, found)]
    whole = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "", "resources": rows}
    if format == "kyaml":
        return kyaml_text(whole, tuple)
    return f"{json.dumps(whole, indent=4)}\n" if format == "json" else yaml_text(whole)


def _resource_fields(resource: Resource) -> Object:
    """A resource as `metav1.APIResource` writes it: empty fields left out."""
    mapping = resource.mapping
    fields = {
        "name": mapping.resource,
        "singularName": resource.singular,
        "namespaced": mapping.namespaced,
        "group": mapping.group,
        "version": mapping.version,
        "kind": mapping.kind,
        "verbs": [*resource.verbs],
        "shortNames": [*resource.short_names],
        "categories": [*resource.categories],
    }
    return {key: value for key, value in fields.items() if value not in ("", []) or key == "singularName"}


def preferred_versions(known: Mapper) -> Iterator[Resource]:
    """Each resource in the version that its group prefers.

    Follows `ServerPreferredResources` of client-go.

    >>> from fkube.pipeline.discovery import mapper
    >>> from fkube.resource.info import RESTMapping
    >>> both = (Resource(RESTMapping("a", version, "Shirt", "shirts")) for version in ("v2", "v1"))
    >>> [resource.mapping.version for resource in preferred_versions(mapper(both))]
    ['v2']
    """
    yield from unique(known.resources, key=attrgetter("mapping.group", "mapping.resource"))


def _is_chosen(options: ResourcesOptions, resource: Resource) -> bool:
    """Whether the flags ask for the resource; one that has no verbs is never printed."""
    given, mapping = options.call.given, resource.mapping
    return (
        ("api-group" not in given or mapping.group == options.api_group)
        and ("namespaced" not in given or mapping.namespaced == options.namespaced)
        and set(options.verbs) <= set(resource.verbs)
        and set(options.categories) <= set(resource.categories)
        and bool(resource.verbs)
    )


def _resource_cells(resource: Resource, format: str) -> tuple[str, ...]:
    """The cells of a resource: its name only as `name`, verbs and categories too as `wide`."""
    mapping = resource.mapping
    if format == "name":
        return (mapping.qualified,)
    scope = "true" if mapping.namespaced else "false"
    row = (mapping.resource, ",".join(resource.short_names), mapping.api_version, scope, mapping.kind)
    return (*row, ",".join(resource.verbs), ",".join(resource.categories)) if format == "wide" else row


_HEADER = ("NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", "VERBS", "CATEGORIES")
_NARROW = 5
"""How many of these stand there without `-o wide`."""

COMMAND = Command(
    "api-resources",
    "Print the resources that the server has, each in its preferred version.",
    """
    # Print the resources of namespaces, with what can be done to them
    fkube api-resources --namespaced=true -o wide

    # Print the names of those that can be listed and deleted
    fkube api-resources --verbs=list,delete -o name""",
    ResourcesOptions,
    run,
)
