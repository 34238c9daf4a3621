"""Outputs that a template makes: JSONPath and custom columns. Pure, but for the template that is in a file.

Go templates are refused: they would take Go's whole template language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from returns.result import Result, Success

from fkube.cli.checks import refused
from fkube.cli.flags import Options
from fkube.edge.files import read_text
from fkube.resource.errors import UsageError
from fkube.resource.info import Object, is_list
from fkube.showing.columns import Column, columns, columns_file, table
from fkube.syntax.jsonpath import Template, parse, render

Shown: TypeAlias = Callable[[Object], tuple[str, UsageError | None]]
"""What is printed of an object or a list, and why no more of it."""

TEMPLATES = ("jsonpath", "jsonpath-as-json", "jsonpath-file", "custom-columns", "custom-columns-file")
"""The outputs that take a template: `jsonpath=TEMPLATE`, or `jsonpath` and `--template`."""

GO_TEMPLATES = ("go-template", "go-template-file", "template", "templatefile")
"""The outputs that take a Go template. Follows `templateFormats` of cli-runtime."""


def is_template(options: Options) -> bool:
    """Whether the output is one that a template makes."""
    name, equals, _ = _asked(options).partition("=")
    return name in (*TEMPLATES, *GO_TEMPLATES) and not (equals and options["template"])


def templated(options: Options) -> Result[Shown, UsageError]:
    """How objects are shown by the template that is asked for.

    Errors: in kubectl's words. Follows `ToPrinter` of `JSONPathPrintFlags` and `CustomColumnsPrintFlags`.

    >>> flags = {"template": "", "no-headers": True, "allow-missing-template-keys": True}
    >>> templated({"output": "jsonpath={.kind}", **flags}).unwrap()({"kind": "Pod"})
    ('Pod', None)
    """
    name, _, written = _asked(options).partition("=")
    given = options["template"] or written
    if not given:
        return refused(
            _EMPTY_COLUMNS if "columns" in name else "template format specified but no template given"
        )
    flag = "" if "columns" in name else "--template "
    text = _read(given, flag) if name.endswith(("-file", "templatefile")) else Success(given)
    if name in GO_TEMPLATES:
        return text.bind(lambda _: refused(_NO_GO))
    if "columns" in name:
        made, no_headers = (
            (columns_file, False) if name.endswith("-file") else (columns, options["no-headers"])
        )
        return text.bind(made).map(lambda found: partial(_table, found, no_headers))
    missing, as_json = options["allow-missing-template-keys"], name == "jsonpath-as-json"
    return text.bind(_parsed).map(lambda template: partial(_rendered, template, missing, as_json))


def _asked(options: Options) -> str:
    """The output; a template alone is one of Go. Follows `PrintFlags.ToPrinter` of cli-runtime."""
    given: str = options["output"]
    return given or ("go-template" if options["template"] else "")


def _parsed(text: str) -> Result[Template, UsageError]:
    return parse(text).alt(lambda error: UsageError(f"error parsing jsonpath {text}, {error}"))


def _rendered(
    template: Template, missing: bool, as_json: bool, object: Object
) -> tuple[str, UsageError | None]:
    text = render(template, object, missing, as_json)
    return (text.unwrap(), None) if isinstance(text, Success) else ("", text.failure())


def _table(found: Sequence[Column], no_headers: bool, object: Object) -> tuple[str, UsageError | None]:
    return table(found, object["items"] if is_list(object) else (object,), no_headers)


def _read(path: str, flag: str) -> Result[str, UsageError]:
    what = flag or "template "
    return read_text(path).alt(lambda why: UsageError(f"error reading {what}{path}, open {path}: {why}"))


_EMPTY_COLUMNS = "custom-columns format specified but no custom columns given"
_NO_GO = "Go templates can't be printed here: write the template as -o jsonpath=TEMPLATE, or use -o json"
