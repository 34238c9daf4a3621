"""Outputs that a template makes: JSONPath, Go templates, custom columns. Pure, but for reading a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from returns.result import Success

from fkube.cli.checks import Checked, refuse
from fkube.cli.console import Console
from fkube.cli.flags import flag
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import UsageError
from fkube.resource.info import Object, is_list

if TYPE_CHECKING:
    # The template languages are imported by what asks for one.
    from fkube.showing.columns import Column
    from fkube.syntax import gotemplate
    from fkube.syntax.jsonpath import Template

Rendered: TypeAlias = tuple[str, UsageError | None]
"""The text of an object or a list, and why there is no more of it."""

Render: TypeAlias = Callable[[Object], Rendered]
"""Makes the text of an object or a list."""

GO_TEMPLATES = ("go-template", "go-template-file", "template", "templatefile")
"""The outputs that take a Go template. Follows `templateFormats` of cli-runtime."""

TEMPLATES = (
    *("jsonpath", "jsonpath-as-json", "jsonpath-file", *GO_TEMPLATES),
    *("custom-columns", "custom-columns-file"),
)
"""The outputs that take a template: `jsonpath=TEMPLATE`, or `jsonpath` and `--template`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Templating:
    """The flags that say more of a template than the output does."""

    template: str = flag(
        "The template, or its file, where the output names none: -o jsonpath, -o go-template.", ""
    )
    allow_missing_template_keys: bool = flag(
        "Whether a field that is missing is no error in a template.", True
    )

    def parts(self, output: str) -> tuple[str, str, str]:
        """The output split into its name, `=` or nothing, and the template that it has.

        An empty output beside `--template` is a Go template. Follows `PrintFlags.ToPrinter` of cli-runtime.
        """
        return (output or ("go-template" if self.template else "")).partition("=")


def is_template(output: str, flags: Templating) -> bool:
    """Whether the output is made by a template; not if the output and `--template` both give one."""
    name, equals, _ = flags.parts(output)
    return name in TEMPLATES and not (equals and flags.template)


def read_template(output: str, flags: Templating, no_headers: bool = False) -> Checked[Render]:
    """Make the function that renders objects by the template that is asked for.

    `no_headers` is for custom columns. Errors: in kubectl's words. Follows `ToPrinter` of
    `JSONPathPrintFlags`, `GoTemplatePrintFlags` and `CustomColumnsPrintFlags`.

    >>> read_template("jsonpath={.kind}", Templating()).unwrap()({"kind": "Pod"})
    ('Pod', None)
    """
    name, _, written = flags.parts(output)
    given = flags.template or written
    if not given:
        no_columns = "custom-columns format specified but no custom columns given"
        return refuse(no_columns if "columns" in name else "template format specified but no template given")
    text = _read_file(name, given) if name.endswith(("-file", "templatefile")) else Success(given)
    missing, as_json = flags.allow_missing_template_keys, name == "jsonpath-as-json"
    if name in GO_TEMPLATES:
        return text.bind(_parse_go).map(lambda found: partial(_render_go, found, missing))
    if "columns" in name:
        from fkube.showing.columns import columns, columns_file

        parse, no_headers = (columns_file, False) if name.endswith("-file") else (columns, no_headers)
        return text.bind(parse).map(lambda found: partial(_render_columns, found, no_headers))
    return text.bind(_parse_jsonpath).map(lambda found: partial(_render_jsonpath, found, missing, as_json))


def print_rendered(console: Console, render: Render, object: Object) -> None:
    """Print what a template makes of an object or a list, and the error that cut it short."""
    text, error = render(object)
    console.say(text, end="")
    console.fail(*((error,) if error else ()))


def _parse_jsonpath(text: str) -> Checked[Template]:
    """Parse a JSONPath template. Errors: in kubectl's words."""
    from fkube.syntax.jsonpath import parse

    return parse(text).alt(lambda error: UsageError(f"error parsing jsonpath {text}, {error}"))


def _render_jsonpath(template: Template, missing: bool, as_json: bool, object: Object) -> Rendered:
    """Render an object by a JSONPath template; `missing`: missing fields print nothing."""
    from fkube.syntax.jsonpath import render

    text = render(template, object, missing, as_json)
    return text.value_or(""), text.swap().value_or(None)


def _parse_go(text: str) -> Checked[gotemplate.Template]:
    """Parse a Go template. Errors: in kubectl's words."""
    from fkube.syntax import gotemplate

    return gotemplate.parse(text).alt(lambda error: UsageError(f"error parsing template {text}, {error}"))


def _render_go(template: gotemplate.Template, missing: bool, object: Object) -> Rendered:
    """Render an object by a Go template; `missing`: whether fields may be missing."""
    from fkube.syntax import gotemplate

    return gotemplate.render(template, object, missing)


def _render_columns(found: Sequence[Column], no_headers: bool, object: Object) -> Rendered:
    """Render an object, or the items of a list, as a table of custom columns."""
    from fkube.showing.columns import table

    return table(found, object["items"] if is_list(object) else (object,), no_headers)


def _read_file(output: str, path: str) -> Checked[str]:
    """Read the file of a template; `output` is the format whose template it is, for the error."""
    from fkube.edge.localfiles import read_text

    what = "template " if "columns" in output else "--template "
    return read_text(path).alt(lambda why: UsageError(f"error reading {what}{path}, open {path}: {why}"))
