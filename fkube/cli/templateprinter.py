"""Outputs that a template makes: JSONPath and custom columns. Pure, but for reading a template's file.

Go templates are refused: they would take Go's whole template language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeAlias

from returns.result import Success

from fkube.cli.checks import Checked, refuse
from fkube.cli.console import Console
from fkube.cli.flags import flag
from fkube.edge.localfiles import read_text
from fkube.resource.errors import UsageError
from fkube.resource.info import Object, is_list
from fkube.showing.columns import Column, columns, columns_file, table
from fkube.syntax.jsonpath import Template, parse, render

Render: TypeAlias = Callable[[Object], tuple[str, UsageError | None]]
"""The text of an object or a list, and why there is no more of it."""

TEMPLATES = ("jsonpath", "jsonpath-as-json", "jsonpath-file", "custom-columns", "custom-columns-file")
"""The outputs that take a template: `jsonpath=TEMPLATE`, or `jsonpath` and `--template`."""

GO_TEMPLATES = ("go-template", "go-template-file", "template", "templatefile")
"""The outputs that take a Go template. Follows `templateFormats` of cli-runtime."""


class TemplateOptions(Protocol):
    """Options that may ask for a template."""

    @property
    def output(self) -> str:
        """How to print."""

    @property
    def template(self) -> str:
        """The template, or its file."""

    @property
    def allow_missing_template_keys(self) -> bool:
        """Whether a missing field prints nothing."""


def template_flag() -> str:
    """The flag `--template`."""
    return flag("The template, or its file, where the output names none: -o jsonpath.", "")


def missing_keys_flag() -> bool:
    """The flag `--allow-missing-template-keys`."""
    return flag("Whether a field that is missing prints nothing in a template.", True)


def is_template(options: TemplateOptions) -> bool:
    """Whether the output is made by a template."""
    name, equals, _ = _output_of(options).partition("=")
    return name in (*TEMPLATES, *GO_TEMPLATES) and not (equals and options.template)


def read_template(options: TemplateOptions, no_headers: bool = False) -> Checked[Render]:
    """The function that renders objects by the template that is asked for.

    Errors: in kubectl's words. Follows `ToPrinter` of `JSONPathPrintFlags` and `CustomColumnsPrintFlags`.

    >>> from fkube.cli.outcomeprinter import Printing
    >>> read_template(Printing(output="jsonpath={.kind}")).unwrap()({"kind": "Pod"})
    ('Pod', None)
    """
    name, _, written = _output_of(options).partition("=")
    given = options.template or written
    if not given:
        no_columns = "custom-columns format specified but no custom columns given"
        return refuse(no_columns if "columns" in name else "template format specified but no template given")
    text = _read_file(name, given) if name.endswith(("-file", "templatefile")) else Success(given)
    if name in GO_TEMPLATES:
        return text.bind(lambda _: refuse(_NO_GO))
    if name == "custom-columns-file":
        return text.bind(columns_file).map(lambda found: partial(_render_columns, found, False))
    if name == "custom-columns":
        return text.bind(columns).map(lambda found: partial(_render_columns, found, no_headers))
    missing, as_json = options.allow_missing_template_keys, name == "jsonpath-as-json"
    return text.bind(_parse_jsonpath).map(lambda found: partial(_render_jsonpath, found, missing, as_json))


def print_rendered(console: Console, render: Render, object: Object) -> None:
    """Print an object or a list by a template, and why there is no more of it."""
    text, error = render(object)
    console.say(text, end="")
    console.fail(*((error,) if error else ()))


def _output_of(options: TemplateOptions) -> str:
    """The output; a template alone is one of Go. Follows `PrintFlags.ToPrinter` of cli-runtime."""
    return options.output or ("go-template" if options.template else "")


def _parse_jsonpath(text: str) -> Checked[Template]:
    return parse(text).alt(lambda error: UsageError(f"error parsing jsonpath {text}, {error}"))


def _render_jsonpath(
    template: Template, missing: bool, as_json: bool, object: Object
) -> tuple[str, UsageError | None]:
    text = render(template, object, missing, as_json)
    return text.value_or(""), text.swap().value_or(None)


def _render_columns(
    found: Sequence[Column], no_headers: bool, object: Object
) -> tuple[str, UsageError | None]:
    return table(found, object["items"] if is_list(object) else (object,), no_headers)


def _read_file(output: str, path: str) -> Checked[str]:
    what = "template " if "columns" in output else "--template "
    return read_text(path).alt(lambda why: UsageError(f"error reading {what}{path}, open {path}: {why}"))


_NO_GO = "Go templates can't be printed here: write the template as -o jsonpath=TEMPLATE, or use -o json"
