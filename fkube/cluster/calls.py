"""Requests as calls: what a path names, what the query asks for, which options are wrong. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.cluster import statuses
from fkube.cluster.kinds import Kind, Kinds, Target, builtin_groups, find_kind
from fkube.cluster.state import State
from fkube.cluster.statuses import FieldError
from fkube.exchange.conversation import Request, Response
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Object
from fkube.resource.names import quote_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """A request for a resource: what it points to, and its query (the first value of each name)."""

    request: Request
    target: Target
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The kind that it is about."""
        return self.target.kind

    @property
    def dry_run(self) -> bool:
        """Whether its query asks that nothing be stored."""
        return self.query.get("dryRun") == "All"

    @property
    def validation(self) -> str:
        """What becomes of unknown fields: `Strict`, `Warn` (also where it is empty) or `Ignore`."""
        return self.query.get("fieldValidation", "")


Answer: TypeAlias = Result[tuple[State, Response], Response]
"""The state that a call leaves and its response, or the response that refuses it."""

Handler: TypeAlias = Callable[[State, Call], Answer]
"""A function that answers the calls of one verb."""

MANAGER_LIMIT = 128
"""Bytes that the name of a field manager may take."""

_NAMESPACE_SUBRESOURCES = ("status", "finalize")


def read_call(served: Kinds, request: Request) -> Result[Call, Response]:
    """The call that a request under `/api` or `/apis` makes. Errors: 404 for what is not served."""
    query = dict(reversed(request.query))
    return find_target(served, request.path).map(lambda target: Call(request, target, query))


def find_target(served: Kinds, path: str) -> Result[Target, Response]:
    """The resource, object or subresource that a path names.

    `served`: the custom resources.
    Errors: 404, as a `Status` within a built-in group and as plain text elsewhere.

    >>> find_target({}, "/api/v1/namespaces/shop/pods/web/status").unwrap().key
    '/pods/shop/web'
    """
    root, *parts = path.strip("/").split("/")
    group, version, *rest = [*([""] if root == "api" else []), *parts, "", ""]
    target = _parse_target(served, group, version, [part for part in rest if part])
    if target is not None:
        return Success(target)
    return Failure(statuses.no_resource() if group in builtin_groups() else statuses.page_not_found())


def _parse_target(served: Kinds, group: str, version: str, rest: list[str]) -> Target | None:
    """What a path names, None where nothing is served there; `rest`: its parts behind the version."""
    own = () if group else _NAMESPACE_SUBRESOURCES
    within = len(rest) > 2 and rest[0] == "namespaces" and rest[2] not in own
    namespace = rest[1] if within else ""
    resource, name, sub, *more = [*(rest[2:] if within else rest), "", "", ""]
    kind = find_kind(served, group, version, resource)
    if kind is None or any(more) or (within and not kind.mapping.namespaced):
        return None
    if name and kind.mapping.namespaced and not within:
        return None
    # The handler of custom resources looks for the object before it looks at the subresource.
    known = not sub or kind.custom or sub in kind.subresources
    return Target(kind, namespace, name, sub) if known else None


def find_object(state: State, call: Call) -> Result[Object, Response]:
    """The stored object that a call names. Errors: 404."""
    found = state.objects.get(call.target.key)
    return Success(found) if found is not None else Failure(missing_object(call))


def missing_object(call: Call) -> Response:
    """The 404 response for the object that a call names."""
    return statuses.not_found(call.kind.mapping, call.target.name)


def with_warnings(warnings: Sequence[str], answer: Answer) -> Answer:
    """The answer with warnings in its response, whether that is of success or a refusal."""
    warn = partial(statuses.add_warnings, warnings=warnings)
    return answer.map(lambda both: (both[0], warn(both[1]))).alt(warn) if warnings else answer


def check_options(kind: str, call: Call) -> Result[Call, Response]:
    """The call, if its options are valid; `kind`: theirs, such as `CreateOptions`.

    Errors: 422, as those of `ValidateCreateOptions` and its like.
    """
    return refuse_options(kind, _option_errors(kind, call), call)


def refuse_options(kind: str, errors: Iterable[FieldError], value: T) -> Result[T, Response]:
    """The value itself, if there are no errors; `kind`: that of the options. Errors: 422 with them."""
    problems = tuple(errors)
    return Failure(statuses.invalid("meta.k8s.io", kind, "", problems)) if problems else Success(value)


def parse_number(text: str) -> Result[int, Response]:
    """The integer that the text of an option says. Errors: 400."""
    return _parse_integer(text, "ParseInt", -(2**63), 2**63 - 1).alt(statuses.bad_request)


def query_version(query: Mapping[str, str]) -> Result[int, str]:
    """The resourceVersion that a query asks for as a number, 0 for none. Errors: why it is no number."""
    text = query.get("resourceVersion", "")
    return parse_version(text).alt(lambda why: f'resourceVersion: Invalid value: "{text}": {why}')


def parse_version(text: str) -> Result[int, str]:
    """A resourceVersion as a number, 0 for an empty text. Errors: why it is none, in the words of strconv."""
    return _parse_integer(text or "0", "ParseUint", 0, 2**64 - 1)


def _parse_integer(text: str, function: str, least: int, most: int) -> Result[int, str]:
    """The integer that a text says. Errors: why it is none, in the words of this function of Go's strconv."""
    if not re.fullmatch(r"[0-9]+" if least == 0 else r"[-+]?[0-9]+", text):
        return Failure(statuses.not_a_number(text, function))
    # int() refuses thousands of digits; what is longer than this is beyond 64 bits.
    number = int(text) if len(text) < 40 else most + 1
    fits = least <= number <= most
    return Success(number) if fits else Failure(statuses.not_a_number(text, function, "value out of range"))


_VALIDATIONS = ("", "Ignore", "Strict", "Warn")


def _option_errors(kind: str, call: Call) -> Iterator[FieldError]:
    """Yield which options of a query are wrong; `force` only where they are `PatchOptions`."""
    query = call.query
    if kind == "PatchOptions" and query.get("force", "") not in ("", "false", "0"):
        yield statuses.forbidden_field("force", "may not be specified for non-apply patch")
    yield from _manager_name_errors(query.get("fieldManager", ""))
    if query.get("dryRun", "All") != "All":
        yield statuses.unsupported_field("dryRun", [query["dryRun"]], ("All",))
    if call.validation not in _VALIDATIONS:
        yield statuses.unsupported_field("fieldValidation", call.validation, _VALIDATIONS)


def _manager_name_errors(manager: str) -> Iterator[FieldError]:
    """Yield why a text can't name a field manager: too long, or not printable."""
    if len(manager.encode(errors="surrogatepass")) > MANAGER_LIMIT:
        why = f"Too long: may not be more than {MANAGER_LIMIT} bytes"
        yield FieldError("fieldManager", "FieldValueTooLong", why)
    for at, odd in enumerate(manager):
        if not odd.isprintable():
            place = f"invalid character U+{ord(odd):04X} (at position {at})"
            why = f"Invalid value: {quote_text(manager)}: {place}"
            yield FieldError("fieldManager", "FieldValueInvalid", why)
