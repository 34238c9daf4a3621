"""Label and field selectors: text is parsed to a frozen value, which is a predicate over infos.

Follows `k8s.io/apimachinery/pkg/labels` and `pkg/fields`, their error messages included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from returns.result import Failure, Result, Success
from toolz import get_in

from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import UsageError
from fkube.resource.info import Info
from fkube.resource.labels import Requirement, requirements
from fkube.resource.patterns import compile_later
from fkube.resource.results import collect_results

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
    """The predicate that every requirement holds for the labels; prints in kubectl's canonical form.

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
    """Parse a label selector; an empty one selects everything.

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
    """One condition on a field: it has this value (`operator` `=`), or not (`!=`).

    >>> print(FieldTerm("metadata.name", "=", "a,b"))
    metadata.name=a\\,b
    """

    field: str
    operator: str
    value: str

    def __str__(self) -> str:
        return self.field + self.operator + re.sub(r"([\\,=])", r"\\\1", self.value)

    def matches(self, fields: Mapping[str, str]) -> bool:
        """Whether the condition holds; an absent field counts as empty."""
        return (fields.get(self.field, "") == self.value) == (self.operator == "=")


@dataclass(frozen=True, slots=True)
class FieldSelector:
    """The predicate that every term holds for the fields; prints in kubectl's canonical form.

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
    r"""Parse a field selector; an empty one selects everything. In values `\` escapes `\`, `,` and `=`.

    Errors: `UsageError` with the message of `fields.ParseSelector`.
    Follows `fields.ParseSelector`.

    >>> selector = field_selector("metadata.name=web,status.phase!=Failed").unwrap()
    >>> selector(Info({"metadata": {"name": "web"}, "status": {"phase": "Running"}}))
    True
    >>> print(field_selector("web").failure())
    invalid selector: 'web'; can't understand 'web'
    """
    terms = collect_results(_parse_term(text, part) for part in sorted(_TERMS.findall(text)))
    # `=` alone says nothing.
    telling = terms.map(lambda found: tuple(term for term in found if term.field or term.value))
    return telling.map(FieldSelector).alt(UsageError)


def field_value(info: Info, field: str) -> str:
    """Get the text of a field by its path with dots; empty if it is absent or no scalar.

    >>> field_value(Info({"spec": {"replicas": 2, "paused": True}}), "spec.paused")
    'true'
    """
    value = get_in(field.split("."), info.object)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""


_TERMS = compile_later(r"(?:[^\\,]|\\.|\\$)+", re.DOTALL)
_OPERATOR = compile_later(r"!=|==?")


def _parse_term(text: str, part: str) -> Result[FieldTerm, str]:
    """Parse one term, `part`, of a field selector, whose whole `text` is for messages."""
    operator = _OPERATOR.search(part)
    if operator is None:
        return Failure(f"invalid selector: '{text}'; can't understand '{part}'")
    equals = "!=" if operator[0] == "!=" else "="
    return _unescape(part[operator.end() :]).map(partial(FieldTerm, part[: operator.start()], equals))


def _unescape(value: str) -> Result[str, str]:
    """Take the escapes off a value. Follows `fields.UnescapeValue`, which names a bare `,` by its number."""
    pieces = re.findall(r"\\.?|[,=]", value, re.DOTALL)
    wrong = next((piece for piece in pieces if piece not in ("\\\\", "\\,", "\\=")), None)
    if wrong is None:
        return Success(re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL))
    bare = f"unescaped character in value: {ord(wrong[0])}"
    problem = f"invalid escape sequence: {wrong}" if wrong.startswith("\\") else bare
    return Failure(f"invalid field selector: {problem}")
