"""What `--for` means: texts to conditions, in kubectl's grammar and words. Pure."""

from __future__ import annotations

from functools import partial

from returns.result import Failure, Result, Success

from fkube.resource.errors import UsageError
from fkube.resource.names import quoted
from fkube.syntax.jsonpath import Template, parse, relaxed
from fkube.verbs.conditions import Condition, condition, created, deleted, jsonpath


def awaited(text: str) -> Result[Condition, UsageError]:
    """The condition that a text names: `create`, `delete`, `condition=NAME[=VALUE]`, `jsonpath=PATH[=VALUE]`.

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
        name, given, status = rest.partition("=")
        return Success(condition(name, status if given else "true"))
    if kind == "jsonpath" and "=" in text:
        return _jsonpath(rest)
    return Failure(UsageError(f"unrecognized condition: {quoted(text)}"))


def _jsonpath(text: str) -> Result[Condition, UsageError]:
    """Follows `processJSONPathInput` and `newJSONPathParser` of kubectl's wait."""
    path, *values = _split(text)
    value = values[0].strip("'\"") if values else ""
    if len(values) > 1:
        return Failure(UsageError(_FORMAT))
    found = relaxed(path)
    if values and not value and isinstance(found, Success):
        return Failure(UsageError(_NO_VALUE))
    return found.bind(_parsed).map(partial(_met, value))


def _parsed(path: str) -> Result[Template, UsageError]:
    return parse(path) if path else Failure(UsageError("jsonpath expression cannot be empty"))


def _met(value: str, template: Template) -> Condition:
    return jsonpath(template, value)


def _split(text: str) -> list[str]:
    """The text at each single `=`; those of a pair are none. Follows `splitJSONPathInput` of kubectl."""
    return [part.replace(_PAIR, "==") for part in text.replace("==", _PAIR).split("=")]


_PAIR = "\0"
_FORMAT = (
    "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3"
    " or --for=jsonpath='{.status.readyReplicas}'"
)
_NO_VALUE = (
    "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3"
)
