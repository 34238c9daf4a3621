"""Why something could not be visited, as values: one sentence each, with its origin. Never exceptions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Any, Generic, TypeAlias, TypeVar

from returns.result import Failure, Result, Success

from fkube.resource.info import NOWHERE, Info, Origin

T_co = TypeVar("T_co", covariant=True)


def _sentence(error: VisitError) -> str:
    """`origin: message`; every error prints so, unless the message names the source itself."""
    named = not error.origin.document and error.origin.source in error.message
    return error.message if named else f"{error.origin}: {error.message}"


@dataclass(frozen=True, slots=True)
class UsageError:
    """What was asked for makes no sense: flags or arguments that do not go together."""

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
    """A text that is no Kubernetes object.

    >>> print(DecodeError("did not find expected ',' or ']'", Origin("web.yaml", 2, 14)))
    web.yaml, document 2, line 14: did not find expected ',' or ']'
    """

    message: str
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class MappingError:
    """A kind or resource that the server does not have."""

    message: str
    origin: Origin = NOWHERE
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
    """An object that its schema forbids, found before anything was sent."""

    message: str
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the reasons that a Status gives in its details."""

    field: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class StatusError:
    """The API server said no: a `metav1.Status` as data, with its warnings. `code` is the HTTP status.

    `doing` is what was asked of it, where a verb asks for several things: `creating`.
    """

    message: str
    code: int
    reason: str = ""
    causes: tuple[Cause, ...] = ()
    retry_after: int = 0
    warnings: tuple[str, ...] = ()
    origin: Origin = NOWHERE
    doing: str = ""
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that another manager owns. The values, theirs and ours, may be a Secret's: no repr has them."""

    field: str
    manager: str
    theirs: Any = dataclass_field(default=None, repr=False)
    ours: Any = dataclass_field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ConflictError:
    """Fields that an apply would take from other managers; `message` says what to do about it."""

    message: str
    conflicts: tuple[FieldConflict, ...] = ()
    warnings: tuple[str, ...] = ()
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class TransportError:
    """No answer came: refused, reset, cut, or not to be trusted. `sent`: the server may have acted on it."""

    message: str
    sent: bool = False
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The time given for something was over before it happened. `sent`: as of a `TransportError`."""

    message: str
    origin: Origin = NOWHERE
    sent: bool = False
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class FunctionError:
    """A function that is not ours raised an exception, or gave back what it may not.

    The message names the function, the exception's type and the line, never its text: it may hold a secret.
    `sent`: the server may have acted by then.
    """

    message: str
    origin: Origin = NOWHERE
    sent: bool = False
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


@dataclass(frozen=True, slots=True)
class ConditionError:
    """What was waited for can't be any more."""

    message: str
    origin: Origin = NOWHERE
    about: Info | None = dataclass_field(default=None, repr=False, compare=False)
    __str__ = _sentence


VisitError: TypeAlias = (
    UsageError
    | SourceError
    | DecodeError
    | MappingError
    | NamespaceError
    | ValidationError
    | StatusError
    | ConflictError
    | TransportError
    | TimedOut
    | ConditionError
    | FunctionError
)


DOUBT = "; it may have been done, so look before you try again"
"""What ends the message of an error after which nobody knows whether the server has changed."""


def doubtful(error: VisitError) -> bool:
    """Whether the server may have done what was asked, though it did not say so.

    >>> doubtful(TransportError("reset", sent=True)), doubtful(UsageError("no"))
    (True, False)
    """
    return isinstance(error, TransportError | TimedOut | FunctionError) and error.sent


def harmless(error: VisitError) -> VisitError:
    """The error, known to have changed nothing on the server."""
    return replace(error, sent=False) if isinstance(error, TransportError | TimedOut) else error


def located(error: VisitError, origin: Origin) -> VisitError:
    """The error with this origin, unless it has one of its own.

    >>> located(UsageError("no"), Origin("a.yaml")).origin.source
    'a.yaml'
    """
    return error if error.origin.source else replace(error, origin=origin)


def while_doing(error: VisitError, doing: str) -> VisitError:
    """The error, saying what was being done if a server refused it and nothing said so yet.

    >>> while_doing(StatusError("no", 403), "creating").doing
    'creating'
    """
    if isinstance(error, StatusError) and not error.doing:
        return replace(error, doing=doing)
    return error


def about(error: VisitError, info: Info) -> VisitError:
    """The error, saying which resource it is about and where that was written, unless it says so already.

    >>> about(UsageError("no"), Info({"kind": "Pod"}, Origin("a.yaml"))).origin.source
    'a.yaml'
    """
    return located(replace(error, about=error.about or info), info.origin)


@dataclass(frozen=True, slots=True)
class Failures(Generic[T_co]):
    """What a failed visit leaves behind: every step in input order, of which one failed at least.

    >>> left = Failures((Success(1), Failure(UsageError("no")), Success(2)))
    >>> left.visited, [error.message for error in left.errors]
    ((1, 2), ['no'])
    """

    steps: tuple[Result[T_co, VisitError], ...] = ()

    def __str__(self) -> str:
        return "; ".join(map(str, self.errors))

    @property
    def errors(self) -> tuple[VisitError, ...]:
        """Why steps failed, in input order."""
        return tuple(step.failure() for step in self.steps if not isinstance(step, Success))

    @property
    def visited(self) -> tuple[T_co, ...]:
        """What the steps that succeeded left, in input order."""
        return tuple(step.unwrap() for step in self.steps if isinstance(step, Success))


def failures(*errors: VisitError) -> Failures[Any]:
    """Nothing but failed steps: why something could not begin.

    >>> failures(UsageError("a"), UsageError("b")).errors[1].message
    'b'
    """
    return Failures(tuple(map(Failure, errors)))
