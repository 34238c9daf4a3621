"""Requests as they are understood: what a path points to, what the query asks for, which options are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.cluster.kinds import Kinds, Target, builtin_groups, kind_at
from fkube.cluster.state import State
from fkube.cluster.statuses import (
    FieldError,
    forbidden_field,
    invalid_options,
    no_resource,
    page_not_found,
    unsupported_field,
)
from fkube.exchange import Request, Response


@dataclass(frozen=True, slots=True)
class Call:
    """A request for a resource: what it points to, and its query (the first value of each name)."""

    request: Request
    target: Target
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def dry(self) -> bool:
        """Whether the request asks to be tried only."""
        return self.query.get("dryRun") == "All"


Answer: TypeAlias = Result[tuple[State, Response], Response]
"""The state that a call leaves and its response, or the response that refuses it."""

Handler: TypeAlias = Callable[[State, Call], Answer]

_NAMESPACE_SUBRESOURCES = ("status", "finalize")


def call(served: Kinds, request: Request) -> Result[Call, Response]:
    """The call that a request under `/api` or `/apis` makes. Errors: 404 for what is not served."""
    query = dict(reversed(request.query))
    return located(served, request.path).map(lambda target: Call(request, target, query))


def located(served: Kinds, path: str) -> Result[Target, Response]:
    """What a path points to.

    Errors: 404, as a `Status` within a built-in group and as plain text elsewhere.

    >>> located({}, "/api/v1/namespaces/shop/pods/web/status").unwrap().key
    '/pods/shop/web'
    """
    root, *parts = path.strip("/").split("/")
    group, version, *rest = (["", *parts] if root == "api" else parts) + [""] * (
        2 - len(parts) - (root == "api")
    )
    target = _target(served, group, version, [part for part in rest if part])
    if target is None:
        return Failure(no_resource() if group in builtin_groups() else page_not_found())
    return Success(target)


def _target(served: Kinds, group: str, version: str, rest: list[str]) -> Target | None:
    within = (
        len(rest) > 2
        and rest[0] == "namespaces"
        and rest[2] not in (_NAMESPACE_SUBRESOURCES if not group else ())
    )
    namespace, (resource, name, sub, *more) = (
        (rest[1], [*rest[2:], "", "", ""]) if within else ("", [*rest, "", "", ""])
    )
    kind = kind_at(served, group, version, resource)
    if kind is None or any(more) or (within and not kind.namespaced):
        return None
    if name and kind.namespaced and not within:
        return None
    return None if sub and sub not in kind.subresources else Target(kind, namespace, name, sub)


def options_checked(kind: str, call: Call) -> Result[Call, Response]:
    """The call, if its options make sense. Errors: 422 as `ValidateCreateOptions` and its like give."""
    query = call.query
    if query.keys().isdisjoint(("dryRun", "fieldValidation", "force", "fieldManager")):
        return Success(call)
    problems = [problem for check in (_dry_run, _validation, _manager, _force) for problem in check(query)]
    return Failure(invalid_options(kind, *problems)) if problems else Success(call)


def _dry_run(query: Mapping[str, str]) -> tuple[FieldError, ...]:
    asked = query.get("dryRun", "")
    return (unsupported_field("dryRun", [asked], ("All",)),) if asked not in ("", "All") else ()


def _validation(query: Mapping[str, str]) -> tuple[FieldError, ...]:
    asked, known = query.get("fieldValidation", ""), ("", "Ignore", "Strict", "Warn")
    return (unsupported_field("fieldValidation", asked, known),) if asked not in known else ()


def _manager(query: Mapping[str, str]) -> tuple[FieldError, ...]:
    message = "Too long: may not be more than 128 bytes"
    too_long = len(query.get("fieldManager", "").encode()) > 128
    return (FieldError("fieldManager", "FieldValueTooLong", message),) if too_long else ()


def _force(query: Mapping[str, str]) -> tuple[FieldError, ...]:
    asked = query.get("force", "") not in ("", "false", "0")
    return (forbidden_field("force", "may not be specified for non-apply patch"),) if asked else ()
