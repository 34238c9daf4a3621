"""`fkube api-resources`: the resources that a server has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from returns.result import Result, Success
from toolz import unique

from fkube.cli.checks import refused
from fkube.cli.command import NO_HEADERS, Command, output
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.output import known_format
from fkube.cli.session import asked, using
from fkube.cli.tableprinter import aligned, widths
from fkube.edge import Client
from fkube.pipeline.discovery import Mapper, Resource
from fkube.resource.errors import UsageError
from fkube.verbs.discover import discover

FORMATS = ("wide", "name")


def run(console: Console, options: Options) -> None:
    """Print them. Follows `APIResourceOptions.RunAPIResources` of kubectl."""
    checked = _checked(options)
    if not isinstance(checked, Success):
        return console.fail(checked.failure())
    return using(console, options, checked, partial(_shown, console, options))


def _checked(options: Options) -> Result[str, UsageError]:
    if options["arguments"]:
        found = " ".join(options["arguments"])
        return refused(f"unexpected arguments: [{found}]\nSee 'fkube api-resources -h' for help and examples")
    if options["sort-by"] not in ("", "name", "kind"):
        return refused("--sort-by accepts only name or kind")
    return known_format(options["output"], *FORMATS)


def _shown(console: Console, options: Options, client: Client, format: str) -> None:
    known = asked(console, client, discover()) or Mapper()
    found = [resource for resource in preferred(known) if _chosen(options, resource)]
    rows = [_row(resource, format) for resource in sorted(found, key=partial(_place, options["sort-by"]))]
    header = _HEADER[: len(rows[0])] if rows and format != "name" and not options["no-headers"] else ()
    shown = [header, *rows] if header else rows
    text = aligned(shown, widths([len(cell) for cell in row] for row in shown))
    console.say("".join(f"{line}\n" for line in text), end="")
    if known.missing:
        stale = ", ".join(f"{version}: stale GroupVersion discovery: {version}" for version in known.missing)
        console.refuse(f"unable to retrieve the complete list of server APIs: {stale}")


def preferred(known: Mapper) -> Iterator[Resource]:
    """Each resource in the version that its group prefers.

    Follows `ServerPreferredResources` of client-go.

    >>> from fkube.pipeline.discovery import mapper
    >>> from fkube.resource.info import RESTMapping
    >>> both = (Resource(RESTMapping("a", version, "Shirt", "shirts")) for version in ("v2", "v1"))
    >>> [resource.mapping.version for resource in preferred(mapper(both))]
    ['v2']
    """
    yield from unique(
        known.resources, key=lambda resource: (resource.mapping.group, resource.mapping.resource)
    )


def _chosen(options: Options, resource: Resource) -> bool:
    """Whether the flags ask for the resource."""
    given, mapping = options["given"], resource.mapping
    return (
        ("api-group" not in given or mapping.group == options["api-group"])
        and ("namespaced" not in given or mapping.namespaced == options["namespaced"])
        and set(options["verbs"]) <= set(resource.verbs)
        and set(options["categories"]) <= set(resource.categories)
        and bool(resource.verbs)
    )


def _place(sort_by: str, resource: Resource) -> tuple[str, str]:
    mapping = resource.mapping
    return {"name": mapping.resource, "kind": mapping.kind, "": mapping.group}[sort_by], mapping.resource


def _row(resource: Resource, format: str) -> tuple[str, ...]:
    mapping = resource.mapping
    if format == "name":
        return (mapping.qualified,)
    scope = "true" if mapping.namespaced else "false"
    row = (mapping.resource, ",".join(resource.short_names), mapping.api_version, scope, mapping.kind)
    return (*row, ",".join(resource.verbs), ",".join(resource.categories)) if format == "wide" else row


_HEADER = ("NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", "VERBS", "CATEGORIES")

COMMAND = Command(
    "api-resources",
    "Print the resources that the server has, each in its preferred version.",
    """
    # Print the resources of namespaces, with what can be done to them
    fkube api-resources --namespaced=true -o wide

    # Print the names of those that can be listed and deleted
    fkube api-resources --verbs=list,delete -o name""",
    (
        Flag("api-group", "Only resources of this group."),
        Flag(
            "namespaced",
            "Only resources that live in namespaces, or with =false in none.",
            kind="bool",
            default=True,
        ),
        Flag("verbs", "Only resources with all of these verbs.", kind="strings"),
        Flag("categories", "Only resources of all of these categories.", kind="strings"),
        Flag("sort-by", "What to sort by: name or kind; else by group.", choices=("name", "kind")),
        NO_HEADERS,
        output(*FORMATS),
    ),
    run,
)
