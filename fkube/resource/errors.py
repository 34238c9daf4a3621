"""Why a resource could not be visited, as values: each prints as one sentence with its origin.

All have a `message`, an `origin` and the resource that they are `about`, spelled out for mypy in each class.
"""

from __future__ import annotations

from typing import Any, Generic, TypeAlias, TypeVar

from returns.result import Failure, Result

from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.dataclasses import field as dataclass_field
from fkube.resource.info import NOWHERE, Info, Origin
from fkube.resource.results import partition

T_co = TypeVar("T_co", covariant=True)


def _sentence(error: VisitError) -> str:
    """The text of an error: `origin: message`, or the message alone if it names the source itself."""
    named = not error.origin.document and error.origin.source in error.message
    return error.message if named else f"{error.origin}: {error.message}"


@dataclass(frozen=True, slots=True)
class UsageError:
    """A request that makes no sense: flags or arguments that do not go together."""

    message: str
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class SourceError:
    """A file, directory, URL or standard input that can't be read."""

    message: str
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class DecodeError:
    """A text that is no Kubernetes object. `undecoded`: it is data all the same, but not of an object.

    >>> print(DecodeError("did not find expected ',' or ']'", Origin("web.yaml", 2, 14)))
    web.yaml, document 2, line 14: did not find expected ',' or ']'
    """

    message: str
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    undecoded: bool = dataclass_field(default=False, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class MappingError:
    """A kind or resource type that the server does not have, or whose group it can't tell of: `warnings`."""

    message: str
    origin: Origin = NOWHERE
    warnings: tuple[str, ...] = ()
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class NamespaceError:
    """An object in another namespace than the one required."""

    message: str
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class ValidationError:
    """An object that does not match its schema, found before anything was sent."""

    message: str
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the causes in the details of a Status."""

    field: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class StatusError:
    """A refusal by the API server: its `metav1.Status` as data, with its warnings; `code` is the HTTP status.

    `doing`: the step of several that was refused: `creating`. `sent`: the server may have acted all the same.
    """

    message: str
    code: int
    reason: str = ""
    causes: tuple[Cause, ...] = ()
    retry_after: int = 0
    warnings: tuple[str, ...] = ()
    origin: Origin = NOWHERE
    doing: str = ""
    sent: bool = False
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that another manager owns, with both values. No repr shows them: they may be a Secret's."""

    field: str
    manager: str
    theirs: Any = dataclass_field(default=None, repr=False)
    ours: Any = dataclass_field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ConflictError:
    """Fields that an apply would take from other managers; `message` says what to do."""

    message: str
    conflicts: tuple[FieldConflict, ...] = ()
    warnings: tuple[str, ...] = ()
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class TransportError:
    """A request without a trusted answer: refused, reset or cut. `sent`: the server may have acted on it."""

    message: str
    sent: bool = False
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class TimedOut:
    """A time limit that was over before something happened. `sent`: the server may have acted on it."""

    message: str
    origin: Origin = NOWHERE
    sent: bool = False
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class ConditionError:
    """A condition that can't become true any more, so waiting for it ended."""

    message: str
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class FunctionError:
    """A user's function that raised an exception or returned the wrong type; `sent`: of what it had sent.

    The message names the function, the exception's type and the line, never its text: a secret, maybe."""

    message: str
    origin: Origin = NOWHERE
    sent: bool = False
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


_Unsent: TypeAlias = UsageError | SourceError | DecodeError | MappingError | NamespaceError | ValidationError
_Sent: TypeAlias = StatusError | ConflictError | TransportError | TimedOut | ConditionError | FunctionError
VisitError: TypeAlias = _Unsent | _Sent
"""Why a resource could not be visited: found before anything was sent, or when something was."""

DOUBT = "; it may have been done, so look before you try again"
"""The end of the message where nobody knows whether the server made the change."""


def doubtful(error: VisitError) -> bool:
    """Whether the server may have acted on a request that got no answer, or one that leaves it open."""
    return isinstance(error, StatusError | TransportError | TimedOut | FunctionError) and error.sent


def harmless(error: VisitError) -> VisitError:
    """Clear `sent` of an error, since the request could change nothing on the server."""
    return replace(error, sent=False) if isinstance(error, TransportError | TimedOut) else error


def add_origin(error: VisitError, origin: Origin) -> VisitError:
    """Add an origin to an error that has none."""
    return error if error.origin.source else replace(error, origin=origin)


def while_doing(error: VisitError, doing: str) -> VisitError:
    """Add the step at which the server refused to a `StatusError` that does not name one."""
    return replace(error, doing=doing) if isinstance(error, StatusError) and not error.doing else error


def about(error: VisitError, info: Info) -> VisitError:
    """Name the resource of an error, and its origin, where the error names none itself."""
    return add_origin(replace(error, about=error.about or info), info.origin)


@dataclass(frozen=True, slots=True)
class Failures(Generic[T_co]):
    """The steps of a failed visit, in input order; at least one of them failed.

    >>> from returns.result import Success
    >>> left = Failures((Success(1), Failure(UsageError("no")), Success(2)))
    >>> left.visited, [error.message for error in left.errors]
    ((1, 2), ['no'])
    """

    steps: tuple[Result[T_co, VisitError], ...] = ()

    def __str__(self) -> str:
        return "; ".join(map(str, self.errors))

    @property
    def errors(self) -> tuple[VisitError, ...]:
        """The errors of the steps that failed, in input order."""
        return tuple(partition(self.steps)[1])

    @property
    def visited(self) -> tuple[T_co, ...]:
        """The values of the steps that succeeded, in input order."""
        return tuple(partition(self.steps)[0])


def failures(*errors: VisitError) -> Failures[Any]:
    """Make a failed visit of these errors and nothing else."""
    return Failures(tuple(map(Failure, errors)))
