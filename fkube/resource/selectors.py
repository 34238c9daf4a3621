"""Selectors as predicates over infos: by labels and by fields. Text to data, and data to a yes or no.

Follows `k8s.io/apimachinery/pkg/labels` and `pkg/fields`, their error messages included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from returns.result import Failure, Result, Success
from toolz import get_in

from fkube.resource.errors import UsageError
from fkube.resource.info import Info
from fkube.resource.labels import Requirement, requirements

__all__ = [
    "FieldSelector",
    "FieldTerm",
    "LabelSelector",
    "Requirement",
    "field_selector",
    "field_value",
    "label_selector",
]


@dataclass(frozen=True, slots=True)
class LabelSelector:
    """A predicate: every requirement holds for the labels. Prints in kubectl's canonical form.

    Follows `labels.Selector`.

    >>> LabelSelector((Requirement("app", "exists"),)).matches({"app": "web"})
    True
    """

    requirements: tuple[Requirement, ...] = ()

    def __str__(self) -> str:
        return ",".join(map(str, self.requirements))

    def __call__(self, info: Info, /) -> bool:
        return self.matches(info.labels)

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether every requirement holds for these labels."""
        return all(requirement.matches(labels) for requirement in self.requirements)


def label_selector(text: str) -> Result[LabelSelector, UsageError]:
    """Parse a label selector; the empty one selects everything.

    Errors: `UsageError` with the message of `labels.Parse`.
    Follows `labels.Parse`.

    >>> selector = label_selector("tier in (front, back), app=web, !old, size>3").unwrap()
    >>> print(selector)
    app=web,!old,size>3,tier in (back,front)
    >>> selector(Info({"metadata": {"labels": {"app": "web", "tier": "back", "size": "4"}}}))
    True
    >>> print(label_selector("app in web").failure())
    unable to parse requirement: found 'web' expected: '('
    """
    return requirements(text).map(LabelSelector).alt(UsageError)


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """One condition on a field: that it has this value (`operator` `=`), or has not (`!=`).

    >>> print(FieldTerm("metadata.name", "=", "a,b"))
    metadata.name=a\\,b
    """

    field: str
    operator: str
    value: str

    def __str__(self) -> str:
        return self.field + self.operator + re.sub(r"([\\,=])", r"\\\1", self.value)

    def matches(self, fields: Mapping[str, str]) -> bool:
        """Whether the condition holds; a field that is absent is empty."""
        return (fields.get(self.field, "") == self.value) == (self.operator == "=")


@dataclass(frozen=True, slots=True)
class FieldSelector:
    """A predicate: every term holds for the fields. Prints in kubectl's canonical form.

    Follows `fields.Selector`.

    >>> FieldSelector((FieldTerm("type", "!=", "Opaque"),)).matches({})
    True
    """

    terms: tuple[FieldTerm, ...] = ()

    def __str__(self) -> str:
        return ",".join(map(str, self.terms))

    def __call__(self, info: Info, /) -> bool:
        return self.matches({term.field: field_value(info, term.field) for term in self.terms})

    def matches(self, fields: Mapping[str, str]) -> bool:
        """Whether every term holds for these fields."""
        return all(term.matches(fields) for term in self.terms)


def field_selector(text: str) -> Result[FieldSelector, UsageError]:
    r"""Parse a field selector; the empty one selects everything. In values `\` escapes `\`, `,` and `=`.

    Errors: `UsageError` with the message of `fields.ParseSelector`.
    Follows `fields.ParseSelector`.

    >>> selector = field_selector("metadata.name=web,status.phase!=Failed").unwrap()
    >>> selector(Info({"metadata": {"name": "web"}, "status": {"phase": "Running"}}))
    True
    >>> print(field_selector("web").failure())
    invalid selector: 'web'; can't understand 'web'
    """
    return _terms(text, _TERMS.findall(text)).map(FieldSelector).alt(UsageError)


def field_value(info: Info, field: str) -> str:
    """The text of a field, given as a path with dots; what is absent or no scalar is empty.

    >>> field_value(Info({"spec": {"replicas": 2, "paused": True}}), "spec.paused")
    'true'
    """
    value = get_in(field.split("."), info.object)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""


_TERMS = re.compile(r"(?:[^\\,]|\\.|\\$)+", re.DOTALL)
_OPERATOR = re.compile(r"!=|==?")


def _terms(text: str, parts: Iterable[str]) -> Result[tuple[FieldTerm, ...], str]:
    """The terms, sorted as they were written; `=` alone says nothing and is left out."""
    found: list[FieldTerm] = []
    for part in sorted(parts):
        operator = _OPERATOR.search(part)
        if operator is None:
            return Failure(f"invalid selector: '{text}'; can't understand '{part}'")
        field, value = part[: operator.start()], _unescaped(part[operator.end() :])
        if not isinstance(value, Success):
            return Failure(value.failure())
        if field or value.unwrap():
            found.append(FieldTerm(field, "!=" if operator[0] == "!=" else "=", value.unwrap()))
    return Success(tuple(found))


def _unescaped(value: str) -> Result[str, str]:
    """Follows `fields.UnescapeValue`, which names a bare `,` or `=` by its number."""
    for piece in re.findall(r"\\.?|[,=]", value, re.DOTALL):
        if piece not in ("\\\\", "\\,", "\\="):
            return Failure(f"invalid field selector: {_wrong(piece)}")
    return Success(re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL))


def _wrong(piece: str) -> str:
    if piece.startswith("\\"):
        return f"invalid escape sequence: {piece}"
    return f"unescaped character in value: {ord(piece)}"
