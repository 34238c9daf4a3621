"""Both sides of a comparison made comparable: JSON to the type, objects without what a server makes up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

MADE_UP = ("uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "managedFields", "selfLink")
"""Metadata that no two runs share."""

TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

PROGRAM = re.compile(r"\b(?:kubectl|fkube)(?= (?:create|apply|label|annotate|patch|scale) )")
"""What a command that is kept in an annotation begins with."""

APPLYSET = re.compile(r"\bapplyset-[\w-]{43}-v1\b")
"""The name of a set is made of its namespace's."""


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are one: `true` is not 1, and 1.0 is.

    >>> same({"a": [1, True]}, {"a": [1.0, True]}), same([1], [True]), same("1", 1)
    (True, False, False)
    """
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    number = (int, float)
    alike = type(left) is type(right) or (type(left) in number and type(right) in number)
    return alike and bool(left == right)


def lines(output: str) -> Counter[str]:
    """The lines of an output as a multiset, without the blanks at their ends."""
    return Counter(line.rstrip() for line in output.splitlines() if line.strip())


# Order matters: the first that a line matches is its class.
CLASSES = {
    "AlreadyExists": r"AlreadyExists|already exists",
    "Forbidden": r"\(Forbidden\)|is forbidden",
    "Conflict": r"\(Conflict\)|the object has been modified",
    "Invalid": r"\(Invalid\)|is invalid:",
    "Mapping": r"no matches for kind|doesn't have a resource type",
    "NotFound": r"\(NotFound\)|not found",
    "BadRequest": r"\(BadRequest\)|strict decoding error|cannot be handled as a",
    "MethodNotAllowed": r"MethodNotAllowed|does not allow this method",
    "Validation": r"error validating|unknown field",
    "Namespace": r"does not match the namespace",
    "Decode": r"error (parsing|converting)|unable to decode|Object 'Kind' is missing|cannot unmarshal|yaml:",
    "Source": r"does not exist|unable to (read URL|connect)|no such file|file extension|no objects passed",
}


def error_classes(stderr: str) -> frozenset[str]:
    """What kinds of error a command told of: API reasons, or where on the way they arose; else `Usage`.

    >>> sorted(error_classes('Error from server (NotFound): pods "a" not found')), sorted(error_classes(""))
    (['NotFound'], [])
    >>> sorted(error_classes("error: must specify one of -f and -k"))
    ['Usage']
    """
    complaints = [
        line for line in stderr.splitlines() if line.strip() and not re.match(r"Warning:|[WIE]\d{4} ", line)
    ]
    classes = {
        next((name for name, pattern in CLASSES.items() if re.search(pattern, line)), "")
        for line in complaints
    }
    return frozenset(classes - {""}) or frozenset({"Usage"} if complaints else ())


BLOCK = re.compile(r"=<\n(?:\t.*\n)* >", re.MULTILINE)
"""A value of several lines in a log."""

TOLD = re.compile(
    r'^I\d{4} \S+ +\d+ \S+\] "(Request|Response|Request Body|Response Body)"(.*)$', re.MULTILINE
)


def without_log(stderr: str) -> str:
    """What a command has said on stderr beside its log."""
    return re.sub(r"(?m)^[WIEF]\d{4} .*\n?", "", BLOCK.sub('=""', stderr))


def log_kinds(stderr: str) -> frozenset[str]:
    """The kinds of lines in which a command has told of requests: what of, and what belongs to it.

    >>> sorted(log_kinds('I1129 18:33:03.119905   17205 a.go:1] "Response" status="200 OK" milliseconds=2'))
    ['Response milliseconds status']
    """
    found = TOLD.findall(BLOCK.sub('=""', stderr))
    keys = (
        (what, re.findall(r" (\w+)=", re.sub(r'"(?:[^"\\]|\\.)*"', "", values))) for what, values in found
    )
    return frozenset(" ".join((what, *sorted(names))) for what, names in keys)


def normalised(obj: Any, namespace: str = "") -> Any:
    """An object without what the server made up; its namespace reads `NAMESPACE` wherever it stands.

    >>> normalised({"metadata": {"name": "a", "uid": "1", "namespace": "r1"}}, "r1")
    {'metadata': {'name': 'a', 'namespace': 'NAMESPACE'}}
    """
    if isinstance(obj, Mapping):
        kept = {key: value for key, value in obj.items() if key not in MADE_UP}
        return {key: normalised(value, namespace) for key, value in kept.items()}
    if isinstance(obj, list):
        return [normalised(each, namespace) for each in obj]
    text = (
        APPLYSET.sub("APPLYSET", PROGRAM.sub("PROGRAM", TIME.sub("TIME", obj)))
        if isinstance(obj, str)
        else obj
    )
    return text.replace(namespace, "NAMESPACE") if namespace and isinstance(text, str) else text


def differences(left: Any, right: Any, path: str = "") -> Iterable[str]:
    """Where two JSON values differ, one line each.

    >>> list(differences({"a": 1, "b": [1]}, {"b": [2], "c": 3}))
    ['.a: 1 | absent', '.b[0]: 1 | 2', '.c: absent | 3']
    """
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        absent = "absent"
        for key in sorted({*left, *right}, key=str):
            if key in left and key in right:
                yield from differences(left[key], right[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}: {left.get(key, absent)!r} | {right.get(key, absent)!r}".replace(
                    f"'{absent}'", absent
                )
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif not same(left, right):
        yield f"{path}: {left!r} | {right!r}"
