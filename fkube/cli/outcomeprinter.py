"""What commands that change objects print of each: a line with kubectl's word, or the object in some form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from returns.result import Success

from fkube.cli.checks import SUFFIX, Checked
from fkube.cli.command import dry_run_flag, managed_fields_flag, output_flag
from fkube.cli.console import Console
from fkube.cli.flags import group
from fkube.cli.messages import object_name
from fkube.cli.objectprinter import (
    OBJECT_FORMATS,
    format_document,
    format_typed_list,
    list_of,
    read_format,
    without_managed_fields,
)
from fkube.cli.templateprinter import (
    TEMPLATES,
    Render,
    Rendered,
    Templating,
    is_template,
    print_rendered,
    read_template,
)
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Object, is_list

FORMATS = (*OBJECT_FORMATS, *(name for name in TEMPLATES if "columns" not in name))

Print: TypeAlias = Callable[[int, Outcome], None]
"""Prints an outcome; the number is that of the outcomes printed before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """The flags that say whether to try only, and how to print."""

    dry_run: str = dry_run_flag()
    output: str = output_flag(*FORMATS)
    templating: Templating = group(Templating)
    show_managed_fields: bool = managed_fields_flag()

    def select_fields(self, object: Object) -> Object:
        """The object, without managedFields unless the flags ask for them."""
        return object if self.show_managed_fields else without_managed_fields(object)


def read_printer(console: Console, flags: Printing, unchanged: str = "unchanged") -> Checked[Print]:
    """Make the function that prints outcomes as the flags ask: by a template, as objects or lines.

    `unchanged` is its word for what was not changed. Errors: in cli-runtime's words. Follows
    `PrintFlags.ToPrinter` of cli-runtime.
    """
    if is_template(flags.output, flags.templating) and "columns" not in flags.output:
        template = read_template(flags.output, flags.templating)
        return template.map(lambda render: lambda _, outcome: print_rendered(console, render, outcome.object))
    by_object, by_line = partial(_print_object, console, flags), partial(print_line, console, unchanged)
    found = read_format(flags.output, *FORMATS)
    return found.map(lambda format: partial(by_object, format) if format else by_line)


def _print_object(console: Console, flags: Printing, format: str, before: int, outcome: Outcome) -> None:
    """Print the object of an outcome; `before` is how many were printed already."""
    console.say(format_document(format, flags.select_fields(outcome.object), before), end="")


def print_line(console: Console, unchanged: str, _: int, outcome: Outcome) -> None:
    """Print the name of an object and what was done to it: `pod/web created (dry run)`.

    `unchanged` is the word where nothing was.
    """
    word = unchanged if outcome.action == "unchanged" else outcome.action
    console.say(f"{object_name(outcome.object)} {word}{SUFFIX[outcome.dry_run]}")


@dataclass(slots=True)
class ApplyPrinter:
    """Prints what apply did: a line for each object as it comes, or all objects when all have come.

    `render` makes the text of all objects together; None where each has its line, by `print_line`. Follows
    `ApplyOptions.printObjects` of kubectl.
    """

    console: Console
    flags: Printing
    print_line: Print
    render: Render | None
    objects: list[Object] = field(default_factory=list, repr=False)

    def add(self, before: int, outcome: Outcome) -> None:
        """Print one more outcome, or keep its object for the end; warn of fields taken over."""
        name = object_name(outcome.object)
        self.console.warn(f"{name}: took {one.field} over from {one.manager}" for one in outcome.taken)
        if self.render is None:
            self.print_line(before, outcome)
        else:
            self.objects.append(self.flags.select_fields(outcome.object))

    def close(self) -> None:
        """Print the objects that were kept, if all went well."""
        if self.render is not None and self.objects and not self.console.failures:
            whole = self.objects[0] if len(self.objects) == 1 else list_of(self.objects)
            print_rendered(self.console, self.render, whole)


def read_list_renderer(flags: Printing) -> Checked[Render | None]:
    """Make the function that renders all objects together; None where each has a line of its own."""
    if is_template(flags.output, flags.templating):
        return read_template(flags.output, flags.templating)
    format = flags.output.lower()
    return Success(None if format in ("", "name") else partial(_format_all, format))


def _format_all(format: str, object: Object) -> Rendered:
    """The text of an object, or of the `List` that stands for several, with no error."""
    if is_list(object):
        return format_typed_list(format, object["items"]), None
    return format_document(format, object, 0), None
