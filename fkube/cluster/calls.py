"""Requests as they are understood: what a path points to, what a query asks, which options are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from returns.result import Failure, Result, Success

from fkube.cluster.kinds import Kinds, Target, builtin_groups, find_kind
from fkube.cluster.state import State
from fkube.cluster.statuses import (
    FieldError,
    add_warnings,
    forbidden_field,
    invalid_options,
    no_resource,
    page_not_found,
    unsupported_field,
)
from fkube.exchange.conversation import Request, Response
from fkube.resource.names import quoted


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

MANAGER_LIMIT = 128
"""Bytes that the name of a field manager may take."""

_NAMESPACE_SUBRESOURCES = ("status", "finalize")


def read_call(served: Kinds, request: Request) -> Result[Call, Response]:
    """The call that a request under `/api` or `/apis` makes. Errors: 404 for what is not served."""
    query = dict(reversed(request.query))
    return find_target(served, request.path).map(lambda target: Call(request, target, query))


def find_target(served: Kinds, path: str) -> Result[Target, Response]:
    """What a path points to.

    Errors: 404, as a `Status` within a built-in group and as plain text elsewhere.

    >>> find_target({}, "/api/v1/namespaces/shop/pods/web/status").unwrap().key
    '/pods/shop/web'
    """
    root, *parts = path.strip("/").split("/")
    group, version, *rest = (["", *parts] if root == "api" else parts) + [""] * (
        2 - len(parts) - (root == "api")
    )
    target = _parse_target(served, group, version, [part for part in rest if part])
    if target is None:
        return Failure(no_resource() if group in builtin_groups() else page_not_found())
    return Success(target)


def _parse_target(served: Kinds, group: str, version: str, rest: list[str]) -> Target | None:
    within = (
        len(rest) > 2
        and rest[0] == "namespaces"
        and rest[2] not in (_NAMESPACE_SUBRESOURCES if not group else ())
    )
    namespace, (resource, name, sub, *more) = (
        (rest[1], [*rest[2:], "", "", ""]) if within else ("", [*rest, "", "", ""])
    )
    kind = find_kind(served, group, version, resource)
    if kind is None or any(more) or (within and not kind.namespaced):
        return None
    if name and kind.namespaced and not within:
        return None
    # The handler of custom resources looks for the object before it looks at the subresource.
    known = not sub or kind.custom or sub in kind.subresources
    return Target(kind, namespace, name, sub) if known else None


def with_warnings(told: Sequence[str], answer: Answer) -> Answer:
    """The answer with warnings: also one that refuses the request for other reasons."""
    if not told:
        return answer
    return answer.map(lambda done: (done[0], add_warnings(done[1], told))).alt(
        lambda why: add_warnings(why, told)
    )


def check_options(kind: str, call: Call) -> Result[Call, Response]:
    """The call, if its options make sense. Errors: 422 as `ValidateCreateOptions` and its like give."""
    if call.query.keys() <= _PLAIN and call.query.get("fieldValidation", "") in _VALIDATIONS:
        return Success(call)
    problems = [problem for check in _CHECKS for problem in check(kind, call.query)]
    return Failure(invalid_options(kind, *problems)) if problems else Success(call)


_PLAIN = frozenset({"fieldValidation", "pretty", "timeout"})
_Problems: TypeAlias = Iterable[FieldError]
_VALIDATIONS = ("", "Ignore", "Strict", "Warn")


def _dry_run_errors(_: str, query: Mapping[str, str]) -> _Problems:
    asked = query.get("dryRun", "All")
    return () if asked == "All" else (unsupported_field("dryRun", [asked], ("All",)),)


def _validation_errors(_: str, query: Mapping[str, str]) -> _Problems:
    asked = query.get("fieldValidation", "")
    return () if asked in _VALIDATIONS else (unsupported_field("fieldValidation", asked, _VALIDATIONS),)


def _manager_option_errors(_: str, query: Mapping[str, str]) -> _Problems:
    manager = query.get("fieldManager", "")
    return () if manager.isprintable() and len(manager) <= MANAGER_LIMIT // 4 else _manager_errors(manager)


def _manager_errors(manager: str) -> Iterator[FieldError]:
    if len(manager.encode()) > MANAGER_LIMIT:
        message = f"Too long: may not be more than {MANAGER_LIMIT} bytes"
        yield FieldError("fieldManager", "FieldValueTooLong", message)
    for at, odd in enumerate(manager):
        if not odd.isprintable():
            message = f"invalid character U+{ord(odd):04X} (at position {at})"
            yield FieldError(
                "fieldManager", "FieldValueInvalid", f"Invalid value: {quoted(manager)}: {message}"
            )


def _force_errors(kind: str, query: Mapping[str, str]) -> _Problems:
    if kind != "PatchOptions" or query.get("force", "") in ("", "false", "0"):
        return ()
    return (forbidden_field("force", "may not be specified for non-apply patch"),)


_CHECKS = (_force_errors, _manager_option_errors, _dry_run_errors, _validation_errors)
