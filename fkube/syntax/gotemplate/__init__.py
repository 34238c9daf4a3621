"""Go's text/template as kubectl offers it: templates parsed, and executed with an object. Pure.

Follows text/template of Go and `GoTemplatePrinter` of cli-runtime. Maps come in the order of their keys, as
in Go. No error names a value: it may be a secret.
"""

from __future__ import annotations

from returns.result import Result

from fkube.resource.errors import UsageError
from fkube.resource.info import Object
from fkube.resource.names import quote_text
from fkube.syntax.gotemplate.nodes import Template
from fkube.syntax.gotemplate.parser import parse_trees
from fkube.syntax.gotemplate.state import BOUNDS, Bounds
from fkube.syntax.gotemplate.walker import execute_template

__all__ = ["Bounds", "Template", "parse", "render"]


def parse(template: str) -> Result[Template, UsageError]:
    """Parse a template: texts, and actions in double braces.

    Errors: `UsageError` in Go's words; what is nested more than 100 deep too. Follows `Template.Parse` of Go.

    >>> print(parse("{{.metadata.name").failure())
    template: output:1: unclosed action
    """
    return parse_trees(template).alt(UsageError)


def render(
    template: Template, object: Object, allow_missing_keys: bool = True, bounds: Bounds = BOUNDS
) -> tuple[str, UsageError | None]:
    """Write an object by a template: the text, and why there is no more of it.

    Bytes that are no UTF-8, as `base64decode` may make them, are lone surrogates (`surrogateescape`).
    Errors: `UsageError` in Go's words, with `***` for values, and without the object that kubectl adds; more
    steps or characters than the bounds. Follows `GoTemplatePrinter.PrintObj` of cli-runtime.

    >>> rows = parse('{{range .rows}}{{.a | printf "%03d"}} {{end}}').unwrap()
    >>> render(rows, {"rows": [{"a": 7}, {"a": 42}]})
    ('007 042 ', None)
    """
    text, error = execute_template(template, object, allow_missing_keys, bounds)
    message = f"error executing template {quote_text(template.text)}: {error}"
    return text, UsageError(message) if error else None
