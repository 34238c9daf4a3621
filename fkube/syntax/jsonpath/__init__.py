"""kubectl's JSONPath: templates, what they find in an object, and that as text. Pure.

Follows k8s.io/client-go/util/jsonpath and `JSONPathPrinter` of cli-runtime.
"""

from __future__ import annotations

import re
from typing import Any

from returns.result import Failure, Result, Success

from fkube.resource.errors import UsageError
from fkube.resource.info import Object
from fkube.resource.names import quoted
from fkube.syntax.gotext import json_line, json_text, plain
from fkube.syntax.jsonpath.evaluator import NO_VALUE, Run, Values, found
from fkube.syntax.jsonpath.nodes import Template
from fkube.syntax.jsonpath.parser import nodes

__all__ = ["Template", "Values", "evaluate", "parse", "printed", "relaxed", "render"]


def parse(template: str) -> Result[Template, UsageError]:
    """The template that a text is: texts, and actions in braces.

    Errors: `UsageError` in the words of client-go. Follows `Parse` of client-go.

    >>> print(parse("{.metadata.name").failure())
    unclosed action
    """
    return nodes(template).map(lambda nodes: Template(template, nodes)).alt(UsageError)


def evaluate(
    template: Template, data: Any, allow_missing_keys: bool = False
) -> Result[tuple[Values, ...], UsageError]:
    """What each text and action of a template finds in JSON data, in order.

    Errors: `UsageError` in the words of client-go, which never names a value: it may be a secret.
    Follows `FindResults` of client-go.

    >>> evaluate(parse("{.a[*].b}!").unwrap(), {"a": [{"b": 1}, {"b": 2}]}).unwrap()
    ((1, 2), ('!',))
    """
    return found(Run(template.nodes, allow_missing_keys), 0, data).alt(UsageError)


def render(
    template: Template, object: Object, allow_missing_keys: bool = True, as_json: bool = False
) -> Result[str, UsageError]:
    """The text that a template makes of an object; `as_json`, each of its parts as a JSON list.

    Errors: `UsageError` with the template, without the object that kubectl adds: it may be a secret.
    Follows `JSONPathPrinter.PrintObj` of cli-runtime.

    >>> rows = parse("{range .rows[*]}{.a}, {end}").unwrap()
    >>> render(rows, {"rows": [{"a": True}, {"a": {"b": None}}]}).unwrap()
    'true, {"b":null}, '
    """
    words = f"error executing jsonpath {quoted(template.text)}: Error executing template"
    return (
        evaluate(template, object, allow_missing_keys)
        .map(lambda results: "".join(_listed(r) if as_json else " ".join(map(printed, r)) for r in results))
        .alt(lambda error: UsageError(f"{words}: {error}."))
    )


def printed(value: Any) -> str:
    """What was found, as text: maps and lists as JSON, null as `null`, the rest as Go's fmt prints it.

    Follows `PrintResults` of client-go.

    >>> printed({"a": 1.5}), printed(1.5e10), printed(None), printed("a")
    ('{"a":1.5}', '1.5e+10', 'null', 'a')
    """
    if value is NO_VALUE:
        return "<no value>"
    return json_line(value) if value is None or isinstance(value, dict | list | tuple) else plain(value)


def relaxed(expression: str) -> Result[str, UsageError]:
    """A path that may lack its braces and its first dot, with both.

    Errors: `UsageError` in kubectl's words. Follows `RelaxedJSONPathExpression` of kubectl.

    >>> [relaxed(path).unwrap() for path in ("a.b", ".a.b", "{a.b}", "{.a.b}", "")]
    ['{.a.b}', '{.a.b}', '{.a.b}', '{.a.b}', '']
    """
    if not expression:
        return Success("")
    found = _RELAXED.fullmatch(expression)
    return Success(f"{{.{found[1] or found[2]}}}") if found else Failure(UsageError(_UNEXPECTED))


def _listed(values: Values) -> str:
    return f"{json_text([None if value is NO_VALUE else value for value in values])}\n"


_RELAXED = re.compile(r"\{\.?([^{}]+)\}|\.?([^{}]+)")
_UNEXPECTED = (
    "unexpected path string, "
    "expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
)
