"""Conditions from the texts of `--for`, in kubectl's grammar and words. Pure."""

from __future__ import annotations

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from fkube.resource.errors import UsageError
from fkube.resource.names import quote_text
from fkube.syntax.jsonpath import parse, relaxed
from fkube.verbs.conditions import Condition, condition, created, deleted, jsonpath


def awaited(text: str) -> Result[Condition, UsageError]:
    """Read the text of `--for`: `create`, `delete`, `condition=NAME[=VALUE]`, `jsonpath=PATH[=VALUE]`.

    Errors: in kubectl's words. Follows `conditionFuncsFor` of kubectl's wait.

    >>> awaited("delete").unwrap() is deleted
    True
    >>> print(awaited("Ready").failure())
    unrecognized condition: "Ready"
    """
    if text.lower() in ("create", "delete"):
        return Success(created if text.lower() == "create" else deleted)
    kind, _, rest = text.partition("=")
    if kind == "condition" and "=" in text:
        name, equals, status = rest.partition("=")
        return Success(condition(name, status if equals else "true"))
    if kind == "jsonpath" and "=" in text:
        return _read_jsonpath(rest)
    return Failure(UsageError(f"unrecognized condition: {quote_text(text)}"))


def _read_jsonpath(text: str) -> Result[Condition, UsageError]:
    """Read PATH[=VALUE], which stands behind `jsonpath=`.

    Follows `processJSONPathInput` and `newJSONPathParser` of kubectl.
    """
    # Split at each single `=`, but not at `==`, as `splitJSONPathInput` of kubectl does.
    path, *values = (part.replace(_PAIR, "==") for part in text.replace("==", _PAIR).split("="))
    value = values[0].strip("'\"") if values else ""
    if len(values) > 1:
        return Failure(UsageError(_FORMAT))
    expression = relaxed(path)
    if values and not value and is_successful(expression):
        return Failure(UsageError(_NO_VALUE))
    if expression == Success(""):
        return Failure(UsageError("jsonpath expression cannot be empty"))
    return expression.bind(parse).map(lambda template: jsonpath(template, value))


_PAIR = "\0"
_FORMAT = (
    "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3"
    " or --for=jsonpath='{.status.readyReplicas}'"
)
_NO_VALUE = (
    "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3"
)
