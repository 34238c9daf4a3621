"""kubectl's JSONPath: templates, the values that they find in an object, and these as text. Pure.

Follows k8s.io/client-go/util/jsonpath and `JSONPathPrinter` of cli-runtime.
"""

from __future__ import annotations

from returns.result import Failure, Result, Success

from fkube.resource.errors import UsageError
from fkube.resource.info import Object
from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later
from fkube.syntax.gotext import go_text, json_line, json_text
from fkube.syntax.jsonpath.evaluator import NO_VALUE, Run, Values, find_values
from fkube.syntax.jsonpath.nodes import Template
from fkube.syntax.jsonpath.parser import parse_nodes

__all__ = ["Template", "Values", "evaluate", "parse", "printed", "relaxed", "render"]


def parse(template: str) -> Result[Template, UsageError]:
    """Parse a template: texts, and actions in braces.

    Errors: `UsageError` in the words of client-go. Follows `Parse` of client-go.

    >>> print(parse("{.metadata.name").failure())
    unclosed action
    """
    return parse_nodes(template).map(lambda nodes: Template(template, nodes)).alt(UsageError)


def evaluate(
    template: Template, data: object, allow_missing_keys: bool = False
) -> Result[tuple[Values, ...], UsageError]:
    """Find the values of each text and action of a template in JSON data, in order.

    Errors: `UsageError` in the words of client-go, which never names a value: it may be a secret.
    Follows `FindResults` of client-go.

    >>> evaluate(parse("{.a[*].b}!").unwrap(), {"a": [{"b": 1}, {"b": 2}]}).unwrap()
    ((1, 2), ('!',))
    """
    return find_values(Run(template.nodes, allow_missing_keys), 0, data).alt(UsageError)


def render(
    template: Template, object: Object, allow_missing_keys: bool = True, as_json: bool = False
) -> Result[str, UsageError]:
    """Write an object by a template; `as_json`, each part of it as a JSON list.

    Errors: `UsageError` with the template, without the object that kubectl adds: it may be a secret.
    Follows `JSONPathPrinter.PrintObj` of cli-runtime.

    >>> rows = parse("{range .rows[*]}{.a}, {end}").unwrap()
    >>> render(rows, {"rows": [{"a": True}, {"a": {"b": None}}]}).unwrap()
    'true, {"b":null}, '
    """
    message = f"error executing jsonpath {quote_text(template.text)}: Error executing template"

    def write(values: Values) -> str:
        if as_json:
            return f"{json_text([None if value is NO_VALUE else value for value in values])}\n"
        return " ".join(map(printed, values))

    text = evaluate(template, object, allow_missing_keys).map(lambda results: "".join(map(write, results)))
    return text.alt(lambda error: UsageError(f"{message}: {error}."))


def printed(value: object) -> str:
    """Print a value: maps and lists as JSON, null as `null`, the rest as Go's fmt does.

    Follows `PrintResults` of client-go.

    >>> printed({"a": 1.5}), printed(1.5e10), printed(None), printed("a")
    ('{"a":1.5}', '1.5e+10', 'null', 'a')
    """
    if value is NO_VALUE:
        return "<no value>"
    return json_line(value) if value is None or isinstance(value, dict | list | tuple) else go_text(value)


def relaxed(expression: str) -> Result[str, UsageError]:
    """Complete a path that may lack its braces or its first dot.

    Errors: `UsageError` in kubectl's words. Follows `RelaxedJSONPathExpression` of kubectl.

    >>> [relaxed(path).unwrap() for path in ("a.b", ".a.b", "{a.b}", "{.a.b}", "")]
    ['{.a.b}', '{.a.b}', '{.a.b}', '{.a.b}', '']
    """
    if not expression:
        return Success("")
    found = _RELAXED.fullmatch(expression)
    return Success(f"{{.{found[1] or found[2]}}}") if found else Failure(UsageError(_UNEXPECTED))


_RELAXED = compile_later(r"\{\.?([^{}]+)\}|\.?([^{}]+)")
_UNEXPECTED = (
    "unexpected path string, "
    "expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
)
