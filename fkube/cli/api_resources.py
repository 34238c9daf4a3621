"""`fkube api-resources`: the resources that a server has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from toolz import unique

from fkube.cli.checks import Checked, first_broken
from fkube.cli.command import Call, Command, no_headers_flag, output_flag
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.objectprinter import read_format
from fkube.cli.session import use_client, value_or_report
from fkube.cli.tableprinter import align_rows, column_widths
from fkube.edge import Client
from fkube.edge.running import hold
from fkube.pipeline.discovery import Mapper, Resource, warn_of_missing
from fkube.resource.errors import failures
from fkube.verbs.discover import discover

FORMATS = ("wide", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcesOptions:
    """Which resources to print, and how."""

    call: Call = group(Call)
    api_group: str = flag("Only resources of this group.", "")
    namespaced: bool = flag("Only resources that live in namespaces, or with =false in none.", True)
    verbs: tuple[str, ...] = flag("Only resources with all of these verbs.", ())
    categories: tuple[str, ...] = flag("Only resources of all of these categories.", ())
    sort_by: str = flag("What to sort by: name or kind; else by group.", "", choices=("name", "kind"))
    no_headers: bool = no_headers_flag()
    output: str = output_flag(*FORMATS)


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

    `format` is `wide`, `name` or empty.
    """
    known = value_or_report(console, hold(client, discover())) or Mapper()
    found = [resource for resource in preferred_versions(known) if _is_chosen(options, resource)]
    by = {"": "group", "name": "resource"}.get(options.sort_by, options.sort_by)
    order = attrgetter(f"mapping.{by}", "mapping.resource")
    rows = [_resource_cells(resource, format) for resource in sorted(found, key=order)]
    header = _HEADER if format == "wide" else _HEADER[:_NARROW]
    shown = rows if format == "name" or options.no_headers else [header, *rows]
    text = align_rows(shown, column_widths([len(cell) for cell in row] for row in shown))
    console.say("".join(f"{line}\n" for line in text), end="")
    groups = {version: version.rpartition("/")[0] for version in known.missing}
    asked = "api-group" in options.call.given
    console.warn(warn_of_missing(v for v in groups if not asked or groups[v] == options.api_group))


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
